//! Says names and values from outside in sentences: safe for a screen, and shortened.

use std::fmt::Write as _;
use std::path::Path;

use crate::text::{SafeText, closest, truncate};

/// The most screen columns of a quoted value in a sentence.
const VALUE_COLUMNS: usize = 60;
/// The most columns or labels that a sentence lists; further ones are only counted.
const LISTED: usize = 12;

/// Returns a path, safe and shortened for a sentence.
pub(super) fn shown_path(path: &Path) -> String {
    SafeText::one_line(&path.to_string_lossy()).to_string()
}

/// Returns a value from outside between backticks, safe and shortened, with the blanks around it shown as `␣`.
pub(super) fn quoted(value: &str) -> String {
    let blanks = |text: &str| "␣".repeat(text.chars().count());
    let inner = value.trim();
    let start = value.len() - value.trim_start().len();
    let (before, after) = (&value[..start], value.trim_start().strip_prefix(inner).unwrap_or_default());
    let safe = format!("{}{}{}", blanks(before), SafeText::one_line(inner), blanks(after));
    format!("`{}`", truncate(&safe, VALUE_COLUMNS))
}

/// Returns a suggestion of the name nearest to an unknown one.
pub(super) fn suggestion<'a>(wanted: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    let same = names.clone().find(|name| is_same_number(name, wanted));
    match same.or_else(|| closest(wanted, names)) {
        Some(name) if name != name.trim() && wanted == wanted.trim() => {
            format!("; did you mean {}, where ␣ is a blank?", quoted(name))
        }
        Some(name) => format!("; did you mean {}?", quoted(name)),
        None => ".".to_owned(),
    }
}

/// Returns whether two texts are one number, written differently.
fn is_same_number(one: &str, other: &str) -> bool {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    number(one).zip(number(other)).is_some_and(|(a, b)| (a - b).abs() < f64::EPSILON)
}

/// Returns the first [`LISTED`] names, joined by commas.
pub(super) fn listed(mut names: impl Iterator<Item = String>) -> String {
    let mut list = names.by_ref().take(LISTED).collect::<Vec<_>>().join(", ");
    let more = names.count();
    if more > 0 {
        // Writing to a string cannot fail.
        let _ = write!(list, " and {more} more");
    }
    if list.is_empty() { "none at all".to_owned() } else { list }
}

/// Returns a count with the noun that belongs to it, such as "1 row" and "2 rows".
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Returns places as "line 3", "lines 3 and 5", "lines 3, 5, 6 and 20 more".
pub(super) fn places(noun: &str, first: &[u64], count: usize) -> String {
    let mut said: Vec<_> = first.iter().map(u64::to_string).collect();
    match count.saturating_sub(first.len()) {
        0 => {}
        more => said.push(format!("{more} more")),
    }
    let plural = if count == 1 { "" } else { "s" };
    match said.split_last() {
        Some((last, [])) => format!("{noun}{plural} {last}"),
        Some((last, before)) => format!("{noun}{plural} {} and {last}", before.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_nearly_right_is_suggested() {
        let names = ["text", "label", "id"];

        assert_eq!(closest("lable", names.into_iter()), Some("label"));
        assert_eq!(closest("Text ", names.into_iter()), Some("text"));
        assert_eq!(closest("message", names.into_iter()), None);
    }

    #[test]
    fn blanks_around_a_name_are_shown() {
        assert_eq!([" text", "a b\t", "  "].map(quoted), ["`␣text`", "`a b␣`", "`␣␣`"]);
        assert_eq!(
            suggestion("text", [" text", "label"].into_iter()),
            "; did you mean `␣text`, where ␣ is a blank?"
        );
    }

    #[test]
    fn a_number_written_differently_is_suggested() {
        for (wanted, name) in [("1", "1.0"), ("1.0", "1"), ("1000", "1e3"), ("7", "007"), ("true", "True")] {
            assert_eq!(suggestion(wanted, ["10", name].into_iter()), format!("; did you mean `{name}`?"));
        }
        assert_eq!(suggestion("1", ["2", "one"].into_iter()), ".");
    }

    #[test]
    fn a_long_list_of_names_is_cut_and_counted() {
        let names = (0..15).map(|number| format!("c{number}"));

        assert_eq!(listed(names), "c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 and 3 more");
    }

    #[test]
    fn places_are_named_and_then_counted() {
        assert_eq!(places("line", &[3], 1), "line 3");
        assert_eq!(places("line", &[3, 5], 2), "lines 3 and 5");
        assert_eq!(places("item", &[3, 5, 6], 23), "items 3, 5, 6 and 20 more");
    }
}
