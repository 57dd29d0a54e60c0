//! The Compare view: its form, the pair on show, and the comparison that goes on.

mod pairs;

use std::sync::Arc;

use ratatui::layout::{Position, Rect};

use crate::app::command::{CompareCommand, CompareFormCommand};
use crate::app::compare::{Begun, CompareField, CompareLine, ComparePart, comparison};
use crate::app::estimate::estimate;
use crate::app::overlay::Overlay;
use crate::app::sampling::WaitingRun;
use crate::app::{Command, Effect, Model, Question, View};
use crate::domain::{
    Budget, CompareOrder, GeneratorSettings, OperationOutcome, PairChoice, Price, Run, RunOrder, Tokens,
    Trial, TrialNumber, TrialSide, lacks_budget, run_of_side, share_of_side, sides_in_order,
    too_small_to_split,
};

impl Model {
    pub(super) fn run_in_compare(&mut self, command: CompareCommand) -> Vec<Effect> {
        match command {
            CompareCommand::ChooseLeft => self.choose_pair(PairChoice::Left),
            CompareCommand::ChooseRight => self.choose_pair(PairChoice::Right),
            CompareCommand::ChooseBoth => self.choose_pair(PairChoice::Both),
            CompareCommand::ChooseNeither => self.choose_pair(PairChoice::Neither),
            CompareCommand::LeavePairOpen => self.leave_pair_open(),
            CompareCommand::NextPair => self.move_pair(1),
            CompareCommand::PreviousPair => self.move_pair(-1),
            CompareCommand::UndoPair => self.undo(),
            CompareCommand::RedoPair => self.redo(),
            CompareCommand::SamplePairs => self.sample_pairs(),
            CompareCommand::EndComparison => self.end_comparison(),
        }
    }

    pub(super) fn run_in_compare_form(&mut self, command: CompareFormCommand) -> Vec<Effect> {
        if comparison(self.shown()).is_some() {
            self.say("A comparison goes on; decide its pairs or end it first.");
            return vec![];
        }
        match command {
            CompareFormCommand::StartComparison => self.start_comparison(),
            CompareFormCommand::ChangeCompareField => self.change_compare_field(),
            CompareFormCommand::NextCompareField => self.move_compare_field(1),
            CompareFormCommand::PreviousCompareField => self.move_compare_field(-1),
            CompareFormCommand::NextCompareValue => self.cycle_compare_value(1),
            CompareFormCommand::PreviousCompareValue => self.cycle_compare_value(-1),
        }
    }

    fn move_compare_field(&mut self, step: isize) -> Vec<Effect> {
        self.compare.part = ComparePart::Form;
        self.compare.form.go(step);
        vec![]
    }

    /// Stops typing in a line.
    pub(super) fn leave_compare_field(&mut self) -> Vec<Effect> {
        if self.compare.part == ComparePart::Typing {
            self.compare.part = ComparePart::Form;
        }
        vec![]
    }

    fn change_compare_field(&mut self) -> Vec<Effect> {
        self.compare.part = ComparePart::Form;
        match self.compare.form.selected {
            CompareField::Start => return self.start_comparison(),
            field if field.is_typed() => {
                self.compare.part = ComparePart::Typing;
                self.compare.form.begin_typing();
            }
            _ => return self.cycle_compare_value(1),
        }
        vec![]
    }

    fn cycle_compare_value(&mut self, step: isize) -> Vec<Effect> {
        self.compare.part = ComparePart::Form;
        let Self { compare, sampling, facts, .. } = self;
        if !compare.form.cycle(step, sampling, facts.shown()) && compare.form.selected.is_typed() {
            let key = self.keymap.keys_of(Command::ChangeCompareField).into_iter().next();
            self.say(key.map_or_else(String::new, |key| format!("{key} types in the line.")));
        }
        vec![]
    }

    /// Goes from the form to what came of the comparisons, or back.
    pub(super) fn next_compare_part(&mut self) -> Vec<Effect> {
        self.compare.part = match self.compare.part {
            ComparePart::Result => ComparePart::Form,
            ComparePart::Form | ComparePart::Typing => ComparePart::Result,
        };
        self.compare.scroll = 0;
        vec![]
    }

    pub(super) fn back_in_compare(&mut self) -> Vec<Effect> {
        if self.compare.part == ComparePart::Result && comparison(self.shown()).is_none() {
            self.compare.part = ComparePart::Form;
            return vec![];
        }
        self.go_to_view(View::Bench)
    }

    /// Begins the comparison that the form says, after a question where it costs money.
    fn start_comparison(&mut self) -> Vec<Effect> {
        if let Some(trial) = self.shown().laboratory().going() {
            let name = trial.kind.name();
            self.say(format!("A {name} goes on already; end it first."));
            return vec![];
        }
        let order = match self.compare.form.order(&self.sampling, self.shown()) {
            Ok(order) => order,
            Err((field, sentence)) => {
                (self.compare.part, self.compare.form.selected) = (ComparePart::Form, field);
                self.fail(sentence);
                return vec![];
            }
        };
        match Self::paid_side(&order) {
            Some(settings) => {
                let estimate = self.estimate_of(&order, settings);
                let question = Question::Compare { order: Box::new(order), estimate };
                self.overlays.push(Overlay::Question(question));
                vec![]
            }
            None => self.begin_comparison(order),
        }
    }

