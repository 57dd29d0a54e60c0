//! Shingles: the overlapping pieces of a text by which two texts are compared.
//!
//! A shingle is kept as a 64-bit hash, in a sorted set. With the few hundred shingles of
//! a row, two different ones have the same hash about once in 10^14 pairs of rows.
//! The similarity is exact otherwise: no sampling, no signatures (METRICS.md 3).

use super::words::{is_of_word, normalise};

/// The number of characters in a character shingle.
pub(crate) const CHARS: usize = 5;

/// The set of shingles of one text; never empty.
///
/// A text too short for a whole shingle, even the empty one, counts as one shingle, so two
/// texts of the same words always have the similarity 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shingles(Box<[u64]>);

impl Shingles {
    /// Returns the shingles of five characters of a text, which is normalised first.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::of_normalised(&normalise(text))
    }

    /// Returns the shingles of five characters of a text that is normalised already.
    #[must_use]
    pub fn of_normalised(normal: &str) -> Self {
        let mut hashes = Vec::with_capacity(normal.len().max(1));
        // Every character fits into 21 bits, and five of them into 105.
        let mask = (1_u128 << (21 * CHARS)) - 1;
        let mut window = 0_u128;
        let mut seen = 0;
        for c in normal.chars() {
            window = ((window << 21) | u128::from(u32::from(c))) & mask;
            seen += 1;
            if seen >= CHARS {
                hashes.push(mix(window));
            }
        }
        if hashes.is_empty() {
            hashes.push(mix(window));
        }
        Self::from_hashes(hashes)
    }

    /// Returns the shingles of `n` words of a text, which is normalised first.
    ///
    /// METRICS.md uses `n` = 3 beside five characters; 0 counts as 1.
    #[must_use]
    pub fn of_words(text: &str, n: usize) -> Self {
        Self::of_hashed_words(&hash_words(&normalise(text)), n)
    }

    /// Returns the shingles of `n` words of a text whose words are hashed already.
    #[must_use]
    pub(crate) fn of_hashed_words(words: &[u64], n: usize) -> Self {
        if words.is_empty() {
            return Self::from_hashes(vec![join_words(&[hash_word("")])]);
        }
        let n = n.clamp(1, words.len());
        Self::from_hashes(words.windows(n).map(join_words).collect())
    }

    fn from_hashes(mut hashes: Vec<u64>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes.into_boxed_slice())
    }

    /// Returns how many different shingles there are, at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a set of shingles is never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the hashes of the shingles in ascending order, each once.
    #[must_use]
    pub fn hashes(&self) -> &[u64] {
        &self.0
    }
}

/// Appends the hash of each word of a text, in order.
pub(crate) fn push_words(text: &str, hashes: &mut Vec<u64>) {
    if !text.is_ascii() {
        hashes.extend(word_hashes(&normalise(text)));
        return;
    }
    // The same hashes, without the normalised text.
    let mut word = None;
    for byte in text.bytes() {
        if is_of_word(byte) {
            word = Some(step(word.unwrap_or(START), byte.to_ascii_lowercase()));
        } else if let Some(hash) = word.take() {
            hashes.push(finish(hash));
        }
    }
    hashes.extend(word.map(finish));
}

/// Returns the hash of each word of a normalised text, in order.
#[must_use]
pub(crate) fn hash_words(normal: &str) -> Vec<u64> {
    let mut hashes = Vec::with_capacity(normal.len() / 4);
    hashes.extend(word_hashes(normal));
    hashes
}

fn word_hashes(normal: &str) -> impl Iterator<Item = u64> + '_ {
    normal.split(' ').filter(|word| !word.is_empty()).map(hash_word)
}

/// Combines the hashes of consecutive words into the hash of their shingle, as [`Shingles::of_words`] does.
#[must_use]
pub(crate) fn join_words(words: &[u64]) -> u64 {
    words.iter().fold(0, |joined, word| finish(joined.rotate_left(32) ^ word))
}

/// Returns the share of shingles that two texts have in common, 0 to 1.
///
/// |A ∩ B| / |A ∪ B| (Broder 1997). Both sets must be of the same kind of shingle.
#[must_use]
pub fn jaccard(a: &Shingles, b: &Shingles) -> f64 {
    share(common(&a.0, &b.0), a.len(), b.len())
}

