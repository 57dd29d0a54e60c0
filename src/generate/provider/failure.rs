//! What went wrong, said so that it is clear what to do.

use std::time::Duration;

use genai::webc;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::ProviderOptions;
use super::target::Target;
use crate::generate::GeneratorError;

/// The most characters of a provider's words that are passed on.
const MOST_WORDS: usize = 400;
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

/// Says what a failure of genai means.
pub(super) fn failure(error: genai::Error, target: &Target, options: ProviderOptions) -> GeneratorError {
    match error {
        genai::Error::HttpError { status, body, headers, .. } => {
            refusal(status.as_u16(), &body, Some(&headers), target)
        }
        genai::Error::WebModelCall { webc_error, .. } | genai::Error::WebAdapterCall { webc_error, .. } => {
            web_failure(webc_error, target, options)
        }
        genai::Error::WebStream { error, cause, .. } => match error.downcast::<genai::Error>() {
            Ok(inner) => failure(*inner, target, options),
            Err(error) => match error.downcast::<reqwest::Error>() {
                Ok(error) => connection_failure(*error, target, options),
                Err(_other) => broken(target, &cause),
            },
        },
        // A failure in the middle of a stream comes as an event without a status.
        genai::Error::ChatResponse { body, .. } => refusal(status_of(&body), &body.to_string(), None, target),
        genai::Error::StreamParse { serde_error, .. } => {
            broken(target, &format!("a piece is no JSON ({serde_error})"))
        }
        // The words of this one repeat the whole request.
        genai::Error::ChatResponseGeneration { cause, .. } => broken(target, &cause),
        other => {
            GeneratorError::Settings(target.without_key(&format!("The request cannot be made: {other}.")))
        }
    }
}

/// Says that a reply broke off.
pub(super) fn broken(target: &Target, cause: &str) -> GeneratorError {
    let cause = target.without_key(&shortened(cause));
    GeneratorError::Broken { provider: target.provider(), source: cause.into() }
}

fn web_failure(error: webc::Error, target: &Target, options: ProviderOptions) -> GeneratorError {
    match error {
        webc::Error::ResponseFailedStatus { status, body, headers } => {
            refusal(status.as_u16(), &body, Some(&headers), target)
        }
        webc::Error::Reqwest(error) => connection_failure(error, target, options),
        webc::Error::ResponseFailedNotJson { content_type, .. } => {
            broken(target, &format!("it answered with {content_type} instead of JSON"))
        }
        webc::Error::ResponseFailedInvalidJson { cause, .. } => {
            broken(target, &format!("it answered with JSON that does not parse ({cause})"))
        }
        webc::Error::JsonValueExt(error) => broken(target, &error.to_string()),
    }
}

fn connection_failure(error: reqwest::Error, target: &Target, options: ProviderOptions) -> GeneratorError {
    if error.is_builder() {
        return GeneratorError::Settings(format!("The request cannot be made: {}.", innermost(&error)));
    }
    if error.is_connect() {
        let url = target.service().endpoint.base_url().to_owned();
        return GeneratorError::Unreachable { url, source: innermost(&error).into() };
    }
    if error.is_timeout() {
        return GeneratorError::TimedOut { provider: target.provider(), after: options.idle_timeout };
    }
    broken(target, &innermost(&error.without_url()))
}

