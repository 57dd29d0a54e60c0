//! Which rows are nearly those of others, among many.
//!
//! Rows are compared with all others by an index, and with those alone that share a band of their signatures where there
//! are very many. Both compare exactly in the end.
//!
//! Of a million rows neither signatures nor shingles fit into little memory, so only this is kept of them:
//!
//! ```text
//! texts ──► pieces ──► some bands ──► groups: the rows that share a band, 4 bytes each in each band
//!      └──► Parities ───────────────► by which most pairs of a group need not be compared
//! ```

use std::array;
use std::collections::HashMap;
use std::ops::Range;

use super::Texts;
use crate::parallel;
use crate::text::{
    NEAR_DUPLICATE, NearIndex, Parities, Shingles, SplitMix64, Stop, Stopped, fnv1a64, jaccard, normalise,
};

/// The number of hashes in a signature.
const SIGNATURE: usize = 128;

/// Above this many rows, signatures choose what is compared.
const MOST_COMPARED: usize = 5_000;

/// The rows that one is compared with at most, where signatures choose them: rows that all follow one pattern share bands
/// with all others.
const MOST_OF_ONE: u32 = 500;

/// The bands of a signature; two rows that are equal in one are compared.
const BANDS: usize = 32;
/// The hashes of a band.
const BAND: usize = SIGNATURE / BANDS;

/// Of so many texts a band of their signatures is held at once: a few bands of fewer texts, and one of more.
const HELD: usize = if cfg!(test) { 2_000 } else { 1 << 20 };

/// The prime below which hashes are, 2⁶¹ − 1.
const PRIME: u64 = (1 << 61) - 1;

/// How many texts are looked at together, on all cores.
const TOGETHER: usize = if cfg!(test) { 64 } else { 1 << 14 };

/// The number of characters in a piece of a text.
const PIECE: usize = 5;

/// Makes `MinHash` signatures of texts (Broder 1997): the share of equal hashes of two estimates their similarity.
#[derive(Debug, Clone)]
pub struct MinHash {
    factors: Vec<(u64, u64)>,
}

impl Default for MinHash {
    /// Draws a and b of each hash (a x + b) mod (2⁶¹ − 1) from `SplitMix64` with seed 42, a from 1 up.
    fn default() -> Self {
        let mut random = SplitMix64::new(42);
        let mut factor = || (random.next_u64() % (PRIME - 1) + 1, random.next_u64() % PRIME);
        Self { factors: (0..SIGNATURE).map(|_| factor()).collect() }
    }
}

impl MinHash {
    /// Returns the signature of a text: 128 hashes, each the least over its pieces of five characters, which are
    /// hashed by FNV-1a. A shorter text is one piece.
    #[must_use]
    pub fn signature(&self, text: &str) -> Vec<u64> {
        let pieces = pieces(text);
        (0..SIGNATURE).map(|at| self.least(at, &pieces)).collect()
    }

    /// Returns some bands of the signature of a text, by its pieces.
    fn bands(&self, bands: Range<usize>, pieces: &[u64]) -> Vec<[u64; BAND]> {
        bands.map(|band| array::from_fn(|at| self.least(band * BAND + at, pieces))).collect()
    }

    fn least(&self, at: usize, pieces: &[u64]) -> u64 {
        let (a, b) = self.factors[at];
        pieces.iter().map(|&piece| permuted(a, b, piece)).min().unwrap_or(PRIME)
    }
}

/// Returns the hashes of a text's pieces.
fn pieces(text: &str) -> Vec<u64> {
    let normal = normalise(text);
    let hash = |piece: &[u8]| fnv1a64(piece) % PRIME;
    let starts: Vec<usize> = normal.char_indices().map(|(at, _)| at).chain([normal.len()]).collect();
    if starts.len() <= PIECE {
        return vec![hash(normal.as_bytes())];
    }
    starts.windows(PIECE + 1).map(|places| hash(&normal.as_bytes()[places[0]..places[PIECE]])).collect()
}

/// Returns (a h + b) mod (2⁶¹ − 1) of numbers below it.
#[expect(clippy::cast_possible_truncation, reason = "both halves are below 2^62")]
const fn permuted(a: u64, b: u64, hash: u64) -> u64 {
    let wide = a as u128 * hash as u128 + b as u128;
    // 2⁶¹ is 1 in this ring, so the high bits are added to the low ones.
    let folded = (wide as u64 & PRIME) + (wide >> 61) as u64;
    if folded >= PRIME { folded - PRIME } else { folded }
}

