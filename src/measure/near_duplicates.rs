//! Which rows are nearly those of others, among many.
//!
//! Rows are compared with all others by an index, and with those alone that share a band of their signatures where there
//! are very many. Both compare exactly in the end.

use crate::text::{
    NEAR_DUPLICATE, NearIndex, Shingles, SplitMix64, Stop, Stopped, fnv1a64, jaccard, normalise,
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

/// The prime below which hashes are, 2⁶¹ − 1.
const PRIME: u64 = (1 << 61) - 1;

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
        let normal = normalise(text);
        let starts: Vec<usize> = normal.char_indices().map(|(at, _)| at).chain([normal.len()]).collect();
        let whole = [0, normal.len()];
        let places: Vec<(usize, usize)> = if starts.len() > PIECE {
            starts.iter().copied().zip(starts.iter().copied().skip(PIECE)).collect()
        } else {
            vec![(whole[0], whole[1])]
        };
        let mut hashes: Vec<u64> = places
            .into_iter()
            .filter_map(|(start, end)| normal.get(start..end))
            .map(|piece| fnv1a64(piece.as_bytes()) % PRIME)
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        let least =
            |&(a, b): &(u64, u64)| hashes.iter().map(|&hash| permuted(a, b, hash)).min().unwrap_or(PRIME);
        self.factors.iter().map(least).collect()
    }
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
pub(super) fn near_duplicates(texts: &[&str], stop: &Stop) -> Result<Vec<bool>, Stopped> {
    let shingles: Vec<Shingles> = texts.iter().map(|text| Shingles::of(text)).collect();
    if texts.len() <= MOST_COMPARED { by_index(&shingles, stop) } else { by_bands(texts, &shingles, stop) }
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

fn by_bands(texts: &[&str], shingles: &[Shingles], stop: &Stop) -> Result<Vec<bool>, Stopped> {
    let minhash = MinHash::default();
    let mut bands: Vec<(usize, [u64; BAND], usize)> = Vec::with_capacity(texts.len() * BANDS);
    for (at, text) in texts.iter().enumerate() {
        stop.check()?;
        let signature = minhash.signature(text);
        let parts = signature.chunks_exact(BAND).enumerate();
        bands.extend(parts.filter_map(|(band, hashes)| Some((band, hashes.try_into().ok()?, at))));
    }
    bands.sort_unstable();
    // What few share says more than what most share, such as the pattern that all of them follow.
    let mut groups: Vec<_> = bands.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).collect();
    groups.sort_by_key(|group| group.len());
    let mut near = vec![false; texts.len()];
    let mut compared = vec![0; texts.len()];
    for group in groups {
        stop.check()?;
        for &(.., one) in group {
            for &(.., other) in group {
                if near[one] || compared[one] == MOST_OF_ONE {
                    break;
                }
                if one != other {
                    compared[one] += 1;
                    if jaccard(&shingles[one], &shingles[other]) >= NEAR_DUPLICATE {
                        (near[one], near[other]) = (true, true);
                    }
                }
            }
        }
    }
    Ok(near)
}

#[cfg(test)]
mod tests {
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
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let shingles: Vec<Shingles> = texts.iter().map(|text| Shingles::of(text)).collect();

        let by_index = by_index(&shingles, &Stop::never()).unwrap();

        let of_others = |at: usize| (0..texts.len()).filter(move |other| *other != at);
        let reaches =
            |at: usize| of_others(at).any(|other| jaccard(&shingles[at], &shingles[other]) >= NEAR_DUPLICATE);
        assert_eq!(by_index, (0..texts.len()).map(reaches).collect::<Vec<_>>());
        assert_eq!(by_bands(&texts, &shingles, &Stop::never()).unwrap(), by_index);
        assert!(by_index[0] && by_index[1] && by_index[150] && by_index[151]);
        assert!(by_index.iter().any(|near| !near));
    }

    #[test]
    fn work_that_is_stopped_has_no_result() {
        assert_eq!(near_duplicates(&["a", "b"], &Stop::when(|| true)), Err(Stopped));
    }
}
