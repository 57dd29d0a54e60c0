//! What became of the results that were given.

use crate::domain::{FailureGroup, RunNumber};

/// How many of the same kind are named; the others are counted.
const MOST_NAMED: usize = 5;

/// What became of the results that were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ReadReport {
    /// Results in all.
    pub(crate) results: u64,
    /// Answers that were taken in.
    pub(crate) taken: u64,
    /// Rows that came with them.
    pub(crate) rows: u64,
    /// Rows that were left out because the run has all its rows.
    pub(crate) beyond: u64,
    /// Pieces of replies that are no rows.
    pub(crate) scraps: u64,
    /// Requests that were answered before.
    pub(crate) again: u64,
    /// Requests that failed, of which that was noted before with the same reason.
    pub(crate) failed_again: u64,
    /// The reasons that were given for requests that failed, each with how often.
    pub(crate) failures: Vec<FailureGroup>,
    /// Results that the session would ask for in other words now.
    pub(crate) changed: u64,
    /// Results of another session or store.
    pub(crate) foreign: Named,
    /// Results with ids that are not of this program, or of runs that are not there.
    pub(crate) unknown: Named,
    /// Lines that are requests.
    pub(crate) requests: u64,
    /// Lines that cannot be read, as the beginnings of sentences.
    pub(crate) junk: Named,
    /// The batches that results were taken in for.
    pub(crate) runs: Vec<RunNumber>,
    /// Whether the work was stopped before the last line.
    pub(crate) stopped: bool,
}

/// Things of one kind: all are counted, the first are named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// How many there are.
    pub(crate) count: u64,
    /// The first of them.
    pub(crate) first: Vec<String>,
}

impl Named {
    pub(super) fn add(&mut self, name: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < MOST_NAMED {
            self.first.push(name());
        }
    }
}

impl ReadReport {
    /// Returns whether all lines were results of this session.
    pub(crate) const fn is_clean(&self) -> bool {
        self.changed + self.foreign.count + self.unknown.count + self.junk.count == 0
    }
}
