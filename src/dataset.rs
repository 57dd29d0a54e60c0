//! The user's own labelled data: read once, split once.
//!
//! How a file is written is found out from its content: what parts its cells, what quotes mean, whether
//! its JSON is a line each. Where that is clear the file is read so and a remark says it; where it is not,
//! the error says what to do. All errors of a file are told at once, with their lines. A text, a label and
//! an id are kept letter for letter, and only those are kept. Each row then belongs to one part for as long
//! as the dataset lives. Nothing here knows what a text is used for, or which label is the target, but for one whose
//! rows are held back.
//!
//! ```text
//! file ──► head, Dialect ──► Input ──► table │ jsonl ──► Sink ─┬► Rows ──► Records ──► split ──► Dataset
//!          what is it?       hash, UTF-8                       └► Looker ──► Look        │
//!                                                      SplitMemory ◄─────────────────────┘  kept for the next time
//! ```

mod arena;
mod builder;
mod dialect;
mod error;
mod fault;
pub(crate) mod findings;
#[cfg(test)]
mod fixture;
mod folder;
mod guess;
mod head;
mod header;
mod held_back;
mod input;
mod items;
mod jsonl;
mod lines;
mod look;
mod marked;
mod memory;
mod objects;
mod own;
mod pieces;
mod quotes;
mod ragged;
mod reader;
mod records;
mod rows;
mod rule;
mod sentence;
mod shape;
mod source;
mod split;
mod stored;
mod table;
mod troubles;
mod wrapped;

use std::borrow::Cow;
use std::path::Path;

use serde_json::Value;

use crate::text::TextHash;

pub(crate) use dialect::Format;
pub(crate) use error::DatasetError;
pub(crate) use guess::{Guess, guess};
pub(crate) use input::Fingerprint;
pub(crate) use look::{Column, FIRST_ROWS, Kind, Look};
pub(crate) use memory::SplitMemory;
pub(crate) use own::PROVENANCE;
pub(crate) use pieces::{Piece, Pieces, fingerprint, object_entries, whole_object};
pub(crate) use reader::{allow_bytes, look, read};
pub(crate) use records::Records;
pub(crate) use rule::SplitRule;
pub(crate) use source::{Reading, Source};
pub(crate) use split::{Part, Split, SplitReport, split};

/// A dataset that was read and split; it never changes, so one copy can be shared.
///
/// Rows are named by their index, from 0, in the order of the file. Beyond the last row,
/// texts, labels and ids are empty and the part is [`Part::SetAside`].
#[derive(Debug, Clone)]
pub struct Dataset {
    records: Records,
    hashes: Vec<TextHash>,
    parts: Vec<Part>,
    counts: Vec<LabelCounts>,
    train: Vec<Vec<u32>>,
    report: SplitReport,
    memory: SplitMemory,
}

/// One row of a dataset, borrowed from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RealRow<'a> {
    /// The row's index in the dataset.
    pub index: u32,
    /// The value in the id column, or the number of the row's line.
    pub id: Cow<'a, str>,
    /// The text, unchanged from the file.
    pub text: &'a str,
    /// The label.
    pub label: &'a str,
    /// The part that the row belongs to.
    pub part: Part,
}

/// How many rows one label has in each part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LabelCounts {
    /// Train rows.
    pub train: usize,
    /// Test rows.
    pub test: usize,
    /// Validation rows.
    pub validation: usize,
    /// Train rows set aside because their text is a test or validation row's.
    pub set_aside: usize,
    /// Train rows that are held back.
    pub held_back: usize,
}

impl LabelCounts {
    /// Returns the number of rows in all parts, but for those held back.
    #[must_use]
    pub const fn total(self) -> usize {
        self.train + self.test + self.validation + self.set_aside
    }
}

impl Dataset {
    /// Reads a file and splits its rows.
    ///
    /// # Errors
    ///
    /// Those of [`read`].
    #[cfg(test)]
    pub(crate) fn load(
        source: &Source,
        rule: &SplitRule,
        memory: Option<&SplitMemory>,
    ) -> Result<Self, DatasetError> {
        Ok(Self::split(read(source)?, rule, memory))
    }

    /// Creates a dataset by splitting records.
    #[must_use]
    pub fn split(records: Records, rule: &SplitRule, memory: Option<&SplitMemory>) -> Self {
        let Split { hashes, parts, report, memory } = split(&records, rule, memory);
        let mut counts = vec![LabelCounts::default(); records.labels().len()];
        let mut train = vec![Vec::new(); counts.len()];
        for (row, part) in (0_u32..).zip(&parts) {
            let label = records.label_index(row as usize);
            match part {
                Part::Train => {
                    counts[label].train += 1;
                    train[label].push(row);
                }
                Part::Test => counts[label].test += 1,
                Part::Validation => counts[label].validation += 1,
                Part::SetAside => counts[label].set_aside += 1,
                Part::HeldBack => counts[label].held_back += 1,
            }
        }
        Self { records, hashes, parts, counts, train, report, memory }
    }

