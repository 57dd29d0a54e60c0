//! How likely a word is after the two before it.
//!
//! A trigram model of the label's rows, interpolated with bigrams and unigrams, and, at a small weight,
//! with the rows of all other labels, so that words which the label's rows lack are unlikely rather than
//! impossible (Jelinek and Mercer 1980).

use std::collections::HashMap;
use std::hash::Hash;

use super::lexicon::{Lexicon, WordId};
use crate::text::Spread;

/// The weight of a row of another label.
const OTHER: f64 = 0.05;
/// The weights of trigrams, bigrams and single words.
const WEIGHTS: [f64; 3] = [0.5, 0.35, 0.15];

/// How often something was seen; rows of other labels count little.
type Counts<T> = HashMap<T, f64, Spread>;

/// Counts of unigrams, bigrams and trigrams.
#[derive(Debug, Default)]
pub(super) struct NGrams {
    single: Counts<WordId>,
    pair: Counts<u64>,
    before_pair: Counts<WordId>,
    triple: Counts<(u64, WordId)>,
    before_triple: Counts<u64>,
    total: f64,
}

/// How often a word was seen at a place.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    total: f64,
    single: f64,
    /// With the word before it, and that one with any word behind it.
    pair: [f64; 2],
    /// The same of the two words before it.
    triple: [f64; 2],
}

impl Seen {
    /// Returns what is left without some of the rows.
    fn without(self, some: Self) -> Self {
        let less = |all: f64, some: f64| (all - some).max(0.0);
        let both = |all: [f64; 2], some: [f64; 2]| [less(all[0], some[0]), less(all[1], some[1])];
        Self {
            total: less(self.total, some.total),
            single: less(self.single, some.single),
            pair: both(self.pair, some.pair),
            triple: both(self.triple, some.triple),
        }
    }
}

/// Two words as one key.
const fn pair_of(one: WordId, other: WordId) -> u64 {
    (one as u64) << 32 | other as u64
}

impl NGrams {
    /// Counts a row of the label.
    pub(super) fn learn(&mut self, reading: &[WordId]) {
        self.count(reading, 1.0);
        for triple in edged(reading).windows(3) {
            let before = pair_of(triple[0], triple[1]);
            *self.triple.entry((before, triple[2])).or_default() += 1.0;
            *self.before_triple.entry(before).or_default() += 1.0;
        }
    }

    /// Counts a row of another label.
    pub(super) fn learn_other(&mut self, reading: &[WordId]) {
        self.count(reading, OTHER);
    }

    fn count(&mut self, reading: &[WordId], weight: f64) {
        for pair in edged(reading)[1..].windows(2) {
            *self.pair.entry(pair_of(pair[0], pair[1])).or_default() += weight;
            *self.before_pair.entry(pair[0]).or_default() += weight;
            *self.single.entry(pair[1]).or_default() += weight;
            self.total += weight;
        }
    }

    /// Returns the log of the ratio of a word's probability after `before` to its probability anywhere.
    ///
    /// Positive values mean that the word is likelier here than elsewhere.
    pub(super) fn fit(&self, before: [WordId; 2], word: WordId) -> f64 {
        self.fit_of(self.seen(before, word))
    }

    /// Returns how often a word was seen, alone, behind the last word of `before` and behind both, and how often
    /// those were seen with any word behind them.
    fn seen(&self, before: [WordId; 2], word: WordId) -> Seen {
        let (both, last) = (pair_of(before[0], before[1]), pair_of(before[1], word));
        let pair = seen(&self.pair, &last);
        let mut all = Seen { total: self.total, single: seen(&self.single, &word), ..Seen::default() };
        // Words that were never seen together were not seen behind a third one either.
        if pair > 0.0 {
            all.pair = [pair, seen(&self.before_pair, &before[1])];
            all.triple = [seen(&self.triple, &(both, word)), seen(&self.before_triple, &both)];
        }
        all
    }

    fn fit_of(&self, seen: Seen) -> f64 {
        let words = f64::from(u32::try_from(self.single.len()).unwrap_or(u32::MAX));
        let single = (seen.single + 0.1) / 0.1_f64.mul_add(words, seen.total);
        let (pair, triple) = (ratio(seen.pair), ratio(seen.triple));
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

    /// Returns the mean fit of all words of a text, and of its end, without the rows that it was made of.
    pub(super) fn rating<'a>(
        &self,
        reading: &[WordId],
        sources: impl IntoIterator<Item = &'a [WordId]>,
    ) -> f64 {
        let mut own = Self::default();
        sources.into_iter().for_each(|source| own.learn(source));
        let edged = edged(reading);
        let fit = |three: &[WordId]| {
            let (before, word) = ([three[0], three[1]], three[2]);
            self.fit_of(self.seen(before, word).without(own.seen(before, word)))
        };
        let fits = edged.windows(3).map(fit);
        #[expect(clippy::cast_precision_loss, reason = "a text has few words")]
        let words = (edged.len() - 2) as f64;
        fits.sum::<f64>() / words
    }
}

fn edged(reading: &[WordId]) -> Vec<WordId> {
    let edges = [Lexicon::EDGE; 2].into_iter();
    edges.chain(reading.iter().copied()).chain([Lexicon::EDGE]).collect()
}

fn seen<T: Hash + Eq>(counts: &Counts<T>, of: &T) -> f64 {
    counts.get(of).copied().unwrap_or(0.0)
}

fn ratio([part, whole]: [f64; 2]) -> f64 {
    // What is left of a sum of small weights may be a rounding error.
    if whole > 1e-6 { part / whole } else { 0.0 }
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

    #[test]
    fn a_row_is_rated_as_if_it_had_never_been_counted() {
        let (mut with, mut without) = (NGrams::default(), NGrams::default());
        for ngrams in [&mut with, &mut without] {
            ngrams.learn(&[10, 11, 12]);
            ngrams.learn(&[10, 11, 14]);
        }
        with.learn(&[12, 11, 10]);

        let rating = with.rating(&[12, 11, 10], [[12, 11, 10].as_slice()]);

        assert!((rating - without.rating(&[12, 11, 10], [])).abs() < 1e-9);
        assert!(rating < with.rating(&[10, 11, 12], [[12, 11, 10].as_slice()]));
    }
}
