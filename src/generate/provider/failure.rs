//! Turns failures into errors that say what to do.

use std::time::Duration;

use reqwest::header::HeaderMap;

use super::cause::{Cause, most_tokens, wait_of_a_day};
pub(super) use super::connection::{connection_failure, innermost};
use super::headers::{reset_of_limit, retry_after, should_retry};
use super::options::Timeouts;
use super::proxy::Proxy;
use super::record::hidden;
use super::said::{Said, shortened};
use super::target::Target;
use super::wrong_address::wrong_address;
use crate::generate::{GeneratorError, Silence};

/// Returns the error of a reply that broke off.
pub(super) fn broken(target: &Target, cause: &str) -> GeneratorError {
    let cause = shortened(&target.without_key(cause));
    GeneratorError::Broken { provider: target.provider(), source: cause.into() }
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
        Silence::Queue => timeouts.queue(),
        Silence::Idle => timeouts.idle,
    };
    GeneratorError::TimedOut { provider: target.provider(), silence, after }
}

/// Returns the error for an error response, from its status and body.
pub(super) fn refusal(
    status: u16,
    body: &str,
    headers: Option<&HeaderMap>,
    target: &Target,
) -> GeneratorError {
    // Before it is shortened: the beginning of a key is one that nobody finds.
    let said = target.dialect.read_error(&hidden(body, target.key.as_ref()));
    let told = headers.and_then(retry_after).max(said.retry_delay);
    let wait = longest([headers.and_then(retry_after), said.retry_delay], said.wait_in_words)
        .or_else(|| headers.and_then(reset_of_limit).filter(|_| status == 429));
    let words = words(&said, target);
    let provider = target.provider();
    let model = || target.model.clone();
    match Cause::of(status, &said, wait.is_some()) {
        Cause::InvalidReply => GeneratorError::InvalidReply { provider, words },
        Cause::Flagged => GeneratorError::Flagged { provider, words },
        Cause::Quota => GeneratorError::QuotaExhausted { provider, words },
        Cause::Day => GeneratorError::DailyLimit { provider, retry_after: wait_of_a_day(&said, told), words },
        Cause::Limit if headers.and_then(should_retry) == Some(false) => {
            GeneratorError::Rejected { provider, status, words }
        }
        Cause::Limit => GeneratorError::RateLimited { provider, retry_after: wait, words },
        Cause::TooManyTokens => {
            let most =
                most_tokens(&said).map_or_else(|| "fewer".to_owned(), |most| format!("at most {most}"));
            let remedy = format!("set `reply_tokens` under [generator] or in the profile to {most}");
            GeneratorError::ParameterRefused { provider, parameter: "max_tokens".into(), remedy, words }
        }
        Cause::Overflow => GeneratorError::ContextOverflow { words },
        Cause::NotChat => GeneratorError::NotChat { provider, model: model(), words },
        Cause::Model => GeneratorError::UnknownModel { provider, model: model(), words },
        Cause::NotHere => GeneratorError::Settings(format!(
            "{provider} does not answer from here or with the account's settings; change those, or set another \
             provider{}",
            end_of_sentence(&words)
        )),
        Cause::Key => {
            let (env, sent) = (target.key_from.clone(), target.key.is_some());
            GeneratorError::Unauthorized { provider, env, sent, words }
        }
        Cause::Other => other(status, &said, headers, target, wait),
    }
}

/// Returns the longest of the waits that a server names. Words are believed; of the fields, one of many minutes holds
/// only where nothing names a shorter one.
fn longest(fields: [Option<Duration>; 2], words: Option<Duration>) -> Option<Duration> {
    const SANE: Duration = Duration::from_secs(15 * 60);
    let fields = fields.into_iter().flatten();
    fields.clone().filter(|wait| *wait <= SANE).max().max(words).or(fields.max())
}

/// Returns the error of a refusal whose cause no code and no words tell.
fn other(
    status: u16,
    said: &Said,
    headers: Option<&HeaderMap>,
    target: &Target,
    retry_after: Option<Duration>,
) -> GeneratorError {
    if let Some(error) = wrong_address(status, said, headers, target) {
        return error;
    }
    let (provider, words) = (target.provider(), words(said, target));
    if status == 407 {
        let proxy = target.proxy.as_ref().map_or_else(|| "The proxy".to_owned(), Proxy::described);
        return GeneratorError::Settings(format!(
            "A password is wanted by {proxy}; write it like \"http://NAME:PASSWORD@HOST:PORT\" there{}",
            end_of_sentence(&words)
        ));
    }
    if let Some((parameter, remedy)) = wanted(said) {
        return GeneratorError::ParameterRefused { provider, parameter, remedy, words };
    }
    // An error that came with the status of success has none of its own, unless its fields say so.
    let is_told = status != 500 || headers.is_some() || said.is(&["500"]);
    let shown = if is_told { status } else { 200 };
    // The provider may say that the request should not be retried.
    match (status, headers.and_then(should_retry)) {
        (_, Some(false)) => GeneratorError::Rejected { provider, status: shown, words },
        (408 | 409 | 425 | 500.., _) | (_, Some(true)) => {
            GeneratorError::ServerFailed { provider, status: shown, retry_after, words }
        }
        _ => GeneratorError::Rejected { provider, status: shown, words },
    }
}

