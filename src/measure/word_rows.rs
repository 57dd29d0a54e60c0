//! Texts cut into words, each word a number.
//!
//! Every figure of diversity counts words or runs of them. They are cut once and compared as numbers, whatever a figure
//! means by a word.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::Texts;
use crate::text::{Ends, normalise};

/// What counts as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// `\w+` of the text in lower case: the words of [`normalise`].
    Words,
    /// What stands between blanks, as it is written (`str.split()` of Python).
    Blanks,
    /// `[a-z0-9]+` of the text in lower case (the `rouge_score` package without its stemmer).
    Ascii,
}

/// Gives each different word a number, in the order in which they come.
#[derive(Debug, Clone, Default)]
pub struct WordNumbers {
    words: Texts,
    /// The places of the words, by their hashes.
    numbers: HashTable<u32>,
    hasher: RandomState,
}

/// Texts as rows of word numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordRows {
    words: Vec<u32>,
    ends: Ends,
}

impl WordNumbers {
    /// Cuts texts into words. Equal words have one number in all rows that were made here, so cut texts of one set of
    /// figures the same way.
    pub fn rows<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>, cut: Cut) -> WordRows {
        let mut rows = WordRows::default();
        for text in texts {
            match cut {
                Cut::Words => {
                    let normal = normalise(text);
                    rows.words.extend(
                        normal.split(' ').filter(|word| !word.is_empty()).map(|word| self.number(word)),
                    );
                }
                Cut::Blanks => rows.words.extend(text.split_whitespace().map(|word| self.number(word))),
                Cut::Ascii => {
                    let lower = text.to_lowercase();
                    let words =
                        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
                    rows.words.extend(words.map(|word| self.number(word)));
                }
            }
            rows.ends.push(rows.words.len());
        }
        rows
    }

    /// Returns how many different words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Returns whether no word came yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Returns the word of a number; the empty word for a number that was not given.
    #[must_use]
    pub fn word(&self, number: u32) -> &str {
        self.words.text(number as usize)
    }

    fn number(&mut self, word: &str) -> u32 {
        let Self { words, numbers, hasher } = self;
        let hash = hasher.hash_one(word);
        if let Some(number) = numbers.find(hash, |number| words.text(*number as usize) == word) {
            return *number;
        }
        let number = u32::try_from(words.len()).unwrap_or(u32::MAX);
        words.push(word);
        numbers.insert_unique(hash, number, |number| hasher.hash_one(words.text(*number as usize)));
        number
    }
}

impl WordRows {
    /// Returns how many rows there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the words of one row; none for a row that is not there.
    #[must_use]
    pub fn row(&self, at: usize) -> &[u32] {
        self.ends.range(at).and_then(|range| self.words.get(range)).unwrap_or_default()
    }

    /// Returns each row's words.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.len()).map(|at| self.row(at))
    }

    /// Returns the words of all rows.
    #[must_use]
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// Returns some of the rows, in the order in which they are named.
    #[must_use]
    pub fn pick(&self, rows: &[usize]) -> Self {
        let mut picked = Self::default();
        for &at in rows {
            picked.words.extend_from_slice(self.row(at));
            picked.ends.push(picked.words.len());
        }
        picked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, cut: Cut) -> Vec<String> {
        let mut numbers = WordNumbers::default();
        let rows = numbers.rows([text], cut);
        rows.row(0).iter().map(|number| numbers.word(*number).to_owned()).collect()
    }

    #[test]
    fn each_figure_has_its_own_words() {
        let text = "Don't PAY 5.99 at Café";
        assert_eq!(cut(text, Cut::Words), ["don", "t", "pay", "5", "99", "at", "café"]);
        assert_eq!(cut(text, Cut::Blanks), ["Don't", "PAY", "5.99", "at", "Café"]);
        assert_eq!(cut(text, Cut::Ascii), ["don", "t", "pay", "5", "99", "at", "caf"]);
    }

    #[test]
    fn equal_words_have_one_number_and_rows_are_picked_in_order() {
        let mut numbers = WordNumbers::default();
        let rows = numbers.rows(["a b a", "", "b c"], Cut::Words);

        assert_eq!(rows.iter().collect::<Vec<_>>(), [&[0, 1, 0][..], &[], &[1, 2]]);
        assert_eq!(rows.pick(&[2, 0]).iter().collect::<Vec<_>>(), [&[1, 2][..], &[0, 1, 0]]);
        assert_eq!((numbers.len(), rows.row(3), numbers.word(9)), (3, &[][..], ""));
    }
}
