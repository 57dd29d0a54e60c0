//! Races: versions that compete for the next rows.
//!
//! Which side the next batch is of is drawn by top-two Thompson sampling (Russo 2016): a rate is drawn for each side
//! from what its decisions say, and the side with the highest one is asked in half of all batches; in the others its
//! challenger is, the side that is hardest to tell from it (Shang et al. 2020). So decisions go to the sides that may
//! still be the best.
//!
//! A race ends by the evidence of [`peeking`](super::peeking), at any time and for any shares:
//!
//! - a side is **the best** where E ≥ 20 between it and *each* other side. No correction for their number is needed,
//!   since naming a wrong one needs evidence against the one that is in truth the best, a single pair.
//! - **no difference** is left where each other side is either shown to be worse than the leading one, or E ≥ 20 speaks
//!   against every difference of ten points or more between the two, either way.

use serde::Serialize;

use crate::text::SplitMix64;

use super::Acceptance;
use super::peeking::{Tally, evidence, needed, ratio, weighed};

/// The difference between two rates that matters.
const MATTERS: f64 = 0.10;
/// How many races with equal shares are simulated to say what was saved.
const SIMULATED: u64 = 25;
/// The most decisions of a simulated race.
const MOST_SIMULATED: u32 = 10_000;

/// How a race stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RaceState {
    /// More decisions are needed.
    Racing,
    /// A side is the best, by its place.
    Best(usize),
    /// No difference of ten points or more is left.
    NoDifference,
    /// All decisions that the race was to have are taken.
    OutOfDecisions,
}

/// What a race saved against giving each side the same number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Saved {
    /// The decisions that the race took.
    pub took: u32,
    /// About how many decisions equal shares would have taken under the same rule; an estimate by simulation.
    pub equal: u32,
}

/// Returns how a race stands: `sides` are the decisions on each side, `budget` the decisions it has at most.
#[must_use]
pub fn state(sides: &[Acceptance], budget: u32) -> RaceState {
    let tallies: Vec<Tally> = sides.iter().map(|side| (*side).into()).collect();
    match conclusion(&tallies) {
        RaceState::Racing if decided(sides) >= u64::from(budget) => RaceState::OutOfDecisions,
        state => state,
    }
}

fn decided(sides: &[Acceptance]) -> u64 {
    sides.iter().map(|side| side.decided()).sum()
}

/// Returns the first side with the highest rate.
fn leader(sides: &[Tally]) -> Option<usize> {
    let rates = sides.iter().map(|side| side.rate()).enumerate();
    let first = rates.reduce(|best, other| if other.1 > best.1 { other } else { best });
    first.map(|(place, _)| place)
}

fn conclusion(sides: &[Tally]) -> RaceState {
    let Some(first) = leader(sides).filter(|_| sides.len() > 1) else { return RaceState::Racing };
    let (best, needed) = (sides[first], needed(2));
    let others = || sides.iter().enumerate().filter(|(place, _)| *place != first).map(|(_, side)| *side);
    let mut rivals = others().filter(|other| evidence(best, *other) < needed).peekable();
    if rivals.peek().is_none() {
        return RaceState::Best(first);
    }
    if rivals.all(|rival| against_difference(best, rival) >= needed) {
        return RaceState::NoDifference;
    }
    RaceState::Racing
}

/// Returns `ln E` against every difference of [`MATTERS`] or more between two sides, either way.
fn against_difference(one: Tally, other: Tally) -> f64 {
    let free = one.log_likelihood(one.rate()) + other.log_likelihood(other.rate());
    let against = |higher: Tally, lower: Tally| {
        if higher.rate() - lower.rate() >= MATTERS {
            return 0.0;
        }
        weighed((free - most_likely_apart(higher, lower)).max(0.0), one, other)
    };
    against(one, other).min(against(other, one))
}

