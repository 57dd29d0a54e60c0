//! The dialects that genai speaks for us: Anthropic, Gemini, and `OpenAI`'s responses.
//!
//! It takes a `reqwest` client that nothing can be put around, and hands out neither the request
//! that it writes nor what comes back before it has read it. So here, limits are heard with
//! errors only; a recording holds what genai was handed; a whole reply is bounded after it has
//! been read, has to come within the time for its first byte, and shows a byte that is no UTF-8
//! as `U+FFFD`, which makes a scrap of its row.

use std::string::FromUtf8Error;

use futures_util::stream::StreamExt;
use genai::adapter::AdapterKind;
use genai::chat::{
    ChatMessage, ChatOptions, ChatRequest, ChatStream, ChatStreamEvent, JsonSpec, StopReason, Usage,
};
use genai::webc::{self, StreamTimeout};
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::time::timeout;

use super::Delivery;
use super::exchange::{Exchange, Phase};
use super::failure::{broken, connection_failure, refusal, status_of, timed_out};
use super::options::Timeouts;
use super::record::Recording;
use super::sse::Frames;
use super::tap::{Tapped, blocked};
use super::wire::short_seed;
use crate::domain::{Role, Tokens};
use crate::generate::{GeneratorError, ReplyEnd, Silence};

/// What genai's errors come down to.
enum Failure {
    Refused {
        status: u16,
        body: String,
        headers: Option<Box<HeaderMap>>,
    },
    /// The bytes that hold one which is no UTF-8; frames before it are whole.
    NotText(Vec<u8>),
    /// The reply ended before it began.
    Ended(ReplyEnd, Option<Tokens>),
    Other(GeneratorError),
}

