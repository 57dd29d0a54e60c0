//! Anthropic's Messages API.
//!
//! `output_config.format` makes replies follow the schema and needs no beta header any more. It accepts a
//! subset of JSON Schema, which our schema keeps to: objects are closed, and there are no lengths or
//! bounds. The API has no seed.

use reqwest::header::{HeaderMap, HeaderValue, InvalidHeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::said_parts::SaidParts;
use super::{Ask, Dialect, Piece, failure_in, read, usage};
use crate::domain::{Parameter, Role};
use crate::generate::provider::finish::Finish;
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

    fn read_piece<'a>(&self, json: &'a str) -> Result<Piece<'a>, String> {
        let event: Event<'a> = read(json)?;
        let usage = |usage: Option<&Value>| usage.map(usage::counted).unwrap_or_default();
        let index = event.index.unwrap_or_default();
        let mut piece = Piece { is_reply: true, ..Piece::default() };
        match event.r#type.as_deref() {
            Some("message_start") => {
                let begun = event.message.unwrap_or_default();
                piece.counted = usage(begun.usage.as_ref());
                piece.model = begun.model.map(Into::into);
            }
            Some("content_block_start") => {
                event.content_block.unwrap_or_default().fill(index, &mut piece);
            }
            Some("content_block_delta") => event.delta.unwrap_or_default().fill(index, &mut piece),
            Some("message_delta") => {
                let delta = event.delta.unwrap_or_default();
                let details = delta.stop_details.or(event.stop_details);
                piece.end = delta.stop_reason.map(|reason| end(&reason, details.as_ref()));
                piece.counted = usage(event.usage.as_ref());
            }
            Some("message_stop") => piece.is_last = true,
            _ if event.content.is_some() => {
                piece.is_whole = true;
                piece.model = event.model.map(Into::into);
                for (at, block) in (0..).zip(blocks(event.content)) {
                    block.fill(at, &mut piece);
                }
                piece.end = event.stop_reason.map(|reason| end(&reason, event.stop_details.as_ref()));
                piece.counted = usage(event.usage.as_ref());
                piece.failure = event.error;
            }
            Some("ping" | "content_block_stop") => piece = Piece::default(),
            // An error is recognised by its field, whatever the type.
            _ => piece = Piece { failure: failure_in(json), ..Piece::default() },
        }
        Ok(piece)
    }

    fn requires_limit(&self) -> bool {
        true
    }
}

/// Returns how a reply ended, from Anthropic's stop reason and what it says of a refusal.
fn end(reason: &str, details: Option<&Value>) -> Finish {
    let said = |name| details?.get(name)?.as_str();
    Finish::of(reason, said("explanation").or_else(|| said("category")))
}

/// Returns the blocks of a reply, which some gateways send as bare text.
fn blocks(content: Option<Value>) -> Vec<Block<'static>> {
    match content {
        Some(Value::Array(blocks)) => {
            blocks.into_iter().filter_map(|block| Block::deserialize(block).ok()).collect()
        }
        Some(Value::String(text)) => {
            vec![Block { text: Some(SaidParts::from_text(text)), ..Block::default() }]
        }
        _ => vec![],
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

/// An event of a stream, whose type tells which fields it has, or a whole answer.
#[derive(Deserialize)]
struct Event<'a> {
    r#type: Option<String>,
    index: Option<u64>,
    message: Option<Begun>,
    #[serde(borrow)]
    content_block: Option<Block<'a>>,
    #[serde(borrow)]
    delta: Option<Block<'a>>,
    usage: Option<Value>,
    model: Option<String>,
    content: Option<Value>,
    stop_reason: Option<String>,
    stop_details: Option<Value>,
    error: Option<Value>,
}

#[derive(Deserialize, Default)]
struct Begun {
    usage: Option<Value>,
    model: Option<String>,
}

/// A block of a reply, or what is added to one. Thinking and the input of tools have fields of their own.
#[derive(Deserialize, Default)]
struct Block<'a> {
    #[serde(borrow)]
    text: Option<SaidParts<'a>>,
    #[serde(borrow)]
    thinking: Option<SaidParts<'a>>,
    input: Option<Value>,
    partial_json: Option<String>,
    stop_reason: Option<String>,
    stop_details: Option<Value>,
}

