//! The Race view: its form, the rows that are decided, and the batches that are asked for.

use crate::app::command::{RaceCommand, RaceEndCommand, RaceFormCommand};
use crate::app::overlay::Overlay;
use crate::app::race::{Feed, RaceForm};
use crate::app::sampling::{JobStage, WaitingRun};
use crate::app::{Effect, Model, Question, View};
use crate::curate::mixed;
use crate::domain::{
    Budget, Event, Failure, GeneratorSettings, JobOutcome, Race, RowNumber, Run, RunStatus, Side, Trial,
    TrialKind, TrialNumber, TrialOutcome, VersionId,
};

impl Model {
    /// Shows the Race view: the race that goes on, else the last one, else the form of one.
    pub(super) fn go_to_race(&mut self) -> Vec<Effect> {
        let effects = self.go_to_view(View::Race);
        if self.shown_race().is_none() && self.race.form.is_none() {
            self.race.form = Some(self.race_form());
        }
        effects
    }

    fn race_form(&self) -> RaceForm {
        let prompt = self.prompt.base.and_then(|id| self.shown().version(id));
        let prompt = prompt.or_else(|| self.shown().versions().last());
        let name = prompt.map_or("main", |version| version.name.as_str());
        RaceForm::new(self.shown(), name, &self.sampling.order.generator)
    }

    pub(super) fn run_in_race(&mut self, command: RaceCommand) -> Vec<Effect> {
        if self.shown().laboratory().going().is_none_or(|trial| trial.kind != TrialKind::Race) {
            self.say("No race goes on.");
            return vec![];
        }
        match command {
            RaceCommand::SampleRace => self.sample_race(),
            RaceCommand::EndRace => {
                self.overlays.push(Overlay::Question(Question::EndRace));
                vec![]
            }
        }
    }

    pub(super) fn run_in_race_form(&mut self, command: RaceFormCommand) -> Vec<Effect> {
        if let RaceFormCommand::BeginRace = command {
            return self.begin_race();
        }
        if let RaceFormCommand::LeaveRaceForm = command {
            self.race.form = None;
            let has_ended = self.shown_race().is_some();
            return if has_ended { vec![] } else { self.go_to_view(View::Bench) };
        }
        let Some(form) = &mut self.race.form else { return vec![] };
        match command {
            RaceFormCommand::ChooseSide => form.choose(),
            RaceFormCommand::NextRaceLine => form.move_by(1),
            RaceFormCommand::PreviousRaceLine => form.move_by(-1),
            RaceFormCommand::MoreOfRace => form.change_by(true),
            RaceFormCommand::FewerOfRace => form.change_by(false),
            RaceFormCommand::BeginRace | RaceFormCommand::LeaveRaceForm => {}
        }
        vec![]
    }

    pub(super) fn run_on_race_end(&mut self, command: RaceEndCommand) -> Vec<Effect> {
        match command {
            RaceEndCommand::NewRace => {
                if self.shown().laboratory().going().is_some() {
                    self.say("A race or a comparison goes on already.");
                    return vec![];
                }
                self.race.form = Some(self.race_form());
                self.go_to_view(View::Race)
            }
            RaceEndCommand::LoadBest => self.with_best(|model, best| model.load(&best.to_string())),
            RaceEndCommand::LabelProduction => self.label_best("production"),
            RaceEndCommand::LabelCandidate => self.label_best("candidate"),
        }
    }

    /// Begins the race that the form describes.
    fn begin_race(&mut self) -> Vec<Effect> {
        let Some(form) = &self.race.form else { return vec![] };
        let chosen = form.chosen();
        let refused = match chosen.len() {
            _ if self.no_race().is_some() => self.no_race().map(str::to_owned),
            _ if self.shown().laboratory().going().is_some() => {
                Some("A race or a comparison goes on already; end it first.".to_owned())
            }
            0 | 1 => Some("At least two versions race; `space` chooses one.".to_owned()),
            many if many > Trial::MOST_SIDES => {
                Some(format!("At most {} versions race, not {many}.", Trial::MOST_SIDES))
            }
            _ => None,
        };
        if let Some(refused) = refused {
            self.fail(refused);
            return vec![];
        }
        let settings = self.race_settings(form.rows);
        let side = |version| Side { version, settings: settings.clone().into_written() };
        let trials = self.shown().laboratory().trials().len();
        let trial = Trial {
            number: TrialNumber(u32::try_from(trials).unwrap_or(u32::MAX - 1) + 1),
            kind: TrialKind::Race,
            sides: chosen.into_iter().map(side).collect(),
            rows: form.decisions,
            seed: self.sampling.order.seed.unwrap_or(self.now.0.unsigned_abs() % (1 << 31)),
            blind: true,
            started_at: self.now,
            ended: None,
        };
        self.race.form = None;
        self.race.feed = Feed::On;
        self.race.scroll = 0;
        let began = Event::TrialBegan { trial: Box::new(trial) };
        vec![Effect::Append(self.facts.append(began, self.now))]
    }

    /// Returns the present settings with this many rows a request.
    fn race_settings(&self, rows: u32) -> GeneratorSettings {
        GeneratorSettings { rows_per_request: rows, ..self.sampling.order.generator.clone() }
    }

    /// Asks for the race's rows again, or stops asking.
    fn sample_race(&mut self) -> Vec<Effect> {
        match self.race.feed {
            Feed::Paused { .. } => {
                self.race.feed = Feed::On;
                // Whoever goes on with a race whose budget is used up means the budget of the settings.
                self.race.takes_budget = self.race_is_out_of_budget();
                vec![]
            }
            Feed::On => {
                self.race.pause(None);
                self.stop_batch()
            }
        }
    }

