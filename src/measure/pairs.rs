//! What the decided pairs of a comparison say of its two sides.

use super::Acceptance;
use super::better::{Posterior, sign_test};
use crate::domain::{Interval, Standing};

/// How often a p value below this is met where both sides are equally good.
const ALPHA: f64 = 0.05;
/// The most further pairs that are estimated.
const MOST: u32 = 10_000;

/// How many pairs were decided for which side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PairCounts {
    /// Pairs of which only the row of the one side was accepted.
    pub left: u32,
    /// Pairs of which only the row of the other side was accepted.
    pub right: u32,
    /// Pairs of which both rows were accepted.
    pub both: u32,
    /// Pairs of which neither row was accepted.
    pub neither: u32,
}

/// What decided pairs say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PairFigures {
    /// Pairs that differ: one row was accepted and the other rejected.
    pub n: u32,
    /// Those that the one side won.
    pub wins_left: u32,
    /// Those that the other side won.
    pub wins_right: u32,
    /// Where the share lies that the one side wins of pairs that differ, 0 to 1.
    pub interval: Interval,
    /// What may be said of the one side.
    pub standing: Standing,
    /// The p value of the two-sided sign test.
    pub p_sign: f64,
    /// About how many more pairs would tell, if the shares stay as they are; `None` where it is told already, or no
    /// number of at most 10,000 would.
    pub more: Option<u32>,
}

/// Returns what decided pairs say.
#[must_use]
pub(crate) fn figures(counts: PairCounts) -> PairFigures {
    let PairCounts { left, right, both, neither } = counts;
    let (n, p_sign) = (left + right, sign_test(left.into(), right.into()));
    let standing = match () {
        () if p_sign >= ALPHA => Standing::Undecided,
        () if left > right => Standing::Better,
        () => Standing::Worse,
    };
    let interval = Posterior::of(Acceptance::new(left.into(), right.into())).interval();
    let more = if standing == Standing::Undecided { more(left, right, both + neither) } else { None };
    PairFigures { n, wins_left: left, wins_right: right, interval, standing, p_sign, more }
}

/// Returns about how many more pairs would tell, if the shares stay as they are.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of pairs, from 0")]
fn more(left: u32, right: u32, same: u32) -> Option<u32> {
    if left == right {
        return None;
    }
    let (n, all) = (f64::from(left + right), f64::from(left + right + same));
    let share = f64::from(left) / n;
    let mut further = 1;
    while further <= MOST {
        let differ = (all + f64::from(further)) * n / all;
        let wins = (differ * share).round() as u64;
        if sign_test(wins, (differ.round() as u64).saturating_sub(wins)) < ALPHA {
            return Some(further);
        }
        further += 1 + further / 16;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uneven_wins_tell_and_even_ones_do_not() {
        let of = |left, right| figures(PairCounts { left, right, both: 3, neither: 2 });
        assert_eq!((of(18, 3).standing, of(3, 18).standing), (Standing::Better, Standing::Worse));
        assert_eq!((of(5, 5).standing, of(5, 5).more), (Standing::Undecided, None));
        assert_eq!((of(18, 3).n, of(18, 3).more), (21, None));
        assert!(of(8, 4).more.is_some_and(|more| more > 1 && more < 200));
        assert_eq!(of(0, 0).standing, Standing::Undecided);
        assert!(of(18, 3).interval.low > 0.5);
    }
}
