//! Words as numbers, with their weights.

use std::collections::{HashMap, HashSet};

/// A word of the lexicon; words that it does not hold share [`Lexicon::UNKNOWN`].
pub(super) type WordId = u32;

/// One word of a text with its attached punctuation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// As it stands in the text, without white space.
    pub surface: String,
    /// The word in lower case with its punctuation; every digit becomes 0.
    pub key: WordId,
    /// The same, trimmed to letters and digits at both ends; equal to `key` if nothing is left.
    pub bare: WordId,
    /// The punctuation that ends it, if it is one of `. , ! ? ; :`.
    pub stop: Option<WordId>,
}

/// All words of the real rows, each with the number of rows that contain it.
#[derive(Debug)]
pub(super) struct Lexicon {
    ids: HashMap<String, WordId>,
    rows_with: Vec<u32>,
    rows: u32,
    weights: Vec<f64>,
}

impl Lexicon {
    /// The id of every word that is not in the lexicon.
    pub(super) const UNKNOWN: WordId = 0;
    /// The id that stands before the first word of a row, and after its last.
    pub(super) const EDGE: WordId = 1;

    pub(super) fn new() -> Self {
        let mut lexicon = Self { ids: HashMap::new(), rows_with: vec![], rows: 0, weights: vec![] };
        lexicon.intern("\u{0}unknown");
        lexicon.intern("\u{0}edge");
        lexicon
    }

    /// Returns the number of words, the two special ones included.
    pub(super) const fn len(&self) -> usize {
        self.rows_with.len()
    }

    /// Adds a row and returns its tokens.
    pub(super) fn learn(&mut self, text: &str) -> Vec<Token> {
        let tokens = tokens(text, |word| self.intern(word));
        self.rows += 1;
        let distinct: HashSet<WordId> = tokens.iter().map(|token| token.bare).collect();
        for id in distinct {
            self.rows_with[id as usize] += 1;
        }
        tokens
    }

    /// Returns the tokens of a text whose words may be unknown.
    pub(super) fn tokens(&self, text: &str) -> Vec<Token> {
        tokens(text, |word| self.ids.get(word).copied().unwrap_or(Self::UNKNOWN))
    }

    /// Works out the weights of all words, once all rows are learnt.
    pub(super) fn weigh(&mut self) {
        let weight = |rows_with: &u32| match *rows_with {
            0 => 0.0,
            rows_with => (f64::from(self.rows) / f64::from(rows_with) / 5.0).ln().max(0.0),
        };
        self.weights = self.rows_with.iter().map(weight).collect();
    }

    /// Returns the weight of a word, like an inverse document frequency: from 0 (in a fifth of all rows or
    /// more, or unknown) upwards.
    pub(super) fn weight(&self, id: WordId) -> f64 {
        self.weights.get(id as usize).copied().unwrap_or(0.0)
    }

    fn intern(&mut self, word: &str) -> WordId {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        let id = WordId::try_from(self.rows_with.len()).unwrap_or(Self::UNKNOWN);
        self.ids.insert(word.to_owned(), id);
        self.rows_with.push(0);
        id
    }
}

/// Returns the ids for the n-gram model: words and the punctuation between them.
pub(super) fn reading(tokens: &[Token]) -> impl Iterator<Item = WordId> {
    tokens.iter().flat_map(|token| std::iter::once(token.bare).chain(token.stop))
}

/// Returns a word in the form in which it is compared: lower case, straight apostrophes, every digit a 0,
/// trimmed to letters and digits.
pub(super) fn bare(surface: &str) -> String {
    let key = key(surface);
    let trimmed = key.trim_matches(|c: char| !c.is_alphanumeric());
    if trimmed.is_empty() { key } else { trimmed.to_owned() }
}

fn key(surface: &str) -> String {
    let fold = |c: char| match c {
        '’' => '\'',
        c if c.is_ascii_digit() => '0',
        c => c,
    };
    surface.chars().map(fold).flat_map(char::to_lowercase).collect()
}

fn tokens(text: &str, mut id: impl FnMut(&str) -> WordId) -> Vec<Token> {
    words(text)
        .map(|surface| Token {
            surface: surface.to_owned(),
            key: id(&key(surface)),
            bare: id(&bare(surface)),
            stop: stop(surface).map(&mut id),
        })
        .collect()
}

/// The most characters of a mask.
const MASK_CHARS: usize = 40;

/// Returns the words of a text with their punctuation; a mask such as `{{Order Number}}` is one word.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.trim_start();
    std::iter::from_fn(move || {
        let (word, behind) = rest.split_at(word_end(rest));
        rest = behind.trim_start();
        (!word.is_empty()).then_some(word)
    })
}

/// Returns where the word ends that a text begins with.
fn word_end(text: &str) -> usize {
    let blank = |from: usize| text[from..].find(char::is_whitespace).map_or(text.len(), |at| from + at);
    let end = blank(0);
    let Some(open) = text[..end].find(['{', '[', '<']) else { return end };
    let mut inside = text[open..].char_indices().take(MASK_CHARS).take_while(|(_, c)| *c != '\n');
    let opening = inside.next().map_or('{', |(_, c)| c);
    let closing = match opening {
        '{' => '}',
        '[' => ']',
        _ => '>',
    };
    // `<3` and `[1` open nothing.
    let named = text[open..end].trim_start_matches(opening).starts_with(char::is_alphabetic);
    match inside.find(|(_, c)| *c == closing).filter(|_| named) {
        Some((at, _)) if open + at >= end => blank(open + at),
        _ => end,
    }
}

fn stop(surface: &str) -> Option<&str> {
    let last = surface.trim_end_matches(['"', '\'', ')', '”', '’']).char_indices().next_back();
    let (at, _) = last.filter(|(at, c)| *at > 0 && ".,!?;:".contains(*c))?;
    surface.get(at..=at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_knows_its_word_with_and_without_punctuation() {
        let mut lexicon = Lexicon::new();

        let tokens = lexicon.learn("Don’t pay £38, \"please!\" don't :)");

        let bare_words: Vec<String> = tokens.iter().map(|token| bare(&token.surface)).collect();
        assert_eq!(bare_words, ["don't", "pay", "00", "please", "don't", ":)"]);
        assert_eq!(tokens[0].bare, tokens[4].bare);
        assert!(tokens[2].stop.is_some() && tokens[3].stop.is_some() && tokens[4].stop.is_none());
        assert_eq!(reading(&tokens).count(), 8);
    }

    #[test]
    fn a_mask_with_blanks_is_one_word_and_signs_that_open_nothing_are_not() {
        let found = |text| words(text).collect::<Vec<_>>();

        assert_eq!(
            found(" see {{Order Number}}, or [your name] now"),
            ["see", "{{Order Number}},", "or", "[your name]", "now"]
        );
        assert_eq!(
            found("i <3 u > me [1 or 2] {never closed"),
            ["i", "<3", "u", ">", "me", "[1", "or", "2]", "{never", "closed"]
        );
        assert_eq!(found("<a b\nc>"), ["<a", "b", "c>"]);
        assert!(found(" \n").is_empty());
    }

    #[test]
    fn a_rare_word_says_more_than_a_common_one_and_an_unknown_one_nothing() {
        let mut lexicon = Lexicon::new();
        for number in 0..20 {
            lexicon.learn(if number == 0 { "the zebra" } else { "the rest" });
        }
        lexicon.weigh();

        let weight = |word: &str| lexicon.weight(lexicon.tokens(word)[0].bare);

        assert!(weight("zebra") > 0.0);
        assert!(weight("the") <= 0.0);
        assert!(weight("never") <= 0.0);
    }
}
