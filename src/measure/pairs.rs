//! Pairs of rows that a person compares: which side wins, however often somebody looks.
//!
//! A pair of which one row is accepted is a win; a pair of which both or none are accepted tells nothing of the sides
//! and counts in n only. With w wins of one side and l of the other, and q the share of wins that is to be expected:
//!
//! ```text
//! E(q) = ∫ t^w (1 − t)^l π(dt) / (q^w (1 − q)^l)
//! ```
//!
//! Whatever the density π, E(q) starts at 1 and keeps that mean where q is true, so it reaches 20 at any time with a
//! probability of 5 % at most (Ville 1939). *Better* is E(½) ≥ 20, and the interval holds each q with E(q) < 20: they
//! always agree. π expects what a person hopes to find, a share of about three quarters on either side: 0.9 of it lies
//! on Beta(16, 5) and Beta(5, 16), the rest is even.

use serde::Serialize;

use crate::domain::{Interval, Standing};

use super::better::sign_test;
use super::peeking::{ALPHA, ahead};
use super::special::ln_beta;

/// How many pairs had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PairCounts {
    /// Only the left row was accepted.
    pub left: u32,
    /// Only the right row was accepted.
    pub right: u32,
    /// Both were accepted.
    pub both: u32,
    /// None was accepted.
    pub neither: u32,
}

/// What decided pairs say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PairFigures {
    /// All decided pairs.
    pub n: u32,
    /// Pairs that the left side won.
    pub wins_left: u32,
    /// Pairs that the right side won.
    pub wins_right: u32,
    /// Where the left side's share of all wins lies, 0 to 1; it holds at 95 % however often somebody looks.
    pub interval: Interval,
    /// The left side against the right one, however often somebody looks.
    pub standing: Standing,
    /// The p value of the two-sided sign test, for one look only.
    pub p_sign: f64,
    /// About how many more pairs would tell, if the shares stay as they are; `None` where it is told already, or no
    /// number of at most 10,000 would.
    pub more: Option<u32>,
}

/// The parts of π: a weight and the two parameters; each lies on either side.
const EXPECTED: [(f64, f64, f64); 2] = [(0.9, 16.0, 5.0), (0.1, 1.0, 1.0)];

/// Returns the figures of pairs.
#[must_use]
pub fn figures(counts: PairCounts) -> PairFigures {
    let PairCounts { left, right, both, neither } = counts;
    let n = left.saturating_add(right).saturating_add(both).saturating_add(neither);
    let (wins, losses) = (f64::from(left), f64::from(right));
    let standing = match (tells(wins, losses), left > right) {
        (false, _) => Standing::Undecided,
        (true, true) => Standing::Better,
        (true, false) => Standing::Worse,
    };
    let share = |wins: f64, more: f64| wins + more * wins / f64::from(n.max(1));
    PairFigures {
        n,
        wins_left: left,
        wins_right: right,
        interval: interval(wins, losses),
        standing,
        p_sign: sign_test(left.into(), right.into()),
        more: ahead(|more| tells(share(wins, more), share(losses, more))),
    }
}

/// Returns whether so many wins and losses tell which side is better.
pub(super) fn tells(wins: f64, losses: f64) -> bool {
    let even = -(wins + losses) * std::f64::consts::LN_2;
    log_expected(wins, losses) - even >= -ALPHA.ln()
}

/// Returns ln ∫ t^w (1 − t)^l π(dt).
fn log_expected(wins: f64, losses: f64) -> f64 {
    let half =
        |weight: f64, a: f64, b: f64| (0.5 * weight).ln() + ln_beta(a + wins, b + losses) - ln_beta(a, b);
    let parts = EXPECTED.map(|(weight, a, b)| [half(weight, a, b), half(weight, b, a)]);
    let most = parts.as_flattened().iter().copied().fold(f64::MIN, f64::max);
    most + parts.as_flattened().iter().map(|part| (part - most).exp()).sum::<f64>().ln()
}

/// Returns every share of wins that the pairs do not speak against, as far as its ends.
fn interval(wins: f64, losses: f64) -> Interval {
    if wins + losses <= 0.0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let expected = log_expected(wins, losses);
    let log = |count: f64, share: f64| if count > 0.0 { count * share.ln() } else { 0.0 };
    let holds = |share: f64| expected - log(wins, share) - log(losses, 1.0 - share) < -ALPHA.ln();
    let top = wins / (wins + losses);
    // The likelihood falls off on either side of its top, so each end is found by halving.
    let end = |mut outside: f64| {
        if holds(outside) {
            return outside;
        }
        let mut inside = top;
        for _ in 0..60 {
            let middle = f64::midpoint(inside, outside);
            if holds(middle) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        inside
    };
    Interval { low: end(0.0), high: end(1.0) }
}

#[cfg(test)]
mod tests;
