//! Parities: a few bits of each text, by which most pairs of texts are known not to be near-duplicates.
//!
//! Each shingle of a text turns over one bit, which its hash chooses. A shingle that two texts share turns over the same
//! bit of both, so no more bits differ than there are shingles that one of them has alone: a bound that never errs
//! (the bitmap filter of Sandes, Teodoro and Melo 2020). There are two to four bits for each shingle; where two texts have
//! unlike numbers of bits, the longer row of bits is folded.

use super::shingles::Shingles;

/// The shingles for which there is a word of 64 bits.
const OF_WORD: usize = 32;

/// The parities of many texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parities {
    bits: Vec<u64>,
    /// Where the bits of each text end, and how many shingles it has.
    texts: Vec<(usize, usize)>,
}

impl Parities {
    /// Adds a text by its shingles.
    pub(crate) fn push(&mut self, shingles: &Shingles) {
        let start = self.bits.len();
        let words = shingles.len().div_ceil(OF_WORD).next_power_of_two();
        self.bits.resize(start + words, 0);
        for hash in shingles.hashes() {
            self.bits[start + place(hash / 64) % words] ^= 1 << (hash % 64);
        }
        self.texts.push((self.bits.len(), shingles.len()));
    }

    /// Returns whether the texts at two places may be near-duplicates; `false` is certain.
    pub(crate) fn may_be_near(&self, a: usize, b: usize) -> bool {
        let ((a, of_a), (b, of_b)) = (self.of(a), self.of(b));
        let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        let differ: u32 = if short.len() == long.len() {
            short.iter().zip(long).map(|(a, b)| (a ^ b).count_ones()).sum()
        } else {
            let folded = |at| long.iter().skip(at).step_by(short.len()).fold(0, |all, word| all ^ word);
            short.iter().enumerate().map(|(at, word)| (word ^ folded(at)).count_ones()).sum()
        };
        // J = (both − alone) / (both + alone), for the sums of both sizes and the shingles that one has alone: it is 0.80
        // or more exactly where nine times the latter are no more than the former.
        9 * (differ as usize).max(of_a.abs_diff(of_b)) <= of_a + of_b
    }

    /// Returns the bits of a text and how many shingles it has.
    fn of(&self, at: usize) -> (&[u64], usize) {
        let start = at.checked_sub(1).map_or(0, |before| self.texts[before].0);
        let (end, shingles) = self.texts[at];
        (&self.bits[start..end], shingles)
    }
}

/// Returns a part of a hash as a place.
#[expect(clippy::cast_possible_truncation, reason = "any part of the hash will do")]
const fn place(hash: u64) -> usize {
    hash as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{NEAR_DUPLICATE, SplitMix64, jaccard};

    #[test]
    fn no_near_duplicate_is_passed_over_and_hardly_another_pair_is_left() {
        let mut random = SplitMix64::new(5);
        let mut parities = Parities::default();
        let mut all = Vec::new();
        for length in [0, 1, 4, 6, 11, 12, 13, 25, 120] {
            let mut words: Vec<String> = (0..length).map(|_| random.below(10_000).to_string()).collect();
            // Each text differs from the one before in one word, or has one more.
            for _ in 0..30 {
                let at = random.below(words.len() + 1);
                let word = random.below(10_000).to_string();
                if at < words.len() {
                    words[at] = word;
                } else {
                    words.push(word);
                }
                all.push(Shingles::of(&words.join(" ")));
            }
        }
        all.iter().for_each(|shingles| parities.push(shingles));

        let (mut near, mut far, mut left) = (0, 0, 0);
        for (a, of_a) in all.iter().enumerate() {
            for (b, of_b) in all.iter().enumerate().filter(|(b, _)| *b != a) {
                let similarity = jaccard(of_a, of_b);
                let may_be = parities.may_be_near(a, b);
                assert!(similarity < NEAR_DUPLICATE || may_be, "{similarity}: {of_a:?} {of_b:?}");
                near += usize::from(similarity >= NEAR_DUPLICATE);
                far += usize::from(similarity < 0.5);
                left += usize::from(similarity < 0.5 && may_be);
            }
        }
        assert!(near > 500 && left * 100 < far, "{near} are near, {left} of {far} are left");
    }
}
