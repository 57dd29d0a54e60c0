//! Whether one version's rows are accepted more often than another's.

use crate::domain::Interval;

use super::Acceptance;
use super::binomial::two_sided_half;
use super::special::{beta_quantile, ln_beta};

/// By what terms are divided that grow too large.
const SCALE: f64 = 1e200;

/// The accepted share of a version as a Beta(1 + accepted, 1 + rejected) distribution: what decisions say of it where
/// every share was equally likely before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Posterior {
    accepted: f64,
    rejected: f64,
}

impl Posterior {
    /// Returns what decisions say.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "nobody decides 2^53 rows")]
    pub fn of(acceptance: Acceptance) -> Self {
        Self { accepted: 1.0 + acceptance.accepted as f64, rejected: 1.0 + acceptance.rejected as f64 }
    }

    /// Returns the mean.
    #[must_use]
    pub fn mean(self) -> f64 {
        self.accepted / (self.accepted + self.rejected)
    }

    /// Returns the interval that leaves 2.5 % out at either side.
    #[must_use]
    pub fn interval(self) -> Interval {
        let at = |share| beta_quantile(share, self.accepted, self.rejected);
        Interval { low: at(0.025), high: at(0.975) }
    }

    /// Returns the probability that this share is higher than another (Miller 2015).
    ///
    /// With αB = 1 + accepted of this one: Σ of i from 0 to αB − 1 of
    /// B(αA + i, βA + βB) / ((βB + i) B(1 + i, βB) B(αA, βA)). Each term is the one before it times
    /// (αA + i)(βB + i) / ((αA + βA + βB + i)(1 + i)), so one logarithm is enough.
    #[must_use]
    pub fn beats(self, other: Self) -> f64 {
        let rejected = other.rejected + self.rejected;
        let mut log = ln_beta(other.accepted, rejected) - ln_beta(other.accepted, other.rejected);
        let (mut term, mut sum, mut i) = (1.0, 0.0, 0.0);
        while i < self.accepted {
            sum += term;
            term *=
                (other.accepted + i) * (self.rejected + i) / ((other.accepted + rejected + i) * (1.0 + i));
            i += 1.0;
            // Of thousands of decisions the terms differ by more than a number can hold.
            if term > SCALE {
                (term, sum) = (term / SCALE, sum / SCALE);
                log += SCALE.ln();
            }
        }
        (log + sum.ln()).exp().clamp(0.0, 1.0)
    }
}

/// Returns the p value of the two-sided sign test: of votes for either side, how likely are they at least this uneven
/// where both sides are equally good.
#[must_use]
pub fn sign_test(first: u64, second: u64) -> f64 {
    two_sided_half(first, second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_two_is_better_and_equals_are_even() {
        let few = Posterior::of(Acceptance::new(7, 3));
        let more = Posterior::of(Acceptance::new(9, 1));

        assert!((more.beats(few) + few.beats(more) - 1.0).abs() < 1e-12);
        assert!((few.beats(few) - 0.5).abs() < 1e-12);
        assert!((more.beats(few) - 0.845).abs() < 5e-4);
        let many = |accepted| Posterior::of(Acceptance::new(accepted, 20_000 - accepted));
        assert!((many(10_000).beats(many(10_000)) - 0.5).abs() < 1e-6);
        assert!(many(10_300).beats(many(10_000)) > 0.998 && many(12_000).beats(many(8_000)) > 1.0 - 1e-9);
        let none = Posterior::of(Acceptance::default());
        assert!((none.interval().low - 0.025).abs() < 1e-12 && (none.mean() - 0.5).abs() < 1e-15);
    }
}
