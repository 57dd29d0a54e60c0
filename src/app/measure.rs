//! The Measure view: whether the accepted rows help, and the evaluation that goes on.
//!
//! ```text
//! s ──► Effect::Evaluate ──► a job, on with its progress until it ends ──► Evaluated ──► drawn
//! ```
//!
//! An evaluation is of the rows as they were when it began. What was decided since is counted, so that nobody takes
//! an old figure for one of the present rows.

use std::cell::Cell;

use crate::domain::{Evaluated, JobId, OperationId, OperationKind, Projection, Timestamp, TrainCv};

/// An evaluation that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evaluating {
    /// The job.
    pub job: JobId,
    /// When it was asked for.
    pub since: Timestamp,
    /// Classifiers trained, of how many, and when that was reported; `None` before it has reported.
    pub progress: Option<(u64, u64, Timestamp)>,
    /// Whether it was asked to stop.
    pub is_stopping: bool,
}

impl Evaluating {
    /// Returns about how many seconds are left, from how long it took so far; `None` before a tenth is known.
    #[must_use]
    pub fn seconds_left(&self) -> Option<u64> {
        let (done, total, at) = self.progress?;
        let took = u64::try_from(at.0.saturating_sub(self.since.0)).ok()?;
        let left = took.saturating_mul(total.saturating_sub(done)).checked_div(done)?;
        (done.saturating_mul(10) >= total).then(|| left.div_ceil(1000))
    }
}

/// The Measure view.
#[derive(Debug, Clone, Default)]
pub struct MeasurePane {
    /// The last evaluation; `None` before the first.
    pub last: Option<Evaluated>,
    /// How often the test rows were opened so far.
    pub opened: u64,
    /// Why the last evaluation came to nothing, as a sentence; `None` where it did not.
    pub failed: Option<String>,
    /// The evaluation that goes on.
    pub going: Option<Evaluating>,
    /// What is known of the target from train rows alone.
    pub train: Option<TrainCv>,
    /// Whether that is being found out anew.
    pub(super) is_validating: bool,
    /// The operation that came next when that was asked last.
    pub(super) validated: Option<OperationId>,
    /// Lines scrolled down.
    pub scroll: usize,
    /// How many lines the drawing could scroll down at most, once it was drawn.
    pub(crate) end: Cell<usize>,
}

/// Returns how many decisions were taken from an operation on; those that are undone again are none.
#[must_use]
pub(crate) fn decisions_since(shown: &Projection, next: OperationId) -> u64 {
    let later = shown.operations().rev().take_while(|operation| operation.id >= next);
    let changes = later.filter(|operation| match operation.kind {
        OperationKind::Accept
        | OperationKind::Reject
        | OperationKind::Skip
        | OperationKind::ClearRating
        | OperationKind::Tag
        | OperationKind::Relabel
        | OperationKind::Edit
        | OperationKind::Jump { .. } => !operation.undone,
        OperationKind::Undo { target } | OperationKind::Redo { target } => target < next,
        OperationKind::Split
        | OperationKind::Version
        | OperationKind::Label
        | OperationKind::Note
        | OperationKind::BeginTrial
        | OperationKind::EndTrial
        | OperationKind::Sample { .. }
        | OperationKind::Import
        | OperationKind::Flags => false,
    });
    changes.map(|operation| u64::from(operation.rows)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluating(done: u64, took: i64) -> Option<u64> {
        let progress = Some((done, 100, Timestamp(1_000 + took)));
        let going = Evaluating { job: JobId(1), since: Timestamp(1_000), progress, is_stopping: false };
        going.seconds_left()
    }

    #[test]
    fn the_time_left_is_said_once_a_tenth_is_done_and_is_rounded_up() {
        assert_eq!(evaluating(0, 5_000), None);
        assert_eq!(evaluating(9, 5_000), None);
        assert_eq!(evaluating(10, 5_000), Some(45));
        assert_eq!(evaluating(99, 9_900), Some(1));
        assert_eq!(evaluating(100, 9_900), Some(0));
    }
}
