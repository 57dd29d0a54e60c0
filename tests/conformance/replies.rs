//! Replies, good and bad: what becomes a row, what a scrap, and how it ends.

use rowsmith::generate::{Delivery, GeneratorError, ProviderOptions, ReplyEnd};

use super::asking::{ask, for_all, generator, options};
use super::dialects::{Ending, Speaker};
use super::server::{Answer, Server};

const JSON: &str = "content-type: application/json\r\n";

/// A reply of these pieces of text, in the form that was asked for.
fn reply(speaker: Speaker, delivery: Delivery, pieces: &[&str], ending: Ending) -> Answer {
    match delivery {
        Delivery::Streamed => Answer::stream(speaker.frames(pieces, ending)),
        Delivery::Whole => {
            Answer::whole(200, JSON, speaker.whole(&pieces.concat(), ending).to_string().as_bytes())
        }
    }
}

/// Asks everybody, who replies with a text that ends so, and checks rows, scraps and the end.
fn check(pieces: &[&str], ending: Ending, rows: &[&str], scraps: &[&str], end: ReplyEnd) {
    for_all(
        |speaker, delivery| reply(speaker, delivery, pieces, ending),
        options,
        |speaker, delivery, heard| {
            assert_eq!(heard.rows, rows, "{speaker:?} {delivery:?}");
            assert_eq!(heard.scraps.len(), scraps.len(), "{speaker:?} {delivery:?} {heard:?}");
            for (scrap, reason) in heard.scraps.iter().zip(scraps) {
                assert!(scrap.contains(reason), "{speaker:?} {delivery:?}: {scrap}");
            }
            assert_eq!(heard.end, Some(end), "{speaker:?} {delivery:?}");
            assert_eq!(heard.reply.as_deref(), Some(pieces.concat().as_str()), "{speaker:?} {delivery:?}");
            assert_eq!(heard.tokens, Some((11, 7)), "{speaker:?} {delivery:?}");
        },
    );
}

