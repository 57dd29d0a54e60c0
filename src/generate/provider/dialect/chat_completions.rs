//! Chat completions, the dialect of `OpenAI` that most servers support: `OpenAI` itself, llama.cpp, vLLM,
//! the gateways, and Gemini and Ollama beside their own.

use reqwest::header::{AUTHORIZATION, HeaderMap, InvalidHeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Ask, Counted, Dialect, Piece, read};
use crate::domain::{Parameter, Role};
use crate::generate::ReplyEnd;
use crate::generate::provider::key::Key;

/// The data of the last event of a stream.
const DONE: &str = "[DONE]";

/// The dialect of chat completions.
#[derive(Debug)]
pub(in crate::generate::provider) struct ChatCompletions;

impl Dialect for ChatCompletions {
    fn path(&self) -> &'static str {
        "chat/completions"
    }

    fn headers(&self, key: Option<&Key>) -> Result<HeaderMap, InvalidHeaderValue> {
        let mut headers = HeaderMap::new();
        if let Some(key) = key {
            headers.insert(AUTHORIZATION, key.header("Bearer ")?);
        }
        Ok(headers)
    }

    fn body(&self, ask: &Ask<'_>) -> serde_json::Result<String> {
        let messages = ask.request.messages.iter().map(|message| Message {
            role: match message.role {
                Role::System => "system",
                Role::User => "user",
            },
            content: &message.text,
        });
        let json_schema = JsonSchema { name: "rows", strict: true, schema: &ask.request.schema };
        let sends = |parameter| ask.parts.has(parameter);
        let limit = ask.max_tokens.filter(|_| sends(Parameter::MaxTokens));
        let body = Body {
            model: ask.model,
            messages: messages.collect(),
            temperature: sends(Parameter::Temperature).then_some(ask.request.temperature),
            seed: sends(Parameter::Seed).then_some(short_seed(ask.request.seed)),
            max_tokens: limit.filter(|_| ask.parts.usual_limit()),
            max_completion_tokens: limit.filter(|_| !ask.parts.usual_limit()),
            stream: sends(Parameter::Stream).then_some(ask.streamed),
            stream_options: (sends(Parameter::StreamOptions) && sends(Parameter::Stream) && ask.streamed)
                .then_some(StreamOptions { include_usage: true }),
            response_format: sends(Parameter::ResponseFormat)
                .then_some(ResponseFormat { r#type: "json_schema", json_schema }),
        };
        serde_json::to_string(&body)
    }

    fn read_reply(&self, body: &str) -> Result<Piece, String> {
        // Gemini wraps an error in an array.
        let body = body.trim_ascii();
        let body = body.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(body);
        let answer: Answer = read(body)?;
        let counted = answer.usage.map(Usage::counted).unwrap_or_default();
        let failure = answer.error;
        let Some(choice) = answer.choices.into_iter().flatten().next() else {
            return Ok(Piece { counted, failure, ..Piece::default() });
        };
        let said = choice.delta.unwrap_or_default();
        Ok(Piece {
            is_reply: true,
            text: said.content.map(Content::text).unwrap_or_default(),
            refusal: said.refusal.unwrap_or_default(),
            end: choice.finish_reason.as_deref().map(end),
            counted,
            failure,
            is_last: false,
        })
    }

    /// An event has in `delta` what a whole answer has in `message`.
    fn read_event(&self, data: &str) -> Result<Piece, String> {
        if data.trim_ascii() == DONE {
            return Ok(Piece { is_last: true, ..Piece::default() });
        }
        self.read_reply(data)
    }
}

/// Returns how a reply ended, from a server's finish reason; Gemini has its own values.
fn end(reason: &str) -> ReplyEnd {
    let reason = reason.to_ascii_lowercase();
    // Gemini may add after a colon which filter it was.
    match reason.split(':').next().unwrap_or_default() {
        "length" | "max_tokens" | "model_length" => ReplyEnd::CutOff,
        "content_filter" | "safety" | "recitation" | "blocklist" | "prohibited_content" | "spii" => {
            ReplyEnd::Filtered
        }
        _ => ReplyEnd::Complete,
    }
}

/// Returns a seed of 31 bits: servers take signed or unsigned numbers of 32 or 64 bits.
const fn short_seed(seed: u64) -> u64 {
    seed & 0x7fff_ffff
}

/// The body of a request.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    /// The token limit under `OpenAI`'s new name; its newer models refuse `max_tokens`.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    r#type: &'static str,
    json_schema: JsonSchema<'a>,
}

#[derive(Serialize)]
struct JsonSchema<'a> {
    name: &'static str,
    strict: bool,
    schema: &'a Value,
}

/// An event of a stream, or a whole answer.
#[derive(Deserialize)]
struct Answer {
    choices: Option<Vec<Choice>>,
    usage: Option<Usage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(alias = "message")]
    delta: Option<Said>,
    finish_reason: Option<String>,
}

/// The model's text. Other fields, such as those for thinking, are not part of the reply.
#[derive(Deserialize, Default)]
struct Said {
    content: Option<Content>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<ContentPart>),
}

impl Content {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Parts(parts) => parts.into_iter().filter_map(|part| part.text).collect(),
        }
    }
}

#[derive(Deserialize)]
struct ContentPart {
    text: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
}

impl Usage {
    const fn counted(self) -> Counted {
        Counted { input: self.prompt_tokens, output: self.completion_tokens }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Piece {
        ChatCompletions.read_reply(json).unwrap()
    }

    #[test]
    fn a_frame_and_a_whole_answer_are_read_alike() {
        let frame = read(r#"{"choices":[{"delta":{"content":"a","refusal":null},"finish_reason":null}]}"#);
        let whole = read(
            r#"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"text":"b"}]},"finish_reason":"length"}],
               "usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
        );

        assert_eq!(frame, Piece { is_reply: true, text: "a".into(), ..Piece::default() });
        assert_eq!(whole.text, "ab");
        assert_eq!(whole.end, Some(ReplyEnd::CutOff));
        assert_eq!(whole.counted, Counted { input: Some(3), output: Some(4) });
    }

    #[test]
    fn what_is_no_frame_says_why() {
        let said = ChatCompletions.read_event("{oops").unwrap_err();
        assert!(said.starts_with("a piece is no JSON of a reply"), "{said}");
        assert!(read(r#"{"choices":null,"usage":{}}"#).counted.tokens().is_none());
        assert!(!read(r#"{"choices":[]}"#).is_reply && read(r#"{"choices":[{}]}"#).is_reply);
        assert!(read(r#"[{"error":{"code":503}}]"#).failure.is_some());
        assert!(ChatCompletions.read_event(" [DONE]\n").unwrap().is_last);
    }

    #[test]
    fn reasons_are_read_as_each_server_spells_them() {
        use ReplyEnd::{Complete, CutOff, Filtered};
        let reasons =
            ["stop", "STOP", "length", "MAX_TOKENS", "content_filter", "content_filter: OTHER", "SAFETY"];
        assert_eq!(reasons.map(end), [Complete, Complete, CutOff, CutOff, Filtered, Filtered, Filtered]);
    }
}
