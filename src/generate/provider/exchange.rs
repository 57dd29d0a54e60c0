//! One request and its reply.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::stream::StreamExt;
use genai::adapter::AdapterKind;
use genai::chat::{ChatStream, ChatStreamEvent, StopReason, StreamEnd, Usage};
use serde_json::Value;

use super::failure::{broken, failure};
use super::{Delivery, ProviderGenerator, chat_options, chat_request};
use crate::domain::Tokens;
use crate::generate::reply::{ReplyReader, RowRules};
use crate::generate::{GenerateEvent, GenerateRequest, GeneratorError, ReplyEnd};

/// A request on its way, with the events that wait to be taken.
pub(super) struct Exchange<'a> {
    generator: &'a ProviderGenerator,
    phase: Phase,
    reader: Option<ReplyReader>,
    /// Whether any of the reply's text came.
    heard: bool,
    /// Whether the server said why it ended, even if it then hung up without its last word.
    finished: Arc<AtomicBool>,
    events: VecDeque<Result<GenerateEvent, GeneratorError>>,
}

enum Phase {
    Unsent(Box<GenerateRequest>),
    Streaming(ChatStream),
    Over,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(generator: &'a ProviderGenerator, request: GenerateRequest) -> Self {
        let rules = RowRules { schema: request.schema_fields.clone(), labels: request.labels.clone() };
        Self {
            generator,
            phase: Phase::Unsent(Box::new(request)),
            reader: Some(ReplyReader::new(rules)),
            heard: false,
            finished: Arc::default(),
            events: VecDeque::new(),
        }
    }

    /// Returns the next event; `None` after the last.
    pub(super) async fn next(&mut self) -> Option<Result<GenerateEvent, GeneratorError>> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            match std::mem::replace(&mut self.phase, Phase::Over) {
                Phase::Unsent(request) => self.send(&request).await,
                Phase::Streaming(stream) => self.hear(stream).await,
                Phase::Over => return None,
            }
        }
    }

    async fn send(&mut self, request: &GenerateRequest) {
        let (client, target) = (&self.generator.client, self.generator.target.service());
        let (chat, options) = (chat_request(request), chat_options(request));
        match self.generator.options.delivery {
            Delivery::Streamed => {
                let finished = Arc::clone(&self.finished);
                let options = options.with_raw_frame_fn(move |_, frame| {
                    if says_why_it_ended(frame.data) {
                        finished.store(true, Ordering::Relaxed);
                    }
                });
                match client.exec_chat_stream(target, chat, Some(&options)).await {
                    Ok(reply) => self.phase = Phase::Streaming(reply.stream),
                    Err(error) => self.fail(error),
                }
            }
            Delivery::Whole => match client.exec_chat(target, chat, Some(&options)).await {
                Ok(reply) => {
                    let text = reply.content.joined_texts().unwrap_or_default();
                    self.read(text.as_bytes());
                    self.end(reply.stop_reason.as_ref(), Some(&reply.usage));
                }
                Err(error) => self.fail(error),
            },
        }
    }

    async fn hear(&mut self, mut stream: ChatStream) {
        match stream.next().await {
            Some(Ok(ChatStreamEvent::Chunk(chunk))) => {
                self.read(chunk.content.as_bytes());
                self.phase = Phase::Streaming(stream);
            }
            Some(Ok(ChatStreamEvent::End(end))) => self.end_of_stream(&end),
            Some(Ok(_)) => self.phase = Phase::Streaming(stream),
            Some(Err(error)) => self.fail(error),
            None if self.finished.load(Ordering::Relaxed) => self.end(None, None),
            None => self.break_off(),
        }
    }

    /// Ends a reply, unless it only seems to have ended: genai ends Gemini's streams where they are cut.
    fn end_of_stream(&mut self, end: &StreamEnd) {
        let kind = self.generator.target.kind;
        if kind == AdapterKind::Gemini && end.captured_stop_reason.is_none() {
            self.break_off();
        } else {
            self.end(end.captured_stop_reason.as_ref(), end.captured_usage.as_ref());
        }
    }

    fn read(&mut self, bytes: &[u8]) {
        self.heard |= !bytes.is_empty();
        if let Some(reader) = &mut self.reader {
            self.events.extend(reader.feed(bytes).into_iter().map(Ok));
        }
    }

    /// Takes what is left of the reply, and its text.
    fn settle(&mut self) {
        if let Some(reader) = self.reader.take() {
            let (rest, text) = reader.finish();
            self.events.extend(rest.into_iter().map(Ok));
            self.events.push_back(Ok(GenerateEvent::Reply(text)));
        }
    }

    fn end(&mut self, reason: Option<&StopReason>, usage: Option<&Usage>) {
        self.settle();
        if let Some(tokens) = usage.and_then(tokens) {
            self.events.push_back(Ok(GenerateEvent::Usage(tokens)));
        }
        let end = match reason {
            Some(StopReason::MaxTokens(_)) => ReplyEnd::CutOff,
            Some(StopReason::ContentFilter(_)) => ReplyEnd::Filtered,
            _ => ReplyEnd::Complete,
        };
        self.events.push_back(Ok(GenerateEvent::Done(end)));
    }

    fn break_off(&mut self) {
        let error = broken(&self.generator.target, "the stream stopped without its end");
        self.give_up(error);
    }

    fn fail(&mut self, error: genai::Error) {
        let error = failure(error, &self.generator.target, self.generator.options);
        self.give_up(error);
    }

    /// Ends with an error; what came before it is kept.
    fn give_up(&mut self, error: GeneratorError) {
        if self.heard {
            self.settle();
        }
        self.events.push_back(Err(error));
    }
}

/// Returns the tokens that a provider counted; `None` where it counted none.
fn tokens(usage: &Usage) -> Option<Tokens> {
    let count = |tokens: Option<i32>| tokens.and_then(|tokens| u64::try_from(tokens).ok());
    let (input, output) = (count(usage.prompt_tokens), count(usage.completion_tokens));
    input.or(output)?;
    Some(Tokens { input: input.unwrap_or(0), output: output.unwrap_or(0) })
}

/// Whether a frame of a stream in the `OpenAI` dialect says why the reply ended.
fn says_why_it_ended(data: &str) -> bool {
    data.contains("finish_reason")
        && serde_json::from_str::<Value>(data)
            .is_ok_and(|frame| frame.pointer("/choices/0/finish_reason").is_some_and(Value::is_string))
}
