//! Differences over seeds, each of another training set.

use crate::domain::{Interval, Spread};

use super::real;
use super::special::{beta_quantile, incomplete_beta};

/// Returns the mean and the standard deviation (n − 1; 0 of one number) of figures; zeros of none.
#[must_use]
pub fn spread(figures: &[f64]) -> Spread {
    let count = real(figures.len() as u64);
    if figures.is_empty() {
        return Spread::default();
    }
    let mean = figures.iter().sum::<f64>() / count;
    let squares: f64 = figures.iter().map(|figure| (figure - mean).powi(2)).sum();
    Spread { mean, sd: if figures.len() < 2 { 0.0 } else { (squares / (count - 1.0)).sqrt() } }
}

/// The mean of paired differences with Student's t.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedT {
    /// The mean difference.
    pub mean: f64,
    /// The 95 % interval of the mean.
    pub interval: Interval,
    /// The p value, two-sided, of a mean of 0.
    pub p: f64,
}

impl PairedT {
    /// Returns it of independent differences; `None` of fewer than two, and of equal ones.
    #[must_use]
    pub fn of(differences: &[f64]) -> Option<Self> {
        let Spread { mean, sd } = spread(differences);
        if differences.len() < 2 || sd <= 0.0 {
            return None;
        }
        let freedom = real(differences.len() as u64) - 1.0;
        let error = sd / (freedom + 1.0).sqrt();
        // P(|T| > t) = I_x(freedom / 2, 1 / 2) at x = freedom / (freedom + t²).
        let x = beta_quantile(0.05, freedom / 2.0, 0.5);
        let half = (freedom * (1.0 - x) / x).sqrt() * error;
        let t = mean / error;
        let p = incomplete_beta(freedom / (freedom + t * t), freedom / 2.0, 0.5);
        Some(Self { mean, interval: Interval { low: mean - half, high: mean + half }, p })
    }
}

/// Wilcoxon's signed-rank test (1945).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignedRanks {
    /// The smaller of the sums of ranks of the positive and of the negative differences.
    pub statistic: f64,
    /// The exact p value, two-sided.
    pub p: f64,
}

impl SignedRanks {
    /// Returns it of differences; those of 0 are left out, and equal ones share their ranks.
    ///
    /// The p value counts all ways to give the ranks signs, which takes time in proportion to the cube of the
    /// differences: it is meant for some dozens.
    #[must_use]
    pub fn of(differences: &[f64]) -> Self {
        let mut sorted: Vec<f64> =
            differences.iter().copied().filter(|difference| *difference != 0.0).collect();
        sorted.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
        // Ranks are doubled, so that shared ones are whole.
        let mut ranks: Vec<usize> = vec![];
        #[expect(clippy::float_cmp, reason = "equal numbers share a rank")]
        for tie in sorted.chunk_by(|a, b| a.abs() == b.abs()) {
            let rank = 2 * ranks.len() + tie.len() + 1;
            ranks.extend(std::iter::repeat_n(rank, tie.len()));
        }
        let all: usize = ranks.iter().sum();
        let positive: usize =
            sorted.iter().zip(&ranks).filter(|(d, _)| **d > 0.0).map(|(_, rank)| rank).sum();
        let smaller = positive.min(all - positive);
        // The share of the ways to choose signs that give each sum.
        let mut shares = vec![0.0; all + 1];
        if let Some(first) = shares.first_mut() {
            *first = 1.0;
        }
        for &rank in &ranks {
            for sum in (0..=all).rev() {
                let with = if sum >= rank { shares.get(sum - rank).copied().unwrap_or(0.0) } else { 0.0 };
                if let Some(share) = shares.get_mut(sum) {
                    *share = 0.5 * (*share + with);
                }
            }
        }
        let tail: f64 = shares.iter().take(smaller + 1).sum();
        Self { statistic: real(smaller as u64) / 2.0, p: (2.0 * tail).min(1.0) }
    }
}

/// Returns p values of several tests, raised so that the chance of one false finding among them stays below any bound
/// that they are held to (Holm 1979).
#[must_use]
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    let p = |&test: &usize| p_values.get(test).copied().unwrap_or(1.0);
    order.sort_by(|a, b| p(a).total_cmp(&p(b)));
    let mut raised = vec![1.0; p_values.len()];
    let mut least = 0.0_f64;
    for (test, left) in order.iter().zip((1..=p_values.len() as u64).rev()) {
        least = least.max((real(left) * p(test)).min(1.0));
        if let Some(raised) = raised.get_mut(*test) {
            *raised = least;
        }
    }
    raised
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_difference_has_no_interval() {
        assert_eq!(PairedT::of(&[0.3]), None);
        assert_eq!(PairedT::of(&[0.3, 0.3]), None);
        assert_eq!(spread(&[0.3]), Spread { mean: 0.3, sd: 0.0 });
        assert_eq!(spread(&[]), Spread::default());
    }

    #[test]
    fn ranks_without_a_sign_prove_nothing() {
        assert_eq!(SignedRanks::of(&[0.0, 0.0]), SignedRanks { statistic: 0.0, p: 1.0 });
        assert_eq!(SignedRanks::of(&[1.0, -1.0]), SignedRanks { statistic: 1.5, p: 1.0 });
        assert_eq!(SignedRanks::of(&[1.0, 2.0, 3.0]), SignedRanks { statistic: 0.0, p: 0.25 });
    }
}
