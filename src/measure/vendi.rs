//! The Vendi score: to how many entirely different rows a set of rows amounts.

use std::collections::HashMap;

use super::eigenvalues::eigenvalues;
use super::word_rows::{WordNumbers, WordRows};

/// The Vendi score of rows, 1 to their number; 0 for none.
///
/// exp(−Σ λ ln λ) over the eigenvalues λ of K / n (Friedman and Dieng 2023, arXiv:2210.02410). K holds the cosines of the
/// rows' TF-IDF: words and pairs of words, words of two characters or more, tf = 1 + ln tf, idf = ln((1 + n) / (1 + df)) + 1.
/// A row without such a word has its whole text as its only term. The time grows with n³: give 500 rows at most.
#[must_use]
pub fn vendi(rows: &WordRows, numbers: &WordNumbers) -> f64 {
    let n = super::float(rows.len());
    let mut kernel = cosines(rows, numbers);
    kernel.iter_mut().for_each(|cosine| *cosine /= n);
    let entropy = |value: &f64| if *value > 0.0 { -value * value.ln() } else { 0.0 };
    let values = eigenvalues(kernel, rows.len());
    if values.is_empty() { 0.0 } else { values.iter().map(entropy).sum::<f64>().exp() }
}

/// Returns the cosines of all pairs of rows, a row after the other.
fn cosines(rows: &WordRows, numbers: &WordNumbers) -> Vec<f64> {
    let n = rows.len();
    let mut terms: HashMap<Box<[u32]>, usize> = HashMap::new();
    // For each term, the rows that have it and how often.
    let mut postings: Vec<Vec<(usize, f64)>> = Vec::new();
    for (row, words) in rows.iter().enumerate() {
        for term in terms_of(words, numbers) {
            let fresh = postings.len();
            let at = *terms.entry(term).or_insert(fresh);
            if at == fresh {
                postings.push(Vec::new());
            }
            match postings[at].last_mut() {
                Some((last, count)) if *last == row => *count += 1.0,
                _ => postings[at].push((row, 1.0)),
            }
        }
    }
    let mut squares = vec![0.0; n];
    for posting in &mut postings {
        let idf = ((1.0 + super::float(n)) / (1.0 + super::float(posting.len()))).ln() + 1.0;
        for (row, weight) in posting {
            *weight = (1.0 + weight.ln()) * idf;
            squares[*row] += *weight * *weight;
        }
    }
    let mut cosines = vec![0.0; n * n];
    for posting in &postings {
        for &(row, weight) in posting {
            for &(other, by) in posting {
                cosines[row * n + other] += weight * by / (squares[row] * squares[other]).sqrt();
            }
        }
    }
    cosines
}

/// Returns the terms of one row, each as often as it comes.
fn terms_of(words: &[u32], numbers: &WordNumbers) -> Vec<Box<[u32]>> {
    let long: Vec<u32> =
        words.iter().copied().filter(|&word| numbers.word(word).chars().nth(1).is_some()).collect();
    if long.is_empty() {
        return vec![words.into()];
    }
    long.windows(1).chain(long.windows(2)).map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::word_rows::Cut;

    fn score(texts: &[&str]) -> f64 {
        let mut numbers = WordNumbers::default();
        let rows = numbers.rows(texts.iter().copied(), Cut::Words);
        vendi(&rows, &numbers)
    }

    #[test]
    fn different_rows_count_whole_and_equal_ones_once() {
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        near(score(&["one two", "three four", "five six"]), 3.0);
        near(score(&["one two", "one two", "five six"]), 3.0 / 2_f64.powf(2.0 / 3.0));
        near(score(&["", "", "?"]), 1.0);
        near(score(&[]), 0.0);
    }
}
