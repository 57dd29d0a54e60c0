//! The signs by which a refusal is told from what people write, and the words of each.
//!
//! Phrases are without accents and apostrophes, divided by a bar; `_` is any word, and `word*` any that begins
//! so. Of several that fit, the longest counts: "my guidelines" is no thing of the writer's own.

mod declining;
mod models;
mod people;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::words::Words;

/// What a phrase says about a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// The writer cannot; the verb follows at once.
    Cannot,
    /// As [`Self::Cannot`], without the one who cannot: it counts where a sentence begins with it.
    CannotFirst,
    /// The writer can or may; a *not* and the verb follow, perhaps far behind.
    CannotAround,
    /// The *not* behind [`Self::CannotAround`].
    Not,
    /// Writing and helping.
    Verb,
    /// What else models decline to do, and people too: a harm beside it is often the reader's.
    Do,
    /// The verbs with which models decline and people hardly ever do.
    Assist,
    /// Declines, with its verb.
    Declines,
    /// Something was left out or withheld: a text or the like has to stand beside it.
    Withheld,
    /// Small words between a *cannot* and its verb.
    Small,
    /// What models are asked for.
    Asked,
    /// What they write, and people too.
    Text,
    /// Points at what was asked for.
    That,
    /// An apology.
    Sorry,
    /// Says that the writer is a model.
    Model,
    /// Declines in a phrase that needs nothing else.
    Set,
    /// The rules of a model.
    Policy,
    /// Something goes against a rule.
    Against,
    /// A harm that would be done.
    Harm,
    /// Offers to write something else.
    Offer,
    /// Offers something.
    Ready,
    /// A thing or person of the writer's own.
    Own,
    /// A thing or person of a seller.
    Seller,
    /// Somebody said it.
    Said,
    /// Dates, money, and what customers do.
    Matter,
    /// Words that read like one of the others and are none.
    Other,
}

impl Sign {
    /// The signs that give points wherever they stand.
    pub(super) const ALL: [Self; 12] = [
        Self::Sorry,
        Self::Model,
        Self::Set,
        Self::Policy,
        Self::Against,
        Self::Harm,
        Self::Offer,
        Self::Ready,
        Self::Own,
        Self::Seller,
        Self::Said,
        Self::Matter,
    ];

    /// Returns the points that a text has for it, however often it stands there.
    pub(super) const fn points(self) -> i32 {
        match self {
            Self::Model | Self::Set => 5,
            Self::Policy => 3,
            Self::Offer | Self::Against => 2,
            Self::Sorry | Self::Ready | Self::Harm => 1,
            Self::Own | Self::Seller | Self::Said | Self::Matter => -3,
            _ => 0,
        }
    }
}

/// A sign in a text: the words from `start` to before `end`.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) sign: Sign,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) sentence: usize,
}

/// All phrases.
const WORDS: [&[(Sign, &str)]; 3] = [declining::WORDS, models::WORDS, people::WORDS];

/// A phrase in words, with its sign.
type Phrase = (Sign, Vec<&'static str>);

/// Phrases by their first word, the longest first.
struct Phrases {
    /// Those whose first word is whole.
    whole: HashMap<&'static str, Vec<Phrase>>,
    /// Those whose first word is a stem, by the stem's first letters.
    stems: HashMap<&'static str, Vec<Phrase>>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let mut phrases = Phrases { whole: HashMap::new(), stems: HashMap::new() };
    for (sign, list) in WORDS.into_iter().flatten() {
        for phrase in list.split('|') {
            let words: Vec<_> = phrase.split_whitespace().collect();
            let of_first = match words[0].strip_suffix('*') {
                Some(stem) => phrases.stems.entry(begin(stem)),
                None => phrases.whole.entry(words[0]),
            };
            of_first.or_default().push((*sign, words));
        }
    }
    for of_one in phrases.whole.values_mut().chain(phrases.stems.values_mut()) {
        of_one.sort_by_key(|(_, words)| usize::MAX - words.len());
    }
    phrases
});

/// Returns the letters by which stems are looked up.
fn begin(word: &str) -> &str {
    word.get(..3).unwrap_or(word)
}

/// Returns the signs of a text in their order; none stands in another.
pub(super) fn find(words: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    let mut start = 0;
    let phrases = &*PHRASES;
    while start < words.len() {
        let first = words.get(start);
        // A full stop within is another sentence's beginning.
        let fits = |(_, phrase): &&Phrase| {
            phrase.iter().enumerate().all(|(nth, told)| is(words.get(start + nth), told))
                && words.sentence(start) == words.sentence(start + phrase.len() - 1)
        };
        let longest = |of_first: Option<&'static Vec<Phrase>>| of_first?.iter().find(fits);
        let (whole, stem) = (longest(phrases.whole.get(first)), longest(phrases.stems.get(begin(first))));
        let length = |phrase: Option<&Phrase>| phrase.map_or(0, |(_, words)| words.len());
        let longest = if length(stem) > length(whole) { stem } else { whole };
        let end = start + length(longest).max(1);
        if let Some(&(sign, _)) = longest {
            found.push(Found { sign, start, end, sentence: words.sentence(start) });
        }
        start = end;
    }
    found
}

fn is(word: &str, told: &str) -> bool {
    match told.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => word == told || (told == "_" && !word.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_written_as_words_are_read() {
        for phrase in WORDS.into_iter().flatten().flat_map(|(_, list)| list.split('|')) {
            assert!(!phrase.trim().is_empty());
            for word in phrase.split_whitespace() {
                let bare = word.trim_end_matches('*');
                assert!(word == "_" || bare.bytes().all(|letter| letter.is_ascii_lowercase()), "{phrase}");
            }
            let first = phrase.split_whitespace().next().unwrap_or_default();
            assert!(first != "_" && (!first.ends_with('*') || first.len() > 3), "{phrase}");
        }
    }
}
