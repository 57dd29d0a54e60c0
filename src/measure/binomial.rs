//! The exact test of two counts that should be equal.

use super::real;
use super::special::ln_beta;

/// Returns min(1, 2 · P(at most the smaller of the counts)) for that many throws of a fair coin; 1 without any.
///
/// This is McNemar's exact test (1947) of two classifiers, where each count is the rows that only one gets right, and
/// the two-sided sign test of votes.
pub(super) fn two_sided_half(first: u64, second: u64) -> f64 {
    let all = real(first.saturating_add(second));
    let mut sum = 0.0;
    for hits in 0..=first.min(second) {
        let hits = real(hits);
        // ln (all choose hits) = −ln((all + 1) B(hits + 1, all − hits + 1)).
        let ways = -(all + 1.0).ln() - ln_beta(hits + 1.0, all - hits + 1.0);
        sum += (ways - all * std::f64::consts::LN_2).exp();
    }
    (2.0 * sum).min(1.0)
}

/// Returns the p value of McNemar's exact test: rows that only the first classifier gets right, and only the second.
#[must_use]
pub fn mcnemar(only_first: u64, only_second: u64) -> f64 {
    two_sided_half(only_first, only_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_counts_prove_nothing_and_uneven_ones_do() {
        assert_eq!((mcnemar(0, 0), mcnemar(4, 4), mcnemar(1, 0)), (1.0, 1.0, 1.0));
        assert!((mcnemar(0, 6) - 2.0 / 64.0).abs() < 1e-12);
        assert!((mcnemar(0, 6) - mcnemar(6, 0)).abs() < 1e-15);
        assert!(mcnemar(400, 600) < 1e-9);
    }
}
