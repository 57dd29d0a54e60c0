//! What is heard of a stream beside genai: what its frames say that it does not pass on, and when.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::de::IgnoredAny;
use serde_json::Value;

use super::options::Timeouts;
use crate::domain::Tokens;
use crate::generate::Silence;

/// What the frames of a stream said that genai does not pass on.
#[derive(Clone)]
pub(super) struct Tapped(Arc<Mutex<Tap>>);

struct Tap {
    sent: Instant,
    /// When the last frame came.
    heard: Option<Instant>,
    blocked: Option<Blocked>,
    /// What the model said instead of a reply.
    refusal: String,
    /// What is wrong with a frame that is no JSON, which genai passes over in responses.
    bad: Option<String>,
    /// The data of the frames, where they are recorded.
    frames: Option<String>,
}

/// The provider refused the prompt before a reply began, or its filter ended the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blocked {
    /// What the prompt cost all the same.
    pub(super) tokens: Option<Tokens>,
}

impl Tapped {
    /// Begins to listen, as the request is sent; frames are kept where they are `recorded`.
    pub(super) fn new(recorded: bool) -> Self {
        Self(Arc::new(Mutex::new(Tap {
            sent: Instant::now(),
            heard: None,
            blocked: None,
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
        if ["promptFeedback", "content_filter", "response.refusal.delta"].iter().any(|it| data.contains(it))
            && let Ok(frame) = serde_json::from_str::<Value>(data)
        {
            tap.blocked = tap.blocked.or_else(|| blocked(&frame));
            if frame.get("type").and_then(Value::as_str) == Some("response.refusal.delta") {
                tap.refusal.push_str(frame.get("delta").and_then(Value::as_str).unwrap_or_default());
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

    pub(super) fn blocked(&self) -> Option<Blocked> {
        self.tap().blocked
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
pub(super) fn blocked(body: &Value) -> Option<Blocked> {
    let reason = ["/response/incomplete_details/reason", "/incomplete_details/reason"];
    let refused = body.pointer("/promptFeedback/blockReason").is_some();
    let filtered = reason.iter().any(|at| body.pointer(at).and_then(Value::as_str) == Some("content_filter"));
    let input = body.pointer("/usageMetadata/promptTokenCount").and_then(Value::as_u64);
    (refused || filtered).then(|| Blocked { tokens: input.map(|input| Tokens { input, output: 0 }) })
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

        assert_eq!(tapped.blocked(), Some(Blocked { tokens: Some(Tokens { input: 11, output: 0 }) }));
        tapped.hear(r#"{"text":"content_filter"}"#);
        assert!(tapped.blocked().unwrap().tokens.is_some());
    }
}