/// Returns how many items two ascending lists have in common.
pub(super) fn common<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let order = x.cmp(y);
        both += usize::from(order.is_eq());
        i += usize::from(order.is_le());
        j += usize::from(order.is_ge());
    }
    both
}

/// Returns the Jaccard similarity of two sets of `a` and `b` items, `both` of them shared.
#[expect(clippy::cast_precision_loss, reason = "no text has 2^53 shingles")]
pub(super) fn share(both: usize, a: usize, b: usize) -> f64 {
    both as f64 / (a + b - both) as f64
}

/// Returns a well-spread hash of 128 bits (the finaliser of `SplitMix64`, applied twice).
#[expect(clippy::cast_possible_truncation, reason = "the halves are taken one after the other")]
const fn mix(bits: u128) -> u64 {
    finish((bits as u64) ^ finish((bits >> 64) as u64))
}

pub(super) const fn finish(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Returns the FNV-1a hash of bytes, 64 bits (Fowler, Noll, Vo 1991).
#[must_use]
pub fn fnv1a64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(START, |hash, byte| step(hash, *byte))
}

/// Returns the FNV-1a hash of a word, mixed for a better spread.
fn hash_word(word: &str) -> u64 {
    finish(fnv1a64(word.as_bytes()))
}

/// The hash of no bytes, before it is mixed.
const START: u64 = 0xcbf2_9ce4_8422_2325;

const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::float_cmp, reason = "both sides come from the same division")]
    fn assert_similarity(a: &str, b: &str, expected: f64) {
        assert_eq!(jaccard(&Shingles::of(a), &Shingles::of(b)), expected, "{a:?} and {b:?}");
    }

    #[test]
    fn a_text_shares_everything_with_itself_however_short() {
        for text in ["", "?", "ok", "abcd", "Win cash! Text WIN to 80082 now", "日本語のテキスト"] {
            assert_similarity(text, text, 1.0);
        }
    }

    #[test]
    fn one_more_letter_costs_one_shingle() {
        assert_eq!(Shingles::of("abcdef").len(), 2);
        assert_similarity("abcdef", "abcdefg", 2.0 / 3.0);
    }

    #[test]
    fn short_texts_are_one_shingle_and_differ_as_a_whole() {
        assert_eq!(Shingles::of("abcd").len(), 1);
        assert_similarity("abcd", "abce", 0.0);
        assert_similarity("", "a", 0.0);
    }

    #[test]
    fn repetition_within_a_text_counts_once() {
        assert_eq!(Shingles::of("aaaaaaaaaaaa").len(), 1);
    }

    #[test]
    fn characters_count_not_bytes() {
        assert_eq!(Shingles::of("éééé日").len(), 1);
        assert_eq!(Shingles::of("日本語の文章").len(), 2);
    }

    #[test]
    fn word_shingles_see_the_order_of_words() {
        let shares =
            |a: &str, b: &str, n| jaccard(&Shingles::of_words(a, n), &Shingles::of_words(b, n)) > 0.99;

        assert!(shares("one two three", "THREE, two. one", 1));
        assert!(!shares("one two three", "three two one", 3));
        assert!(shares("one two", "one two!", 3), "fewer words than a shingle");
        assert!(shares("a", "a", 0));
    }

    #[test]
    fn words_are_hashed_alike_with_and_without_the_normalised_text() {
        for text in ["", "?!", "Don't STOP_it now", " a  b.", "x1 — é 2", "\u{301}a", "end"] {
            let mut hashes = vec![7];
            push_words(text, &mut hashes);
            assert_eq!(hashes[1..], hash_words(&normalise(text)), "{text:?}");
        }
    }

    #[test]
    fn shingles_are_well_spread_over_the_hash() {
        let hashes =
            Shingles::of("the quick brown fox jumps over the lazy dog and runs off into the dark woods");

        let high = hashes.hashes().iter().filter(|hash| *hash >> 63 == 1).count();

        assert!((hashes.len() / 4..hashes.len() * 3 / 4).contains(&high), "{high} of {}", hashes.len());
    }
}
