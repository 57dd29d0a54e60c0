//! Work that takes time: what it is, and how far it is.

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

/// What the journal holds, and how far it has been written.
#[derive(Debug, Clone, Default)]
pub struct Saved {
    /// The number of the last fact that is in it.
    pub sequence: u64,
    /// The fold of the facts up to there.
    pub projection: Projection,
}

/// How far a run is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunProgress {
    /// The run.
    pub run: RunNumber,
    /// Rows kept so far.
    pub done: u32,
    /// Rows asked for.
    pub requested: u32,
    /// Rows a second, over the last while.
    pub rows_per_second: f64,
    /// Tokens so far.
    pub tokens: Tokens,
    /// About how long it still takes, once that can be said.
    pub seconds_left: Option<f64>,
    /// Why it goes slower than it could; mostly nothing.
    pub slowdown: Option<Slowdown>,
    /// How long it has gone on.
    pub elapsed: Duration,
    /// Requests that the provider works on.
    pub under_way: u32,
    /// What it has cost in US dollars, where the provider takes money.
    pub cost: Option<f64>,
}

/// Why a run goes slower than it could.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slowdown {
    /// The provider asked to wait, still for so long.
    AskedToWait(Duration),
    /// The provider limits requests, so that only so many are under way at once.
    Limited {
        /// How many.
        at_once: u32,
    },
    /// A request failed and is sent again.
    SendingAgain,
}

/// What came of a run.
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
