//! Formats moments and durations.
//!
//! Moments are milliseconds since the start of 1970, UTC, as in the journal. Nothing here
//! reads a clock.

use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The range of moments that can be formatted, in milliseconds: some hours within the years -9999 to 9999.
const WRITTEN: std::ops::RangeInclusive<i64> = -377_705_023_201_000..=253_402_207_200_999;

/// Returns a moment as RFC 3339 in UTC, to the millisecond: `2026-03-01T09:05:00.250Z`.
///
/// It always has the same length, so texts sort as the moments do. A moment outside the
/// years -9999 to 9999 is clamped.
#[must_use]
pub(crate) fn rfc3339(millis: i64) -> String {
    let millis = millis.clamp(*WRITTEN.start(), *WRITTEN.end());
    let seconds = millis.div_euclid(1000);
    // Cannot fail: the clamped moment can always be represented.
    let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let mut text = String::with_capacity(24);
    if at.year() < 0 {
        text.push_str("-00");
    }
    let (hour, minute, second) = at.to_hms();
    push_digits(&mut text, at.year().unsigned_abs(), 4);
    let fields = [('-', u8::from(at.month())), ('-', at.day()), ('T', hour), (':', minute), (':', second)];
    for (before, field) in fields {
        text.push(before);
        push_digits(&mut text, field.into(), 2);
    }
    text.push('.');
    // Cannot fail: it is below 1000.
    push_digits(&mut text, u32::try_from(millis.rem_euclid(1000)).unwrap_or_default(), 3);
    text.push('Z');
    text
}

/// Appends the last digits of a number. Exports write two moments a row, and `format!` takes ten times as long.
fn push_digits(text: &mut String, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

/// Reads a moment in RFC 3339, with any offset; nothing where the text is none.
#[must_use]
pub(crate) fn from_rfc3339(text: &str) -> Option<i64> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
}

/// Returns a duration for a person, in its largest fitting unit: `0.8 s`, `12 s`, `2 min`.
///
/// Below a tenth of a second it is in `ms`, and from two days on in `d`.
#[must_use]
pub(crate) fn duration(span: Duration) -> String {
    let millis = span.as_millis();
    let tenths = (millis + 50) / 100;
    let seconds = (millis + 500) / 1000;
    let minutes = (seconds + 30) / 60;
    let hours = (minutes + 30) / 60;
    match () {
        () if millis < 100 => format!("{millis} ms"),
        () if tenths < 100 => format!("{}.{} s", tenths / 10, tenths % 10),
        () if seconds < 60 => format!("{seconds} s"),
        () if minutes < 60 => format!("{minutes} min"),
        () if hours < 48 => format!("{hours} h"),
        () => format!("{} d", (hours + 12) / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_to_the_millisecond() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(1_772_355_900_250), "2026-03-01T09:05:00.250Z");
        assert_eq!(rfc3339(-377_705_000_000_000), "-009999-01-02T08:26:40.000Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn a_moment_is_read_as_it_is_written_and_with_an_offset() {
        assert_eq!(from_rfc3339("2026-03-01T09:05:00.250Z"), Some(1_772_355_900_250));
        assert_eq!(from_rfc3339("2026-03-01T10:05:00.250+01:00"), Some(1_772_355_900_250));
        assert_eq!(from_rfc3339("yesterday"), None);
    }

    #[test]
    fn a_moment_out_of_range_is_the_nearest_within() {
        assert!(rfc3339(i64::MAX).starts_with("9999-12-30"), "{}", rfc3339(i64::MAX));
        assert!(rfc3339(i64::MIN).starts_with("-009999-01-02"), "{}", rfc3339(i64::MIN));
    }

    #[test]
    fn a_duration_is_in_its_largest_fitting_unit() {
        let cases = [
            (0, "0 ms"),
            (99, "99 ms"),
            (100, "0.1 s"),
            (849, "0.8 s"),
            (9_949, "9.9 s"),
            (9_950, "10 s"),
            (59_499, "59 s"),
            (59_500, "1 min"),
            (120_000, "2 min"),
            (3_569_499, "59 min"),
            (3_570_000, "1 h"),
            (10_800_000, "3 h"),
            (169_200_000, "47 h"),
            (172_800_000, "2 d"),
            (864_000_000, "10 d"),
        ];
        for (millis, words) in cases {
            assert_eq!(duration(Duration::from_millis(millis)), words, "{millis} ms");
        }
    }
}