/// Returns the share of hashes that two signatures have in common, 0 to 1: about the similarity of their texts.
#[must_use]
pub fn estimated_similarity(a: &[u64], b: &[u64]) -> f64 {
    super::share(a.iter().zip(b).filter(|(x, y)| x == y).count(), a.len().min(b.len()))
}

/// Returns how likely two rows of a similarity share one of `bands` bands of `rows` hashes: 1 − (1 − s^rows)^bands.
#[must_use]
pub fn candidate_probability(similarity: f64, bands: u32, rows: u32) -> f64 {
    let none = (1.0 - similarity.powf(f64::from(rows))).powf(f64::from(bands));
    1.0 - none
}

/// Returns for each text whether another one is a near-duplicate of it: a similarity of 0.80 or more.
///
/// # Errors
///
/// Where it was stopped.
pub(super) fn near_duplicates(texts: &Texts, stop: &Stop) -> Result<Vec<bool>, Stopped> {
    if texts.len() > MOST_COMPARED {
        return by_bands(texts, stop);
    }
    let shingles: Vec<Shingles> = texts.iter().map(Shingles::of).collect();
    by_index(&shingles, stop)
}

fn by_index(shingles: &[Shingles], stop: &Stop) -> Result<Vec<bool>, Stopped> {
    let mut index = NearIndex::new();
    let mut near = vec![false; shingles.len()];
    for (at, of_text) in shingles.iter().enumerate() {
        stop.check()?;
        // Each text is compared with those before it, and both are near where one is found.
        if let Some((other, _)) = index.any_at_least(of_text, NEAR_DUPLICATE, |_| true) {
            near[at] = true;
            near[other as usize] = true;
        }
        index.insert_shingles(of_text);
    }
    // One before it may be near to this one alone, and the first found may have been another.
    for (at, of_text) in shingles.iter().enumerate() {
        if !near[at] {
            stop.check()?;
            near[at] = index.any_at_least(of_text, NEAR_DUPLICATE, |other| other as usize != at).is_some();
        }
    }
    Ok(near)
}

fn by_bands(texts: &Texts, stop: &Stop) -> Result<Vec<bool>, Stopped> {
    let groups = groups(texts, stop)?;
    let mut parities = Parities::default();
    each(texts, stop, Shingles::of, |shingles| parities.push(&shingles))?;
    let shingles = |row: u32| Shingles::of(texts.text(row as usize));
    let mut near = vec![false; texts.len()];
    let mut compared = vec![0; texts.len()];
    for group in groups.iter().flat_map(|(size, rows)| rows.chunks_exact(*size)) {
        stop.check()?;
        // Every row is compared with the first few hundred of the group.
        let mut of_others = HashMap::new();
        for &one in group {
            let mut own = None;
            for &other in group {
                let (at, other_at) = (one as usize, other as usize);
                if near[at] || compared[at] == MOST_OF_ONE {
                    break;
                }
                if one == other {
                    continue;
                }
                compared[at] += 1;
                if parities.may_be_near(at, other_at) {
                    let own = own.get_or_insert_with(|| shingles(one));
                    let of_other = of_others.entry(other).or_insert_with(|| shingles(other));
                    if jaccard(own, of_other) >= NEAR_DUPLICATE {
                        (near[at], near[other_at]) = (true, true);
                    }
                }
            }
        }
    }
    Ok(near)
}

/// Returns the groups of rows that share a band, the smallest first: the rows of groups of one size behind one another.
fn groups(texts: &Texts, stop: &Stop) -> Result<Vec<(usize, Vec<u32>)>, Stopped> {
    let minhash = MinHash::default();
    let mut groups = Vec::new();
    let at_once = (HELD / texts.len().max(1)).clamp(1, BANDS);
    for first in (0..BANDS).step_by(at_once) {
        let last = BANDS.min(first + at_once);
        let mut bands: Vec<_> = (first..last).map(|_| Vec::with_capacity(texts.len())).collect();
        let mut row = 0;
        let take = |hashes: Vec<[u64; BAND]>| {
            bands.iter_mut().zip(hashes).for_each(|(band, hashes)| band.push((hashes, row)));
            row += 1;
        };
        each(texts, stop, |text| minhash.bands(first..last, &pieces(text)), take)?;
        bands.into_iter().for_each(|band| groups.extend(groups_of(band)));
    }
    // What few share says more than what most share, such as the pattern that all of them follow.
    groups.sort_by_key(|(size, _)| *size);
    Ok(groups)
}