impl Exchange<'_> {
    pub(super) async fn send_through_genai(&mut self) {
        let generator = self.generator;
        let (client, target) = (&generator.clients.genai, generator.target.service());
        let (chat, options) = (self.chat_request(), self.chat_options());
        self.start_tape(|| Recording {
            url: generator.target.url.clone(),
            request_body: serde_json::json!({ "messages": chat, "options": options }).to_string(),
            ..Recording::default()
        });
        if self.delivery == Delivery::Streamed {
            let tapped = Tapped::new(self.tape.is_some());
            let tap = tapped.clone();
            let options = options.with_raw_frame_fn(move |_, frame| tap.hear(frame.data));
            match client.exec_chat_stream(target, chat, Some(&options)).await {
                Ok(reply) => self.phase = Phase::Genai(Box::new(reply.stream), tapped),
                Err(error) => self.fail(error, Silence::FirstByte),
            }
            return;
        }
        // What genai leaves out of an answer is read from its body.
        let options = options.with_capture_raw_body(true);
        let waiting = timeout(generator.timeouts.first_byte, client.exec_chat(target, chat, Some(&options)));
        match waiting.await {
            Ok(Ok(reply)) => {
                let body = reply.captured_raw_body.unwrap_or_default();
                if let Some(tape) = &mut self.tape {
                    tape.response_body = body.to_string();
                }
                let tokens = tokens(&reply.usage);
                let end = reply_end(reply.stop_reason.as_ref());
                let text = reply.content.joined_texts().unwrap_or_default();
                if let Some(refusal) = refusal_of(&body) {
                    self.reply.refuse(refusal);
                }
                self.reply.doubt();
                let end = if blocked(&body).is_some() { ReplyEnd::Filtered } else { end };
                match self.hear_text(&text) {
                    Ok(()) => self.end(end, tokens),
                    Err(too_long) => self.give_up(too_long, tokens),
                }
            }
            Ok(Err(error)) => self.fail(error, Silence::FirstByte),
            Err(_elapsed) => {
                self.give_up(timed_out(Silence::FirstByte, &generator.target, generator.timeouts), None);
            }
        }
    }

    /// The messages as genai takes them.
    fn chat_request(&self) -> ChatRequest {
        let messages = self.request.messages.iter().map(|message| match message.role {
            Role::System => ChatMessage::system(message.text.clone()),
            Role::User => ChatMessage::user(message.text.clone()),
        });
        ChatRequest::new(messages.collect())
    }

    fn chat_options(&self) -> ChatOptions {
        let generator = self.generator;
        let Timeouts { first_byte, idle, .. } = generator.timeouts;
        let mut options = ChatOptions::default()
            .with_temperature(self.request.temperature)
            .with_capture_usage(true)
            .with_stream_header_timeout(first_byte)
            // genai would take the wait for the first byte behind the headers for one between two
            // bytes; both are kept by `next_of`, and this one only ends what it might miss.
            .with_stream_read_timeout(first_byte + idle);
        // Responses take no seed, and refuse a request with one.
        if generator.target.kind != AdapterKind::OpenAIResp {
            options = options.with_seed(short_seed(self.request.seed));
        }
        if let Some(most) = generator.max_tokens {
            options = options.with_max_tokens(most);
        }
        if self.asked_schema {
            options = options.with_response_format(JsonSpec::new("rows", self.request.schema.clone()));
        }
        options
    }

    pub(super) async fn hear_genai(&mut self, mut stream: Box<ChatStream>, tapped: Tapped) {
        let event = next_of(&mut stream, &tapped, self.generator.timeouts).await;
        let goes_on = matches!(&event, Ok(Some(Ok(event))) if !matches!(event, ChatStreamEvent::End(_)));
        if let Some(tape) = self.tape.as_mut().filter(|_| !goes_on) {
            tape.response_body = tapped.take_frames();
        }
        let event = match event {
            Ok(event) => event,
            Err(silence) => {
                let error = timed_out(silence, &self.generator.target, self.generator.timeouts);
                return self.give_up(error, None);
            }
        };
        match event {
            Some(Ok(ChatStreamEvent::Chunk(chunk))) => match self.hear_text(&chunk.content) {
                Ok(()) => self.phase = Phase::Genai(stream, tapped),
                Err(too_long) => {
                    if let Some(tape) = &mut self.tape {
                        tape.response_body = tapped.take_frames();
                    }
                    self.give_up(too_long, None);
                }
            },
            Some(Ok(ChatStreamEvent::End(end))) => {
                let tokens = end.captured_usage.as_ref().and_then(tokens);
                // genai ends the streams of Gemini and of responses where they are cut.
                let is_cut = self.generator.target.kind != AdapterKind::Anthropic
                    && end.captured_stop_reason.is_none();
                let (refusal, bad) = tapped.take();
                self.reply.refuse(&refusal);
                if let Some(cause) = bad {
                    return self.give_up(broken(&self.generator.target, &cause), tokens);
                }
                match (tapped.blocked().is_some(), is_cut) {
                    (true, _) => self.end(ReplyEnd::Filtered, tokens),
                    (false, true) => self.break_off(),
                    (false, false) => self.end(reply_end(end.captured_stop_reason.as_ref()), tokens),
                }
            }
            Some(Ok(_)) => self.phase = Phase::Genai(stream, tapped),
            Some(Err(error)) => match tapped.blocked() {
                Some(blocked) => self.end(ReplyEnd::Filtered, blocked.tokens),
                None => self.fail(error, Silence::Idle),
            },
            None => self.break_off(),
        }
    }

    /// Takes in text, up to the most that is read.
    fn hear_text(&mut self, text: &str) -> Result<(), GeneratorError> {
        let most = self.generator.options.most_bytes;
        self.bytes += text.len();
        let over = self.bytes.saturating_sub(most);
        let mut end = text.len().saturating_sub(over);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.reply.read(&text[..end]);
        let provider = self.generator.target.provider();
        if over > 0 { Err(GeneratorError::TooLong { provider, most }) } else { Ok(()) }
    }

    fn break_off(&mut self) {
        let error = broken(&self.generator.target, "the stream stopped without its end");
        self.give_up(error, None);
    }

    fn fail(&mut self, error: genai::Error, silence: Silence) {
        match self.failure(error, silence) {
            Failure::Refused { status, body, headers } => {
                if let Some(tape) = &mut self.tape {
                    tape.status = Some(status);
                    tape.response_body.clone_from(&body);
                }
                self.refused(status, &body, headers.as_deref());
            }
            Failure::NotText(bytes) => {
                self.save(&bytes);
                let error = broken(&self.generator.target, "a piece is no UTF-8");
                self.give_up(error, None);
            }
            Failure::Ended(end, tokens) => self.end(end, tokens),
            Failure::Other(error) => self.give_up(error, None),
        }
    }

    /// Reads the frames that stood before a byte which is no UTF-8.
    fn save(&mut self, bytes: &[u8]) {
        let valid = bytes.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
        for frame in Frames::default().feed(&bytes[..valid]) {
            let Ok(frame) = serde_json::from_slice::<Value>(&frame) else { continue };
            if let Some(text) = text_of(&frame) {
                self.reply.read(text);
            }
        }
    }

    /// Says what a failure of genai means.
    fn failure(&self, error: genai::Error, silence: Silence) -> Failure {
        let target = &self.generator.target;
        let other = match error {
            genai::Error::HttpError { status, body, headers, .. } => {
                return Failure::Refused { status: status.as_u16(), body, headers: Some(headers) };
            }
            genai::Error::WebModelCall { webc_error, .. }
            | genai::Error::WebAdapterCall { webc_error, .. } => {
                return self.web_failure(webc_error, silence);
            }
            genai::Error::WebStream { error, cause, .. } => {
                return self.stream_failure(error, &cause, silence);
            }
            // Gemini answers a prompt that it blocks without any candidate, of which genai leaves this.
            genai::Error::ChatResponse { body, .. } if body.get("finishReason").is_some() => {
                let reason = body.get("finishReason").and_then(Value::as_str);
                let reason = reason.map(|reason| StopReason::from(reason.to_owned()));
                let end = reason.map_or(ReplyEnd::Filtered, |reason| reply_end(Some(&reason)));
                return Failure::Ended(end, None);
            }
            // A failure in the middle of a stream comes as an event without a status.
            genai::Error::ChatResponse { body, .. } => {
                let error = body.get("error").unwrap_or(&body);
                refusal(status_of(error), &body.to_string(), None, target)
            }
            genai::Error::StreamParse { serde_error, .. } => {
                broken(target, &format!("a piece is no JSON ({serde_error})"))
            }
            // The words of this one repeat the whole request.
            genai::Error::ChatResponseGeneration { response_body, cause, .. } => {
                return self.unread(&response_body, &cause);
            }
            genai::Error::JsonValueExt(error) => {
                broken(target, &format!("a piece lacks what it must hold ({error})"))
            }
            other => {
                GeneratorError::Settings(target.without_key(&format!("The request cannot be made: {other}.")))
            }
        };
        Failure::Other(other)
    }

    /// Says what a whole body means that genai takes for no reply.
    fn unread(&self, body: &Value, cause: &str) -> Failure {
        let target = &self.generator.target;
        if let Some(blocked) = blocked(body) {
            return Failure::Ended(ReplyEnd::Filtered, blocked.tokens);
        }
        // Some gateways say what failed with a status that is good.
        let failure = body.get("error").filter(|error| error.is_object());
        Failure::Other(failure.map_or_else(
            || broken(target, cause),
            |error| refusal(status_of(error), &body.to_string(), None, target),
        ))
    }

    fn stream_failure(&self, error: genai::BoxError, cause: &str, silence: Silence) -> Failure {
        let (target, timeouts) = (&self.generator.target, self.generator.timeouts);
        let error = match error.downcast::<genai::Error>() {
            Ok(inner) => return self.failure(*inner, silence),
            Err(error) => error,
        };
        let error = match error.downcast::<FromUtf8Error>() {
            Ok(error) => return Failure::NotText(error.into_bytes()),
            Err(error) => error,
        };
        if let Some(silent) = error.downcast_ref::<StreamTimeout>() {
            let silence = match silent {
                StreamTimeout::Headers => Silence::FirstByte,
                StreamTimeout::Read => Silence::Idle,
            };
            return Failure::Other(timed_out(silence, target, timeouts));
        }
        Failure::Other(match error.downcast::<reqwest::Error>() {
            Ok(error) => connection_failure(*error, silence, target, timeouts),
            Err(_other) => broken(target, cause),
        })
    }

    fn web_failure(&self, error: webc::Error, silence: Silence) -> Failure {
        let (target, timeouts) = (&self.generator.target, self.generator.timeouts);
        Failure::Other(match error {
            webc::Error::ResponseFailedStatus { status, body, headers } => {
                return Failure::Refused { status: status.as_u16(), body, headers: Some(headers) };
            }
            webc::Error::Reqwest(error) => connection_failure(error, silence, target, timeouts),
            webc::Error::ResponseFailedNotJson { content_type, .. } => {
                broken(target, &format!("it answered with {content_type} instead of JSON"))
            }
            webc::Error::ResponseFailedInvalidJson { cause, .. } => {
                broken(target, &format!("it answered with JSON that does not parse ({cause})"))
            }
            webc::Error::JsonValueExt(error) => broken(target, &error.to_string()),
        })
    }
}

