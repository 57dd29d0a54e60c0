//! What undoing an import, and doing it again, means for the rows behind it: which of them are equal or nearly equal to
//! an earlier one.

use std::collections::HashSet;

use crate::domain::{Event, Fact, Flag, FlagKind, Projection, Reflagged, RowId, RowNumber, RowSet, RowView};
use crate::parallel;
use crate::text::IndexedText;
use crate::workbench::Workbench;
use crate::workbench::similar::{Others, Similar};

/// The flags that name another row of the session.
const LIKE: [FlagKind; 2] = [FlagKind::Duplicate, FlagKind::NearDuplicate];

impl Workbench {
    /// Stages the undoing or the redoing of an import. Rows that came later are not like rows that are gone, and are
    /// like those that are there again. `edited` are rows whose texts change with it.
    pub(in crate::workbench) fn turn_import(&mut self, mut fact: Fact, rows: &RowSet, edited: &RowSet) {
        let before = self.projection.clone();
        let similar = self.similar().0;
        for row in rows.iter().chain(edited.iter()).filter_map(|row| before.row(row)) {
            similar.forget(&row.text(), row.number());
        }
        let (operation, at) = (fact.operation, fact.at);
        let mut after = before;
        after.apply(&fact);
        // The edited ones are added once they are flagged.
        let numbers: Vec<RowNumber> = rows.iter().filter(|row| !edited.contains(*row)).collect();
        similar.add(&after, &numbers);
        let mut changed = behind(&after, similar, rows);
        fact.part = !changed.is_empty() || !edited.is_empty();
        self.stage(fact);
        let edited = self.flagged_as_edited(edited);
        changed.retain(|row| edited.binary_search_by_key(&row.row, |edited| edited.row).is_err());
        changed.extend(edited);
        if !changed.is_empty() {
            self.stage(Fact::new(operation, at, Event::Flagged { rows: changed }));
        }
    }
}

/// Returns the new flags of rows behind an import that are, or were, like one of its rows.
fn behind(after: &Projection, similar: &Similar, rows: &RowSet) -> Vec<Reflagged> {
    let Some(last) = rows.iter().last() else { return Vec::new() };
    let ids: HashSet<RowId> = rows.iter().filter_map(|row| after.id(row)).collect();
    let is_of = |flag: &Flag| {
        let other = flag.other.as_ref().and_then(|other| other.parse().ok());
        LIKE.contains(&flag.kind) && other.is_some_and(|id| ids.contains(&id))
    };
    let are_back = after.row(last).is_some();
    let count = u32::try_from(after.len()).unwrap_or(u32::MAX);
    let later: Vec<RowNumber> = (last.0 + 1..count).map(RowNumber).collect();
    let changed = |row: RowView<'_>| {
        let was = row.flags().find(|flag| LIKE.contains(&flag.kind));
        // Without rows that are there again, only a row that was like one of them can change.
        if !are_back && !was.as_ref().is_some_and(is_of) {
            return None;
        }
        let text = row.text();
        let now = similar.flag_among((&text, &IndexedText::of(&text)), row.number(), Others::of(after));
        if was == now || !was.iter().chain(&now).any(is_of) {
            return None;
        }
        let others = row.flags().filter(|flag| !LIKE.contains(&flag.kind));
        let mut flags: Vec<_> = others.chain(now).collect();
        flags.sort_by_key(|flag| flag.kind.place());
        Some(Reflagged { row: row.number(), flags, scores: row.scores() })
    };
    let changed = parallel::map(&later, |row| after.row(*row).and_then(changed));
    changed.into_iter().flatten().collect()
}
