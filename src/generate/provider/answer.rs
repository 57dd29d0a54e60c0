//! Sends a request and reads the answer piece by piece in the server's dialect.
//!
//! What holds for every dialect is implemented here: the first bytes decide what a body is, complete rows before
//! an invalid byte are kept, rate limits are reported with every answer, silence ends in a timeout, an endless
//! answer is cut off, and a request uses little more memory than its own bytes.
//!
//! A frame that cannot be read is skipped: if the reply's end comes nevertheless, only the piece around it is
//! lost. After the reply's end only its tokens can follow, and nothing that happens then loses anything.

mod document;
mod listening;
mod source;

use std::time::Instant;

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde_json::Value;
use tokio::time::timeout;

use super::Delivery;
use super::body::{Body, failed_generation};
use super::connection::unanswered;
use super::dialect::{Ask, Counted, Piece};
use super::exchange::{Exchange, Phase};
use super::failure::{broken, connection_failure, refusal, timed_out, unwritable};
use super::finish::Finish;
use super::said::status_of;
use super::wrong_address::not_a_reply;
use crate::generate::{GenerateEvent, GeneratorError, Silence};
use listening::Listening;
use source::Source;

/// The most bytes that are read of an error response, or of a page that is no reply.
const MOST_OF_A_REFUSAL: usize = 1 << 16;

/// An answer that is being read.
pub(super) struct Answer {
    source: Source,
    body: Body,
    listening: Listening,
    bytes: usize,
    /// Whether any piece of a reply has arrived.
    replied: bool,
    end: Option<Finish>,
    /// Whether text followed the end.
    went_on: bool,
    counted: Counted,
    /// Why the first frame that cannot be read cannot be.
    junk: Option<String>,
    /// The number of the choice that is read.
    choice: Option<u64>,
}

/// Why reading stops.
enum Stop {
    End,
    /// An error response that came with a status of success, before any reply.
    Refused(u16, String),
    Failed(GeneratorError),
}

