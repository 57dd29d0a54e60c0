//! The rule of a split by seed: how many rows of a label become test rows or stay known, and which ones first.

use crate::domain::Scarce;
use crate::text::{SplitMix64, TextHash};

use super::error::DatasetError;

/// How rows are split that neither a split column nor the memory decides.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitRule {
    test_fraction: f64,
    seed: u64,
    scarce: Option<Scarce>,
}

impl SplitRule {
    /// Splits off a share of each label's rows.
    ///
    /// # Errors
    ///
    /// [`DatasetError::TestFraction`] where the share is not from 0 up to, but not including, 1.
    pub fn new(test_fraction: f64, seed: u64) -> Result<Self, DatasetError> {
        if (0.0..1.0).contains(&test_fraction) {
            Ok(Self { test_fraction, seed, scarce: None })
        } else {
            Err(DatasetError::TestFraction { value: test_fraction })
        }
    }

    /// Holds back all train rows of a label but so many.
    #[must_use]
    pub fn with_scarce(self, scarce: Option<Scarce>) -> Self {
        Self { scarce, ..self }
    }

    /// Returns the label whose rows are held back, and how many of them are known.
    pub(super) const fn scarce(&self) -> Option<&Scarce> {
        self.scarce.as_ref()
    }

    /// Returns how many of a label's rows should be test rows: halves round up, and at least
    /// one train row is left.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rows are below 2^32, and the product lies between 0 and the rows"
    )]
    pub(super) fn test_rows(&self, rows: usize) -> usize {
        // In floating point, 0.29 · 50 is slightly below 14.5, and should still round up.
        let share = self.test_fraction * rows as f64 + 1e-9;
        (share.round() as usize).min(rows.saturating_sub(1))
    }

    /// Returns the key by which rows are sorted; the lowest become test rows first.
    pub(super) fn rank(&self, hash: TextHash) -> u64 {
        SplitMix64::new(self.seed ^ hash.0).next_u64()
    }

    /// Returns the key by which texts are sorted; the lowest are known first. It is drawn apart from
    /// [`rank`](Self::rank), so that the share of test rows does not decide which rows are known.
    pub(super) fn rank_of_known(&self, hash: TextHash) -> u64 {
        SplitMix64::new(self.seed ^ hash.0).fork(1).next_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(test_fraction: f64, seed: u64) -> SplitRule {
        SplitRule::new(test_fraction, seed).unwrap()
    }

    #[test]
    fn a_half_rounds_up_as_it_was_written_and_one_row_is_left_to_train() {
        assert_eq!(rule(0.29, 0).test_rows(50), 15);
        assert_eq!(rule(0.5, 0).test_rows(3), 2);
        assert_eq!(rule(0.9, 0).test_rows(2), 1);
        assert_eq!([rule(0.9, 0).test_rows(1), rule(0.9, 0).test_rows(0), rule(0.0, 0).test_rows(9)], [0; 3]);
    }

    #[test]
    fn a_fraction_that_is_no_share_is_refused() {
        for value in [1.0, -0.1, f64::NAN] {
            let sentence = SplitRule::new(value, 1).unwrap_err().to_string();

            assert_eq!(
                sentence,
                format!(
                    "The test fraction is {value}. Set it to a number from 0 up to, but not including, 1."
                )
            );
        }
    }
}
