//! Anthropic's Messages API.
//!
//! `output_config.format` makes replies follow the schema and needs no beta header any more. It accepts a
//! subset of JSON Schema, which our schema keeps to: objects are closed, and there are no lengths or
//! bounds. The API has no seed.

use reqwest::header::{HeaderMap, HeaderValue, InvalidHeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Ask, Counted, Dialect, Piece, read};
use crate::domain::{Parameter, Role};
use crate::generate::ReplyEnd;
use crate::generate::provider::key::Key;

/// The API version.
const VERSION: HeaderValue = HeaderValue::from_static("2023-06-01");
/// The token limit of a reply if the settings have none; the API requires one. Every model that Anthropic
/// serves can write this many, and unused tokens cost nothing.
const MOST_TOKENS: u32 = 32_000;
/// The token limit for servers that refuse [`MOST_TOKENS`].
const FEWER_TOKENS: u32 = 4_096;

/// The dialect of Anthropic's Messages API.
#[derive(Debug)]
pub(in crate::generate::provider) struct Messages;

impl Dialect for Messages {
    fn path(&self) -> &'static str {
        "messages"
    }

    fn headers(&self, key: Option<&Key>) -> Result<HeaderMap, InvalidHeaderValue> {
        let mut headers = HeaderMap::new();
        headers.insert("anthropic-version", VERSION);
        if let Some(key) = key {
            headers.insert("x-api-key", key.header("")?);
        }
        Ok(headers)
    }

    fn body(&self, ask: &Ask<'_>) -> serde_json::Result<String> {
        let of = |role: Role| ask.request.messages.iter().filter(move |message| message.role == role);
        let usual = if ask.parts.usual_limit() { MOST_TOKENS } else { FEWER_TOKENS };
        let system: Vec<&str> = of(Role::System).map(|message| message.text.as_str()).collect();
        let format = Format { r#type: "json_schema", schema: &ask.request.schema };
        let body = Body {
            model: ask.model,
            max_tokens: ask.max_tokens.unwrap_or(usual),
            system: (!system.is_empty()).then(|| system.join("\n\n")),
            messages: of(Role::User)
                .map(|message| Message { role: "user", content: &message.text })
                .collect(),
            temperature: ask.parts.has(Parameter::Temperature).then_some(ask.request.temperature),
            stream: ask.parts.has(Parameter::Stream).then_some(ask.streamed),
            output_config: ask.parts.has(Parameter::ResponseFormat).then_some(OutputConfig { format }),
        };
        serde_json::to_string(&body)
    }

    fn read_reply(&self, body: &str) -> Result<Piece, String> {
        let answer: Answer = read(body)?;
        let is_reply = answer.content.is_some();
        let blocks = answer.content.into_iter().flatten();
        Ok(Piece {
            is_reply,
            text: blocks.filter_map(|block| block.text).collect(),
            end: answer.stop_reason.as_deref().map(end),
            counted: answer.usage.map(Usage::counted).unwrap_or_default(),
            failure: answer.error,
            ..Piece::default()
        })
    }

    fn read_event(&self, data: &str) -> Result<Piece, String> {
        let event: Event = read(data)?;
        let mut piece = Piece { is_reply: true, ..Piece::default() };
        match event.r#type.as_deref() {
            Some("message_start") => {
                let usage = event.message.and_then(|message| message.usage);
                piece.counted = usage.map(Usage::counted).unwrap_or_default();
            }
            Some("content_block_start") => {
                piece.text = event.content_block.and_then(|block| block.text).unwrap_or_default();
            }
            Some("content_block_delta") => {
                piece.text = event.delta.and_then(|delta| delta.text).unwrap_or_default();
            }
            Some("message_delta") => {
                piece.end = event.delta.and_then(|delta| delta.stop_reason).as_deref().map(end);
                piece.counted = event.usage.map(Usage::counted).unwrap_or_default();
            }
            Some("message_stop") => piece.is_last = true,
            // Pings, ends of blocks and unknown events; an error is recognised by its field, whatever the
            // type.
            _ => piece = Piece { failure: event.error, ..Piece::default() },
        }
        Ok(piece)
    }

    fn requires_limit(&self) -> bool {
        true
    }
}

/// Returns how a reply ended, from Anthropic's stop reason.
fn end(reason: &str) -> ReplyEnd {
    match reason {
        "max_tokens" | "model_context_window_exceeded" => ReplyEnd::CutOff,
        "refusal" => ReplyEnd::Filtered,
        _ => ReplyEnd::Complete,
    }
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    messages: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_config: Option<OutputConfig<'a>>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct OutputConfig<'a> {
    format: Format<'a>,
}

#[derive(Serialize)]
struct Format<'a> {
    r#type: &'static str,
    schema: &'a Value,
}

