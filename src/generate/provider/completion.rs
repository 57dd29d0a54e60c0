//! Chat completions, asked and read without genai.
//!
//! Most requests go this way, and three things that genai 0.7.2 does not do are promised of
//! them: rows that were whole before a bad byte are kept, the server's word on its limits is
//! heard with every answer, and a request costs little more than its own bytes. The bodies
//! are in [`wire`](super::wire).

use std::time::Instant;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use tokio::time::timeout;

use super::Delivery;
use super::exchange::{Exchange, Phase};
use super::failure::{broken, connection_failure, refusal, status_of, timed_out};
use super::record::{Recording, redacted};
use super::sse::Frames;
use super::wire::{Answer, Body};
use crate::domain::Tokens;
use crate::generate::{GeneratorError, ReplyEnd, Silence};

/// The most bytes that are read of a refusal.
const MOST_OF_A_REFUSAL: usize = 1 << 16;

/// An answer that is being read.
pub(super) struct Listening {
    response: reqwest::Response,
    form: Form,
    sent: Instant,
    bytes: usize,
    /// Whether any of it was a reply.
    replied: bool,
    end: Option<ReplyEnd>,
    tokens: Option<Tokens>,
}

/// How an answer comes.
enum Form {
    Frames(Frames),
    Json(Vec<u8>),
    Refusal(Vec<u8>),
}

/// Why no more is read.
enum Stop {
    End,
    Failed(GeneratorError),
}

