//! The undo stack and the redo stack.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Projection;
use super::bulk::MarkRuns;
use super::marks::PackedMark;
use crate::domain::fact::Restored;
use crate::domain::{
    Event, Fact, Operation, OperationId, OperationKind, Restores, RowNumber, RowSet, Timestamp,
};

impl Restores {
    /// Returns the marks to restore: ranges of rows that must be ascending and without repeats.
    pub(super) fn of(runs: Vec<(u32, u32, PackedMark)>) -> Self {
        match *runs {
            [] => Self::Nothing,
            [(first, last, mark)] if first == last => Self::One(first, mark),
            _ => Self::Many(Arc::new(runs)),
        }
    }

    /// Adds marks of rows behind these.
    pub(super) fn follow(&mut self, more: Vec<(u32, u32, PackedMark)>) {
        let mut runs = match std::mem::take(self) {
            Self::Nothing => Arc::default(),
            Self::One(row, mark) => Arc::new(vec![(row, row, mark)]),
            Self::Many(runs) => runs,
        };
        let all = Arc::make_mut(&mut runs);
        for (first, last, mark) in more {
            match all.last_mut() {
                Some((_, end, same)) if *end + 1 == first && *same == mark => *end = last,
                _ => all.push((first, last, mark)),
            }
        }
        *self = Self::Many(runs);
    }

    /// Returns the last row that has a mark here.
    fn last(&self) -> Option<u32> {
        match self {
            Self::Nothing => None,
            Self::One(row, _) => Some(*row),
            Self::Many(runs) => runs.last().map(|(_, last, _)| *last),
        }
    }

    /// Adds marks of rows that may have one here already; that one stays.
    fn join(&mut self, more: Vec<(u32, u32, PackedMark)>) {
        if self.last() < more.first().map(|(first, ..)| *first) {
            return self.follow(more);
        }
        let of_rows = |runs: Vec<(u32, u32, PackedMark)>| {
            runs.into_iter().flat_map(|(first, last, mark)| (first..=last).map(move |row| (row, mark)))
        };
        let mut all: BTreeMap<u32, PackedMark> = of_rows(more).collect();
        all.extend(of_rows(self.runs()));
        let mut runs = Vec::new();
        all.into_iter().for_each(|(row, mark)| runs.extend_run(RowNumber(row), mark));
        *self = Self::of(runs);
    }

    /// Returns whether the mark of a row was given in bulk.
    pub(super) fn is_bulk(&self, row: RowNumber) -> bool {
        match self {
            Self::Nothing => false,
            Self::One(known, mark) => *known == row.0 && mark.is_bulk(),
            Self::Many(runs) => {
                let place = runs.partition_point(|(_, last, _)| *last < row.0);
                runs.get(place).is_some_and(|(first, _, mark)| *first <= row.0 && mark.is_bulk())
            }
        }
    }

    /// Returns the ranges of rows with equal marks: first, last, mark.
    pub(super) fn runs(&self) -> Vec<(u32, u32, PackedMark)> {
        match self {
            Self::Nothing => Vec::new(),
            Self::One(row, mark) => vec![(*row, *row, *mark)],
            Self::Many(runs) => runs.as_ref().clone(),
        }
    }
}

impl Projection {
    /// Returns the operation that undo reverts next.
    #[must_use]
    pub fn next_undo(&self) -> Option<&Operation> {
        self.operations.get(self.tops.undo? as usize)
    }

    /// Returns the operation that redo repeats next.
    #[must_use]
    pub fn next_redo(&self) -> Option<&Operation> {
        self.operations.get(self.tops.redo? as usize)
    }

    /// Returns the fact that undoes the next operation; undoing is an operation too.
    #[must_use]
    pub fn undo(&self, operation: OperationId, at: Timestamp) -> Option<Fact> {
        let undone = self.next_undo()?;
        let event = Event::Undone { target: undone.id, restores: self.restored(&undone.restores) };
        Some(Fact::new(operation, at, event))
    }

    /// Returns the fact that redoes the next undone operation.
    #[must_use]
    pub fn redo(&self, operation: OperationId, at: Timestamp) -> Option<Fact> {
        let redone = self.next_redo()?;
        let event = Event::Redone { target: redone.id, restores: self.restored(&redone.restores) };
        Some(Fact::new(operation, at, event))
    }

    /// Adds to the marks that undoing an operation restores; it may have several facts.
    pub(super) fn add_restores(&mut self, index: u32, before: Vec<(u32, u32, PackedMark)>) {
        match self.operations.get_mut(index as usize).map(|operation| &mut operation.restores) {
            None | Some(Restores::Nothing) => self.push_undoable(index, Restores::of(before)),
            Some(known) => known.join(before),
        }
    }

    /// Unpacks marks and groups the rows that have equal ones.
    pub(super) fn restored(&self, restores: &Restores) -> Vec<Restored> {
        let mut groups: Vec<(PackedMark, RowSet)> = Vec::new();
        let mut places: HashMap<PackedMark, usize> = HashMap::new();
        for (first, last, mark) in restores.runs() {
            let place = *places.entry(mark).or_insert_with(|| {
                groups.push((mark, RowSet::default()));
                groups.len() - 1
            });
            if let Some((_, rows)) = groups.get_mut(place) {
                rows.push_range(RowNumber(first), RowNumber(last));
            }
        }
        let unpack = |(mark, rows)| Restored { rows, mark: self.interned.unpack(mark) };
        groups.into_iter().map(unpack).collect()
    }

    /// Finds an operation by its number, by binary search. Numbers ascend, except where an operation
    /// got its number early and its first fact late; such a one is found by a linear search.
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

    /// Pushes an operation onto the undo stack and empties the redo stack.
    pub(super) fn push_undoable(&mut self, index: u32, restores: Restores) {
        let below = self.tops.undo;
        if let Some(operation) = self.operations.get_mut(index as usize) {
            operation.restores = restores;
            operation.below = below;
            self.tops.undo = Some(index);
            self.tops.redo = None;
        }
    }

    /// Moves the top of one stack onto the other; `restores` holds the marks that reverse the move.
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

    /// Records a fact's operation, or adds to it where it is listed already, and returns its index.
    pub(super) fn note_operation(&mut self, fact: &Fact, kind: OperationKind, rows: u32) -> Option<u32> {
        self.next_operation = self.next_operation.max(fact.operation.0);
        if let Some(index) = self.find_operation(fact.operation) {
            let operation = self.operations.get_mut(index as usize)?;
            // Flags that are computed anew after an edit are of the rows that it counted already.
            if kind != OperationKind::Flags {
                operation.rows += rows;
            }
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

/// The state that an undo or a redo brings an operation into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Undone,
    Done,
}
