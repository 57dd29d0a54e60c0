//! What went wrong, said so that it is clear what to do.

use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::headers::{retry_after, should_retry};
use super::options::Timeouts;
use super::target::Target;
use crate::generate::{GeneratorError, Silence};

/// The most characters of a provider's words that are passed on.
const MOST_WORDS: usize = 400;
/// How providers name an account without credit.
const NO_QUOTA: [&str; 4] =
    ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "billing_error"];
/// What providers say of an account without credit where they do not name it.
const NO_CREDIT: [&str; 4] =
    ["credit balance", "insufficient credit", "insufficient balance", "exceeded your current quota"];
/// What providers say of a bad key with a status that does not.
const BAD_KEY: [&str; 3] = ["api key not valid", "invalid api key", "incorrect api key"];
/// What servers name when they refuse to hold a reply to a schema.
const SCHEMA: [&str; 10] = [
    "response_format",
    "json_schema",
    "json schema",
    "response format",
    "structured output",
    "output_config",
    "output_format",
    "responseschema",
    "response_schema",
    "text.format",
];
/// What providers say of messages that are longer than the model can read.
const TOO_LONG: [&str; 9] = [
    "context length",
    "context window",
    "context size",
    "maximum context",
    "context_length",
    "exceed_context",
    "prompt is too long",
    "input token count",
    "max_model_len",
];

/// Says that a reply broke off.
pub(super) fn broken(target: &Target, cause: &str) -> GeneratorError {
    let cause = target.without_key(&shortened(cause));
    GeneratorError::Broken { provider: target.provider(), source: cause.into() }
}

/// Says what a failure of the connection means; `silence` is what was waited for.
pub(super) fn connection_failure(
    error: reqwest::Error,
    silence: Silence,
    target: &Target,
    timeouts: Timeouts,
) -> GeneratorError {
    if error.is_builder() {
        let cause = target.without_key(&innermost(&error));
        return GeneratorError::Settings(format!("The request cannot be made: {cause}."));
    }
    if error.is_connect() && error.is_timeout() {
        return timed_out(Silence::Connect, target, timeouts);
    }
    if error.is_connect() {
        return GeneratorError::Unreachable { url: target.url.clone(), source: innermost(&error).into() };
    }
    if error.is_timeout() {
        return timed_out(silence, target, timeouts);
    }
    broken(target, &innermost(&error.without_url()))
}

/// Says that nothing was heard for too long.
pub(super) fn timed_out(silence: Silence, target: &Target, timeouts: Timeouts) -> GeneratorError {
    let after = match silence {
        Silence::Connect => timeouts.connect,
        Silence::FirstByte => timeouts.first_byte,
        Silence::Idle => timeouts.idle,
    };
    GeneratorError::TimedOut { provider: target.provider(), silence, after }
}

/// What lies at the bottom of an error: the part that a person can do something about.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Says what a refusal means, from its status and what the provider said.
pub(super) fn refusal(
    status: u16,
    body: &str,
    headers: Option<&HeaderMap>,
    target: &Target,
) -> GeneratorError {
    let said = Said::new(body);
    let words = target.without_key(&said.words);
    let lower = words.to_lowercase();
    let provider = target.provider();
    let retry_after = headers.and_then(retry_after).or(said.retry_delay);
    // Gemini calls its limits by the minute a quota too, and then says when to come back.
    let no_credit = matches!(status, 400 | 403 | 429) && retry_after.is_none() && says(&lower, &NO_CREDIT);
    if status == 402 || said.is(&NO_QUOTA) || no_credit {
        return GeneratorError::QuotaExhausted { provider, words };
    }
    let too_long =
        said.is(&["context_length_exceeded", "exceed_context_size_error"]) || says(&lower, &TOO_LONG);
    let bad_key = matches!(status, 401 | 403) || (status == 400 && says(&lower, &BAD_KEY));
    match status {
        _ if bad_key => GeneratorError::Unauthorized { provider, env: target.key_from.clone(), words },
        // llama.cpp answers 500 to a request that is longer than its context.
        _ if status != 429 && too_long => GeneratorError::ContextOverflow { words },
        _ if said.is(&["model_not_found"]) || (matches!(status, 400 | 404 | 422) && no_model(&lower)) => {
            GeneratorError::UnknownModel { provider, model: target.model.clone(), words }
        }
        // A provider that asks not to be asked again is not.
        _ => match (status, headers.and_then(should_retry)) {
            (_, Some(false)) => GeneratorError::Rejected { provider, status, words },
            (429, _) => GeneratorError::RateLimited { provider, retry_after, words },
            (408 | 409 | 500.., _) | (_, Some(true)) => {
                GeneratorError::ServerFailed { provider, status, retry_after, words }
            }
            _ => GeneratorError::Rejected { provider, status, words },
        },
    }
}

/// Whether a refusal is about the form that was asked for: the server may answer without it.
pub(super) fn is_about_schema(status: u16, body: &str) -> bool {
    matches!(status, 400 | 422) && says(&body.to_lowercase(), &SCHEMA)
}

fn says(lower: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| lower.contains(phrase))
}

fn no_model(lower: &str) -> bool {
    lower.contains("model")
        && says(lower, &["not found", "not exist", "no such", "unknown model", "invalid model"])
}

