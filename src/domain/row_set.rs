//! Sets of rows.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::RowNumber;

/// A set of rows, stored as ranges, so that a bulk decision on a million rows takes a few numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowSet(Vec<(u32, u32)>);

impl RowSet {
    /// Returns the set of one row.
    #[must_use]
    pub fn one(row: RowNumber) -> Self {
        Self(vec![(row.0, row.0)])
    }

    /// Returns whether the set is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of rows in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|range| size(*range)).sum()
    }

    /// Returns the first row of the set.
    #[must_use]
    pub fn first(&self) -> Option<RowNumber> {
        self.0.first().map(|range| RowNumber(range.0))
    }

    /// Returns the row at a place, counted from 0.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<RowNumber> {
        self.iter_from(place).next()
    }

    /// Returns the rows in ascending order, from a place on, counted from 0.
    pub fn iter_from(&self, mut place: usize) -> impl Iterator<Item = RowNumber> + '_ {
        let whole = |range: &&(u32, u32)| {
            let rows = size(**range);
            let is_before = rows <= place;
            place -= if is_before { rows } else { 0 };
            is_before
        };
        let before = self.0.iter().take_while(whole).count();
        let behind = self.0[before..].iter().enumerate();
        behind.flat_map(move |(range, &(first, last))| {
            let skipped = if range == 0 { u32::try_from(place).unwrap_or(u32::MAX) } else { 0 };
            (first.saturating_add(skipped)..=last).map(RowNumber)
        })
    }

    /// Returns whether a row is in the set.
    #[must_use]
    pub fn contains(&self, row: RowNumber) -> bool {
        let place = self.0.partition_point(|(_, last)| *last < row.0);
        self.0.get(place).is_some_and(|(first, _)| *first <= row.0)
    }

    /// Returns the rows in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = RowNumber> + '_ {
        self.0.iter().flat_map(|&(first, last)| (first..=last).map(RowNumber))
    }

    /// Returns the ranges in ascending order: the first row and the last one of each.
    pub fn ranges(&self) -> impl Iterator<Item = (RowNumber, RowNumber)> + '_ {
        self.0.iter().map(|(first, last)| (RowNumber(*first), RowNumber(*last)))
    }

    /// Returns the set without some rows.
    #[must_use]
    pub fn without(&self, rows: &BTreeSet<RowNumber>) -> Self {
        let mut left = Self::default();
        for (mut first, last) in self.ranges() {
            for row in rows.range(first..=last) {
                if first < *row {
                    left.push_range(first, RowNumber(row.0 - 1));
                }
                first = RowNumber(row.0 + 1);
            }
            if first <= last {
                left.push_range(first, last);
            }
        }
        left
    }

    /// Adds a row, which must not be lower than the last one added.
    pub fn push(&mut self, row: RowNumber) {
        self.push_range(row, row);
    }

    /// Adds a row and those behind it up to another one; none may be lower than the last one added.
    pub fn push_range(&mut self, first: RowNumber, last: RowNumber) {
        match self.0.last_mut() {
            Some((_, end)) if last.0 <= *end => {}
            Some((_, end)) if first.0 <= end.saturating_add(1) => *end = last.0,
            _ => self.0.push((first.0, last.0)),
        }
    }
}

const fn size((first, last): (u32, u32)) -> usize {
    (last - first) as usize + 1
}

impl FromIterator<RowNumber> for RowSet {
    fn from_iter<I: IntoIterator<Item = RowNumber>>(rows: I) -> Self {
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_unstable();
        let mut set = Self::default();
        for row in rows {
            set.push(row);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_join_into_ranges() {
        let set: RowSet = [5, 1, 2, 3, 9, 2].map(RowNumber).into_iter().collect();
        assert_eq!(serde_json::to_string(&set).unwrap(), "[[1,3],[5,5],[9,9]]");
        assert_eq!(set.len(), 5);
        assert_eq!(set.iter().map(|r| r.0).collect::<Vec<_>>(), [1, 2, 3, 5, 9]);
    }

    #[test]
    fn a_row_is_found_by_its_place_and_by_its_number() {
        let set: RowSet = [1, 2, 3, 5, 9].map(RowNumber).into_iter().collect();
        let rows: Vec<_> = (0..6).map(|place| set.get(place).map(|row| row.0)).collect();
        assert_eq!(rows, [Some(1), Some(2), Some(3), Some(5), Some(9), None]);
        let there: Vec<_> = (0..11).filter(|row| set.contains(RowNumber(*row))).collect();
        assert_eq!(there, [1, 2, 3, 5, 9]);
    }

    #[test]
    fn rows_are_left_out_of_the_ranges_that_they_are_in() {
        let set: RowSet = [1, 2, 3, 4, 7, 9].map(RowNumber).into_iter().collect();
        let without = |rows: &[u32]| {
            let rows = rows.iter().copied().map(RowNumber).collect();
            serde_json::to_string(&set.without(&rows)).unwrap()
        };
        assert_eq!(without(&[]), "[[1,4],[7,7],[9,9]]");
        assert_eq!(without(&[1, 3, 7, 8]), "[[2,2],[4,4],[9,9]]");
        assert_eq!(without(&[4, 9]), "[[1,3],[7,7]]");
    }

    #[test]
    fn a_range_joins_the_one_before_it() {
        let mut set = RowSet::default();
        for (first, last) in [(1, 3), (4, 6), (5, 5), (9, 9)] {
            set.push_range(RowNumber(first), RowNumber(last));
        }
        assert_eq!(serde_json::to_string(&set).unwrap(), "[[1,6],[9,9]]");
    }
}
