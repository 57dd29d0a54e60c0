//! Jobs: work that takes time, with its progress.

use std::time::Duration;

use super::{Projection, RunNumber, RunStatus, Tokens};

/// A job's number, never given twice while the program runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Rows are sampled.
    Sample,
    /// Accepted rows are written to a file.
    Export,
    /// Classifiers are trained, to see whether accepted rows help.
    Evaluation,
}

/// The state that is saved in the journal.
#[derive(Debug, Clone, Default)]
pub struct Saved {
    /// The sequence number of the last saved fact.
    pub sequence: u64,
    /// The fold of the facts up to that one.
    pub projection: Projection,
}

/// What is not on the disk though it was to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaved {
    /// Why, as a sentence.
    pub reason: String,
    /// How many facts wait to be saved.
    pub facts: usize,
    /// Whether the draft does.
    pub draft: bool,
}

/// The progress of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunProgress {
    /// The run.
    pub run: RunNumber,
    /// Rows kept so far.
    pub done: u32,
    /// Rows asked for.
    pub requested: u32,
    /// Rows a second, averaged over the recent past.
    pub rows_per_second: f64,
    /// Tokens so far.
    pub tokens: Tokens,
    /// The estimated seconds left; `None` until there is an estimate.
    pub seconds_left: Option<f64>,
    /// Why it is slower than it could be, if it is.
    pub slowdown: Option<Slowdown>,
    /// The time since it began.
    pub elapsed: Duration,
    /// Requests sent so far, with those before the run was resumed.
    pub requests: u32,
    /// Requests sent and not answered yet.
    pub under_way: u32,
    /// The cost so far in US dollars; `None` where the price is not known or nothing is paid.
    pub cost: Option<f64>,
    /// Requests that failed.
    pub failed: u32,
    /// Bytes that models wrote so far, thoughts included.
    pub heard: u64,
    /// The end of the newest reply, where somebody looks on.
    pub writing: Option<Writing>,
}

impl RunProgress {
    /// Returns how fast rows come, a second or, where that is less than one, a minute; `None` before the first row.
    #[must_use]
    pub fn rate(&self) -> Option<String> {
        let rate = self.rows_per_second;
        match rate {
            _ if rate <= 0.0 => None,
            _ if rate < 1.0 => Some(format!("{:.1} rows/min", rate * 60.0)),
            _ => Some(format!("{rate:.1} rows/s")),
        }
    }

    /// Returns how much models wrote, while no row has come of it: `1.2 kB of replies`.
    #[must_use]
    pub fn heard_words(&self) -> Option<String> {
        if self.heard == 0 || self.rows_per_second > 0.0 {
            return None;
        }
        Some(match self.heard {
            bytes @ 0..1000 => format!("{bytes} bytes of replies"),
            bytes => format!("{}.{} kB of replies", bytes / 1000, bytes % 1000 / 100),
        })
    }
}

/// The end of a reply that is being written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writing {
    /// Whether the model is thinking: what it writes then is no answer.
    pub thinking: bool,
    /// Its last characters, at most a few hundred.
    pub text: String,
}

/// Why a run is slower than it could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slowdown {
    /// The provider asked to wait; holds the time left.
    AskedToWait(Duration),
    /// The provider limits requests, so that fewer are sent at once.
    Limited {
        /// How many requests are sent at once.
        at_once: u32,
    },
    /// A request failed and is sent again.
    SendingAgain,
}

/// The result of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunEnded {
    /// The run.
    pub run: RunNumber,
    /// How it ended.
    pub status: RunStatus,
    /// Rows kept.
    pub rows: u32,
    /// Requests that failed.
    pub failed: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_below_one_a_second_is_one_a_minute() {
        let rate = |rows_per_second| RunProgress { rows_per_second, ..RunProgress::default() }.rate();
        assert_eq!(rate(3.12).as_deref(), Some("3.1 rows/s"));
        assert_eq!(rate(1.0).as_deref(), Some("1.0 rows/s"));
        assert_eq!(rate(0.07).as_deref(), Some("4.2 rows/min"));
        assert_eq!(rate(0.0), None);
    }

    #[test]
    fn what_models_wrote_is_said_until_a_row_comes() {
        let words = |heard, rows_per_second| {
            RunProgress { rows_per_second, heard, ..RunProgress::default() }.heard_words()
        };
        assert_eq!(words(0, 0.0), None);
        assert_eq!(words(640, 0.0).as_deref(), Some("640 bytes of replies"));
        assert_eq!(words(1250, 0.0).as_deref(), Some("1.2 kB of replies"));
        assert_eq!(words(1250, 0.1), None);
    }
}