    /// Returns the file that the rows came from.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.records.path()
    }

    /// Returns the hash of that file's bytes.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.records.fingerprint()
    }

    /// Returns the number of rows in all parts, also of those held back.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Returns whether there is no row; a dataset read from a file always has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Returns how many rows of the file were left out because their text is empty.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.records.left_out()
    }

    /// Returns how many rows with a text were passed over because they have no label.
    #[must_use]
    pub fn unlabelled(&self) -> usize {
        self.records.unlabelled()
    }

    /// Returns what a person should know about the file and how it was read, in full sentences.
    #[must_use]
    pub fn remarks(&self) -> &[String] {
        self.records.remarks()
    }

    /// Returns a label as the JSON value that it is in the file: a number, `true` or `false` where all rows that have
    /// it say so, else a text. A whole number that JSON readers would round is a text.
    #[must_use]
    pub fn label_json(&self, label: &str) -> Value {
        let is_plain = self.find(label).is_some_and(|label| self.records.is_plain(label));
        let value = is_plain.then(|| serde_json::from_str::<Value>(label).ok()).flatten();
        let is_whole = !label.contains(['.', 'e', 'E']);
        value.filter(|value| !(is_whole && value.is_f64())).unwrap_or_else(|| label.into())
    }

    /// Returns the number of rows that are not held back.
    #[must_use]
    pub fn known_len(&self) -> usize {
        self.len() - self.report.held_back
    }

    /// Returns every row that is not held back, of all other parts, in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = RealRow<'_>> {
        self.all_rows().filter(|row| row.part != Part::HeldBack)
    }

    /// Returns every row, also those held back, in the order of the file. Only a list of the parts has use for it.
    pub fn all_rows(&self) -> impl Iterator<Item = RealRow<'_>> {
        (0_u32..).zip(&self.parts).map(|(index, _)| self.row(index))
    }

    /// Returns the target's rows that are held back, in the order of the file. Only an evaluation may read them: the
    /// arm that shows what as many real rows would bring.
    pub fn held_back(&self) -> impl Iterator<Item = RealRow<'_>> {
        let label = self.memory.scarce().map(|scarce| scarce.label.as_str());
        self.all_rows().filter(move |row| row.part == Part::HeldBack && Some(row.label) == label)
    }

    /// Returns one row.
    #[must_use]
    pub fn row(&self, index: u32) -> RealRow<'_> {
        RealRow {
            index,
            id: self.id(index),
            text: self.text(index),
            label: self.label(index),
            part: self.part(index),
        }
    }

    /// Returns the text of a row.
    #[must_use]
    pub fn text(&self, row: u32) -> &str {
        self.records.text(row as usize)
    }

    /// Returns the label of a row.
    #[must_use]
    pub fn label(&self, row: u32) -> &str {
        self.records.label(row as usize)
    }

    /// Returns the id of a row: its value in the id column, or the number of its line.
    #[must_use]
    pub fn id(&self, row: u32) -> Cow<'_, str> {
        self.records.id(row as usize)
    }

    /// Returns the part that a row belongs to.
    #[must_use]
    pub fn part(&self, row: u32) -> Part {
        self.parts.get(row as usize).copied().unwrap_or(Part::SetAside)
    }

    /// Returns the hash of a row's normalised text.
    #[must_use]
    pub fn hash(&self, row: u32) -> TextHash {
        self.hashes.get(row as usize).copied().unwrap_or_else(|| TextHash::of(""))
    }

    /// Returns the row with an id, unless it is held back.
    #[must_use]
    pub fn index_of_id(&self, id: &str) -> Option<u32> {
        let row = self.records.index_of_id(id).and_then(|row| u32::try_from(row).ok());
        row.filter(|row| self.part(*row) != Part::HeldBack)
    }

    /// Returns the labels, in order of first use in the file.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        self.records.labels()
    }

    /// Returns the counts of each label, in the order of [`labels`](Self::labels).
    #[must_use]
    pub fn label_counts(&self) -> &[LabelCounts] {
        &self.counts
    }

    /// Returns the counts of one label; all 0 for a label that no row has.
    #[must_use]
    pub fn counts_of(&self, label: &str) -> LabelCounts {
        self.find(label).and_then(|label| self.counts.get(label).copied()).unwrap_or_default()
    }

    /// Returns the indexes of a label's train rows, ascending; empty for a label that no row has.
    #[must_use]
    pub fn train_of(&self, label: &str) -> &[u32] {
        self.find(label).and_then(|label| self.train.get(label)).map_or(&[], Vec::as_slice)
    }

    /// Checks that a label is one of the dataset's.
    ///
    /// # Errors
    ///
    /// [`DatasetError::NoSuchLabel`] if no row has it; the sentence lists the existing labels.
    pub fn require_label(&self, label: &str) -> Result<(), DatasetError> {
        if self.find(label).is_some() {
            return Ok(());
        }
        let rows = self.counts.iter().map(|counts| counts.total());
        Err(DatasetError::NoSuchLabel {
            path: self.path().to_owned(),
            label: label.to_owned(),
            labels: self.labels().iter().cloned().zip(rows).collect(),
        })
    }

    /// Returns the numbers of rows of the split.
    #[must_use]
    pub fn report(&self) -> SplitReport {
        self.report
    }

    /// Returns the memory to pass to the next split of this dataset.
    #[must_use]
    pub fn memory(&self) -> &SplitMemory {
        &self.memory
    }

    fn find(&self, label: &str) -> Option<usize> {
        self.labels().iter().position(|other| other == label)
    }
}

#[cfg(test)]
mod tests;