/// Returns the highest log likelihood of two tallies whose rates are [`MATTERS`] apart.
///
/// It has one top along the lower rate, which is found by halving its slope.
fn most_likely_apart(higher: Tally, lower: Tally) -> f64 {
    let slope = |rate: f64| {
        let of = |tally: Tally, rate: f64| tally.accepted / rate - tally.rejected / (1.0 - rate);
        of(lower, rate) + of(higher, rate + MATTERS)
    };
    let (mut low, mut high) = (1e-9, 1.0 - MATTERS - 1e-9);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if slope(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    lower.log_likelihood(low) + higher.log_likelihood(low + MATTERS)
}

/// Returns the side that the next batch of rows is of. Equal counts, seed and number of the batch give the same side.
#[must_use]
pub fn next_side(sides: &[Acceptance], seed: u64, batch: u64) -> usize {
    let mut random = SplitMix64::new(seed).fork(batch);
    let rates: Vec<Tally> = sides.iter().map(|side| Tally::from(*side)).collect();
    let drawn = rates.iter().map(|side| beta(&mut random, 1.0 + side.accepted, 1.0 + side.rejected));
    let drawn: Vec<f64> = drawn.collect();
    let mut first = 0;
    for (place, rate) in drawn.iter().enumerate() {
        if *rate > drawn[first] {
            first = place;
        }
    }
    if random.unit() < 0.5 {
        return first;
    }
    challenger(&rates, first, &mut random)
}

/// Returns the side that the decisions tell least from the first one; of several one at random.
fn challenger(sides: &[Tally], first: usize, random: &mut SplitMix64) -> usize {
    let mut least = (f64::INFINITY, first);
    for (place, side) in sides.iter().enumerate().filter(|(place, _)| *place != first) {
        let is_behind = side.rate() < sides[first].rate();
        let told = if is_behind { ratio(sides[first], *side) } else { 0.0 };
        // Sides that are equally hard to tell take turns.
        let told = told + 1e-9 * random.unit();
        if told < least.0 {
            least = (told, place);
        }
    }
    least.1
}

/// Draws from Beta(a, b), for a and b from 1.
fn beta(random: &mut SplitMix64, a: f64, b: f64) -> f64 {
    let (one, other) = (gamma(random, a), gamma(random, b));
    one / (one + other)
}

/// Draws from Gamma(k, 1), for k from 1 (Marsaglia and Tsang 2000).
fn gamma(random: &mut SplitMix64, k: f64) -> f64 {
    let d = k - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let normal = normal(random);
        let v = (1.0 + c * normal).powi(3);
        let is_kept = |uniform: f64| uniform.ln() < 0.5 * normal * normal + d - d * v + d * v.ln();
        if v > 0.0 && is_kept(1.0 - random.unit()) {
            return d * v;
        }
    }
}

/// Draws from the normal distribution (Box and Muller 1958).
fn normal(random: &mut SplitMix64) -> f64 {
    let (one, other) = (1.0 - random.unit(), random.unit());
    (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos()
}

/// Returns what a race that named the best side saved against equal shares; `None` of any other race.
///
/// Races with equal shares are simulated with the rates that were seen, and end by the same rule.
#[must_use]
pub fn saved(sides: &[Acceptance], seed: u64) -> Option<Saved> {
    let tallies: Vec<Tally> = sides.iter().map(|side| (*side).into()).collect();
    if !matches!(conclusion(&tallies), RaceState::Best(_)) {
        return None;
    }
    let rates: Vec<f64> = tallies.iter().map(|side| (side.accepted + 1.0) / (side.decided() + 2.0)).collect();
    let random = SplitMix64::new(seed);
    let total: u64 = (0..SIMULATED).map(|race| u64::from(with_equal_shares(&rates, random.fork(race)))).sum();
    Some(Saved {
        took: u32::try_from(decided(sides)).unwrap_or(u32::MAX),
        equal: u32::try_from(total / SIMULATED).unwrap_or(u32::MAX),
    })
}

/// Returns the decisions that a simulated race with equal shares takes.
fn with_equal_shares(rates: &[f64], mut random: SplitMix64) -> u32 {
    let mut sides = vec![Tally::default(); rates.len()];
    let (mut taken, mut rounds, mut look) = (0, 0_u32, 1);
    while taken < MOST_SIMULATED {
        for (side, rate) in sides.iter_mut().zip(rates) {
            if random.unit() < *rate {
                side.accepted += 1.0;
            } else {
                side.rejected += 1.0;
            }
            taken += 1;
        }
        rounds += 1;
        if rounds >= look {
            if conclusion(&sides) != RaceState::Racing {
                break;
            }
            // A later look costs as much and tells less.
            look = rounds + 1 + rounds / 40;
        }
    }
    taken
}

#[cfg(test)]
mod tests;
