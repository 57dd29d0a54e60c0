//! Which words texts are made of, against those of other texts.

use super::word_rows::{WordNumbers, WordRows};
use crate::domain::{OtherUse, VocabularyFigures};

/// The prior of the log-odds counts as much as a text of this many words.
const PRIOR_WORDS: f64 = 500.0;

/// From this z on (two-sided 5 %), a word is used more or less often.
const LEAST_Z: f64 = 1.959_963_984_540_054;

/// Returns how often each word comes.
fn counts(rows: &WordRows, words: usize) -> Vec<usize> {
    let mut counts = vec![0; words];
    for &word in rows.words() {
        if let Some(count) = counts.get_mut(word as usize) {
            *count += 1;
        }
    }
    counts
}

/// Compares the words of texts with those of reference texts; `None` where one of them has no word.
///
/// The divergence is that of Jensen and Shannon (Lin 1991) of the shares of words, without smoothing, in bits:
/// ½ KL(P‖M) + ½ KL(Q‖M), M = ½ (P + Q).
#[must_use]
pub fn compare_words(
    rows: &WordRows,
    reference: &WordRows,
    numbers: &WordNumbers,
) -> Option<VocabularyFigures> {
    if rows.words().is_empty() || reference.words().is_empty() {
        return None;
    }
    let (own, other) = (counts(rows, numbers.len()), counts(reference, numbers.len()));
    let (of_own, of_other) = (rows.words().len(), reference.words().len());
    let (mut divergence, mut both, mut either, mut known, mut outside) = (0.0, 0, 0, 0, 0);
    for (&own, &other) in own.iter().zip(&other) {
        let (p, q) = (super::share(own, of_own), super::share(other, of_other));
        let half = |share: f64| if share > 0.0 { 0.5 * share * (2.0 * share / (p + q)).log2() } else { 0.0 };
        divergence += half(p) + half(q);
        both += usize::from(own > 0 && other > 0);
        either += usize::from(own > 0 || other > 0);
        known += usize::from(other > 0);
        outside += if other == 0 { own } else { 0 };
    }
    Some(VocabularyFigures {
        jsd: divergence.clamp(0.0, 1.0),
        type_jaccard: super::share(both, either),
        oov_rate: super::share(outside, of_own),
        coverage: super::share(both, known),
    })
}

/// Returns the words that texts use more often than reference texts, and those that they use less often, the most marked
/// first, `most` of each.
///
/// The log-odds ratio with an informative Dirichlet prior, over its standard deviation (Monroe, Colaresi and Quinn 2008,
/// equations 15, 16, 19 and 22): the prior has the words of both sides together, scaled down to 500. A word is named where
/// |z| ≥ 1.96.
#[must_use]
pub(super) fn used_otherwise(
    rows: &WordRows,
    reference: &WordRows,
    numbers: &WordNumbers,
    most: usize,
) -> (Vec<OtherUse>, Vec<OtherUse>) {
    let (own, other) = (counts(rows, numbers.len()), counts(reference, numbers.len()));
    let (of_own, of_other) = (super::float(rows.words().len()), super::float(reference.words().len()));
    let prior = PRIOR_WORDS.min(of_own + of_other);
    let mut words = Vec::new();
    for ((number, &rows), &real) in (0_u32..).zip(&own).zip(&other) {
        if rows + real == 0 {
            continue;
        }
        let alpha = prior * super::float(rows + real) / (of_own + of_other);
        let odds = |count: usize, of: f64| {
            let with = super::float(count) + alpha;
            (with / (of + prior - with).max(f64::MIN_POSITIVE)).ln()
        };
        let variance = 1.0 / (super::float(rows) + alpha) + 1.0 / (super::float(real) + alpha);
        let z = (odds(rows, of_own) - odds(real, of_other)) / variance.sqrt();
        if z.abs() >= LEAST_Z {
            words.push((number, OtherUse { word: String::new(), rows: rows as u64, real: real as u64, z }));
        }
    }
    words.sort_by(|(a, x), (b, y)| y.z.total_cmp(&x.z).then(a.cmp(b)));
    let named = |(number, used): &(u32, OtherUse)| OtherUse {
        word: numbers.word(*number).to_owned(),
        ..used.clone()
    };
    let over = words.iter().filter(|(_, used)| used.z > 0.0).take(most).map(named).collect();
    let under = words.iter().rev().filter(|(_, used)| used.z < 0.0).take(most).map(named).collect();
    (over, under)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the figures are exact")]
mod tests {
    use super::*;
    use crate::measure::word_rows::Cut;

    fn both(texts: &[&str], reference: &[&str]) -> (WordRows, WordRows, WordNumbers) {
        let mut numbers = WordNumbers::default();
        let rows = numbers.rows(texts.iter().copied(), Cut::Words);
        (rows, numbers.rows(reference.iter().copied(), Cut::Words), numbers)
    }

    #[test]
    fn equal_texts_differ_in_nothing_and_texts_without_a_common_word_in_all() {
        let (rows, reference, numbers) = both(&["a b", "b c"], &["b a", "c b"]);
        let same = compare_words(&rows, &reference, &numbers).unwrap();
        assert_eq!([same.jsd, same.type_jaccard, same.oov_rate, same.coverage], [0.0, 1.0, 0.0, 1.0]);
        let (rows, reference, numbers) = both(&["a b"], &["c d"]);
        let apart = compare_words(&rows, &reference, &numbers).unwrap();
        assert_eq!([apart.jsd, apart.type_jaccard, apart.oov_rate, apart.coverage], [1.0, 0.0, 1.0, 0.0]);
        let (rows, reference, numbers) = both(&["?"], &["c d"]);
        assert_eq!(compare_words(&rows, &reference, &numbers), None);
    }

    #[test]
    fn the_words_that_one_side_prefers_are_named_and_the_common_ones_are_not() {
        let (rows, reference, numbers) =
            both(&["urgent call the bank"; 20], &["meet the team at the office tonight"; 20]);

        let (over, under) = used_otherwise(&rows, &reference, &numbers, 2);

        let words = |used: &[OtherUse]| used.iter().map(|used| used.word.clone()).collect::<Vec<_>>();
        assert_eq!(words(&over), ["urgent", "call"]);
        assert!(words(&under).iter().all(|word| word != "the"), "{under:?}");
        assert_eq!((over[0].rows, over[0].real), (20, 0));
        assert_eq!(used_otherwise(&rows, &rows, &numbers, 9), (vec![], vec![]));
    }
}