/// What lies at the bottom of an error: the part that a person can do something about.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Says what a refusal means, from its status and what the provider said.
fn refusal(status: u16, body: &str, headers: Option<&HeaderMap>, target: &Target) -> GeneratorError {
    let said = Said::new(body);
    let words = target.without_key(&said.words);
    let lower = words.to_lowercase();
    let (provider, env) = (target.provider(), target.key_env.clone());
    let retry_after = headers.and_then(retry_after);
    let no_model = lower.contains("model")
        && ["not found", "not exist", "does not exist", "no such", "unknown model", "invalid model"]
            .iter()
            .any(|phrase| lower.contains(phrase));
    if said.is(&["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"]) || status == 402 {
        return GeneratorError::QuotaExhausted { provider, words };
    }
    match status {
        401 | 403 => GeneratorError::Unauthorized { provider, env, words },
        429 => GeneratorError::RateLimited { provider, retry_after, words },
        408 | 409 | 500.. => {
            // llama.cpp answers 500 to a request that is longer than its context.
            if TOO_LONG.iter().any(|phrase| lower.contains(phrase)) {
                return GeneratorError::ContextOverflow { words };
            }
            GeneratorError::ServerFailed { provider, status, retry_after, words }
        }
        _ if said.is(&["model_not_found"]) || (matches!(status, 400 | 404 | 422) && no_model) => {
            GeneratorError::UnknownModel { provider, model: target.model.clone(), words }
        }
        _ if said.is(&["context_length_exceeded", "exceed_context_size_error"])
            || TOO_LONG.iter().any(|phrase| lower.contains(phrase)) =>
        {
            GeneratorError::ContextOverflow { words }
        }
        _ => GeneratorError::Rejected { provider, status, words },
    }
}

/// What a provider said of a failure.
struct Said {
    words: String,
    kinds: Vec<String>,
}

impl Said {
    /// Reads a body: JSON as providers write it, or plain text; a page of HTML says nothing.
    fn new(body: &str) -> Self {
        let json: Option<Value> = serde_json::from_str(body).ok();
        // Gemini wraps its error in an array.
        let json = json.map(|json| json.get(0).cloned().unwrap_or(json));
        let Some(json) = json else {
            let html = body.trim_start().starts_with('<');
            return Self { words: if html { String::new() } else { shortened(body) }, kinds: vec![] };
        };
        let error = json.get("error").unwrap_or(&json);
        let words = ["message", "detail", "error"].iter().find_map(|name| error.get(name)?.as_str());
        let words = words.or(error.as_str()).map_or_else(|| shortened(&error.to_string()), shortened);
        let kind = |name: &&str| error.get(name)?.as_str().map(str::to_owned);
        Self { words, kinds: ["code", "type", "status"].iter().filter_map(kind).collect() }
    }

    fn is(&self, kinds: &[&str]) -> bool {
        self.kinds.iter().any(|kind| kinds.contains(&kind.as_str()))
    }
}

/// Returns the status that a failure in the middle of a stream would have had.
fn status_of(body: &Value) -> u16 {
    let number = ["code", "status"].iter().find_map(|name| body.get(name)?.as_u64());
    if let Some(status) = number.and_then(|code| u16::try_from(code).ok()).filter(|code| *code >= 400) {
        return status;
    }
    match body.get("type").and_then(Value::as_str).unwrap_or_default() {
        "overloaded_error" => 529,
        "rate_limit_error" | "rate_limit_exceeded" | "insufficient_quota" => 429,
        "invalid_request_error" => 400,
        "authentication_error" | "permission_error" => 401,
        _ => 500,
    }
}

/// Returns how long the provider asks to wait: `retry-after-ms`, else `retry-after` in seconds.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    let seconds = number("retry-after-ms").map(|millis| millis / 1000.0).or_else(|| number("retry-after"))?;
    Duration::try_from_secs_f64(seconds).ok()
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
            Target::new(&settings, &|name| (name == "OPENAI_API_KEY").then(|| "sk-123456".into())).unwrap();
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
        assert_eq!(status("{}"), 500);
    }

    #[test]
    fn milliseconds_to_wait_win_over_seconds_and_nonsense_is_ignored() {
        let wait = |pairs: &[(&'static str, &'static str)]| {
            let header = |(name, value): &(&'static str, &'static str)| {
                (name.parse().unwrap(), value.parse().unwrap())
            };
            retry_after(&pairs.iter().map(header).collect())
        };

        assert_eq!(wait(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(
            wait(&[("retry-after", "7"), ("retry-after-ms", "250")]),
            Some(Duration::from_millis(250))
        );
        assert_eq!(wait(&[("retry-after", "-1")]), None);
        assert_eq!(wait(&[("retry-after", "soon")]), None);
    }
}
