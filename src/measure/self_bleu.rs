//! Self-BLEU: how much each row is made of runs of words of the others.

use std::collections::HashMap;

use super::ngrams::run;
use super::word_rows::WordRows;

/// How often a run of words comes in the row that has it most often, and in the one after it.
#[derive(Default)]
struct Most {
    first: usize,
    row: usize,
    second: usize,
}

/// Returns for each row its BLEU with all other rows as references, 0 to 1; nothing for fewer than two rows.
///
/// Zhu et al. 2018 (arXiv:1802.01886): runs of 1 to `n` words with equal weights, clipped counts, the brevity penalty of
/// the reference of the closest length (of two the shorter), and the first smoothing of Chen and Cherry 2014: a run length
/// without any match counts 0.1. A row without a word of the others has 0. `n` is 1 to 4.
#[must_use]
pub fn self_bleu(rows: &WordRows, n: usize) -> Vec<f64> {
    if rows.len() < 2 {
        return Vec::new();
    }
    let counts: Vec<Vec<HashMap<u128, usize>>> =
        (1..=n).map(|n| rows.iter().map(|row| counts_of(row, n)).collect()).collect();
    let most: Vec<HashMap<u128, Most>> = counts.iter().map(|of_rows| most_of(of_rows)).collect();
    let mut lengths: Vec<usize> = rows.iter().map(<[u32]>::len).collect();
    lengths.sort_unstable();
    let bleu = |row: usize| {
        let mut logs = 0.0;
        for (n, (counts, most)) in counts.iter().zip(&most).enumerate() {
            let clipped = |(run, count): (&u128, &usize)| {
                most.get(run)
                    .map_or(0, |most| (*count).min(if most.row == row { most.second } else { most.first }))
            };
            let matched: usize = counts[row].iter().map(clipped).sum();
            if n == 0 && matched == 0 {
                return 0.0;
            }
            let all = super::float(rows.row(row).len().saturating_sub(n).max(1));
            logs += (if matched == 0 { 0.1 } else { super::float(matched) } / all).ln();
        }
        (logs / super::float(n.max(1))).exp() * brevity(rows.row(row).len(), &lengths)
    };
    (0..rows.len()).map(bleu).collect()
}

fn counts_of(row: &[u32], n: usize) -> HashMap<u128, usize> {
    let mut counts = HashMap::new();
    row.windows(n).for_each(|words| *counts.entry(run(words)).or_default() += 1);
    counts
}

fn most_of(rows: &[HashMap<u128, usize>]) -> HashMap<u128, Most> {
    let mut most: HashMap<u128, Most> = HashMap::new();
    for (row, counts) in rows.iter().enumerate() {
        for (&run, &count) in counts {
            let most = most.entry(run).or_default();
            if count > most.first {
                *most = Most { first: count, row, second: most.first };
            } else {
                most.second = most.second.max(count);
            }
        }
    }
    most
}

/// Returns the factor for a row that is shorter than the closest of the others. `lengths` are those of all rows, ascending.
fn brevity(length: usize, lengths: &[usize]) -> f64 {
    let own = lengths.partition_point(|&other| other < length);
    let below = own.checked_sub(1).and_then(|at| lengths.get(at));
    // At `own` stands the row itself, or one that is as long.
    let above = lengths.get(own + 1);
    let closest = match (below, above) {
        (Some(&below), Some(&above)) => {
            if length - below <= above - length {
                below
            } else {
                above
            }
        }
        (Some(&closest), None) | (None, Some(&closest)) => closest,
        (None, None) => length,
    };
    if length >= closest {
        return 1.0;
    }
    if length == 0 { 0.0 } else { (1.0 - super::float(closest) / super::float(length)).exp() }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the figures are exact")]
mod tests {
    use super::*;
    use crate::measure::word_rows::{Cut, WordNumbers};

    fn bleu(texts: &[&str]) -> Vec<f64> {
        self_bleu(&WordNumbers::default().rows(texts.iter().copied(), Cut::Words), 4)
    }

    #[test]
    fn rows_without_a_common_word_have_none_and_equal_ones_have_one() {
        assert_eq!(bleu(&["a b c d e", "f g h i j"]), [0.0, 0.0]);
        assert_eq!(bleu(&["a b c d e", "a b c d e"]), [1.0, 1.0]);
        assert_eq!(bleu(&["", "a"]), [0.0, 0.0]);
        assert!(bleu(&["a b"]).is_empty(), "there is nothing to compare with");
    }

    #[test]
    fn of_two_closest_lengths_the_shorter_one_counts() {
        assert_eq!(brevity(3, &[1, 3, 5]), 1.0, "1 and 5 are as close");
        assert_eq!(brevity(3, &[3, 4]), (1.0 - 4.0 / 3.0_f64).exp());
        assert_eq!(brevity(3, &[3, 3, 9]), 1.0, "another one is as long");
    }
}
