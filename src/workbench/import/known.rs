//! What is here already: the lines of the same file, and the ids of rows.

use std::collections::{HashMap, HashSet};

use super::judge::Judged;
use crate::domain::{Projection, RowId, RowNumber};
use crate::workbench::Workbench;

/// What a session holds that a file may bring again.
pub(super) struct Known {
    projection: Projection,
    lines: HashSet<u64>,
    /// The rows by their ids; built once a row of the file has an id like ours.
    rows: Option<HashMap<RowId, RowNumber>>,
    /// Ids that rows of this import have.
    given: HashSet<RowId>,
}

impl Known {
    /// Returns what is known of the file with this hash.
    pub(super) fn of(projection: &Projection, hash: &str) -> Self {
        let same = projection.imports().iter().filter(|import| import.hash == hash);
        // The rows of an import that was undone are not there.
        let is_there = |row: &RowNumber| projection.row(*row).is_some();
        let lines = same.flat_map(|import| {
            import.numbers().filter(is_there).filter_map(|row| import.line(row)).collect::<Vec<_>>()
        });
        Self { lines: lines.collect(), projection: projection.clone(), rows: None, given: HashSet::new() }
    }

    /// Returns whether a line of the file was imported before.
    pub(super) fn has_line(&self, line: u64) -> bool {
        self.lines.contains(&line)
    }

    /// Returns whether a row is one of the session's: it has the id and the text of one.
    pub(super) fn has_row(&mut self, id: Option<&str>, text: &str) -> bool {
        let Some(id) = id.and_then(|id| id.parse().ok()) else { return false };
        let row = self.row(id).and_then(|row| self.projection.row(row));
        row.is_some_and(|row| row.text() == text || row.original_text() == text)
    }

    fn row(&mut self, id: RowId) -> Option<RowNumber> {
        let all = || self.projection.rows().map(|row| (row.id(), row.number())).collect();
        self.rows.get_or_insert_with(all).get(&id).copied()
    }

    /// Gives a row its id: that of the file where it is one of ours and free, else a new one. Returns whether an
    /// id of ours was taken.
    pub(super) fn name(&mut self, judged: &mut Judged) -> bool {
        let asked: Option<RowId> = judged.there.as_deref().and_then(|there| there.parse().ok());
        let free = asked.filter(|id| self.row(*id).is_none() && !self.given.contains(id));
        let new = || std::iter::repeat_with(Workbench::new_id);
        judged.id = free.unwrap_or_else(|| {
            // Fifty random bits hardly ever meet.
            new().find(|id| !self.given.contains(id)).unwrap_or_else(Workbench::new_id)
        });
        self.given.insert(judged.id);
        if free.is_some() {
            judged.there = None;
        }
        asked.is_some() && free.is_none()
    }
}