    /// Returns the settings of the dearer side, where one costs money.
    fn paid_side(order: &CompareOrder) -> Option<GeneratorSettings> {
        let cost = |price: Price| price.of(Tokens { input: 1, output: 1 });
        let sides = order.sides.iter().map(|side| &side.settings);
        let priced = sides.filter_map(|settings| Some((cost(settings.price?), settings)));
        let dearer = priced.max_by(|(one, _), (other, _)| one.total_cmp(other));
        dearer.filter(|(cost, _)| *cost > 0.0).map(|(_, settings)| settings.clone())
    }

    /// Estimates both sides as if both were the dearer one.
    fn estimate_of(&self, order: &CompareOrder, settings: GeneratorSettings) -> crate::app::Estimate {
        let runs: Vec<&Run> = self.shown().runs().collect();
        let preview = self.preview.preview.as_ref().filter(|preview| !preview.messages.is_empty());
        let both =
            RunOrder { budget: order.budget, ..RunOrder::new(order.pairs.saturating_mul(2), settings) };
        let schema = self.stage.session().map(|open| open.session.schema.clone()).unwrap_or_default();
        let estimate = estimate(&both, preview.map(|preview| preview.tokens), &runs, &schema);
        crate::app::Estimate { so_far: self.shown().counts().usage.clone(), ..estimate }
    }

    pub(super) fn begin_comparison(&mut self, order: CompareOrder) -> Vec<Effect> {
        let settings = order.sides.clone().map(|side| side.settings);
        self.compare.begun = Some(Begun { settings, budget: order.budget });
        let operation = self.facts.ask("The comparison");
        vec![Effect::BeginCompare { operation, at: self.now, order: Box::new(order) }]
    }

    /// Goes on once a comparison has begun or ended.
    pub(super) fn follow_compare(&mut self, outcome: OperationOutcome) -> Vec<Effect> {
        match outcome {
            OperationOutcome::CompareBegan { trial } => {
                (self.compare.part, self.compare.at) = (ComparePart::Form, None);
                self.sample_sides(trial)
            }
            OperationOutcome::CompareEnded { .. } => {
                (self.compare.part, self.compare.scroll) = (ComparePart::Result, 0);
                vec![]
            }
            OperationOutcome::Undone(Some(decided)) | OperationOutcome::Redone(Some(decided)) => {
                self.show_pair_of(decided.first);
                vec![]
            }
            _ => vec![],
        }
    }

    /// Samples what a comparison misses: sides without a run, and runs that miss rows.
    fn sample_sides(&mut self, number: TrialNumber) -> Vec<Effect> {
        let Some(trial) = self.shown().laboratory().trial(number).cloned() else { return vec![] };
        let mut effects = Vec::new();
        for side in sides_in_order(&trial) {
            let of_side = TrialSide { trial: number, side };
            let run = self.shown().runs().rev().find(|run| run.trial == Some(of_side));
            let run = match run {
                Some(run) if run.misses_rows() && !self.sampling.has_taken_up(run.number) => {
                    Some(WaitingRun::Rest(run.number))
                }
                Some(_) => None,
                None if self.sampling.samples_for(of_side) => None,
                None => {
                    let settings = self.settings_of_side(&trial, side);
                    let share = share_of_side(self.shown(), &trial, side, self.budget_of_both(&trial));
                    let order = Box::new(run_of_side(&trial, side, settings, share));
                    Some(WaitingRun::New { order, draft: Arc::new(self.prompt.draft()) })
                }
            };
            effects.extend(run.into_iter().flat_map(|run| self.start_or_queue(run)));
        }
        if !effects.is_empty() {
            self.notice = None;
        }
        effects
    }

    /// Returns what a side is sampled with: as it was begun here, else as the journal has it, with the key of the
    /// profile that still asks the same server.
    fn settings_of_side(&self, trial: &Trial, side: u8) -> GeneratorSettings {
        let place = usize::from(side);
        let written = trial.sides.get(place).map(|side| side.settings.clone()).unwrap_or_default();
        if let Some(begun) = self.begun_here(trial) {
            return begun.settings[place].clone();
        }
        let own = self.sampling.profiles.iter().map(|profile| &profile.settings);
        let mut own = own.chain([&self.sampling.order.generator]);
        let same = own.find(|own| {
            (own.provider, &own.base_url, &own.api_key_env, &own.profile)
                == (written.provider, &written.base_url, &written.api_key_env, &written.profile)
        });
        match same {
            Some(same) => GeneratorSettings {
                api_key_cmd: same.api_key_cmd.clone(),
                server_by: same.server_by,
                key_by: same.key_by,
                ..written
            },
            None => written,
        }
    }

