//! The History view: the operations, the newest first, and the way to the state just after any of them.
//!
//! ```text
//! ▸ 44  2026-11-30 02:16:20  jump to 41                1,204
//!   43  2026-11-30 02:15:58  tag 12 rows                  12  not in effect
//!   42  2026-11-30 02:15:31  reject k3f9a2b1c0             1  not in effect
//!   41  2026-11-30 02:14:05  accept 1,204 rows         1,204
//! ```

use super::Model;
use super::message::Ask;
use crate::domain::{Operation, OperationId, OperationKind, Projection, RowNumber, Steps, Timeline};
use crate::text::counted;

/// How many rows of the selected operation are read for its detail.
pub(crate) const SAMPLE: usize = 12;

/// The History view.
#[derive(Debug, Clone, Default)]
pub struct HistoryPane {
    /// The selected operation, by its place from the oldest one on.
    pub(crate) selected: usize,
    /// The first line in sight, counted from the newest operation.
    pub(crate) top: usize,
    /// What is in effect.
    pub(crate) timeline: Timeline,
    /// The newest operation that it knows.
    pub(super) newest: Option<OperationId>,
    /// Some rows of the selected operation.
    pub(crate) rows: Vec<RowNumber>,
    /// The operation that these are of.
    pub(super) rows_of: Option<OperationId>,
    /// The jump whose rows are counted at the moment.
    pub(super) waiting: Option<(Ask, Jump)>,
}

/// A jump that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jump {
    /// The operation.
    pub target: OperationId,
    /// What it did, in words.
    pub what: String,
    /// The steps to just after it.
    pub(crate) steps: Steps,
    /// How many rows change.
    pub rows: usize,
}

impl Jump {
    /// Returns `goes back 7 steps: 1,204 rows change`.
    #[must_use]
    pub(crate) fn said(&self) -> String {
        let change = if self.rows == 1 { "changes" } else { "change" };
        format!("{}: {} {change}", way(self.steps), counted(self.rows as u64, "row"))
    }
}

/// Returns `goes back 7 steps`, `does 2 steps again`, or both.
#[must_use]
pub(crate) fn way(steps: Steps) -> String {
    let of = |count: u32| counted(u64::from(count), "step");
    match steps {
        Steps { back, again: 0 } => format!("goes back {}", of(back)),
        Steps { back: 0, again } => format!("does {} again", of(again)),
        Steps { back, again } => format!("goes back {} and does {} again", of(back), of(again)),
    }
}

/// Returns what an operation did, with its object: `accept 1,204 rows`, `sample run 12 · 20 rows`, `undo of 41`.
#[must_use]
pub(crate) fn what(operation: &Operation, shown: &Projection) -> String {
    let verb = operation.kind.name();
    let rows = || counted(u64::from(operation.rows), "row");
    match operation.kind {
        OperationKind::Undo { target } | OperationKind::Redo { target } => format!("{verb} of {}", target.0),
        OperationKind::Jump { target } => format!("{verb} to {}", target.0),
        OperationKind::Sample { run } => {
            let of = shown.run(run);
            // The number of its run would tell a side.
            if of.is_some_and(|run| shown.hides_run(run)) {
                return format!("{verb} {}", rows());
            }
            let batch = of.is_some_and(|run| run.batch.is_some());
            format!("{verb} run {run}{} · {}", if batch { " (a batch)" } else { "" }, rows())
        }
        _ if operation.rows == 1 => {
            let row = shown.first_rows_of(operation, 1).first().and_then(|row| shown.id(*row));
            row.map_or_else(|| format!("{verb} 1 row"), |id| format!("{verb} {id}"))
        }
        _ if operation.rows == 0 => verb.to_owned(),
        // Nobody edits more than one row by hand at once.
        OperationKind::Edit => format!("replace in {}", rows()),
        _ => format!("{verb} {}", rows()),
    }
}

impl HistoryPane {
    /// Returns the line of the selected operation, counted from the newest one.
    #[must_use]
    pub(crate) fn line(&self) -> usize {
        self.timeline.operation_count().saturating_sub(self.selected + 1)
    }

    /// Returns the place of the operation in a line, counted from the newest one.
    #[must_use]
    pub(crate) fn place(&self, line: usize) -> Option<usize> {
        self.timeline.operation_count().checked_sub(line + 1)
    }
}

impl Model {
    /// Returns the operation that is selected in the History view.
    #[must_use]
    pub(crate) fn selected_operation(&self) -> Option<&Operation> {
        self.shown().operation_at(self.history.selected)
    }
}
