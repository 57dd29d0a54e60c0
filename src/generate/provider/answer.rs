//! Sends a request and reads the answer piece by piece in the server's dialect.
//!
//! What holds for every dialect is implemented here: complete rows before an invalid byte are kept, rate
//! limits are reported with every answer, silence ends in a timeout, an endless answer is cut off, and a
//! request uses little more memory than its own bytes.

use std::borrow::Cow;
use std::time::Instant;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use tokio::time::timeout;

use super::Delivery;
use super::connection::unanswered;
use super::dialect::{Ask, Counted, Piece};
use super::exchange::{Exchange, Phase};
use super::failure::{broken, connection_failure, refusal, timed_out, unwritable};
use super::partial::closed;
use super::said::status_of;
use super::sse::Frames;
use super::wrong_address::not_a_reply;
use crate::generate::{GeneratorError, ReplyEnd, Silence};

/// The most bytes that are read of an error response.
const MOST_OF_A_REFUSAL: usize = 1 << 16;

/// An answer that is being read.
pub(super) struct Answer {
    response: reqwest::Response,
    form: Form,
    sent: Instant,
    bytes: usize,
    /// Whether any piece of a reply has arrived.
    replied: bool,
    end: Option<ReplyEnd>,
    counted: Counted,
}

/// The kind of body that an answer has.
enum Form {
    Events(Frames),
    Json(Vec<u8>),
    Refusal(Vec<u8>),
}

