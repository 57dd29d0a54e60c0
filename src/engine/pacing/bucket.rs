//! So much a minute, evenly.

use std::time::Duration;

/// The share of a minute that may go out at once: servers count over short spans too.
const BURST: f64 = 1.0 / 6.0;

/// A bucket that fills evenly and holds a sixth of a minute's worth.
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    per_second: f64,
    most: f64,
    level: f64,
    at: Duration,
}

impl Bucket {
    /// Makes a full bucket of so much a minute, from 1.
    pub(super) fn new(per_minute: u32) -> Self {
        let per_minute = f64::from(per_minute.max(1));
        let most = (per_minute * BURST).max(1.0);
        Self { per_second: per_minute / 60.0, most, level: most, at: Duration::ZERO }
    }

    /// Returns when so much is there. What is more than the bucket holds goes once it is full.
    pub(super) fn ready_at(&mut self, now: Duration, amount: f64) -> Duration {
        self.fill(now);
        let missing = amount.min(self.most) - self.level;
        if missing <= 0.0 {
            return now;
        }
        let wait = Duration::try_from_secs_f64(missing / self.per_second).unwrap_or(Duration::MAX);
        now.saturating_add(wait)
    }

    /// Takes so much out, more than is there if need be; a negative amount gives back.
    pub(super) fn take(&mut self, now: Duration, amount: f64) {
        self.fill(now);
        self.level = (self.level - amount).min(self.most);
    }

    fn fill(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.at).as_secs_f64();
        self.level = (self.level + passed * self.per_second).min(self.most);
        self.at = self.at.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_a_minute_are_ten_at_once_and_then_one_a_second() {
        let mut bucket = Bucket::new(60);
        let now = Duration::from_secs(100);
        for _ in 0..10 {
            assert_eq!(bucket.ready_at(now, 1.0), now);
            bucket.take(now, 1.0);
        }
        assert_eq!(bucket.ready_at(now, 1.0), now + Duration::from_secs(1));
        let later = now + Duration::from_secs(2);
        assert_eq!(bucket.ready_at(later, 1.0), later);
    }

    #[test]
    fn what_never_fits_goes_when_the_bucket_is_full_and_is_waited_for_afterwards() {
        let mut bucket = Bucket::new(60);
        assert_eq!(bucket.ready_at(Duration::ZERO, 500.0), Duration::ZERO);
        bucket.take(Duration::ZERO, 70.0);
        assert_eq!(bucket.ready_at(Duration::ZERO, 1.0), Duration::from_secs(61));
    }

    #[test]
    fn nothing_a_minute_is_taken_for_one() {
        assert_eq!(Bucket::new(0).ready_at(Duration::ZERO, 1.0), Duration::ZERO);
    }
}
