//! The rows in view: which ones, in which order, and which one is selected.
//!
//! ```text
//! base      0 3 4 7 9 …      found and sorted once, then frozen
//! arrivals  12 13 14         rows that came since and match, in the order in which they came
//! ```
//!
//! Nothing moves under the cursor: a decision changes a row's mark, never its position. A row that
//! the filter hides and that something leads to, such as undo, is put into the base and marked.

use std::ops::Range;
use std::sync::Arc;

use super::message::Ask;
use crate::curate::{Filter, NewHidden, Sort};
use crate::domain::RowNumber;

/// Row numbers in display order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    base: Arc<[u32]>,
    arrivals: Vec<u32>,
    /// Rows of the base that the filter hides.
    revealed: Vec<u32>,
}

impl View {
    /// Returns the view of these rows, without arrivals.
    #[must_use]
    pub fn new(base: Arc<[u32]>) -> Self {
        Self { base, arrivals: Vec::new(), revealed: Vec::new() }
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

    /// Returns whether a row is shown although the filter hides it.
    #[must_use]
    pub fn is_revealed(&self, row: RowNumber) -> bool {
        self.revealed.contains(&row.0)
    }

    /// Returns the row nearest to a place that another view has too, the rows behind it first.
    pub(super) fn nearest_in(&self, other: &Self, place: usize) -> Option<RowNumber> {
        let known = other.as_set();
        let behind = (place..self.len()).chain((0..place.min(self.len())).rev());
        behind.filter_map(|index| self.get(index)).find(|row| known.get(row.index()) == Some(&true))
    }

    /// Returns for each row number whether the row is in the view.
    fn as_set(&self) -> Vec<bool> {
        let rows = || self.base.iter().chain(&self.arrivals).map(|row| RowNumber(*row).index());
        let mut known = vec![false; rows().max().map_or(0, |last| last + 1)];
        rows().for_each(|row| known[row] = true);
        known
    }

    pub(super) fn push(&mut self, row: RowNumber) {
        self.arrivals.push(row.0);
    }

    /// Shows a row that the filter hides, at an index of the base.
    pub(super) fn reveal(&mut self, row: RowNumber, index: usize) {
        let mut base = self.base.to_vec();
        base.insert(index.min(base.len()), row.0);
        self.base = base.into();
        self.revealed.push(row.0);
    }

    /// Returns where a row belongs in the base, if that is in arrival order.
    pub(super) fn place_by_arrival(&self, row: RowNumber) -> usize {
        self.base.partition_point(|known| *known < row.0)
    }
}

/// Rows that are marked, so that a decision is meant for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// Those from this place of the view to the selected one.
    From(usize),
    /// All rows of the view.
    All,
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
    /// The marked rows, if any.
    pub marked: Option<Marked>,
    /// How many new rows the filter hides.
    pub hidden: NewHidden,
    /// Whether more rows are still being read.
    pub so_far: bool,
    pub(super) parsed: Filter,
    /// The filter of the rows that are in view: the one before, until the first rows of another one are found.
    pub(super) shown: Filter,
    /// How the pane stood before the filter that is being typed.
    pub(super) before: Option<Box<Self>>,
    /// How many rows of the projection the filter has been applied to.
    pub(super) known: usize,
}

/// A view that is being found.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingView {
    pub(super) ask: Ask,
    /// How many rows there were when it was requested.
    pub(super) of: usize,
    /// The row to select once the view has come, unless another one was selected since.
    pub(super) select: Option<RowNumber>,
    /// The row that was selected when it was requested, or when a part of it was shown.
    pub(super) from: Option<RowNumber>,
    /// Whether a part of it is shown.
    pub(super) is_begun: bool,
}

impl RowsPane {
    /// Returns the selected row.
    #[must_use]
    pub fn selected_row(&self) -> Option<RowNumber> {
        self.view.get(self.selected)
    }

    /// Returns the places of the view that are marked; none where no row is.
    #[must_use]
    pub fn marked_places(&self) -> Range<usize> {
        match self.marked {
            Some(Marked::From(place)) => {
                place.min(self.selected)..(place.max(self.selected) + 1).min(self.view.len())
            }
            Some(Marked::All) => 0..self.view.len(),
            None => 0..0,
        }
    }

    /// Shows a row that the filter hides, at a place of the base; what is marked stays marked.
    pub(super) fn reveal(&mut self, row: RowNumber, place: usize) {
        self.view.reveal(row, place);
        if let Some(Marked::From(from)) = &mut self.marked
            && *from >= place
        {
            *from += 1;
        }
    }

    /// Returns the filter that stays when the one that is being typed is given up.
    pub(super) fn lasting_filter(&self) -> &str {
        self.before.as_ref().map_or(&self.filter, |before| &before.filter)
    }

    /// Returns the words that the filter of the rows in view looks for in texts.
    #[must_use]
    pub fn found_words(&self) -> Vec<&str> {
        self.shown.text_words().collect()
    }

    /// Returns the filter of the rows in view.
    #[must_use]
    pub fn shown_filter(&self) -> String {
        self.shown.to_string()
    }

    /// Returns whether more rows than those in view are being found.
    #[must_use]
    pub fn shows_part(&self) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| waiting.is_begun)
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
    fn a_revealed_row_stands_where_it_belongs_and_is_known_as_one() {
        let mut view = View::new(Arc::from([1, 4, 9]));
        let row = RowNumber(6);
        view.reveal(row, view.place_by_arrival(row));
        assert_eq!(view.window(0, 9).map(|row| row.0).collect::<Vec<_>>(), [1, 4, 6, 9]);
        assert!(view.is_revealed(row) && !view.is_revealed(RowNumber(4)));
    }

    #[test]
    fn the_nearest_row_that_stays_is_the_next_one_else_the_one_before() {
        let old = View::new(Arc::from([1, 2, 3, 4]));
        let near = |new: &[u32], place| old.nearest_in(&View::new(Arc::from(new)), place).map(|row| row.0);
        assert_eq!(near(&[1, 4], 1), Some(4));
        assert_eq!(near(&[1, 2], 2), Some(2));
        assert_eq!(near(&[7], 0), None);
    }

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
