//! How likely a word is after the two before it.
//!
//! A trigram model of the label's rows, interpolated with bigrams and unigrams, and, at a small weight,
//! with the rows of all other labels, so that words which the label's rows lack are unlikely rather than
//! impossible (Jelinek and Mercer 1980).

use std::collections::HashMap;

use super::lexicon::{Lexicon, WordId};

/// The weight of a row of another label.
const OTHER: f64 = 0.05;
/// The weights of trigrams, bigrams and single words.
const WEIGHTS: [f64; 3] = [0.5, 0.35, 0.15];

/// Counts of unigrams, bigrams and trigrams.
#[derive(Debug, Default)]
pub(super) struct NGrams {
    single: HashMap<WordId, f64>,
    pair: HashMap<[WordId; 2], f64>,
    before_pair: HashMap<WordId, f64>,
    triple: HashMap<[WordId; 3], f64>,
    before_triple: HashMap<[WordId; 2], f64>,
    total: f64,
}

impl NGrams {
    /// Counts a row of the label.
    pub(super) fn learn(&mut self, reading: &[WordId]) {
        self.count(reading, 1.0);
        let edged = edged(reading);
        for triple in edged.windows(3) {
            *self.triple.entry([triple[0], triple[1], triple[2]]).or_default() += 1.0;
            *self.before_triple.entry([triple[0], triple[1]]).or_default() += 1.0;
        }
    }

    /// Counts a row of another label.
    pub(super) fn learn_other(&mut self, reading: &[WordId]) {
        self.count(reading, OTHER);
    }

    fn count(&mut self, reading: &[WordId], weight: f64) {
        for pair in edged(reading)[1..].windows(2) {
            *self.pair.entry([pair[0], pair[1]]).or_default() += weight;
            *self.before_pair.entry(pair[0]).or_default() += weight;
            *self.single.entry(pair[1]).or_default() += weight;
            self.total += weight;
        }
    }

    /// Returns the log of the ratio of a word's probability after `before` to its probability anywhere.
    ///
    /// Positive values mean that the word is likelier here than elsewhere.
    pub(super) fn fit(&self, before: [WordId; 2], word: WordId) -> f64 {
        let words = f64::from(u32::try_from(self.single.len()).unwrap_or(u32::MAX));
        let single =
            (self.single.get(&word).copied().unwrap_or(0.0) + 0.1) / 0.1_f64.mul_add(words, self.total);
        let pair = ratio(self.pair.get(&[before[1], word]), self.before_pair.get(&before[1]));
        let triple = ratio(self.triple.get(&[before[0], before[1], word]), self.before_triple.get(&before));
        let here = WEIGHTS[0].mul_add(triple, WEIGHTS[1].mul_add(pair, WEIGHTS[2] * single));
        (here / single).ln()
    }

    /// Returns the mean fit of the first words of `after`, placed behind the last words of `before`.
    pub(super) fn join(&self, before: &[WordId], after: &[WordId]) -> f64 {
        let at = |back: usize| before.len().checked_sub(back).map_or(Lexicon::EDGE, |at| before[at]);
        let Some(&first) = after.first() else { return 0.0 };
        let one = self.fit([at(2), at(1)], first);
        let Some(&second) = after.get(1) else { return one };
        f64::midpoint(one, self.fit([at(1), first], second))
    }
}

fn edged(reading: &[WordId]) -> Vec<WordId> {
    let edges = [Lexicon::EDGE; 2].into_iter();
    edges.chain(reading.iter().copied()).chain([Lexicon::EDGE]).collect()
}

fn ratio(part: Option<&f64>, whole: Option<&f64>) -> f64 {
    match (part, whole) {
        (Some(part), Some(whole)) if *whole > 0.0 => part / whole,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_fits_where_it_was_seen_and_not_where_another_was() {
        let mut ngrams = NGrams::default();
        ngrams.learn(&[10, 11, 12, 13]);
        ngrams.learn(&[20, 21, 22, 23]);

        assert!(ngrams.fit([10, 11], 12) > 0.0);
        assert!(ngrams.fit([10, 11], 22) < 0.0);
        assert!(ngrams.join(&[10, 11], &[12, 13]) > ngrams.join(&[10, 11], &[22, 23]));
        assert!(ngrams.join(&[], &[10]) > ngrams.join(&[], &[12]));
    }

    #[test]
    fn a_word_of_other_rows_is_possible_where_a_word_never_seen_is_not_likelier() {
        let mut ngrams = NGrams::default();
        ngrams.learn(&[10, 11]);
        ngrams.learn_other(&[10, 30]);

        assert!(ngrams.fit([Lexicon::EDGE, 10], 30) > ngrams.fit([Lexicon::EDGE, 10], 99));
        assert!(ngrams.fit([0, 0], 99).is_finite());
    }
}