/// Waits for the next event; frames that are none, such as pings, show that the server lives.
///
/// # Errors
///
/// What was silent for too long.
async fn next_of(
    stream: &mut ChatStream,
    tapped: &Tapped,
    timeouts: Timeouts,
) -> Result<Option<genai::Result<ChatStreamEvent>>, Silence> {
    loop {
        let (patience, silence) = tapped.patience(timeouts);
        if patience.is_zero() {
            return Err(silence);
        }
        // Frames may come meanwhile and shorten the patience, so it is looked at again.
        if let Ok(event) = timeout(patience.min(timeouts.idle), stream.next()).await {
            return Ok(event);
        }
    }
}

/// Returns the text of a reply that a frame brings, of the three dialects.
fn text_of(frame: &Value) -> Option<&str> {
    match frame.get("type").and_then(Value::as_str) {
        Some("content_block_delta") => frame.pointer("/delta/text")?.as_str(),
        Some("response.output_text.delta") => frame.get("delta")?.as_str(),
        Some(_) => None,
        None => {
            let part = frame.pointer("/candidates/0/content/parts/0")?;
            let is_thought = part.get("thought").and_then(Value::as_bool) == Some(true);
            part.get("text")?.as_str().filter(|_| !is_thought)
        }
    }
}

/// Returns what the model said instead of a response.
fn refusal_of(body: &Value) -> Option<&str> {
    let items = body.get("output")?.as_array()?.iter();
    let mut contents = items.filter_map(|item| item.get("content")?.as_array()).flatten();
    contents.find_map(|content| content.get("refusal")?.as_str())
}

fn reply_end(reason: Option<&StopReason>) -> ReplyEnd {
    match reason {
        Some(StopReason::MaxTokens(_)) => ReplyEnd::CutOff,
        Some(StopReason::ContentFilter(_)) => ReplyEnd::Filtered,
        _ => ReplyEnd::Complete,
    }
}

/// Returns the tokens that a provider counted; `None` where it counted none.
fn tokens(usage: &Usage) -> Option<Tokens> {
    let count = |tokens: Option<i32>| tokens.and_then(|tokens| u64::try_from(tokens).ok());
    let (input, output) = (count(usage.prompt_tokens), count(usage.completion_tokens));
    input.or(output)?;
    Some(Tokens { input: input.unwrap_or(0), output: output.unwrap_or(0) })
}