impl Exchange<'_> {
    /// Sends the request and waits for the head of its answer.
    pub(super) async fn send_completion(&mut self) {
        let generator = self.generator;
        let (target, timeouts) = (&generator.target, generator.timeouts);
        let sent = Instant::now();
        let request = match self.completion_request() {
            Ok(request) => request,
            Err(error) => return self.give_up(error, None),
        };
        let response = match timeout(timeouts.first_byte, generator.clients.web.execute(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let error = connection_failure(error, Silence::FirstByte, target, timeouts);
                return self.give_up(error, None);
            }
            Err(_elapsed) => return self.give_up(timed_out(Silence::FirstByte, target, timeouts), None),
        };
        if let Some(tape) = &mut self.tape {
            tape.status = Some(response.status().as_u16());
            tape.response_headers = redacted(response.headers(), target.key.as_ref());
        }
        let form = if !response.status().is_success() {
            Form::Refusal(vec![])
        } else if is_html(response.headers()) {
            let error = broken(target, "it answered with a page of HTML instead of JSON");
            return self.give_up(error, None);
        } else if self.delivery == Delivery::Whole || is_json(response.headers()) {
            Form::Json(vec![])
        } else {
            Form::Frames(Frames::default())
        };
        if !matches!(form, Form::Refusal(_)) {
            self.hear_limits(response.headers());
        }
        let listening = Listening { response, form, sent, bytes: 0, replied: false, end: None, tokens: None };
        self.phase = Phase::Completion(Box::new(listening));
    }

    fn completion_request(&mut self) -> Result<reqwest::Request, GeneratorError> {
        let generator = self.generator;
        let target = &generator.target;
        let streamed = self.delivery == Delivery::Streamed;
        let body = Body::new(&self.request, &target.model, generator.max_tokens, streamed, self.asked_schema);
        let body = serde_json::to_string(&body)
            .map_err(|error| GeneratorError::Settings(format!("The request cannot be written: {error}.")))?;
        let recorded = generator.options.recorder.is_some().then(|| body.clone());
        let url = format!("{}chat/completions", target.url);
        let mut request =
            generator.clients.web.post(&url).header(CONTENT_TYPE, "application/json").body(body);
        if let Some(key) = &target.key {
            request = request.bearer_auth(key.exposed());
        }
        let request = request
            .build()
            .map_err(|error| connection_failure(error, Silence::Connect, target, generator.timeouts))?;
        if let Some(request_body) = recorded {
            self.start_tape(|| Recording {
                url,
                request_headers: redacted(request.headers(), target.key.as_ref()),
                request_body,
                ..Recording::default()
            });
        }
        Ok(request)
    }

    /// Reads the next piece of the answer.
    pub(super) async fn hear_completion(&mut self, mut listening: Box<Listening>) {
        let (target, timeouts) = (&self.generator.target, self.generator.timeouts);
        let (silence, wait) = if listening.bytes == 0 {
            (Silence::FirstByte, timeouts.first_byte.saturating_sub(listening.sent.elapsed()))
        } else {
            (Silence::Idle, timeouts.idle)
        };
        let chunk = match timeout(wait, listening.response.chunk()).await {
            Ok(Ok(chunk)) => chunk,
            Ok(Err(error)) => {
                let error = connection_failure(error, silence, target, timeouts);
                return self.stop_completion(listening, Some(error));
            }
            Err(_elapsed) => {
                let error = timed_out(silence, target, timeouts);
                return self.stop_completion(listening, Some(error));
            }
        };
        let Some(chunk) = chunk else { return self.stop_completion(listening, None) };
        listening.bytes += chunk.len();
        if let Some(tape) = &mut self.tape {
            tape.response_body.push_str(&String::from_utf8_lossy(&chunk));
        }
        match self.take_chunk(&mut listening, &chunk) {
            Ok(()) => self.phase = Phase::Completion(listening),
            Err(Stop::End) => self.end(listening.end.unwrap_or(ReplyEnd::Complete), listening.tokens),
            Err(Stop::Failed(error)) => self.give_up(error, listening.tokens),
        }
    }

    fn take_chunk(&mut self, listening: &mut Listening, chunk: &[u8]) -> Result<(), Stop> {
        match &mut listening.form {
            Form::Frames(frames) => {
                for frame in frames.feed(chunk) {
                    self.take_frame(listening, &frame)?;
                }
            }
            Form::Json(body) => body.extend_from_slice(chunk),
            Form::Refusal(body) => {
                body.extend_from_slice(chunk);
                if body.len() > MOST_OF_A_REFUSAL {
                    let body = String::from_utf8_lossy(&body[..MOST_OF_A_REFUSAL]);
                    let status = listening.response.status().as_u16();
                    let headers = Some(listening.response.headers());
                    return Err(Stop::Failed(refusal(status, &body, headers, &self.generator.target)));
                }
            }
        }
        let most = self.generator.options.most_bytes;
        if listening.bytes > most {
            let provider = self.generator.target.provider();
            return Err(Stop::Failed(GeneratorError::TooLong { provider, most }));
        }
        Ok(())
    }

    fn take_frame(&mut self, listening: &mut Listening, frame: &[u8]) -> Result<(), Stop> {
        if frame.trim_ascii() == b"[DONE]" {
            return Err(Stop::End);
        }
        let target = &self.generator.target;
        let answer = match Answer::read(frame) {
            Ok(answer) => answer,
            Err(cause) => return Err(Stop::Failed(broken(target, &cause))),
        };
        if let Some(error) = &answer.error {
            let status = status_of(error);
            return Err(Stop::Failed(refusal(status, &error.to_string(), None, target)));
        }
        if let Some(text) = answer.text() {
            self.reply.read(&text);
        }
        if let Some(refusal) = answer.refusal() {
            self.reply.refuse(refusal);
        }
        listening.replied |= answer.is_reply();
        listening.end = answer.end().or(listening.end);
        listening.tokens = answer.tokens().or(listening.tokens);
        Ok(())
    }

    /// Ends where no more comes: `error` says why, where the connection did not simply end.
    fn stop_completion(&mut self, mut listening: Box<Listening>, error: Option<GeneratorError>) {
        let form = std::mem::replace(&mut listening.form, Form::Json(vec![]));
        match (form, error) {
            (Form::Refusal(body), _) => {
                let (status, headers) = (listening.response.status().as_u16(), listening.response.headers());
                return self.refused(status, &String::from_utf8_lossy(&body), Some(headers));
            }
            (Form::Frames(frames), error) => {
                let last = frames.finish().filter(|_| error.is_none());
                let stop = last.and_then(|frame| self.take_frame(&mut listening, &frame).err());
                match (stop, listening.end, error) {
                    (Some(Stop::Failed(error)), None, _) | (_, None, Some(error)) => {
                        return self.give_up(error, listening.tokens);
                    }
                    (Some(Stop::End), _, _) | (_, Some(_), _) => {}
                    (None, None, None) => {
                        let error = broken(&self.generator.target, "the stream stopped without its end");
                        return self.give_up(error, listening.tokens);
                    }
                }
            }
            (Form::Json(_), Some(error)) => return self.give_up(error, None),
            (Form::Json(body), None) => {
                if let Err(Stop::Failed(error)) = self.take_frame(&mut listening, &body) {
                    return self.give_up(error, listening.tokens);
                }
                if !listening.replied {
                    let error = broken(&self.generator.target, "there is no reply in its answer");
                    return self.give_up(error, listening.tokens);
                }
            }
        }
        self.end(listening.end.unwrap_or(ReplyEnd::Complete), listening.tokens);
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