/// A whole answer.
#[derive(Deserialize)]
struct Answer {
    content: Option<Vec<Block>>,
    stop_reason: Option<String>,
    usage: Option<Usage>,
    error: Option<Value>,
}

/// An event of a stream; its type tells which fields it has.
#[derive(Deserialize)]
struct Event {
    r#type: Option<String>,
    message: Option<Begun>,
    content_block: Option<Block>,
    delta: Option<Delta>,
    usage: Option<Usage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Begun {
    usage: Option<Usage>,
}

/// A block of a reply. Blocks of another kind, such as thinking, have their text in another field.
#[derive(Deserialize)]
struct Block {
    text: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    text: Option<String>,
    stop_reason: Option<String>,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are Anthropic's")]
struct Usage {
    input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

impl Usage {
    /// Returns the counts; tokens read from or written to the cache are part of the input.
    fn counted(self) -> Counted {
        let cached =
            self.cache_creation_input_tokens.unwrap_or(0) + self.cache_read_input_tokens.unwrap_or(0);
        Counted {
            input: self.input_tokens.map(|input| input.saturating_add(cached)),
            output: self.output_tokens,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(json: &Value) -> Piece {
        Messages.read_event(&json.to_string()).unwrap()
    }

    #[test]
    fn a_whole_answer_gives_its_texts_its_end_and_all_its_tokens() {
        let body = json!({ "type": "message", "stop_reason": "max_tokens",
            "content": [{ "type": "thinking", "thinking": "hm" }, { "type": "text", "text": "a" }, { "type": "text", "text": "b" }],
            "usage": { "input_tokens": 3, "cache_read_input_tokens": 8, "cache_creation_input_tokens": null, "output_tokens": 4 } });

        let piece = Messages.read_reply(&body.to_string()).unwrap();

        assert_eq!((piece.text.as_str(), piece.end), ("ab", Some(ReplyEnd::CutOff)));
        assert_eq!(piece.counted, Counted { input: Some(11), output: Some(4) });
        assert!(piece.is_reply && !Messages.read_reply("{}").unwrap().is_reply);
    }

    #[test]
    fn events_are_read_by_their_type() {
        let begun =
            event(&json!({ "type": "message_start", "message": { "usage": { "input_tokens": 11 } } }));
        assert_eq!(begun.counted, Counted { input: Some(11), output: None });
        let delta =
            |delta: Value| event(&json!({ "type": "content_block_delta", "index": 0, "delta": delta }));
        assert_eq!(delta(json!({ "type": "text_delta", "text": "a" })).text, "a");
        assert_eq!(delta(json!({ "type": "thinking_delta", "thinking": "hm" })).text, "");
        let told = event(
            &json!({ "type": "message_delta", "delta": { "stop_reason": "refusal" }, "usage": { "output_tokens": 7 } }),
        );
        assert_eq!((told.end, told.counted.output), (Some(ReplyEnd::Filtered), Some(7)));
        assert!(event(&json!({ "type": "message_stop" })).is_last);
        assert_eq!(event(&json!({ "type": "ping" })), Piece::default());
        assert_eq!(event(&json!({ "hello": "world" })), Piece::default());
        let failed = event(&json!({ "type": "error", "error": { "type": "overloaded_error" } }));
        assert_eq!(failed.failure, Some(json!({ "type": "overloaded_error" })));
        assert!(Messages.read_event("{oops").unwrap_err().starts_with("a piece is no JSON of a reply"));
    }

    #[test]
    fn the_schema_that_is_sent_keeps_to_what_anthropic_takes() {
        use crate::domain::{FieldKind, FieldSpec, Schema};
        use crate::generate::schema::reply_schema;
        const TAKEN: [&str; 7] =
            ["type", "description", "enum", "items", "properties", "required", "additionalProperties"];
        let field = |(at, kind): (usize, FieldKind)| FieldSpec { name: format!("f{at}"), kind };
        let kinds = [
            FieldKind::Text { min_chars: Some(1), max_chars: Some(9) },
            FieldKind::Integer,
            FieldKind::Number,
            FieldKind::Boolean,
            FieldKind::OneOf(vec!["a".into()]),
        ];
        let schema = reply_schema(&Schema(kinds.into_iter().enumerate().map(field).collect()), &[]);

        let mut left = vec![&schema];
        while let Some(object) = left.pop().and_then(Value::as_object) {
            assert!(object.keys().all(|key| TAKEN.contains(&key.as_str())), "{object:?}");
            assert!(object["type"] != "object" || object["additionalProperties"] == false, "{object:?}");
            left.extend(object.get("items"));
            left.extend(
                object.get("properties").and_then(Value::as_object).into_iter().flat_map(|it| it.values()),
            );
        }
    }
}
