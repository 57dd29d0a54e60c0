//! Folds the lines of the journal into a projection.

use std::collections::BTreeMap;

use super::StoreError;
use super::line::Entry;
use super::lost::Known;
use super::reached::LastLine;
use super::segment::{self, Line, Place, Visitor};
use crate::domain::{Fact, OperationId, Projection, Touched};

/// Holds back the facts of an operation in parts until its last fact.
#[derive(Debug)]
pub(crate) struct Assembler<T> {
    held: BTreeMap<OperationId, Vec<T>>,
}

impl<T> Default for Assembler<T> {
    fn default() -> Self {
        Self { held: BTreeMap::new() }
    }
}

impl<T> Assembler<T> {
    /// Adds an item of an operation, and returns the items that take effect now, in order.
    pub(crate) fn take(&mut self, operation: OperationId, part: bool, item: T) -> Vec<T> {
        if part {
            self.held.entry(operation).or_default().push(item);
            return Vec::new();
        }
        let mut ready = self.held.remove(&operation).unwrap_or_default();
        ready.push(item);
        ready
    }

    /// Forgets operations that will never get their last facts.
    pub(crate) fn abandon(&mut self, operations: &[OperationId]) {
        self.held.retain(|operation, _| !operations.contains(operation));
    }

    /// Returns the operations that are held back.
    pub(crate) fn held(&self) -> Vec<OperationId> {
        self.held.keys().copied().collect()
    }

    /// Returns whether an operation is held back.
    pub(crate) fn holds(&self, operation: OperationId) -> bool {
        self.held.contains_key(&operation)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }
}

/// The bytes of a line from which on its fact is not held in memory: an import of a large file has hundreds of such facts,
/// of thousands of rows each.
const LONG: usize = if cfg!(test) { 200 } else { 64 << 10 };

/// A fact that waits for the last one of its operation.
#[derive(Debug)]
pub(crate) enum Held {
    /// It is held in memory.
    Here(Box<Fact>),
    /// It is read again from its place in the journal, for it is long.
    There,
}

/// Folds the journal, from the line after `after` on, into a projection.
#[derive(Debug)]
pub(crate) struct Replay<F> {
    /// The fold of the lines so far.
    pub(crate) projection: Projection,
    /// The facts that are held back.
    pub(crate) assembler: Assembler<(Held, Place)>,
    /// The checksum of the last line seen.
    pub(crate) sum: u32,
    /// The number of lines folded.
    pub(crate) lines: u64,
    after: u64,
    /// The checksum that the line `after` must have, where one is known.
    after_sum: Option<u32>,
    /// Whether the line `after` was found, with that checksum.
    pub(crate) continues: bool,
    /// Lines that were saved.
    pub(crate) known: Known,
    /// The sequence number of one of them, where the journal has another line there.
    pub(crate) other: Option<u64>,
    applied: F,
}

impl<F: FnMut(&Fact, Place, &Touched)> Replay<F> {
    /// Starts with an empty projection; `applied` is called with every fact that takes effect.
    pub(crate) fn new(applied: F) -> Self {
        Self::onto(Projection::default(), 0, None, applied)
    }

    /// Starts with a projection of all lines up to `after`.
    pub(crate) fn onto(projection: Projection, after: u64, after_sum: Option<u32>, applied: F) -> Self {
        let assembler = Assembler::default();
        let continues = after == 0;
        let (known, other) = ([None; 2], None);
        Self { projection, assembler, sum: 0, lines: 0, after, after_sum, continues, known, other, applied }
    }

    fn fold(&mut self, entry: Entry, line: &Line<'_>) -> Result<(), StoreError> {
        let fact = match entry {
            Entry::Abandoned(operations) => {
                self.assembler.abandon(&operations);
                return Ok(());
            }
            Entry::Fact(fact) => fact,
        };
        let Fact { operation, part, .. } = fact;
        if !part && !self.assembler.holds(operation) {
            self.apply(&fact, line.place);
            return Ok(());
        }
        let is_long = part && line.bytes.len() >= LONG;
        let held = if is_long { Held::There } else { Held::Here(Box::new(fact)) };
        for (held, place) in self.assembler.take(operation, part, (held, line.place)) {
            let fact = match held {
                Held::Here(fact) => *fact,
                Held::There => match segment::read_at(line.folder(), place)? {
                    Entry::Fact(fact) => fact,
                    Entry::Abandoned(_) => continue,
                },
            };
            self.apply(&fact, place);
        }
        Ok(())
    }

    fn apply(&mut self, fact: &Fact, place: Place) {
        let touched = self.projection.apply(fact);
        (self.applied)(fact, place, &touched);
    }
}

impl<F: FnMut(&Fact, Place, &Touched)> Visitor for Replay<F> {
    fn line(&mut self, line: &Line<'_>) -> Result<(), StoreError> {
        self.sum = line.sum;
        if line.sequence == self.after {
            self.continues = self.after_sum.is_none_or(|sum| sum == line.sum);
        }
        let is_other = |known: &LastLine| known.sequence == line.sequence && known.sum != line.sum;
        if self.known.iter().flatten().any(is_other) {
            self.other = Some(line.sequence);
        }
        if line.sequence > self.after {
            self.lines += 1;
            self.fold(line.entry()?, line)?;
        }
        Ok(())
    }

    fn was_saved(&self, sequence: u64) -> bool {
        // sled may be far behind, so it says nothing of what was not saved.
        let [reached, sled] = self.known;
        let is_known = |last: LastLine| sequence <= last.sequence;
        reached.is_none_or(is_known) || sled.is_some_and(is_known) || sequence <= self.after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_wait_for_the_last_and_other_operations_pass_them() {
        let mut assembler = Assembler::default();
        let (bulk, other) = (OperationId(7), OperationId(8));
        assert!(assembler.take(bulk, true, 'a').is_empty());
        assert_eq!(assembler.take(other, false, 'x'), ['x']);
        assert!(assembler.take(bulk, true, 'b').is_empty());
        assert_eq!(assembler.take(bulk, false, 'c'), ['a', 'b', 'c']);
        assert!(assembler.is_empty());
    }

    #[test]
    fn what_was_abandoned_does_not_come_back_with_its_number() {
        let mut assembler = Assembler::default();
        let number = OperationId(7);
        assembler.take(number, true, 'a');
        assembler.abandon(&assembler.held());
        assert_eq!(assembler.take(number, false, 'z'), ['z']);
    }
}
