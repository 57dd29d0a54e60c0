//! Marking rows, and changes of many rows: counted first, then asked for, then sent as one operation.

use super::view::AT_ONCE;
use crate::app::bulk::{BulkWindow, ManyRows, Target};
use crate::app::message::Ask;
use crate::app::overlay::Overlay;
use crate::app::rows::Marked;
use crate::app::{Effect, Model, View};
use crate::curate::BulkPreview;
use crate::domain::Change;
use crate::text::{counted, thousands};

impl Model {
    /// Marks rows from the selected one on, or ends that.
    pub(super) fn mark_rows(&mut self) -> Vec<Effect> {
        if self.rows.marked.take().is_none() && self.target_row().is_some() {
            self.rows.marked = Some(Marked::From(self.rows.selected));
        }
        vec![]
    }

    /// Marks all rows that are shown, or ends that.
    pub(super) fn mark_all(&mut self) -> Vec<Effect> {
        let is_all = self.rows.marked == Some(Marked::All);
        self.rows.marked = (!is_all && !self.rows.view.is_empty()).then_some(Marked::All);
        if self.rows.marked.is_some() {
            let rows = counted(self.rows.view.len() as u64, "row");
            self.say(format!("{rows} marked: all that are shown. What you decide now is for all of them."));
        }
        vec![]
    }

    /// Returns what a decision is meant for: the marked rows where there are several, else the row at hand.
    pub(super) fn target(&mut self) -> Option<Target> {
        let is_marked = self.view == View::Bench && self.rows.marked_places().len() > 1;
        if is_marked { Some(Target::Marked) } else { self.target_row().map(Target::Row) }
    }

    /// Changes what is meant: a row at once, many rows after a look at what would change.
    pub(super) fn change_target(&mut self, target: Target, change: Change) -> Vec<Effect> {
        match target {
            Target::Row(row) => self.change_row(row, change),
            Target::Marked | Target::Matching => {
                self.remember(&change);
                self.ask_bulk(change, target)
            }
        }
    }

    /// Returns which rows are meant by a target that is no single row.
    pub(super) fn many_rows(&self, target: Target) -> ManyRows {
        match target {
            Target::Matching => ManyRows::Matching(self.rows.parsed.clone()),
            Target::Marked | Target::Row(_) => {
                ManyRows::Places(self.rows.view.clone(), self.rows.marked_places())
            }
        }
    }

    /// Opens the window that says what a change of many rows would do.
    pub(super) fn ask_bulk(&mut self, change: Change, target: Target) -> Vec<Effect> {
        let rows = self.many_rows(target);
        self.ask_bulk_of(change, target, rows)
    }

    /// Opens that window for rows that are known already.
    pub(super) fn ask_bulk_of(&mut self, change: Change, target: Target, rows: ManyRows) -> Vec<Effect> {
        let ask = self.new_ask();
        let window = BulkWindow { change: change.clone(), target, preview: None, scroll: 0, ask };
        self.overlays.push(Overlay::Bulk(Box::new(window)));
        if self.shown().len() > AT_ONCE {
            return vec![Effect::PreviewBulk { ask, change, rows, shown: self.shown().clone() }];
        }
        let preview = BulkPreview::of(self.shown(), &rows.find(self.shown()), &change);
        self.bulk_previewed(ask, preview);
        vec![]
    }

    /// Shows what a change would do; one that would do nothing is not asked for.
    pub(super) fn bulk_previewed(&mut self, ask: Ask, preview: BulkPreview) {
        let place = self.overlays.iter().position(|overlay| match overlay {
            Overlay::Bulk(window) => window.ask == ask,
            _ => false,
        });
        let Some(place) = place else { return };
        if preview.rows.is_empty() {
            let closed = self.overlays.remove(place);
            let Overlay::Bulk(window) = closed else { return };
            let all = match window.target {
                Target::Matching => "that the filter matches",
                Target::Marked | Target::Row(_) => "that are marked",
            };
            self.say(match preview.unchanged {
                0 if window.target == Target::Matching => "No row matches the filter.".to_owned(),
                0 => "No row is marked.".to_owned(),
                1 => format!("The row {} is so already.", all.replace("are", "is")),
                rows => format!("All {} rows {all} are so already.", thousands(rows as u64)),
            });
        } else if let Some(Overlay::Bulk(window)) = self.overlays.get_mut(place) {
            window.preview = Some(preview);
        }
    }

    /// Sends the change of many rows that was asked for, or leaves it.
    pub(super) fn answer_bulk(&mut self, yes: bool) -> Vec<Effect> {
        let Some(Overlay::Bulk(window)) = self.overlays.pop() else { return vec![] };
        if !yes {
            return vec![];
        }
        let Some(preview) = window.preview else {
            self.overlays.push(Overlay::Bulk(window));
            self.say("The rows are still being counted.");
            return vec![];
        };
        self.rows.marked = None;
        let operation = self.facts.ask("The decision");
        vec![Effect::ChangeRows { operation, at: self.now, rows: preview.rows, change: window.change }]
    }
}
