//! A server that keeps its connection busy and says nothing: what is no content ends no silence.

use std::time::Duration;

use rowsmith::api::{Delivery, ProviderOptions, ReplyEnd, Timeouts};
use serde_json::json;

use super::asking::{Heard, ask, generator, options};
use super::dialects::{Ending, Speaker};
use super::replies::data;
use super::server::{Answer, JSON, Server};

const ROWS: &str = r#"[{"text":"one"},{"text":"two"}]"#;
/// The time between two pieces of an answer; the timeouts are many times as long.
const PACE: Duration = Duration::from_millis(20);
/// How often a piece comes again: for a minute, which no test waits for.
const ENDLESS: usize = 3_000;

/// Short timeouts; the queue is four times the first byte's.
fn patience(delivery: Delivery) -> ProviderOptions {
    let millis = Duration::from_millis;
    let timeouts = Some(Timeouts { connect: millis(20_000), first_byte: millis(300), idle: millis(400) });
    ProviderOptions { timeouts, ..options(delivery) }
}

#[track_caller]
fn heard(speaker: Speaker, delivery: Delivery, answer: Answer) -> Heard {
    let server = Server::with(vec![Answer { pace: PACE, ..answer }]);
    let heard = ask(&generator(speaker, &server.url, patience(delivery)));
    assert!(heard.took < Duration::from_secs(15), "{:?}: {heard:?}", heard.took);
    heard
}

/// What servers send while they have nothing to say.
fn noises(speaker: Speaker) -> Vec<Vec<u8>> {
    let delta = |delta: serde_json::Value| {
        data(&json!({ "model": "tiny", "choices": [{ "index": 0, "delta": delta }] }))
    };
    let mut noises: Vec<Vec<u8>> = [
        ": keep-alive\n\n",
        ":\n\n",
        "\n",
        "\r\n\r\n",
        "data: {}\n\n",
        "data:\n\n",
        "event: ping\n\n",
        "retry: 3\n\n",
        "id: 7\n\n",
        "data: null\n\n",
    ]
    .map(|noise| noise.as_bytes().to_vec())
    .to_vec();
    if speaker == Speaker::Anthropic {
        noises.push(b"event: ping\ndata: {\"type\": \"ping\"}\n\n".to_vec());
        noises.push(b"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\"}}\n\n".to_vec());
        noises.push(b"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" \"}}\n\n".to_vec());
    } else {
        noises.push(delta(json!({ "role": "assistant" })));
        noises.push(delta(json!({ "role": "assistant", "content": "" })));
        noises.push(delta(json!({ "content": null, "tool_calls": [] })));
        noises.push(delta(json!({ "content": "\n" })));
        noises.push(delta(json!({})));
        noises.push(data(&json!({ "choices": [], "usage": { "prompt_tokens": 11 } })));
    }
    noises
}

/// Checks each kind of noise of both dialects, all at once, because each takes its time.
fn for_noises(check: impl Fn(Speaker, Vec<u8>) + Sync) {
    std::thread::scope(|scope| {
        for speaker in [Speaker::Compatible, Speaker::Anthropic] {
            for noise in noises(speaker) {
                let check = &check;
                scope.spawn(move || check(speaker, noise));
            }
        }
    });
}

#[test]
fn noise_before_the_first_content_keeps_a_stream_alive_for_a_bounded_time_only() {
    for_noises(|speaker, noise| {
        let said = String::from_utf8_lossy(&noise).into_owned();
        let heard = heard(speaker, Delivery::Streamed, Answer::stream(vec![noise; ENDLESS]));
        let sentence = heard.sentence();
        let waited = sentence.contains("kept the request waiting and wrote nothing");
        // Blanks are kept as text, and end a wait of their own.
        assert!(waited || sentence.contains("blanks"), "{said:?}: {sentence}");
        assert!(heard.rows.is_empty(), "{said:?}: {heard:?}");
    });
}

