//! The shapes of bodies, errors and counts that servers and gateways really send.

use std::time::Duration;

use rowsmith::api::{Delivery, GeneratorError, ProviderOptions, ReplyEnd, Timeouts};
use serde_json::{Value, json};

use super::asking::{DELIVERIES, ask, generator, options};
use super::dialects::Speaker;
use super::replies::{ROWS, chat, data, deltas, usage, whole};
use super::server::{Answer, JSON, Server};

#[test]
fn the_first_bytes_tell_what_a_body_is_whatever_its_header_and_the_request_say() {
    let frames = |ending: &str| {
        let deltas = deltas(&[json!({ "content": ROWS })], "stop", &usage(9, 8));
        String::from_utf8(deltas.concat()).unwrap().replace("\n\n", ending)
    };
    let lines = || frames("\n").replace("data: ", "").replace("[DONE]\n", "");
    let body = || String::from_utf8(whole(&json!({ "content": ROWS }), "stop", &usage(9, 8))).unwrap();
    let bodies = [
        frames("\n\n"),
        frames("\r\n\r\n"),
        frames("\n"),
        format!("\u{feff}\n : comment\n\n{}", frames("\n\n")),
        frames("\n\n").replace("data: ", "data:"),
        lines(),
        lines().replace("}\n{", "}{"),
        format!("[{}]", lines().trim().replace('\n', ",")),
        body(),
        format!("\u{feff}\n\n{}", body()),
        format!("data: {}\n\n", body()),
        format!("{}\n", body()),
        serde_json::to_string_pretty(&serde_json::from_str::<Value>(&body()).unwrap()).unwrap(),
    ];
    for body in bodies {
        for kind in ["application/json", "text/plain", "text/event-stream", "text/html", ""] {
            for delivery in DELIVERIES {
                let header =
                    if kind.is_empty() { String::new() } else { format!("content-type: {kind}\r\n") };
                let answer = Answer::whole(200, &header, body.as_bytes());
                let heard = chat(delivery, answer);
                assert_eq!(heard.rows, ["one", "two"], "{kind} {delivery:?} {body} {heard:?}");
                assert_eq!(
                    (heard.tokens, heard.end),
                    (Some((9, 8)), Some(ReplyEnd::Complete)),
                    "{kind} {body}"
                );
            }
        }
    }
}

#[test]
fn a_prompt_that_a_filter_blocks_is_flagged() {
    for body in [
        json!({ "choices": [], "prompt_filter_results": [{ "content_filter_results": { "violence": { "filtered": true, "severity": "high" } } }], "usage": usage(90, 0) }),
        json!({ "promptFeedback": { "blockReason": "violence" }, "usage": usage(90, 0) }),
    ] {
        for answer in
            [Answer::whole(200, JSON, body.to_string().as_bytes()), Answer::stream(vec![data(&body)])]
        {
            let heard = chat(Delivery::Streamed, answer);
            assert!(
                matches!(&heard.error, Some(GeneratorError::Flagged { words, .. }) if words.contains("violence")),
                "{heard:?}"
            );
            assert_eq!(heard.tokens, Some((90, 0)));
        }
    }
}

