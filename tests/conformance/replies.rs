//! Replies as servers, gateways and reasoning models really send them.

use rowsmith::api::{Delivery, GeneratorError, ReplyEnd};
use serde_json::{Value, json};

use super::asking::{DELIVERIES, Heard, ask, generator, options};
use super::dialects::{Ending, Speaker};
use super::server::{Answer, JSON, Server};

pub(crate) const ROWS: &str = r#"{"rows":[{"text":"one"},{"text":"two"}]}"#;
const DRAFT: &str = "First try: {\"rows\": [{\"text\": \"a draft\"}]} Too stiff. [Then\n- an idea";

fn heard(speaker: Speaker, delivery: Delivery, answer: Answer) -> Heard {
    let server = Server::with(vec![answer]);
    ask(&generator(speaker, &server.url, options(delivery)))
}

pub(crate) fn chat(delivery: Delivery, answer: Answer) -> Heard {
    heard(Speaker::Compatible, delivery, answer)
}

pub(crate) fn data(json: &Value) -> Vec<u8> {
    format!("data: {json}\n\n").into_bytes()
}

/// Returns frames of a chat: the deltas, a finish reason, a usage, and the last word.
pub(crate) fn deltas(deltas: &[Value], reason: &str, usage: &Value) -> Vec<Vec<u8>> {
    let frame = |delta: &Value, reason: Value| {
        data(
            &json!({ "model": "tiny-2", "choices": [{ "index": 0, "delta": delta, "finish_reason": reason }] }),
        )
    };
    let mut frames: Vec<Vec<u8>> = deltas.iter().map(|delta| frame(delta, Value::Null)).collect();
    frames.push(frame(&json!({}), reason.into()));
    frames.push(data(&json!({ "choices": [], "usage": usage })));
    frames.push(b"data: [DONE]\n\n".to_vec());
    frames
}

pub(crate) fn whole(message: &Value, reason: &str, usage: &Value) -> Vec<u8> {
    json!({ "model": "tiny-2", "choices": [{ "index": 0, "message": message, "finish_reason": reason }],
        "usage": usage })
    .to_string()
    .into_bytes()
}

pub(crate) fn usage(input: u64, output: u64) -> Value {
    json!({ "prompt_tokens": input, "completion_tokens": output })
}

/// Asks for a reply with this message, streamed field by field and whole.
fn both(message: &Value, reason: &str, usage: &Value) -> [Heard; 2] {
    let parts = |(name, value): (&String, &Value)| match value.as_str() {
        Some(text) => text.chars().map(|c| json!({ name: c.to_string() })).collect(),
        None => vec![json!({ name: value })],
    };
    let parts: Vec<Value> = message.as_object().unwrap().iter().flat_map(parts).collect();
    [
        chat(Delivery::Streamed, Answer::stream(deltas(&parts, reason, usage))),
        chat(Delivery::Whole, Answer::whole(200, JSON, &whole(message, reason, usage))),
    ]
}

#[test]
fn thinking_in_the_text_or_in_a_field_of_its_own_brings_no_rows_in_any_dialect() {
    let tagged = format!("<think>\n{DRAFT}\n</think>\n\n{ROWS}");
    for speaker in Speaker::ALL {
        for delivery in DELIVERIES {
            let pieces: Vec<String> = tagged.chars().map(String::from).collect();
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            let answer = match delivery {
                Delivery::Streamed => Answer::stream(speaker.frames(&pieces, Ending::Stop)),
                Delivery::Whole => {
                    Answer::whole(200, JSON, speaker.whole(&tagged, Ending::Stop).to_string().as_bytes())
                }
            };
            let heard = heard(speaker, delivery, answer);
            assert_eq!((&heard.rows[..], heard.scraps.len()), (&["one".into(), "two".into()][..], 0));
            assert_eq!(heard.reply.as_deref(), Some(tagged.as_str()), "{speaker:?} {delivery:?}");
        }
    }
    for field in ["reasoning_content", "reasoning", "thinking"] {
        for heard in both(&json!({ field: DRAFT, "content": ROWS }), "stop", &usage(9, 8)) {
            assert_eq!(
                (&heard.rows[..], heard.scraps.len()),
                (&["one".into(), "two".into()][..], 0),
                "{field}"
            );
            assert_eq!(heard.reply.as_deref(), Some(tagged.as_str()), "{field}");
            assert_eq!(heard.answered_by.as_deref(), Some("tiny-2"));
            assert!(heard.accepted);
        }
    }
}

