//! The undo stack and the redo stack.

use std::sync::Arc;

use super::Projection;
use super::marks::PackedMark;
use crate::domain::fact::Restored;
use crate::domain::{
    Event, Fact, Operation, OperationId, OperationKind, Restores, RowNumber, RowSet, Timestamp,
};

impl Restores {
    /// Returns what puts these marks back: rows ascending, none twice.
    pub(super) fn of(marks: &[(RowNumber, PackedMark)]) -> Self {
        match marks {
            [] => Self::Nothing,
            [(row, mark)] => Self::One(row.0, *mark),
            many => {
                let mut runs: Vec<(u32, u32, PackedMark)> = Vec::new();
                for (row, mark) in many {
                    match runs.last_mut() {
                        Some((_, last, same)) if *last + 1 == row.0 && same == mark => *last = row.0,
                        _ => runs.push((row.0, row.0, *mark)),
                    }
                }
                Self::Many(Arc::from(runs))
            }
        }
    }

    /// Returns the runs of rows: first, last, mark.
    pub(super) fn runs(&self) -> Vec<(u32, u32, PackedMark)> {
        match self {
            Self::Nothing => Vec::new(),
            Self::One(row, mark) => vec![(*row, *row, *mark)],
            Self::Many(runs) => runs.to_vec(),
        }
    }
}

impl Projection {
    /// Returns the operation that undo takes back next.
    #[must_use]
    pub fn next_undo(&self) -> Option<&Operation> {
        self.operations.get(self.tops.undo? as usize)
    }

    /// Returns the operation that redo does again next.
    #[must_use]
    pub fn next_redo(&self) -> Option<&Operation> {
        self.operations.get(self.tops.redo? as usize)
    }

    /// Returns the fact that undoes the next operation, as an operation of its own.
    #[must_use]
    pub fn undo(&self, operation: OperationId, at: Timestamp) -> Option<Fact> {
        let undone = self.next_undo()?;
        let event = Event::Undone { target: undone.id, restores: self.restored(&undone.restores) };
        Some(Fact::new(operation, at, event))
    }

    /// Returns the fact that does the next undone operation again.
    #[must_use]
    pub fn redo(&self, operation: OperationId, at: Timestamp) -> Option<Fact> {
        let redone = self.next_redo()?;
        let event = Event::Redone { target: redone.id, restores: self.restored(&redone.restores) };
        Some(Fact::new(operation, at, event))
    }

    /// Writes packed marks out in full, rows with equal marks together.
    pub(super) fn restored(&self, restores: &Restores) -> Vec<Restored> {
        let mut groups: Vec<(PackedMark, RowSet)> = Vec::new();
        for (first, last, mark) in restores.runs() {
            let open = groups.last().is_some_and(|(same, _)| *same == mark);
            if !open {
                groups.push((mark, RowSet::default()));
            }
            if let Some((_, rows)) = groups.last_mut() {
                (first..=last).map(RowNumber).for_each(|row| rows.push(row));
            }
        }
        let unpack = |(mark, rows)| Restored { rows, mark: self.interned.unpack(mark) };
        groups.into_iter().map(unpack).collect()
    }

    /// Finds an operation by its number. Numbers ascend, but for one that took long to begin.
    pub(super) fn find_operation(&self, id: OperationId) -> Option<u32> {
        if id.0 > self.highest_listed {
            return None;
        }
        let (mut low, mut high) = (0, self.operations.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.operations.get(middle) {
                Some(operation) if operation.id < id => low = middle + 1,
                _ => high = middle,
            }
        }
        let is_it = |place: usize| self.operations.get(place).is_some_and(|operation| operation.id == id);
        let found =
            if is_it(low) { Some(low) } else { (0..self.operations.len()).rev().find(|at| is_it(*at)) };
        found.and_then(|place| u32::try_from(place).ok())
    }

    /// Puts an operation that can be undone on its stack; what was undone can no longer be done again.
    pub(super) fn push_undoable(&mut self, index: u32, restores: Restores) {
        let below = self.tops.undo;
        if let Some(operation) = self.operations.get_mut(index as usize) {
            operation.restores = restores;
            operation.below = below;
            self.tops.undo = Some(index);
            self.tops.redo = None;
        }
    }

    /// Moves the top of one stack to the other, with what puts it back again.
    pub(super) fn turn(&mut self, target: OperationId, to: Turn, restores: Restores) -> Option<u32> {
        let index = self.find_operation(target)?;
        let (from, onto) = match to {
            Turn::Undone => (self.tops.undo, self.tops.redo),
            Turn::Done => (self.tops.redo, self.tops.undo),
        };
        if from != Some(index) {
            return None;
        }
        let operation = self.operations.get_mut(index as usize)?;
        let below = operation.below;
        operation.below = onto;
        operation.undone = to == Turn::Undone;
        operation.restores = restores;
        self.tops = match to {
            Turn::Undone => super::UndoTops { undo: below, redo: Some(index) },
            Turn::Done => super::UndoTops { undo: Some(index), redo: below },
        };
        Some(index)
    }

    /// Notes that an operation began or went on, and returns its index.
    pub(super) fn note_operation(&mut self, fact: &Fact, kind: OperationKind, rows: u32) -> Option<u32> {
        self.next_operation = self.next_operation.max(fact.operation.0);
        if let Some(index) = self.find_operation(fact.operation) {
            let operation = self.operations.get_mut(index as usize)?;
            operation.rows += rows;
            if matches!(operation.kind, OperationKind::Version | OperationKind::Split) {
                operation.kind = kind;
            }
            return Some(index);
        }
        let index = u32::try_from(self.operations.len()).ok()?;
        self.highest_listed = self.highest_listed.max(fact.operation.0);
        self.operations.push(Operation {
            id: fact.operation,
            at: fact.at,
            kind,
            rows,
            undone: false,
            below: None,
            restores: Restores::Nothing,
        });
        Some(index)
    }
}

/// Which way an operation is turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Undone,
    Done,
}
