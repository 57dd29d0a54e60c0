//! Moving the selection from row to row.

use crate::app::{Effect, Model, Pane};
use crate::domain::{FlagKind, RowNumber};

impl Model {
    /// Selects the row at an index, or the last row beyond the end.
    pub(super) fn select(&mut self, index: usize) {
        self.rows.selected = index.min(self.rows.view.len().saturating_sub(1));
    }

    /// Moves the selection down, or up where `rows` is negative, at most to the last or the first
    /// row.
    pub(super) fn move_by(&mut self, rows: isize) -> Vec<Effect> {
        self.select(self.rows.selected.saturating_add_signed(rows));
        vec![]
    }

    /// Selects a row; shows a notice where the filter hides it.
    pub(super) fn select_row(&mut self, row: RowNumber) {
        match self.rows.view.position(row) {
            Some(index) => self.select(index),
            None => self.say(format!("Row {} is not among the rows that the filter shows.", row.shown())),
        }
    }

    pub(super) fn go_to(&mut self, number: &str) -> Vec<Effect> {
        let row = number.trim().parse::<u32>().ok().and_then(|number| number.checked_sub(1)).map(RowNumber);
        match row.filter(|row| self.shown().id(*row).is_some()) {
            Some(row) => self.select_row(row),
            None => self.fail(format!(
                "There is no row `{}`: rows are numbered from 1 to {}.",
                number.trim(),
                self.shown().len()
            )),
        }
        vec![]
    }

    pub(super) fn half_page(&self, pane: Pane) -> isize {
        let height = self.geometry().inner(pane).height;
        isize::try_from(height / 2).unwrap_or(1).max(1)
    }

    /// Selects the next pending row after a decided one, wrapping around at the end; without any
    /// left, shows how many were kept.
    pub(super) fn go_on_from(&mut self, row: RowNumber) {
        let from = self.rows.view.position(row).unwrap_or(self.rows.selected);
        match self.next_pending(from) {
            Some(index) => self.select(index),
            None => self.say_done(),
        }
    }

    pub(super) fn go_pending(&mut self) -> Vec<Effect> {
        match self.next_pending(self.rows.selected) {
            Some(index) => self.select(index),
            None => self.say_done(),
        }
        vec![]
    }

    fn say_done(&mut self) {
        let counts = self.shown().counts().all;
        if counts.pending == 0 {
            let decided = counts.accepted + counts.rejected;
            self.say(format!("done: {} of {decided} kept", counts.accepted));
        } else {
            self.say(format!("No pending row is left here; {} are not shown.", counts.pending));
        }
    }

    /// Returns the next pending row after an index, wrapping around at the end.
    fn next_pending(&self, from: usize) -> Option<usize> {
        if self.shown().counts().all.pending == 0 {
            return None;
        }
        let view = &self.rows.view;
        let mut order = (from + 1..view.len()).chain(0..from.min(view.len()));
        order.find(|index| view.get(*index).is_some_and(|row| self.is_pending(row)))
    }

    /// Selects the next flagged row in a direction, without wrapping around.
    pub(super) fn go_flagged(&mut self, step: isize) -> Vec<Effect> {
        let view = &self.rows.view;
        let flagged = |index: usize| {
            let row = view.get(index).and_then(|row| self.shown().row(row));
            row.is_some_and(|row| row.flags().next().is_some())
        };
        let selected = self.rows.selected;
        let counts = self.shown().counts();
        let found = if FlagKind::ALL.into_iter().all(|kind| counts.of_flag(kind) == 0) {
            None
        } else if step > 0 {
            (selected + 1..view.len()).find(|index| flagged(*index))
        } else {
            (0..selected.min(view.len())).rev().find(|index| flagged(*index))
        };
        if let Some(index) = found {
            self.select(index);
        } else {
            let side = if step > 0 { "below" } else { "above" };
            self.say(format!("No row {side} this one is flagged."));
        }
        vec![]
    }
}
