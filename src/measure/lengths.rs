//! How long texts are, and whether two sets of texts are as long.

use super::percentile::percentile;
use crate::domain::LengthFigures;

/// The most cells of the table by which an exact p is found.
const MOST_CELLS: usize = 4_000_000;

/// Returns the figures of lengths; `None` where there is none.
///
/// The standard deviation divides by n − 1 and is 0 for one length. Percentiles lie between two lengths in proportion
/// (type 7 of Hyndman and Fan 1996).
#[must_use]
pub fn length_figures(lengths: &[usize]) -> Option<LengthFigures> {
    let mut sorted: Vec<f64> = lengths.iter().map(|&length| super::float(length)).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (first, n) = (*sorted.first()?, super::float(sorted.len()));
    let mean = sorted.iter().sum::<f64>() / n;
    let squares: f64 = sorted.iter().map(|length| (length - mean).powi(2)).sum();
    let sd = if sorted.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 };
    let percentile = |p| percentile(&sorted, p).unwrap_or(first);
    Some(LengthFigures { mean, median: percentile(0.5), sd, p05: percentile(0.05), p95: percentile(0.95) })
}

/// The test of Kolmogorov and Smirnov: whether two samples may come from one distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KolmogorovSmirnov {
    /// The greatest distance of the two cumulative distributions, 0 to 1.
    pub statistic: f64,
    /// The two-sided p value.
    pub p: f64,
}

/// Compares two samples; `None` where one is empty.
///
/// p is exact (Hodges 1957) up to 4 million pairs of values, and of the limiting distribution above. Ties make it larger
/// than it is.
#[must_use]
pub fn kolmogorov_smirnov(a: &[usize], b: &[usize]) -> Option<KolmogorovSmirnov> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (mut a, mut b) = (a.to_vec(), b.to_vec());
    a.sort_unstable();
    b.sort_unstable();
    // The distance, times both numbers of values: whole numbers compare exactly.
    let mut most = 0;
    for value in a.iter().chain(&b) {
        let up_to = |values: &[usize]| values.partition_point(|other| other <= value);
        most = most.max((up_to(&a) * b.len()).abs_diff(up_to(&b) * a.len()));
    }
    let cells = a.len() * b.len();
    let statistic = super::float(most) / super::float(cells);
    let p = if cells <= MOST_CELLS {
        exact_p(a.len(), b.len(), most)
    } else {
        limiting_p(a.len(), b.len(), statistic)
    };
    Some(KolmogorovSmirnov { statistic, p })
}

/// Returns the share of the paths from (0, 0) to (`n`, `m`) that somewhere are as far from the diagonal as `most`.
fn exact_p(n: usize, m: usize, most: usize) -> f64 {
    let stays = |i: usize, j: usize| (i * m).abs_diff(j * n) < most;
    // For each j, the share of the paths to (i, j) that stay nearer all the way.
    let mut inside = vec![0.0; m + 1];
    for i in 0..=n {
        for j in 0..=m {
            inside[j] = if !stays(i, j) {
                0.0
            } else if i + j == 0 {
                1.0
            } else {
                let before = if j == 0 { 0.0 } else { inside[j - 1] * super::float(j) };
                let below = if i == 0 { 0.0 } else { inside[j] * super::float(i) };
                (before + below) / super::float(i + j)
            };
        }
    }
    (1.0 - inside.last().copied().unwrap_or_default()).clamp(0.0, 1.0)
}

/// Returns p by the limiting distribution (Kolmogorov 1933): 2 Σ (−1)^(k−1) exp(−2 k² x²), x² = D² n m / (n + m).
fn limiting_p(n: usize, m: usize, statistic: f64) -> f64 {
    let (n, m) = (super::float(n), super::float(m));
    let square = statistic * statistic * n * m / (n + m);
    // Below this the sum converges slowly, and is 1 to the eighth digit.
    if square < 0.04 {
        return 1.0;
    }
    let term =
        |k: u32| (-2.0 * f64::from(k * k) * square).exp() * if k.is_multiple_of(2) { -1.0 } else { 1.0 };
    (2.0 * (1..=100).map(term).sum::<f64>()).clamp(0.0, 1.0)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the figures are exact")]
mod tests {
    use super::*;

    #[test]
    fn one_length_spreads_nowhere_and_none_has_no_figures() {
        let one = length_figures(&[7]).unwrap();
        assert_eq!([one.mean, one.median, one.sd, one.p05, one.p95], [7.0, 7.0, 0.0, 7.0, 7.0]);
        assert_eq!(length_figures(&[]), None);
    }

    #[test]
    fn equal_samples_are_no_distance_apart_and_separate_ones_are_one() {
        let same = kolmogorov_smirnov(&[1, 2, 2, 3], &[3, 2, 1, 2]).unwrap();
        assert_eq!((same.statistic, same.p), (0.0, 1.0));
        let apart = kolmogorov_smirnov(&[1, 2, 3], &[4, 5, 6]).unwrap();
        assert!((apart.statistic - 1.0).abs() < 1e-12 && (apart.p - 0.1).abs() < 1e-12, "{apart:?}");
        assert_eq!(kolmogorov_smirnov(&[], &[1]), None);
    }

    #[test]
    fn the_limit_is_near_the_exact_value_for_large_samples() {
        let (exact, limit) = (exact_p(1000, 1000, 60_000), limiting_p(1000, 1000, 0.06));
        assert!((exact - limit).abs() < 0.005, "{exact} {limit}");
    }
}
