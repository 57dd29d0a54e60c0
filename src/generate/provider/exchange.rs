//! One request and its reply.

use reqwest::header::HeaderMap;

use super::completion::Listening;
use super::failure::{is_about_schema, refusal};
use super::headers::rate_limits;
use super::incoming::{Event, Incoming};
use super::record::{Recording, hidden};
use super::tap::Tapped;
use super::{Delivery, ProviderGenerator};
use crate::domain::Tokens;
use crate::generate::{GenerateEvent, GenerateRequest, GeneratorError, ReplyEnd};

/// A request on its way.
pub(super) struct Exchange<'a> {
    pub(super) generator: &'a ProviderGenerator,
    pub(super) request: GenerateRequest,
    pub(super) delivery: Delivery,
    pub(super) phase: Phase,
    /// Whether the request, as it was last sent, asked for a schema.
    pub(super) asked_schema: bool,
    pub(super) reply: Incoming,
    /// Bytes of text that genai brought.
    pub(super) bytes: usize,
    /// What is recorded, where somebody asked for it.
    pub(super) tape: Option<Box<Recording>>,
}

pub(super) enum Phase {
    Unsent,
    Completion(Box<Listening>),
    Genai(Box<genai::chat::ChatStream>, Tapped),
    Over,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(generator: &'a ProviderGenerator, request: GenerateRequest) -> Self {
        let reply = Incoming::new(generator.rules(&request));
        Self {
            generator,
            request,
            delivery: generator.options.delivery,
            phase: Phase::Unsent,
            asked_schema: false,
            reply,
            bytes: 0,
            tape: None,
        }
    }

    /// Returns the next event; `None` after the last.
    pub(super) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.reply.take() {
                return Some(event);
            }
            match std::mem::replace(&mut self.phase, Phase::Over) {
                Phase::Unsent => {
                    self.asked_schema = self.generator.asks_schema();
                    if self.generator.speaks_completions() {
                        self.send_completion().await;
                    } else {
                        self.send_through_genai().await;
                    }
                }
                Phase::Completion(listening) => self.hear_completion(listening).await,
                Phase::Genai(stream, tapped) => self.hear_genai(stream, tapped).await,
                Phase::Over => return None,
            }
        }
    }

    /// Begins a recording.
    pub(super) fn start_tape(&mut self, recording: impl FnOnce() -> Recording) {
        if self.generator.options.recorder.is_some() {
            self.tape = Some(Box::new(recording()));
        }
    }

    /// Tells what headers say of the limits.
    pub(super) fn hear_limits(&mut self, headers: &HeaderMap) {
        if let Some(limits) = rate_limits(headers) {
            self.reply.tell(GenerateEvent::Limits(limits));
        }
    }

    pub(super) fn end(&mut self, end: ReplyEnd, tokens: Option<Tokens>) {
        self.record(None);
        self.reply.end(end, tokens);
    }

    pub(super) fn give_up(&mut self, error: GeneratorError, tokens: Option<Tokens>) {
        self.record(Some(error.to_string()));
        self.reply.give_up(error, tokens);
    }

    /// Takes a refusal: one of the schema sends the request again without it, once and for all.
    pub(super) fn refused(&mut self, status: u16, body: &str, headers: Option<&HeaderMap>) {
        let error = refusal(status, body, headers, &self.generator.target);
        // Others on their way may have been refused the same before.
        if self.asked_schema && is_about_schema(status, body) {
            self.generator.drop_schema();
            self.record(Some(error.to_string()));
            self.phase = Phase::Unsent;
            return;
        }
        if let Some(headers) = headers {
            self.hear_limits(headers);
        }
        self.give_up(error, None);
    }

    fn record(&mut self, error: Option<String>) {
        if let (Some(mut tape), Some(recorder)) = (self.tape.take(), &self.generator.options.recorder) {
            let key = self.generator.target.key.as_ref();
            tape.request_body = hidden(&tape.request_body, key);
            tape.response_body = hidden(&tape.response_body, key);
            tape.error = error;
            recorder.record(*tape);
        }
    }
}
