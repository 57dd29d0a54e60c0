//! Parts that lie one behind the other: where each of them is.

use std::ops::Range;

/// Where parts end that lie one behind the other in one piece of memory; each takes eight bytes here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ends(Vec<usize>);

impl Ends {
    /// Adds a part that ends here; it begins where the one before ends.
    pub(crate) fn push(&mut self, end: usize) {
        self.0.push(end);
    }

    /// Returns how many parts there are.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns where a part is; `None` beyond the last.
    pub(crate) fn range(&self, at: usize) -> Option<Range<usize>> {
        let start = at.checked_sub(1).map_or(Some(0), |before| self.0.get(before).copied())?;
        Some(start..*self.0.get(at)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_begins_where_the_one_before_ends() {
        let mut ends = Ends::default();
        assert_eq!((ends.len(), ends.range(0)), (0, None));
        [2, 2, 5].into_iter().for_each(|end| ends.push(end));
        assert_eq!([0, 1, 2, 3].map(|at| ends.range(at)), [Some(0..2), Some(2..2), Some(2..5), None]);
    }
}
