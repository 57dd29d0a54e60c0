//! How fast a server is asked: the one place that decides when the next request may go.
//!
//! It holds no clock and no timer: time is passed in as the time since the run began, and what
//! it says is obeyed by whoever has both. It knows nothing of rows.
//!
//! ```text
//! window   requests under way at once: halved where the server limits us, one more for every
//!          window's worth of answers, up to what was asked for
//! pause    until when nothing goes out, because the server asked for it
//! buckets  requests and tokens a minute, where the settings limit them
//! ```

mod bucket;

use std::time::Duration;

use crate::domain::Limits;
use crate::text::SplitMix64;
use bucket::Bucket;

/// The first wait after a passing failure.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait that we choose ourselves.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Whether a request may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permit {
    /// At once.
    Go,
    /// When one of those under way has ended.
    Full,
    /// Not before this time since the run began.
    At(Duration),
}

/// Paces the requests of one run.
#[derive(Debug, Clone)]
pub(super) struct Pacer {
    most: u32,
    window: u32,
    /// Answers since the window last changed.
    answers: u32,
    /// When the window was last halved: what was sent before then says nothing new.
    halved_at: Option<Duration>,
    /// How often replies broke off since, each time of several at once.
    breaks: u32,
    paused_until: Duration,
    requests: Option<Bucket>,
    tokens: Option<Bucket>,
    random: SplitMix64,
}

impl Pacer {
    /// Makes a pacer that starts with `most` requests under way at once, from 1; `seed` steers the jitter.
    #[must_use]
    pub(super) fn new(most: u32, limits: &Limits, seed: u64) -> Self {
        let most = most.max(1);
        Self {
            most,
            window: most,
            answers: 0,
            halved_at: None,
            breaks: 0,
            paused_until: Duration::ZERO,
            requests: limits.requests_per_minute.map(Bucket::new),
            tokens: limits.tokens_per_minute.map(Bucket::new),
            random: SplitMix64::new(seed),
        }
    }

    /// Returns how many requests may be under way at once now.
    #[must_use]
    pub(super) const fn window(&self) -> u32 {
        self.window
    }

    /// Returns whether the server made us ask for less at once than was wanted.
    #[must_use]
    pub(super) const fn is_slowed(&self) -> bool {
        self.window < self.most
    }

    /// Returns how long the server still wants nothing, if it does.
    #[must_use]
    pub(super) fn pause(&self, now: Duration) -> Option<Duration> {
        self.paused_until.checked_sub(now).filter(|left| !left.is_zero())
    }

    /// Says whether a request of about so many tokens may go now.
    pub(super) fn permit(&mut self, now: Duration, under_way: usize, tokens: u64) -> Permit {
        if under_way >= self.window as usize {
            return Permit::Full;
        }
        let ready = [
            Some(self.paused_until),
            self.requests.as_mut().map(|bucket| bucket.ready_at(now, 1.0)),
            self.tokens.as_mut().map(|bucket| bucket.ready_at(now, counted(tokens))),
        ];
        let ready = ready.into_iter().flatten().max().unwrap_or(now);
        if ready > now { Permit::At(ready) } else { Permit::Go }
    }

    /// Notes that a request of about so many tokens went out.
    pub(super) fn sent(&mut self, now: Duration, tokens: u64) {
        if let Some(bucket) = &mut self.requests {
            bucket.take(now, 1.0);
        }
        if let Some(bucket) = &mut self.tokens {
            bucket.take(now, counted(tokens));
        }
    }

    /// Notes how many tokens a request took that was taken for `guessed` ones.
    pub(super) fn counted(&mut self, now: Duration, guessed: u64, tokens: u64) {
        if let Some(bucket) = &mut self.tokens {
            bucket.take(now, counted(tokens) - counted(guessed));
        }
    }

    /// Notes that a request was answered.
    pub(super) const fn answered(&mut self) {
        self.answers += 1;
        if self.answers >= self.window && self.window < self.most {
            self.window += 1;
            self.answers = 0;
        }
    }

    /// Notes that the server limits us, in answer to what was sent at `sent`.
    pub(super) fn limited(&mut self, now: Duration, sent: Duration) {
        if self.halved_at.is_none_or(|at| sent >= at) {
            self.window = (self.window / 2).max(1);
            self.halved_at = Some(now);
            self.answers = 0;
        }
    }

    /// Notes that a reply broke off that was asked for at `sent`. Some servers cut one reply where the next begins:
    /// where it happens again at fewer requests, it stays at those.
    pub(super) fn broke_off(&mut self, now: Duration, sent: Duration) {
        let before = self.halved_at;
        self.limited(now, sent);
        if self.halved_at != before {
            self.breaks += 1;
            if self.breaks > 1 {
                self.most = self.window;
            }
        }
    }

