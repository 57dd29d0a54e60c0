//! What a dataset is like, and what a classifier does not get in it.

use serde::Serialize;

use super::OperationId;

/// The bars of a histogram of lengths.
pub(crate) const LENGTH_BINS: usize = 24;

/// A dataset as it is, without any text.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DataReport {
    /// Each label, the one with most train rows first.
    pub classes: Vec<ClassRows>,
    /// Rows of the file that were left out because their text is empty.
    pub left_out: u64,
    /// Rows of the file that were passed over because they have no label.
    pub unlabelled: u64,
    /// Train rows whose text an earlier train row has, case and punctuation aside.
    pub repeated: u64,
    /// How many different texts those are.
    pub repeated_texts: u64,
    /// Train rows that were set aside because their text is a test row's.
    pub set_aside: u64,
    /// Texts of train rows that have more than one label.
    pub conflicts: Vec<Conflict>,
    /// Labels that differ in case or blanks only, those that belong together in one list.
    pub alike: Vec<Vec<String>>,
    /// The words from which on a text is in the last bar of the histograms.
    pub longest: u64,
}

/// The rows of one label.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ClassRows {
    /// The label.
    pub label: String,
    /// Train rows that are known.
    pub train: u64,
    /// Test rows.
    pub test: u64,
    /// Validation rows.
    pub validation: u64,
    /// Train rows that are held back, because the session pretends not to know them.
    pub held_back: u64,
    /// The lengths of the train rows.
    pub lengths: TextLengths,
}

/// How many words texts have.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TextLengths {
    /// The median; 0 where there is no text.
    pub median: f64,
    /// Nine of ten texts are from here …
    pub low: f64,
    /// … to here: the 5th and the 95th percentile.
    pub high: f64,
    /// How many texts are in each of [`LENGTH_BINS`] bars, from 0 words up to [`DataReport::longest`].
    pub bars: Vec<u64>,
}

/// A text that has more than one label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The text of its first row.
    pub text: String,
    /// Its labels with how many train rows say each.
    pub labels: Vec<(String, u64)>,
}

/// What a classifier does not get: train rows that it takes for another label when it was not trained with them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Misread {
    /// The rows, those that have or were given the target's label first, then the surest mistakes first.
    pub rows: Vec<MisreadRow>,
    /// How many train rows it was asked about.
    pub asked: u64,
    /// How many of them it took for another label, those that are not listed included.
    pub wrong: u64,
    /// How many train rows of the target it was asked about.
    pub of_target: u64,
    /// How many of these it took for another label.
    pub target_wrong: u64,
}

/// A train row that a classifier takes for another label.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct MisreadRow {
    /// The row's index in the dataset.
    #[serde(skip)]
    pub row: u32,
    /// Its id in the dataset: the value of the id column, or the number of its line.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Its label.
    pub label: String,
    /// What it was taken for.
    pub taken_for: String,
    /// The probability of that, 0 to 1.
    pub sure: f64,
}

/// How well a classifier finds the target among train rows, with and without the accepted rows.
///
/// It is cross-validated on train rows, so that no test row is looked at while a person works.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainCv {
    /// PR-AUC without the accepted rows, 0 to 1.
    pub without: f64,
    /// PR-AUC with them.
    pub with: f64,
    /// The operation that came next when the rows were taken.
    pub next: OperationId,
}
