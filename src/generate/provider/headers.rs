//! Response headers for retries and rate limits.

use std::time::Duration;

use reqwest::header::HeaderMap;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::waits::{epoch_or_span, until};
use crate::generate::RateLimits;

/// What gateways put before the headers that they pass on.
const PASSED_ON: &str = "llm_provider-";

/// Returns how long the provider asks to wait: `retry-after-ms`, else `retry-after` in seconds or as a
/// date, relative to the response's own date if it has one.
///
/// `LiteLLM` passes the provider's own headers on under other names; where both ask to wait, the longer wait
/// holds.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let passed_on = |name: &str| format!("{PASSED_ON}{name}");
    wait(headers, str::to_owned).max(wait(headers, passed_on))
}

fn wait(headers: &HeaderMap, spelled: impl Fn(&str) -> String) -> Option<Duration> {
    let text = |name: &str| text(headers, &spelled(name));
    let number = |name: &str| text(name)?.parse::<f64>().ok();
    if let Some(seconds) = number("retry-after-ms").map(|millis| millis / 1000.0).or(number("retry-after")) {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = |name: &str| OffsetDateTime::parse(text(name)?, &Rfc2822).ok();
    let now = date("date").unwrap_or_else(OffsetDateTime::now_utc);
    // Some write a span with its unit instead.
    date("retry-after").map(|at| until(at, now)).or_else(|| epoch_or_span(text("retry-after")?))
}

/// Returns when a limit that is used up is reset, for a response that names no wait.
pub(super) fn reset_of_limit(headers: &HeaderMap) -> Option<Duration> {
    let limits = rate_limits(headers)?;
    limits.rest().or_else(|| {
        let is_told = limits.remaining_requests.is_some() || limits.remaining_tokens.is_some();
        limits.reset_requests.max(limits.reset_tokens).filter(|_| !is_told)
    })
}

/// Returns whether the request should be sent again, if the provider says so.
pub(super) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    text(headers, "x-should-retry")?.parse().ok()
}

/// Returns the rate limits in the headers; `None` if there are none.
pub(super) fn rate_limits(headers: &HeaderMap) -> Option<RateLimits> {
    let count = |names: [&str; 2]| names.iter().find_map(|name| told(headers, name)?.parse().ok());
    let reset = |names: [&str; 2]| names.iter().find_map(|name| epoch_or_span(told(headers, name)?));
    let limits = RateLimits {
        limit_requests: count(["x-ratelimit-limit-requests", "anthropic-ratelimit-requests-limit"])
            .or_else(|| count(["x-ratelimit-limit", "ratelimit-limit"])),
        remaining_requests: count([
            "x-ratelimit-remaining-requests",
            "anthropic-ratelimit-requests-remaining",
        ])
        .or_else(|| count(["x-ratelimit-remaining", "ratelimit-remaining"])),
        reset_requests: reset(["x-ratelimit-reset-requests", "anthropic-ratelimit-requests-reset"])
            .or_else(|| reset(["x-ratelimit-reset", "ratelimit-reset"])),
        limit_tokens: count(["x-ratelimit-limit-tokens", "anthropic-ratelimit-tokens-limit"]),
        remaining_tokens: count(["x-ratelimit-remaining-tokens", "anthropic-ratelimit-tokens-remaining"]),
        reset_tokens: reset(["x-ratelimit-reset-tokens", "anthropic-ratelimit-tokens-reset"]),
    };
    (limits != RateLimits::default()).then_some(limits)
}

/// Returns the value of a header, also under the name by which a gateway passes it on.
fn told<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    text(headers, name).or_else(|| text(headers, &format!("{PASSED_ON}{name}")))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn milliseconds_to_wait_win_over_seconds_and_nonsense_is_ignored() {
        let wait = |pairs: &[(&str, &str)]| retry_after(&headers(pairs));

        assert_eq!(wait(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(
            wait(&[("retry-after", "7"), ("retry-after-ms", "250")]),
            Some(Duration::from_millis(250))
        );
        assert_eq!(wait(&[("retry-after", "-1")]), None);
        assert_eq!(wait(&[("retry-after", "soon")]), None);
    }

    #[test]
    fn a_date_to_wait_for_is_counted_from_the_answers_own() {
        let wait = |until: &str| {
            retry_after(&headers(&[("retry-after", until), ("date", "Wed, 25 Nov 2026 02:00:00 GMT")]))
        };

        assert_eq!(wait("Wed, 25 Nov 2026 02:01:30 GMT"), Some(Duration::from_secs(90)));
        assert_eq!(wait("Wed, 25 Nov 2026 01:00:00 GMT"), Some(Duration::ZERO));
    }

    #[test]
    fn limits_are_read_as_each_provider_spells_them() {
        let openai = rate_limits(&headers(&[
            ("x-ratelimit-limit-requests", "60"),
            ("x-ratelimit-remaining-requests", "59"),
            ("x-ratelimit-reset-requests", "1s"),
            ("x-ratelimit-remaining-tokens", "149984"),
            ("x-ratelimit-reset-tokens", "6m0.5s"),
        ]))
        .unwrap();
        let anthropic = rate_limits(&headers(&[("anthropic-ratelimit-requests-remaining", "3")])).unwrap();

        assert_eq!((openai.limit_requests, openai.remaining_requests), (Some(60), Some(59)));
        assert_eq!(openai.remaining_tokens, Some(149_984));
        assert_eq!(openai.reset_requests, Some(Duration::from_secs(1)));
        assert_eq!(openai.reset_tokens, Some(Duration::from_millis(360_500)));
        assert_eq!(anthropic.remaining_requests, Some(3));
        assert_eq!(rate_limits(&headers(&[("content-type", "text/html")])), None);
    }

    #[test]
    fn what_a_gateway_passes_on_is_heard_under_its_other_name() {
        let wait = |pairs: &[(&str, &str)]| retry_after(&headers(pairs)).map(|wait| wait.as_secs());

        assert_eq!(wait(&[("llm_provider-retry-after", "9")]), Some(9));
        assert_eq!(wait(&[("retry-after", "2"), ("llm_provider-retry-after", "9")]), Some(9));
        assert_eq!(wait(&[("retry-after", "1m30s")]), Some(90));
        let passed_on = headers(&[
            ("llm_provider-x-ratelimit-remaining-requests", "0"),
            ("llm_provider-x-ratelimit-reset-requests", "40s"),
        ]);
        assert_eq!(rate_limits(&passed_on).unwrap().remaining_requests, Some(0));
        assert_eq!(reset_of_limit(&passed_on), Some(Duration::from_secs(40)));
        let left = headers(&[("x-ratelimit-remaining-requests", "5"), ("x-ratelimit-reset-requests", "40s")]);
        assert_eq!(reset_of_limit(&left), None);
        assert_eq!(reset_of_limit(&headers(&[("x-ratelimit-reset", "8")])), Some(Duration::from_secs(8)));
    }

    #[test]
    fn whether_to_send_again_is_heard() {
        assert_eq!(should_retry(&headers(&[("x-should-retry", "true")])), Some(true));
        assert_eq!(should_retry(&headers(&[("x-should-retry", "false")])), Some(false));
        assert_eq!(should_retry(&headers(&[("x-should-retry", "perhaps")])), None);
    }
}
