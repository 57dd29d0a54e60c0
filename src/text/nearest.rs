//! Finds the most similar of many texts without comparing with all of them.
//!
//! An inverted index over five-character shingles. The result is exactly that of comparing
//! with every text: a text is skipped only where an upper bound on its similarity rules it
//! out. Texts cannot be removed.
//!
//! ```text
//! hash of a shingle ──terms──► term 7 ──postings──► texts 0, 3, 12 …   (ascending)
//! text 3 ──────────────────────members────────────► terms 2, 7, 40 …   (ascending)
//! ```

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::shingles::{Shingles, share};

/// The similarity from which two texts are near-duplicates (METRICS.md 3 and 8).
pub const NEAR_DUPLICATE: f64 = 0.80;

/// A growing index of texts that finds those most similar to a given one.
#[derive(Debug, Clone, Default)]
pub struct NearIndex {
    terms: HashMap<u64, u32, Spread>,
    postings: Vec<Posting>,
    members: Vec<Box<[u32]>>,
}

impl NearIndex {
    /// Creates an index without texts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns how many texts were inserted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Returns whether no text was inserted yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Adds a text and returns its id: the number of texts inserted before it.
    pub fn insert(&mut self, text: &str) -> u32 {
        self.insert_shingles(&Shingles::of(text))
    }

    /// Adds a text by its shingles, which must be those of [`Shingles::of`].
    ///
    /// # Panics
    ///
    /// If it would hold more than 2^32 texts or different shingles.
    pub fn insert_shingles(&mut self, shingles: &Shingles) -> u32 {
        let id = as_u32(self.members.len());
        let mut members = Vec::with_capacity(shingles.len());
        for &hash in shingles.hashes() {
            let fresh = as_u32(self.postings.len());
            let term = *self.terms.entry(hash).or_insert(fresh);
            if term == fresh {
                self.postings.push(Posting::One([id]));
            } else {
                self.postings[term as usize].push(id);
            }
            members.push(term);
        }
        members.sort_unstable();
        self.members.push(members.into_boxed_slice());
        id
    }

    /// Returns the id of the most similar text, with its Jaccard similarity, above 0 to 1.
    ///
    /// Of equally similar texts the one inserted first is returned; `None` if no text shares
    /// a shingle.
    #[must_use]
    pub fn nearest(&self, shingles: &Shingles) -> Option<(u32, f64)> {
        let terms = self.rarest_first(shingles);
        let size = shingles.len();
        let mut counts = vec![0_u32; self.members.len()];
        let mut touched = Vec::new();
        let (mut left, mut most, mut leader) = (terms.len(), 0, 0);
        // A lower bound on the shingles that the result shares, from the best text so far.
        let mut least = 0;
        for &term in &terms {
            // A text not seen so far shares at most the terms that are left.
            if left < least {
                break;
            }
            for &id in self.postings[term as usize].ids() {
                let count = &mut counts[id as usize];
                if *count == 0 {
                    touched.push(id);
                }
                *count += 1;
                if *count > most {
                    (most, leader) = (*count, id);
                }
            }
            left -= 1;
            let both = most as usize;
            least = least.max((both * size).div_ceil(size + self.members[leader as usize].len() - both));
        }
        let rest = &terms[terms.len() - left..];
        let mut best = None;
        for id in touched {
            let members = &self.members[id as usize];
            let both = counts[id as usize] as usize;
            let at_most = (both + left).min(members.len()).min(size);
            let could = share(at_most, size, members.len());
            if at_most >= least && best.is_none_or(|(_, similarity)| could >= similarity) {
                let both = both + rest.iter().filter(|term| members.binary_search(term).is_ok()).count();
                best = Some(better(best, (id, share(both, size, members.len()))));
            }
        }
        best
    }

    /// Returns the first text found with a similarity of at least `threshold`, and its similarity.
    ///
    /// Only texts for which `admit` holds are considered. `threshold` is above 0 and at most
    /// 1; a higher one costs less. The same texts inserted in the same order give the same
    /// result.
    pub fn any_at_least(
        &self,
        shingles: &Shingles,
        threshold: f64,
        admit: impl Fn(u32) -> bool,
    ) -> Option<(u32, f64)> {
        self.at_least(shingles, threshold, admit, |_| true)
    }

