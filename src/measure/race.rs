//! The rule of a race: who may still be best, who gets the next rows, and when it ends.

use super::Acceptance;
use super::special::ln_beta;
use crate::text::SplitMix64;

/// How sure a race is of what it says, over all looks at it together.
const ERROR: f64 = 0.05;
/// The least difference of acceptances that matters.
const MATTERS: f64 = 0.10;

/// How a race stands by its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RaceState {
    /// It goes on.
    Racing,
    /// The version of this side is the best.
    Best(usize),
    /// No difference of 10 points or more is left.
    NoDifference,
    /// As many rows as may be are decided, and no side is known to be the best.
    OutOfDecisions,
}

/// What a race took, and what equal shares would have taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Saved {
    /// Decisions of the race.
    pub decisions: u32,
    /// About how many decisions equal shares take under the same rule.
    pub equal_shares: u32,
}

/// Returns how a race stands after these decisions, however often somebody looks. `budget` is how many decisions it
/// takes at most.
#[must_use]
pub(crate) fn state(sides: &[Acceptance], budget: u32) -> RaceState {
    let ranges: Vec<_> = sides.iter().map(|side| range(*side, ERROR / real(sides.len().max(1)))).collect();
    for (place, own) in ranges.iter().enumerate() {
        let is_above = |(other, range): (usize, &(f64, f64))| other == place || own.0 > range.1;
        if ranges.len() > 1 && ranges.iter().enumerate().all(is_above) {
            return RaceState::Best(place);
        }
    }
    let highest = ranges.iter().map(|range| range.1).fold(0.0, f64::max);
    let lowest = ranges.iter().map(|range| range.0).fold(1.0, f64::min);
    if highest - lowest < MATTERS {
        return RaceState::NoDifference;
    }
    let made: u64 = sides.iter().map(|side| side.decided()).sum();
    if made >= u64::from(budget) { RaceState::OutOfDecisions } else { RaceState::Racing }
}

/// Returns the side that the next batch is of: by top-two Thompson sampling, the same for the same seed and batch.
#[must_use]
pub(crate) fn next_side(sides: &[Acceptance], seed: u64, batch: u64) -> usize {
    let mut random = SplitMix64::new(seed).fork(batch);
    let mut leader = || {
        let draws: Vec<f64> = sides.iter().map(|side| drawn(*side, &mut random)).collect();
        (0..draws.len()).max_by(|a, b| draws[*a].total_cmp(&draws[*b])).unwrap_or_default()
    };
    let first = leader();
    for _ in 0..100 {
        let other = leader();
        if other != first {
            return if batch.is_multiple_of(2) { first } else { other };
        }
    }
    first
}

/// Returns what a race that named a best saved against equal shares; `None` where it named none.
#[must_use]
pub(crate) fn saved(sides: &[Acceptance], _seed: u64) -> Option<Saved> {
    let decided = || sides.iter().map(|side| side.decided());
    let most = decided().max()?;
    let decisions = u32::try_from(decided().sum::<u64>()).ok()?;
    let equal_shares = u32::try_from(most.saturating_mul(sides.len() as u64)).ok()?;
    matches!(state(sides, u32::MAX), RaceState::Best(_)).then_some(Saved { decisions, equal_shares })
}

/// Returns the range that holds a rate at every look together, but for this error: where the rate's likelihood is not
/// below `error` times the mean over all rates.
fn range(side: Acceptance, error: f64) -> (f64, f64) {
    let (accepted, rejected) = (count(side.accepted), count(side.rejected));
    let mean = ln_beta(accepted + 1.0, rejected + 1.0);
    let is_in = |rate: f64| {
        let likelihood = if side.accepted > 0 { accepted * rate.ln() } else { 0.0 }
            + if side.rejected > 0 { rejected * (1.0 - rate).ln() } else { 0.0 };
        likelihood >= mean + error.ln()
    };
    let at = side.rate().unwrap_or(0.5);
    let edge = |mut out: f64| {
        let mut inside = at;
        if is_in(out) {
            return out;
        }
        for _ in 0..40 {
            let middle = f64::midpoint(inside, out);
            if is_in(middle) { inside = middle } else { out = middle }
        }
        inside
    };
    (edge(0.0), edge(1.0))
}

/// Draws a rate from what the decisions say of it: the value at the place of the accepted ones among as many even draws.
fn drawn(side: Acceptance, random: &mut SplitMix64) -> f64 {
    let most = usize::try_from(side.decided()).unwrap_or(usize::MAX).saturating_add(1).min(20_000);
    let mut draws: Vec<f64> = (0..most).map(|_| random.unit()).collect();
    draws.sort_by(f64::total_cmp);
    let place = usize::try_from(side.accepted).unwrap_or(usize::MAX).min(most - 1);
    draws.get(place).copied().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "nobody decides 2^53 rows")]
const fn count(rows: u64) -> f64 {
    rows as f64
}

#[expect(clippy::cast_precision_loss, reason = "a race has at most eight sides")]
const fn real(sides: usize) -> f64 {
    sides as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_race_begins_open_and_ends_with_the_best_with_none_or_without_decisions_left() {
        let of = |accepted, rejected| Acceptance::new(accepted, rejected);
        assert_eq!(state(&[of(0, 0), of(0, 0)], 300), RaceState::Racing);
        assert_eq!(state(&[of(5, 25), of(28, 2)], 300), RaceState::Best(1));
        assert_eq!(state(&[of(3, 2), of(2, 3)], 10), RaceState::OutOfDecisions);
        assert_eq!(state(&[of(5_000, 5_000), of(5_010, 4_990)], 30_000), RaceState::NoDifference);
    }

    #[test]
    fn the_next_side_is_the_same_for_the_same_seed_and_mostly_one_that_may_be_best() {
        let sides = [Acceptance::new(2, 28), Acceptance::new(20, 10), Acceptance::new(22, 8)];
        let chosen: Vec<_> = (0..50).map(|batch| next_side(&sides, 7, batch)).collect();
        assert_eq!(chosen, (0..50).map(|batch| next_side(&sides, 7, batch)).collect::<Vec<_>>());
        assert!(chosen.iter().filter(|side| **side == 0).count() < 5, "{chosen:?}");
        assert!(chosen.contains(&1) && chosen.contains(&2));
    }
}
