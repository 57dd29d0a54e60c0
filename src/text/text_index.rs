//! An index of very many texts: which one was equal first, and which is most similar of those that are nearly the same.
//!
//! It keeps no text and no shingles, only about 100 bytes a text: where its [`Sketch`] is looked up, and a bit of each
//! slot, by which most texts are passed over. The few that are left are compared exactly, by their texts, which the
//! caller fetches. So a text that is found *is* so similar; one of a similarity of just .80 is missed about once in 70
//! times, one of .85 once in 2,000.
//!
//! ```text
//! hash of the text ──equal──► entry ┐
//! band 0 of its sketch ──heads──► entry ──next──► entry …   ├──► number of the text
//! band 1 of its sketch ──heads──► …                         ┘
//! ```
//!
//! An entry is a *distinct* text. Entries lie in segments of 65,536, so that a place in one takes two bytes, and nothing
//! is ever moved as the index grows.

use std::collections::BTreeSet;

use hashbrown::HashTable;

use super::shingles::{Shingles, jaccard};
use super::sketch::{BANDS, Bits, Sketch};
use super::{NEAR_DUPLICATE, TextHash};

/// The entries of a segment, and the places that a band has in it.
const SEGMENT: usize = 1 << 16;
/// No entry.
const NONE: u16 = u16::MAX;
/// How many texts of a band are looked at in a segment: where more are in the same place, they are alike, and the newest
/// ones stand for them.
const CROWD: usize = 24;
/// How many texts are compared exactly, those whose sketches differ least first.
const EXACTLY: usize = 16;

/// A text, as the index knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexedText {
    /// The hash of the normalised text.
    pub hash: TextHash,
    sketch: Sketch,
}

impl IndexedText {
    /// Returns what is known of a text by its hash and its shingles.
    #[must_use]
    pub fn new(hash: TextHash, shingles: &Shingles) -> Self {
        Self { hash, sketch: Sketch::of(shingles) }
    }

    /// Returns what is known of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let normal = super::normalise(text);
        Self::new(TextHash::of_normalised(&normal), &Shingles::of_normalised(&normal))
    }
}

/// A distinct text: the first one that has it.
#[derive(Debug, Clone, Copy)]
struct Entry {
    hash: u64,
    bits: Bits,
    number: u32,
}

/// Up to [`SEGMENT`] entries, chained by the places of their bands.
#[derive(Debug, Clone)]
struct Segment {
    entries: Vec<Entry>,
    /// The newest entry of each place of each band.
    heads: Vec<u16>,
    /// The entry before each one in each band.
    next: Vec<[u16; BANDS]>,
}

impl Segment {
    fn new() -> Self {
        Self { entries: Vec::new(), heads: vec![NONE; SEGMENT * BANDS], next: Vec::new() }
    }

    /// Returns whether no entry more has a place here; the last one would be called [`NONE`].
    fn is_full(&self) -> bool {
        self.entries.len() >= usize::from(NONE)
    }

    fn push(&mut self, entry: Entry, sketch: &Sketch) {
        let Ok(place) = u16::try_from(self.entries.len()) else { return };
        let mut next = [NONE; BANDS];
        for (band, (next, key)) in next.iter_mut().zip(sketch.bands).enumerate() {
            *next = std::mem::replace(&mut self.heads[band * SEGMENT + usize::from(key)], place);
        }
        self.entries.push(entry);
        self.next.push(next);
    }

    /// Adds the entries before `before` that may be nearly the same, each once, with how far their sketches differ.
    fn candidates(&self, sketch: &Sketch, before: u32, found: &mut Vec<(u32, u32)>) {
        let start = found.len();
        for (band, key) in sketch.bands.iter().enumerate() {
            let mut place = self.heads[band * SEGMENT + usize::from(*key)];
            for _ in 0..CROWD {
                if place == NONE {
                    break;
                }
                let entry = &self.entries[usize::from(place)];
                if let Some(difference) = sketch.bits.difference(entry.bits)
                    && entry.number < before
                    && !found[start..].iter().any(|(_, number)| *number == entry.number)
                {
                    found.push((difference, entry.number));
                }
                place = self.next[usize::from(place)][band];
            }
        }
    }
}

/// A growing index of numbered texts; numbers may come in any order.
#[derive(Debug, Clone, Default)]
pub struct TextIndex {
    segments: Vec<Segment>,
    /// The entries by their hashes.
    equal: HashTable<u32>,
    /// The texts that are equal to an entry, by its hash, but for the first one.
    repeated: BTreeSet<(u64, u32)>,
}

