//! Runs that stopped before they had all their rows, and how they are continued.

use crate::app::overlay::Overlay;
use crate::app::sampling::{RunningJob, WaitingRun, Wanted};
use crate::app::{Command, Context, Effect, Model};
use crate::domain::{Budget, JobKind, Run, RunNumber, RunStatus, TrialKind};

/// Returns ` · 1.2k tokens · $0.0012` for a run that cost money.
fn cost(run: &Run) -> Option<String> {
    let usage = run.usage();
    usage.cost_usd().filter(|cost| *cost > 0.0).map(|_| format!(" · {usage}"))
}

impl Model {
    /// Returns the last run that misses rows and is not being continued or queued.
    #[must_use]
    pub fn resumable(&self) -> Option<&Run> {
        let goes_on = |run: &&Run| {
            run.misses_rows() && !self.is_of_race(run) && !self.sampling.has_taken_up(run.number)
        };
        self.shown().runs().rev().find(goes_on)
    }

    /// Returns whether a run is of the race that goes on: the race asks for its rows itself.
    fn is_of_race(&self, run: &Run) -> bool {
        self.shown().laboratory().going_of(run).is_some_and(|trial| trial.kind == TrialKind::Race)
    }

    /// Continues a run: the one whose scraps are open, else the last one that misses rows.
    pub(super) fn resume_run(&mut self) -> Vec<Effect> {
        if let Some(Overlay::Scraps(window)) = self.overlays.last() {
            let run = window.run;
            return self.resume_this(run);
        }
        if let Some(run) = self.resumable().map(|run| run.number) {
            return self.resume_this(run);
        }
        self.say("No run misses rows.");
        vec![]
    }

    fn resume_this(&mut self, run: RunNumber) -> Vec<Effect> {
        if !self.shown().run(run).is_some_and(Run::misses_rows) {
            self.say(format!("Run {run} misses no rows."));
            return vec![];
        }
        if self.shown().run(run).is_some_and(|run| self.is_of_race(run)) {
            self.say(format!("Run {run} belongs to the race that goes on, which asks for its rows itself."));
            return vec![];
        }
        if self.sampling.has_taken_up(run) {
            self.say(format!("Run {run} goes on already."));
            return vec![];
        }
        if let Some(known) = self.shown().run(run).filter(|run| self.needs_a_larger_budget(run)) {
            if self.shown().laboratory().going_of(known).is_some() {
                self.say(format!(
                    "Run {run} used up its half of the budget: `rowsmith compare SESSION --resume` goes on with a \
                     larger one."
                ));
                return vec![];
            }
            let (settings, resume) =
                (self.key_of(Command::SamplingSettings), self.key_of(Command::ResumeRun));
            let (settings, resume) = (settings.unwrap_or_default(), resume.unwrap_or_default());
            self.say(format!(
                "Run {run} used up its budget: `{settings}` sets a larger one, then `{resume}` goes on."
            ));
            return vec![];
        }
        self.overlays.clear();
        self.start_or_queue(WaitingRun::Rest(run))
    }

    /// Returns the limits that override those of a continued run: the settings' limits where its
    /// budget was used up, else none. A side of a comparison that goes on keeps its half: the settings' limits are for
    /// both together.
    pub(super) fn budget_for(&self, run: RunNumber) -> Budget {
        let is_alone = |run: &&Run| self.shown().laboratory().going_of(run).is_none();
        let run = self.shown().run(run).filter(is_alone);
        let stopped = run.is_some_and(|run| run.status.is_out_of_budget());
        if stopped { self.sampling.order.budget } else { Budget::default() }
    }

    fn needs_a_larger_budget(&self, run: &Run) -> bool {
        let budget = self.budget_for(run.number).over(run.budget);
        run.status.is_out_of_budget() && !budget.allows_more_than(run.budget)
    }

    fn key_of(&self, command: Command) -> Option<String> {
        let key = self.keymap.keys_in(Context::Rows.chain(), command).into_iter().next()?;
        Some(key.clone())
    }

    /// Returns ` · c goes on`, with the key of the keymap, for a run that misses rows.
    pub(super) fn going_on(&self, run: RunNumber) -> Option<String> {
        let run = self.shown().run(run).filter(|run| run.misses_rows() && !self.is_of_race(run))?;
        if self.shown().laboratory().going_of(run).is_some() && self.needs_a_larger_budget(run) {
            return Some(" · `rowsmith compare SESSION --resume` goes on with a larger one".to_owned());
        }
        let key = self.key_of(Command::ResumeRun)?;
        match self.key_of(Command::SamplingSettings).filter(|_| self.needs_a_larger_budget(run)) {
            Some(settings) => Some(format!(" · `{settings}` raises it, `{key}` goes on")),
            None => Some(format!(" · {key} goes on")),
        }
    }

    /// Adds to the outcome of a run how it can be continued, how many scraps it left, and what it
    /// cost.
    pub(super) fn with_what_is_missing(
        &self,
        ended: &RunningJob,
        outcome: Result<String, String>,
    ) -> Result<String, String> {
        let number = match ended.wanted {
            _ if ended.kind != JobKind::Sample => return outcome,
            Wanted::Rest(run) => Some(run),
            Wanted::Rows(_) | Wanted::Nothing => ended.progress().map(|progress| progress.run),
        };
        let Some(run) = number.and_then(|number| self.shown().run(number)) else { return outcome };
        let going_on = self.going_on(run.number).unwrap_or_default();
        let scraps = self.left_scraps(run).unwrap_or_default();
        let more = format!("{going_on}{scraps}{}", cost(run).unwrap_or_default());
        if more.is_empty() {
            return outcome;
        }
        let (number, rows, requested) = (run.number, run.rows, run.requested);
        match outcome {
            Ok(_) if run.status == RunStatus::STOPPED => {
                Ok(format!("Run {number} stopped with {rows} of {requested} rows{more}"))
            }
            Ok(sentence) => Ok(format!("{}{more}", sentence.trim_end_matches('.'))),
            Err(reason) => Err(format!("{}{more}", reason.trim_end_matches('.'))),
        }
    }

    /// Returns ` · 3 scraps, O shows them` for a run that left some.
    fn left_scraps(&self, run: &Run) -> Option<String> {
        let key = self.keymap.keys_in(Context::Rows.chain(), Command::ShowScraps).into_iter().next()?;
        match run.scraps {
            0 => None,
            1 => Some(format!(" · 1 scrap, {key} shows it")),
            scraps => Some(format!(" · {scraps} scraps, {key} shows them")),
        }
    }
}
