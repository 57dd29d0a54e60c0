//! The rows of a dataset file, in columns.
//!
//! ```text
//! texts   one long string, and where each text ends
//! labels  ["ham", "spam"]   label_of  [0, 0, 1, 0, …]
//! ids     the lines, or the id column with a sorted index
//! sides   the values of the split column, where there is one
//! ```

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::arena::Arena;
use super::builder::Side;
use super::input::Fingerprint;

/// The rows read from a dataset file, not split yet.
#[derive(Debug, Clone)]
pub struct Records {
    pub(super) path: PathBuf,
    pub(super) texts: Arena,
    pub(super) labels: Vec<String>,
    pub(super) label_of: Vec<u32>,
    pub(super) ids: Ids,
    pub(super) sides: Option<Vec<Side>>,
    pub(super) left_out: usize,
    pub(super) unlabelled: usize,
    /// Whether each label is a number, `true` or `false` in the file.
    pub(super) plain: Vec<bool>,
    pub(super) remarks: Vec<String>,
    pub(super) fingerprint: Fingerprint,
}

#[derive(Debug, Clone)]
pub(super) enum Ids {
    /// The line where each row starts, from 1, ascending.
    Lines(Vec<u64>),
    /// The id of each row, and the rows in the order of their ids.
    Column { ids: Arena, order: Vec<u32> },
}

impl Records {
    /// Returns the file that was read.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.label_of.len()
    }

    /// Returns whether there is no row; [`read`](super::read) never returns such records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.label_of.is_empty()
    }

    /// Returns the text of a row, by its index from 0; empty beyond the last row.
    #[must_use]
    pub fn text(&self, row: usize) -> &str {
        self.texts.get(row)
    }

    /// Returns the label of a row; empty beyond the last row.
    #[must_use]
    pub fn label(&self, row: usize) -> &str {
        self.labels.get(self.label_index(row)).map_or("", String::as_str)
    }

    /// Returns the index of a row's label among [`labels`](Self::labels); beyond the last row,
    /// an index that no label has.
    #[must_use]
    pub fn label_index(&self, row: usize) -> usize {
        self.label_of.get(row).map_or(usize::MAX, |label| *label as usize)
    }

    /// Returns the labels, in order of first use in the file.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Returns the id of a row: its value in the id column, or the number of its line.
    #[must_use]
    pub fn id(&self, row: usize) -> Cow<'_, str> {
        match &self.ids {
            Ids::Lines(lines) => lines.get(row).map(u64::to_string).unwrap_or_default().into(),
            Ids::Column { ids, .. } => ids.get(row).into(),
        }
    }

    /// Returns the index of the row with an id.
    #[must_use]
    pub fn index_of_id(&self, id: &str) -> Option<usize> {
        match &self.ids {
            Ids::Lines(lines) => {
                let row = lines.binary_search(&id.parse().ok()?).ok()?;
                // "+7" and "007" parse, but are not the row's id.
                (self.id(row) == id).then_some(row)
            }
            Ids::Column { ids, order } => {
                let place = order.binary_search_by(|row| ids.get(*row as usize).cmp(id)).ok()?;
                order.get(place).map(|row| *row as usize)
            }
        }
    }

    /// Returns how many rows were left out because their text is empty.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Returns how many rows with a text were passed over because they have no label.
    #[must_use]
    pub fn unlabelled(&self) -> usize {
        self.unlabelled
    }

    /// Returns what a person should know about the file and how it was read, in full sentences.
    #[must_use]
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// Returns whether a label, by its index, is a number, `true` or `false` in the file.
    pub(super) fn is_plain(&self, label: usize) -> bool {
        self.plain.get(label).copied().unwrap_or_default()
    }

    /// Returns the hash of the file's bytes.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Returns each row's value in the split column, where the dataset has one.
    pub(super) fn sides(&self) -> Option<&[Side]> {
        self.sides.as_deref()
    }
}
