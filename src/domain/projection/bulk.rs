//! Changes of many marks, in a time that hardly depends on how they are counted.
//!
//! A mark is packed once for each mark that it replaces, and rows that follow one another and change in the same way are
//! counted at once.

use std::collections::HashMap;
use std::sync::Arc;

use super::counts::{Counted, Counts};
use super::marks::PackedMark;
use super::{Projection, Touched};
use crate::domain::fact::Restored;
use crate::domain::{Change, Restores, RowNumber, RowSet, RunNumber, Timestamp};

/// Rows that follow one another and change in the same way, as far as counts tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Alike {
    old: PackedMark,
    new: PackedMark,
    label: u16,
    run: Option<RunNumber>,
}

/// The first of some rows that change alike and are not counted yet, and how many they are.
pub(super) type Uncounted = Option<(Alike, RowNumber, u32)>;

/// Marks that are being changed: what stood before, and rows that are not counted yet.
#[derive(Debug, Default)]
pub(super) struct Changing {
    /// Ranges of rows that had equal marks, in the order in which they were changed: first, last, mark.
    before: Vec<(u32, u32, PackedMark)>,
    alike: Uncounted,
}

impl Projection {
    /// Applies a change to the marks of rows that are there, and keeps what undoing the operation restores.
    pub(super) fn change(
        &mut self,
        rows: &RowSet,
        (change, at, bulk): (&Change, Timestamp, bool),
        operation: Option<u32>,
        touched: &mut Touched,
    ) {
        let mut packed: HashMap<PackedMark, PackedMark> = HashMap::new();
        let mut changing = Changing::default();
        for row in rows.iter() {
            let old = self.marks.get(row.index()).copied().filter(|old| !old.is_withdrawn());
            let Some(old) = old else { continue };
            let known = packed.get(&old).copied();
            let new = known.unwrap_or_else(|| {
                let mut mark = self.interned.unpack(old);
                change.apply(&mut mark, at, bulk);
                self.pack(&mark, old)
            });
            if known.is_none() {
                packed.insert(old, new);
            }
            let new = match change {
                Change::Relabel { label } => self.needing_label(row, new, label),
                _ => new,
            };
            self.put_mark(row, old, new, &mut changing);
            touched.marks.push(row);
        }
        let before = self.end_changing(changing);
        if let Some(index) = operation.filter(|_| !before.is_empty()) {
            self.add_restores(index, before);
        }
    }

    /// Returns a mark without the label that it gives, where the row has that one anyway.
    fn needing_label(&self, row: RowNumber, mark: PackedMark, label: &str) -> PackedMark {
        let without = mark.without_label();
        if self.rows.label(row, without, &self.interned) == label { without } else { mark }
    }

    /// Gives rows marks back and returns the marks that reverse it.
    pub(super) fn restore(
        &mut self,
        known: &Restores,
        restores: &[Restored],
        touched: &mut Touched,
    ) -> Restores {
        let mut changing = Changing::default();
        for Restored { rows, mark } in restores {
            let mut packed: Option<(PackedMark, PackedMark)> = None;
            for row in rows.iter() {
                let Some(old) = self.marks.get(row.index()).copied() else { continue };
                // What a mark is packed to depends on the edit alone that it replaces.
                let new = match packed {
                    Some((before, new)) if before.has_same_edit(old) => new,
                    _ => self.pack(mark, old),
                };
                packed = Some((old, new));
                // Journals of former versions do not say which marks were given in bulk; the fold knows.
                let new = if !mark.bulk && known.is_bulk(row) { new.in_bulk() } else { new };
                self.put_mark(row, old, new, &mut changing);
            }
        }
        let mut before = self.end_changing(changing);
        before.sort_unstable_by_key(|(first, ..)| *first);
        before
            .iter()
            .for_each(|(first, last, _)| touched.marks.push_range(RowNumber(*first), RowNumber(*last)));
        Restores::of(before)
    }