/// Returns the parameter that a server misses in a request, and the setting that adds it.
fn wanted(said: &Said) -> Option<(String, String)> {
    const ONLY_STREAMS: [&str; 6] = [
        "only support stream",
        "only supports stream",
        "support streaming only",
        "non-streaming calls",
        "stream must be true",
        "stream parameter to access",
    ];
    if said.says(&ONLY_STREAMS) {
        let remedy = "leave out `--no-stream`, and `stream` of `leave_out`, so that replies come as streams";
        return Some(("stream".into(), remedy.into()));
    }
    let names_limit = said.says(&["max_tokens", "max_completion_tokens"])
        || said.parameters.iter().any(|name| name == "max_tokens");
    let misses =
        said.says(&["field required", "is required", "missing required", "must be provided", "must be set"]);
    (names_limit && misses).then(|| {
        let remedy = "set `reply_tokens` under [generator] or in the profile, such as 800";
        ("max_tokens".into(), remedy.into())
    })
}

/// Returns what the provider said, without the key, with the reasons of a filter.
fn words(said: &Said, target: &Target) -> String {
    let new = |reason: &&String| !said.words.to_lowercase().contains(&reason.to_lowercase());
    let reasons: Vec<&str> = said.reasons.iter().filter(new).map(String::as_str).collect();
    let words = said.words.trim_end_matches('.');
    let words = match reasons.as_slice() {
        [] => said.words.clone(),
        reasons if words.is_empty() => reasons.join(", "),
        reasons => format!("{words} ({})", reasons.join(", ")),
    };
    target.without_key(&words)
}

fn end_of_sentence(words: &str) -> String {
    let words = words.trim().trim_end_matches('.');
    if words.is_empty() { ".".to_owned() } else { format!(": {words}.") }
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
    fn the_longest_wait_holds_unless_it_is_out_of_proportion() {
        let seconds = |fields: [Option<u64>; 2], words: Option<u64>| {
            let wait = |wait: Option<u64>| wait.map(Duration::from_secs);
            longest(fields.map(wait), wait(words)).map(|wait| wait.as_secs())
        };
        assert_eq!(seconds([Some(2), None], Some(30)), Some(30));
        assert_eq!(seconds([Some(86_400), Some(3)], None), Some(3));
        assert_eq!(seconds([Some(86_400), None], Some(4)), Some(4));
        assert_eq!(seconds([Some(5), None], Some(7_632)), Some(7_632));
        assert_eq!(seconds([Some(7_632), None], None), Some(7_632));
        assert_eq!(seconds([None; 2], None), None);
    }

    #[test]
    fn the_reasons_of_a_filter_are_shown_and_the_run_goes_on() {
        let flagged = said(
            403,
            r#"{"error":{"code":403,"message":"The input was flagged.","metadata":{"reasons":["violence"]}}}"#,
        );
        assert_eq!(
            flagged.to_string(),
            "openai refused the text of this request: The input was flagged (violence)."
        );
        assert!(!flagged.is_final() && !flagged.is_transient());
        let azure = r#"{"error":{"message":"Filtered","code":"content_filter","innererror":{"content_filter_result":{"hate":{"filtered":false},"self_harm":{"filtered":true}}}}}"#;
        assert!(said(400, azure).to_string().ends_with("Filtered (self_harm)."), "{}", said(400, azure));
    }

    #[test]
    fn a_limit_of_the_day_keeps_only_a_wait_that_is_the_days() {
        let day = |words: &str| {
            said(429, &format!(r#"{{"error":{{"message":"{words}","details":[{{"retryDelay":"3s"}}]}}}}"#))
        };
        assert!(matches!(day("Requests per day"), GeneratorError::DailyLimit { retry_after: None, .. }));
        let told = day("Tokens per day (TPD); try again in 2h7m").to_string();
        assert!(told.contains("opens again in 2 h 7 min") && told.contains("--resume"), "{told}");
        assert!(matches!(
            day("Requests per minute"),
            GeneratorError::RateLimited { retry_after: Some(_), .. }
        ));
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
