//! The rows in view: which ones, in which order, and which one is selected.
//!
//! ```text
//! base      0 3 4 7 9 …      found and sorted once, then frozen
//! arrivals  12 13 14         rows that came since and match, in the order in which they came
//! ```
//!
//! Nothing moves under the cursor: a decision changes a row's mark, never its position.

use std::sync::Arc;

use super::message::Ask;
use crate::curate::{Filter, Sort};
use crate::domain::RowNumber;

/// Row numbers in display order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    base: Arc<[u32]>,
    arrivals: Vec<u32>,
}

impl View {
    /// Returns the view of these rows, without arrivals.
    #[must_use]
    pub fn new(base: Arc<[u32]>) -> Self {
        Self { base, arrivals: Vec::new() }
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.base.len() + self.arrivals.len()
    }

    /// Returns whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the row at an index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<RowNumber> {
        let row = self.base.get(index).or_else(|| self.arrivals.get(index.checked_sub(self.base.len())?));
        row.copied().map(RowNumber)
    }

    /// Returns at most `count` rows, beginning at an index.
    pub fn window(&self, from: usize, count: usize) -> impl Iterator<Item = RowNumber> + '_ {
        (from..self.len().min(from.saturating_add(count))).filter_map(|index| self.get(index))
    }

    /// Returns the index of a row.
    #[must_use]
    pub fn position(&self, row: RowNumber) -> Option<usize> {
        let guess = row.index();
        if self.get(guess) == Some(row) {
            return Some(guess);
        }
        let arrived = || self.arrivals.iter().position(|r| *r == row.0).map(|place| self.base.len() + place);
        self.base.iter().position(|r| *r == row.0).or_else(arrived)
    }

    pub(super) fn push(&mut self, row: RowNumber) {
        self.arrivals.push(row.0);
    }
}

/// The rows pane.
#[derive(Debug, Clone, Default)]
pub struct RowsPane {
    /// The rows in display order.
    pub view: View,
    /// The selected row, as an index into the view.
    pub selected: usize,
    /// The first visible row, as an index into the view.
    pub top: usize,
    /// The filter as text; empty shows all rows.
    pub filter: String,
    /// The order of the rows.
    pub sort: Sort,
    /// The view that is being found; the old one is shown meanwhile.
    pub waiting: Option<WaitingView>,
    pub(super) parsed: Filter,
    /// How many rows of the projection the filter has been applied to.
    pub(super) known: usize,
}

/// A view that is being found.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingView {
    pub(super) ask: Ask,
    /// How many rows there were when it was requested.
    pub(super) of: usize,
    /// The row to select once the view has come.
    pub(super) select: Option<RowNumber>,
}

impl RowsPane {
    /// Returns the selected row.
    #[must_use]
    pub fn selected_row(&self) -> Option<RowNumber> {
        self.view.get(self.selected)
    }

    /// Returns whether the rows have another order than the one in which they came.
    #[must_use]
    pub fn is_sorted(&self) -> bool {
        self.sort != Sort::default()
    }

    /// Returns whether a filter may hide rows.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_stand_behind_what_was_sorted() {
        let mut view = View::new(Arc::from([4, 2]));
        view.push(RowNumber(7));
        assert_eq!(view.len(), 3);
        assert_eq!(view.window(1, 9).map(|row| row.0).collect::<Vec<_>>(), [2, 7]);
        assert_eq!(view.get(3), None);
        for (index, row) in [4, 2, 7].into_iter().enumerate() {
            assert_eq!(view.position(RowNumber(row)), Some(index));
        }
        assert_eq!(view.position(RowNumber(3)), None);
    }
}
