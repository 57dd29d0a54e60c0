//! The provider's description of a failure, from the body of an error response.

use std::time::Duration;

use serde_json::Value;

use super::waits::{epoch_or_span, wait_in_words};

/// The most characters of a provider's message that are passed on.
const MOST_WORDS: usize = 400;
/// Fields that repeat the request or a reply, and say nothing about the failure.
const ECHOES: [&str; 8] =
    ["input", "flagged_input", "failed_generation", "messages", "body", "request", "prompt", "url"];
/// Fields with the code or the type of a failure.
const KINDS: [&str; 8] =
    ["code", "type", "status", "reason", "error_code", "error_type", "internal_code", "reasoncode"];
/// Fields with a message, the best first.
const MESSAGES: [&str; 9] =
    ["message", "detail", "msg", "error_message", "error_msg", "status_msg", "error", "title", "description"];
/// The deepest field that is read.
const DEEPEST: usize = 8;

/// A provider's description of a failure.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) words: String,
    /// The codes and types of the failure, in lower case.
    pub(super) kinds: Vec<String>,
    /// The parameters of the request that the failure is about, in lower case.
    pub(super) parameters: Vec<String>,
    /// All texts of the failure in lower case, one in a line.
    pub(super) lower: String,
    /// Why a filter refused the messages.
    pub(super) reasons: Vec<String>,
    /// The wait in fields of the body.
    pub(super) retry_delay: Option<Duration>,
    /// The wait in the words.
    pub(super) wait_in_words: Option<Duration>,
    /// Whether the body is a web page.
    pub(super) is_page: bool,
    /// Whether the body is JSON.
    pub(super) is_json: bool,
}

impl Said {
    /// Parses a body: JSON in any provider's format, or plain text; an HTML page has no words.
    pub(super) fn new(body: &str) -> Self {
        let mut said = Self::default();
        if let Ok(json) = serde_json::from_str::<Value>(body) {
            said.is_json = true;
            // Gemini wraps its error in an array.
            let json = json.get(0).unwrap_or(&json);
            said.words = shortened(&message(json));
            said.read("", json, 0);
        } else if body.trim_start().starts_with('<') {
            said.is_page = true;
            said.lower = body.to_lowercase();
        } else {
            said.words = shortened(body);
            said.lower = body.to_lowercase();
        }
        said.wait_in_words = wait_in_words(&said.lower);
        said
    }

    /// Returns whether the failure has one of these codes or types.
    pub(super) fn is(&self, kinds: &[&str]) -> bool {
        self.kinds.iter().any(|kind| kinds.contains(&kind.as_str()))
    }

    /// Returns whether one of these phrases, which are in lower case, is part of the failure.
    pub(super) fn says(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.lower.contains(phrase))
    }

    fn read(&mut self, name: &str, value: &Value, depth: usize) {
        if ECHOES.contains(&name) && !value.is_string() || depth > DEEPEST {
            return;
        }
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let name = name.to_lowercase();
                    if value.get("filtered") == Some(&Value::Bool(true)) {
                        self.reasons.push(name.clone());
                    }
                    self.read(&name, value, depth + 1);
                }
            }
            Value::Array(items) => {
                if name == "loc" {
                    self.parameters.extend(items.iter().filter_map(Value::as_str).map(str::to_lowercase));
                }
                items.iter().for_each(|item| self.read(name, item, depth + 1));
            }
            Value::String(text) => self.read_text(name, text, depth),
            Value::Number(number) => self.read_number(name, number),
            Value::Bool(_) | Value::Null => {}
        }
    }

    fn read_text(&mut self, name: &str, text: &str, depth: usize) {
        // A gateway passes on the body that it got, as text.
        if let Some(inner) =
            text.trim_start().starts_with(['{', '[']).then(|| serde_json::from_str(text).ok())
            && let Some(inner @ (Value::Object(_) | Value::Array(_))) = inner
        {
            return self.read(name, &inner, depth + 1);
        }
        if ECHOES.contains(&name) {
            return;
        }
        let lower = text.to_lowercase();
        match name {
            "param" | "parameter" | "field" | "param_name" if lower != "none" => {
                self.parameters.extend(lower.split(['.', '[']).next().map(str::to_owned));
            }
            "reasons" => self.reasons.push(text.to_owned()),
            "retrydelay" | "retry_after" | "retry-after" | "x-ratelimit-reset" => {
                self.retry_delay = epoch_or_span(&lower).or(self.retry_delay);
            }
            _ => {}
        }
        if KINDS.contains(&name) {
            self.kinds.push(lower.clone());
        }
        self.lower.push_str(&lower);
        self.lower.push('\n');
    }

    fn read_number(&mut self, name: &str, number: &serde_json::Number) {
        let text = number.to_string();
        match name {
            "retry_after" | "retry-after" | "retry_after_seconds" | "x-ratelimit-reset" => {
                self.retry_delay = epoch_or_span(&text).or(self.retry_delay);
            }
            name if KINDS.contains(&name) => self.kinds.push(text),
            _ => {}
        }
    }
}

/// Returns the message of a failure; the whole body where none is found.
fn message(json: &Value) -> String {
    let error = json.get("error").filter(|error| !error.is_null()).unwrap_or(json);
    let Some(words) = words(error, 0).or_else(|| words(json, 0)) else { return error.to_string() };
    // OpenRouter says what the provider said in a field of its own.
    let raw = error.pointer("/metadata/raw").and_then(Value::as_str);
    match raw.filter(|raw| !raw.trim().is_empty() && !words.contains(*raw)) {
        Some(raw) => {
            let inner = serde_json::from_str(raw).map_or_else(|_| raw.to_owned(), |json| message(&json));
            format!("{words}: {inner}")
        }
        None => words,
    }
}

