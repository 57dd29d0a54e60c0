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
}

/// The state that is saved in the journal.
#[derive(Debug, Clone, Default)]
pub struct Saved {
    /// The sequence number of the last saved fact.
    pub sequence: u64,
    /// The fold of the facts up to that one.
    pub projection: Projection,
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
    /// Requests sent and not answered yet.
    pub under_way: u32,
    /// The cost so far in US dollars; `None` where the price is not known or nothing is paid.
    pub cost: Option<f64>,
    /// Requests that failed.
    pub failed: u32,
    /// The end of the reply that last grew, where somebody looks on.
    pub writing: Option<Writing>,
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
