//! Moving the selection from row to row.

use crate::app::{Command, Context, Effect, Model, Pane};
use crate::curate::Sort;
use crate::domain::{FlagKind, RowNumber, StateKind};

impl Model {
    /// Selects the row at an index, or the last row beyond the end.
    pub(super) fn select(&mut self, index: usize) {
        self.rows.selected = index.min(self.rows.view.len().saturating_sub(1));
    }

    /// Moves the selection down, or up where `rows` is negative, at most to the last or the first
    /// row.
    pub(super) fn move_by(&mut self, rows: isize) -> Vec<Effect> {
        self.select(self.rows.selected.saturating_add_signed(rows));
        vec![]
    }

    /// Selects a row. One that the filter hides is shown all the same, and marked; then it returns a sentence
    /// that says so.
    pub(super) fn show_row(&mut self, row: RowNumber) -> Option<String> {
        if let Some(index) = self.rows.view.position(row) {
            self.select(index);
            return None;
        }
        if row.index() >= self.rows.known {
            return Some(format!("Row {} is still being looked for.", row.shown()));
        }
        let in_arrival_order = self.rows.sort == Sort::default();
        let index = if in_arrival_order { self.rows.view.place_by_arrival(row) } else { self.rows.selected };
        self.rows.reveal(row, index);
        self.select(self.rows.view.position(row).unwrap_or(index));
        Some(format!("The filter hides row {}; it is shown all the same, marked `+`.", row.shown()))
    }

    pub(super) fn go_to(&mut self, number: &str) -> Vec<Effect> {
        let row = number.trim().parse::<u32>().ok().and_then(|number| number.checked_sub(1)).map(RowNumber);
        match row.filter(|row| self.shown().row(*row).is_some()) {
            Some(row) => {
                let hidden = self.show_row(row);
                self.add(hidden);
            }
            None => self.fail(format!(
                "There is no row `{}`: rows are numbered from 1 to {}.",
                number.trim(),
                self.shown().len()
            )),
        }
        vec![]
    }

    pub(super) fn half_page(&self, pane: Pane) -> isize {
        let height = self.geometry().inner(pane).height;
        isize::try_from(height / 2).unwrap_or(1).max(1)
    }

    /// Selects the next row in a state behind a decided one, wrapping around at the end; without any
    /// left, says what was kept and what waits.
    pub(super) fn go_on_from(&mut self, row: RowNumber, kind: StateKind) {
        // Where the decided row is gone, the next one has its place.
        let behind = self.rows.view.position(row).map_or(self.rows.selected, |place| place + 1);
        match self.next_in(kind, behind) {
            Some(index) => self.select(index),
            None => self.say_done(kind),
        }
    }

    pub(super) fn go_pending(&mut self) -> Vec<Effect> {
        match self.next_in(StateKind::Pending, self.rows.selected + 1) {
            Some(index) if index != self.rows.selected => self.select(index),
            Some(_) => self.say("No other row is pending here."),
            None => self.say_done(StateKind::Pending),
        }
        vec![]
    }

    /// Goes to the new rows: to the first one, and from one of them on to the next.
    pub(super) fn go_new(&mut self) -> Vec<Effect> {
        let last = self.shown().counts().last_run();
        let run = last.and_then(|last| self.shown().run(last));
        let is_hidden = run.is_some_and(|run| self.shown().hides_run(run));
        if self.refuses_to_tell(is_hidden) {
            return vec![];
        }
        let is_new = |model: &Self, index: usize| {
            let row = model.rows.view.get(index).filter(|row| model.is_pending(*row));
            let run = row.and_then(|row| model.shown().row(row)?.run());
            run.is_some_and(|run| Some(run.number) == last)
        };
        let selected = self.rows.selected;
        let start = if is_new(self, selected) { selected + 1 } else { 0 };
        let mut order = (start..self.rows.view.len()).chain(0..start);
        let hidden = self.rows.hidden.rows.min(self.shown().counts().new_rows());
        match order.find(|index| is_new(self, *index)) {
            Some(index) if index == selected => self.say("This is the only new row here."),
            Some(index) => self.select(index),
            None if hidden > 0 => self.say(format!(
                "The filter hides {}{}.",
                if hidden == 1 { "the new row".to_owned() } else { format!("all {hidden} new rows") },
                self.how_to_show_all()
            )),
            None => self.say("There are no new rows: none of the last run is pending."),
        }
        vec![]
    }

    /// Returns `; esc shows all rows`.
    pub(super) fn how_to_show_all(&self) -> String {
        let keys = self.keymap.keys_in(Context::Rows.chain(), Command::Back);
        keys.first().map(|key| format!("; {key} shows all rows")).unwrap_or_default()
    }

    fn say_done(&mut self, kind: StateKind) {
        let counts = self.shown().counts().all;
        if kind == StateKind::Skipped {
            self.say("No skipped row is left here.");
            return;
        }
        if counts.pending > 0 {
            let all = if self.rows.is_filtered() { self.how_to_show_all() } else { String::new() };
            self.say(format!("No pending row is left here; {} are not shown{all}.", counts.pending));
            return;
        }
        let decided = counts.accepted + counts.rejected;
        let done = format!("done: {} of {decided} kept", counts.accepted);
        let key = self.keymap.keys_in(Context::Rows.chain(), Command::FilterRows).into_iter().next();
        let how = key.map(|key| format!(": {key} state:skipped shows them")).unwrap_or_default();
        self.say(match counts.skipped {
            0 => done,
            1 => format!("{done}; 1 skipped row waits{how}"),
            skipped => format!("{done}; {skipped} skipped rows wait{how}"),
        });
    }

    /// Returns the first row in a state from an index on, wrapping around at the end.
    fn next_in(&self, kind: StateKind, from: usize) -> Option<usize> {
        if self.shown().counts().all.of(kind) == 0 {
            return None;
        }
        let view = &self.rows.view;
        let mut order = (from..view.len()).chain(0..from.min(view.len()));
        order.find(|index| view.get(*index).is_some_and(|row| self.shown().is_in(row, kind)))
    }

    /// Selects the next flagged row in a direction, without wrapping around.
    pub(super) fn go_flagged(&mut self, step: isize) -> Vec<Effect> {
        let view = &self.rows.view;
        let flagged = |index: usize| {
            let row = view.get(index).and_then(|row| self.shown().row(row));
            row.is_some_and(|row| row.is_flagged())
        };
        let selected = self.rows.selected;
        let counts = self.shown().counts();
        let found = if FlagKind::ALL.into_iter().all(|kind| counts.of_flag(kind) == 0) {
            None
        } else if step > 0 {
            (selected + 1..view.len()).find(|index| flagged(*index))
        } else {
            (0..selected.min(view.len())).rev().find(|index| flagged(*index))
        };
        if let Some(index) = found {
            self.select(index);
        } else {
            let side = if step > 0 { "below" } else { "above" };
            self.say(format!("No row {side} this one is flagged."));
        }
        vec![]
    }
}