    /// Notes that the server asks for a pause.
    pub(super) fn asked_to_wait(&mut self, now: Duration, wait: Duration) {
        self.paused_until = self.paused_until.max(now.saturating_add(wait));
    }

    /// Returns how long a request waits before it is sent again: longer each time, and never quite the same.
    pub(super) fn backoff(&mut self, attempt: u32) -> Duration {
        let longest = FIRST_WAIT.saturating_mul(1 << attempt.min(16)).min(LONGEST_WAIT);
        longest.mul_f64(0.5 + self.random.unit() / 2.0)
    }
}

fn counted(tokens: u64) -> f64 {
    f64::from(u32::try_from(tokens).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn pacer(most: u32) -> Pacer {
        Pacer::new(most, &Limits::default(), 1)
    }

    #[test]
    fn it_starts_with_as_many_as_were_asked_for_and_no_more() {
        let mut pacer = pacer(3);
        assert_eq!(pacer.permit(at(0), 2, 0), Permit::Go);
        assert_eq!(pacer.permit(at(0), 3, 0), Permit::Full);
        assert_eq!(super::Pacer::new(0, &Limits::default(), 1).window(), 1);
    }

    #[test]
    fn where_replies_go_on_breaking_off_the_window_stays_as_small_as_helps() {
        let mut pacer = pacer(8);
        (0..7).for_each(|_| pacer.broke_off(at(100), at(0)));
        assert_eq!(pacer.window(), 4);
        (0..4).for_each(|_| pacer.answered());
        assert_eq!(pacer.window(), 5, "one burst may be chance");

        pacer.broke_off(at(300), at(200));
        pacer.broke_off(at(500), at(400));
        (0..20).for_each(|_| pacer.answered());
        assert_eq!((pacer.window(), pacer.is_slowed()), (1, false));
    }

    #[test]
    fn a_burst_of_limits_halves_once_and_answers_win_it_back_one_by_one() {
        let mut pacer = pacer(8);
        for _ in 0..5 {
            pacer.limited(at(100), at(0));
        }
        assert_eq!(pacer.window(), 4);
        assert!(pacer.is_slowed());

        pacer.limited(at(300), at(200));
        assert_eq!(pacer.window(), 2);
        (0..2).for_each(|_| pacer.answered());
        assert_eq!(pacer.window(), 3);
        (0..100).for_each(|_| pacer.answered());
        assert_eq!(pacer.window(), 8);
    }

    #[test]
    fn one_request_at_a_time_is_the_least() {
        let mut pacer = pacer(1);
        pacer.limited(at(1), at(0));
        assert_eq!((pacer.window(), pacer.is_slowed()), (1, false));
    }

    #[test]
    fn a_pause_holds_everything_back_until_it_is_over_and_never_gets_shorter() {
        let mut pacer = pacer(4);
        pacer.asked_to_wait(at(1_000), at(3_000));
        pacer.asked_to_wait(at(1_100), at(500));

        assert_eq!(pacer.permit(at(1_200), 0, 0), Permit::At(at(4_000)));
        assert_eq!(pacer.pause(at(3_000)), Some(at(1_000)));
        assert_eq!(pacer.permit(at(4_000), 0, 0), Permit::Go);
        assert_eq!(pacer.pause(at(4_000)), None);
    }

    #[test]
    fn waits_grow_to_a_bound_with_jitter_that_a_seed_repeats() {
        let (mut one, mut same) = (pacer(1), pacer(1));
        let waits: Vec<_> = (0..12).map(|attempt| one.backoff(attempt)).collect();
        let again: Vec<_> = (0..12).map(|attempt| same.backoff(attempt)).collect();

        assert_eq!(waits, again);
        assert!((at(250)..=at(500)).contains(&waits[0]), "{waits:?}");
        assert!((at(1_000)..=at(2_000)).contains(&waits[2]), "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= LONGEST_WAIT));
        assert!(pacer(1).backoff(u32::MAX) <= LONGEST_WAIT);
    }

    #[test]
    fn tokens_a_minute_are_kept_by_what_a_request_really_took() {
        let limits = Limits { tokens_per_minute: Some(600), ..Limits::default() };
        let mut pacer = Pacer::new(4, &limits, 1);
        pacer.sent(at(0), 50);
        assert_eq!(pacer.permit(at(0), 1, 50), Permit::Go);
        pacer.counted(at(0), 50, 100);
        assert_eq!(pacer.permit(at(0), 1, 50), Permit::At(at(5_000)));
    }
}
