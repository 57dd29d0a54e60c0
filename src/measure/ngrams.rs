//! Runs of words: how many of them are different, and how many come in other rows too.

use super::word_rows::WordRows;

/// The longest run of words that is counted.
pub(super) const LONGEST: usize = 4;

/// Returns a run of up to [`LONGEST`] words as one number. Runs of different lengths are not told apart.
pub(super) fn run(words: &[u32]) -> u128 {
    words.iter().fold(0, |run, &word| (run << 32) | u128::from(word))
}

/// Returns distinct-n: the share of runs of `n` words that are different, 0 to 1; 0 where there is none.
///
/// Li et al. 2016 (arXiv:1510.03055). Runs do not cross rows; `n` is 1 to 4.
#[must_use]
pub fn distinct_n(rows: &WordRows, n: usize) -> f64 {
    let n = n.clamp(1, LONGEST);
    let mut runs: Vec<u128> = rows.iter().flat_map(|row| row.windows(n).map(run)).collect();
    let all = runs.len();
    runs.sort_unstable();
    runs.dedup();
    super::share(runs.len(), all)
}

/// Returns the sum of distinct-n for n from 1 to 4, 0 to 4 (Shaib et al. 2024, arXiv:2403.00553).
#[must_use]
pub fn ngram_diversity(rows: &WordRows) -> f64 {
    (1..=LONGEST).map(|n| distinct_n(rows, n)).sum()
}

/// Returns how much rows share runs of four words with one another, from 0 up; 0 where there is no row.
///
/// The mean over rows of ln(1 + Σ (df(g) − 1)), g over the row's runs and df(g) the rows that have g (Salkar et al. 2022).
/// Words are what stands between blanks.
#[must_use]
pub fn self_repetition(rows: &WordRows) -> f64 {
    let runs_of = |row: usize| rows.row(row).windows(LONGEST).map(run);
    let mut runs: Vec<(u128, usize)> =
        (0..rows.len()).flat_map(|row| runs_of(row).map(move |run| (run, row))).collect();
    runs.sort_unstable();
    // For each row, the sum over its runs of the other rows that have it.
    let mut others = vec![0_usize; rows.len()];
    for same in runs.chunk_by(|a, b| a.0 == b.0) {
        let having = same.chunk_by(|a, b| a.1 == b.1).count();
        same.iter().for_each(|(_, row)| others[*row] += having - 1);
    }
    let sum: f64 = others.iter().map(|&others| super::float(others).ln_1p()).sum();
    if rows.is_empty() { 0.0 } else { sum / super::float(rows.len()) }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the figures are exact")]
mod tests {
    use super::*;
    use crate::measure::word_rows::{Cut, WordNumbers};

    fn rows(texts: &[&str]) -> WordRows {
        WordNumbers::default().rows(texts.iter().copied(), Cut::Words)
    }

    #[test]
    fn runs_do_not_cross_rows() {
        assert_eq!(distinct_n(&rows(&["a b", "b a"]), 2), 1.0);
        assert_eq!(distinct_n(&rows(&["a b", "a b"]), 2), 0.5);
        assert_eq!(distinct_n(&rows(&["a", "b"]), 2), 0.0, "there is none");
    }

    #[test]
    fn what_one_row_says_twice_is_no_repetition_between_rows() {
        assert_eq!(self_repetition(&rows(&["a b c d a b c d", "e f g h"])), 0.0);
        let thrice = self_repetition(&rows(&["a b c d", "a b c d", "a b c d"]));
        assert!((thrice - 3_f64.ln()).abs() < 1e-12, "{thrice}");
        assert_eq!(self_repetition(&rows(&[])), 0.0);
    }
}