    /// Returns whether the race that goes on used up its budget.
    fn race_is_out_of_budget(&self) -> bool {
        let of_race =
            |run: &&Run| self.shown().laboratory().going_of(run).is_some_and(|of| of.kind == TrialKind::Race);
        let last = self.shown().runs().rev().find(of_race);
        last.is_some_and(|run| run.status.is_out_of_budget())
            || self.race.race.budget_left(Budget::default()).is_none()
    }

    /// Ends the race as it stands.
    pub(super) fn stop_race(&mut self) -> Vec<Effect> {
        let Some(trial) = self.shown().laboratory().going().map(|trial| trial.number) else { return vec![] };
        let ended = Event::TrialEnded { trial, outcome: TrialOutcome::Stopped };
        vec![Effect::Append(self.facts.append(ended, self.now))]
    }

    /// Stops the batch that is being sampled.
    fn stop_batch(&mut self) -> Vec<Effect> {
        let job = self.race.job.and_then(|job| self.sampling.job_mut(job));
        let Some(job) = job.filter(|job| !matches!(job.stage, JobStage::Stopping(_))) else { return vec![] };
        job.stopping();
        vec![Effect::Stop { job: job.id }]
    }

    /// Takes the end of a batch: what went wrong stops the asking.
    pub(super) fn batch_ended(&mut self, outcome: Result<JobOutcome, Failure>) {
        let why = match outcome {
            Ok(JobOutcome::Run(ended)) => match ended.status {
                RunStatus::Failed { reason } | RunStatus::Stopped { reason: Some(reason) } => Some(reason),
                RunStatus::Stopped { reason: None } => return self.race.pause(None),
                _ => return,
            },
            Ok(_) => return,
            Err(reason) => Some(reason.to_string()),
        };
        if self.shown().laboratory().going().is_some() {
            self.race.pause(why);
        }
    }

    /// Keeps the row that is decided, and asks for rows where too few wait.
    pub(super) fn settle_race(&mut self) -> Vec<Effect> {
        let Some(trial) = self.shown_race() else {
            self.race.current = None;
            return vec![];
        };
        if !trial.goes_on() && self.view != View::Race && self.race.job.is_none() {
            return vec![];
        }
        let race = Race::of(self.shown(), trial);
        let (goes_on, wanted, seed) = (trial.goes_on(), race.next_rows(trial), trial.seed);
        let settings = trial.sides.first().map(|side| side.settings.clone());
        let before = self.race.current;
        let is_there = before.is_some_and(|row| race.pending.contains(&row));
        if !goes_on {
            self.race.current = None;
        } else if !is_there {
            self.race.current = mixed(seed, &race.pending).first().copied();
        }
        self.race.race = race;
        if goes_on && self.race.current != before {
            self.race.scroll = 0;
        }
        if !goes_on {
            return self.stop_batch();
        }
        let asks = matches!(self.overlays.last(), Some(Overlay::Question(Question::Allow(_))));
        let is_busy = asks || self.sampling.run().is_some() || !self.sampling.waiting.is_empty();
        let Some(rows) = wanted.filter(|_| self.race.feed == Feed::On && !is_busy) else { return vec![] };
        let own = settings.as_ref().map(|settings| self.race_settings(settings.rows_per_request));
        // What the race keeps does not say who named the server; the present settings do.
        let own = own.filter(|own| Some(own.clone().into_written()) == settings).map(Box::new);
        let limits = self.sampling.order.budget;
        let takes = std::mem::take(&mut self.race.takes_budget);
        let budget = if takes { limits } else { self.race.race.budget_within(limits) };
        self.start_or_queue(WaitingRun::Race { rows, settings: own, budget })
    }

    /// Goes back to a row of the race that waits again; returns whether the Race view is shown.
    pub(super) fn race_shows(&mut self, row: RowNumber) -> bool {
        if self.view != View::Race {
            return false;
        }
        if self.is_pending(row) {
            self.race.current = Some(row);
        }
        true
    }

    pub(super) fn scroll_race(&mut self, by: isize) {
        self.race.scroll = self.race.scroll.saturating_add_signed(by).min(self.race.end.get());
    }

    /// Does something with the best version of the race that is shown, or says that there is none.
    fn with_best(
        &mut self,
        act: impl FnOnce(&mut Self, VersionId) -> Result<Vec<Effect>, String>,
    ) -> Vec<Effect> {
        let Some(best) = self.best_of_race() else {
            self.say("The race named no best version.");
            return vec![];
        };
        act(self, best).unwrap_or_else(|error| {
            self.fail(error);
            vec![]
        })
    }

    fn label_best(&mut self, label: &'static str) -> Vec<Effect> {
        self.with_best(|model, best| {
            let Some(version) = model.shown().version(best).cloned() else { return Ok(vec![]) };
            if model.shown().laboratory().labelled(&version.name, label) == Some(best) {
                model.say(format!("v{} is labelled `{label}` already.", version.number));
                return Ok(vec![]);
            }
            let event =
                Event::Labelled { prompt: version.name, label: label.to_owned(), version: Some(best) };
            let fact = model.facts.append(event, model.now);
            model.say(format!("v{} is labelled `{label}` now.", version.number));
            Ok(vec![Effect::Append(fact)])
        })
    }
}
