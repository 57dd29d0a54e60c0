//! The provider's description of a failure, from the body of an error response.

use std::time::Duration;

use serde_json::Value;

/// The most characters of a provider's message that are passed on.
const MOST_WORDS: usize = 400;

/// A provider's description of a failure.
pub(super) struct Said {
    pub(super) words: String,
    /// The codes and types of the failure.
    pub(super) kinds: Vec<String>,
    /// The retry delay, as Gemini sends it in the body.
    pub(super) retry_delay: Option<Duration>,
}

impl Said {
    /// Parses a body: JSON in any provider's format, or plain text; an HTML page is ignored.
    pub(super) fn new(body: &str) -> Self {
        let json: Option<Value> = serde_json::from_str(body).ok();
        // Gemini wraps its error in an array.
        let json = json.map(|json| json.get(0).cloned().unwrap_or(json));
        let Some(json) = json else {
            let html = body.trim_start().starts_with('<');
            return Self {
                words: if html { String::new() } else { shortened(body) },
                kinds: vec![],
                retry_delay: None,
            };
        };
        let error = json.get("error").unwrap_or(&json);
        let words = ["message", "detail", "error"].iter().find_map(|name| error.get(name)?.as_str());
        let words = words.or(error.as_str()).map_or_else(|| shortened(&error.to_string()), shortened);
        let kind = |name: &&str| error.get(name)?.as_str().map(str::to_owned);
        let kinds = ["code", "type", "status"].iter().filter_map(kind).collect();
        let details = error.get("details").and_then(Value::as_array);
        let delay = |detail: &Value| detail.get("retryDelay")?.as_str()?.strip_suffix('s')?.parse().ok();
        let seconds: Option<f64> = details.and_then(|details| details.iter().find_map(delay));
        let retry_delay = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Self { words, kinds, retry_delay }
    }

    /// Returns whether the failure has one of these codes or types.
    pub(super) fn is(&self, kinds: &[&str]) -> bool {
        self.kinds.iter().any(|kind| kinds.contains(&kind.as_str()))
    }
}

/// Returns the HTTP status that matches an error in the middle of a stream.
pub(super) fn status_of(body: &Value) -> u16 {
    let number = ["code", "status"].iter().find_map(|name| body.get(name)?.as_u64());
    if let Some(status) = number.and_then(|code| u16::try_from(code).ok()).filter(|code| *code >= 400) {
        return status;
    }
    let kinds = ["type", "code"].iter().filter_map(|name| body.get(name)?.as_str());
    let mut statuses = kinds.filter_map(|kind| match kind {
        "overloaded_error" => Some(529),
        "rate_limit_error" | "rate_limit_exceeded" | "insufficient_quota" => Some(429),
        "invalid_request_error" | "invalid_prompt" | "context_length_exceeded" => Some(400),
        "authentication_error" | "permission_error" | "invalid_api_key" => Some(401),
        _ => None,
    });
    statuses.next().unwrap_or(500)
}

/// Returns a message, shortened to the limit.
pub(super) fn shortened(words: &str) -> String {
    let words = words.trim();
    match words.char_indices().nth(MOST_WORDS) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_in_a_stream_gets_the_status_that_it_would_have_had() {
        let status = |body: &str| status_of(&serde_json::from_str(body).unwrap());

        assert_eq!(status(r#"{"type":"overloaded_error"}"#), 529);
        assert_eq!(status(r#"{"code":503,"message":"x"}"#), 503);
        assert_eq!(status(r#"{"type":"invalid_request_error"}"#), 400);
        assert_eq!(status(r#"{"type":"error","code":"rate_limit_exceeded"}"#), 429);
        assert_eq!(status(r#"{"code":"server_error"}"#), 500);
        assert_eq!(status("{}"), 500);
    }
}
