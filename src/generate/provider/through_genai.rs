//! The dialects that genai speaks for us: Anthropic, Gemini, and `OpenAI`'s responses.
//!
//! It takes a `reqwest` client that nothing can be put around, and hands out neither the request
//! that it writes nor what comes back before it has read it. So here, limits are heard with
//! errors only; a recording holds what genai was handed; a whole reply is bounded after it has
//! been read, has to come within the time for its first byte, and shows a byte that is no UTF-8
//! as `U+FFFD`, which makes a scrap of its row.

use futures_util::stream::StreamExt;
use genai::adapter::AdapterKind;
use genai::chat::{
    ChatMessage, ChatOptions, ChatRequest, ChatStream, ChatStreamEvent, JsonSpec, StreamEnd, Usage,
};
use serde_json::Value;
use tokio::time::timeout;

use super::Delivery;
use super::exchange::{Exchange, Phase};
use super::failure::{broken, timed_out};
use super::genai_failure::{Failure, failure_of, is_without_candidate, reply_end};
use super::options::Timeouts;
use super::record::Recording;
use super::sse::Frames;
use super::tap::{Tapped, is_blocked};
use super::wire::short_seed;
use crate::domain::{Role, Tokens};
use crate::generate::{GeneratorError, ReplyEnd, Silence};

/// What is wrong with a stream that just stops.
const STOPPED: &str = "the stream stopped without its end";

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
                Err(error) => self.fail(error, Silence::FirstByte, None),
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
                let end = if is_blocked(&body) { ReplyEnd::Filtered } else { end };
                match (self.hear_text(&text), failure_of(&body)) {
                    (Ok(()), None) => self.end(end, tokens),
                    (Ok(()), Some(failure)) => self.give_up(self.generator.said_within(failure), tokens),
                    (Err(too_long), _) => self.give_up(too_long, tokens),
                }
            }
            Ok(Err(error)) => self.fail(error, Silence::FirstByte, None),
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
            // bytes; `next_of` keeps both, and this one only ends what it might miss.
            .with_stream_read_timeout(first_byte + idle);
        // Responses take no seed, and refuse a request with one.
        if generator.target.kind != AdapterKind::OpenAIResp {
            options = options.with_seed(short_seed(self.request.seed));
        }
        if let Some(most) = generator.max_tokens {
            options = options.with_max_tokens(most);
        }
        if self.asked_schema {
            options = options.with_response_format(JsonSpec::new("rows", Value::clone(&self.request.schema)));
        }
        options
    }

    /// Hears the next event of a stream.
    pub(super) async fn hear_genai(&mut self, mut stream: Box<ChatStream>, tapped: Tapped) {
        let (target, timeouts) = (&self.generator.target, self.generator.timeouts);
        let event = match next_of(&mut stream, &tapped, timeouts).await {
            Ok(event) => event,
            Err(silence) => return self.give_up_stream(timed_out(silence, target, timeouts), &tapped),
        };
        let text = match event {
            Some(Ok(ChatStreamEvent::Chunk(chunk))) => chunk.content,
            Some(Ok(ChatStreamEvent::End(end))) => return self.end_stream(&end, &tapped),
            Some(Ok(_)) => String::new(),
            Some(Err(error)) if is_without_candidate(&error) && !tapped.is_blocked() => String::new(),
            Some(Err(error)) => return self.fail_stream(error, &tapped),
            None => return self.give_up_stream(broken(target, STOPPED), &tapped),
        };
        match self.hear_text(&text) {
            Ok(()) => self.phase = Phase::Genai(stream, tapped),
            Err(too_long) => self.give_up_stream(too_long, &tapped),
        }
    }

    fn end_stream(&mut self, end: &StreamEnd, tapped: &Tapped) {
        let target = &self.generator.target;
        let tokens = end.captured_usage.as_ref().and_then(tokens).or_else(|| tapped.spent());
        let (refusal, bad) = tapped.take();
        self.reply.refuse(&refusal);
        if let Some(cause) = bad {
            return self.give_up_stream(broken(target, &cause), tapped);
        }
        let reason = end.captured_stop_reason.as_ref();
        // genai ends the streams of Gemini and of responses where they are cut.
        let is_cut = target.kind != AdapterKind::Anthropic && reason.is_none();
        if is_cut && !tapped.is_blocked() {
            return self.give_up_stream(broken(target, STOPPED), tapped);
        }
        self.tape_frames(tapped);
        self.end(if tapped.is_blocked() { ReplyEnd::Filtered } else { reply_end(reason) }, tokens);
    }

    fn fail_stream(&mut self, error: genai::Error, tapped: &Tapped) {
        self.tape_frames(tapped);
        if tapped.is_blocked() {
            return self.end(ReplyEnd::Filtered, tapped.spent());
        }
        match tapped.take_failure() {
            Some(failure) => self.give_up(self.generator.said_within(&failure), tapped.spent()),
            None => self.fail(error, tapped.patience(self.generator.timeouts).1, Some(tapped)),
        }
    }

    fn give_up_stream(&mut self, error: GeneratorError, tapped: &Tapped) {
        self.tape_frames(tapped);
        self.give_up(error, tapped.spent());
    }

    fn tape_frames(&mut self, tapped: &Tapped) {
        if let Some(tape) = &mut self.tape {
            tape.response_body = tapped.take_frames();
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

    fn fail(&mut self, error: genai::Error, silence: Silence, tapped: Option<&Tapped>) {
        let spent = || tapped.and_then(Tapped::spent);
        match self.generator.genai_failure(error, silence) {
            Failure::Refused { status, body, headers } => {
                if let Some(tape) = &mut self.tape {
                    tape.status = Some(status);
                    tape.response_body.clone_from(&body);
                }
                self.refused(status, &body, headers.as_deref());
            }
            Failure::NotText(bytes) => {
                self.save(&bytes, tapped);
                let error = broken(&self.generator.target, "a piece is no UTF-8");
                self.give_up(error, spent());
            }
            Failure::Ended(end, tokens) => self.end(end, tokens),
            Failure::Other(error) => self.give_up(error, spent()),
        }
    }

    /// Reads the frames that stood before a byte which is no UTF-8.
    fn save(&mut self, bytes: &[u8], tapped: Option<&Tapped>) {
        if let Some(tape) = &mut self.tape {
            tape.response_body.push_str(&String::from_utf8_lossy(bytes));
        }
        let valid = bytes.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
        for frame in Frames::default().feed(&bytes[..valid]) {
            if let (Some(tapped), Ok(data)) = (tapped, str::from_utf8(&frame)) {
                tapped.hear(data);
            }
            let Ok(frame) = serde_json::from_slice::<Value>(&frame) else { continue };
            if let Some(text) = text_of(&frame) {
                self.reply.read(text);
            }
        }
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

/// Returns the tokens that a provider counted; `None` where it counted none.
fn tokens(usage: &Usage) -> Option<Tokens> {
    let count = |tokens: Option<i32>| tokens.and_then(|tokens| u64::try_from(tokens).ok());
    let (input, output) = (count(usage.prompt_tokens), count(usage.completion_tokens));
    input.or(output)?;
    Some(Tokens { input: input.unwrap_or(0), output: output.unwrap_or(0) })
}