#[test]
fn a_good_reply_gives_its_rows() {
    let pieces = [r#"{"rows":[{"te"#, r#"xt":"one"},"#, r#"{"text":"two ☺"}]}"#];
    check(&pieces, Ending::Stop, &["one", "two ☺"], &[], ReplyEnd::Complete);
}

#[test]
fn invalid_json_keeps_the_rows_around_it() {
    let pieces = [r#"{"rows":[{"text":"one"},{"text":"tw" "o"},"#, r#"{"text":"three"}]}"#];
    check(&pieces, Ending::Stop, &["one", "three"], &["not valid JSON"], ReplyEnd::Complete);
}

#[test]
fn json_of_the_wrong_schema_makes_scraps() {
    let pieces = [r#"{"rows":[{"tex":"a"},{"text":7},{"text":"ok"},{"text":"b","more":1}]}"#];
    let scraps =
        ["The field `text` is missing.", "The field `text` must be text", "declares no field `more`"];
    check(&pieces, Ending::Stop, &["ok"], &scraps, ReplyEnd::Complete);
}

#[test]
fn a_refusal_in_words_is_a_scrap() {
    let pieces = ["I'm sorry, but I can't help with that."];
    check(&pieces, Ending::Stop, &[], &["neither JSON nor a list"], ReplyEnd::Complete);
}

#[test]
fn a_refusal_in_a_field_of_its_own_is_a_scrap_too() {
    use serde_json::json;
    let no = "I must not.";
    let chat =
        |name: &str| json!({ "choices": [{ "index": 0, "finish_reason": "stop", name: { "refusal": no } }] });
    let response = json!({ "id": "r", "model": "tiny", "status": "completed",
        "output": [{ "type": "message", "content": [{ "type": "refusal", "refusal": no }] }] });
    for (speaker, whole, frames) in [
        (Speaker::Compatible, chat("message"), vec![chat("delta")]),
        (
            Speaker::OpenaiResponses,
            response.clone(),
            vec![
                json!({ "type": "response.refusal.delta", "delta": no }),
                json!({ "type": "response.completed", "response": response }),
            ],
        ),
    ] {
        let frames = frames.iter().map(|frame| format!("data: {frame}\n\n").into_bytes()).collect();
        let answers = [
            (Delivery::Whole, Answer::whole(200, JSON, whole.to_string().as_bytes())),
            (Delivery::Streamed, Answer::stream(frames)),
        ];
        for (delivery, answer) in answers {
            let server = Server::with(vec![answer]);
            let heard = ask(&generator(speaker, &server.url, options(delivery)));
            assert_eq!(heard.scraps, ["I must not. | The model refused to write rows."], "{heard:?}");
            assert_eq!(heard.reply.as_deref(), Some(no));
            assert_eq!(heard.end, Some(ReplyEnd::Complete));
        }
    }
}

#[test]
fn a_content_filter_ends_a_reply_and_is_no_error() {
    check(&[r#"[{"text":"one"},"#], Ending::Filtered, &["one"], &[], ReplyEnd::Filtered);
}

#[test]
fn a_prompt_that_gemini_blocks_is_filtered() {
    let body = r#"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":11}}"#;
    for delivery in super::asking::DELIVERIES {
        let answer = match delivery {
            Delivery::Whole => Answer::whole(200, JSON, body.as_bytes()),
            Delivery::Streamed => Answer::stream(vec![format!("data: {body}\n\n").into_bytes()]),
        };
        let server = Server::with(vec![answer]);
        let heard = ask(&generator(Speaker::Gemini, &server.url, options(delivery)));
        assert_eq!(heard.end, Some(ReplyEnd::Filtered), "{delivery:?} {heard:?}");
    }
}

#[test]
fn a_reply_cut_off_at_the_most_tokens_makes_one_scrap() {
    let pieces = [r#"{"rows":[{"text":"one"},{"te"#];
    check(&pieces, Ending::CutOff, &["one"], &["ended in the middle of this piece"], ReplyEnd::CutOff);
}

#[test]
fn escapes_in_a_text_are_kept_as_they_are_for_safe_text_to_show() {
    let pieces = [r#"[{"text":"\u001b[31mred\u001b[0m\u0007"}]"#];
    check(&pieces, Ending::Stop, &["\u{1b}[31mred\u{1b}[0m\u{7}"], &[], ReplyEnd::Complete);
}

#[test]
fn a_split_at_every_byte_changes_nothing() {
    let pieces = [r#"{"rows":[{"te"#, r#"xt":"one"},"#, r#"{"text":"two ☺"}]}"#];
    for_all(
        |speaker, delivery| {
            let mut answer = reply(speaker, delivery, &pieces, Ending::Stop);
            answer.pieces = answer.pieces.concat().into_iter().map(|byte| vec![byte]).collect();
            answer
        },
        options,
        |_, _, heard| {
            assert_eq!(heard.rows, ["one", "two ☺"]);
            assert_eq!(heard.end, Some(ReplyEnd::Complete));
            assert_eq!(heard.tokens, Some((11, 7)));
        },
    );
}

#[test]
fn a_stream_without_its_end_is_broken_and_keeps_its_rows() {
    for_all(
        |speaker, delivery| {
            let pieces = [r#"[{"text":"one"},{"te"#];
            let mut answer = reply(speaker, delivery, &pieces, Ending::None);
            if delivery == Delivery::Whole {
                let body = &mut answer.pieces[1];
                body.truncate(body.len() - 20);
            }
            answer
        },
        options,
        |_, delivery, heard| {
            assert!(heard.sentence().contains("broke before the reply was complete"), "{heard:?}");
            assert!(heard.error.as_ref().is_some_and(GeneratorError::is_transient));
            if delivery == Delivery::Streamed {
                assert_eq!(heard.rows, ["one"]);
                assert_eq!(heard.scraps.len(), 1);
                assert_eq!(heard.reply.as_deref(), Some(r#"[{"text":"one"},{"te"#));
            }
        },
    );
}

#[test]
fn frames_that_are_no_json_break_a_stream_and_keep_its_rows() {
    for_all(
        |speaker, delivery| match delivery {
            Delivery::Whole => Answer::whole(200, JSON, b"{oops"),
            Delivery::Streamed => {
                let mut frames = speaker.frames(&[r#"[{"text":"one"},"#, "]"], Ending::Stop);
                let at = if speaker == Speaker::Anthropic { 3 } else { 1 };
                frames.insert(at, b"event: content_block_delta\ndata: {oops\n\n".to_vec());
                Answer::stream(frames)
            }
        },
        options,
        |_, delivery, heard| {
            assert!(heard.sentence().contains("broke before the reply was complete"), "{heard:?}");
            if delivery == Delivery::Streamed {
                assert_eq!(heard.rows, ["one"]);
            }
        },
    );
}

#[test]
fn bytes_that_are_no_text_break_a_stream_and_keep_its_rows() {
    for_all(
        |speaker, delivery| {
            let mut answer =
                reply(speaker, delivery, &[r#"[{"text":"one"},"#, r#"{"text":"?"}]"#], Ending::Stop);
            let mut bytes = answer.pieces.concat();
            let at = bytes.iter().position(|byte| *byte == b'?').unwrap();
            bytes[at] = 0xff;
            // In one piece: what stood before the bad byte came with it.
            answer.pieces = vec![bytes];
            answer
        },
        options,
        |speaker, delivery, heard| {
            if delivery == Delivery::Streamed {
                assert_eq!(heard.rows, ["one"], "{speaker:?} {heard:?}");
            }
            // genai reads a whole reply with the bad byte replaced, which makes a scrap of its row.
            if delivery == Delivery::Streamed || speaker.completes() {
                assert!(heard.sentence().contains("broke before the reply was complete"), "{heard:?}");
                assert!(heard.sentence().contains("UTF-8"), "{heard:?}");
            } else {
                assert_eq!(heard.rows, ["one"], "{speaker:?}");
                assert!(heard.scraps[0].contains("no UTF-8"), "{speaker:?} {heard:?}");
            }
        },
    );
}

#[test]
fn a_reply_of_ten_megabytes_is_cut_at_the_bound_and_keeps_its_rows() {
    let long = "x".repeat(10 << 10);
    let mut pieces = vec![r#"[{"text":"one"},{"text":""#];
    pieces.extend(std::iter::repeat_n(long.as_str(), 1024));
    pieces.push(r#""}]"#);
    assert!(pieces.concat().len() >= 10 << 20);
    for_all(
        |speaker, delivery| reply(speaker, delivery, &pieces, Ending::Stop),
        |delivery| ProviderOptions { most_bytes: 1 << 20, ..options(delivery) },
        |speaker, delivery, heard| {
            assert!(matches!(heard.error, Some(GeneratorError::TooLong { .. })), "{speaker:?} {delivery:?}");
            assert!(
                heard
                    .sentence()
                    .ends_with("is longer than 1 MB and was cut there; set `max_tokens` to bound it.")
            );
            if delivery == Delivery::Streamed || !speaker.completes() {
                assert_eq!(heard.rows, ["one"]);
                assert_eq!(heard.scraps.len(), 1);
            }
        },
    );
}

#[test]
fn ten_megabytes_are_read_where_nothing_is_said() {
    let long = "x".repeat(10 << 20);
    let text = format!(r#"[{{"text":"one"}},{{"text":"{long}"}}]"#);
    let server = Server::with(vec![reply(Speaker::Compatible, Delivery::Streamed, &[&text], Ending::Stop)]);

    let heard = ask(&generator(Speaker::Compatible, &server.url, options(Delivery::Streamed)));

    assert_eq!(heard.rows.len(), 2);
    assert_eq!(heard.end, Some(ReplyEnd::Complete));
}
