//! What a change of many rows would do, before it is done.

use crate::domain::{Change, FlagKind, Projection, RowNumber, RowSet, StateKind};

/// How many rows stand for all of them.
const SAMPLE: usize = 12;

/// How many rows are in each state, in the order of [`StateKind::ALL`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ByState([usize; StateKind::ALL.len()]);

impl ByState {
    pub(super) fn add(&mut self, kind: StateKind) {
        let slots = StateKind::ALL.into_iter().zip(&mut self.0);
        slots.filter(|(known, _)| *known == kind).for_each(|(_, rows)| *rows += 1);
    }

    /// Returns the states that have rows, with how many.
    pub(super) fn found(self) -> Vec<(StateKind, usize)> {
        StateKind::ALL.into_iter().zip(self.0).filter(|(_, rows)| *rows > 0).collect()
    }
}

/// What a change of many rows would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BulkPreview {
    /// The rows that it would alter.
    pub rows: RowSet,
    /// How many of those are in each state, states without rows left out.
    pub from: Vec<(StateKind, usize)>,
    /// How many of those have stars.
    pub rated: usize,
    /// How many more rows it is meant for, which are so already.
    pub unchanged: usize,
    /// How many of the rows that it would alter have a flag, flags without rows left out.
    pub flags: Vec<(FlagKind, usize)>,
    /// Some of the rows that it would alter: those that were decided before, then others from all over them.
    pub sample: Vec<RowNumber>,
}

impl BulkPreview {
    /// Returns what a change would do to rows.
    #[must_use]
    pub fn of(shown: &Projection, rows: &RowSet, change: &Change) -> Self {
        let altered = shown.altered(rows, change, true);
        let (mut states, mut flags) = (ByState::default(), [0; FlagKind::ALL.len()]);
        let (mut rated, mut decided) = (0, Vec::new());
        for row in altered.iter().filter_map(|row| shown.row(row)) {
            states.add(row.state().kind());
            rated += usize::from(row.state().rating().is_some());
            if decided.len() < SAMPLE && is_decided(row.state().kind()) {
                decided.push(row.number());
            }
            row.flag_kinds().for_each(|kind| flags[kind.place()] += 1);
        }
        let count = altered.len();
        let picked = count.min(SAMPLE);
        // What was decided before is what a person would not want to lose.
        let all_over = (0..picked).filter_map(|place| altered.get(place * count / picked));
        let others: Vec<_> = all_over.filter(|row| !decided.contains(row)).collect();
        let sample = decided.into_iter().chain(others).take(picked).collect();
        let flags = FlagKind::ALL.into_iter().zip(flags).filter(|(_, rows)| *rows > 0).collect();
        Self { unchanged: rows.len() - count, rows: altered, from: states.found(), rated, flags, sample }
    }

    /// Returns how many of the rows were accepted or rejected before.
    #[must_use]
    pub fn decided(&self) -> usize {
        self.from.iter().filter(|(kind, _)| is_decided(*kind)).map(|(_, rows)| rows).sum()
    }

    /// Returns how many of the rows were skipped before.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.from.iter().filter(|(kind, _)| *kind == StateKind::Skipped).map(|(_, rows)| rows).sum()
    }
}

const fn is_decided(kind: StateKind) -> bool {
    matches!(kind, StateKind::Accepted | StateKind::Rejected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Flag, Rating};

    #[test]
    fn what_a_change_would_do_is_counted_by_state_and_by_flag() {
        let mut story = Story::with_rows(4);
        let flag = Flag { kind: FlagKind::ContaminatesTest, other: None, figure: None };
        story.sampled_rows(vec![story.new_row("Win now", vec![flag])]);
        story.change(&[0], Change::accept());
        story.change(&[1], Change::reject());
        let all: RowSet = (0..5).map(RowNumber).collect();

        let preview = BulkPreview::of(&story.projection, &all, &Change::accept());

        assert_eq!(preview.from, [(StateKind::Pending, 3), (StateKind::Rejected, 1)]);
        assert_eq!((preview.rows.len(), preview.unchanged, preview.decided()), (4, 1, 1));
        assert_eq!(preview.flags, [(FlagKind::ContaminatesTest, 1)]);
        assert_eq!(preview.sample.iter().map(|row| row.0).collect::<Vec<_>>(), [1, 2, 3, 4]);
    }

    #[test]
    fn rows_that_were_decided_before_stand_first_among_those_that_are_shown() {
        let mut story = Story::with_rows(100);
        story.change(&[50, 77], Change::Accept { rating: Rating::try_from(4).ok(), tags: vec![] });
        story.change(&[60], Change::skip());
        let all: RowSet = (0..100).map(RowNumber).collect();
        let preview = BulkPreview::of(&story.projection, &all, &Change::reject());
        let sample: Vec<u32> = preview.sample.iter().map(|row| row.0).collect();
        assert_eq!((sample.len(), &sample[..3]), (12, &[50, 77, 0][..]));
        assert_eq!((preview.rated, preview.decided(), preview.skipped()), (2, 2, 1));
    }

    #[test]
    fn a_label_that_a_row_has_anyway_is_no_change() {
        let story = Story::with_rows(3);
        let all: RowSet = (0..3).map(RowNumber).collect();
        let preview =
            |label: &str| BulkPreview::of(&story.projection, &all, &Change::Relabel { label: label.into() });
        assert_eq!((preview("spam").rows.len(), preview("spam").unchanged), (0, 3));
        assert_eq!(preview("ham").rows.len(), 3);
    }

    #[test]
    fn a_few_rows_from_all_over_stand_for_many() {
        let story = Story::with_rows(100);
        let all: RowSet = (0..100).map(RowNumber).collect();
        let sample = BulkPreview::of(&story.projection, &all, &Change::skip()).sample;
        assert_eq!((sample.len(), sample[0].0, sample[11].0), (12, 0, 91));
    }
}