/// Returns the groups of rows with equal hashes, those of each size behind one another.
fn groups_of(mut rows: Vec<([u64; BAND], u32)>) -> Vec<(usize, Vec<u32>)> {
    rows.sort_unstable();
    let mut groups: Vec<_> = rows.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1).collect();
    groups.sort_by_key(|group| group.len());
    let of_size = |groups: &[&[([u64; BAND], u32)]]| {
        let size = groups[0].len();
        let mut rows = Vec::with_capacity(size * groups.len());
        rows.extend(groups.iter().copied().flatten().map(|(_, row)| *row));
        (size, rows)
    };
    groups.chunk_by(|a, b| a.len() == b.len()).map(of_size).collect()
}

/// Does work on each text, on all cores, and hands on what it makes, in order.
fn each<T: Send>(
    texts: &Texts,
    stop: &Stop,
    work: impl Fn(&str) -> T + Sync,
    mut take: impl FnMut(T),
) -> Result<(), Stopped> {
    for start in (0..texts.len()).step_by(TOGETHER) {
        stop.check()?;
        let rows: Vec<usize> = (start..texts.len().min(start + TOGETHER)).collect();
        parallel::map(&rows, |row| work(texts.text(*row))).into_iter().for_each(&mut take);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn index_and_bands_find_the_same_near_duplicates() {
        let words =
            ["free", "prize", "call", "now", "you", "have", "won", "later", "at", "home", "bank", "today"];
        let mut random = SplitMix64::new(3);
        let mut texts: Vec<String> = (0..150)
            .map(|_| (0..8).filter_map(|_| random.choose(&words)).copied().collect::<Vec<_>>().join(" "))
            .collect();
        texts.push(format!("{}s", texts[0]));
        texts.push(texts[1].to_uppercase());
        let texts: Texts = texts.into_iter().collect();
        let shingles: Vec<Shingles> = texts.iter().map(Shingles::of).collect();

        let by_index = by_index(&shingles, &Stop::never()).unwrap();

        let of_others = |at: usize| (0..texts.len()).filter(move |other| *other != at);
        let reaches =
            |at: usize| of_others(at).any(|other| jaccard(&shingles[at], &shingles[other]) >= NEAR_DUPLICATE);
        assert_eq!(by_index, (0..texts.len()).map(reaches).collect::<Vec<_>>());
        assert_eq!(by_bands(&texts, &Stop::never()).unwrap(), by_index);
        assert!(by_index[0] && by_index[1] && by_index[150] && by_index[151]);
        assert!(by_index.iter().any(|near| !near));
    }

    /// Compares by the whole signatures of all texts and by all their shingles.
    fn by_signatures(texts: &Texts) -> Vec<bool> {
        let minhash = MinHash::default();
        let mut groups: BTreeMap<(usize, Vec<u64>), Vec<usize>> = BTreeMap::new();
        for (at, text) in texts.iter().enumerate() {
            for (band, hashes) in minhash.signature(text).chunks(BAND).enumerate() {
                groups.entry((band, hashes.to_vec())).or_default().push(at);
            }
        }
        let mut groups: Vec<_> = groups.into_values().collect();
        groups.sort_by_key(Vec::len);
        let shingles: Vec<Shingles> = texts.iter().map(Shingles::of).collect();
        let (mut near, mut compared) = (vec![false; texts.len()], vec![0; texts.len()]);
        for group in groups {
            for &one in &group {
                for &other in group.iter().filter(|other| **other != one) {
                    if !near[one] && compared[one] < MOST_OF_ONE {
                        compared[one] += 1;
                        let is_near = jaccard(&shingles[one], &shingles[other]) >= NEAR_DUPLICATE;
                        near[one] |= is_near;
                        near[other] |= is_near;
                    }
                }
            }
        }
        near
    }

    #[test]
    fn band_by_band_the_same_pairs_are_compared_as_by_whole_signatures() {
        let mut random = SplitMix64::new(9);
        // Most texts follow one pattern, so that some are compared with as many others as may be.
        let texts: Texts = (0..700)
            .map(|number| {
                let (a, b) = (random.below(1_000), random.below(100_000));
                if number % 20 == 0 {
                    format!("number {a}")
                } else {
                    format!("your parcel {b} waits at our depot, pay {a} at once")
                }
            })
            .collect();

        let near = by_bands(&texts, &Stop::never()).unwrap();

        assert_eq!(near, by_signatures(&texts));
        assert!(near.contains(&true) && near.contains(&false));
    }

    #[test]
    fn work_that_is_stopped_has_no_result() {
        assert_eq!(near_duplicates(&["a", "b"].into_iter().collect(), &Stop::when(|| true)), Err(Stopped));
    }
}
