//! Sketches: a few bytes of a text by which texts that may be near-duplicates are found.
//!
//! Each of [`SLOTS`] slots holds a shingle that the set chose by its hash, so that two sets have the same one in a slot
//! with a probability of about their Jaccard similarity (`MinHash`, Broder 1997). The shingles are chosen by *fast
//! similarity sketching* (Dahlgaard, Knudsen and Thorup, FOCS 2017): every shingle is thrown into one slot a round until
//! none is empty, which takes about as many hashes as there are slots, where `MinHash` takes slots times shingles.
//!
//! ```text
//! shingles ──rounds──► slots  3 9 4 1 7 7 │ 2 8 …       84 slots
//!                             └─ band 0 ─┘              14 bands of 6 slots: where a text is looked for
//!                             1 1 0 1 1 1 │ 0 0 …       one bit of each slot: what is kept of it
//! ```

use super::shingles::{Shingles, finish};

/// The slots of a band: two texts meet in a band if they have the same shingles in all of them.
const ROWS: usize = 6;
/// The bands. Texts of a similarity of .80 meet in one of them with a probability of .986, of .30 with one of .010.
pub(super) const BANDS: usize = 14;
const SLOTS: usize = ROWS * BANDS;
/// How many bits of two texts that are nearly the same differ at most: of a similarity of .80, 17 or fewer of 84 do in
/// 998 of 1,000 cases; of .50, in about 19 of 100.
const DIFFER: u32 = 17;
/// The bits of the slots in the second half; the size stands above them.
const UPPER: u64 = (1 << (SLOTS - 64)) - 1;
const SIZE: u32 = 48;

/// What is kept of a text: a bit of each slot, and how many shingles it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bits([u64; 2]);

impl Bits {
    /// What is kept of a text that was removed; near to no text.
    pub(super) const REMOVED: Self = Self([0, 0]);

    const fn size(self) -> u64 {
        self.0[1] >> SIZE
    }

    /// Returns how many slots hold other shingles at least, where the texts may be near-duplicates.
    pub(super) fn difference(self, other: Self) -> Option<u32> {
        let (least, most) = (self.size().min(other.size()), self.size().max(other.size()));
        // Of sets that differ more in size, less than .80 of the larger one can be shared.
        if least * 5 < most * 4 || least == 0 {
            return None;
        }
        let differ = (self.0[0] ^ other.0[0]).count_ones() + ((self.0[1] ^ other.0[1]) & UPPER).count_ones();
        (differ <= DIFFER).then_some(differ)
    }
}

/// The sketch of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sketch {
    pub(super) bands: [u16; BANDS],
    pub(super) bits: Bits,
}

impl Sketch {
    /// Returns the sketch of a text by its shingles.
    pub(super) fn of(shingles: &Shingles) -> Self {
        let slots = slots(shingles.hashes());
        let mut bands = [0; BANDS];
        for (band, slots) in bands.iter_mut().zip(slots.chunks_exact(ROWS)) {
            let key = slots.iter().fold(0_u64, |key, slot| (key.rotate_left(23) ^ slot).wrapping_mul(SPREAD));
            *band = (key >> 48) as u16;
        }
        let mut bits = [0_u64; 2];
        for (at, slot) in slots.iter().enumerate() {
            bits[at / 64] |= (slot & 1) << (at % 64);
        }
        bits[1] |= (shingles.len().min(usize::from(u16::MAX)) as u64) << SIZE;
        Self { bands, bits: Bits(bits) }
    }
}

const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Returns the shingle of each slot, as its round and half of its hash in that round: the least one wins.
fn slots(hashes: &[u64]) -> [u64; SLOTS] {
    let mut slots = [u64::MAX; SLOTS];
    let mut filled = 0;
    for round in 0..SLOTS as u64 {
        let factor = finish(round) | 1;
        for hash in hashes {
            let mixed = mixed(*hash, factor);
            let slot = &mut slots[(((mixed >> 32) * SLOTS as u64) >> 32) as usize];
            filled += usize::from(*slot == u64::MAX);
            *slot = (*slot).min((round << 32) | (mixed & 0xffff_ffff));
        }
        if filled == SLOTS {
            return slots;
        }
    }
    // So many rounds leave a slot empty only where there are very few shingles: every one of them is tried there.
    for (at, slot) in (SLOTS as u64..).zip(&mut slots) {
        if *slot == u64::MAX {
            let factor = finish(at) | 1;
            let least = hashes.iter().map(|hash| mixed(*hash, factor) & 0xffff_ffff).min();
            *slot = (at << 32) | least.unwrap_or(0);
        }
    }
    slots
}

/// Returns the hash of a shingle in the round of a factor.
const fn mixed(hash: u64, factor: u64) -> u64 {
    let mixed = hash.wrapping_mul(factor);
    (mixed ^ (mixed >> 29)).wrapping_mul(SPREAD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::jaccard;

    fn sketch(text: &str) -> Sketch {
        Sketch::of(&Shingles::of(text))
    }

    #[test]
    fn the_same_words_have_the_same_sketch_however_few_they_are() {
        for text in ["", "ok", "Win cash now", "Your parcel waits at our depot, pay the fee of 1.99 today"] {
            assert_eq!(sketch(text), sketch(&format!("{text}!")));
            assert!(sketch(text).bits.difference(sketch(text).bits).is_some());
        }
    }

    #[test]
    fn slots_agree_about_as_often_as_the_similarity_says() {
        let words =
            |from: u32| (from..from + 40).map(|word| format!("{:x}", word * 7919)).collect::<Vec<_>>();
        let (mut agreed, mut expected, mut pairs) = (0.0, 0.0, 0.0);
        for start in (0..8000).step_by(80) {
            let (a, b) = (words(start).join(" "), words(start + start / 80 % 20).join(" "));
            let (a, b) = (Shingles::of(&a), Shingles::of(&b));
            let (slots_a, slots_b) = (slots(a.hashes()), slots(b.hashes()));
            let same = slots_a.iter().zip(&slots_b).filter(|(a, b)| a == b).count();
            let share = |slots: usize| f64::from(u32::try_from(slots).unwrap());
            agreed += share(same) / share(SLOTS);
            expected += jaccard(&a, &b);
            pairs += 1.0;
        }
        assert!((agreed - expected).abs() / pairs < 0.01, "{agreed} against {expected} of {pairs}");
    }

    #[test]
    fn texts_of_unlike_length_or_removed_ones_are_never_near() {
        let long = sketch("one two three four five six seven eight nine ten eleven twelve thirteen");
        let short = sketch("one two three four five six seven");
        assert_eq!(long.bits.difference(short.bits), None);
        assert_eq!(Bits::REMOVED.difference(short.bits), None);
        assert_eq!(Bits::REMOVED.difference(Bits::REMOVED), None);
    }
}
