//! The signs by which a refusal is told from what people write, and the words of each.
//!
//! Phrases are without accents and apostrophes, divided by a bar; `_` is any word, and `word*` any that begins
//! so. Of several that fit, the longest counts: "my guidelines" is no thing of the writer's own.

mod declining;
mod models;
mod people;

use std::collections::{BTreeMap, HashMap};
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

/// What follows after the first words of some phrases.
#[derive(Default)]
struct Node {
    /// The sign of the phrase that ends here.
    sign: Option<Sign>,
    whole: HashMap<&'static str, Self>,
    /// Words of which only the stem is told, by its first letter.
    stems: BTreeMap<u8, Vec<(&'static str, Self)>>,
    any: Option<Box<Self>>,
}

static PHRASES: LazyLock<Node> = LazyLock::new(|| {
    let mut root = Node::default();
    for (sign, list) in WORDS.into_iter().flatten() {
        for phrase in list.split('|') {
            let end = phrase.split_whitespace().fold(&mut root, Node::add);
            end.sign.get_or_insert(*sign);
        }
    }
    root
});

impl Node {
    fn add(&mut self, told: &'static str) -> &mut Self {
        let Some(stem) = told.strip_suffix('*') else {
            return if told == "_" {
                self.any.get_or_insert_default()
            } else {
                self.whole.entry(told).or_default()
            };
        };
        let alike = self.stems.entry(stem.bytes().next().unwrap_or_default()).or_default();
        let known = alike.iter().position(|(known, _)| *known == stem);
        let place = known.unwrap_or_else(|| {
            alike.push((stem, Self::default()));
            alike.len() - 1
        });
        &mut alike[place].1
    }

    /// Returns the longest phrase of the words from a place on, as its sign and the place behind it.
    fn longest(&self, words: &Words, place: usize, sentence: usize) -> Option<(Sign, usize)> {
        let here = self.sign.map(|sign| (sign, place));
        // A full stop within is another sentence's beginning.
        if words.sentence(place) != sentence {
            return here;
        }
        let word = words.get(place);
        let alike = word.bytes().next().and_then(|letter| self.stems.get(&letter));
        let stems =
            alike.into_iter().flatten().filter(|(stem, _)| word.starts_with(stem)).map(|(_, node)| node);
        let next = self.whole.get(word).into_iter().chain(stems).chain(self.any.as_deref());
        let longer = next.filter_map(|node| node.longest(words, place + 1, sentence));
        here.into_iter().chain(longer).reduce(|best, one| if one.1 > best.1 { one } else { best })
    }
}

/// Returns the signs of a text in their order; none stands in another.
pub(super) fn find(words: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    let mut start = 0;
    let phrases = &*PHRASES;
    while start < words.len() {
        let sentence = words.sentence(start);
        start = match phrases.longest(words, start, sentence) {
            Some((sign, end)) => {
                found.push(Found { sign, start, end, sentence });
                end
            }
            None => start + 1,
        };
    }
    found
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
