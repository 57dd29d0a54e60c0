//! Dialects: the request and response formats of a family of servers.
//!
//! Requests are JSON over HTTP; answers are whole bodies or server-sent events. Connections, timeouts, size
//! limits, rate limits, recordings and error messages are the same for all servers, in
//! [`answer`](super::answer) and [`exchange`](super::exchange). A dialect defines the rest: the bytes of a
//! request, and the meaning of an answer's bytes.
//!
//! ```text
//! Ask ─► path, headers, body ─► server ─► whole body ──► read_reply ─┐
//!                                       ─► each event ─► read_event ─┼─► Piece
//!                                       ─► a refusal ──► read_error ──► Said
//! ```
//!
//! To add one, implement this trait for a unit struct beside [`Messages`], choose it in
//! [`target`](super::target), and add a server for it to `tests/conformance/dialects.rs`, which tests it
//! like the others.

mod anthropic;
mod chat_completions;

use std::fmt;

use reqwest::header::{HeaderMap, InvalidHeaderValue};
use serde_json::Value;

pub(super) use self::anthropic::Messages;
pub(super) use self::chat_completions::ChatCompletions;

use super::key::Key;
use super::models::names;
use super::optional::Parts;
use super::said::Said;
use crate::domain::Tokens;
use crate::generate::{GenerateRequest, ReplyEnd};

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

    /// Reads a whole answer.
    ///
    /// # Errors
    ///
    /// The cause, as the end of a sentence.
    fn read_reply(&self, body: &str) -> Result<Piece, String>;

    /// Reads the data of one event of a stream.
    ///
    /// # Errors
    ///
    /// The cause, as the end of a sentence.
    fn read_event(&self, data: &str) -> Result<Piece, String>;

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
pub(super) struct Piece {
    /// Whether this is part of a reply, even if it has no text.
    pub(super) is_reply: bool,
    /// The next part of the reply's text.
    pub(super) text: String,
    /// The next part of the model's refusal to answer.
    pub(super) refusal: String,
    /// How the reply ended, if it did.
    pub(super) end: Option<ReplyEnd>,
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
}

impl Counted {
    /// Returns these counts, completed by earlier ones.
    pub(super) fn after(self, before: Self) -> Self {
        Self { input: self.input.or(before.input), output: self.output.or(before.output) }
    }

    /// Returns the tokens; `None` if none were counted.
    pub(super) fn tokens(self) -> Option<Tokens> {
        self.input.or(self.output)?;
        Some(Tokens { input: self.input.unwrap_or(0), output: self.output.unwrap_or(0) })
    }
}

/// Parses the JSON of a piece.
fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| format!("a piece is no JSON of a reply ({error})"))
}
