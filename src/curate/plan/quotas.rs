//! How many rows each combination gets.
//!
//! `grid` gives each combination its share of the rows, rounded by the largest remainder (Hamilton's method), so that
//! none is off by a whole row. `balanced` gives one row after the other to the combination with the fewest rows for its
//! share, the rows that are there counted (Adams's method): so those without rows come first.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::Space;
use crate::domain::PlanMode;
use crate::text::SplitMix64;

/// The stream of the order in which equal claims are served.
const TIES: u64 = 0x7469_6573;

/// Returns the rows of each combination; `have` holds how many each has already. Nothing is planned where each request
/// draws its values.
pub(crate) fn quotas(space: &Space, mode: PlanMode, rows: u32, have: &[u32], seed: u64) -> Vec<u32> {
    let mut ties: Vec<usize> = (0..space.shares.len()).collect();
    SplitMix64::new(seed).fork(TIES).shuffle(&mut ties);
    match mode {
        PlanMode::Random => vec![0; space.shares.len()],
        PlanMode::Grid => by_largest_remainder(&space.shares, rows, &ties),
        PlanMode::Balanced => emptiest_first(&space.shares, rows, have, &ties),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a u32 fits into one")]
fn by_largest_remainder(shares: &[f64], rows: u32, ties: &[usize]) -> Vec<u32> {
    // A share that is a whole number but for the last bits of its product is that number.
    let exact = |share: &f64| share * f64::from(rows);
    let mut quotas: Vec<u32> = shares.iter().map(|share| (exact(share) + 1e-9).floor() as u32).collect();
    let given: u32 = quotas.iter().sum();
    let remainder = |place: usize| {
        let rest = (exact(&shares[place]) - f64::from(quotas[place])).max(0.0);
        (rest * 1e9).round() as u64
    };
    let mut claims: Vec<(Reverse<u64>, usize, usize)> =
        (0..shares.len()).map(|place| (Reverse(remainder(place)), ties[place], place)).collect();
    claims.sort_unstable();
    for (_, _, place) in claims.into_iter().take(rows.saturating_sub(given) as usize) {
        quotas[place] += 1;
    }
    quotas
}

/// A combination's claim to the next row: the fewest rows for its share first, then the larger share.
struct Claim {
    /// Its rows, divided by its share.
    filled: f64,
    share: f64,
    tie: usize,
    place: usize,
}

impl Ord for Claim {
    fn cmp(&self, other: &Self) -> Ordering {
        let filled = other.filled.total_cmp(&self.filled);
        filled.then(self.share.total_cmp(&other.share)).then(other.tie.cmp(&self.tie))
    }
}

impl PartialOrd for Claim {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Claim {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Claim {}

fn emptiest_first(shares: &[f64], rows: u32, have: &[u32], ties: &[usize]) -> Vec<u32> {
    let mut quotas = vec![0_u32; shares.len()];
    // Products that differ in their last bits are the same share.
    let share = |place: usize| (shares[place] * 1e12).round().max(1.0);
    let has = |place: usize| have.get(place).copied().unwrap_or(0);
    let claim = |place: usize, quota: u32| {
        let filled = (f64::from(has(place)) + f64::from(quota)) / share(place);
        Claim { filled, share: share(place), tie: ties[place], place }
    };
    let mut claims: BinaryHeap<Claim> = (0..shares.len()).map(|place| claim(place, 0)).collect();
    for _ in 0..rows {
        let Some(Claim { place, .. }) = claims.pop() else { break };
        quotas[place] += 1;
        claims.push(claim(place, quotas[place]));
    }
    quotas
}
