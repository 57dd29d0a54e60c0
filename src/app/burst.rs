//! Bursts: keys that arrive faster than anybody types.
//!
//! Where a terminal cannot mark a paste, the pasted text arrives as keys in one burst. Its first line
//! break closes the line that it was meant for, and what follows must not run as commands: it is
//! dropped, and counted.

use std::time::{Duration, Instant};

use super::{Key, Notice, Severity};

/// Keys that are at most this far from one another arrive together. A typist's fingers and the repeat
/// of a key that is held down are slower by far, a serial line of 9,600 baud is not.
const TOGETHER: Duration = Duration::from_millis(5);
/// After this many keys together a burst is surely a paste,
const SURELY: u32 = 8;
/// and goes on after pauses of this length too, as a paste over a slow network does.
const PAUSE: Duration = Duration::from_millis(50);

/// Tells from the times of arrival which keys belong to one burst.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pace {
    last: Option<Instant>,
    together: u32,
}

impl Pace {
    /// Takes note of a key, and returns whether it arrived together with the one before. Where keys of the burst
    /// were dropped, a short pause does not end it: half of what was meant is worse than nothing.
    pub(crate) fn follows(&mut self, at: Instant, is_dropping: bool) -> bool {
        let gap = self.last.replace(at).map(|last| at.saturating_duration_since(last));
        let longest = if is_dropping || self.together >= SURELY { PAUSE } else { TOGETHER };
        let follows = gap.is_some_and(|gap| gap <= longest);
        self.together = if follows { self.together.saturating_add(1) } else { 0 };
        follows
    }
}

/// What a burst brings behind the key that closed the place where a person typed.
#[derive(Debug, Clone)]
pub(super) struct Dropped {
    by: Key,
    /// What the closing key had to say.
    said: Option<Notice>,
    keys: usize,
}

impl Dropped {
    /// Returns what is dropped from now on, behind a key that closed a place.
    pub(super) const fn behind(by: Key, said: Option<Notice>) -> Self {
        Self { by, said, keys: 0 }
    }

    /// Drops keys, and returns what the person is told: how many, beside what the closing key said.
    ///
    /// The remedy is for whoever pasted a text: a few keys are rather a hand or a script that was too fast.
    pub(super) fn add(&mut self, keys: usize, ends_line: bool, remedy: &str) -> Notice {
        self.keys += keys;
        let remedy = if self.keys < SURELY as usize { "" } else { remedy };
        let with = if ends_line { "the line's end".to_owned() } else { format!("`{}`", self.by) };
        let (keys, were) = if self.keys == 1 { ("key", "was") } else { ("keys", "were") };
        let dropped =
            format!("{} {keys} that arrived together with {with} {were} dropped{remedy}.", self.keys);
        match &self.said {
            Some(said) => said.with(&dropped),
            None => Notice { severity: Severity::Info, text: dropped },
        }
    }

    /// Returns whether keys were dropped.
    pub(super) const fn has_begun(&self) -> bool {
        self.keys > 0
    }

    /// Returns the key that closed the place.
    pub(super) const fn by(&self) -> Key {
        self.by
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn together(gaps: &[u64]) -> Vec<bool> {
        let (mut pace, mut at) = (Pace::default(), Instant::now());
        let mut follows = |gap: &u64| {
            at += Duration::from_millis(*gap);
            pace.follows(at, false)
        };
        gaps.iter().map(&mut follows).collect()
    }

    #[test]
    fn keys_of_one_read_and_of_a_serial_line_arrive_together() {
        assert_eq!(together(&[0, 0, 0]), [false, true, true]);
        assert_eq!(together(&[0, 1, 2, 5]), [false, true, true, true]);
    }

    #[test]
    fn typing_a_held_key_and_a_script_that_waits_ten_milliseconds_do_not() {
        assert_eq!(together(&[0, 60, 15, 33, 10, 10, 10, 10, 10, 10, 10, 10]), [false; 12]);
    }

    #[test]
    fn a_burst_of_which_keys_were_dropped_ends_with_a_long_pause_only() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        let after = |milliseconds| start + Duration::from_millis(milliseconds);
        assert!(!pace.follows(start, false) && pace.follows(after(3), false));
        assert!(pace.follows(after(15), true) && pace.follows(after(55), true));
        assert!(!pace.follows(after(120), true));
    }

    #[test]
    fn a_long_burst_goes_on_after_a_short_pause_and_ends_with_a_long_one() {
        let mut gaps = vec![0; 9];
        gaps.extend([40, 40, 60, 40]);
        assert_eq!(together(&gaps)[8..], [true, true, true, false, false]);
    }
}
