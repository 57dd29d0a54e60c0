//! Rows that were made elsewhere: what a file says of them, and the imports that brought them.
//!
//! ```text
//! file ── * Incoming ──(judged by the session)──> Import 1 ── * NewImported * ── 1 Origin
//! ```
//!
//! An import is one operation. Undoing it withdraws its rows: they keep their numbers, and are not there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FieldValue, Mark, NewRow, RowNumber, RowState, Timestamp};

/// Where an imported row comes from, as its file says; rows with equal origins share one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// The name of the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// The number of the prompt's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The provider that the row was asked of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The model that wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// When the row was made; rows keep it each for itself, so that their origins stay few.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Who decided about it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// One row of a file, before the session has judged it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Incoming {
    /// The line or the item of the file, from 1.
    pub(crate) line: u64,
    /// The row's id in the file.
    pub(crate) id: Option<String>,
    /// The text.
    pub(crate) text: String,
    /// The label; none where nobody has given one for good.
    pub(crate) label: Option<String>,
    /// The values of further columns, by their names.
    pub(crate) fields: BTreeMap<String, FieldValue>,
    /// The text before a person edited it.
    pub(crate) original: Option<String>,
    /// What was decided about it, if anything.
    pub(crate) state: Option<RowState>,
    /// Tags.
    pub(crate) tags: Vec<String>,
    /// Why it was rejected or skipped.
    pub(crate) reason: Option<String>,
    /// The share of annotators who gave it another label, 0 to 1.
    pub(crate) disagreement: Option<f64>,
    /// Where it comes from.
    pub(crate) origin: Origin,
}

/// The lines of a file that rows came from, in the order of the rows, as ranges.
///
/// Each range is its first line with the number of rows before it, so that a row's line is found quickly.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lines(Vec<(u64, u32)>);

impl Lines {
    /// Adds the line of the next row; `rows` rows are before it.
    pub fn push(&mut self, line: u64, rows: u32) {
        let follows = self.0.last().is_some_and(|(first, before)| first + u64::from(rows - before) == line);
        if !follows {
            self.0.push((line, rows));
        }
    }

    /// Returns the line of a row, which is given by the number of rows before it.
    #[must_use]
    pub fn of(&self, row: u32) -> Option<u64> {
        let place = self.0.partition_point(|(_, before)| *before <= row);
        let (first, before) = self.0.get(place.checked_sub(1)?)?;
        Some(first + u64::from(row - before))
    }

    /// Appends the lines of further rows; `rows` rows are before them.
    pub fn append(&mut self, more: &Self, rows: u32) {
        let further = more.0.iter().map(|(first, before)| (*first, before.saturating_add(rows)));
        self.0.extend(further);
    }
}

/// One file that was imported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Its number, from 1.
    pub number: u32,
    /// The name of the file.
    pub file: String,
    /// The hash of the file's bytes, by which it is known again.
    pub hash: String,
    /// The format that the file was read in.
    pub format: String,
    /// The lines that its rows came from.
    pub lines: Lines,
    /// The number of its first row; the others are numbered on from it.
    pub first: RowNumber,
    /// How many rows it brought.
    pub rows: u32,
    /// When.
    pub at: Timestamp,
}

impl Import {
    /// Returns the line of the file that a row came from; `None` for a row that it did not bring.
    #[must_use]
    pub fn line(&self, row: RowNumber) -> Option<u64> {
        let place = row.0.checked_sub(self.first.0).filter(|place| *place < self.rows)?;
        self.lines.of(place)
    }

    /// Returns the numbers of its rows.
    pub fn numbers(&self) -> impl Iterator<Item = RowNumber> + use<> {
        (self.first.0..self.first.0.saturating_add(self.rows)).map(RowNumber)
    }
}

/// A row as it was imported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewImported {
    /// The row.
    pub row: NewRow,
    /// Its id in the file, where it has another one here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub there: Option<String>,
    /// Its place among the origins of its fact.
    #[serde(default)]
    pub origin: u32,
    /// When it was made, where the file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// What was decided about it.
    #[serde(default, skip_serializing_if = "is_unmarked")]
    pub mark: Mark,
}

fn is_unmarked(mark: &Mark) -> bool {
    *mark == Mark::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_knows_its_line_whatever_was_left_out_before_it() {
        let told = [1, 2, 3, 7, 8, 5, 5, 6];
        let mut lines = Lines::default();
        (0..).zip(told).for_each(|(row, line)| lines.push(line, row));
        let found: Vec<_> = (0..8).filter_map(|row| lines.of(row)).collect();
        assert_eq!(found, told);
        assert_eq!(lines.0.len(), 4);
    }

    #[test]
    fn the_lines_of_further_rows_follow() {
        let (mut lines, mut more) = (Lines::default(), Lines::default());
        (0..3).for_each(|row| lines.push(u64::from(row) + 1, row));
        (0..2).for_each(|row| more.push(u64::from(row) + 9, row));
        lines.append(&more, 3);
        let import = Import { lines, first: RowNumber(10), rows: 5, ..Import::default() };
        let found: Vec<_> = import.numbers().map(|row| import.line(row)).collect();
        assert_eq!(found, [Some(1), Some(2), Some(3), Some(9), Some(10)]);
        assert_eq!((import.line(RowNumber(9)), import.line(RowNumber(15))), (None, None));
    }
}
