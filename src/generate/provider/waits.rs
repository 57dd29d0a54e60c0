//! How long a server asks to wait, in its words and in the spellings of its fields.

use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What stands before a wait in words.
const BEFORE: [&str; 11] = [
    "try again in",
    "try again after",
    "retry in",
    "retry after",
    "retry your request after",
    "again in",
    "wait",
    "available in",
    "resets in",
    "reset in",
    "reset after",
];
/// Words that may stand between those and the wait.
const BETWEEN: [&str; 6] = ["for", "about", "at", "least", "approximately", "another"];
/// The words of each unit, with its seconds.
const UNITS: [(&[&str], f64); 5] = [
    (&["ms", "msec", "millis", "millisecond", "milliseconds"], 0.001),
    (&["s", "sec", "secs", "second", "seconds"], 1.0),
    (&["m", "min", "mins", "minute", "minutes"], 60.0),
    (&["h", "hr", "hrs", "hour", "hours"], 3_600.0),
    (&["d", "day", "days"], 86_400.0),
];

/// Returns the wait that words (in lower case) name, such as `try again in 2h7m12.5s`; the longest if there
/// are several.
pub(super) fn wait_in_words(lower: &str) -> Option<Duration> {
    let waits = BEFORE.iter().flat_map(|before| {
        lower.match_indices(before).filter_map(|(at, before)| {
            let starts = lower[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            starts.then(|| wait_at_start(&lower[at + before.len()..])).flatten()
        })
    });
    waits.max()
}

/// Reads the wait that a text begins with.
fn wait_at_start(text: &str) -> Option<Duration> {
    let mut rest =
        text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '~' | '"' | '\''));
    while let Some(word) = BETWEEN.iter().find_map(|word| rest.strip_prefix(word)?.strip_prefix(' ')) {
        rest = word.trim_start();
    }
    let mut seconds = None;
    while let Some((value, unit, behind)) = number_with_unit(rest) {
        seconds = Some(seconds.unwrap_or(0.0) + value * unit);
        rest = behind.trim_start_matches([' ', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
    }
    Duration::try_from_secs_f64(seconds?).ok()
}

/// Reads a number with its unit, and returns the number, the seconds of the unit and what stands behind.
fn number_with_unit(text: &str) -> Option<(f64, f64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..digits].parse().ok()?;
    let behind = text[digits..].trim_start_matches([' ', '-']);
    let end = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
    let (word, rest) = behind.split_at(end);
    let (_, unit) = UNITS.iter().find(|(words, _)| words.contains(&word))?;
    Some((number, *unit, rest))
}

/// Parses the field of a wait: `6m0s`, `20ms`, seconds, a Unix time in seconds or milliseconds, or a date.
pub(super) fn epoch_or_span(text: &str) -> Option<Duration> {
    span_until(text, OffsetDateTime::now_utc())
}

/// Does the same at a given time.
pub(super) fn span_until(text: &str, now: OffsetDateTime) -> Option<Duration> {
    if let Ok(number) = text.parse::<f64>() {
        // A number of seconds that would mean years is a Unix time.
        let seconds = if number > 1e11 { number / 1000.0 } else { number };
        #[expect(clippy::cast_precision_loss, reason = "seconds of an epoch are far below 2^52")]
        let since = if seconds > 1e8 { seconds - now.unix_timestamp() as f64 } else { seconds };
        return Duration::try_from_secs_f64(since.max(0.0)).ok();
    }
    if let Ok(at) = OffsetDateTime::parse(&text.to_uppercase(), &Rfc3339) {
        return Some(until(at, now));
    }
    let mut rest = text;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let (number, unit, behind) = number_with_unit(rest)?;
        seconds += number * unit;
        rest = behind;
    }
    (!text.is_empty()).then(|| Duration::try_from_secs_f64(seconds).ok()).flatten()
}

/// Returns the time until a moment; none if it is past.
pub(super) fn until(at: OffsetDateTime, now: OffsetDateTime) -> Duration {
    Duration::try_from(at - now).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_read_out_of_sentences() {
        let millis = |text: &str| wait_in_words(&text.to_lowercase()).map(|wait| wait.as_millis());
        for (text, wait) in [
            ("Please try again in 2h7m12.5s.", 7_632_500),
            ("Please try again in 6m0s. Visit the page", 360_000),
            ("try again in 6 minutes", 360_000),
            ("Please wait 30 seconds and do", 30_000),
            ("Retry after 12s", 12_000),
            ("retry in 350ms", 350),
            ("Please retry in 3.5s.", 3_500),
            ("Try again in 1 day, 2 hours and 3 min.", 93_780_000),
            ("wait for about 5 seconds", 5_000),
            ("Please retry after 60 seconds.", 60_000),
            ("limit resets in: 45s", 45_000),
            ("retry in 2s, or wait 10 seconds", 10_000),
            ("Try again in 1h", 3_600_000),
        ] {
            assert_eq!(millis(text), Some(wait), "{text}");
        }
        for text in ["try again later", "in 5 apples", "await 5 s", "wait 7", "try again in", "wait 1e9 s"] {
            assert_eq!(millis(text), None, "{text}");
        }
    }

    #[test]
    fn a_field_is_a_span_a_number_or_a_point_in_time() {
        let now = OffsetDateTime::parse("2026-11-25T02:00:00Z", &Rfc3339).unwrap();
        let after = |text: &str| span_until(text, now);

        assert_eq!(after("20ms"), Some(Duration::from_millis(20)));
        assert_eq!(after("6m0.5s"), Some(Duration::from_millis(360_500)));
        assert_eq!(after("2026-11-25t02:00:05z"), Some(Duration::from_secs(5)));
        assert_eq!(after("12"), Some(Duration::from_secs(12)));
        assert_eq!(after(&(now.unix_timestamp() * 1000 + 3_000).to_string()), Some(Duration::from_secs(3)));
        assert_eq!(after("soon"), None);
        assert_eq!(after(""), None);
    }
}
