//! Runs of words: how many of them are different, and how many come in other rows too.

use std::array;

use super::word_rows::WordRows;

/// The longest run of words that is counted.
pub(super) const LONGEST: usize = 4;

/// About how many runs are sorted together: more are parted by their first words.
const TOGETHER: usize = if cfg!(test) { 8 } else { 1 << 19 };

/// Stands in the place of a word behind the end of a row.
const END: u32 = u32::MAX;

/// Returns a run of up to [`LONGEST`] words as one number. Runs of different lengths are not told apart.
pub(super) fn run(words: &[u32]) -> u128 {
    words.iter().fold(0, |run, &word| (run << 32) | u128::from(word))
}

/// Returns distinct-n: the share of runs of `n` words that are different, 0 to 1; 0 where there is none.
///
/// Li et al. 2016 (arXiv:1510.03055). Runs do not cross rows; `n` is 1 to 4.
#[must_use]
pub fn distinct_n(rows: &WordRows, n: usize) -> f64 {
    distinct(rows)[n.clamp(1, LONGEST) - 1]
}

/// Returns distinct-n for each n from 1 to 4.
pub(super) fn distinct(rows: &WordRows) -> [f64; LONGEST] {
    let from = |row: &[u32], at: usize| array::from_fn(|word| row.get(at + word).copied().unwrap_or(END));
    let mut different = [0; LONGEST];
    for part in Part::all(rows) {
        // What begins at each word: every run is the beginning of one of these, and equal ones stand side by side.
        let begin = |row| (0..<[u32]>::len(row)).map(move |at| from(row, at));
        let mut runs: Vec<[u32; LONGEST]> = rows.iter().flat_map(begin).filter(|run| part.has(run)).collect();
        runs.sort_unstable();
        for (n, different) in (1..).zip(&mut different) {
            let alike = runs.chunk_by(|a, b| a[..n] == b[..n]);
            *different += alike.filter(|alike| alike[0][n - 1] != END).count();
        }
    }
    array::from_fn(|before| {
        let all = rows.iter().map(|row| row.len().saturating_sub(before)).sum();
        super::share(different[before], all)
    })
}

/// One of several parts of all runs: those with some first words.
#[derive(Debug, Clone, Copy)]
struct Part {
    number: usize,
    of: usize,
}

impl Part {
    /// Returns the parts of all runs of some rows.
    fn all(rows: &WordRows) -> impl Iterator<Item = Self> {
        let of = rows.words().len().div_ceil(TOGETHER);
        (0..of).map(move |number| Self { number, of })
    }

    const fn has(self, run: &[u32; LONGEST]) -> bool {
        run[0] as usize % self.of == self.number
    }
}

/// Returns the sum of distinct-n for n from 1 to 4, 0 to 4 (Shaib et al. 2024, arXiv:2403.00553).
#[must_use]
pub fn ngram_diversity(rows: &WordRows) -> f64 {
    distinct(rows).iter().sum()
}

/// Returns how much rows share runs of four words with one another, from 0 up; 0 where there is no row.
///
/// The mean over rows of ln(1 + Σ (df(g) − 1)), g over the row's runs and df(g) the rows that have g (Salkar et al. 2022).
/// Words are what stands between blanks.
#[must_use]
pub fn self_repetition(rows: &WordRows) -> f64 {
    // For each row, the sum over its runs of the other rows that have it.
    let mut others = vec![0_usize; rows.len()];
    for part in Part::all(rows) {
        let mut runs: Vec<([u32; LONGEST], u32)> = Vec::new();
        for (number, row) in (0..).zip(rows.iter()) {
            let of_row = row.windows(LONGEST).filter_map(<[u32]>::first_chunk).filter(|run| part.has(run));
            runs.extend(of_row.map(|run| (*run, number)));
        }
        runs.sort_unstable();
        for same in runs.chunk_by(|a, b| a.0 == b.0) {
            let having = same.chunk_by(|a, b| a.1 == b.1).count();
            same.iter().for_each(|(_, row)| others[*row as usize] += having - 1);
        }
    }
    let sum: f64 = others.iter().map(|&others| super::float(others).ln_1p()).sum();
    if rows.is_empty() { 0.0 } else { sum / super::float(rows.len()) }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the figures are exact")]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::measure::word_rows::{Cut, WordNumbers};
    use crate::text::SplitMix64;

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
    fn runs_in_parts_are_those_that_sets_of_all_runs_count() {
        let mut random = SplitMix64::new(8);
        for words in [1, 2, 4, 30] {
            let mut text = || {
                let length = random.below(9);
                (0..length).map(|_| random.below(words).to_string()).collect::<Vec<_>>().join(" ")
            };
            let texts: Vec<String> = (0..40).map(|_| text()).collect();
            let rows = rows(&texts.iter().map(String::as_str).collect::<Vec<_>>());

            for n in 1..=LONGEST {
                let all: Vec<&[u32]> = rows.iter().flat_map(|row| row.windows(n)).collect();
                let different = all.iter().collect::<HashSet<_>>().len();
                assert_eq!(
                    distinct_n(&rows, n),
                    crate::measure::share(different, all.len()),
                    "{n} of {texts:?}"
                );
            }

            let runs: Vec<HashSet<&[u32]>> = rows.iter().map(|row| row.windows(LONGEST).collect()).collect();
            let others = |row: &[u32]| -> usize {
                let having = |run: &[u32]| runs.iter().filter(|runs| runs.contains(run)).count() - 1;
                row.windows(LONGEST).map(having).sum()
            };
            let sum: f64 = rows.iter().map(|row| crate::measure::float(others(row)).ln_1p()).sum();
            assert_eq!(self_repetition(&rows), sum / 40.0);
        }
    }

    #[test]
    fn what_one_row_says_twice_is_no_repetition_between_rows() {
        assert_eq!(self_repetition(&rows(&["a b c d a b c d", "e f g h"])), 0.0);
        let thrice = self_repetition(&rows(&["a b c d", "a b c d", "a b c d"]));
        assert!((thrice - 3_f64.ln()).abs() < 1e-12, "{thrice}");
        assert_eq!(self_repetition(&rows(&[])), 0.0);
    }
}
