//! Chat completions, the dialect of `OpenAI` that most servers support: `OpenAI` itself, llama.cpp, vLLM,
//! the gateways, and Gemini and Ollama beside their own.

mod answer;
mod said;

use reqwest::header::{AUTHORIZATION, HeaderMap, InvalidHeaderValue};
use serde::Serialize;
use serde_json::Value;

use self::answer::Answer;
use super::{Ask, Dialect, Piece, read};
use crate::domain::{Parameter, Role};
use crate::generate::provider::key::Key;

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

    /// An event has in `delta` what a whole answer has in `message`.
    fn read_piece<'a>(&self, json: &'a str) -> Result<Piece<'a>, String> {
        let answer: Answer<'a> = read(json)?;
        Ok(answer.into_piece(json))
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
