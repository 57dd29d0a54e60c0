//! What undoing an import, and doing it again, means for the rows behind it: which of them are duplicates.

use std::collections::HashSet;
use std::sync::Arc;

use crate::domain::{Event, Fact, Flag, FlagKind, Projection, Reflagged, RowId, RowNumber, RowSet, RowView};
use crate::workbench::Workbench;
use crate::workbench::similar::Similar;

impl Workbench {
    /// Stages the undoing or the redoing of an import. Rows that came later are no duplicates of rows that are
    /// gone, and are duplicates of those that are there again.
    pub(in crate::workbench) fn turn_import(&mut self, mut fact: Fact, rows: &RowSet) {
        let flagger = Arc::clone(&self.similar().flagger);
        let mut after = self.projection.clone();
        after.apply(&fact);
        let similar = Similar::of(flagger, &after);
        let changed = behind(&after, &similar, rows);
        self.similar = Some(similar);
        let (operation, at) = (fact.operation, fact.at);
        fact.part = !changed.is_empty();
        self.stage(fact);
        if !changed.is_empty() {
            self.stage(Fact::new(operation, at, Event::Flagged { rows: changed }));
        }
    }
}

/// Returns the new flags of rows behind an import whose duplicate is, or was, one of its rows.
fn behind(after: &Projection, similar: &Similar, rows: &RowSet) -> Vec<Reflagged> {
    let Some(last) = rows.iter().last() else { return Vec::new() };
    let ids: HashSet<RowId> = rows.iter().filter_map(|row| after.id(row)).collect();
    let is_of = |other: &str| other.parse().is_ok_and(|id| ids.contains(&id));
    let count = u32::try_from(after.len()).unwrap_or(u32::MAX);
    let later = (last.0 + 1..count).filter_map(|row| after.row(RowNumber(row)));
    let changed = |row: RowView<'_>| {
        let was =
            row.flags().find(|flag| flag.kind == FlagKind::Duplicate).and_then(|flag| flag.other);
        let now = similar.first_with(&row.text(), row.number()).map(|id| id.to_string());
        let concerns = was.iter().chain(&now).any(|other| is_of(other));
        if was == now || !concerns {
            return None;
        }
        let others = row.flags().filter(|flag| flag.kind != FlagKind::Duplicate);
        let duplicate =
            now.map(|now| Flag { kind: FlagKind::Duplicate, other: Some(now), figure: Some(1.0) });
        let mut flags: Vec<_> = others.chain(duplicate).collect();
        flags.sort_by_key(|flag| flag.kind.place());
        Some(Reflagged { row: row.number(), flags, scores: row.scores() })
    };
    later.filter_map(changed).collect()
}
