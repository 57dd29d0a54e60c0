//! ROUGE-L: how long a text two texts have in common, word for word and in order.

use std::collections::HashMap;

use super::word_rows::WordRows;
use crate::text::{Spread, Stop, Stopped};

/// From more than this F on, a row is a variation of another one (Self-Instruct, arXiv:2212.10560).
pub const VARIATION: f64 = 0.7;

/// ROUGE-L of a text against a reference; each from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RougeL {
    /// The share of the text's words that are in the longest common subsequence.
    pub precision: f64,
    /// The share of the reference's words that are in it.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f: f64,
}

/// Returns ROUGE-L of a text against a reference (Lin 2004); all 0 where one has no word.
#[must_use]
pub fn rouge_l(text: &[u32], reference: &[u32]) -> RougeL {
    let common = super::float(Subsequences::of(text).longest(reference));
    if common == 0.0 {
        return RougeL::default();
    }
    let (precision, recall) = (common / super::float(text.len()), common / super::float(reference.len()));
    RougeL { precision, recall, f: 2.0 * precision * recall / (precision + recall) }
}

/// Returns the share of rows that vary a row of `others`: their F with one of them is above [`VARIATION`].
///
/// # Errors
///
/// Where it was stopped.
pub(super) fn variations(rows: &WordRows, others: &WordRows, stop: &Stop) -> Result<f64, Stopped> {
    let mut found = 0;
    for row in rows.iter() {
        stop.check()?;
        let text = Subsequences::of(row);
        let varies = |other: &[u32]| {
            let both = super::float(row.len() + other.len());
            // F = 2 · common / both, and no more is common than the shorter one has.
            let reaches = |common: usize| 2.0 * super::float(common) > VARIATION * both;
            reaches(row.len().min(other.len())) && reaches(text.longest(other))
        };
        found += usize::from(others.iter().any(varies));
    }
    Ok(super::share(found, rows.len()))
}

/// A text, prepared to find its longest common subsequence with many others.
///
/// For each word the places where it stands, as bits (Hyyrö 2004): the subsequence with a text of n words takes n steps
/// for each 64 words of this one.
struct Subsequences {
    places: HashMap<u32, Vec<u64>, Spread>,
    blocks: usize,
}

impl Subsequences {
    fn of(text: &[u32]) -> Self {
        let blocks = text.len().div_ceil(64);
        let mut places: HashMap<u32, Vec<u64>, Spread> = HashMap::default();
        for (at, &word) in text.iter().enumerate() {
            let of_word = places.entry(word).or_insert_with(|| vec![0; blocks]);
            of_word[at / 64] |= 1 << (at % 64);
        }
        Self { places, blocks }
    }

    /// Returns the length of the longest common subsequence, in words.
    fn longest(&self, other: &[u32]) -> usize {
        // A bit is cleared for each step by which the longest subsequence grows along the text.
        let mut open = vec![u64::MAX; self.blocks];
        for word in other {
            let Some(places) = self.places.get(word) else { continue };
            let mut carry = false;
            for (open, places) in open.iter_mut().zip(places) {
                let matched = *open & places;
                let (sum, over) = open.overflowing_add(matched);
                let (sum, again) = sum.overflowing_add(u64::from(carry));
                carry = over || again;
                *open = sum | (*open & !places);
            }
        }
        open.iter().map(|open| open.count_zeros() as usize).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SplitMix64;

    /// The longest common subsequence by the table of Wagner and Fischer 1974.
    fn by_table(a: &[u32], b: &[u32]) -> usize {
        let mut before = vec![0; b.len() + 1];
        for x in a {
            let mut row = vec![0];
            for (at, y) in b.iter().enumerate() {
                row.push(if x == y { before[at] + 1 } else { before[at + 1].max(row[at]) });
            }
            before = row;
        }
        before[b.len()]
    }

    #[test]
    fn the_subsequence_is_the_one_of_the_table_at_any_length() {
        let mut random = SplitMix64::new(1);
        let mut text = |words: u32| -> Vec<u32> {
            let length = random.below(150);
            (0..length).map(|_| u32::try_from(random.below(words as usize)).unwrap()).collect()
        };
        for words in [2, 3, 10, 40] {
            for _ in 0..50 {
                let (a, b) = (text(words), text(words));
                assert_eq!(Subsequences::of(&a).longest(&b), by_table(&a, &b), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn a_row_with_one_other_word_varies_and_a_new_one_does_not() {
        let mut numbers = crate::measure::word_rows::WordNumbers::default();
        let mut rows =
            |texts: &[&str]| numbers.rows(texts.iter().copied(), crate::measure::word_rows::Cut::Ascii);
        let (real, rows) = (rows(&["call me at home now"]), rows(&["call me at work now", "send cash", ""]));

        assert_eq!(variations(&rows, &real, &Stop::never()), Ok(1.0 / 3.0));
        assert_eq!(variations(&rows, &real, &Stop::when(|| true)), Err(Stopped));
    }
}