#[test]
fn noise_after_some_content_is_silence_and_the_rows_before_it_are_kept() {
    for_noises(|speaker, noise| {
        let said = String::from_utf8_lossy(&noise).into_owned();
        let frames = speaker.frames(&[r#"[{"text":"one"},"#, r#"{"te"#], Ending::None);
        let pieces = [frames, vec![noise; ENDLESS]].concat();
        let heard = heard(speaker, Delivery::Streamed, Answer::stream(pieces));
        assert_eq!(heard.rows, ["one"], "{said:?}: {heard:?}");
        assert!(heard.error.is_some() && heard.took < Duration::from_secs(5), "{said:?}: {heard:?}");
    });
}

#[test]
fn a_request_may_wait_in_a_queue_for_longer_than_for_its_first_byte() {
    for speaker in [Speaker::Compatible, Speaker::Anthropic] {
        let queued = vec![b": waiting for a free place\n\n".to_vec(); 30];
        let pieces = [queued, speaker.frames(&[ROWS], Ending::Stop)].concat();
        let heard = heard(speaker, Delivery::Streamed, Answer::stream(pieces));
        assert_eq!((heard.rows.len(), heard.end), (2, Some(ReplyEnd::Complete)), "{heard:?}");
        assert!(heard.took > Duration::from_millis(600), "{:?}", heard.took);
    }
}

#[test]
fn text_thinking_and_arguments_of_tools_keep_a_slow_reply_alive() {
    let delta = |delta: serde_json::Value| data(&json!({ "choices": [{ "index": 0, "delta": delta }] }));
    let call = |arguments: &str| {
        delta(json!({ "tool_calls": [{ "index": 0, "function": { "arguments": arguments } }] }))
    };
    let letters: Vec<String> = ROWS.chars().map(String::from).collect();
    let end = [
        data(&json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] })),
        b"data: [DONE]\n\n".to_vec(),
    ];
    let thinking = vec![delta(json!({ "reasoning_content": "hm" })); 40];
    let text: Vec<_> = letters.iter().map(|letter| delta(json!({ "content": letter }))).collect();
    let calls: Vec<_> = letters.iter().map(|letter| call(letter)).collect();
    for pieces in [[thinking, text].concat(), calls] {
        let pieces = [pieces, end.to_vec()].concat();
        let heard = heard(Speaker::Compatible, Delivery::Streamed, Answer::stream(pieces));
        assert!(heard.rows.len() == 2 && heard.error.is_none(), "{heard:?}");
        assert!(heard.took > Duration::from_millis(500), "{:?}", heard.took);
    }
}

#[test]
fn a_whole_body_that_trickles_ends() {
    let body = json!({ "choices": [{ "index": 0, "finish_reason": "stop", "message": { "content": "x".repeat(20_000) } }] });
    let error = json!({ "error": { "message": "y".repeat(20_000) } });
    for (status, start, then) in [
        (200, body.to_string(), "x"),
        (200, String::new(), "\n"),
        (200, String::new(), " "),
        (200, "{\"choices\":".to_owned(), " "),
        (500, error.to_string(), "y"),
        (429, String::new(), "\n"),
        (200, "<html>".to_owned(), "z"),
    ] {
        let start: String = start.chars().take(60).collect();
        let mut answer = Answer::whole(status, JSON, &vec![b'x'; 1 << 20]);
        answer.pieces.truncate(1);
        answer.pieces.push(start.clone().into_bytes());
        answer.pieces.extend(vec![then.as_bytes().to_vec(); ENDLESS]);
        for (speaker, delivery) in [
            (Speaker::Compatible, Delivery::Whole),
            (Speaker::Anthropic, Delivery::Whole),
            (Speaker::Compatible, Delivery::Streamed),
        ] {
            let heard = heard(speaker, delivery, answer.clone());
            assert!(heard.error.is_some(), "{status} {start:?} {then:?}: {heard:?}");
        }
    }
}

#[test]
fn a_whole_body_that_comes_slowly_but_steadily_is_read() {
    let text = format!("[{{\"text\":\"{}\"}}]", "long ".repeat(8_000));
    let body = Speaker::Compatible.whole(&text, Ending::Stop).to_string();
    let mut answer = Answer::whole(200, JSON, body.as_bytes());
    let whole = answer.pieces.pop().unwrap();
    answer.pieces.extend(whole.chunks(1_000).map(<[u8]>::to_vec));
    let heard = heard(Speaker::Compatible, Delivery::Whole, answer);
    assert!(heard.error.is_none() && heard.took > Duration::from_millis(500), "{heard:?}");
}

#[test]
fn headers_that_trickle_and_headers_without_end_are_no_answer() {
    let start = b"HTTP/1.1 200 OK\r\nx-more: ".to_vec();
    let endless = [vec![start.clone()], vec![b"y".to_vec(); ENDLESS]].concat();
    let large = vec![start, vec![b'y'; 4 << 20], b"\r\n\r\n{}".to_vec()];
    for pieces in [endless, large] {
        let heard = heard(Speaker::Compatible, Delivery::Streamed, Answer { pieces, ..Answer::default() });
        assert!(heard.error.is_some(), "{heard:?}");
    }
}

#[test]
fn comments_after_the_end_of_a_reply_hold_nobody_up() {
    let mut frames = Speaker::Compatible.frames(&[ROWS], Ending::Stop);
    frames.retain(|frame| !frame.starts_with(b"data: [DONE]"));
    let pieces = [frames, vec![b": more\n\n".to_vec(); ENDLESS]].concat();
    let heard = heard(Speaker::Compatible, Delivery::Streamed, Answer::stream(pieces));
    assert_eq!((heard.rows.len(), heard.end), (2, Some(ReplyEnd::Complete)), "{heard:?}");
}

#[test]
fn a_list_of_models_that_trickles_ends() {
    let mut answer = Answer::whole(200, JSON, &vec![b'x'; 1 << 20]);
    answer.pieces.truncate(1);
    answer.pieces.push(b"{\"data\":[".to_vec());
    answer.pieces.extend(vec![b" ".to_vec(); ENDLESS]);
    let server = Server::with(vec![Answer { pace: PACE, ..answer }]);
    let generator = generator(Speaker::Compatible, &server.url, patience(Delivery::Whole));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let began = std::time::Instant::now();
    assert!(runtime.block_on(generator.models()).is_err());
    assert!(began.elapsed() < Duration::from_secs(15));
}
