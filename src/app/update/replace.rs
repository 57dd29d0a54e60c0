//! Finding and replacing in rows.

use std::sync::Arc;

use super::typing::apply;
use super::view::AT_ONCE;
use crate::app::bulk::{ManyRows, Target};
use crate::app::command::{MatchesCommand, ReplaceCommand, TypingCommand};
use crate::app::message::Ask;
use crate::app::overlay::Overlay;
use crate::app::replace::{Matches, ReplaceWindow};
use crate::app::{Effect, Model};
use crate::curate::Replaceable;

impl Model {
    fn replace_window(&mut self) -> Option<&mut ReplaceWindow> {
        match self.overlays.last_mut() {
            Some(Overlay::Replace(window)) => Some(window),
            _ => None,
        }
    }

    /// Opens the window: for the marked rows where there are several, else for all that are shown.
    pub(super) fn find_replace(&mut self) -> Vec<Effect> {
        let rows = self.rows.view.len();
        if rows == 0 {
            self.say("No row is shown.");
            return vec![];
        }
        let marked = self.rows.marked_places().len();
        let marked = (marked > 1).then(|| (self.many_rows(Target::Marked), marked));
        let all = (ManyRows::Places(self.rows.view.clone(), 0..rows), rows);
        if let Some(open) = self.stage.session() {
            let window = ReplaceWindow::new(&open.session.schema, all, marked);
            self.overlays.push(Overlay::Replace(Box::new(window)));
        }
        vec![]
    }

    pub(super) fn run_in_replace(&mut self, command: ReplaceCommand) -> Vec<Effect> {
        match command {
            ReplaceCommand::ShowMatches => self.show_matches(),
            ReplaceCommand::LeaveReplace => {
                self.overlays.pop();
                vec![]
            }
            ReplaceCommand::NextReplaceField => self.go_in_replace(1),
            ReplaceCommand::PreviousReplaceField => self.go_in_replace(-1),
            ReplaceCommand::NextReplaceValue => self.cycle_in_replace(1, TypingCommand::CursorRight),
            ReplaceCommand::PreviousReplaceValue => self.cycle_in_replace(-1, TypingCommand::CursorLeft),
        }
    }

    pub(super) fn run_on_matches(&mut self, command: MatchesCommand) -> Vec<Effect> {
        match command {
            MatchesCommand::LeaveMatchOut => {
                let row = self.replace_window().and_then(|window| window.selected_row());
                let state = row.and_then(|row| self.shown().row(row)).map(|row| row.state().kind());
                if let Some((window, state)) = self.replace_window().zip(state) {
                    window.leave_out(state);
                }
                vec![]
            }
        }
    }

    fn go_in_replace(&mut self, step: isize) -> Vec<Effect> {
        self.replace_window().into_iter().for_each(|window| window.go(step));
        vec![]
    }

    /// Takes another choice; where the line has none, moves the cursor instead.
    fn cycle_in_replace(&mut self, step: isize, otherwise: TypingCommand) -> Vec<Effect> {
        let Some(window) = self.replace_window() else { return vec![] };
        if window.cycle(step) {
            return self.replacement_changed();
        }
        if let Some(area) = window.typed_in() {
            apply(area, otherwise);
        }
        vec![]
    }

    /// Gives the rows that would change the keys.
    fn show_matches(&mut self) -> Vec<Effect> {
        let Some(window) = self.replace_window() else { return vec![] };
        match window.found() {
            Some(rows) if !rows.is_empty() => window.in_rows = true,
            _ => {
                let status = window.status();
                self.say(status);
            }
        }
        vec![]
    }

    /// Looks for the rows that what is typed would change.
    pub(super) fn replacement_changed(&mut self) -> Vec<Effect> {
        let ask = self.new_ask();
        let shown = self.facts.shown();
        let Some(session) = self.stage.session().map(|open| Arc::clone(&open.session)) else { return vec![] };
        let Some(Overlay::Replace(window)) = self.overlays.last_mut() else { return vec![] };
        (window.ask, window.row) = (ask, 0);
        window.left_out.clear();
        let replacement = match window.replacement(&session.schema) {
            Ok(replacement) => Arc::new(replacement),
            Err(why) => {
                window.matches = Matches::Wrong(why);
                return vec![];
            }
        };
        if shown.len() > AT_ONCE {
            window.matches = Matches::Looking(Arc::clone(&replacement));
            let (rows, shown) = (window.rows().clone(), shown.clone());
            return vec![Effect::FindMatches { ask, replacement, rows, session, shown }];
        }
        let found = replacement.find(shown, &session.schema, &window.rows().find(shown), || false);
        window.matches = Matches::Found(replacement, found);
        vec![]
    }

    pub(super) fn matches_found(&mut self, ask: Ask, found: Replaceable) {
        for overlay in &mut self.overlays {
            if let Overlay::Replace(window) = overlay
                && window.ask == ask
                && let Matches::Looking(replacement) = &window.matches
            {
                window.matches = Matches::Found(Arc::clone(replacement), found);
                return;
            }
        }
    }

    /// Sends the replacement, or goes back to the form.
    pub(super) fn answer_replace(&mut self, yes: bool) -> Vec<Effect> {
        let Some(window) = self.replace_window() else { return vec![] };
        if !yes {
            window.in_rows = false;
            return vec![];
        }
        let rows = window.chosen();
        let Matches::Found(replacement, _) = &window.matches else { return vec![] };
        let replacement = Arc::clone(replacement);
        if rows.is_empty() {
            self.say("Every row is left out; nothing would change.");
            return vec![];
        }
        self.overlays.pop();
        self.rows.marked = None;
        self.detail.asked = None;
        let operation = self.facts.ask("The replacement");
        vec![Effect::Replace { operation, at: self.now, rows, replacement }]
    }
}
