//! What is heard of a stream beside genai: what its frames say that it does not pass on, and when.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::de::IgnoredAny;
use serde_json::Value;

use super::options::Timeouts;
use crate::domain::Tokens;
use crate::generate::Silence;

/// What stands in the frames that are read here: the others are genai's alone.
const TELLING: [&str; 5] =
    ["promptFeedback", "content_filter", "response.refusal.delta", "response.failed", "\"usage"];

/// What the frames of a stream said that genai does not pass on.
#[derive(Clone)]
pub(super) struct Tapped(Arc<Mutex<Tap>>);

struct Tap {
    sent: Instant,
    /// When the last frame came.
    heard: Option<Instant>,
    /// The provider refused the prompt before a reply began, or its filter ended the reply.
    blocked: bool,
    /// What was counted so far, for a stream that comes to no end.
    spent: Option<Tokens>,
    /// Why a response failed.
    failure: Option<Value>,
    /// What the model said instead of a reply.
    refusal: String,
    /// What is wrong with a frame that is no JSON, which genai passes over in responses.
    bad: Option<String>,
    /// The data of the frames, where they are recorded.
    frames: Option<String>,
}

impl Tapped {
    /// Begins to listen, as the request is sent; frames are kept where they are `recorded`.
    pub(super) fn new(recorded: bool) -> Self {
        Self(Arc::new(Mutex::new(Tap {
            sent: Instant::now(),
            heard: None,
            blocked: false,
            spent: None,
            failure: None,
            refusal: String::new(),
            bad: None,
            frames: recorded.then(String::new),
        })))
    }

    /// Hears the data of a frame; a comment that keeps the connection alive has none.
    pub(super) fn hear(&self, data: &str) {
        let mut tap = self.tap();
        tap.heard = Some(Instant::now());
        if data.is_empty() {
            return;
        }
        if let Err(error) = serde_json::from_str::<IgnoredAny>(data) {
            tap.bad.get_or_insert_with(|| format!("a piece is no JSON ({error})"));
        }
        if TELLING.iter().any(|it| data.contains(it))
            && let Ok(frame) = serde_json::from_str::<Value>(data)
        {
            tap.blocked |= is_blocked(&frame);
            tap.spent = spent(&frame, tap.spent);
            match frame.get("type").and_then(Value::as_str) {
                Some("response.refusal.delta") => {
                    tap.refusal.push_str(frame.get("delta").and_then(Value::as_str).unwrap_or_default());
                }
                Some("response.failed") => tap.failure = frame.pointer("/response/error").cloned(),
                _ => {}
            }
        }
        if let Some(frames) = &mut tap.frames {
            frames.push_str(data);
            frames.push('\n');
        }
    }

    /// Returns how long may be waited on, and what has been silent for too long where that is nothing.
    pub(super) fn patience(&self, timeouts: Timeouts) -> (Duration, Silence) {
        let tap = self.tap();
        match tap.heard {
            None => (timeouts.first_byte.saturating_sub(tap.sent.elapsed()), Silence::FirstByte),
            Some(heard) => (timeouts.idle.saturating_sub(heard.elapsed()), Silence::Idle),
        }
    }

    pub(super) fn is_blocked(&self) -> bool {
        self.tap().blocked
    }

    /// Returns the tokens that were counted so far.
    pub(super) fn spent(&self) -> Option<Tokens> {
        self.tap().spent
    }

    /// Takes why a response failed.
    pub(super) fn take_failure(&self) -> Option<Value> {
        self.tap().failure.take()
    }

    /// Takes what the model refused with, and what was wrong with a frame.
    pub(super) fn take(&self) -> (String, Option<String>) {
        let mut tap = self.tap();
        (std::mem::take(&mut tap.refusal), tap.bad.take())
    }

    pub(super) fn take_frames(&self) -> String {
        self.tap().frames.take().unwrap_or_default()
    }

    fn tap(&self) -> MutexGuard<'_, Tap> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether Gemini refused the prompt itself, or a filter ended a response.
pub(super) fn is_blocked(body: &Value) -> bool {
    let reason = ["/response/incomplete_details/reason", "/incomplete_details/reason"];
    body.pointer("/promptFeedback/blockReason").is_some()
        || reason.iter().any(|at| body.pointer(at).and_then(Value::as_str) == Some("content_filter"))
}

/// Returns the tokens that a frame or a body counts, on top of what was known.
pub(super) fn spent(body: &Value, before: Option<Tokens>) -> Option<Tokens> {
    let count = |at: [&str; 4]| at.iter().find_map(|at| body.pointer(at)?.as_u64());
    let input = count([
        "/message/usage/input_tokens",
        "/usage/input_tokens",
        "/response/usage/input_tokens",
        "/usageMetadata/promptTokenCount",
    ]);
    let output = count([
        "/message/usage/output_tokens",
        "/usage/output_tokens",
        "/response/usage/output_tokens",
        "/usageMetadata/candidatesTokenCount",
    ]);
    if input.or(output).is_none() {
        return before;
    }
    let known = before.unwrap_or(Tokens { input: 0, output: 0 });
    Some(Tokens { input: input.unwrap_or(known.input), output: output.unwrap_or(known.output) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_heard_and_is_no_bad_frame() {
        let hour = Duration::from_secs(3600);
        let timeouts = Timeouts { connect: hour, first_byte: hour, idle: Duration::ZERO };
        let tapped = Tapped::new(true);
        assert_eq!(tapped.patience(timeouts).1, Silence::FirstByte);

        tapped.hear("");
        tapped.hear("{}");

        assert_eq!(tapped.patience(timeouts), (Duration::ZERO, Silence::Idle));
        assert_eq!(tapped.take(), (String::new(), None));
        assert_eq!(tapped.take_frames(), "{}\n");
        tapped.hear("{oops");
        assert!(tapped.take().1.unwrap().starts_with("a piece is no JSON"));
    }

    #[test]
    fn a_blocked_prompt_is_paid_for() {
        let tapped = Tapped::new(false);

        tapped.hear(r#"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":11}}"#);

        assert!(tapped.is_blocked());
        assert_eq!(tapped.spent(), Some(Tokens { input: 11, output: 0 }));
    }

    #[test]
    fn a_text_that_speaks_of_filters_and_usage_is_only_a_text() {
        let tapped = Tapped::new(false);

        tapped.hear(r#"{"type":"response.output_text.delta","delta":"content_filter \"usage\""}"#);

        assert!(!tapped.is_blocked());
        assert_eq!(tapped.spent(), None);
    }

    #[test]
    fn tokens_are_counted_as_the_frames_tell_them() {
        let tapped = Tapped::new(false);

        tapped.hear(r#"{"type":"message_start","message":{"usage":{"input_tokens":11,"output_tokens":1}}}"#);
        assert_eq!(tapped.spent(), Some(Tokens { input: 11, output: 1 }));
        tapped.hear(r#"{"type":"message_delta","usage":{"output_tokens":7}}"#);

        assert_eq!(tapped.spent(), Some(Tokens { input: 11, output: 7 }));
    }
}
