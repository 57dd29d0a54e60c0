//! One request and its reply.

use reqwest::header::HeaderMap;

use super::answer::Answer;
use super::dialect::Counted;
use super::failure::refusal;
use super::finish::Finish;
use super::headers::rate_limits;
use super::incoming::{Event, Incoming};
use super::optional::Parts;
use super::record::Tape;
use super::{Delivery, ProviderGenerator};
use crate::domain::{FieldValue, Fields, Parameter};
use crate::generate::{GenerateEvent, GenerateRequest, GeneratorError};

/// A request in progress.
pub(super) struct Exchange<'a> {
    pub(super) generator: &'a ProviderGenerator,
    pub(super) request: GenerateRequest,
    pub(super) delivery: Delivery,
    pub(super) phase: Phase,
    /// The optional parts that the request had when it was last sent.
    pub(super) parts: Parts,
    pub(super) reply: Incoming,
    /// The recording, if one is wanted.
    pub(super) tape: Option<Box<Tape>>,
    /// Whether the answer is read from a file, so that nothing can be sent again.
    pub(super) is_filed: bool,
}

pub(super) enum Phase {
    Unsent,
    Answered(Box<Answer>),
    /// It failed without a word, and had no key: perhaps the server wants one.
    Doubted(GeneratorError),
    Over,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(generator: &'a ProviderGenerator, request: GenerateRequest) -> Self {
        let reply = Incoming::new(generator.rules(&request), request.tail.clone());
        let reply = reply.hiding(generator.target.key.clone());
        let (delivery, parts) = (generator.options.delivery, generator.refused.others());
        Self { generator, request, delivery, phase: Phase::Unsent, parts, reply, tape: None, is_filed: false }
    }

    /// Returns the next event; `None` after the last.
    pub(super) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.reply.take() {
                return Some(event.map(|event| self.without_key(event)));
            }
            match std::mem::replace(&mut self.phase, Phase::Over) {
                Phase::Unsent => {
                    self.parts = self.generator.refused.others();
                    if !self.parts.has(Parameter::Stream) {
                        self.delivery = Delivery::Whole;
                    }
                    self.send().await;
                }
                Phase::Answered(answer) => self.hear(answer).await,
                Phase::Doubted(error) => {
                    let error = self.generator.keyless(error).await;
                    self.give_up(error, Counted::default());
                }
                Phase::Over => return None,
            }
        }
    }

    /// Returns an event without the key: a server may write back what it was sent, also as a row.
    fn without_key(&self, event: GenerateEvent) -> GenerateEvent {
        let Some(key) = &self.generator.target.key else { return event };
        let hidden = |text: String| key.hidden_in_reply(text);
        let clean = |mut fields: Fields| {
            for value in fields.0.values_mut() {
                if let FieldValue::Text(text) = value {
                    *text = hidden(std::mem::take(text));
                }
            }
            fields
        };
        match event {
            GenerateEvent::Row(fields) => GenerateEvent::Row(clean(fields)),
            GenerateEvent::FlaggedRow(fields, flag) => GenerateEvent::FlaggedRow(clean(fields), flag),
            GenerateEvent::Scrap { raw, reason } => {
                GenerateEvent::Scrap { raw: hidden(raw), reason: hidden(reason) }
            }
            GenerateEvent::Reply(text) => GenerateEvent::Reply(hidden(text)),
            GenerateEvent::AnsweredBy(model) => GenerateEvent::AnsweredBy(hidden(model)),
            GenerateEvent::Remark(remark) => GenerateEvent::Remark(hidden(remark)),
            event => event,
        }
    }

    /// Begins a recording, if one is wanted.
    pub(super) fn start_tape(&mut self, request: &reqwest::Request, body: &str) {
        if self.generator.options.recorder.is_some() {
            self.tape = Some(Box::new(Tape::new(request, body, self.generator.target.key.as_ref())));
        }
    }

    /// Reports the rate limits in the headers.
    pub(super) fn hear_limits(&mut self, headers: &HeaderMap) {
        if let Some(limits) = rate_limits(headers) {
            self.reply.tell(GenerateEvent::Limits(limits));
        }
    }

    pub(super) fn end(&mut self, finish: Finish, counted: Counted) {
        self.record(None);
        self.reply.end(finish, counted, self.generator.target.provider());
    }

    pub(super) fn give_up(&mut self, error: GeneratorError, counted: Counted) {
        self.record(Some(error.to_string()));
        self.reply.give_up(error, counted);
    }

    /// Handles an error response: if it refuses an optional part, the request is sent again without it, and
    /// later ones never have it.
    pub(super) fn refused(&mut self, status: u16, body: &str, headers: Option<&HeaderMap>, counted: Counted) {
        let generator = self.generator;
        let error = refusal(status, body, headers, &generator.target);
        if self.read_failed_generation(body) {
            return self.give_up(error, counted);
        }
        if self.is_filed {
            return self.give_up(error, counted);
        }
        // Checked even if a concurrent request has recorded the same refusal already.
        if let Some(part) = self.parts.refused(generator.target.dialect, status, body, generator.max_tokens) {
            let is_news = generator.refused.add(part);
            self.reply.tell(GenerateEvent::SentAgain);
            if is_news {
                self.reply.tell(GenerateEvent::Remark(part.remark()));
            }
            self.record(Some(error.to_string()));
            self.phase = Phase::Unsent;
            return;
        }
        if let Some(headers) = headers {
            self.hear_limits(headers);
        }
        if generator.may_want_a_key(&error) {
            self.phase = Phase::Doubted(error);
        } else {
            self.give_up(error, counted);
        }
    }

    fn record(&mut self, error: Option<String>) {
        if let (Some(tape), Some(recorder)) = (self.tape.take(), &self.generator.options.recorder) {
            recorder.record(tape.end(error));
        }
    }
}
