//! The rows of a dataset file, in columns.
//!
//! ```text
//! texts   one long string, and where each text ends
//! labels  ["ham", "spam"]   label_of  [0, 0, 1, 0, …]
//! ids     the lines, or the id column with a sorted index
//! sides   the values of the split column, where there is one
//! ```

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::arena::Arena;
use super::error::{DatasetError, LineFault};
use super::input::Fingerprint;
use super::source::Source;

/// A value of the split column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Train,
    Test,
}

/// The rows read from a dataset file, not split yet.
#[derive(Debug, Clone)]
pub struct Records {
    path: PathBuf,
    texts: Arena,
    labels: Vec<String>,
    label_of: Vec<u32>,
    ids: Ids,
    sides: Option<Vec<Side>>,
    left_out: usize,
    fingerprint: Fingerprint,
}

#[derive(Debug, Clone)]
enum Ids {
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

/// The values of one row, borrowed from a parser.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawRow<'a> {
    /// The line where the row starts, from 1.
    pub(super) line: u64,
    pub(super) text: &'a str,
    pub(super) label: &'a str,
    pub(super) id: Option<&'a str>,
    pub(super) split: Option<&'a str>,
}

/// Collects rows, checks each, and makes [`Records`] of them.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    source: &'a Source,
    texts: Arena,
    labels: Vec<String>,
    numbers: HashMap<String, u32>,
    label_of: Vec<u32>,
    ids: Arena,
    lines: Vec<u64>,
    sides: Vec<Side>,
    left_out: usize,
}

impl<'a> Builder<'a> {
    /// Creates a builder without rows.
    pub(super) fn new(source: &'a Source) -> Self {
        Self {
            source,
            texts: Arena::default(),
            labels: Vec::new(),
            numbers: HashMap::new(),
            label_of: Vec::new(),
            ids: Arena::default(),
            lines: Vec::new(),
            sides: Vec::new(),
            left_out: 0,
        }
    }

    /// Adds a row, or only counts it if its text is empty.
    pub(super) fn push(&mut self, row: RawRow<'_>) -> Result<(), DatasetError> {
        let RawRow { line, text, label, id, split } = row;
        if text.trim().is_empty() {
            self.left_out += 1;
            return Ok(());
        }
        let fault = |fault| DatasetError::Line { path: self.source.path.clone(), line, fault };
        let empty = |column: &str| fault(LineFault::EmptyValue { column: column.to_owned() });
        if label.trim().is_empty() {
            return Err(empty(&self.source.label));
        }
        if u32::try_from(self.lines.len() + 1).is_err() {
            return Err(fault(LineFault::TooManyRows));
        }
        if let (Some(column), Some(id)) = (&self.source.id, id) {
            if id.trim().is_empty() {
                return Err(empty(column));
            }
            self.ids.push(id);
        }
        if let (Some(column), Some(value)) = (&self.source.split, split) {
            let side = side(value);
            let unknown = || LineFault::SplitValue { column: column.clone(), value: value.to_owned() };
            self.sides.push(side.ok_or_else(|| fault(unknown()))?);
        }
        let label = self.number(label);
        self.label_of.push(label);
        self.texts.push(text);
        self.lines.push(line);
        Ok(())
    }

    /// Returns the index of a label, adding it where it is new.
    fn number(&mut self, label: &str) -> u32 {
        if let Some(number) = self.numbers.get(label) {
            return *number;
        }
        // There are at most as many labels as rows, whose number fits into a `u32`.
        let number = u32::try_from(self.labels.len()).unwrap_or(u32::MAX);
        self.numbers.insert(label.to_owned(), number);
        self.labels.push(label.to_owned());
        number
    }

    /// Returns the records of all rows added.
    ///
    /// # Errors
    ///
    /// If there is no row, or two rows have the same id.
    pub(super) fn finish(self, fingerprint: Fingerprint) -> Result<Records, DatasetError> {
        let path = self.source.path.clone();
        if self.lines.is_empty() {
            let column = self.source.text.clone();
            return Err(DatasetError::NoRows { path, column, left_out: self.left_out });
        }
        let ids = if self.source.id.is_some() {
            match order_of(&self.ids) {
                Ok(order) => Ids::Column { ids: self.ids, order },
                Err((first, second)) => {
                    let line = |row: usize| self.lines.get(row).copied().unwrap_or_default();
                    let fault =
                        LineFault::DuplicateId { id: self.ids.get(second).to_owned(), first: line(first) };
                    return Err(DatasetError::Line { path, line: line(second), fault });
                }
            }
        } else {
            Ids::Lines(self.lines)
        };
        Ok(Records {
            path,
            texts: self.texts,
            labels: self.labels,
            label_of: self.label_of,
            ids,
            sides: self.source.split.is_some().then_some(self.sides),
            left_out: self.left_out,
            fingerprint,
        })
    }
}

fn side(value: &str) -> Option<Side> {
    match value {
        "train" => Some(Side::Train),
        "test" => Some(Side::Test),
        _ => None,
    }
}

/// Returns the rows in the order of their ids. The error is the first pair of rows with
/// the same id: the earlier row, then the one that repeats it.
fn order_of(ids: &Arena) -> Result<Vec<u32>, (usize, usize)> {
    // The number of rows fits into a `u32`.
    let rows = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let mut order: Vec<u32> = (0..rows).collect();
    order.sort_by(|a, b| ids.get(*a as usize).cmp(ids.get(*b as usize)));
    let pairs = order.windows(2).filter_map(|pair| match pair {
        [a, b] if ids.get(*a as usize) == ids.get(*b as usize) => Some((*a as usize, *b as usize)),
        _ => None,
    });
    match pairs.min_by_key(|(_, second)| *second) {
        Some(repeated) => Err(repeated),
        None => Ok(order),
    }
}
