//! The pair on show: deciding it, and going from one to another.

use crate::app::compare::comparison;
use crate::app::{Command, Effect, Model, View};
use crate::domain::{PairChoice, RowNumber, TrialKind};

impl Model {
    /// Decides the pair on show, and goes on to the next open one where it was open.
    pub(super) fn choose_pair(&mut self, choice: PairChoice) -> Vec<Effect> {
        let Some((pair, place)) = self.compare.at.zip(self.compare.place()) else {
            self.say("There is no pair to decide yet.");
            return vec![];
        };
        let was_open = self.shown().said_of(pair).is_none();
        if self.shown().said_of(pair) == Some(choice) && !self.facts.is_asking() {
            self.say(format!("The pair is decided so already: {}.", choice.name()));
            return vec![];
        }
        let changes: Vec<_> = pair.changes(choice).into();
        let operation = self.facts.append_each(&changes, self.now);
        if was_open {
            self.go_on_from_pair(place);
        }
        vec![Effect::ChangeEach { operation, at: self.now, changes }]
    }

    fn go_on_from_pair(&mut self, place: usize) {
        let Self { compare, facts, .. } = self;
        if compare.go_to_open(place + 1, facts.shown()) {
            return;
        }
        let is_sampling = self.sampling.run().is_some();
        let key = self.keymap.keys_of(Command::EndComparison).into_iter().next().unwrap_or_default();
        self.say(if is_sampling {
            "All pairs that have come are decided; more are being sampled.".to_owned()
        } else {
            format!("All {} pairs are decided; {key} ends the comparison.", self.compare.pairs.len())
        });
    }

    pub(super) fn leave_pair_open(&mut self) -> Vec<Effect> {
        let from = self.compare.place().map_or(0, |place| place + 1);
        let before = self.compare.at;
        let Self { compare, facts, .. } = self;
        if !compare.go_to_open(from, facts.shown()) || compare.at == before {
            self.say("There is no other open pair.");
        }
        vec![]
    }

    pub(super) fn move_pair(&mut self, step: isize) -> Vec<Effect> {
        let Some(place) = self.compare.place() else { return vec![] };
        let to = place.saturating_add_signed(step).min(self.compare.pairs.len().saturating_sub(1));
        if to == place {
            self.say(if step > 0 { "This is the last pair." } else { "This is the first pair." });
        }
        let pair = self.compare.pairs.get(to).copied();
        self.compare.show(pair);
        vec![]
    }

    /// Shows the pair of a row, where the view with its pairs is shown.
    pub(super) fn show_pair_of(&mut self, row: Option<RowNumber>) {
        let of_row = row.and_then(|row| {
            let mut pairs = self.compare.pairs.iter();
            pairs.find(|pair| pair.left == row || pair.right == row).copied()
        });
        if self.view == View::Compare && of_row.is_some() {
            self.compare.show(of_row);
        }
    }

    /// Finds the pairs of the comparison that goes on, where rows came since, and shows the first open one where none
    /// is on show.
    pub(in crate::app::update) fn settle_compare(&mut self) {
        if self.view != View::Compare {
            return;
        }
        let Self { compare, facts, .. } = self;
        let shown = facts.shown();
        let Some(trial) = comparison(shown) else {
            (compare.known, compare.at) = (None, None);
            compare.pairs.clear();
            // They are found once and not at each drawing: all rows are looked at.
            let trials = shown.laboratory().trials();
            let known = Some((trials.len(), shown.len()));
            if compare.ended_known != known {
                let ended =
                    trials.iter().filter(|trial| trial.kind == TrialKind::Compare && !trial.goes_on());
                compare.ended = ended.map(|trial| (trial.number, shown.pairs(trial.number))).collect();
                compare.ended_known = known;
            }
            return;
        };
        let known = Some((trial.number, shown.len()));
        if compare.known != known {
            compare.pairs = shown.pairs(trial.number);
            compare.known = known;
        }
        if compare.place().is_none() {
            compare.show(None);
            if !compare.go_to_open(0, shown) {
                let last = compare.pairs.last().copied();
                compare.show(last);
            }
        }
    }
}