    /// Returns the most similar text whose similarity is at least `threshold`.
    ///
    /// Works as [`Self::any_at_least`], but compares all such texts; of equally similar ones
    /// the one inserted first is returned.
    pub fn best_at_least(
        &self,
        shingles: &Shingles,
        threshold: f64,
        admit: impl Fn(u32) -> bool,
    ) -> Option<(u32, f64)> {
        self.at_least(shingles, threshold, admit, |_| false)
    }

    /// Returns the best text that reaches the threshold, stopping early once `enough` holds.
    ///
    /// A text that reaches it shares at least `needed` of the query's shingles, so it has
    /// one of any `size - needed + 1` of them; the rarest are looked up and counted. The
    /// others are looked up only for texts that can still reach it.
    fn at_least(
        &self,
        shingles: &Shingles,
        threshold: f64,
        admit: impl Fn(u32) -> bool,
        enough: impl Fn(f64) -> bool,
    ) -> Option<(u32, f64)> {
        let (terms, size) = (self.rarest_first(shingles), shingles.len());
        let unknown = size - terms.len();
        let probes = (size + 1).saturating_sub(needed(threshold, size) + unknown).min(terms.len());
        let (rare, rest) = terms.split_at(probes);
        let mut counts = vec![0_u32; self.members.len()];
        let mut touched = Vec::new();
        for &term in rare {
            for &id in self.postings[term as usize].ids() {
                let count = &mut counts[id as usize];
                if *count == 0 {
                    touched.push(id);
                }
                *count += 1;
            }
        }
        let mut best = None;
        for id in touched {
            let members = &self.members[id as usize];
            let reaches =
                |both: usize| share(both.min(size).min(members.len()), size, members.len()) >= threshold;
            let mut both = counts[id as usize] as usize;
            if !reaches(both + rest.len()) || !admit(id) {
                continue;
            }
            both += rest.iter().filter(|term| members.binary_search(term).is_ok()).count();
            let similarity = share(both, size, members.len());
            if similarity >= threshold {
                best = Some(better(best, (id, similarity)));
                if enough(similarity) {
                    return best;
                }
            }
        }
        best
    }

    /// Returns the query's terms that are in the index, those in the fewest texts first.
    fn rarest_first(&self, shingles: &Shingles) -> Vec<u32> {
        let texts = |term: u32| (as_u32(self.postings[term as usize].ids().len()), term);
        let mut terms = Vec::with_capacity(shingles.len());
        terms.extend(shingles.hashes().iter().filter_map(|hash| self.terms.get(hash).copied().map(texts)));
        terms.sort_unstable();
        terms.into_iter().map(|(_, term)| term).collect()
    }
}

/// The texts that have a shingle. Most shingles of a long text are in no other one.
#[derive(Debug, Clone)]
enum Posting {
    One([u32; 1]),
    Many(Vec<u32>),
}

impl Posting {
    fn ids(&self) -> &[u32] {
        match self {
            Self::One(id) => id,
            Self::Many(ids) => ids,
        }
    }

    fn push(&mut self, id: u32) {
        match self {
            Self::One([first]) => *self = Self::Many(vec![*first, id]),
            Self::Many(ids) => ids.push(id),
        }
    }
}

/// Returns how many of `size` shingles a text must share to reach the threshold.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the product is at most the number of shingles of one text, and not negative"
)]
fn needed(threshold: f64, size: usize) -> usize {
    // Slightly less, so that rounding never asks for one shingle too many.
    let least = (threshold.clamp(0.0, 1.0) * size as f64 - 1e-9).ceil();
    (least as usize).max(1)
}

/// Returns the better of two finds: the more similar one, else the one inserted first.
fn better(best: Option<(u32, f64)>, other: (u32, f64)) -> (u32, f64) {
    best.filter(|best| best.1.total_cmp(&other.1).then(other.0.cmp(&best.0)).is_ge()).unwrap_or(other)
}

fn as_u32(index: usize) -> u32 {
    // Documented under `Panics`: 2^32 entries do not fit into memory.
    u32::try_from(index).expect("an index holds fewer than 2^32 entries")
}

/// Builds the hashers of maps whose keys are well spread already, or small and many.
pub(crate) type Spread = BuildHasherDefault<Spreader>;

/// A cheap hasher for keys that are well spread already: shingle hashes and ids.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spreader(u64);

