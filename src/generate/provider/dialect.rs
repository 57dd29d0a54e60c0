//! A dialect: how one family of servers is asked, and how its answers are read.
//!
//! Everything that is asked goes over HTTP as JSON, and comes back whole or as server-sent
//! events. Connections, waits, bounds, limits, recordings and sentences are the same for all
//! servers and stand in [`answer`](super::answer) and [`exchange`](super::exchange). A dialect says
//! what is left: the bytes of a request, and what the bytes of an answer mean.
//!
//! ```text
//! Ask ─► path, headers, body ─► server ─► whole body ──► read_reply ─┐
//!                                       ─► each event ─► read_event ─┼─► Piece
//!                                       ─► a refusal ──► read_error ──► Said
//! ```
//!
//! To add one, write a unit struct with this trait beside [`Messages`], say in
//! [`target`](super::target) who speaks it, and add a speaker to `tests/conformance/dialects.rs`:
//! the matrix there holds it to the same promises as the others.

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

/// How one family of servers is asked, and how its answers are read.
///
/// What is read must hold whatever comes: bytes are checked to be UTF-8 before, and nothing else is.
/// A field that is not known means nothing; an error is for what cannot be a part of an answer.
pub(super) trait Dialect: fmt::Debug + Send + Sync {
    /// Returns where a request for rows is sent, behind the server's address.
    fn path(&self) -> &'static str;

    /// Returns the headers that every request carries, the key's among them.
    ///
    /// # Errors
    ///
    /// The key holds what no header may.
    fn headers(&self, key: Option<&Key>) -> Result<HeaderMap, InvalidHeaderValue>;

    /// Returns the body of a request for rows.
    ///
    /// # Errors
    ///
    /// It cannot be written as JSON.
    fn body(&self, ask: &Ask<'_>) -> serde_json::Result<String>;

    /// Reads an answer that came whole.
    ///
    /// # Errors
    ///
    /// What is wrong with it, for the end of a sentence.
    fn read_reply(&self, body: &str) -> Result<Piece, String>;

    /// Reads the data of one event of a stream.
    ///
    /// # Errors
    ///
    /// What is wrong with it, for the end of a sentence.
    fn read_event(&self, data: &str) -> Result<Piece, String>;

    /// Reads a refusal.
    fn read_error(&self, body: &str) -> Said {
        Said::new(body)
    }

    /// Returns whether a refusal, in lower case, is about how the most tokens of a reply are given;
    /// `max_tokens` is what the settings say of them.
    fn refuses_limit(&self, refusal: &str, max_tokens: Option<u32>) -> bool;

    /// Returns the names of the models in the answer to `GET models`; `None` where it is no list.
    fn models(&self, body: &str) -> Option<Vec<String>> {
        names(body)
    }
}

/// What a request is written from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) request: &'a GenerateRequest,
    pub(super) model: &'a str,
    /// The most tokens of a reply, where the settings say it.
    pub(super) max_tokens: Option<u32>,
    /// Whether the reply is to come as it is written.
    pub(super) streamed: bool,
    /// The optional parts that are sent along.
    pub(super) parts: Parts,
}

/// What an event of a stream says, or a whole answer.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Piece {
    /// Whether this is a part of a reply, be it without text.
    pub(super) is_reply: bool,
    /// The next of the reply's text.
    pub(super) text: String,
    /// The next of what the model says instead of a reply.
    pub(super) refusal: String,
    /// How the reply ended.
    pub(super) end: Option<ReplyEnd>,
    /// The tokens as they are counted so far.
    pub(super) counted: Counted,
    /// What failed behind a good beginning.
    pub(super) failure: Option<Value>,
    /// Whether nothing follows.
    pub(super) is_last: bool,
}

/// Tokens as a provider counts them, one part after the other.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) input: Option<u64>,
    pub(super) output: Option<u64>,
}

impl Counted {
    /// Returns what is counted now, with what was counted before in place of what is not.
    pub(super) fn after(self, before: Self) -> Self {
        Self { input: self.input.or(before.input), output: self.output.or(before.output) }
    }

    /// Returns the tokens; `None` where none were counted.
    pub(super) fn tokens(self) -> Option<Tokens> {
        self.input.or(self.output)?;
        Some(Tokens { input: self.input.unwrap_or(0), output: self.output.unwrap_or(0) })
    }
}

/// Reads the JSON of a piece.
fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| format!("a piece is no JSON of a reply ({error})"))
}
