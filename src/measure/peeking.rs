//! What decisions on two versions tell, however often somebody looks.
//!
//! A rule for one look errs far more often when a person looks after each decision and stops where it says *better*.
//! The evidence here is a likelihood ratio of a mixture, as the tests of Robbins (1970) and Johari et al. (2017) are: how
//! much better the decisions are explained by two rates than by one, less what it costs to look as often as one likes.
//! With a the accepted and n the decided rows of either side, and p the accepted share of both together:
//!
//! ```text
//! Z = n₁ KL(a₁/n₁ ‖ p) + n₂ KL(a₂/n₂ ‖ p)          the log likelihood ratio of two rates against one
//! r = τ² p(1 − p) n₁n₂ / (n₁ + n₂)                  how much of the difference the decisions know; τ = 1 in log odds
//! ln E = Z r/(1 + r) − ½ ln(1 + r)
//! ```
//!
//! Equal rates reach E ≥ 1/α at any time with a probability of about α at most (exactly so for means of many decisions,
//! Waudby-Smith et al. 2021; for few it is simulated, see `docs/metrics.md`). It matters neither which side a decision
//! is on nor who chose that. Where m versions are compared with one another, α is parted among their m(m − 1)/2 pairs, and
//! further by 1 + ½ + … + 1/(m − 1), since versions come one after another and each number of them had its looks.

use crate::domain::Standing;

use super::{Acceptance, real};

/// How often a conclusion may be wrong, of all pairs that are compared together.
pub(super) const ALPHA: f64 = 0.05;
/// The most decisions that a forecast looks ahead.
pub(super) const MOST_AHEAD: u32 = 10_000;
/// The decisions that a side has at least before something is said of it.
pub(super) const LEAST: f64 = 10.0;
/// The variance of the differences that the mixture expects, in log odds.
const VARIANCE: f64 = 1.0;

/// Accepted and rejected rows, parts of rows where they are a forecast.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) accepted: f64,
    pub(super) rejected: f64,
}

impl From<Acceptance> for Tally {
    fn from(acceptance: Acceptance) -> Self {
        Self { accepted: real(acceptance.accepted), rejected: real(acceptance.rejected) }
    }
}

impl Tally {
    pub(super) fn decided(self) -> f64 {
        self.accepted + self.rejected
    }

    /// Returns the accepted share; a half of nothing.
    pub(super) fn rate(self) -> f64 {
        if self.decided() > 0.0 { self.accepted / self.decided() } else { 0.5 }
    }

    /// Returns the counts after `more` further decisions at the same rate.
    pub(super) fn after(self, more: f64) -> Self {
        let rate = self.rate();
        Self { accepted: self.accepted + more * rate, rejected: self.rejected + more * (1.0 - rate) }
    }

    /// Returns the log likelihood of the decisions at a rate.
    pub(super) fn log_likelihood(self, rate: f64) -> f64 {
        let part = |count: f64, rate: f64| if count > 0.0 { count * rate.ln() } else { 0.0 };
        part(self.accepted, rate) + part(self.rejected, 1.0 - rate)
    }
}

/// Returns `ln E` of a log likelihood ratio between two tallies.
pub(super) fn weighed(ratio: f64, one: Tally, other: Tally) -> f64 {
    let both = one.decided() + other.decided();
    if both <= 0.0 {
        return 0.0;
    }
    let rate = (one.accepted + other.accepted + 0.5) / (both + 1.0);
    let known = VARIANCE * rate * (1.0 - rate) * one.decided() * other.decided() / both;
    ratio * known / (1.0 + known) - 0.5 * known.ln_1p()
}

/// Returns `ln E`: the evidence that the rates of two sides differ.
pub(super) fn evidence(one: Tally, other: Tally) -> f64 {
    weighed(ratio(one, other), one, other)
}

/// Returns the log likelihood ratio of two rates against one.
pub(super) fn ratio(one: Tally, other: Tally) -> f64 {
    let both = Tally { accepted: one.accepted + other.accepted, rejected: one.rejected + other.rejected };
    let apart = one.log_likelihood(one.rate()) + other.log_likelihood(other.rate());
    (apart - both.log_likelihood(both.rate())).max(0.0)
}

/// Returns the `ln E` from which something is told where that many versions are compared with one another.
pub(super) fn needed(versions: u32) -> f64 {
    let versions = versions.max(2);
    let pairs = f64::from(versions) * f64::from(versions - 1) / 2.0;
    let in_turn: f64 = (1..versions).map(|came| 1.0 / f64::from(came)).sum();
    (pairs * in_turn / ALPHA).ln()
}

/// Returns what may be said of one side against another one, however often somebody looks, where that many versions are
/// compared with one another.
#[must_use]
pub fn standing(one: Acceptance, other: Acceptance, versions: u32) -> Standing {
    let (one, other) = (Tally::from(one), Tally::from(other));
    if !tells(one, other, needed(versions)) {
        return Standing::Undecided;
    }
    if one.rate() > other.rate() { Standing::Better } else { Standing::Worse }
}

/// Returns about how many more decisions on each of two sides would tell, if their rates stay as they are; `None` where
/// it is told already, no number of at most 10,000 would, or a side has no decision yet.
#[must_use]
pub fn decisions_ahead(one: Acceptance, other: Acceptance, versions: u32) -> Option<u32> {
    if one.decided().min(other.decided()) == 0 {
        return None;
    }
    let (one, other) = (Tally::from(one), Tally::from(other));
    let needed = needed(versions);
    ahead(|more| tells(one.after(more), other.after(more), needed))
}

/// Returns whether two tallies have decisions enough, and evidence enough.
fn tells(one: Tally, other: Tally, needed: f64) -> bool {
    one.decided().min(other.decided()) >= LEAST && evidence(one, other) >= needed
}

/// Returns the least number for which a forecast tells, by halving; `None` where it tells already, or does not within
/// [`MOST_AHEAD`].
pub(super) fn ahead(tells: impl Fn(f64) -> bool) -> Option<u32> {
    if tells(0.0) || !tells(f64::from(MOST_AHEAD)) {
        return None;
    }
    let (mut short, mut enough) = (0, MOST_AHEAD);
    while enough - short > 1 {
        let middle = u32::midpoint(short, enough);
        if tells(f64::from(middle)) {
            enough = middle;
        } else {
            short = middle;
        }
    }
    Some(enough)
}

#[cfg(test)]
mod tests;
