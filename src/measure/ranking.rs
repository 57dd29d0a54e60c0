//! How well scores put the target's rows before the others, at every threshold at once.

use super::real;

/// Rows in the order of their scores, highest first, with equal scores together.
///
/// It is sorted once and then asked for many samples of the rows.
#[derive(Debug, Clone)]
pub struct Ranking {
    /// Each row, whether it is the target's, and whether the next one has a lower score.
    rows: Vec<Ranked>,
}

#[derive(Debug, Clone, Copy)]
struct Ranked {
    row: usize,
    is_target: bool,
    ends_tie: bool,
}

impl Ranking {
    /// Ranks rows by their score for the target.
    #[must_use]
    pub fn of(is_target: &[bool], scores: &[f64]) -> Self {
        let mut order: Vec<(usize, bool, f64)> = is_target
            .iter()
            .zip(scores)
            .enumerate()
            .map(|(row, (target, score))| (row, *target, *score))
            .collect();
        order.sort_by(|(a_row, _, a), (b_row, _, b)| b.total_cmp(a).then(a_row.cmp(b_row)));
        let next = order.iter().skip(1).map(|(_, _, score)| Some(*score)).chain([None]);
        // Numbers that compare as equal are a tie, so 0 and −0 are one.
        let rows = order.iter().zip(next).map(|(&(row, is_target, score), next)| Ranked {
            row,
            is_target,
            ends_tie: next != Some(score),
        });
        Self { rows: rows.collect() }
    }

    /// Returns the average precision, 0 to 1: Σ (Rₙ − Rₙ₋₁) Pₙ over all thresholds, equal scores being one; 0 without
    /// a row of the target.
    ///
    /// It is the area under the curve of precision over recall, without drawing lines between its points.
    #[must_use]
    pub fn average_precision(&self) -> f64 {
        self.average_precision_by(|_| 1)
    }

    /// Returns the average precision of a sample in which each row occurs as often as `counts` says.
    #[must_use]
    pub fn average_precision_of(&self, counts: &[u32]) -> f64 {
        self.average_precision_by(|row| counts.get(row).copied().unwrap_or(0))
    }

    fn average_precision_by(&self, count: impl Fn(usize) -> u32) -> f64 {
        let (mut found, mut seen, mut counted, mut sum) = (0_u64, 0_u64, 0_u64, 0.0);
        for ranked in &self.rows {
            let count = u64::from(count(ranked.row));
            seen += count;
            found += if ranked.is_target { count } else { 0 };
            if ranked.ends_tie && found > counted {
                sum += real(found - counted) * real(found) / real(seen);
                counted = found;
            }
        }
        if found == 0 { 0.0 } else { sum / real(found) }
    }

    /// Returns, for each threshold from the highest down, the rows at or above it, those of the target among them, and
    /// the threshold.
    pub(super) fn thresholds(&self, scores: &[f64]) -> impl Iterator<Item = (u64, u64, f64)> {
        let (mut predicted, mut right) = (0, 0);
        self.rows.iter().filter_map(move |ranked| {
            predicted += 1;
            right += u64::from(ranked.is_target);
            ranked.ends_tie.then_some((predicted, right, *scores.get(ranked.row)?))
        })
    }

    /// Returns the area under the ROC curve, 0 to 1: how often a row of the target scores higher than another row,
    /// equal scores counting half; .5 where one of both sorts is missing.
    #[must_use]
    pub fn roc_auc(&self) -> f64 {
        let targets = self.rows.iter().filter(|ranked| ranked.is_target).count() as u64;
        let others = self.rows.len() as u64 - targets;
        if targets == 0 || others == 0 {
            return 0.5;
        }
        let (mut before, mut tied, mut tied_others, mut wins) = (0, 0, 0, 0.0);
        for ranked in &self.rows {
            if ranked.is_target {
                tied += 1;
            } else {
                tied_others += 1;
            }
            if ranked.ends_tie {
                let after = others - before - tied_others;
                wins += real(tied) * (real(after) + 0.5 * real(tied_others));
                before += tied_others;
                (tied, tied_others) = (0, 0);
            }
        }
        wins / (real(targets) * real(others))
    }
}

/// Returns the Brier score, 0 to 1: the mean squared error of the target's probability; 0 of no rows.
#[must_use]
pub fn brier(is_target: &[bool], probabilities: &[f64]) -> f64 {
    let errors = is_target
        .iter()
        .zip(probabilities)
        .map(|(&is_target, p)| (p - f64::from(u8::from(is_target))).powi(2));
    if is_target.is_empty() { 0.0 } else { errors.sum::<f64>() / real(is_target.len() as u64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "the areas are exact")]
    fn a_perfect_order_is_one_and_equal_scores_say_nothing() {
        let is_target = [true, false, true, false];
        let perfect = Ranking::of(&is_target, &[0.9, 0.1, 0.8, 0.2]);
        let equal = Ranking::of(&is_target, &[0.5; 4]);

        assert_eq!((perfect.average_precision(), perfect.roc_auc()), (1.0, 1.0));
        assert_eq!((equal.average_precision(), equal.roc_auc()), (0.5, 0.5));
        assert_eq!(Ranking::of(&[false], &[0.3]).average_precision(), 0.0);
        assert_eq!(Ranking::of(&[], &[]).roc_auc(), 0.5);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "the same sums in the same order")]
    fn a_sample_is_as_its_rows_written_out() {
        let (is_target, scores) = ([true, false, true, false], [0.7, 0.7, 0.2, 0.4]);
        let counts = [2, 1, 0, 3];
        let written: Vec<usize> = vec![0, 0, 1, 3, 3, 3];
        let of = |rows: &[usize]| {
            let is_target: Vec<bool> = rows.iter().map(|&row| is_target[row]).collect();
            let scores: Vec<f64> = rows.iter().map(|&row| scores[row]).collect();
            Ranking::of(&is_target, &scores).average_precision()
        };

        assert_eq!(Ranking::of(&is_target, &scores).average_precision_of(&counts), of(&written));
    }
}
