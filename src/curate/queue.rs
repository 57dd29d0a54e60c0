//! The order in which the rows of a race are decided: mixed, so that rows of one batch do not follow one another.

use crate::domain::RowNumber;
use crate::text::SplitMix64;

/// Returns the rows in an order that is drawn from the seed of a trial. Rows that come later change nothing of the order
/// of those that are there.
#[must_use]
pub(crate) fn mixed(seed: u64, rows: &[RowNumber]) -> Vec<RowNumber> {
    let place = |row: &RowNumber| (SplitMix64::new(seed).fork(u64::from(row.0)).next_u64(), row.0);
    let mut rows = rows.to_vec();
    rows.sort_by_key(place);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_mixed_by_the_seed_and_later_ones_change_nothing_of_the_order() {
        let rows = |many: u32| (0..many).map(RowNumber).collect::<Vec<_>>();
        let first = mixed(7, &rows(20));
        assert_ne!(first, rows(20));
        assert_ne!(first, mixed(8, &rows(20)));
        let more = mixed(7, &rows(30));
        let known: Vec<_> = more.iter().filter(|row| row.0 < 20).copied().collect();
        assert_eq!(known, first);
        assert!(first[..10].iter().any(|row| row.0 >= 10), "the halves are mixed: {first:?}");
    }
}
