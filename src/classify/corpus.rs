//! All texts of an evaluation, cut into numbered terms once.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

use super::index;
use super::tokens::{each_word, lower_into};

/// Stands in for the second word of a term that has one word only.
const NONE: u32 = u32::MAX;

/// Texts as counted terms; a term is a word or two words that follow each other.
///
/// Terms are numbered in the order in which they come, so frequent ones tend to have small numbers.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// Where the terms of each text start in `entries`, and where the last ones end.
    starts: Vec<usize>,
    /// The terms of each text, sorted, with how often each occurs.
    entries: Vec<(u32, u32)>,
    /// The words of each term.
    terms: Vec<[u32; 2]>,
    words: Words,
}

/// The distinct words, one after the other.
#[derive(Debug, Clone, Default)]
struct Words {
    text: String,
    ends: Vec<usize>,
}

impl Words {
    fn get(&self, word: u32) -> &str {
        let start = word.checked_sub(1).map_or(0, |before| self.ends[index(before)]);
        &self.text[start..self.ends[index(word)]]
    }
}

impl Corpus {
    /// Cuts texts into words `\b\w\w+\b`, in lower case, and pairs of words that follow each other.
    ///
    /// Row numbers are places in `texts`.
    #[must_use]
    pub fn new<T: AsRef<str>>(texts: &[T]) -> Self {
        let mut builder = Builder::default();
        let mut starts = Vec::with_capacity(texts.len() + 1);
        starts.push(0);
        for text in texts {
            builder.add(text.as_ref());
            starts.push(builder.entries.len());
        }
        builder.entries.shrink_to_fit();
        Self { starts, entries: builder.entries, terms: builder.terms, words: builder.words }
    }

    /// Returns the number of texts.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Returns whether there are no texts.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of distinct terms.
    pub(super) const fn term_count(&self) -> usize {
        self.terms.len()
    }

    /// Returns a term as text: one word, or two with a blank between.
    #[must_use]
    pub(super) fn term(&self, term: u32) -> String {
        let [first, second] = self.terms[index(term)];
        let first = self.words.get(first);
        if second == NONE { first.to_owned() } else { format!("{first} {}", self.words.get(second)) }
    }

    /// Returns the terms of a text with how often each occurs.
    pub(super) fn entries(&self, row: u32) -> &[(u32, u32)] {
        let row = index(row);
        &self.entries[self.starts[row]..self.starts[row + 1]]
    }
}

/// Numbers words and terms while texts are read.
#[derive(Default)]
struct Builder {
    entries: Vec<(u32, u32)>,
    terms: Vec<[u32; 2]>,
    words: Words,
    /// The term of each word.
    term_of_word: Vec<u32>,
    known_words: HashTable<u32>,
    known_pairs: HashTable<u32>,
    /// Scratch space for one text.
    lower: String,
    found: Vec<u32>,
    text_words: Vec<u32>,
}

impl Builder {
    fn add(&mut self, text: &str) {
        let mut lower = std::mem::take(&mut self.lower);
        lower_into(text, &mut lower);
        self.found.clear();
        self.text_words.clear();
        each_word(&lower, |word| {
            let word = self.word(word);
            self.text_words.push(word);
        });
        self.lower = lower;
        for at in 0..self.text_words.len() {
            let word = self.text_words[at];
            self.found.push(self.term_of_word[index(word)]);
            if let Some(&next) = self.text_words.get(at + 1) {
                let pair = self.pair(word, next);
                self.found.push(pair);
            }
        }
        self.found.sort_unstable();
        let runs = self.found.chunk_by(|a, b| a == b);
        self.entries.extend(runs.filter_map(|run| Some((*run.first()?, number(run.len())))));
    }

    /// Returns the number of a word, which may be new.
    fn word(&mut self, word: &str) -> u32 {
        let Self { words, known_words, .. } = self;
        let hash = |word: &str| FixedState::default().hash_one(word);
        let entry =
            known_words.entry(hash(word), |&known| words.get(known) == word, |&known| hash(words.get(known)));
        match entry {
            hashbrown::hash_table::Entry::Occupied(known) => *known.get(),
            hashbrown::hash_table::Entry::Vacant(vacant) => {
                let new = number(words.ends.len());
                vacant.insert(new);
                words.text.push_str(word);
                words.ends.push(words.text.len());
                self.term_of_word.push(number(self.terms.len()));
                self.terms.push([new, NONE]);
                new
            }
        }
    }

    /// Returns the term of two words, which may be new.
    fn pair(&mut self, first: u32, second: u32) -> u32 {
        let Self { terms, known_pairs, .. } = self;
        let pair = [first, second];
        let hash = |[first, second]: [u32; 2]| mix(u64::from(first) << 32 | u64::from(second));
        let entry = known_pairs.entry(
            hash(pair),
            |&known| terms[index(known)] == pair,
            |&known| hash(terms[index(known)]),
        );
        match entry {
            hashbrown::hash_table::Entry::Occupied(known) => *known.get(),
            hashbrown::hash_table::Entry::Vacant(vacant) => {
                let new = number(terms.len());
                vacant.insert(new);
                terms.push(pair);
                new
            }
        }
    }
}

/// Spreads the bits of a number over all 64 (the finalizer of `SplitMix64`).
const fn mix(key: u64) -> u64 {
    let key = (key ^ (key >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let key = (key ^ (key >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    key ^ (key >> 31)
}

/// Returns a count in four bytes.
///
/// # Panics
///
/// Where there are 2^32 of something, which takes more memory than a machine of today has.
fn number(count: usize) -> u32 {
    let Ok(number) = u32::try_from(count) else {
        panic!("{count} distinct terms are more than can be numbered")
    };
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(corpus: &Corpus, row: u32) -> Vec<(String, u32)> {
        let mut found: Vec<_> =
            corpus.entries(row).iter().map(|&(term, count)| (corpus.term(term), count)).collect();
        found.sort();
        found
    }

    #[test]
    fn a_text_is_its_words_and_its_pairs_of_words_counted() {
        let corpus = Corpus::new(&["Win a win, WIN!", "a", "you win"]);

        assert_eq!(counted(&corpus, 0), [("win".into(), 3), ("win win".into(), 2)]);
        assert_eq!(counted(&corpus, 1), []);
        assert_eq!(counted(&corpus, 2), [("win".into(), 1), ("you".into(), 1), ("you win".into(), 1)]);
        assert_eq!((corpus.len(), corpus.term_count()), (3, 4));
    }
}
