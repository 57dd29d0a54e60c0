//! Pairs of a comparison: which rows stand side by side, and what was said of them.
//!
//! ```text
//! side 0   request 0: row row │ request 1: row row
//! side 1   request 0: row row │ request 1: row          the k-th of request i with the k-th of request i
//!                     └─ pair ─┘                        a row without another one stays an ordinary row
//! ```
//!
//! Which row stands on the left, and the order of the pairs, follow from the seed of the trial. What a person said of
//! a pair is in the marks of its rows alone: there is no other record, so undo takes it back here too.

use std::collections::BTreeMap;

use super::{Change, Projection, RowNumber, RowState, TrialNumber, TrialSide};

/// Two rows of the same request, one from each side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pair {
    /// The row that stands on the left.
    pub left: RowNumber,
    /// The row that stands on the right.
    pub right: RowNumber,
    /// Whether the row of the second side stands on the left.
    pub is_swapped: bool,
}

/// What a person says of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PairChoice {
    /// The left row is better: it is accepted, and the right one rejected.
    Left,
    /// The right row is better: it is accepted, and the left one rejected.
    Right,
    /// Both are good: both are accepted.
    Both,
    /// Neither is good: both are rejected.
    Neither,
}

impl PairChoice {
    /// All choices, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Both, Self::Neither];

    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Both => "both",
            Self::Neither => "neither",
        }
    }

    /// Returns the choice with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }

    /// Returns whether the left row is accepted, and whether the right one is.
    #[must_use]
    pub const fn accepts(self) -> (bool, bool) {
        match self {
            Self::Left => (true, false),
            Self::Right => (false, true),
            Self::Both => (true, true),
            Self::Neither => (false, false),
        }
    }

    /// Returns the choice that accepts these rows.
    const fn of(left: bool, right: bool) -> Self {
        match (left, right) {
            (true, false) => Self::Left,
            (false, true) => Self::Right,
            (true, true) => Self::Both,
            (false, false) => Self::Neither,
        }
    }
}

impl Pair {
    /// Returns the row of a side, 0 or 1.
    #[must_use]
    pub const fn of_side(self, side: u8) -> RowNumber {
        if (side == 0) == self.is_swapped { self.right } else { self.left }
    }

    /// Returns what a choice does to the two rows.
    #[must_use]
    pub fn changes(self, choice: PairChoice) -> [(RowNumber, Change); 2] {
        let change = |accepts| if accepts { Change::accept() } else { Change::reject() };
        let (left, right) = choice.accepts();
        [(self.left, change(left)), (self.right, change(right))]
    }
}

/// How many pairs of a comparison were decided for which side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PairTally {
    /// Pairs of which only the row of the first side was accepted.
    pub first: u32,
    /// Pairs of which only the row of the second side was accepted.
    pub second: u32,
    /// Pairs of which both rows were accepted.
    pub both: u32,
    /// Pairs of which both rows were rejected.
    pub neither: u32,
    /// Pairs that are not decided.
    pub open: u32,
}

impl PairTally {
    /// Returns how many pairs are decided.
    #[must_use]
    pub const fn decided(self) -> u32 {
        self.first + self.second + self.both + self.neither
    }

    /// Returns how many pairs there are.
    #[must_use]
    pub const fn all(self) -> u32 {
        self.decided() + self.open
    }

    /// Returns how many pairs were decided for one side.
    #[must_use]
    pub const fn that_differ(self) -> u32 {
        self.first + self.second
    }
}

/// The rows of one place of both sides; a place is a request's index and a row's place in it.
type Both = [Option<RowNumber>; 2];

impl Projection {
    /// Returns the pairs of a comparison that there are so far, in the order in which they are shown. Pairs that come
    /// later may stand between them.
    #[must_use]
    pub fn pairs(&self, number: TrialNumber) -> Vec<Pair> {
        let Some(trial) = self.laboratory().trial(number) else { return Vec::new() };
        let mut places: BTreeMap<(u32, u32), Both> = BTreeMap::new();
        let mut come: BTreeMap<(u8, u32), u32> = BTreeMap::new();
        for row in self.rows() {
            let Some(side) = row.run().and_then(|run| side_in(run.trial, number)) else { continue };
            let Some(request) = row.request() else { continue };
            let place = come.entry((side, request.index)).or_default();
            if let Some(of_side) =
                places.entry((request.index, *place)).or_default().get_mut(usize::from(side))
            {
                *of_side = Some(row.number());
            }
            *place += 1;
        }
        let pair = |((index, place), both): ((u32, u32), Both)| {
            let [Some(first), Some(second)] = both else { return None };
            let drawn = drawn(trial.seed, index, place);
            let is_swapped = drawn & 1 == 1;
            let (left, right) = if is_swapped { (second, first) } else { (first, second) };
            Some((drawn >> 1, Pair { left, right, is_swapped }))
        };
        let mut pairs: Vec<_> = places.into_iter().filter_map(pair).collect();
        pairs.sort_by_key(|(key, pair)| (*key, pair.left));
        pairs.into_iter().map(|(_, pair)| pair).collect()
    }

    /// Returns what was said of a pair; `None` while it is open. Rows that were decided in bulk, or skipped, leave it
    /// open.
    #[must_use]
    pub fn said_of(&self, pair: Pair) -> Option<PairChoice> {
        let accepted = |row: RowNumber| {
            let row = self.row(row).filter(|row| !row.is_bulk())?;
            match row.state() {
                RowState::Accepted { .. } => Some(true),
                RowState::Rejected => Some(false),
                RowState::Pending | RowState::Skipped | RowState::Withdrawn => None,
            }
        };
        Some(PairChoice::of(accepted(pair.left)?, accepted(pair.right)?))
    }

