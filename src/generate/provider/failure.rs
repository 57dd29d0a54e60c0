//! Turns failures into errors that say what to do.

use reqwest::header::HeaderMap;

use super::headers::{retry_after, should_retry};
use super::options::Timeouts;
use super::said::shortened;
use super::target::Target;
use crate::generate::{GeneratorError, Silence};

/// Error codes of an account without credit.
const NO_QUOTA: [&str; 4] =
    ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "billing_error"];
/// Phrases for an account without credit, where there is no code.
const NO_CREDIT: [&str; 4] =
    ["credit balance", "insufficient credit", "insufficient balance", "exceeded your current quota"];
/// Phrases for a bad key, where the status does not tell.
const BAD_KEY: [&str; 3] = ["api key not valid", "invalid api key", "incorrect api key"];
/// Phrases for messages that exceed the model's context.
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

/// Phrases for a model that chat completions do not serve.
const NOT_CHAT: [&str; 4] = [
    "v1/responses",
    "not a chat model",
    "not supported in the v1/chat/completions",
    "chatcompletion operation does not work",
];

/// Returns the error of a reply that broke off.
pub(super) fn broken(target: &Target, cause: &str) -> GeneratorError {
    let cause = target.without_key(&shortened(cause));
    GeneratorError::Broken { provider: target.provider(), source: cause.into() }
}

/// Returns the error of a successful answer that holds no reply.
pub(super) fn not_a_reply(body: &str, target: &Target) -> GeneratorError {
    match body.trim_ascii_start().as_bytes() {
        [] => broken(target, "its answer is empty"),
        [b'<', ..] => broken(target, "it answered with a page of HTML instead of JSON"),
        _ => broken(target, "there is no reply in its answer"),
    }
}

/// Returns the error of a failed connection; `silence` is the wait in which it failed.
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
        let cause = target.without_key(&innermost(&error));
        return GeneratorError::Unreachable { url: target.url.to_string(), source: cause.into() };
    }
    if error.is_timeout() {
        return timed_out(silence, target, timeouts);
    }
    broken(target, &innermost(&error.without_url()))
}

/// Returns the error of a request that cannot be written.
pub(super) fn unwritable(error: &dyn std::error::Error, target: &Target) -> GeneratorError {
    let cause = target.without_key(&error.to_string());
    GeneratorError::Settings(format!("The request cannot be written: {cause}."))
}

/// Returns the error of a timeout.
pub(super) fn timed_out(silence: Silence, target: &Target, timeouts: Timeouts) -> GeneratorError {
    let after = match silence {
        Silence::Connect => timeouts.connect,
        Silence::FirstByte => timeouts.first_byte,
        Silence::Idle => timeouts.idle,
    };
    GeneratorError::TimedOut { provider: target.provider(), silence, after }
}

/// Returns the innermost cause of an error, the one that a person can act on.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Returns the error for an error response, from its status and body.
pub(super) fn refusal(
    status: u16,
    body: &str,
    headers: Option<&HeaderMap>,
    target: &Target,
) -> GeneratorError {
    let said = target.dialect.read_error(body);
    let words = target.without_key(&said.words);
    let lower = words.to_lowercase();
    let provider = target.provider();
    let retry_after = headers.and_then(retry_after).or(said.retry_delay);
    // Gemini also calls its per-minute limits a quota, but then sends a retry time.
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
        400 | 403 | 404 if says(&lower, &NOT_CHAT) => {
            GeneratorError::NotChat { provider, model: target.model.clone(), words }
        }
        _ if said.is(&["model_not_found"]) || (matches!(status, 400 | 404 | 422) && no_model(&lower)) => {
            GeneratorError::UnknownModel { provider, model: target.model.clone(), words }
        }
        404 | 405 if target.turned_from.is_some() => nothing_there(status, &words, target),
        // The provider may say that the request should not be retried.
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

/// Returns the error of a host that was derived from another dialect's address and has no chat completions.
fn nothing_there(status: u16, words: &str, target: &Target) -> GeneratorError {
    let native = target.turned_from.as_deref().unwrap_or_default();
    let words = if words.is_empty() { String::new() } else { format!(": {words}") };
    GeneratorError::Settings(format!(
        "{native} is asked for chat completions at {}, and there are none (HTTP status {status}{words}). Set \
         `base_url` to where that server has them.",
        target.url
    ))
}

fn says(lower: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| lower.contains(phrase))
}

fn no_model(lower: &str) -> bool {
    lower.contains("model")
        && says(lower, &["not found", "not exist", "no such", "unknown model", "invalid model"])
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
    fn a_model_that_only_responses_serve_is_said_to_be_one() {
        for body in [
            r#"{"error":{"message":"This model is only supported in v1/responses and not in v1/chat/completions.","code":null}}"#,
            r#"{"error":{"message":"This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use v1/completions?","type":"invalid_request_error","code":null}}"#,
        ] {
            let error = said(404, body);
            assert!(matches!(error, GeneratorError::NotChat { .. }) && error.is_final(), "{error:?}");
            let shown = error.to_string();
            assert!(
                shown.starts_with(
                    "openai does not serve `tiny` by chat completions, and its Responses are not asked here; set \
                     `model` to a chat model: This "
                ),
                "{shown}"
            );
        }
    }

    #[test]
    fn a_native_address_without_chat_completions_says_where_they_were_looked_for() {
        let settings = GeneratorSettings {
            provider: Provider::Gemini,
            model: Some("tiny".into()),
            base_url: Some("http://gate:1/v1beta".into()),
            ..GeneratorSettings::default()
        };
        let target = Target::new(&settings, None, &|_| None).unwrap();
        let said = |status, body| refusal(status, body, None, &target).to_string();

        assert_eq!(
            said(404, "404 page not found"),
            "http://gate:1/v1beta/ is asked for chat completions at http://gate:1/v1beta/openai/, and there are \
             none (HTTP status 404: 404 page not found). Set `base_url` to where that server has them."
        );
        assert!(said(404, "model tiny not found").starts_with("gemini has no model `tiny`"));
    }
}
