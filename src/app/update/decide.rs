//! Decisions on rows, their undo and redo.

use super::sentences::{already, done};
use crate::app::bulk::Target;
use crate::app::message::Ask;
use crate::app::overlay::{ExchangeWindow, Overlay};
use crate::app::{Effect, Model, View};
use crate::domain::{Change, Event, Exchange, Failure, Rating, RowNumber, RowSet, StateKind};

impl Model {
    /// Returns the row that a decision applies to: the one that was drawn as selected.
    pub(super) fn target_row(&mut self) -> Option<RowNumber> {
        let row = self.target.filter(|row| self.shown().id(*row).is_some()).or_else(|| self.row_at_hand());
        if row.is_none() {
            self.say(if self.view == View::Race {
                "No row of the race waits."
            } else {
                "No row is selected."
            });
        }
        row
    }

    pub(super) fn decide(&mut self, change: Change) -> Vec<Effect> {
        self.target().map(|target| self.change_target(target, change)).unwrap_or_default()
    }

    pub(super) fn rate(&mut self, stars: u8) -> Vec<Effect> {
        // Every caller passes a valid number of stars; with another one the row would be accepted without a
        // rating.
        let rating = Rating::try_from(stars).ok();
        self.decide(Change::Accept { rating, tags: Vec::new() })
    }

    pub(super) fn clear_rating(&mut self) -> Vec<Effect> {
        let Some(target) = self.target() else { return vec![] };
        let Target::Row(row) = target else { return self.change_target(target, Change::ClearRating) };
        let effects = self.change_row(row, Change::ClearRating);
        if !effects.is_empty() {
            self.say(format!("Row {} has no rating now; it stays accepted.", row.shown()));
        }
        effects
    }

    /// Changes a row, or says that it is so already. A decision on a pending row selects the next pending
    /// one; where the filter asks for skipped rows, one on a skipped row selects the next skipped one.
    pub(super) fn change_row(&mut self, row: RowNumber, change: Change) -> Vec<Effect> {
        self.remember(&change);
        // While an undo is on its way, the writer knows better what stands.
        let rows = RowSet::one(row);
        let is_known = self.shown().mark(row).is_some() && !self.facts.is_asking();
        if is_known && self.shown().altered(&rows, &change, false).is_empty() {
            self.say(already(&change, row));
            return vec![];
        }
        let before = self.shown().state(row).kind();
        let event = Event::Changed { rows, change, bulk: false };
        let effect = Effect::Append(self.facts.append(event, self.now));
        let is_open = match before {
            StateKind::Pending => true,
            StateKind::Skipped => self.rows.parsed.asks_for(StateKind::Skipped),
            StateKind::Accepted | StateKind::Rejected | StateKind::Withdrawn => false,
        };
        // A race shows its own rows one after another.
        let is_open = is_open && self.view != View::Race;
        if is_open && !self.shown().is_in(row, before) {
            self.go_on_from(row, before);
        }
        vec![effect]
    }

    /// Remembers a decision, to be repeated; what a row says or is called is none.
    pub(super) fn remember(&mut self, change: &Change) {
        if !matches!(change, Change::Edit { .. } | Change::Relabel { .. }) {
            self.last_change = Some(change.clone());
        }
    }

    /// Repeats the last decision and says which one it was.
    pub(super) fn repeat_decision(&mut self) -> Vec<Effect> {
        let Some(change) = self.last_change.clone() else {
            self.say("There is no decision to repeat yet.");
            return vec![];
        };
        let Some(target) = self.target() else { return vec![] };
        let Target::Row(row) = target else { return self.change_target(target, change) };
        let said = format!("Repeated: row {} is {}.", row.shown(), done(&change));
        let effects = self.change_row(row, change);
        if !effects.is_empty() {
            let end = self.notice.take().map(|notice| notice.text);
            self.say(said);
            self.add(end);
        }
        effects
    }

    pub(super) fn undo(&mut self) -> Vec<Effect> {
        if self.shown().next_undo().is_none() && !self.facts.is_asking() {
            self.say("There is nothing to undo.");
            return vec![];
        }
        let operation = self.facts.ask("The undo");
        vec![Effect::Undo { operation, at: self.now }]
    }

    pub(super) fn redo(&mut self) -> Vec<Effect> {
        if self.shown().next_redo().is_none() && !self.facts.is_asking() {
            self.say("There is nothing to redo.");
            return vec![];
        }
        let operation = self.facts.ask("The redo");
        vec![Effect::Redo { operation, at: self.now }]
    }

    pub(super) fn show_exchange(&mut self) -> Vec<Effect> {
        let Some(row) = self.target_row() else { return vec![] };
        if self.refuses_to_tell(self.shown().hidden_side(row)) {
            return vec![];
        }
        let ask: Ask = self.new_ask();
        let window = ExchangeWindow { row, exchange: None, scroll: 0, ask };
        self.overlays.push(Overlay::Exchange(window));
        vec![Effect::ShowExchange { ask, row }]
    }

    pub(super) fn exchange_shown(&mut self, ask: Ask, exchange: Result<Exchange, Failure>) {
        let exchange = match exchange {
            Ok(exchange) => exchange,
            Err(error) => return self.fail(error.to_string()),
        };
        for overlay in &mut self.overlays {
            if let Overlay::Exchange(window) = overlay
                && window.ask == ask
            {
                window.exchange = Some(exchange.clone());
            }
        }
    }

    pub(super) fn copy_row(&mut self) -> Vec<Effect> {
        let Some(row) = self.target_row() else { return vec![] };
        let Some(text) = self.shown().row(row).map(|row| row.text().to_owned()) else { return vec![] };
        vec![Effect::Copy(text)]
    }
}