impl Exchange<'_> {
    /// Sends the request and waits for the headers of the answer.
    pub(super) async fn send(&mut self) {
        let generator = self.generator;
        let (target, timeouts) = (&generator.target, generator.timeouts);
        let sent = Instant::now();
        let request = match self.write_request() {
            Ok(request) => request,
            Err(error) => return self.give_up(error, Counted::default()),
        };
        let response = match timeout(timeouts.first_byte, generator.web.execute(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let error = unanswered(error, &generator.web, target, timeouts).await;
                return self.give_up(error, Counted::default());
            }
            Err(_elapsed) => {
                return self.give_up(timed_out(Silence::FirstByte, target, timeouts), Counted::default());
            }
        };
        if let Some(tape) = &mut self.tape {
            tape.answered(&response);
        }
        let body = if response.status().is_success() {
            self.hear_limits(response.headers());
            Body::Unknown(vec![])
        } else {
            Body::Refusal(vec![])
        };
        let answer = Answer::begun(Source::Wire(response), body, sent);
        self.phase = Phase::Answered(Box::new(answer));
    }

    fn write_request(&mut self) -> Result<reqwest::Request, GeneratorError> {
        let generator = self.generator;
        let target = &generator.target;
        let ask = Ask {
            request: &self.request,
            model: &target.model,
            max_tokens: generator.max_tokens,
            streamed: self.delivery == Delivery::Streamed,
            parts: self.parts,
        };
        let body = target.dialect.body(&ask).map_err(|error| unwritable(&error, target))?;
        let mut request = reqwest::Request::new(reqwest::Method::POST, target.url.of(target.dialect.path()));
        *request.headers_mut() = target.headers()?;
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.start_tape(&request, &body);
        *request.body_mut() = Some(body.into());
        Ok(request)
    }

    /// Reads the next part of the answer.
    pub(super) async fn hear(&mut self, mut answer: Box<Answer>) {
        let (target, timeouts) = (&self.generator.target, self.generator.timeouts);
        let (silence, wait) = answer.listening.wait(timeouts, answer.went_on);
        let chunk = match timeout(wait, answer.source.chunk()).await {
            Ok(Ok(chunk)) => chunk,
            Ok(Err(error)) => {
                let error = connection_failure(error, silence, target, timeouts);
                return self.stop(answer, Some(error));
            }
            Err(_elapsed) => {
                let error = timed_out(silence, target, timeouts);
                return self.stop(answer, Some(error));
            }
        };
        let Some(chunk) = chunk else { return self.stop(answer, None) };
        answer.bytes += chunk.len();
        answer.listening.hear_byte();
        if let Some(tape) = &mut self.tape {
            tape.hear(&chunk);
        }
        if let Some(answer) = self.heard(answer, &chunk) {
            self.phase = Phase::Answered(answer);
        }
    }

    /// Takes a part of the answer; returns the answer where it goes on.
    fn heard(&mut self, mut answer: Box<Answer>, chunk: &[u8]) -> Option<Box<Answer>> {
        match self.take_chunk(&mut answer, chunk) {
            Ok(()) => return Some(answer),
            Err(Stop::End) => self.end(Finish::at_end(answer.end, answer.counted), answer.counted),
            Err(Stop::Refused(status, body)) => self.refused(status, &body, None, answer.counted),
            Err(Stop::Failed(error)) => self.give_up(error, answer.counted),
        }
        None
    }

    fn take_chunk(&mut self, answer: &mut Answer, chunk: &[u8]) -> Result<(), Stop> {
        let most = self.generator.options.most_bytes;
        let target = &self.generator.target;
        let begun;
        let mut bytes = chunk;
        if let Body::Unknown(blanks) = &mut answer.body {
            blanks.extend_from_slice(chunk);
            if let Some(body) = Body::begun_by(blanks) {
                begun = std::mem::take(blanks);
                bytes = &begun;
                answer.body = body;
            }
        }
        let is_one = matches!(answer.body, Body::Json(_));
        match &mut answer.body {
            Body::Unknown(_) => {}
            Body::Events(frames) => {
                for frame in frames.feed(bytes) {
                    self.take_frame(answer, &frame)?;
                }
            }
            Body::Json(body) | Body::Lines(body) => {
                if is_one {
                    answer.listening.hear_body(bytes);
                }
                body.extend_from_slice(&bytes[..bytes.len().min(most.saturating_sub(body.len()))]);
                self.take_lines(answer, bytes.len())?;
            }
            Body::Text(body) => {
                answer.listening.hear_body(bytes);
                body.extend_from_slice(bytes);
                if body.len() > MOST_OF_A_REFUSAL {
                    let body = String::from_utf8_lossy(&body[..MOST_OF_A_REFUSAL]);
                    return Err(Stop::Failed(not_a_reply(&body, target)));
                }
            }
            Body::Refusal(body) => {
                answer.listening.hear_body(bytes);
                body.extend_from_slice(bytes);
                if body.len() > MOST_OF_A_REFUSAL {
                    let body = String::from_utf8_lossy(&body[..MOST_OF_A_REFUSAL]);
                    let (status, headers) = (answer.source.status(), answer.source.headers());
                    return Err(Stop::Failed(refusal(status, &body, headers, target)));
                }
            }
        }
        if answer.bytes > most {
            if let Body::Json(body) = &mut answer.body {
                let body = std::mem::take(body);
                self.take_beginning(answer, &body);
            }
            let provider = self.generator.target.provider();
            return Err(Stop::Failed(GeneratorError::TooLong { provider, most }));
        }
        Ok(())
    }

    fn take_piece(&mut self, answer: &mut Answer, piece: Piece<'_>) -> Result<(), Stop> {
        answer.counted = piece.counted.after(answer.counted);
        self.reply.answered_by(piece.model.as_deref());
        let is_silent = piece.text.is_empty() && piece.thinking.is_empty() && piece.calls.is_empty();
        if answer.choice.zip(piece.choice).is_some_and(|(read, other)| read != other) {
            return Ok(());
        }
        let arguments = piece.calls.iter().map(|(_, arguments)| arguments.as_ref());
        [&*piece.text, &*piece.thinking, &*piece.refusal]
            .into_iter()
            .chain(arguments)
            .for_each(|content| answer.listening.hear(content));
        answer.choice = answer.choice.or(piece.choice.filter(|_| !is_silent));
        if let Some(error) = piece.failure.as_ref().filter(|_| is_silent && !answer.replied) {
            return Err(self.failed(error, true));
        }
        if piece.is_reply && !answer.replied {
            answer.replied = true;
            self.reply.tell(GenerateEvent::Accepted);
        }
        self.reply.think(&piece.thinking, piece.is_whole);
        if piece.is_whole {
            self.reply.read_whole(&piece.text);
        } else {
            self.reply.read(&piece.text);
        }
        for (index, arguments) in &piece.calls {
            self.reply.call(*index, arguments, piece.is_whole);
        }
        self.reply.refuse(&piece.refusal);
        answer.went_on |= answer.end.is_some() && !is_silent;
        let whole = piece.is_whole.then_some(Finish::Complete);
        answer.end = piece.end.or(answer.end.take()).or(whole);
        if answer.end.is_some() {
            answer.listening.hear_end();
        }
        if let Some(error) = &piece.failure {
            return Err(self.failed(error, false));
        }
        if piece.is_last || self.reply.is_blank() { Err(Stop::End) } else { Ok(()) }
    }

    /// Returns the failure that a server reports in an answer, which may be all of it; reads the text beside it.
    fn failed(&mut self, error: &Value, is_all: bool) -> Stop {
        let body = error.to_string();
        if is_all {
            return Stop::Refused(status_of(error), body);
        }
        self.read_failed_generation(&body);
        Stop::Failed(refusal(status_of(error), &body, None, &self.generator.target))
    }

    /// Reads the rows of a reply that the server found to be no valid JSON; returns whether there is one.
    pub(super) fn read_failed_generation(&mut self, body: &str) -> bool {
        let text = failed_generation(body);
        self.reply.read_whole(text.as_deref().unwrap_or_default());
        text.is_some()
    }

    /// Ends the reply when no more data comes; `error` is set if the connection failed.
    fn stop(&mut self, mut answer: Box<Answer>, error: Option<GeneratorError>) {
        match self.take_rest(&mut answer, error) {
            Ok(finish) => self.end(finish, answer.counted),
            Err(Some(error)) => self.give_up(error, answer.counted),
            Err(None) => {}
        }
    }

    /// Takes what has come of the body and was not read; returns how the reply ended, or why it has no end.
    fn take_rest(
        &mut self,
        answer: &mut Answer,
        error: Option<GeneratorError>,
    ) -> Result<Finish, Option<GeneratorError>> {
        let target = &self.generator.target;
        let is_over = error.is_none();
        let taken = match std::mem::replace(&mut answer.body, Body::Text(vec![])) {
            Body::Refusal(body) => {
                let (status, headers) = (answer.source.status(), answer.source.headers());
                self.refused(status, &String::from_utf8_lossy(&body), headers, Counted::default());
                return Err(None);
            }
            Body::Unknown(body) | Body::Text(body) if is_over => {
                if body.trim_ascii().is_empty() {
                    // It took the request, and had nothing to say.
                    self.reply.tell(GenerateEvent::Accepted);
                }
                return Err(Some(not_a_reply(&String::from_utf8_lossy(&body), target)));
            }
            Body::Events(frames) if is_over => {
                frames.finish().iter().try_for_each(|frame| self.take_frame(answer, frame))
            }
            Body::Lines(line) if is_over && !line.trim_ascii().is_empty() => {
                self.take_document(answer, &line)
            }
            // Also where its connection broke or stays open.
            Body::Json(body) => match self.take_whole(answer, &body) {
                Ok(()) if !answer.replied && is_over => match answer.counted.tokens() {
                    // What was paid for is a reply, even without any choice.
                    Some(_) if answer.end.is_none() => Err(Stop::End),
                    Some(_) => Ok(()),
                    None => return Err(Some(not_a_reply(&String::from_utf8_lossy(&body), target))),
                },
                Err(Stop::Failed(error)) if !answer.replied => {
                    self.take_beginning(answer, &body);
                    if is_over { Err(Stop::Failed(error)) } else { Ok(()) }
                }
                taken => taken,
            },
            Body::Unknown(_) | Body::Text(_) | Body::Events(_) | Body::Lines(_) => Ok(()),
        };
        match (taken, answer.end.take(), error) {
            (Err(Stop::Failed(error)), _, _) | (Ok(()), None, Some(error)) => Err(Some(error)),
            (Err(Stop::Refused(status, body)), ..) => {
                self.refused(status, &body, None, answer.counted);
                Err(None)
            }
            (Err(Stop::End), end, _) => Ok(Finish::at_end(end, answer.counted)),
            (Ok(()), Some(end), _) => Ok(end),
            (Ok(()), None, None) => {
                let cause = answer.junk.take().unwrap_or_else(|| "the stream stopped without its end".into());
                Err(Some(broken(target, &cause)))
            }
        }
    }
}