#[test]
fn blocks_of_thinking_and_of_tools_are_read_in_messages() {
    let event = |json: Value| {
        let kind = json["type"].as_str().unwrap().to_owned();
        format!("event: {kind}\ndata: {json}\n\n").into_bytes()
    };
    let end = [
        event(
            json!({ "type": "message_delta", "delta": { "stop_reason": "tool_use" }, "usage": { "output_tokens": 7 } }),
        ),
        event(json!({ "type": "message_stop" })),
    ];
    let mut frames = vec![
        event(
            json!({ "type": "message_start", "message": { "model": "tiny-2", "usage": { "input_tokens": 11 } } }),
        ),
        event(
            json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "thinking", "thinking": "" } }),
        ),
        event(
            json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "thinking_delta", "thinking": DRAFT } }),
        ),
        event(
            json!({ "type": "content_block_start", "index": 1, "content_block": { "type": "tool_use", "name": "rows", "input": {} } }),
        ),
    ];
    frames.extend(ROWS.as_bytes().chunks(9).map(|part| {
        event(json!({ "type": "content_block_delta", "index": 1,
            "delta": { "type": "input_json_delta", "partial_json": str::from_utf8(part).unwrap() } }))
    }));
    frames.extend(end);
    let whole = json!({ "type": "message", "model": "tiny-2", "stop_reason": "tool_use", "usage": { "input_tokens": 11, "output_tokens": 7 },
        "content": [{ "type": "thinking", "thinking": DRAFT }, { "type": "tool_use", "input": serde_json::from_str::<Value>(ROWS).unwrap() }] });
    for (delivery, answer) in [
        (Delivery::Streamed, Answer::stream(frames)),
        (Delivery::Whole, Answer::whole(200, JSON, whole.to_string().as_bytes())),
    ] {
        let heard = heard(Speaker::Anthropic, delivery, answer);
        assert_eq!((&heard.rows[..], heard.tokens), (&["one".into(), "two".into()][..], Some((11, 7))));
        assert_eq!((heard.end, heard.answered_by.as_deref()), (Some(ReplyEnd::Complete), Some("tiny-2")));
    }
}

#[test]
fn an_answer_that_came_as_thinking_only_is_read_or_said() {
    for heard in both(&json!({ "content": null, "reasoning_content": ROWS }), "stop", &usage(9, 8)) {
        assert_eq!(
            (&heard.rows[..], heard.end),
            (&["one".into(), "two".into()][..], Some(ReplyEnd::Complete))
        );
    }
    for heard in both(&json!({ "content": "", "reasoning": DRAFT }), "stop", &usage(90, 80)) {
        assert!(heard.rows.is_empty() && heard.scraps.is_empty(), "{heard:?}");
        assert_eq!(heard.tokens, Some((90, 80)));
        assert!(
            heard
                .sentence()
                .starts_with("The reply holds thinking and no answer after it (openai counted 90")
        );
    }
    for heard in both(&json!({ "content": "", "reasoning": DRAFT }), "length", &usage(90, 400)) {
        assert_eq!(
            heard.sentence(),
            "All 400 tokens of the reply went into thinking: allow more with `reply_tokens`, or turn the model's \
             thinking off."
        );
        assert_eq!((heard.tokens, heard.rows.len()), (Some((90, 400)), 0));
        assert!(heard.reply.is_some_and(|reply| reply.starts_with("<think>\nFirst try")));
    }
    let hidden = json!({ "prompt_tokens": 90, "completion_tokens": 400,
        "completion_tokens_details": { "reasoning_tokens": 400 } });
    for heard in both(&json!({ "content": "" }), "length", &hidden) {
        assert!(heard.sentence().starts_with("All 400 tokens of the reply went into thinking"), "{heard:?}");
    }
    for heard in both(&json!({ "content": format!("<think>{DRAFT}") }), "stop", &usage(9, 8)) {
        assert!(heard.rows.is_empty() && heard.scraps.len() == 1, "{heard:?}");
        assert!(heard.scraps[0].contains("| The reply ended while the model was thinking"), "{heard:?}");
    }
}

