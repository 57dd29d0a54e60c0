//! The Data view: the dataset as it is, and the train rows that a classifier does not get.
//!
//! ```text
//! g d ──► Effect::LookAtData ──► DataReport   counts, repeats, lengths
//!                            └─► Misread      once classifiers were trained on four fifths, five times
//! e   ──► Effect::MakeExample ──► which rows are examples, kept in the store
//! ```
//!
//! Both are of the real rows alone, which do not change while the program runs, so they are looked up once.

use std::cell::Cell;

use super::message::Ask;
use crate::domain::{DataReport, Misread, MisreadRow};

/// The part of the view that has the focus.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum DataPart {
    /// The dataset as it is.
    #[default]
    Report,
    /// The rows that a classifier does not get.
    Rows,
}

/// The Data view.
#[derive(Debug, Clone, Default)]
pub struct DataPane {
    /// The part that has the focus.
    pub part: DataPart,
    /// Whether the part with the focus has the whole screen.
    pub zoomed: bool,
    /// The dataset as it is; `None` before it was counted.
    pub report: Option<DataReport>,
    /// The rows that a classifier does not get, or why that is not known, as a sentence; `None` before that is known.
    pub misread: Option<Result<Misread, String>>,
    /// The rows of the dataset that a person made examples, ascending.
    pub examples: Vec<u32>,
    /// The selected row, as an index of the list.
    pub selected: usize,
    /// The first row of the list in sight.
    pub top: usize,
    /// Lines of the report scrolled down.
    pub scroll: usize,
    /// How many lines of the report the drawing could scroll down at most, once it was drawn.
    pub(crate) end: Cell<usize>,
    /// What was asked about the dataset; `None` before the view was shown.
    pub(super) ask: Option<Ask>,
}

impl DataPane {
    /// Returns the rows that a classifier does not get, as far as that is known.
    #[must_use]
    pub fn rows(&self) -> &[MisreadRow] {
        match &self.misread {
            Some(Ok(misread)) => &misread.rows,
            _ => &[],
        }
    }

    /// Returns the selected row.
    #[must_use]
    pub fn selected_row(&self) -> Option<&MisreadRow> {
        self.rows().get(self.selected)
    }

    /// Returns whether a person made a row of the dataset an example.
    #[must_use]
    pub fn is_example(&self, row: u32) -> bool {
        self.examples.binary_search(&row).is_ok()
    }
}
