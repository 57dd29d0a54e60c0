//! Which combination the next request is for.

/// The rows that a plan gives to each combination, those that came, and those that are on their way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuotaBook {
    wanted: Vec<u32>,
    came: Vec<u32>,
    expected: Vec<u32>,
    next: usize,
}

impl QuotaBook {
    /// Opens the book of a plan of which so many rows came already.
    #[must_use]
    pub(crate) fn new(wanted: Vec<u32>, came: Vec<u32>) -> Self {
        let expected = vec![0; wanted.len()];
        Self { wanted, came, expected, next: 0 }
    }

    /// Returns the combination that the next request is for, and for how many rows; `None` where all is on its way.
    ///
    /// Combinations take turns, so that a run that is stopped has some of each.
    #[must_use]
    pub(crate) fn next(&self, most: u32) -> Option<(u32, u32)> {
        let count = self.wanted.len();
        let turns = (0..count).map(|step| (self.next + step) % count);
        let mut open = turns.map(|place| (place, self.left(place))).filter(|(_, left)| *left > 0);
        let (place, left) = open.next()?;
        Some((u32::try_from(place).ok()?, left.min(most.max(1))))
    }

    fn left(&self, place: usize) -> u32 {
        let of = |counts: &[u32]| counts.get(place).copied().unwrap_or(0);
        of(&self.wanted).saturating_sub(of(&self.came) + of(&self.expected))
    }

    /// Notes that a request is on its way.
    pub(crate) fn expect(&mut self, combination: u32, rows: u32) {
        self.next = combination as usize + 1;
        if let Some(expected) = self.expected.get_mut(combination as usize) {
            *expected += rows;
        }
    }

    /// Notes rows that came.
    pub(crate) fn take(&mut self, combination: u32, rows: u32) {
        if let Some(came) = self.came.get_mut(combination as usize) {
            *came += rows;
        }
    }

    /// Notes that a request is on its way no more.
    pub(crate) fn end(&mut self, combination: u32, rows: u32) {
        if let Some(expected) = self.expected.get_mut(combination as usize) {
            *expected = expected.saturating_sub(rows);
        }
    }
}