    /// Gives a row another mark.
    fn put_mark(&mut self, row: RowNumber, old: PackedMark, new: PackedMark, changing: &mut Changing) {
        self.count_change(row, (old, new), &mut changing.alike);
        if old.is_withdrawn() != new.is_withdrawn() {
            self.count_flags(row, old.is_withdrawn());
        }
        if let Some(slot) = self.marks.get_mut(row.index()) {
            *slot = new;
        }
        changing.before.extend_run(row, old);
    }

    /// Counts the rows that were not counted yet, and returns what stood before.
    fn end_changing(&mut self, changing: Changing) -> Vec<(u32, u32, PackedMark)> {
        self.count_alike(changing.alike);
        changing.before
    }

    /// Counts that a row changed, at the latest with [`Projection::count_alike`].
    pub(super) fn count_change(
        &mut self,
        row: RowNumber,
        (old, new): (PackedMark, PackedMark),
        uncounted: &mut Uncounted,
    ) {
        let alike = Alike {
            old: old.undated(),
            new: new.undated(),
            label: self.rows.label_index(row),
            run: self.run_of(row),
        };
        match uncounted {
            Some((same, _, rows)) if *same == alike => *rows += 1,
            other => {
                let behind = other.replace((alike, row, 1));
                self.count_alike(behind);
            }
        }
    }

    pub(super) fn count_alike(&mut self, alike: Uncounted) {
        let Some((alike, row, rows)) = alike else { return };
        self.count_rows(row, alike.old, |counts, counted| counts.take(counted, rows));
        self.count_rows(row, alike.new, |counts, counted| counts.add(counted, rows));
    }

    /// Returns the run that a row came from.
    fn run_of(&self, row: RowNumber) -> Option<RunNumber> {
        self.run_of_request(self.rows.request(row)?)
    }

    /// Changes the counts by rows that are counted as one of them is with a mark; withdrawn ones count nowhere.
    pub(super) fn count_rows(
        &mut self,
        row: RowNumber,
        mark: PackedMark,
        change: impl FnOnce(&mut Counts, &Counted<'_>),
    ) {
        if mark.is_withdrawn() {
            return;
        }
        let run = self.run_of(row);
        let counted = Counted {
            state: mark.state(),
            bulk: mark.is_bulk(),
            edited: mark.is_edited(),
            label: self.rows.label(row, mark, &self.interned),
            reason: self.interned.reason(mark),
            run: run.and_then(|run| self.runs.get(run.index())),
        };
        change(Arc::make_mut(&mut self.counts), &counted);
    }

    /// Returns those of some rows that a change would alter, as [`Change::alters`] has it.
    #[must_use]
    pub fn altered(&self, rows: &RowSet, change: &Change, bulk: bool) -> RowSet {
        let mut known: Option<(PackedMark, bool)> = None;
        let mut altered = RowSet::default();
        for row in rows.iter() {
            let mark = self.marks.get(row.index()).copied().filter(|mark| !mark.is_withdrawn());
            let Some(mark) = mark else { continue };
            let alters = match (change, known) {
                (Change::Relabel { label }, _) => self.rows.label(row, mark, &self.interned) != label,
                (_, Some((same, alters))) if same == mark => alters,
                _ => change.alters(&self.interned.unpack(mark), bulk),
            };
            known = Some((mark, alters));
            if alters {
                altered.push(row);
            }
        }
        altered
    }
}

/// Lists of ranges of rows that have equal marks.
pub(super) trait MarkRuns {
    /// Adds a row with its mark, to the last range where it continues that.
    fn extend_run(&mut self, row: RowNumber, mark: PackedMark);
}

impl MarkRuns for Vec<(u32, u32, PackedMark)> {
    fn extend_run(&mut self, row: RowNumber, mark: PackedMark) {
        match self.last_mut() {
            Some((_, last, same)) if last.checked_add(1) == Some(row.0) && *same == mark => *last = row.0,
            _ => self.push((row.0, row.0, mark)),
        }
    }
}

#[cfg(test)]
mod tests;