#[test]
fn an_error_is_heard_in_every_shape_and_keeps_what_came() {
    let start = || {
        data(&json!({ "choices": [{ "delta": { "content": r#"[{"text":"one"},"# } }], "usage": usage(9, 1) }))
    };
    for frame in [
        "data: {\"error\":{\"message\":\"Broken inside\",\"code\":502}}\n\n",
        "data: {\"error\":\"Broken inside\"}\n\n",
        "event: error\ndata: {\"message\":\"Broken inside\"}\n\n",
        "event: error\ndata: Broken inside\n\n",
        "error: {\"code\":500,\"message\":\"Broken inside\"}\n\n",
        "data: {\"object\":\"error\",\"message\":\"Broken inside\",\"code\":500}\n\n",
        "data: {\"detail\":\"Broken inside\"}\n\n",
        "data: [{\"error\":{\"message\":\"Broken inside\"}}]\n\n",
        "{\"error\":{\"message\":\"Broken inside\"}}\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\",\"error\":{\"code\":502,\"message\":\"Broken inside\"}}]}\n\n",
    ] {
        let heard = chat(Delivery::Streamed, Answer::stream(vec![start(), frame.as_bytes().to_vec()]));
        assert_eq!((&heard.rows[..], heard.tokens), (&["one".into()][..], Some((9, 1))), "{frame}");
        assert!(heard.sentence().contains("Broken inside"), "{frame} {heard:?}");
    }
    for body in [
        r#"{"error":{"message":"Broken inside"}}"#,
        r#"{"error":"Broken inside"}"#,
        r#"{"object":"error","message":"Broken inside","code":500}"#,
        r#"{"detail":"Broken inside"}"#,
        r#"[{"error":{"message":"Broken inside"}}]"#,
        r#"{"choices":[{"message":{"content":""},"finish_reason":"error","error":{"code":502,"message":"Broken inside"}}]}"#,
    ] {
        for delivery in DELIVERIES {
            let heard = chat(delivery, Answer::whole(200, JSON, body.as_bytes()));
            assert!(heard.sentence().contains("Broken inside"), "{body} {heard:?}");
        }
    }
}

#[test]
fn tokens_are_counted_wherever_they_stand_and_the_last_count_wins() {
    let content = |usage: Value| json!({ "choices": [{ "delta": { "content": ROWS } }], "usage": usage });
    let stop = |more: Value| {
        let mut frame = json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }] });
        frame.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        frame
    };
    let frames = [
        vec![content(usage(1, 1)), stop(json!({ "usage": usage(9, 8) }))],
        vec![content(Value::Null), stop(json!({ "x_groq": { "usage": usage(9, 8) } }))],
        vec![
            content(Value::Null),
            json!({ "choices": [{ "delta": {}, "finish_reason": "stop", "usage": usage(9, 8) }] }),
        ],
        vec![
            content(Value::Null),
            stop(json!({ "timings": { "prompt_n": 5, "cache_n": 4, "predicted_n": 8 } })),
        ],
        vec![content(usage(9, 8)), stop(json!({ "timings": { "prompt_n": 5, "predicted_n": 1 } }))],
        vec![
            content(usage(0, 0)),
            stop(json!({})),
            json!({ "choices": [], "usage": { "prompt_tokens": "9", "completion_tokens": "3", "total_tokens": 17 } }),
        ],
    ];
    for frames in frames {
        let heard = chat(Delivery::Streamed, Answer::stream(frames.iter().map(data).collect()));
        assert_eq!((heard.tokens, heard.rows.len()), (Some((9, 8)), 2), "{frames:?}");
    }
}

#[test]
fn what_happens_after_the_end_of_a_reply_loses_nothing() {
    let mut frames = deltas(&[json!({ "content": ROWS })], "stop", &usage(9, 8));
    frames.truncate(2);
    let patience = |delivery| ProviderOptions {
        timeouts: Some(Timeouts {
            connect: Duration::from_secs(20),
            first_byte: Duration::from_secs(20),
            idle: Duration::from_secs(20),
        }),
        ..options(delivery)
    };
    let body = whole(&json!({ "content": ROWS }), "stop", &usage(9, 8));
    let open = Answer::whole(200, JSON, &body);
    let top = String::from_utf8(open.pieces[0].clone()).unwrap();
    let top = top
        .replace(&format!("content-length: {}", body.len()), &format!("content-length: {}", body.len() + 9));
    let longer = Answer { pieces: vec![top.into_bytes(), body], ..open };
    for (delivery, answer) in [
        (Delivery::Streamed, Answer::stream(frames.clone()).then_silence()),
        (Delivery::Streamed, Answer::stream(frames.clone()).and(b"data: {\"choi".to_vec())),
        (Delivery::Streamed, Answer::stream(frames).chunked_without_end()),
        (Delivery::Whole, longer),
    ] {
        let server = Server::with(vec![answer]);
        let heard = ask(&generator(Speaker::Compatible, &server.url, patience(delivery)));
        assert_eq!((heard.rows.len(), heard.end), (2, Some(ReplyEnd::Complete)), "{heard:?}");
        assert!(heard.took < Duration::from_secs(10), "{:?}", heard.took);
    }
}

#[test]
fn a_reply_that_the_server_found_to_be_no_json_keeps_its_rows() {
    let text = "{\"rows\": [{\"text\": \"one\"}, {\"text\": \"We said \\'no\\'\"}";
    let error = json!({ "error": { "message": "Failed to generate JSON.", "code": "json_validate_failed", "failed_generation": text } });
    for answer in [
        Answer::whole(400, JSON, error.to_string().as_bytes()),
        Answer::whole(200, JSON, error.to_string().as_bytes()),
        Answer::stream(vec![data(&error)]),
        Answer::stream(vec![format!("event: error\ndata: {error}\n\n").into_bytes()]),
    ] {
        let heard = chat(Delivery::Streamed, answer);
        assert_eq!((&heard.rows[..], heard.scraps.len()), (&["one".into()][..], 1), "{heard:?}");
        assert!(heard.scraps[0].contains("We said") && heard.reply.is_some(), "{heard:?}");
        assert!(heard.sentence().contains("Failed to generate JSON"), "{heard:?}");
        assert_eq!(heard.sent_again, 0);
    }
}

#[test]
fn a_part_that_is_left_out_is_remarked_once_a_generator() {
    let no = Answer::whole(400, JSON, br#"{"error":{"message":"Unknown parameter: seed"}}"#);
    let yes = Answer::whole(200, JSON, &whole(&json!({ "content": ROWS }), "stop", &usage(9, 8)));
    let server = Server::with(vec![no, yes]);
    let generator = generator(Speaker::Compatible, &server.url, options(Delivery::Whole));

    let (first, second) = (ask(&generator), ask(&generator));

    assert_eq!((first.sent_again, first.remarks.len(), first.rows.len()), (1, 1, 2), "{first:?}");
    assert!(first.remarks[0].contains("does not take a seed"), "{first:?}");
    assert_eq!((second.sent_again, second.remarks.len(), second.rows.len()), (0, 0, 2), "{second:?}");
}

#[test]
fn an_empty_answer_shows_that_the_server_took_the_request() {
    let server = Server::with(vec![Answer::whole(200, JSON, b" ")]);
    let heard = ask(&generator(Speaker::Compatible, &server.url, options(Delivery::Streamed)));

    assert!(heard.accepted && heard.sentence().contains("its answer is empty"), "{heard:?}");
}