/// Returns the words in a message, which may be a text, a list of failures or an object around one.
fn words(value: &Value, depth: usize) -> Option<String> {
    match value {
        _ if depth > DEEPEST => None,
        Value::String(text) if text.trim_start().starts_with('{') => match serde_json::from_str(text) {
            Ok(json @ Value::Object(_)) => words(&json, depth + 1).or_else(|| Some(text.clone())),
            _ => Some(text.clone()),
        },
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Array(items) => {
            let all: Vec<String> = items.iter().filter_map(|item| words(item, depth + 1)).collect();
            (!all.is_empty()).then(|| all.join("; "))
        }
        Value::Object(fields) => {
            let found =
                MESSAGES.iter().find_map(|name| fields.get(*name).and_then(|inner| words(inner, depth + 1)));
            let found = found.or_else(|| words(fields.get("errors")?, depth + 1))?;
            // A list of places in the request, as FastAPI writes it.
            let place = fields.get("loc").and_then(Value::as_array).map(|place| {
                place
                    .iter()
                    .map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned))
                    .collect()
            });
            Some(place.map_or(found.clone(), |place: Vec<_>| format!("{}: {found}", place.join("."))))
        }
        _ => None,
    }
}

/// Returns the HTTP status that matches an error in the middle of a stream.
pub(super) fn status_of(body: &Value) -> u16 {
    let number = |name: &&str| {
        let value = body.get(name)?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    };
    let number = ["code", "status", "status_code"].iter().find_map(number);
    let fits = |code: &u16| (400..600).contains(code);
    if let Some(status) = number.and_then(|code| u16::try_from(code).ok()).filter(fits) {
        return status;
    }
    let kinds = ["type", "code", "status"].iter().filter_map(|name| body.get(name)?.as_str());
    let mut statuses = kinds.filter_map(|kind| match kind.to_lowercase().as_str() {
        "overloaded_error" => Some(529),
        "rate_limit_error" | "rate_limit_exceeded" | "insufficient_quota" | "resource_exhausted" => Some(429),
        "invalid_request_error"
        | "invalid_prompt"
        | "context_length_exceeded"
        | "content_filter"
        | "badrequesterror"
        | "invalid_argument"
        | "bad_request" => Some(400),
        "authentication_error" | "permission_error" | "invalid_api_key" | "auth_error" => Some(401),
        "not_found_error" | "model_not_found" => Some(404),
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
        assert_eq!(status(r#"{"code":"403","message":"x"}"#), 403);
        assert_eq!(status(r#"{"type":"invalid_request_error"}"#), 400);
        assert_eq!(status(r#"{"type":"error","code":"rate_limit_exceeded"}"#), 429);
        assert_eq!(status(r#"{"status":"RESOURCE_EXHAUSTED"}"#), 429);
        assert_eq!(status(r#"{"code":"server_error"}"#), 500);
        assert_eq!(status(r#"{"code":1301}"#), 500);
        assert_eq!(status("{}"), 500);
    }

    #[test]
    fn words_are_found_wherever_a_server_puts_them() {
        for (body, words) in [
            (r#"{"error":{"message":"one"}}"#, "one"),
            (r#"[{"error":{"code":400,"message":"two"}}]"#, "two"),
            (r#"{"error":"three"}"#, "three"),
            (r#"{"detail":"four"}"#, "four"),
            (r#"{"object":"error","message":"five","code":400}"#, "five"),
            (r#"{"base_resp":{"status_code":1004,"status_msg":"six"},"message":"six"}"#, "six"),
            (
                r#"{"detail":[{"loc":["body","seed"],"msg":"seven"},{"msg":"eight"}]}"#,
                "body.seed: seven; eight",
            ),
            (r#"{"message":{"detail":[{"loc":["body",0],"msg":"nine"}]}}"#, "body.0: nine"),
            (
                r#"{"error":{"message":"ten","metadata":{"raw":"{\"error\":{\"message\":\"eleven\"}}"}}}"#,
                "ten: eleven",
            ),
            (r#"{"error":{"message":"{\"error\":{\"message\":\"twelve\"}}"}}"#, "twelve"),
            (r#"{"errors":[{"message":"thirteen"}]}"#, "thirteen"),
            ("fourteen\n", "fourteen"),
            ("<html>fifteen</html>", ""),
            (r#"{"odd":[1]}"#, r#"{"odd":[1]}"#),
        ] {
            assert_eq!(Said::new(body).words, words, "{body}");
        }
    }

    #[test]
    fn what_a_server_repeats_of_a_request_is_not_what_it_says() {
        let said = Said::new(
            r#"{"detail":[{"loc":["body","Seed"],"msg":"No","type":"extra","input":{"temperature":"hot"}}],
                "failed_generation":"daily","error":{"param":"response_format.type"}}"#,
        );

        assert_eq!(said.parameters, ["body", "seed", "response_format"]);
        assert!(said.is(&["extra"]) && said.says(&["no"]) && !said.says(&["hot", "daily"]), "{said:?}");
        let raw =
            Said::new(r#"{"error":{"metadata":{"raw":"{\"error\":{\"param\":\"seed\",\"code\":\"x\"}}"}}}"#);
        assert!(raw.is(&["x"]) && raw.parameters == ["seed"], "{raw:?}");
        assert_eq!(Said::new(&"[".repeat(200_000)).kinds.len(), 0);
    }
}
