//! The one random number generator, so that a seed means the same everywhere.
//!
//! `SplitMix64` (Steele, Lea and Flood 2014) is small, quick and gives the same numbers on every
//! machine and in every version, as a seed in a session file needs. It is not cryptographically
//! secure.

/// A seeded stream of random numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// Starts the stream of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Returns the next number of the stream, any `u64`.
    pub const fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number below `n`, as `(u64 · n) >> 64`; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let wide = u128::from(self.next_u64()) * n as u128;
        // The product is below n · 2^64, so the shifted result is below n.
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// Returns a number from 0 up to, but not including, 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what an f64 holds exactly")]
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns one of the items, all equally likely; `None` for an empty slice.
    pub fn choose<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        if items.is_empty() { None } else { items.get(self.below(items.len())) }
    }

    /// Shuffles the items (Fisher and Yates, from the back).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }

    /// Starts an independent stream for one part of the work, by its index.
    ///
    /// How many numbers one part draws then has no effect on the others.
    #[must_use]
    pub fn fork(&self, index: u64) -> Self {
        let mut mixed = Self::new(self.state ^ index.wrapping_mul(0xd1b5_4a32_d192_ed03));
        Self::new(mixed.next_u64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_below_n_stay_below_n_and_all_come() {
        let mut random = SplitMix64::new(1);
        let mut seen = [false; 7];

        for _ in 0..500 {
            seen[random.below(7)] = true;
        }

        assert_eq!(seen, [true; 7]);
        assert_eq!(random.below(0), 0);
        assert_eq!(random.below(1), 0);
    }

    #[test]
    fn the_same_seed_gives_the_same_order_and_another_seed_another() {
        let shuffled = |seed| {
            let mut items: Vec<u32> = (0..20).collect();
            SplitMix64::new(seed).shuffle(&mut items);
            items
        };

        assert_eq!(shuffled(3), shuffled(3));
        assert_ne!(shuffled(3), shuffled(4));
        let mut sorted = shuffled(3);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..20).collect::<Vec<_>>());
    }

    #[test]
    fn unit_numbers_lie_in_zero_to_one() {
        let mut random = SplitMix64::new(9);

        let numbers: Vec<f64> = (0..1000).map(|_| random.unit()).collect();

        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        let mean = numbers.iter().sum::<f64>() / 1000.0;
        assert!((mean - 0.5).abs() < 0.05, "mean {mean}");
    }

    #[test]
    fn nothing_is_chosen_of_nothing() {
        assert_eq!(SplitMix64::new(1).choose::<u8>(&[]), None);
        assert_eq!(SplitMix64::new(1).choose(&[5]), Some(&5));
    }

    #[test]
    fn forks_differ_from_each_other_and_do_not_move_the_stream() {
        let random = SplitMix64::new(42);

        assert_ne!(random.fork(0).next_u64(), random.fork(1).next_u64());
        assert_eq!(random.fork(1), random.fork(1));
        assert_eq!(random, SplitMix64::new(42));
    }
}
