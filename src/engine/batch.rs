//! Batches: requests that are written to files and answered elsewhere, and results that are read from files.
//!
//! ```text
//! write ── run that waits ──► requests, drawn by the run's seed ──► folder
//! read ─── lines ──► id ──► the same request again ──► reply read, rows flagged ──► facts, in groups
//!                                └ another key: the session would not send it now, so nothing is taken
//! ```
//!
//! A request is a fact only once its result is read, so a batch that nobody sends costs nothing.

mod made;
mod read;
mod reasons;
mod report;
mod write;

pub(crate) use read::read;
pub(crate) use report::ReadReport;
pub(crate) use write::{Destination, Written, waiting, write_missing, write_new};

use crate::text::Stop;

/// How somebody follows work on files, and stops it.
pub(crate) struct Watch<'a> {
    /// Whether it is to stop.
    pub(crate) stop: Stop,
    /// Is told how much is done, and of how much.
    pub(crate) tell: &'a dyn Fn(u64, u64),
}