#[test]
fn arguments_of_a_tool_are_the_reply_where_the_text_brings_no_row() {
    let part = |index: u64, arguments: &str| json!({ "content": null, "tool_calls": [{ "index": index, "function": { "arguments": arguments } }] });
    let (start, rest) = ROWS.split_at(20);
    let before = json!({ "content": "I write them now. " });
    for parts in [
        vec![part(0, ""), part(0, start), part(0, rest)],
        vec![before.clone(), part(0, start), part(0, rest)],
        vec![part(0, r#"[{"text":"one"}"#), part(1, r#"[{"text":"tw"#), part(1, r#"o"}]"#)],
        vec![
            json!({ "function_call": { "name": "rows", "arguments": start } }),
            json!({ "function_call": { "arguments": rest } }),
        ],
    ] {
        let heard = chat(Delivery::Streamed, Answer::stream(deltas(&parts, "tool_calls", &usage(9, 8))));
        assert_eq!(heard.rows, ["one", "two"], "{parts:?}");
    }
    let rows: Value = serde_json::from_str(ROWS).unwrap();
    for arguments in [json!(ROWS), rows] {
        let message =
            json!({ "content": null, "tool_calls": [{ "id": "t", "function": { "arguments": arguments } }] });
        let heard =
            chat(Delivery::Whole, Answer::whole(200, JSON, &whole(&message, "tool_calls", &usage(9, 8))));
        assert_eq!(
            (&heard.rows[..], heard.end),
            (&["one".into(), "two".into()][..], Some(ReplyEnd::Complete))
        );
    }
    let both =
        json!({ "content": r#"[{"text":"mine"}]"#, "tool_calls": [{ "function": { "arguments": ROWS } }] });
    let heard = chat(Delivery::Whole, Answer::whole(200, JSON, &whole(&both, "stop", &usage(9, 8))));
    assert_eq!(heard.rows, ["mine"]);
}

#[test]
fn an_end_that_is_known_is_said_and_its_tokens_are_counted() {
    for (reason, part) in [
        ("content_filter", "`content_filter`"),
        ("content_filter: PROHIBITED_CONTENT", "PROHIBITED_CONTENT"),
        ("SAFETY", "`SAFETY`"),
        ("RECITATION", "`RECITATION`"),
        ("refusal", "`refusal`"),
        ("OTHER", "`OTHER`"),
        ("MALFORMED_FUNCTION_CALL", "`MALFORMED_FUNCTION_CALL`"),
        ("length", "allow more with `reply_tokens`"),
        ("model_context_window_exceeded", "context was full"),
        ("insufficient_system_resource", "`insufficient_system_resource`"),
        ("abort", "`abort`"),
    ] {
        for heard in both(&json!({ "content": "" }), reason, &usage(90, 3)) {
            assert!(heard.sentence().contains(part), "{reason}: {}", heard.sentence());
            assert_eq!(heard.tokens, Some((90, 3)), "{reason}");
            let may_pass = matches!(reason, "insufficient_system_resource" | "abort");
            assert_eq!(heard.error.as_ref().is_some_and(GeneratorError::is_transient), may_pass, "{reason}");
        }
        for heard in both(&json!({ "content": r#"[{"text":"one"},{"te"# }), reason, &usage(90, 3)) {
            assert_eq!((&heard.rows[..], heard.tokens), (&["one".into()][..], Some((90, 3))), "{reason}");
            let word = part.trim_matches('`').rsplit('`').next().unwrap();
            let word = if reason == "length" { "max_tokens" } else { word };
            assert!(heard.scraps[0].contains(word), "{reason}: {:?}", heard.scraps);
        }
    }
    for heard in both(&json!({ "content": "" }), "stop", &usage(36_011, 0)) {
        assert!(heard.sentence().contains("openai counted 36,011 tokens in and 0 out"), "{heard:?}");
        assert!(heard.sentence().contains("longer than the context that the server loaded"), "{heard:?}");
    }
}

#[test]
fn blanks_without_end_stop_a_stream_and_are_kept_nowhere() {
    let starts = [r#"{"rows":[{"text":"one"},"#, r#"{"rows":[{"text":"one"},{"text":"two"#];
    for (start, blank) in
        starts.iter().flat_map(|start| [" ", "\n", "\\n", "\\t", "\\u0020"].map(|blank| (start, blank)))
    {
        let text = format!("{start}{}", blank.repeat(5_000));
        let parts: Vec<Value> = text
            .as_bytes()
            .chunks(50)
            .map(|part| json!({ "content": str::from_utf8(part).unwrap() }))
            .collect();
        // The server would go on: only a client that hangs up does not wait for it.
        let endless: Vec<Vec<u8>> =
            parts.iter().map(|delta| data(&json!({ "choices": [{ "delta": delta }] }))).collect();
        let stuck = chat(Delivery::Streamed, Answer::stream(endless).then_silence());
        let body = whole(&json!({ "content": text }), "length", &usage(9, 5_000));
        let paid = chat(Delivery::Whole, Answer::whole(200, JSON, &body));
        assert_eq!(paid.tokens, Some((9, 5_000)));
        for heard in [stuck, paid] {
            assert_eq!(heard.rows, ["one"], "{blank:?}");
            assert!(heard.sentence().contains("nothing but blanks"), "{blank:?} {heard:?}");
            assert_eq!(heard.reply.as_deref(), Some(*start), "{blank:?}");
            assert!(
                heard.scraps.iter().all(|scrap| scrap.contains("blanks") && scrap.len() < 250),
                "{heard:?}"
            );
            assert_eq!(heard.scraps.len(), usize::from(start.ends_with("two")), "{heard:?}");
        }
    }
    // Blanks that end leave a whole reply whole.
    let text = format!(r#"[{{"text":"one"}},{}{{"text":"two"}}]"#, " ".repeat(2_000));
    let heard = chat(
        Delivery::Whole,
        Answer::whole(200, JSON, &whole(&json!({ "content": text }), "stop", &usage(9, 8))),
    );
    assert_eq!((heard.rows.len(), heard.end), (2, Some(ReplyEnd::Complete)), "{heard:?}");
}
