//! Answers of the journal, and what depends on its state.

use super::sentences::sentence;
use crate::app::prompt::says_the_same;
use crate::app::{Effect, Model};
use crate::domain::{
    Decided, Failure, OperationId, OperationKind, OperationOutcome, RowNumber, RowsOf, Saved,
};

impl Model {
    pub(super) fn answered(
        &mut self,
        operation: OperationId,
        outcome: Result<OperationOutcome, Failure>,
        saved: Saved,
    ) -> Vec<Effect> {
        let noun = self.facts.answered(operation, saved);
        let mut effects = self.follow_journal();
        match outcome {
            Ok(outcome) => {
                effects.extend(self.follow_import(outcome));
                effects.extend(self.follow_compare(outcome));
                let there = row_to_show(outcome).filter(|row| self.shown().row(*row).is_some());
                let there = there.filter(|row| !self.race_shows(*row));
                there.into_iter().for_each(|row| self.show_group_of(row));
                let there = there.map(|first| self.turned_row(operation, first));
                let hidden = there.and_then(|row| {
                    self.detail.asked = None;
                    self.show_row(row)
                });
                if let Some(notice) = sentence(outcome) {
                    self.say(notice);
                    self.add(hidden);
                }
            }
            Err(reason) => self.fail(format!("{noun} was not saved: {reason}")),
        }
        effects
    }

    /// Returns the selected row, where the operation turned it too, else the first row that it turned.
    fn turned_row(&self, operation: OperationId, first: RowNumber) -> RowNumber {
        let is_turned = |row: &RowNumber| match self.shown().rows_of(operation) {
            Some(RowsOf::Changed(rows)) => rows.contains(*row),
            Some(RowsOf::Run(_)) | None => false,
        };
        self.selected_row().filter(is_turned).unwrap_or(first)
    }

    /// Shows the group of a row, where the window of equal rows is open.
    fn show_group_of(&mut self, row: RowNumber) {
        if let Some(window) = self.duplicates_mut() {
            window.show_group_of(row);
        }
    }

    /// Finds the rows again where an import was undone, so that its rows are gone, or done again.
    fn follow_import(&mut self, outcome: OperationOutcome) -> Vec<Effect> {
        let is_import = |decided: &Decided| {
            matches!(decided.what, Some(OperationKind::Import | OperationKind::Jump { .. }))
        };
        match outcome {
            OperationOutcome::Undone(Some(decided)) if is_import(&decided) => {
                self.find_rows(self.selected_row())
            }
            OperationOutcome::Redone(Some(decided)) if is_import(&decided) => self.find_rows(decided.first),
            // Rows of imports may be gone, or there again.
            OperationOutcome::Jumped(Some(_)) => self.find_rows(self.selected_row()),
            _ => vec![],
        }
    }

    /// Takes over the journal's state.
    pub(super) fn take_in(&mut self, saved: Saved) -> Vec<Effect> {
        self.facts.take_in(saved);
        self.follow_journal()
    }

    /// Updates what depends on the journal's state.
    fn follow_journal(&mut self) -> Vec<Effect> {
        self.arrive();
        self.refresh_scraps();
        self.say_remarks();
        self.adopt_version()
    }

    /// Makes the latest version that came from a sent draft the base of the present draft.
    fn adopt_version(&mut self) -> Vec<Effect> {
        let came = self.sent_drafts.unseen(self.facts.shown().versions());
        if came.is_empty() {
            return vec![];
        }
        let Some(id) = self.sent_drafts.version_of(&self.prompt.draft(), came) else { return vec![] };
        self.prompt.base = Some(id);
        self.prompt.is_changed = self.differs_from_base();
        vec![self.keep_draft()]
    }

    pub(super) fn differs_from_base(&self) -> bool {
        let base = self.prompt.base.and_then(|id| self.shown().version(id));
        base.is_none_or(|version| {
            let draft = self.prompt.draft();
            version.name != draft.prompt || !says_the_same(&draft, &version.content)
        })
    }
}

/// Returns the row to select after an operation, if any.
fn row_to_show(outcome: OperationOutcome) -> Option<RowNumber> {
    match outcome {
        OperationOutcome::Undone(decided) | OperationOutcome::Redone(decided) => decided?.first,
        OperationOutcome::ScrapRepaired { row } => Some(row),
        OperationOutcome::Written
        | OperationOutcome::CompareBegan { .. }
        | OperationOutcome::CompareEnded { .. }
        | OperationOutcome::Changed { .. }
        | OperationOutcome::Replaced { .. }
        | OperationOutcome::Jumped(_)
        | OperationOutcome::VersionSaved { .. } => None,
    }
}