impl<'a> Block<'a> {
    /// Adds this block to a piece; a tool's input that comes in parts begins as an empty object.
    fn fill(self, index: u64, piece: &mut Piece<'a>) {
        if let Some(said) = self.text {
            if piece.text.is_empty() {
                piece.text = said.text;
            } else {
                piece.text.to_mut().push_str(&said.text);
            }
        }
        if let Some(said) = self.thinking {
            piece.thinking.to_mut().push_str(&said.text);
        }
        let input = self.input.filter(|input| input.as_object().is_none_or(|input| !input.is_empty()));
        piece.calls.extend(self.partial_json.or(input.map(|input| input.to_string())).map(|it| (index, it)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::Tokens;

    fn event(json: &Value) -> Piece<'static> {
        Messages.read_piece(json.to_string().leak()).unwrap()
    }

    #[test]
    fn a_whole_answer_gives_its_texts_its_end_and_all_its_tokens() {
        let body = json!({ "type": "message", "stop_reason": "max_tokens",
            "content": [{ "type": "thinking", "thinking": "hm" }, { "type": "text", "text": "a" }, { "type": "text", "text": "b" }],
            "usage": { "input_tokens": 3, "cache_read_input_tokens": 8, "cache_creation_input_tokens": null, "output_tokens": 4 } });

        let piece = event(&body);

        assert_eq!(
            (piece.text.as_ref(), piece.thinking.as_ref(), piece.end),
            ("ab", "hm", Some(Finish::CutOff))
        );
        assert_eq!(piece.counted.tokens(), Some(Tokens { input: 11, output: 4 }));
        assert!(piece.is_reply && piece.is_whole && !Messages.read_piece("{}").unwrap().is_reply);
        assert_eq!(event(&json!({ "content": "a" })).text, "a");
    }

    #[test]
    fn events_are_read_by_their_type() {
        let begun =
            event(&json!({ "type": "message_start", "message": { "usage": { "input_tokens": 11 } } }));
        assert_eq!((begun.counted.input, begun.counted.output), (Some(11), None));
        let delta =
            |delta: Value| event(&json!({ "type": "content_block_delta", "index": 0, "delta": delta }));
        assert_eq!(delta(json!({ "type": "text_delta", "text": "a" })).text, "a");
        let thought = delta(json!({ "type": "thinking_delta", "thinking": "hm" }));
        assert_eq!((thought.text.as_ref(), thought.thinking.as_ref()), ("", "hm"));
        let told = event(
            &json!({ "type": "message_delta", "delta": { "stop_reason": "refusal", "stop_details": { "explanation": "No." } }, "usage": { "output_tokens": 7 } }),
        );
        assert_eq!((told.end, told.counted.output), (Some(Finish::Refused("refusal: No.".into())), Some(7)));
        assert!(event(&json!({ "type": "message_stop" })).is_last);
        assert_eq!(event(&json!({ "type": "ping" })), Piece::default());
        assert_eq!(event(&json!({ "hello": "world" })), Piece::default());
        let failed = event(&json!({ "type": "error", "error": { "type": "overloaded_error" } }));
        assert_eq!(failed.failure, Some(json!({ "type": "overloaded_error" })));
        assert!(Messages.read_piece("{oops").unwrap_err().starts_with("a piece is no JSON of a reply"));
    }

    #[test]
    fn the_input_of_a_tool_is_read_streamed_and_whole() {
        let parts = event(&json!({ "type": "content_block_delta", "index": 1,
            "delta": { "type": "input_json_delta", "partial_json": "{\"ro" } }));
        assert_eq!(parts.calls, [(1, "{\"ro".to_owned())]);
        let begun = event(&json!({ "type": "content_block_start", "index": 1,
            "content_block": { "type": "tool_use", "input": {} } }));
        assert!(begun.calls.is_empty());
        let whole = event(
            &json!({ "content": [{ "type": "tool_use", "input": { "rows": [] } }], "stop_reason": "tool_use" }),
        );
        assert_eq!((whole.calls, whole.end), (vec![(0, "{\"rows\":[]}".to_owned())], Some(Finish::Complete)));
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
