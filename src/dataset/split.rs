//! Splits rows into train and test.
//!
//! ```text
//! rows ──► remembered? ── as before ─────────────────────┐
//!             │ no                                       ├──► equal to a test row's text?
//!             └──► the split column, else by label and seed ─┘     train ──► set aside
//!                                                                    └──► only some are known? ──► held back
//! ```
//!
//! Without a split column a share of each label's rows become test rows, in an order that
//! depends on a row's text and the seed. So equal texts stay together, and the order of
//! the file does not matter. Train rows with the text of a test row are set aside
//! (METRICS.md, step 1 of the protocol).

use crate::text::TextHash;

use super::builder::Side;
use super::held_back::hold_back;
use super::memory::SplitMemory;
use super::records::Records;
use super::rule::SplitRule;

/// The part of a dataset that a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// May be counted, exported and shown to a model.
    Train,
    /// Held out; never shown to a model.
    Test,
    /// Held out for choosing between models by the split column: never an example, counted or exported.
    Validation,
    /// A train row whose normalised text is a test or validation row's: never an example, counted or exported.
    SetAside,
    /// A train row that the session pretends not to know: never an example, counted, exported or compared with. Only
    /// an evaluation reads it.
    HeldBack,
}

impl Part {
    /// Returns the part's name, as the command line prints it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "test",
            Self::Validation => "validation",
            Self::SetAside => "set_aside",
            Self::HeldBack => "held_back",
        }
    }
}

/// The result of a split, in numbers of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SplitReport {
    /// Train rows.
    pub train: usize,
    /// Test rows.
    pub test: usize,
    /// Validation rows.
    pub validation: usize,
    /// Train rows set aside because their text is a test or validation row's.
    pub set_aside: usize,
    /// Train rows that are held back, and those of other labels with their texts.
    pub held_back: usize,
    /// Test rows that were test rows in an earlier split.
    pub kept_test: usize,
    /// Rows whose text no earlier split had: all rows in the first split.
    pub new_rows: usize,
    /// Texts of earlier splits that no row has any more.
    pub gone: usize,
}

/// A split: the part of every row, and the memory for the next split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Split {
    pub(super) hashes: Vec<TextHash>,
    pub(super) parts: Vec<Part>,
    pub(super) report: SplitReport,
    pub(super) memory: SplitMemory,
}

/// Splits records into train and test rows.
///
/// A text in the memory keeps its side, whatever the column or the seed says. Other rows
/// follow the split column where the records have one, else the rule, which brings a
/// label's test rows as near as possible to their share.
#[must_use]
pub(crate) fn split(records: &Records, rule: &SplitRule, memory: Option<&SplitMemory>) -> Split {
    let nothing = SplitMemory::default();
    let memory = &memory.unwrap_or(&nothing).held_back_for(rule.scarce());
    let hashes: Vec<TextHash> = (0..records.len()).map(|row| TextHash::of(records.text(row))).collect();
    let order = by_text(records, &hashes);
    let groups = || order.chunk_by(|a, b| hashes[*a] == hashes[*b]);

    let mut report = SplitReport::default();
    let mut parts = vec![Part::Train; records.len()];
    let mut new = Vec::new();
    let mut known_texts = 0;
    for group in groups() {
        // A group has at least one row, and all of its rows have the same hash.
        let hash = hashes[group[0]];
        let tests = memory.tests_of(hash);
        if tests == 0 && !memory.has_train(hash) && !memory.has_held_back(hash) {
            new.extend_from_slice(group);
            continue;
        }
        known_texts += 1;
        for (place, row) in group.iter().enumerate() {
            if tests > 0 && (place < tests || says_test(records, *row)) {
                parts[*row] = Part::Test;
                report.kept_test += 1;
            }
        }
    }
    report.new_rows = new.len();
    report.gone = memory.texts() - known_texts;
    if records.sides().is_some() {
        for row in new {
            match records.sides().and_then(|sides| sides.get(row)) {
                Some(Side::Test) => parts[row] = Part::Test,
                Some(Side::Validation) => parts[row] = Part::Validation,
                Some(Side::Train) | None => {}
            }
        }
    } else {
        add_test_rows(records, rule, &hashes, &new, &mut parts);
    }
    groups().for_each(|group| set_aside(group, &mut parts));
    hold_back(records, rule, &hashes, groups(), memory, &mut parts);

    let count = |part| parts.iter().filter(|other| **other == part).count();
    (report.train, report.test) = (count(Part::Train), count(Part::Test));
    (report.validation, report.set_aside) = (count(Part::Validation), count(Part::SetAside));
    report.held_back = count(Part::HeldBack);
    let hashes_of = |part| {
        let of_part = hashes.iter().zip(&parts).filter(|(_, other)| **other == part);
        of_part.map(|(hash, _)| *hash).collect()
    };
    let now = SplitMemory::new(hashes_of(Part::Test), hashes_of(Part::Train))
        .with_held_back(hashes_of(Part::HeldBack), rule.scarce().cloned());
    let memory = memory.union(&now);
    Split { hashes, parts, report, memory }
}

