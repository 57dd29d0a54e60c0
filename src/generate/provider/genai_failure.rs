//! What genai's errors come down to: a refusal, a connection that failed, or an end that it takes for an error.

use std::string::FromUtf8Error;

use genai::chat::StopReason;
use genai::webc::{self, StreamTimeout};
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::ProviderGenerator;
use super::failure::{broken, connection_failure, refusal, status_of, timed_out};
use super::tap::{is_blocked, spent};
use crate::domain::Tokens;
use crate::generate::{GeneratorError, ReplyEnd, Silence};

/// What genai's errors come down to.
pub(super) enum Failure {
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

impl ProviderGenerator {
    /// Says what a failure of genai means; `silence` is what was waited for.
    pub(super) fn genai_failure(&self, error: genai::Error, silence: Silence) -> Failure {
        let target = &self.target;
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
            // A failure in the middle of a stream comes as an event without a status.
            genai::Error::ChatResponse { body, .. } => self.said_within(body.get("error").unwrap_or(&body)),
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
        if is_blocked(body) {
            return Failure::Ended(ReplyEnd::Filtered, spent(body, None));
        }
        let failure = failure_of(body).map(|failure| self.said_within(failure));
        Failure::Other(
            failure.unwrap_or_else(|| {
                broken(&self.target, &format!("there is no reply in its answer ({cause})"))
            }),
        )
    }

    /// Says what a failure means that came within an answer which began well.
    pub(super) fn said_within(&self, failure: &Value) -> GeneratorError {
        let body = serde_json::json!({ "error": failure }).to_string();
        refusal(status_of(failure), &body, None, &self.target)
    }

    fn stream_failure(&self, error: genai::BoxError, cause: &str, silence: Silence) -> Failure {
        let (target, timeouts) = (&self.target, self.timeouts);
        let error = match error.downcast::<genai::Error>() {
            Ok(inner) => return self.genai_failure(*inner, silence),
            Err(error) => error,
        };
        let error = match error.downcast::<FromUtf8Error>() {
            Ok(error) => return Failure::NotText(error.into_bytes()),
            Err(error) => error,
        };
        if let Some(silent) = error.downcast_ref::<StreamTimeout>() {
            let silence = match silent {
                StreamTimeout::Headers => Silence::FirstByte,
                StreamTimeout::Read => silence,
            };
            return Failure::Other(timed_out(silence, target, timeouts));
        }
        Failure::Other(match error.downcast::<reqwest::Error>() {
            Ok(error) => connection_failure(*error, silence, target, timeouts),
            Err(_other) => broken(target, cause),
        })
    }

    fn web_failure(&self, error: webc::Error, silence: Silence) -> Failure {
        let (target, timeouts) = (&self.target, self.timeouts);
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

/// Whether a frame of Gemini's held no candidate, as one does that only counts tokens; behind it
/// the stream goes on.
pub(super) fn is_without_candidate(error: &genai::Error) -> bool {
    matches!(error, genai::Error::ChatResponse { body, .. } if body.get("finishReason").is_some())
}

/// Returns what failed, as a response or a gateway says it with a status that is good.
pub(super) fn failure_of(body: &Value) -> Option<&Value> {
    body.get("error").filter(|failure| failure.is_object())
}

/// Returns how a reply ended that ended for a reason.
pub(super) fn reply_end(reason: Option<&StopReason>) -> ReplyEnd {
    match reason {
        Some(StopReason::MaxTokens(_)) => ReplyEnd::CutOff,
        Some(StopReason::ContentFilter(_)) => ReplyEnd::Filtered,
        _ => ReplyEnd::Complete,
    }
}
