//! Which operations are in effect, and how many steps lie between two states.
//!
//! ```text
//! 1 accept ── 2 reject ── 3 undo of 2 ── 4 tag ── 5 jump to 2     in effect after 2: 1 2, after 4: 1 4, after 5: 1 2
//! ```
//!
//! What is in effect just after an operation is a chain: the last change that holds, and what was in effect before
//! that one. Chains share their beginnings, so that one number an operation tells all of them.

use super::Projection;
use crate::domain::{Operation, OperationId, OperationKind, Restores};

/// The end of an empty chain.
const NONE: u32 = u32::MAX;

/// The chains of operations in effect just after each operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Timeline {
    /// For each operation, the last change that was in effect just after it.
    ends: Vec<u32>,
    in_effect: Vec<bool>,
}

/// The steps from one state to another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Steps {
    /// How many operations are taken back.
    pub(crate) back: u32,
    /// How many are done again.
    pub(crate) again: u32,
}

impl Timeline {
    /// Returns the timeline of all operations so far; each of them is read once.
    #[must_use]
    pub(crate) fn of(projection: &Projection) -> Self {
        let mut timeline = Self::default();
        for (place, operation) in (0..).zip(projection.operations()) {
            let end = timeline.end_after(place, operation, projection);
            timeline.ends.push(end);
            timeline.in_effect.push(!operation.is_change() && !operation.undone);
        }
        let mut end = timeline.ends.last().copied().unwrap_or(NONE);
        while let Some(is_in) = timeline.in_effect.get_mut(end as usize) {
            *is_in = true;
            end = timeline.before(end);
        }
        timeline
    }

    fn end_after(&self, place: u32, operation: &Operation, projection: &Projection) -> u32 {
        let earlier = |target| projection.find_operation(target).filter(|target| *target < place);
        let end = match operation.kind {
            OperationKind::Undo { target } => earlier(target).map(|target| self.before(target)),
            OperationKind::Redo { target } | OperationKind::Jump { target } => {
                earlier(target).and_then(|target| self.after(target))
            }
            _ => operation.is_change().then_some(place),
        };
        end.unwrap_or_else(|| self.before(place))
    }

    /// Returns the end of the chain just after an operation.
    fn after(&self, place: u32) -> Option<u32> {
        self.ends.get(place as usize).copied()
    }

    /// Returns the end of the chain just before an operation.
    fn before(&self, place: u32) -> u32 {
        place.checked_sub(1).and_then(|place| self.after(place)).unwrap_or(NONE)
    }

    /// Returns how many operations there were.
    #[must_use]
    pub(crate) const fn operation_count(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether what the operation at a place did holds now.
    #[must_use]
    pub(crate) fn is_in_effect(&self, place: usize) -> bool {
        self.in_effect.get(place).copied().unwrap_or_default()
    }

    /// Returns the steps from now to the state just after the operation at a place.
    #[must_use]
    pub(crate) fn steps_to(&self, place: usize) -> Steps {
        let mut steps = Steps::default();
        let mut from = self.ends.last().copied().unwrap_or(NONE);
        let mut to = self.ends.get(place).copied().unwrap_or(from);
        while from != to {
            // An empty chain is before every change; of two changes the later one cannot be part of the other chain.
            if to == NONE || (from != NONE && from > to) {
                from = self.before(from);
                steps.back += 1;
            } else {
                to = self.before(to);
                steps.again += 1;
            }
        }
        steps
    }
}

impl Operation {
    /// Returns whether the operation can be undone, or done again where it is undone.
    #[must_use]
    pub const fn is_undoable(&self) -> bool {
        !matches!(self.restores, Restores::Nothing)
    }

    /// Returns `undone` or, for another reason, `not in effect`; nothing where what it did holds, as `in_effect` says.
    #[must_use]
    pub(crate) const fn standing(&self, in_effect: bool) -> &'static str {
        match self.kind {
            _ if self.undone => "undone",
            OperationKind::Undo { .. } | OperationKind::Redo { .. } => "",
            _ if in_effect => "",
            _ => "not in effect",
        }
    }

    /// Returns whether the operation changed rows by itself, and not by going to an earlier or later state.
    const fn is_change(&self) -> bool {
        self.is_undoable() && !matches!(self.kind, OperationKind::Jump { .. })
    }
}

impl Projection {
    /// Returns how many operations there are.
    #[must_use]
    pub const fn operation_count(&self) -> usize {
        self.operations.len()
    }

    /// Returns the operation at a place in the order in which operations began.
    #[must_use]
    pub fn operation_at(&self, place: usize) -> Option<&Operation> {
        self.operations.get(place)
    }

    /// Returns the place of an operation in the order in which operations began.
    #[must_use]
    pub fn place_of(&self, id: OperationId) -> Option<usize> {
        self.find_operation(id).map(|place| place as usize)
    }

    /// Returns the operation with a number.
    #[must_use]
    pub fn operation(&self, id: OperationId) -> Option<&Operation> {
        self.operations.get(self.find_operation(id)? as usize)
    }
}
