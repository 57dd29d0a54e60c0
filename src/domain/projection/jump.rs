//! Going to the state just after any operation: which marks rows had then.
//!
//! ```text
//! marks now ── each later operation turned round, the last one first ──► marks then ── where they differ ──► one fact
//! ```
//!
//! Rows that came later stay, with nothing decided about them; versions stay too. Only an import that came later is
//! taken back whole, as its undo does. A jump is an operation like a decision: undo takes it back in one step.

use std::collections::HashMap;

use super::Projection;
use super::bulk::MarkRuns;
use super::marks::PackedMark;
use crate::domain::chunked::Chunked;
use crate::domain::{
    Event, Fact, Operation, OperationId, OperationKind, Restores, RowNumber, RowSet, RunNumber, Timestamp,
};

/// The rows that an operation was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowsOf {
    /// Rows that it changed.
    Changed(RowSet),
    /// The rows of a run.
    Run(RunNumber),
}

impl Projection {
    /// Returns the fact that brings the state just after an operation back; it holds no row where that is the state
    /// already. `None` where there is no such operation.
    #[must_use]
    pub fn jump(&self, target: OperationId, operation: OperationId, at: Timestamp) -> Option<Fact> {
        let restores = Restores::of(self.marks_to_restore(target)?);
        let event = Event::Jumped { target, restores: self.restored(&restores) };
        Some(Fact::new(operation, at, event))
    }

    /// Returns how many rows a jump to an operation changes; `None` where there is no such operation.
    #[must_use]
    pub fn rows_of_jump(&self, target: OperationId) -> Option<usize> {
        let ranges = self.marks_to_restore(target)?;
        Some(ranges.iter().map(|(first, last, _)| (last - first) as usize + 1).sum())
    }

    /// Returns the marks of just after an operation, of the rows that have other ones now, as ascending ranges.
    fn marks_to_restore(&self, target: OperationId) -> Option<Vec<(u32, u32, PackedMark)>> {
        let then = self.marks_after(self.find_operation(target)?);
        let mut differing = Vec::new();
        for (row, (now, then)) in (0..).map(RowNumber).zip(self.marks.iter().zip(then.iter())) {
            if !self.interned.is_same(*now, *then) {
                differing.extend_run(row, *then);
            }
        }
        Some(differing)
    }

    /// Returns the marks of all present rows as they were just after the operation at a place.
    fn marks_after(&self, place: u32) -> Chunked<PackedMark> {
        let mut marks = self.marks.clone();
        let mut turned: HashMap<u32, Restores> = HashMap::new();
        let later = place as usize + 1..self.operations.len();
        for place in later.rev() {
            let Some(operation) = self.operations.get(place) else { continue };
            let changed = match operation.kind {
                OperationKind::Undo { target } | OperationKind::Redo { target } => {
                    self.find_operation(target)
                }
                _ => u32::try_from(place).ok(),
            };
            let Some(changed) = changed else { continue };
            let known = turned.remove(&changed);
            let own = self.operations.get(changed as usize).map(|operation| &operation.restores);
            let Some(restores) = known.as_ref().or(own) else { continue };
            let before = put_back(&mut marks, restores);
            turned.insert(changed, before);
        }
        marks
    }

    /// Returns the first rows that an operation changed, at most `count` of them; those of a run are not looked for.
    pub(crate) fn first_rows_of(&self, operation: &Operation, count: usize) -> Vec<RowNumber> {
        match (&operation.kind, &operation.restores) {
            (OperationKind::Undo { target } | OperationKind::Redo { target }, Restores::Nothing) => {
                let target = self.operation(*target).filter(|target| target.id < operation.id);
                target.map(|target| self.first_rows_of(target, count)).unwrap_or_default()
            }
            (_, Restores::Nothing) => Vec::new(),
            (_, Restores::One(row, _)) => vec![RowNumber(*row)],
            (_, Restores::Many(runs)) => {
                let rows = runs.iter().flat_map(|(first, last, _)| (*first..=*last).map(RowNumber));
                rows.take(count).collect()
            }
        }
    }

    /// Returns the rows that an operation was about; `None` where it was about none, or that is not known.
    #[must_use]
    pub(crate) fn rows_of(&self, operation: OperationId) -> Option<RowsOf> {
        let operation = self.operation(operation)?;
        match operation.kind {
            OperationKind::Sample { run } => Some(RowsOf::Run(run)),
            // They turned what their target changed.
            OperationKind::Undo { target } | OperationKind::Redo { target } if target < operation.id => {
                self.rows_of(target)
            }
            _ if operation.is_undoable() => {
                let mut rows = RowSet::default();
                for (first, last, _) in operation.restores.runs() {
                    rows.push_range(RowNumber(first), RowNumber(last));
                }
                Some(RowsOf::Changed(rows))
            }
            _ => None,
        }
    }
}

/// Puts marks into their places, and returns those that stood there.
fn put_back(marks: &mut Chunked<PackedMark>, restores: &Restores) -> Restores {
    let mut before = Vec::new();
    for (first, last, mark) in restores.runs() {
        for row in first..=last {
            if let Some(slot) = marks.get_mut(row as usize) {
                before.extend_run(RowNumber(row), std::mem::replace(slot, mark));
            }
        }
    }
    Restores::of(before)
}

#[cfg(test)]
mod tests;
