//! What a person should know about a dataset before working with it.
//!
//! Findings are full sentences, each with what follows and what to do. They say nothing where
//! all is well, never more than a few sentences of a kind, and change nothing: whether two
//! spellings are one class is for a person to decide.
//!
//! ```text
//! labels ──► spelled alike? made of others? a word for none?      target ──► enough rows?
//! texts  ──► with two labels? repeated? very long?               columns ──► left unused, but telling?
//! ```

mod alike;
mod columns;
mod labels;
mod spelled;
mod target;
mod texts;

use super::Dataset;

pub(crate) use alike::without_variants;
pub(crate) use columns::{Used, is_side_column, is_split, is_verdict, splits_all, unused, values};
pub(crate) use labels::stands_for_none;
pub(crate) use spelled::{Counted, joined, listed, number, rows, spelled};
pub(crate) use texts::{RowNames, row_name};

/// The most labels that the counts list.
const LISTED: usize = 12;

/// Returns the labels with their counts, the most frequent first, cut and counted where they are many.
#[must_use]
pub(crate) fn label_counts(dataset: &Dataset) -> String {
    spelled::listed(&counted(dataset), LISTED)
}

/// Returns what is unusual about labels with their counts, the most frequent first.
#[must_use]
pub(crate) fn label_remarks(labels: &[Counted<'_>], target: &str) -> Vec<String> {
    [alike::remarks(labels, target), labels::remarks(labels, target)].concat()
}

/// Returns the most frequent spelling of each class with the rows of all its spellings, the most frequent class
/// first; `labels` are the most frequent first.
pub(crate) fn spellings_together<'a>(labels: &[Counted<'a>]) -> Vec<Counted<'a>> {
    let class = |spellings: Vec<Counted<'a>>| {
        let rows = spellings.iter().map(|(_, rows)| rows).sum();
        spellings.first().map(|(label, _)| (*label, rows))
    };
    let mut classes: Vec<Counted<'a>> = alike::classes(labels).into_iter().filter_map(class).collect();
    classes.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    classes
}

/// Returns what is unusual about a dataset for somebody who wants rows of a target, in full sentences.
///
/// `names` says what its rows are called by, `has_split` whether a column splits them.
#[must_use]
pub(crate) fn findings(dataset: &Dataset, target: &str, names: RowNames, has_split: bool) -> Vec<String> {
    [
        label_remarks(&counted(dataset), target),
        texts::remarks(dataset, target, names),
        target::remarks(dataset, target, has_split),
    ]
    .concat()
}

/// Returns the labels, the most frequent first.
fn counted(dataset: &Dataset) -> Vec<Counted<'_>> {
    let counts = dataset.label_counts().iter().map(|counts| counts.total());
    let mut labels: Vec<Counted<'_>> = dataset.labels().iter().map(String::as_str).zip(counts).collect();
    labels.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    labels
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeSet;

    use super::super::{Column, Kind, SplitRule, fixture};
    use super::*;

    /// Returns a dataset with these labels and texts, from line 2 on.
    pub(super) fn of_rows(rows: &[(&str, &str)]) -> Dataset {
        let rows: Vec<_> = rows.iter().map(|(label, text)| (*label, (*text).to_owned())).collect();
        Dataset::split(fixture::records(&rows, None), &SplitRule::new(0.2, 42).unwrap(), None)
    }

    /// Returns a dataset with so many rows of each label, all with texts of their own.
    pub(super) fn of_counts(counts: &[(&str, usize)]) -> Dataset {
        let rows: Vec<_> = counts
            .iter()
            .flat_map(|(label, count)| (0..*count).map(move |n| (*label, format!("{label} text number {n}"))))
            .collect();
        Dataset::split(fixture::records(&rows, None), &SplitRule::new(0.2, 42).unwrap(), None)
    }

    /// Returns a column with these values.
    pub(in super::super) fn column(name: &str, values: &[(&str, usize)]) -> Column {
        let is_whole = values.iter().all(|(value, _)| value.bytes().all(|byte| byte.is_ascii_digit()));
        Column {
            name: name.to_owned(),
            filled: values.iter().map(|(_, rows)| rows).sum(),
            kinds: BTreeSet::from([Kind::Text]),
            values: values.iter().map(|(value, rows)| ((*value).to_owned(), *rows)).collect(),
            has_more_values: false,
            median_chars: values[values.len() / 2].0.chars().count(),
            is_whole,
            first: Vec::new(),
        }
    }

    #[test]
    fn a_file_with_nothing_unusual_is_passed_in_silence() {
        let dataset = of_counts(&[("ham", 800), ("spam", 200)]);
        assert_eq!(findings(&dataset, "spam", RowNames::Lines, false), Vec::<String>::new());
    }

    #[test]
    fn labels_are_counted_with_the_most_frequent_first_and_a_long_list_is_cut() {
        assert_eq!(label_counts(&of_counts(&[("spam", 2), ("ham", 1200)])), "`ham` (1,200) and `spam` (2)");
        let names: Vec<String> = (0..150).map(|n| format!("class {n}")).collect();
        let many: Vec<(&str, usize)> = names.iter().map(|name| (name.as_str(), 1)).collect();
        assert!(label_counts(&of_counts(&many)).ends_with("and 138 more"));
    }
}
