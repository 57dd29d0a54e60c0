//! Rows that are equal or nearly equal: looking at a group, and keeping one row of it.

use crate::app::bulk::{ManyRows, Target};
use crate::app::command::DuplicatesCommand;
use crate::app::duplicates::{DuplicatesWindow, Group, best_of};
use crate::app::message::Ask;
use crate::app::{Effect, Model, Overlay};
use crate::curate::duplicates::Merge;
use crate::domain::{RowNumber, RowState};

impl Model {
    pub(super) fn run_in_duplicates(&mut self, command: DuplicatesCommand) -> Vec<Effect> {
        match command {
            DuplicatesCommand::NextDuplicate => self.move_in_group(1),
            DuplicatesCommand::PreviousDuplicate => self.move_in_group(-1),
            DuplicatesCommand::NextGroup => self.move_group(1),
            DuplicatesCommand::PreviousGroup => self.move_group(-1),
            DuplicatesCommand::KeepRow => self.keep(DuplicatesWindow::row),
            DuplicatesCommand::KeepBest => {
                let best = self.duplicates().and_then(|window| best_of(self.shown(), window.rows()));
                self.keep(|_| best)
            }
            DuplicatesCommand::MergeGroups => self.merge_groups(),
        }
    }

    /// Opens the window, and has the groups looked for.
    pub(super) fn show_duplicates(&mut self) -> Vec<Effect> {
        let ask = self.new_ask();
        let window = DuplicatesWindow::new(ask, self.rows.is_filtered());
        self.overlays.push(Overlay::Duplicates(window));
        vec![Effect::FindDuplicates { ask, shown: Box::new(self.shown().clone()) }]
    }

    /// Shows the groups: that of the selected row first, where it has one.
    pub(super) fn duplicates_found(&mut self, ask: Ask, groups: Vec<Group>) {
        let selected = self.selected_row();
        let Some(window) = self.duplicates_mut().filter(|window| window.ask == ask) else { return };
        window.groups = Some(groups);
        selected.into_iter().for_each(|row| window.show_group_of(row));
    }

    fn duplicates(&self) -> Option<&DuplicatesWindow> {
        self.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Duplicates(window) => Some(window),
            _ => None,
        })
    }

    pub(super) fn duplicates_mut(&mut self) -> Option<&mut DuplicatesWindow> {
        self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Duplicates(window) => Some(window),
            _ => None,
        })
    }

    fn move_in_group(&mut self, step: isize) -> Vec<Effect> {
        if let Some(window) = self.duplicates_mut() {
            let last = window.rows().len().saturating_sub(1);
            window.selected = window.selected.saturating_add_signed(step).min(last);
            window.scroll = 0;
        }
        vec![]
    }

    fn move_group(&mut self, step: isize) -> Vec<Effect> {
        if let Some(window) = self.duplicates_mut() {
            let last = window.groups.as_ref().map_or(0, Vec::len).saturating_sub(1);
            let group = window.group.saturating_add_signed(step).min(last);
            if group != window.group {
                (window.group, window.selected, window.scroll) = (group, 0, 0);
            }
        }
        vec![]
    }

    /// Keeps a row of the group and goes on to the next one; asks first where an accepted row would be rejected.
    fn keep(&mut self, which: impl Fn(&DuplicatesWindow) -> Option<RowNumber>) -> Vec<Effect> {
        let Some(window) = self.duplicates() else { return vec![] };
        let Some(kept) = which(window) else { return vec![] };
        let group = window.rows().to_vec();
        if self.shown().row(kept).is_none_or(|row| row.state() == RowState::Rejected) {
            self.say("This row is rejected: keep another one, or accept it first.");
            return vec![];
        }
        let merge = Merge::keeping(self.shown(), std::iter::once((kept, &group)));
        if merge.rejected.is_empty() {
            self.say("The other rows of the group are rejected already.");
            return vec![];
        }
        if merge.accepted > 0 {
            return self.ask_bulk_of(Merge::change(), Target::Marked, ManyRows::Listed(merge.rejected));
        }
        let _ = self.move_group(1);
        let operation = self.facts.ask("The decision");
        vec![Effect::ChangeRows { operation, at: self.now, rows: merge.rejected, change: Merge::change() }]
    }

    /// Asks before the best row of every group is kept.
    fn merge_groups(&mut self) -> Vec<Effect> {
        let Some(groups) = self.duplicates().and_then(|window| window.groups.as_ref()) else { return vec![] };
        let merge = Merge::keeping_best(self.shown(), groups);
        if merge.rejected.is_empty() {
            self.say("No group has two rows that are not rejected.");
            return vec![];
        }
        self.ask_bulk_of(Merge::change(), Target::Marked, ManyRows::Listed(merge.rejected))
    }
}
