//! How a run stands: rows that came, and rows that are on their way.

use crate::domain::Run;

/// The counts of a run that goes on.
#[derive(Debug, Default)]
pub(super) struct Tally {
    requested: u32,
    pub(super) rows: u32,
    /// Rows that requests under way were asked for.
    pub(super) expected: u32,
    pub(super) failed: u32,
}

impl Tally {
    pub(super) const fn new(run: &Run) -> Self {
        Self { requested: run.requested, rows: run.rows, expected: 0, failed: 0 }
    }

    pub(super) const fn is_done(&self) -> bool {
        self.rows >= self.requested
    }

    pub(super) const fn wants_more(&self) -> bool {
        self.rows + self.expected < self.requested
    }

    /// Returns for how many rows the next request is made.
    pub(super) fn rows_to_ask(&self, most: u32) -> u32 {
        self.requested.saturating_sub(self.rows + self.expected).clamp(1, most)
    }

    /// Counts valid rows; what is beyond those asked for is dropped.
    pub(super) fn came(&mut self, rows: u32) {
        self.rows = self.rows.saturating_add(rows).min(self.requested);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_on_their_way_are_not_asked_for_twice_and_more_than_enough_is_dropped() {
        let mut tally = Tally { requested: 12, expected: 10, ..Tally::default() };
        assert_eq!((tally.wants_more(), tally.rows_to_ask(5)), (true, 2));
        tally.came(40);
        assert_eq!((tally.rows, tally.is_done(), tally.wants_more()), (12, true, false));
    }
}