    /// Counts what was said of pairs, by side.
    #[must_use]
    pub fn tally(&self, pairs: &[Pair]) -> PairTally {
        let mut tally = PairTally::default();
        for pair in pairs {
            let count = match self.said_of(*pair) {
                Some(PairChoice::Left) if pair.is_swapped => &mut tally.second,
                Some(PairChoice::Left) => &mut tally.first,
                Some(PairChoice::Right) if pair.is_swapped => &mut tally.first,
                Some(PairChoice::Right) => &mut tally.second,
                Some(PairChoice::Both) => &mut tally.both,
                Some(PairChoice::Neither) => &mut tally.neither,
                None => &mut tally.open,
            };
            *count += 1;
        }
        tally
    }
}

fn side_in(of: Option<TrialSide>, number: TrialNumber) -> Option<u8> {
    of.filter(|of| of.trial == number).map(|of| of.side)
}

/// Returns a number that looks random and depends on the seed and the place alone (`SplitMix64`'s mixing).
const fn drawn(seed: u64, index: u32, place: u32) -> u64 {
    let at = ((index as u64) << 32) | place as u64;
    let mut mixed = seed ^ at.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Returns which side of a trial is sampled first: whoever sees rows arrive must not know whose they are.
#[must_use]
pub(crate) const fn sampled_first(seed: u64) -> u8 {
    (drawn(seed, u32::MAX, u32::MAX) & 1) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::TrialStory;

    #[test]
    fn rows_of_the_same_place_are_paired_and_each_row_is_in_one_pair_at_most() {
        let of = TrialStory::compare(true, 12);
        let pairs = of.pairs();
        assert_eq!(pairs.len(), 12);
        let [first, second] = [of.rows(0), of.rows(1)];
        for pair in &pairs {
            let place = first.iter().position(|row| *row == pair.of_side(0)).unwrap();
            assert_eq!(second[place], pair.of_side(1));
        }
        let mut rows: Vec<_> = pairs.iter().flat_map(|pair| [pair.left.0, pair.right.0]).collect();
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(rows.len(), 24);
    }

    #[test]
    fn a_row_without_another_one_is_in_no_pair() {
        let of = TrialStory::uneven(&[3, 3], &[3, 1]);
        assert_eq!(of.pairs().len(), 4);
        assert_eq!(TrialStory::uneven(&[], &[3]).pairs(), []);
    }

    #[test]
    fn the_seed_decides_the_order_and_the_sides_and_nothing_else_does() {
        let pairs = |seed| TrialStory::seeded(seed, 40).pairs();
        assert_eq!(pairs(7), pairs(7));
        assert_ne!(pairs(7), pairs(8));
        let in_order = |pairs: &[Pair]| pairs.is_sorted_by_key(|pair| pair.of_side(0));
        assert!(!in_order(&pairs(7)), "shuffled");
    }

    #[test]
    fn over_many_seeds_each_side_stands_left_about_half_of_the_time_and_is_sampled_first_so_too() {
        let swapped: usize = (0..100)
            .map(|seed| TrialStory::seeded(seed, 20).pairs().iter().filter(|p| p.is_swapped).count())
            .sum();
        assert!((900..=1100).contains(&swapped), "{swapped}");
        let first: u32 = (0..1000).map(|seed| u32::from(sampled_first(seed))).sum();
        assert!((430..=570).contains(&first), "{first}");
    }

    #[test]
    fn what_is_said_of_a_pair_is_read_from_the_marks_and_counted_for_the_right_side() {
        let mut of = TrialStory::compare(true, 8);
        let pairs = of.pairs();
        for (pair, choice) in pairs.iter().zip(PairChoice::ALL) {
            assert_eq!(of.story.projection.said_of(*pair), None);
            of.choose(*pair, choice);
            assert_eq!(of.story.projection.said_of(*pair), Some(choice));
        }
        let tally = of.story.projection.tally(&pairs);
        let of_first = u32::from(!pairs[0].is_swapped) + u32::from(pairs[1].is_swapped);
        assert_eq!((tally.first, tally.second), (of_first, 2 - of_first));
        assert_eq!((tally.both, tally.neither, tally.open), (1, 1, 4));
        assert_eq!((tally.decided(), tally.all(), tally.that_differ()), (4, 8, 2));
    }

    #[test]
    fn a_bulk_decision_or_a_skipped_row_leaves_a_pair_open() {
        let mut of = TrialStory::compare(true, 2);
        let pairs = of.pairs();
        of.story.change(&[pairs[0].left.0, pairs[0].right.0], Change::accept());
        assert_eq!(of.story.projection.said_of(pairs[0]), None, "two rows at once are bulk");
        of.story.change(&[pairs[1].left.0], Change::accept());
        assert_eq!(of.story.projection.said_of(pairs[1]), None);
        of.story.change(&[pairs[1].right.0], Change::skip());
        assert_eq!(of.story.projection.said_of(pairs[1]), None);
    }

    #[test]
    fn one_undo_takes_back_what_was_said_of_a_pair() {
        let mut of = TrialStory::compare(true, 2);
        let pair = of.pairs()[0];
        of.choose(pair, PairChoice::Left);
        assert!(of.story.undo());
        assert_eq!(of.story.projection.said_of(pair), None);
        let states = [pair.left, pair.right].map(|row| of.story.projection.state(row));
        assert_eq!(states, [RowState::Pending, RowState::Pending]);
        assert!(of.story.redo());
        assert_eq!(of.story.projection.said_of(pair), Some(PairChoice::Left));
    }
}