/// Returns the rows sorted by text hash, and within it those first that the split column calls test rows.
fn by_text(records: &Records, hashes: &[TextHash]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..hashes.len()).collect();
    order.sort_unstable_by_key(|row| (hashes[*row], !says_test(records, *row), *row));
    order
}

fn says_test(records: &Records, row: usize) -> bool {
    records.sides().is_some_and(|sides| sides.get(row) == Some(&Side::Test))
}

/// Turns new rows into test rows until each label has its share.
fn add_test_rows(
    records: &Records,
    rule: &SplitRule,
    hashes: &[TextHash],
    new: &[usize],
    parts: &mut [Part],
) {
    let labels = records.labels().len();
    let (mut rows, mut tests) = (vec![0; labels], vec![0; labels]);
    for (row, part) in parts.iter().enumerate() {
        let label = records.label_index(row);
        rows[label] += 1;
        tests[label] += usize::from(*part == Part::Test);
    }
    let mut open: Vec<Vec<usize>> = vec![Vec::new(); labels];
    for row in new {
        open[records.label_index(*row)].push(*row);
    }
    for (label, mut open) in open.into_iter().enumerate() {
        open.sort_unstable_by_key(|row| (rule.rank(hashes[*row]), *row));
        let wanted = rule.test_rows(rows[label]).saturating_sub(tests[label]);
        open.into_iter().take(wanted).for_each(|row| parts[row] = Part::Test);
    }
}