impl Hasher for Spreader {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        // The high bits depend on all bits of the keys, and a map chooses the place by the low ones.
        self.0.rotate_left(26)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::rng::SplitMix64;
    use crate::text::shingles::jaccard;

    /// Texts of few different words, so that similar and equal ones are among them.
    fn texts(seed: u64, count: usize) -> Vec<String> {
        let words = ["free", "prize", "call", "now", "you", "have", "won", "ok", "", "later", "téxt"];
        let mut random = SplitMix64::new(seed);
        let mut text = || {
            let words: Vec<_> = (0..random.below(9)).filter_map(|_| random.choose(&words)).copied().collect();
            words.join(" ")
        };
        (0..count).map(|_| text()).collect()
    }

    fn index(texts: &[String]) -> NearIndex {
        let mut index = NearIndex::new();
        for (place, text) in texts.iter().enumerate() {
            assert_eq!(index.insert(text) as usize, place);
        }
        index
    }

    /// The result of comparing with every text.
    fn by_hand(texts: &[String], shingles: &Shingles, threshold: f64) -> Option<(u32, f64)> {
        let similarities = texts.iter().map(|text| jaccard(shingles, &Shingles::of(text)));
        let reaching = (0..).zip(similarities).filter(|&(_, similarity)| similarity >= threshold);
        reaching.fold(None, |best, other| Some(better(best, other)))
    }

    #[test]
    fn the_nearest_text_is_the_one_that_comparing_with_all_gives() {
        for seed in 0..20 {
            let rows = texts(seed, 60);
            let index = index(&rows);

            for query in texts(seed + 100, 60) {
                let shingles = Shingles::of(&query);

                assert_eq!(
                    index.nearest(&shingles),
                    by_hand(&rows, &shingles, f64::MIN_POSITIVE),
                    "{query:?}"
                );
            }
        }
    }

    #[test]
    fn a_threshold_finds_a_text_exactly_where_there_is_one() {
        for (seed, threshold) in (0..30).zip([0.05, 0.3, 0.5, 0.8, 0.95, 1.0].into_iter().cycle()) {
            let rows = texts(seed, 60);
            let index = index(&rows);

            for query in texts(seed + 100, 60) {
                let shingles = Shingles::of(&query);
                let expected = by_hand(&rows, &shingles, threshold);

                let some = index.any_at_least(&shingles, threshold, |_| true);

                assert_eq!(index.best_at_least(&shingles, threshold, |_| true), expected, "{query:?}");
                assert_eq!(some.is_some(), expected.is_some(), "{query:?} at {threshold}");
                assert!(some.is_none_or(|(_, similarity)| similarity >= threshold));
            }
        }
    }

    #[test]
    fn a_text_of_exactly_the_threshold_is_found() {
        let mut index = NearIndex::new();
        index.insert("abcdefgh");

        let found = index.any_at_least(&Shingles::of("abcdefghi"), NEAR_DUPLICATE, |_| true);

        assert_eq!(found, Some((0, 0.8)));
    }

    #[test]
    fn texts_that_are_not_admitted_are_passed_over() {
        let index = index(&["call me later".into(), "call me later".into(), "call me later!".into()]);
        let shingles = Shingles::of("Call me later");

        assert_eq!(index.any_at_least(&shingles, 0.8, |id| id == 2), Some((2, 1.0)));
        assert_eq!(index.best_at_least(&shingles, 0.8, |id| id != 0), Some((1, 1.0)));
        assert_eq!(index.any_at_least(&shingles, 0.8, |_| false), None);
    }

    #[test]
    fn of_equally_near_texts_the_first_is_taken() {
        let index = index(&["something else".into(), "win a prize".into(), "Win a prize!".into()]);

        assert_eq!(index.nearest(&Shingles::of("win a prize")), Some((1, 1.0)));
    }

    #[test]
    fn an_index_without_anything_alike_finds_nothing() {
        let shingles = Shingles::of("good morning");

        assert_eq!(NearIndex::new().nearest(&shingles), None);
        assert_eq!(index(&["xyz".into()]).nearest(&shingles), None);
        assert_eq!(index(&["xyz".into()]).any_at_least(&shingles, 0.8, |_| true), None);
    }

    #[test]
    fn an_index_may_be_shared_between_threads() {
        fn shared<T: Send + Sync>(_: &T) {}
        shared(&NearIndex::new());
    }
}
