//! The bodies of chat completions, as they are sent and as they come back.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{Role, Tokens};
use crate::generate::{GenerateRequest, ReplyEnd};

/// The body of a request.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    temperature: f64,
    seed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    stream: bool,
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

impl<'a> Body<'a> {
    pub(super) fn new(
        request: &'a GenerateRequest,
        model: &'a str,
        max_tokens: Option<u32>,
        stream: bool,
        with_schema: bool,
    ) -> Self {
        let messages = request.messages.iter().map(|message| Message {
            role: match message.role {
                Role::System => "system",
                Role::User => "user",
            },
            content: &message.text,
        });
        let json_schema = JsonSchema { name: "rows", strict: true, schema: &request.schema };
        Self {
            model,
            messages: messages.collect(),
            temperature: request.temperature,
            seed: short_seed(request.seed),
            max_tokens,
            stream,
            stream_options: stream.then_some(StreamOptions { include_usage: true }),
            response_format: with_schema.then_some(ResponseFormat { r#type: "json_schema", json_schema }),
        }
    }
}

/// Servers take a seed as a signed or an unsigned number of 32 or 64 bits: 31 fit them all.
pub(super) const fn short_seed(seed: u64) -> u64 {
    seed & 0x7fff_ffff
}

/// What comes back: a frame of a stream, or the whole.
#[derive(Deserialize)]
pub(super) struct Answer {
    choices: Option<Vec<Choice>>,
    usage: Option<Usage>,
    pub(super) error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(alias = "message")]
    delta: Option<Said>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<Content>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
struct Part {
    text: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
}

impl Answer {
    /// Reads a frame or a whole body.
    ///
    /// # Errors
    ///
    /// What is wrong with it, for the end of a sentence.
    pub(super) fn read(json: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(json).map_err(|error| format!("a piece is no UTF-8 ({error})"))?;
        serde_json::from_str(text).map_err(|error| format!("a piece is no JSON of a reply ({error})"))
    }

    /// Whether there is a reply in it, be it empty.
    pub(super) fn is_reply(&self) -> bool {
        self.choice().is_some()
    }

    fn choice(&self) -> Option<&Choice> {
        self.choices.as_ref()?.first()
    }

    /// Returns the text that came.
    pub(super) fn text(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self.choice()?.delta.as_ref()?.content.as_ref()? {
            Content::Text(text) => Some(text.into()),
            Content::Parts(parts) => Some(parts.iter().filter_map(|part| part.text.as_deref()).collect()),
        }
    }

    /// Returns what the model said instead of a reply.
    pub(super) fn refusal(&self) -> Option<&str> {
        self.choice()?.delta.as_ref()?.refusal.as_deref()
    }

    /// Returns how the reply ended, where this says it.
    pub(super) fn end(&self) -> Option<ReplyEnd> {
        Some(match self.choice()?.finish_reason.as_deref()? {
            "length" | "max_tokens" | "model_length" => ReplyEnd::CutOff,
            "content_filter" | "safety" => ReplyEnd::Filtered,
            _ => ReplyEnd::Complete,
        })
    }

    /// Returns the tokens that the provider counted; `None` where it counted none.
    pub(super) fn tokens(&self) -> Option<Tokens> {
        let usage = self.usage.as_ref()?;
        usage.prompt_tokens.or(usage.completion_tokens)?;
        let (input, output) = (usage.prompt_tokens.unwrap_or(0), usage.completion_tokens.unwrap_or(0));
        Some(Tokens { input, output })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Answer {
        Answer::read(json.as_bytes()).unwrap()
    }

    #[test]
    fn a_frame_and_a_whole_answer_are_read_alike() {
        let frame = read(r#"{"choices":[{"delta":{"content":"a","refusal":null},"finish_reason":null}]}"#);
        let whole = read(
            r#"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"text":"b"}]},"finish_reason":"length"}],
               "usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
        );

        assert_eq!(frame.text().as_deref(), Some("a"));
        assert_eq!((frame.end(), frame.tokens()), (None, None));
        assert_eq!(whole.text().as_deref(), Some("ab"));
        assert_eq!(whole.end(), Some(ReplyEnd::CutOff));
        assert_eq!(whole.tokens(), Some(Tokens { input: 3, output: 4 }));
    }

    #[test]
    fn what_is_no_frame_says_why() {
        assert!(Answer::read(b"\xff").err().unwrap().starts_with("a piece is no UTF-8"));
        assert!(Answer::read(b"{oops").err().unwrap().starts_with("a piece is no JSON of a reply"));
        assert!(read(r#"{"choices":null,"usage":{}}"#).tokens().is_none());
        assert!(!read(r#"{"choices":[]}"#).is_reply() && read(r#"{"choices":[{}]}"#).is_reply());
    }
}
