//! Response headers for retries and rate limits.

use std::time::Duration;

use reqwest::header::HeaderMap;
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

use crate::generate::RateLimits;

/// Returns how long the provider asks to wait: `retry-after-ms`, else `retry-after` in seconds or as a
/// date, relative to the response's own date if it has one.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| text(headers, name)?.parse::<f64>().ok();
    if let Some(seconds) = number("retry-after-ms").map(|millis| millis / 1000.0).or(number("retry-after")) {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = |name: &str| OffsetDateTime::parse(text(headers, name)?, &Rfc2822).ok();
    let now = date("date").unwrap_or_else(OffsetDateTime::now_utc);
    Some(until(date("retry-after")?, now))
}

/// Returns whether the request should be sent again, if the provider says so.
pub(super) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    text(headers, "x-should-retry")?.parse().ok()
}

/// Returns the rate limits in the headers; `None` if there are none.
pub(super) fn rate_limits(headers: &HeaderMap) -> Option<RateLimits> {
    let count = |names: [&str; 2]| names.iter().find_map(|name| text(headers, name)?.parse().ok());
    let reset = |names: [&str; 2]| {
        names.iter().find_map(|name| reset(text(headers, name)?, OffsetDateTime::now_utc()))
    };
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

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Parses the reset time of a limit: `6m0s`, `20ms`, seconds, a Unix time in seconds or milliseconds, or a
/// date.
fn reset(text: &str, now: OffsetDateTime) -> Option<Duration> {
    if let Ok(number) = text.parse::<f64>() {
        // A number of seconds that would mean years is a Unix time.
        let seconds = if number > 1e11 { number / 1000.0 } else { number };
        #[expect(clippy::cast_precision_loss, reason = "seconds of an epoch are far below 2^52")]
        let since = if seconds > 1e8 { seconds - now.unix_timestamp() as f64 } else { seconds };
        return Duration::try_from_secs_f64(since.max(0.0)).ok();
    }
    if let Ok(at) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(until(at, now));
    }
    span(text)
}

/// Parses a duration in Go's format: numbers with the units h, m, s and ms.
fn span(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let unit_end =
            rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |end| digits + end);
        let unit = match &rest[digits..unit_end] {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 0.001,
            _ => return None,
        };
        seconds += number * unit;
        rest = &rest[unit_end..];
    }
    (!text.is_empty()).then(|| Duration::try_from_secs_f64(seconds).ok()).flatten()
}

fn until(at: OffsetDateTime, now: OffsetDateTime) -> Duration {
    // A time in the past means no wait.
    Duration::try_from(at - now).unwrap_or_default()
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
    fn a_reset_is_a_span_a_number_or_a_point_in_time() {
        let now = OffsetDateTime::parse("2026-11-25T02:00:00Z", &Rfc3339).unwrap();
        let after = |text: &str| reset(text, now);

        assert_eq!(after("20ms"), Some(Duration::from_millis(20)));
        assert_eq!(after("2026-11-25T02:00:05Z"), Some(Duration::from_secs(5)));
        assert_eq!(after("12"), Some(Duration::from_secs(12)));
        assert_eq!(after(&(now.unix_timestamp() * 1000 + 3_000).to_string()), Some(Duration::from_secs(3)));
        assert_eq!(after("soon"), None);
        assert_eq!(after(""), None);
    }

    #[test]
    fn whether_to_send_again_is_heard() {
        assert_eq!(should_retry(&headers(&[("x-should-retry", "true")])), Some(true));
        assert_eq!(should_retry(&headers(&[("x-should-retry", "false")])), Some(false));
        assert_eq!(should_retry(&headers(&[("x-should-retry", "perhaps")])), None);
    }
}
