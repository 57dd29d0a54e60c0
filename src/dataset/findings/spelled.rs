//! Labels and counts as the sentences of the findings spell them.

use std::fmt::Write as _;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::text::{SafeText, counted, thousands, truncate};

/// The most screen columns of a quoted value.
const VALUE_COLUMNS: usize = 40;

/// A label with the number of its rows.
pub(crate) type Counted<'a> = (&'a str, usize);

/// Returns a number with commas between its thousands.
pub(crate) fn number(count: usize) -> String {
    thousands(count as u64)
}

/// Returns a number with its noun, such as `1 row` or `1,200 rows`.
pub(crate) fn rows(count: usize) -> String {
    counted(count as u64, "row")
}

/// Returns a value between backticks, with its blanks at both ends as `␣`; other blanks, and marks that
/// cannot be seen, are written as their code points.
pub(crate) fn spelled(value: &str) -> String {
    let unseen = |c: char| c.is_whitespace() && c != ' ';
    let mut shown = String::with_capacity(value.len());
    let ends = value.len() - value.trim_start_matches(' ').len()..value.trim_end_matches(' ').len();
    for (place, c) in value.char_indices() {
        if unseen(c) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(c));
        } else {
            shown.push(if ends.contains(&place) { c } else { '␣' });
        }
    }
    format!("`{}`", truncate(SafeText::new(&shown).as_str(), VALUE_COLUMNS))
}

/// Returns labels with their counts, such as `` `a` (12), `b` (3) and 7 more ``.
pub(crate) fn listed(labels: &[Counted<'_>], most: usize) -> String {
    let name = |(label, rows): &Counted<'_>| format!("{} ({})", spelled(label), number(*rows));
    let mut names: Vec<String> = labels.iter().take(most).map(name).collect();
    let look = |label: &str| ComposingNormalizerBorrowed::new_nfc().normalize(&spelled(label)).into_owned();
    let looks: Vec<String> = labels.iter().take(most).map(|(label, _)| look(label)).collect();
    if looks.iter().enumerate().any(|(place, look)| looks[..place].contains(look)) {
        // They look the same, so the code points say how they differ.
        names = labels
            .iter()
            .take(most)
            .map(|(label, rows)| format!("{} ({rows})", in_code_points(label)))
            .collect();
    }
    joined(names, labels.len().saturating_sub(most))
}

/// Returns names as a list with *and*, and how many more there are.
pub(crate) fn joined(mut names: Vec<String>, more: usize) -> String {
    if more > 0 {
        names.push(format!("{} more", number(more)));
    }
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

fn in_code_points(value: &str) -> String {
    let spell =
        |c: char| if c.is_ascii_graphic() { c.to_string() } else { format!("⟨U+{:04X}⟩", u32::from(c)) };
    format!("`{}`", truncate(&value.chars().map(spell).collect::<String>(), 2 * VALUE_COLUMNS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_that_look_like_others_are_spelled_out() {
        assert_eq!(spelled(" cancel "), "`␣cancel␣`");
        assert_eq!(spelled("cancel\u{a0}"), "`cancel⟨U+00A0⟩`");
        assert_eq!(spelled("can\u{200b}cel"), "`can⟨U+200B⟩cel`");
    }

    #[test]
    fn a_long_list_is_cut_and_labels_that_look_the_same_are_told_apart() {
        assert_eq!(
            listed(&[("a", 1200), ("b", 3), ("c", 1), ("d", 1)], 2),
            "`a` (1,200), `b` (3) and 2 more"
        );
        assert_eq!(listed(&[("é", 2), ("e\u{301}", 1)], 5), "`⟨U+00E9⟩` (2) and `e⟨U+0301⟩` (1)");
        assert_eq!(listed(&[("a", 1)], 5), "`a` (1)");
    }
}
