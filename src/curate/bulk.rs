//! What a change of many rows would do, before it is done.

use crate::domain::{Change, FlagKind, Projection, RowNumber, RowSet, StateKind};

/// How many rows stand for all of them.
const SAMPLE: usize = 12;

/// What a change of many rows would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BulkPreview {
    /// The rows that it would alter.
    pub rows: RowSet,
    /// How many of those are in each state, states without rows left out.
    pub from: Vec<(StateKind, usize)>,
    /// How many more rows it is meant for, which are so already.
    pub unchanged: usize,
    /// How many of the rows that it would alter have a flag, flags without rows left out.
    pub flags: Vec<(FlagKind, usize)>,
    /// Some of the rows that it would alter, from all over them.
    pub sample: Vec<RowNumber>,
}

impl BulkPreview {
    /// Returns what a change would do to rows.
    #[must_use]
    pub fn of(shown: &Projection, rows: &RowSet, change: &Change) -> Self {
        let altered = shown.altered(rows, change, true);
        let (mut states, mut flags) = ([0; StateKind::ALL.len()], [0; FlagKind::ALL.len()]);
        for row in altered.iter().filter_map(|row| shown.row(row)) {
            let kind = row.state().kind();
            let place = StateKind::ALL.iter().position(|known| *known == kind);
            place.and_then(|place| states.get_mut(place)).into_iter().for_each(|count| *count += 1);
            row.flags().for_each(|flag| flags[flag.kind.place()] += 1);
        }
        let count = altered.len();
        let picked = count.min(SAMPLE);
        let sample = (0..picked).filter_map(|place| altered.get(place * count / picked)).collect();
        let from = StateKind::ALL.into_iter().zip(states).filter(|(_, rows)| *rows > 0).collect();
        let flags = FlagKind::ALL.into_iter().zip(flags).filter(|(_, rows)| *rows > 0).collect();
        Self { unchanged: rows.len() - count, rows: altered, from, flags, sample }
    }

    /// Returns how many of the rows were decided before.
    #[must_use]
    pub fn decided(&self) -> usize {
        let open = |kind: StateKind| matches!(kind, StateKind::Pending | StateKind::Withdrawn);
        self.from.iter().filter(|(kind, _)| !open(*kind)).map(|(_, rows)| rows).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Flag;
    use crate::domain::fixtures::Story;

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