impl TextIndex {
    /// Creates an index without texts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns how many distinct texts it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.equal.len()
    }

    /// Returns whether it holds no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.equal.is_empty()
    }

    /// Returns the hashes of the texts, each once.
    pub fn hashes(&self) -> impl Iterator<Item = TextHash> + '_ {
        self.equal.iter().map(|place| TextHash(self.entry(*place).hash))
    }

    fn entry(&self, place: u32) -> &Entry {
        &self.segments[place as usize / SEGMENT].entries[place as usize % SEGMENT]
    }

    fn entry_mut(&mut self, place: u32) -> &mut Entry {
        &mut self.segments[place as usize / SEGMENT].entries[place as usize % SEGMENT]
    }

    fn place_of(&self, hash: TextHash) -> Option<u32> {
        self.equal.find(hash.0, |place| self.entry(*place).hash == hash.0).copied()
    }

    /// Returns the lowest number of the texts that are equal to one.
    #[must_use]
    pub fn first_equal(&self, hash: TextHash) -> Option<u32> {
        self.place_of(hash).map(|place| self.entry(place).number)
    }

    /// Adds a text. One that is there under its number stays as it is.
    pub fn insert(&mut self, text: &IndexedText, number: u32) {
        if let Some(place) = self.place_of(text.hash) {
            let first = self.entry(place).number;
            if number != first {
                self.entry_mut(place).number = first.min(number);
                self.repeated.insert((text.hash.0, first.max(number)));
            }
            return;
        }
        if self.segments.last().is_none_or(Segment::is_full) {
            self.segments.push(Segment::new());
        }
        let before = (self.segments.len() - 1) * SEGMENT;
        let Some(last) = self.segments.last_mut() else { return };
        let Ok(place) = u32::try_from(before + last.entries.len()) else { return };
        last.push(Entry { hash: text.hash.0, bits: text.sketch.bits, number }, &text.sketch);
        let segments = &self.segments;
        let hash = |place: &u32| segments[*place as usize / SEGMENT].entries[*place as usize % SEGMENT].hash;
        self.equal.insert_unique(text.hash.0, place, hash);
    }

    /// Removes a text that is there under a number; the next one that is equal stands for it.
    pub fn remove(&mut self, hash: TextHash, number: u32) {
        let Some(place) = self.place_of(hash) else { return };
        if self.entry(place).number != number {
            self.repeated.remove(&(hash.0, number));
            return;
        }
        let next = self.repeated.range((hash.0, 0)..=(hash.0, u32::MAX)).next().copied();
        if let Some(next) = next {
            self.repeated.remove(&next);
            self.entry_mut(place).number = next.1;
            return;
        }
        self.entry_mut(place).bits = Bits::REMOVED;
        if let Ok(found) = self.equal.find_entry(hash.0, |known| *known == place) {
            found.remove();
        }
    }

    /// Returns the numbers of texts that may be nearly the same as one, of those with a number below `before`: the
    /// likeliest first, at most 16.
    #[must_use]
    pub fn candidates(&self, text: &IndexedText, before: u32) -> Vec<u32> {
        let mut found = Vec::new();
        self.segments.iter().for_each(|segment| segment.candidates(&text.sketch, before, &mut found));
        found.sort_unstable();
        found.into_iter().take(EXACTLY).map(|(_, number)| number).collect()
    }

    /// Returns the most similar text of those with a number below `before` that are nearly the same, with the Jaccard
    /// similarity, [`NEAR_DUPLICATE`] to 1; of equally similar ones the first. `shingles` returns those of the text with
    /// a number.
    pub fn nearest(
        &self,
        text: &IndexedText,
        own: impl FnOnce() -> Shingles,
        before: u32,
        shingles: impl Fn(u32) -> Option<Shingles>,
    ) -> Option<(u32, f64)> {
        let candidates = self.candidates(text, before);
        if candidates.is_empty() {
            return None;
        }
        let own = own();
        let near = candidates.into_iter().filter_map(|number| {
            let similarity = jaccard(&own, &shingles(number)?);
            (similarity >= NEAR_DUPLICATE).then_some((number, similarity))
        });
        near.reduce(|best, other| {
            let is_better = other.1.total_cmp(&best.1).then(best.0.cmp(&other.0)).is_gt();
            if is_better { other } else { best }
        })
    }
}

#[cfg(test)]
mod tests;
