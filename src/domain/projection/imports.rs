//! Imported rows: where they come from, and how an import and its undoing change the projection.
//!
//! An imported row has no request. In its place stands the number of its [`Origin`], from [`FIRST`] up.

use std::collections::HashMap;
use std::sync::Arc;

use super::bulk::MarkRuns;
use super::{PackedMark, Projection, RowView, Touched};
use crate::domain::{Import, NewImported, Origin, RequestNumber, Restores, RowNumber, Timestamp};

/// The first number that stands for an origin; requests have lower ones.
const FIRST: u32 = 1 << 31;

/// All imports and origins.
#[derive(Debug, Clone, Default)]
pub(super) struct Imports {
    list: Vec<Import>,
    origins: Vec<Origin>,
    places: HashMap<Origin, u32>,
}

impl Imports {
    /// Returns the place of an origin; a new one is added.
    pub(super) fn place(&mut self, origin: &Origin) -> u32 {
        if let Some(place) = self.places.get(origin) {
            return *place;
        }
        let place = u32::try_from(self.origins.len()).unwrap_or(u32::MAX);
        self.origins.push(origin.clone());
        self.places.insert(origin.clone(), place);
        place
    }

    /// Adds an origin, if it is new.
    pub(super) fn know(&mut self, origin: &Origin) {
        let _ = self.place(origin);
    }

    /// Adds an import, or the further rows of the last one.
    fn add(&mut self, import: &Import) {
        match self.list.last_mut().filter(|last| last.number == import.number) {
            Some(last) => {
                last.lines.append(&import.lines, last.rows);
                last.rows += import.rows;
            }
            None => self.list.push(import.clone()),
        }
    }

    /// Puts the record of an import into its place.
    pub(super) fn put(&mut self, import: &Import) {
        let place = import.number.saturating_sub(1) as usize;
        match self.list.get_mut(place) {
            Some(known) => known.clone_from(import),
            None => self.list.push(import.clone()),
        }
    }
}

impl Projection {
    /// Returns all imports in order, those that were undone too.
    #[must_use]
    pub fn imports(&self) -> &[Import] {
        &self.imports.list
    }

    /// Returns all origins of imported rows.
    #[must_use]
    pub fn origins(&self) -> &[Origin] {
        &self.imports.origins
    }

    /// Returns the import that brought a row.
    #[must_use]
    pub fn import_of(&self, row: RowNumber) -> Option<&Import> {
        let list = &self.imports.list;
        let place = list.partition_point(|import| import.first <= row);
        list.get(place.checked_sub(1)?).filter(|import| import.line(row).is_some())
    }

    pub(super) fn origin(&self, number: RequestNumber) -> Option<&Origin> {
        self.imports.origins.get(number.0.checked_sub(FIRST)? as usize)
    }

    pub(super) fn imports_mut(&mut self) -> &mut Imports {
        Arc::make_mut(&mut self.imports)
    }

    /// Appends the rows of an import.
    pub(super) fn imported(
        &mut self,
        (import, at): (&Import, Timestamp),
        origins: &[Origin],
        rows: &[NewImported],
        operation: Option<u32>,
        touched: &mut Touched,
    ) {
        if import.first.index() != self.len() || import.rows as usize != rows.len() || rows.is_empty() {
            return;
        }
        let known = self.imports.origins.len();
        let imports = self.imports_mut();
        let places: Vec<u32> = origins.iter().map(|origin| imports.place(origin)).collect();
        imports.add(import);
        touched.origins = known..imports.origins.len();
        touched.imports.push(import.number);
        let mut before = Vec::new();
        for new in rows {
            let place = places.get(new.origin as usize).copied().unwrap_or_default();
            let mark = self.pack(&new.mark, PackedMark::default());
            let (source, created) = (RequestNumber(FIRST + place), new.created_at.unwrap_or(at));
            let row = self.push_row(&new.row, new.there.as_deref(), source, created, mark);
            touched.rows.push(row);
            if mark != PackedMark::default() {
                touched.marks.push(row);
            }
            before.extend_run(row, PackedMark::withdrawn());
        }
        self.add_withdrawal(operation, before);
    }

    /// Adds rows to those that undoing an import withdraws.
    fn add_withdrawal(&mut self, operation: Option<u32>, rows: Vec<(u32, u32, PackedMark)>) {
        let Some(index) = operation else { return };
        let Some(of) = self.operations.get_mut(index as usize) else { return };
        if matches!(of.restores, Restores::Nothing) {
            self.push_undoable(index, Restores::of(rows));
        } else {
            of.restores.follow(rows);
        }
    }

    /// Counts the flags of a row that is withdrawn, or is there again.
    pub(super) fn count_flags(&mut self, row: RowNumber, add: bool) {
        let Some(view) = self.any_row(row) else { return };
        let version = view.run().map(|run| run.version);
        let kinds: Vec<_> = view.flag_kinds().collect();
        let counts = Arc::make_mut(&mut self.counts);
        kinds.into_iter().for_each(|kind| counts.flag(kind, version, add));
    }
}

impl<'a> RowView<'a> {
    /// Returns where the row comes from, as its file says; `None` for a row that was not imported.
    #[must_use]
    pub fn origin(&self) -> Option<&'a Origin> {
        self.projection.origin(self.source())
    }

    /// Returns the place of the row's origin among [`Projection::origins`]; `None` for a row that was not imported.
    #[must_use]
    pub fn origin_place(&self) -> Option<usize> {
        self.source().0.checked_sub(FIRST).map(|place| place as usize)
    }

    /// Returns the import that brought the row.
    #[must_use]
    pub fn import(&self) -> Option<&'a Import> {
        self.projection.import_of(self.number)
    }

    /// Returns the line of its file that the row came from.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.import()?.line(self.number)
    }
}

#[cfg(test)]
mod tests;