/// What a provider said of a failure.
struct Said {
    words: String,
    kinds: Vec<String>,
    /// How long Gemini asks to wait.
    retry_delay: Option<Duration>,
}

impl Said {
    /// Reads a body: JSON as providers write it, or plain text; a page of HTML says nothing.
    fn new(body: &str) -> Self {
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

    fn is(&self, kinds: &[&str]) -> bool {
        self.kinds.iter().any(|kind| kinds.contains(&kind.as_str()))
    }
}

/// Returns the status that a failure in the middle of a stream would have had.
pub(super) fn status_of(body: &Value) -> u16 {
    let number = ["code", "status"].iter().find_map(|name| body.get(name)?.as_u64());
    if let Some(status) = number.and_then(|code| u16::try_from(code).ok()).filter(|code| *code >= 400) {
        return status;
    }
    // Responses tell the kind by `code`, the others by `type`.
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

fn shortened(words: &str) -> String {
    let words = words.trim();
    match words.char_indices().nth(MOST_WORDS) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{GeneratorSettings, Provider};

    fn said(status: u16, body: &str) -> GeneratorError {
        let settings = GeneratorSettings {
            provider: Provider::Openai,
            model: Some("tiny".into()),
            ..GeneratorSettings::default()
        };
        let target =
            Target::new(&settings, None, &|name| (name == "OPENAI_API_KEY").then(|| "sk-123456".into()))
                .unwrap();
        refusal(status, body, None, &target)
    }

    #[test]
    fn providers_refusals_are_told_apart() {
        use GeneratorError as E;
        let error =
            |message: &str, code: &str| format!(r#"{{"error":{{"message":"{message}","code":"{code}"}}}}"#);

        assert!(matches!(said(401, ""), E::Unauthorized { .. }));
        assert!(matches!(said(429, &error("Slow down", "rate_limit")), E::RateLimited { .. }));
        assert!(matches!(said(429, &error("Pay", "insufficient_quota")), E::QuotaExhausted { .. }));
        assert!(matches!(said(404, &error("The model `tiny` does not exist", "x")), E::UnknownModel { .. }));
        assert!(matches!(said(404, "404 page not found"), E::Rejected { status: 404, .. }));
        assert!(matches!(said(400, &error("x", "context_length_exceeded")), E::ContextOverflow { .. }));
        assert!(matches!(
            said(400, r#"{"error":{"code":400,"message":"the request exceeds the available context size"}}"#),
            E::ContextOverflow { .. }
        ));
        assert!(matches!(said(400, &error("Bad schema", "x")), E::Rejected { status: 400, .. }));
        assert!(matches!(said(529, ""), E::ServerFailed { status: 529, .. }));
    }

    #[test]
    fn words_are_found_in_every_form_and_hide_the_key() {
        assert_eq!(
            said(400, r#"{"detail":"No."}"#).to_string(),
            "openai refused the request with HTTP status 400: No."
        );
        assert!(
            said(400, r#"[{"error":{"message":"Gemini says no"}}]"#)
                .to_string()
                .contains(": Gemini says no.")
        );
        assert!(said(400, r#"{"error":"plain words"}"#).to_string().contains(": plain words."));
        assert_eq!(
            said(502, "<html><h1>Bad gateway</h1></html>").to_string(),
            "openai failed with HTTP status 502."
        );
        let shown = said(401, "Incorrect API key provided: sk-123456").to_string();
        assert!(shown.contains("[key]") && !shown.contains("sk-123456"), "{shown}");
        assert!(said(400, &"long ".repeat(1_000)).to_string().chars().count() < 500);
    }

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

    #[test]
    fn quota_is_told_from_a_limit_and_a_bad_key_from_a_bad_request() {
        use GeneratorError as E;
        let words = |words: &str| format!(r#"{{"error":{{"message":"{words}"}}}}"#);

        assert!(matches!(said(402, ""), E::QuotaExhausted { .. }));
        assert!(matches!(
            said(429, &words("You exceeded your current quota, please check your plan")),
            E::QuotaExhausted { .. }
        ));
        assert!(matches!(
            said(429, &words("Rate limit reached; the context length is 1")),
            E::RateLimited { .. }
        ));
        assert!(matches!(said(400, &words("API key not valid. Please pass one.")), E::Unauthorized { .. }));
        assert!(matches!(said(409, ""), E::ServerFailed { status: 409, .. }));
    }

    #[test]
    fn a_provider_may_ask_to_be_asked_again_or_not() {
        let again = |status, again: &str| {
            let headers = [("x-should-retry".parse().unwrap(), again.parse().unwrap())].into_iter().collect();
            let settings = GeneratorSettings {
                provider: Provider::Openai,
                base_url: Some("http://127.0.0.1:1/v1".into()),
                ..GeneratorSettings::default()
            };
            let target = Target::new(&settings, None, &|_| None).unwrap();
            refusal(status, "", Some(&headers), &target).is_transient()
        };

        assert!(again(400, "true"));
        assert!(!again(503, "false"));
        assert!(!again(429, "false"));
        assert!(again(503, "perhaps"));
    }

    #[test]
    fn a_refused_schema_is_known_by_what_it_names() {
        assert!(is_about_schema(400, r#"{"error":{"message":"Unsupported response_format type"}}"#));
        assert!(!is_about_schema(500, "response_format"));
        assert!(!is_about_schema(400, r#"{"error":{"message":"temperature is too high"}}"#));
    }
}