/// Why reading stops.
enum Stop {
    End,
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
            Err(error) => return self.give_up(error, None),
        };
        let response = match timeout(timeouts.first_byte, generator.web.execute(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let error = unanswered(error, &generator.web, target, timeouts).await;
                return self.give_up(error, None);
            }
            Err(_elapsed) => return self.give_up(timed_out(Silence::FirstByte, target, timeouts), None),
        };
        if let Some(tape) = &mut self.tape {
            tape.answered(&response);
        }
        let form = if !response.status().is_success() {
            Form::Refusal(vec![])
        } else if is_html(response.headers()) {
            return self.give_up(not_a_reply("<html>", target), None);
        } else if self.delivery == Delivery::Whole || is_json(response.headers()) {
            Form::Json(vec![])
        } else {
            Form::Events(Frames::default())
        };
        if !matches!(form, Form::Refusal(_)) {
            self.hear_limits(response.headers());
        }
        let counted = Counted::default();
        let answer = Answer { response, form, sent, bytes: 0, replied: false, end: None, counted };
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
        let (silence, wait) = if answer.bytes == 0 {
            (Silence::FirstByte, timeouts.first_byte.saturating_sub(answer.sent.elapsed()))
        } else {
            (Silence::Idle, timeouts.idle)
        };
        let chunk = match timeout(wait, answer.response.chunk()).await {
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
        if let Some(tape) = &mut self.tape {
            tape.hear(&chunk);
        }
        match self.take_chunk(&mut answer, &chunk) {
            Ok(()) => self.phase = Phase::Answered(answer),
            Err(Stop::End) => self.end(answer.end.unwrap_or(ReplyEnd::Complete), answer.counted.tokens()),
            Err(Stop::Failed(error)) => self.give_up(error, answer.counted.tokens()),
        }
    }

    fn take_chunk(&mut self, answer: &mut Answer, chunk: &[u8]) -> Result<(), Stop> {
        let most = self.generator.options.most_bytes;
        match &mut answer.form {
            Form::Events(frames) => {
                for frame in frames.feed(chunk) {
                    self.take_event(answer, &frame)?;
                }
            }
            Form::Json(body) => {
                body.extend_from_slice(&chunk[..chunk.len().min(most.saturating_sub(body.len()))]);
            }
            Form::Refusal(body) => {
                body.extend_from_slice(chunk);
                if body.len() > MOST_OF_A_REFUSAL {
                    let body = String::from_utf8_lossy(&body[..MOST_OF_A_REFUSAL]);
                    let status = answer.response.status().as_u16();
                    let headers = Some(answer.response.headers());
                    return Err(Stop::Failed(refusal(status, &body, headers, &self.generator.target)));
                }
            }
        }
        if answer.bytes > most {
            if let Form::Json(body) = &mut answer.form {
                let body = std::mem::take(body);
                self.take_beginning(answer, &body);
            }
            let provider = self.generator.target.provider();
            return Err(Stop::Failed(GeneratorError::TooLong { provider, most }));
        }
        Ok(())
    }

    fn take_event(&mut self, answer: &mut Answer, data: &[u8]) -> Result<(), Stop> {
        let target = &self.generator.target;
        let data = match str::from_utf8(data) {
            Ok(data) => data,
            Err(error) => {
                return Err(Stop::Failed(broken(target, &format!("a piece is no UTF-8 ({error})"))));
            }
        };
        let piece = target.dialect.read_event(data);
        let piece = piece.map_err(|cause| Stop::Failed(broken(target, &cause)))?;
        self.take_piece(answer, &piece)
    }

    fn take_whole(&mut self, answer: &mut Answer, body: &[u8]) -> Result<(), Stop> {
        let target = &self.generator.target;
        let body = self.as_text(body);
        let piece = target.dialect.read_reply(&body);
        let piece = piece.map_err(|cause| Stop::Failed(broken(target, &cause)))?;
        self.take_piece(answer, &piece)
    }

    /// Reads the complete rows of a body that exceeds the size limit.
    fn take_beginning(&mut self, answer: &mut Answer, body: &[u8]) {
        let body = closed(&self.as_text(body));
        if let Ok(piece) = self.generator.target.dialect.read_reply(&body) {
            self.reply.read(&piece.text);
            answer.counted = piece.counted.after(answer.counted);
        }
    }

    /// Returns a body as text. An invalid UTF-8 byte damages only its own row.
    fn as_text<'b>(&mut self, body: &'b [u8]) -> Cow<'b, str> {
        let text = String::from_utf8_lossy(body);
        if matches!(text, Cow::Owned(_)) {
            self.reply.doubt();
        }
        text
    }

    fn take_piece(&mut self, answer: &mut Answer, piece: &Piece) -> Result<(), Stop> {
        answer.counted = piece.counted.after(answer.counted);
        self.reply.read(&piece.text);
        self.reply.refuse(&piece.refusal);
        if let Some(error) = &piece.failure {
            let status = status_of(error);
            let error = refusal(status, &error.to_string(), None, &self.generator.target);
            return Err(Stop::Failed(error));
        }
        answer.replied |= piece.is_reply;
        answer.end = piece.end.or(answer.end);
        if piece.is_last { Err(Stop::End) } else { Ok(()) }
    }

    /// Ends the reply when no more data comes; `error` is set if the connection failed.
    fn stop(&mut self, mut answer: Box<Answer>, error: Option<GeneratorError>) {
        let form = std::mem::replace(&mut answer.form, Form::Json(vec![]));
        match (form, error) {
            (Form::Refusal(body), _) => {
                let (status, headers) = (answer.response.status().as_u16(), answer.response.headers());
                return self.refused(status, &String::from_utf8_lossy(&body), Some(headers));
            }
            (Form::Events(frames), error) => {
                let last = frames.finish().filter(|_| error.is_none());
                let stop = last.and_then(|event| self.take_event(&mut answer, &event).err());
                match (stop, answer.end, error) {
                    (Some(Stop::Failed(error)), None, _) | (_, None, Some(error)) => {
                        return self.give_up(error, answer.counted.tokens());
                    }
                    (Some(Stop::End), _, _) | (_, Some(_), _) => {}
                    (None, None, None) => {
                        let error = broken(&self.generator.target, "the stream stopped without its end");
                        return self.give_up(error, answer.counted.tokens());
                    }
                }
            }
            (Form::Json(_), Some(error)) => return self.give_up(error, None),
            (Form::Json(body), None) => {
                if let Err(Stop::Failed(error)) = self.take_whole(&mut answer, &body) {
                    return self.give_up(error, answer.counted.tokens());
                }
                if !answer.replied {
                    let error = not_a_reply(&String::from_utf8_lossy(&body), &self.generator.target);
                    return self.give_up(error, answer.counted.tokens());
                }
            }
        }
        self.end(answer.end.unwrap_or(ReplyEnd::Complete), answer.counted.tokens());
    }
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn is_html(headers: &HeaderMap) -> bool {
    content_type(headers).starts_with("text/html")
}

fn is_json(headers: &HeaderMap) -> bool {
    content_type(headers).starts_with("application/json")
}
