//! How far a figure would move if the test rows had been others: the bootstrap (Efron and Tibshirani 1993).

use crate::text::SplitMix64;

/// How often the rows are drawn anew.
pub const REPLICATES: usize = 1_000;

/// The seed of the draws, so that equal rows have equal intervals.
pub(super) const SEED: u64 = 42;

/// Draws as many of the rows as there are, with replacement, again and again, and returns the figure of each sample.
///
/// The figure is handed how often each row was drawn, so that two classifiers are compared on the same sample.
pub fn bootstrap(rows: usize, mut figure: impl FnMut(&[u32]) -> f64) -> Vec<f64> {
    let mut random = SplitMix64::new(SEED);
    let mut counts = vec![0; rows];
    let mut replicate = || {
        draw(&mut random, &mut counts);
        figure(&counts)
    };
    (0..REPLICATES).map(|_| replicate()).collect()
}

/// Draws as many things as there are, with replacement, and counts how often each came.
pub(super) fn draw(random: &mut SplitMix64, counts: &mut [u32]) {
    counts.fill(0);
    for _ in 0..counts.len() {
        let drawn = random.below(counts.len());
        if let Some(count) = counts.get_mut(drawn) {
            *count += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_as_large_as_the_rows_and_samples_differ() {
        let mut sizes = vec![];
        let firsts = bootstrap(20, |counts| {
            sizes.push(counts.iter().sum::<u32>());
            f64::from(counts[0])
        });

        assert!(sizes.len() == REPLICATES && sizes.iter().all(|&size| size == 20));
        let mean = firsts.iter().sum::<f64>() / 1_000.0;
        assert!((mean - 1.0).abs() < 0.1, "{mean}");
        assert_eq!(firsts, bootstrap(20, |counts| f64::from(counts[0])));
    }
}
