//! The score from which on a row counts as the target's.

use super::{Ranking, real};

/// A threshold with the F1 that it has on the rows it was tuned on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// A row counts as the target's at or above it.
    pub at: f64,
    /// F1 of the target, 0 to 1.
    pub f1: f64,
}

impl Threshold {
    /// Returns the threshold of the best F1, of equally good ones the highest; `None` without a row of the target.
    #[must_use]
    pub fn tuned(is_target: &[bool], scores: &[f64]) -> Option<Self> {
        let targets = is_target.iter().filter(|is_target| **is_target).count() as u64;
        // F1 = 2 right / (predicted + targets), compared as a fraction so that equal ones are equal.
        let (mut best, mut best_at) = ((0_u64, 1_u64), None);
        for (predicted, right, at) in Ranking::of(is_target, scores).thresholds(scores) {
            let found = (2 * right, predicted + targets);
            if u128::from(found.0) * u128::from(best.1) > u128::from(best.0) * u128::from(found.1) {
                (best, best_at) = (found, Some(at));
            }
        }
        best_at.map(|at| Self { at, f1: real(best.0) / real(best.1) })
    }

    /// Returns whether each row counts as the target's.
    #[must_use]
    pub fn apply(self, scores: &[f64]) -> Vec<bool> {
        scores.iter().map(|&score| score >= self.at).collect()
    }

    /// Returns the F1 of the target on other rows; 0 where no row is the target's and none counts as it.
    #[must_use]
    pub fn f1_on(self, is_target: &[bool], scores: &[f64]) -> f64 {
        let (mut right, mut sum) = (0_u64, 0_u64);
        for (&is_target, predicted) in is_target.iter().zip(self.apply(scores)) {
            right += u64::from(is_target && predicted);
            sum += u64::from(is_target) + u64::from(predicted);
        }
        if sum == 0 { 0.0 } else { real(2 * right) / real(sum) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_threshold_of_the_best_f1_is_taken() {
        let is_target = [true, false, true, false, false, true];
        let scores = [0.9, 0.8, 0.7, 0.3, 0.2, 0.1];

        let threshold = Threshold::tuned(&is_target, &scores).unwrap();

        // 2/3 both with three rows and with all six.
        assert_eq!(threshold, Threshold { at: 0.7, f1: 4.0 / 6.0 });
        assert!((threshold.f1_on(&is_target, &scores) - threshold.f1).abs() < 1e-15);
        assert_eq!(Threshold::tuned(&[false, false], &[0.4, 0.6]), None);
    }

    #[test]
    fn equal_scores_stand_or_fall_together() {
        let threshold = Threshold::tuned(&[true, false, false], &[0.5, 0.5, 0.1]).unwrap();

        assert_eq!(threshold.apply(&[0.5, 0.49]), [true, false]);
        assert!((threshold.f1 - 2.0 / 3.0).abs() < 1e-15);
    }
}
