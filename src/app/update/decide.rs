//! Decisions on rows, their undo and redo.

use super::sentences::{already, done};
use crate::app::message::Ask;
use crate::app::overlay::{BulkChange, ExchangeWindow, Overlay};
use crate::app::{Effect, Model, Question, View};
use crate::curate::{self, Sort};
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
        self.target_row().map(|row| self.change_row(row, change)).unwrap_or_default()
    }

    pub(super) fn rate(&mut self, stars: u8) -> Vec<Effect> {
        // Every caller passes a valid number of stars; with another one the row would be accepted without a
        // rating.
        let rating = Rating::try_from(stars).ok();
        self.decide(Change::Accept { rating, tags: Vec::new() })
    }

    pub(super) fn clear_rating(&mut self) -> Vec<Effect> {
        let Some(row) = self.target_row() else { return vec![] };
        let effects = self.change_row(row, Change::ClearRating);
        if !effects.is_empty() {
            self.say(format!("Row {} has no rating now; it stays accepted.", row.shown()));
        }
        effects
    }

    /// Changes a row, or says that it is so already. A decision on a pending row selects the next pending
    /// one; where the filter asks for skipped rows, one on a skipped row selects the next skipped one.
    pub(super) fn change_row(&mut self, row: RowNumber, change: Change) -> Vec<Effect> {
        if !matches!(change, Change::Edit { .. }) {
            self.last_change = Some(change.clone());
        }
        // While an undo is on its way, the writer knows better what stands.
        let mark = self.shown().mark(row).filter(|_| !self.facts.is_asking());
        if mark.is_some_and(|mark| !change.alters(&mark, false)) {
            self.say(already(&change, row));
            return vec![];
        }
        let before = self.shown().state(row).kind();
        let event = Event::Changed { rows: RowSet::one(row), change, bulk: false };
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

    /// Repeats the last decision and says which one it was.
    pub(super) fn repeat_decision(&mut self) -> Vec<Effect> {
        let Some(change) = self.last_change.clone() else {
            self.say("There is no decision to repeat yet.");
            return vec![];
        };
        let Some(row) = self.target_row() else { return vec![] };
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

    /// Asks before changing every row that the filter matches.
    pub(super) fn ask_bulk(&mut self, change: Change) -> Vec<Effect> {
        let bulk = self.bulk_change(change);
        match (bulk.rows.len(), bulk.unchanged) {
            (0, 0) => self.say("No row matches the filter."),
            (0, 1) => self.say("The row that the filter matches is decided so already."),
            (0, rows) => self.say(format!("All {rows} rows that the filter matches are decided so already.")),
            _ => self.overlays.push(Overlay::Question(Question::Bulk(bulk))),
        }
        vec![]
    }

    /// Returns what a change would do to the rows that the filter matches.
    fn bulk_change(&self, change: Change) -> BulkChange {
        let to = match change {
            Change::Accept { .. } => Some(StateKind::Accepted),
            Change::Reject { .. } => Some(StateKind::Rejected),
            Change::Skip { .. } => Some(StateKind::Skipped),
            Change::ClearRating | Change::Tag { .. } | Change::Edit { .. } => None,
        };
        let matching = curate::view(self.shown(), &self.rows.parsed, &Sort::default());
        let (rows, unchanged): (Vec<_>, Vec<_>) = matching
            .iter()
            .map(|row| RowNumber(*row))
            .partition(|row| to.is_none_or(|to| !self.shown().is_in(*row, to)));
        let count = |kind: StateKind| rows.iter().filter(|row| self.shown().is_in(**row, kind)).count();
        let from = StateKind::ALL.map(|kind| (kind, count(kind))).into_iter().filter(|(_, rows)| *rows > 0);
        let (from, unchanged) = (from.collect(), unchanged.len());
        BulkChange { change, rows: rows.into_iter().collect(), from, unchanged }
    }

    pub(super) fn change_rows(&mut self, bulk: BulkChange) -> Vec<Effect> {
        let operation = self.facts.ask("The decision");
        vec![Effect::ChangeRows { operation, at: self.now, rows: bulk.rows, change: bulk.change }]
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