/// Sets the train rows of one text aside, if one of its rows is a test or validation row.
///
/// Which of them are the test rows depends only on their number and order, so that the
/// next split, which remembers only the number, chooses the same.
fn set_aside(group: &[usize], parts: &mut [Part]) {
    let tests = group.iter().filter(|row| parts[**row] == Part::Test).count();
    if tests > 0 || group.iter().any(|row| parts[*row] == Part::Validation) {
        for (place, row) in group.iter().enumerate() {
            parts[*row] = match parts[*row] {
                _ if place < tests => Part::Test,
                Part::Validation => Part::Validation,
                _ => Part::SetAside,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::super::fixture;
    use super::super::reader::read;
    use super::super::source::Source;
    use super::*;

    type Rows = Vec<(&'static str, String)>;

    fn rule(test_fraction: f64, seed: u64) -> SplitRule {
        SplitRule::new(test_fraction, seed).unwrap()
    }

    fn numbered(label: &'static str, rows: std::ops::Range<usize>) -> Rows {
        rows.map(|row| (label, format!("{label} {row}"))).collect()
    }

    fn texts_of(rows: &Rows, split: &Split, part: Part) -> Vec<String> {
        let with_parts = rows.iter().zip(&split.parts);
        let mut texts: Vec<String> =
            with_parts.filter(|(_, other)| **other == part).map(|((_, text), _)| text.clone()).collect();
        texts.sort();
        texts
    }

    /// Returns a label's train and test rows.
    fn counts(rows: &Rows, split: &Split, label: &str) -> (usize, usize) {
        let of =
            |part| rows.iter().zip(&split.parts).filter(|(row, p)| row.0 == label && **p == part).count();
        (of(Part::Train), of(Part::Test))
    }

    #[test]
    fn each_label_gives_its_exact_share() {
        let rows = [numbered("rare", 0..60), numbered("common", 0..150), numbered("one", 0..1)].concat();

        let split = split(&fixture::records(&rows, None), &rule(0.3, 42), None);

        assert_eq!(counts(&rows, &split, "rare"), (42, 18));
        assert_eq!(counts(&rows, &split, "common"), (105, 45));
        assert_eq!(counts(&rows, &split, "one"), (1, 0));
        let report = SplitReport { train: 148, test: 63, new_rows: 211, ..SplitReport::default() };
        assert_eq!(split.report, report);
    }

    #[test]
    fn the_seed_decides_and_the_order_of_the_file_does_not() {
        let rows = numbered("a", 0..100);
        let turned: Rows = rows.iter().rev().cloned().collect();
        let test_texts = |rows: &Rows, seed| {
            let split = split(&fixture::records(rows, None), &rule(0.2, seed), None);
            texts_of(rows, &split, Part::Test)
        };

        assert_eq!(test_texts(&rows, 1), test_texts(&turned, 1));
        assert_ne!(test_texts(&rows, 1), test_texts(&rows, 2));
    }

    #[test]
    fn a_train_row_that_reads_like_a_test_row_is_set_aside() {
        let rows: Rows = ["Call now!", "call NOW", "later"].map(|text| ("a", text.to_owned())).to_vec();
        let records = fixture::records(&rows, Some(&["train", "test", "train"]));

        let split = split(&records, &rule(0.5, 1), None);

        assert_eq!(split.parts, [Part::SetAside, Part::Test, Part::Train]);
        assert_eq!(split.memory.test(), [TextHash::of("call now")]);
        assert_eq!(split.memory.train(), [TextHash::of("later")]);
    }

    #[test]
    fn a_remembered_row_keeps_its_side_whatever_the_column_or_the_seed_says() {
        let rows = numbered("a", 0..4);
        let first =
            split(&fixture::records(&rows, Some(&["test", "train", "test", "train"])), &rule(0.5, 1), None);

        let by_column = fixture::records(&rows, Some(&["train", "test", "test", "train"]));
        let by_column = split(&by_column, &rule(0.5, 1), Some(&first.memory));
        let by_seed = split(&fixture::records(&rows, None), &rule(0.9, 7), Some(&first.memory));

        assert_eq!(by_column.parts, first.parts);
        assert_eq!(by_seed.parts[0], Part::Test);
        assert_eq!(by_seed.parts[3], Part::Train);
        let report = SplitReport { train: 2, test: 2, kept_test: 2, ..SplitReport::default() };
        assert_eq!([by_column.report, by_seed.report], [report; 2]);
    }

    #[test]
    fn new_rows_are_dealt_until_each_label_has_its_share_again() {
        let old = numbered("a", 0..10);
        let first = split(&fixture::records(&old, None), &rule(0.3, 1), None);
        let grown = [numbered("a", 2..30), numbered("b", 0..10)].concat();

        let second = split(&fixture::records(&grown, None), &rule(0.3, 1), Some(&first.memory));

        assert_eq!(second.report.new_rows, 30);
        assert_eq!(second.report.gone, 2);
        // 0.3 · 28 = 8.4, and 0.3 · 10 = 3.
        assert_eq!(counts(&grown, &second, "a"), (20, 8));
        assert_eq!(counts(&grown, &second, "b"), (7, 3));
        assert!(first.memory.test().iter().all(|hash| second.memory.test().contains(hash)));
    }

    #[test]
    fn a_new_copy_of_a_test_row_is_set_aside_unless_the_column_tests_on_it() {
        let rows: Rows = ["one", "two", "one"].map(|text| ("a", text.to_owned())).to_vec();
        let memory = SplitMemory::new(vec![TextHash::of("one")], vec![TextHash::of("two")]);

        let by_seed = split(&fixture::records(&rows, None), &rule(0.5, 1), Some(&memory));
        let by_column = fixture::records(&rows, Some(&["train", "train", "test"]));
        let by_column = split(&by_column, &rule(0.5, 1), Some(&memory));
        let both = fixture::records(&rows, Some(&["test", "train", "test"]));
        let both = split(&both, &rule(0.5, 1), Some(&memory));

        assert_eq!(by_seed.parts, [Part::Test, Part::Train, Part::SetAside]);
        assert_eq!(by_column.parts, [Part::SetAside, Part::Train, Part::Test]);
        assert_eq!(both.parts, [Part::Test, Part::Train, Part::Test]);
    }

    #[test]
    fn the_reference_split_of_the_text_messages_sets_204_rows_aside() {
        let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
        let folder = std::env::var_os("ROWSMITH_REFERENCE_DATA").map_or_else(default, PathBuf::from);
        if !folder.is_dir() {
            eprintln!("skipped: there is no reference data in {}", folder.display());
            return;
        }
        let source = Source::new(folder.join("sms_spam.csv"), "text", "label");
        let source = Source { id: Some("id".into()), split: Some("split".into()), ..source };
        let records = read(&source).unwrap();

        let first = split(&records, &rule(0.2, 42), None);
        let again = split(&records, &rule(0.2, 42), Some(&first.memory));

        assert_eq!(records.len(), 5574);
        assert_eq!(first.report.set_aside, 204);
        assert_eq!(again.parts, first.parts);
    }

    /// Rows with few different texts, so that equal ones are common, also across labels.
    fn rows() -> impl Strategy<Value = Rows> {
        let row = (prop::sample::select(vec!["a", "b"]), 0_u32..30);
        prop::collection::vec(row.prop_map(|(label, text)| (label, format!("t{text}"))), 1..40)
    }

    proptest! {
        #[test]
        fn no_train_text_is_a_test_text_and_every_row_counts_once(rows in rows(), fraction in 0.0..0.99, seed: u64) {
            let split = split(&fixture::records(&rows, None), &rule(fraction, seed), None);

            let report = split.report;
            prop_assert_eq!(report.train + report.test + report.set_aside, rows.len());
            let tested = texts_of(&rows, &split, Part::Test);
            prop_assert!(texts_of(&rows, &split, Part::Train).iter().all(|text| !tested.contains(text)));
            prop_assert!(texts_of(&rows, &split, Part::SetAside).iter().all(|text| tested.contains(text)));
        }

        #[test]
        fn a_file_read_again_is_split_as_it_was(old in rows(), new in rows(), seeds: [u64; 3]) {
            let first = split(&fixture::records(&old, None), &rule(0.3, seeds[0]), None);
            let grown = fixture::records(&[old, new].concat(), None);
            let second = split(&grown, &rule(0.3, seeds[1]), Some(&first.memory));

            let third = split(&grown, &rule(0.3, seeds[2]), Some(&second.memory));

            prop_assert_eq!(third.parts, second.parts);
            prop_assert_eq!(third.memory, second.memory);
            prop_assert_eq!(third.report.new_rows, 0);
        }

        #[test]
        fn no_text_changes_sides_when_rows_are_added_and_moved(
            (old, mixed) in (rows(), rows()).prop_flat_map(|(old, new)| {
                let all = [old.clone(), new].concat();
                (Just(old), Just(all).prop_shuffle())
            }),
            seeds: [u64; 2],
        ) {
            let first = split(&fixture::records(&old, None), &rule(0.3, seeds[0]), None);
            let second = split(&fixture::records(&mixed, None), &rule(0.3, seeds[1]), Some(&first.memory));

            let (train, tests) = (texts_of(&mixed, &second, Part::Train), texts_of(&mixed, &second, Part::Test));
            let times = |texts: &[String], text| texts.iter().filter(|other| *other == text).count();
            let tested = texts_of(&old, &first, Part::Test);
            prop_assert!(tested.iter().all(|text| times(&tests, text) == times(&tested, text)));
            prop_assert!(texts_of(&old, &first, Part::Train).iter().all(|text| train.contains(text) && !tests.contains(text)));
        }
    }
}
