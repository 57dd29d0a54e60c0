//! The History view: going through the operations, and to the state just after one.

use ratatui::layout::Position;

use crate::app::command::HistoryCommand;
use crate::app::history::{SAMPLE, what};
use crate::app::message::Ask;
use crate::app::{Effect, Jump, Model, Overlay, Question, View};
use crate::domain::{OperationId, Steps, Timeline};

impl Model {
    /// Goes to the history, with the newest operation selected.
    pub(super) fn go_to_history(&mut self) -> Vec<Effect> {
        if self.view != View::History {
            self.history.selected = usize::MAX;
            self.history.top = 0;
        }
        self.go_to_view(View::History)
    }

    pub(super) fn run_in_history(&mut self, command: HistoryCommand) -> Vec<Effect> {
        match command {
            HistoryCommand::Jump => self.ask_jump(),
            HistoryCommand::ShowOperationRows => self.show_operation_rows(),
        }
    }

    pub(super) fn scroll_history(&mut self, by: isize) {
        let line = self.history.line().saturating_add_signed(by);
        let place = self.history.place(line.min(self.history.timeline.operation_count().saturating_sub(1)));
        self.history.selected = place.unwrap_or_default();
    }

    pub(super) fn click_history(&mut self, at: Position) -> Vec<Effect> {
        let list = self.history_geometry().list;
        if list.contains(at)
            && let Some(place) = self.history.place(self.history.top + usize::from(at.y - list.y))
        {
            self.history.selected = place;
        }
        vec![]
    }

    /// Follows the operations that came, and keeps the selected one in sight.
    pub(super) fn settle_history(&mut self) {
        if self.view != View::History {
            return;
        }
        let (shown, pane) = (self.facts.shown(), &mut self.history);
        let (before, now) = (pane.timeline.operation_count(), shown.operation_count());
        let turned = shown.operation_at(now.saturating_sub(1)).map(|last| last.id);
        if before != now || pane.newest != turned {
            let was_newest = pane.selected.saturating_add(1) >= before;
            pane.timeline = Timeline::of(shown);
            pane.newest = turned;
            if was_newest {
                pane.selected = now.saturating_sub(1);
            } else {
                pane.top += now.saturating_sub(before);
            }
        }
        pane.selected = pane.selected.min(now.saturating_sub(1));
        let selected = shown.operation_at(pane.selected);
        if pane.rows_of != selected.map(|operation| operation.id) {
            pane.rows = selected.map(|operation| shown.first_rows_of(operation, SAMPLE)).unwrap_or_default();
            pane.rows_of = selected.map(|operation| operation.id);
        }
        let height = usize::from(self.history_geometry().list.height).max(1);
        let (line, pane) = (self.history.line(), &mut self.history);
        pane.top = pane.top.min(now.saturating_sub(height)).clamp((line + 1).saturating_sub(height), line);
    }

    /// Finds out what going to just after the selected operation changes, and asks then.
    fn ask_jump(&mut self) -> Vec<Effect> {
        let Some(operation) = self.selected_operation() else {
            self.say("Nothing was done yet.");
            return vec![];
        };
        let (target, what) = (operation.id, what(operation, self.shown()));
        let steps = self.history.timeline.steps_to(self.history.selected);
        if steps == Steps::default() {
            self.say_is_there(target);
            return vec![];
        }
        let ask = self.new_ask();
        self.history.waiting = Some((ask, Jump { target, what, steps, rows: 0 }));
        vec![Effect::PreviewJump { ask, target, shown: Box::new(self.shown().clone()) }]
    }

    fn say_is_there(&mut self, target: OperationId) {
        self.say(format!("The rows are as they were just after operation {}.", target.0));
    }

    pub(super) fn jump_previewed(&mut self, ask: Ask, rows: Option<usize>) -> Vec<Effect> {
        let Some((_, jump)) = self.history.waiting.take_if(|(asked, _)| *asked == ask) else { return vec![] };
        // Who went elsewhere meanwhile is not asked there.
        if self.view != View::History || !self.overlays.is_empty() {
            return vec![];
        }
        match rows {
            None | Some(0) => self.say_is_there(jump.target),
            Some(rows) => self.overlays.push(Overlay::Question(Question::Jump(Jump { rows, ..jump }))),
        }
        vec![]
    }

    pub(super) fn jump_now(&mut self, jump: &Jump) -> Vec<Effect> {
        let operation = self.facts.ask("The jump");
        vec![Effect::Jump { operation, at: self.now, target: jump.target }]
    }

    /// Shows the rows that the selected operation was about, on the bench.
    fn show_operation_rows(&mut self) -> Vec<Effect> {
        let Some(id) = self.selected_operation().map(|operation| operation.id) else { return vec![] };
        if self.shown().rows_of(id).is_none() {
            self.say(format!("Operation {} was about no row, or about which is not known.", id.0));
            return vec![];
        }
        let filtered = self.filter_by(&format!("operation:{}", id.0));
        match filtered {
            Ok(mut effects) => {
                effects.extend(self.go_to_view(View::Bench));
                effects
            }
            Err(error) => {
                self.fail(error.message);
                vec![]
            }
        }
    }
}
