//! Dialects: the request and response formats of a family of servers.
//!
//! Requests are JSON over HTTP; answers are whole bodies or server-sent events. Connections, timeouts, size
//! limits, rate limits, recordings and error messages are the same for all servers, in
//! [`answer`](super::answer) and [`exchange`](super::exchange). A dialect defines the rest: the bytes of a
//! request, and the meaning of an answer's bytes.
//!
//! ```text
//! Ask ─► path, headers, body ─► server ─► whole body, or each event ─► read_piece ─► Piece
//!                                       ─► a refusal ────────────────► read_error ─► Said
//! ```
//!
//! To add one, implement this trait for a unit struct beside [`Messages`], choose it in
//! [`target`](super::target), and add a server for it to `tests/conformance/dialects.rs`, which tests it
//! like the others.

mod anthropic;
mod chat_completions;
mod said_parts;
mod usage;

use std::borrow::Cow;
use std::fmt;

use reqwest::header::{HeaderMap, InvalidHeaderValue};
use serde_json::Value;

pub(super) use self::anthropic::Messages;
pub(super) use self::chat_completions::ChatCompletions;

use super::finish::Finish;
use super::key::Key;
use super::models::names;
use super::optional::Parts;
use super::said::Said;
use crate::domain::Tokens;
use crate::generate::GenerateRequest;

/// The request and response format of one family of servers.
///
/// The read functions get any input that is valid UTF-8. They ignore unknown fields, and return an error
/// only for what cannot be part of an answer.
pub(super) trait Dialect: fmt::Debug + Send + Sync {
    /// Returns the path of a request for rows, relative to the server's address.
    fn path(&self) -> &'static str;

    /// Returns the headers of every request, including the key's.
    ///
    /// # Errors
    ///
    /// The key contains characters that no header may have.
    fn headers(&self, key: Option<&Key>) -> Result<HeaderMap, InvalidHeaderValue>;

    /// Returns the body of a request for rows.
    ///
    /// # Errors
    ///
    /// It cannot be written as JSON.
    fn body(&self, ask: &Ask<'_>) -> serde_json::Result<String>;

    /// Reads the data of one event of a stream, or a whole answer: servers send either where the other was asked.
    ///
    /// # Errors
    ///
    /// The cause, as the end of a sentence.
    fn read_piece<'a>(&self, json: &'a str) -> Result<Piece<'a>, String>;

    /// Reads an error response.
    fn read_error(&self, body: &str) -> Said {
        Said::new(body)
    }

    /// Returns whether a request must have a token limit; one that no setting asks for has two forms.
    fn requires_limit(&self) -> bool {
        false
    }

    /// Returns the names of the models in the answer to `GET models`; `None` if it is not a list.
    fn models(&self, body: &str) -> Option<Vec<String>> {
        names(body)
    }
}

/// The data that a request is written from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) request: &'a GenerateRequest,
    pub(super) model: &'a str,
    /// The token limit of a reply in the settings.
    pub(super) max_tokens: Option<u32>,
    /// Whether the reply is to be streamed.
    pub(super) streamed: bool,
    /// The optional parts to send.
    pub(super) parts: Parts,
}

/// The content of one event of a stream, or of a whole answer.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Piece<'a> {
    /// Whether this is part of a reply, even if it has no text.
    pub(super) is_reply: bool,
    /// Whether this is a whole reply.
    pub(super) is_whole: bool,
    /// The number of the choice that this is of.
    pub(super) choice: Option<u64>,
    /// The model that answers.
    pub(super) model: Option<Cow<'a, str>>,
    /// The next part of the reply's text.
    pub(super) text: Cow<'a, str>,
    /// The next part of what the model thinks.
    pub(super) thinking: Cow<'a, str>,
    /// The next parts of the arguments of tool calls, each with the number of its call.
    pub(super) calls: Vec<(u64, String)>,
    /// The next part of the model's refusal to answer.
    pub(super) refusal: String,
    /// How the reply ended, if it did.
    pub(super) end: Option<Finish>,
    /// The token counts so far.
    pub(super) counted: Counted,
    /// An error that the server reports after a successful start.
    pub(super) failure: Option<Value>,
    /// Whether this is the end of the answer.
    pub(super) is_last: bool,
}

/// Token counts; a provider may send input and output separately.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) input: Option<u64>,
    pub(super) output: Option<u64>,
    /// Tokens of the output that are thinking.
    pub(super) thought: Option<u64>,
    /// Whether these are only by the way, and give way to a usage.
    pub(super) is_timing: bool,
}

impl Counted {
    /// Returns these counts, completed by earlier ones; zeros replace no counts.
    pub(super) fn after(self, before: Self) -> Self {
        if self.is_timing && !before.is_timing && before.tokens().is_some() {
            return before;
        }
        let before = if before.is_timing && self.tokens().is_some() { Self::default() } else { before };
        let later = |now: Option<u64>, then: Option<u64>| now.filter(|now| *now > 0).or(then).or(now);
        Self {
            input: later(self.input, before.input),
            output: later(self.output, before.output),
            thought: later(self.thought, before.thought),
            is_timing: self.is_timing || before.is_timing,
        }
    }

    /// Returns the tokens; `None` if none were counted.
    pub(super) fn tokens(self) -> Option<Tokens> {
        self.input.or(self.output)?;
        Some(Tokens { input: self.input.unwrap_or(0), output: self.output.unwrap_or(0) })
    }

    /// Returns no counts where all are zero: no request has none.
    fn unless_nothing(self) -> Self {
        if self.input.unwrap_or(0) == 0 && self.output.unwrap_or(0) == 0 { Self::default() } else { self }
    }
}

/// Parses the JSON of a piece.
fn read<'a, T: serde::Deserialize<'a>>(json: &'a str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| {
        let start: String = json.chars().take(80).collect();
        format!("a piece is no JSON of a reply ({error}): `{}`", start.trim())
    })
}

/// Returns the error that a piece without any reply holds, in whatever shape.
fn failure_in(json: &str) -> Option<Value> {
    const NAMES: [&str; 9] =
        ["error", "errors", "detail", "base_resp", "message", "msg", "fault", "reason", "title"];
    let mut value: Value = serde_json::from_str(json).ok()?;
    if let Some(object) = value.as_object_mut() {
        // `"error": true` says only that another field tells it.
        object.retain(|name, value| name != "error" || !value.is_boolean());
    }
    let is_said = |value: &Value| match value {
        Value::Null | Value::Bool(_) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    };
    let Some(name) = NAMES.into_iter().find(|name| value.get(name).is_some_and(is_said)) else {
        let is_failure =
            |name: &str| ["err", "exception", "fail"].iter().any(|word| name.to_lowercase().contains(word));
        let has_failed = value
            .as_object()?
            .iter()
            .any(|(name, value)| is_failure(name) && is_said(value) && !value.is_number());
        return has_failed.then_some(value);
    };
    match name {
        "error" | "base_resp" | "fault" => Some(value[name].take()),
        "errors" => Some(value[name].get_mut(0).map_or(Value::Null, Value::take)),
        _ => Some(value),
    }
}