    /// Returns what a comparison was begun with, where it was begun here.
    fn begun_here(&self, trial: &Trial) -> Option<&Begun> {
        let begun = self.compare.begun.as_ref()?;
        let written = begun.settings.iter().map(|settings| settings.clone().into_written());
        trial.sides.iter().map(|side| &side.settings).eq(written.collect::<Vec<_>>().iter()).then_some(begun)
    }

    /// Returns what both sides of a comparison may use up together: as it was begun here, else as the side that was begun
    /// knows it, else as the present settings say.
    fn budget_of_both(&self, trial: &Trial) -> Budget {
        let is_of = |run: &Run| run.trial.is_some_and(|of| of.trial == trial.number);
        match self.begun_here(trial) {
            _ if self.shown().runs().any(is_of) => Budget::default(),
            Some(begun) => begun.budget,
            None => self.sampling.order.budget,
        }
    }

    /// Returns why a comparison cannot go on within its budget, as a sentence.
    fn budget_is_missing(&self, trial: &Trial) -> Option<String> {
        if self.begun_here(trial).is_some() {
            return None;
        }
        let whole = self.budget_of_both(trial);
        let missing = lacks_budget(self.shown(), trial, whole).map(|why| {
            let key = self.keymap.keys_of(Command::SamplingSettings).into_iter().next();
            key.map_or_else(|| why.clone(), |key| format!("{why} `{key}` opens the settings."))
        });
        missing.or_else(|| too_small_to_split(whole))
    }

    fn sample_pairs(&mut self) -> Vec<Effect> {
        let Some(trial) = comparison(self.shown()) else {
            self.say("No comparison goes on.");
            return vec![];
        };
        if let Some(why) = self.budget_is_missing(trial) {
            self.fail(why);
            return vec![];
        }
        let number = trial.number;
        let effects = self.sample_sides(number);
        if effects.is_empty() {
            self.say(if self.sampling.run().is_some() {
                "Rows are being sampled already."
            } else {
                "Both sides have all their rows."
            });
        }
        effects
    }

    /// Ends the comparison that goes on, and stops what is still sampled for it. Open pairs are asked about first.
    fn end_comparison(&mut self) -> Vec<Effect> {
        let Some(trial) = comparison(self.shown()).map(|trial| trial.number) else {
            self.say("No comparison goes on.");
            return vec![];
        };
        let open = self.shown().tally(&self.compare.pairs).open;
        if open > 0 || self.compare.pairs.is_empty() {
            self.overlays.push(Overlay::Question(Question::EndComparison { open }));
            return vec![];
        }
        self.end_comparison_now(trial)
    }

    pub(super) fn end_comparison_now(&mut self, trial: TrialNumber) -> Vec<Effect> {
        let is_of = |run: &WaitingRun| match run {
            WaitingRun::New { order, .. } => order.trial.is_some_and(|of| of.trial == trial),
            WaitingRun::Rest(_) | WaitingRun::Race { .. } => false,
        };
        self.sampling.waiting.retain(|run| !is_of(run));
        let mut effects = Vec::new();
        let is_sampled = self.sampling.started.as_ref().is_some_and(is_of);
        if let Some(job) = self.sampling.run().filter(|_| is_sampled).map(|job| job.id) {
            if let Some(job) = self.sampling.job_mut(job) {
                job.stopping();
            }
            effects.push(Effect::Stop { job });
        }
        let operation = self.facts.ask("The end of the comparison");
        effects.push(Effect::EndCompare { operation, at: self.now });
        effects
    }

    /// Says that something is hidden, where it is, and returns whether it is.
    pub(super) fn refuses_to_tell(&mut self, is_hidden: bool) -> bool {
        if let Some(sentence) = self.shown().blind_sentence().filter(|_| is_hidden) {
            self.say(sentence);
            return true;
        }
        false
    }

    pub(super) fn scroll_compare(&mut self, by: isize) {
        self.compare.scroll = self.compare.scroll.saturating_add_signed(by).min(self.compare.end.get());
    }

    /// Handles a click into the view: on a line of the form it goes there and does what the key for that does. A row is
    /// not decided by a click, since one may be meant for the window alone.
    pub(super) fn click_compare(&mut self, place: Position) -> Vec<Effect> {
        let geometry = self.compare_geometry();
        let is_in = |part: Option<Rect>| part.is_some_and(|area| area.contains(place));
        if is_in(geometry.tab) {
            return self.next_compare_part();
        }
        self.leave_compare_field();
        if is_in(geometry.result) {
            self.compare.part = ComparePart::Result;
        }
        if !is_in(geometry.form) {
            return vec![];
        }
        self.compare.part = ComparePart::Form;
        let area = geometry.lines();
        let lines = self.compare.form.lines_in(area.as_size());
        let line = area.contains(place).then(|| lines.get(usize::from(place.y - area.y))).flatten();
        if let Some(CompareLine::Field(field)) = line {
            self.compare.form.selected = *field;
            return self.change_compare_field();
        }
        vec![]
    }
}
