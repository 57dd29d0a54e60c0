//! Runs in progress or queued, and other jobs.

use std::collections::VecDeque;
use std::sync::Arc;

use super::settings::{Chosen, ProfileChoice};
use crate::config::{Overrides, Prices};
use crate::domain::{
    Budget, Draft, GeneratorSettings, JobId, JobKind, NamedBy, PlanMode, PlanOrder, RunNumber, RunOrder,
    TrialSide,
};
use crate::domain::{RunProgress, Writing};
use crate::text::model_name;

/// How many rows one order asks for where nobody says otherwise.
pub(super) const FIRST_ROWS: u32 = 20;

/// A job in progress.
#[derive(Debug, Clone, PartialEq)]
pub struct RunningJob {
    /// The job.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// What it samples, where it is a run.
    pub wanted: Wanted,
    /// How far it is.
    pub stage: JobStage,
}

/// What a job samples.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wanted {
    /// The job samples nothing.
    #[default]
    Nothing,
    /// This many new rows.
    Rows(u32),
    /// The missing rows of a run.
    Rest(RunNumber),
}

/// The stage of a job.
#[derive(Debug, Clone, PartialEq)]
pub enum JobStage {
    /// It was started and has not reported yet.
    Starting,
    /// A run in progress.
    Sampling(RunProgress),
    /// It was asked to stop; holds the last progress, if any was reported.
    Stopping(Option<RunProgress>),
}

/// A run in the queue.
#[derive(Debug, Clone, PartialEq)]
pub enum WaitingRun {
    /// A new run.
    New {
        /// How many rows, and with which settings.
        order: Box<RunOrder>,
        /// The prompt when the run was requested.
        draft: Arc<Draft>,
    },
    /// A run that stopped and is to be continued.
    Rest(RunNumber),
    /// The next batch of the race that goes on.
    Race {
        /// How many rows it is of.
        rows: u32,
        /// The settings as they are now, where they are those of the race.
        settings: Option<Box<GeneratorSettings>>,
        /// A budget for the whole race, which may be larger than its own.
        budget: Budget,
    },
}

/// A run that has ended with failed requests or remarks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedRun {
    /// Rows kept.
    pub rows: u32,
    /// Rows asked for.
    pub requested: u32,
    /// What it left, in few words: the longest form first.
    pub said: Vec<String>,
}

/// The settings of the next run, and the jobs.
#[derive(Debug, Clone)]
pub struct Sampling {
    /// The settings of the next run.
    pub order: RunOrder,
    /// The generators that can be chosen, the session's own first.
    pub profiles: Vec<ProfileChoice>,
    /// The profile that the settings are based on, as an index.
    pub profile: usize,
    /// The known prices of models.
    pub prices: Arc<Prices>,
    /// What was chosen over the session's settings.
    pub chosen: Chosen,
    /// How a command names the session.
    pub session: String,
    /// Jobs in progress; at most one is a run.
    pub jobs: Vec<RunningJob>,
    /// Queued runs, the next one first.
    pub waiting: VecDeque<WaitingRun>,
    /// The run that was started last.
    pub(super) started: Option<WaitingRun>,
    /// The run that ended last, where it left something to look at that nobody has looked at.
    pub ended: Option<EndedRun>,
    /// The last run, and how many of its remarks were said.
    pub(super) told: Option<(RunNumber, usize)>,
    pub(super) next_job: u64,
}

impl Default for Sampling {
    fn default() -> Self {
        let order = RunOrder::new(FIRST_ROWS, GeneratorSettings::default());
        Self {
            order,
            profiles: Vec::new(),
            profile: 0,
            prices: Arc::default(),
            chosen: Chosen::default(),
            session: String::new(),
            jobs: Vec::new(),
            waiting: VecDeque::new(),
            started: None,
            ended: None,
            told: None,
            next_job: 0,
        }
    }
}

impl Sampling {
    /// Settles the next run as the session opens: what was chosen before comes over the session and its profile, and
    /// the options of this start come over both.
    pub(super) fn settle(&mut self) {
        let Chosen { kept, flags } = &self.chosen;
        let (profile, belongs) = self.chosen.profile(&self.profiles);
        self.profile = profile;
        let (none, over) = (Overrides::default(), &flags.generator);
        // What was kept lies in the session's folder, whoever chose it.
        let kept_here = if belongs { &kept.generator } else { &none };
        let layers = [(kept_here, NamedBy::Session), (over, NamedBy::Person)];
        if let Some(choice) = self.profiles.get(profile) {
            self.order = RunOrder {
                rows: kept.rows.unwrap_or(FIRST_ROWS),
                generator: choice.with(&layers, &self.prices),
                seed: kept.seed,
                budget: kept.budget,
                reuse: kept.reuse,
                trial: None,
                plan: PlanOrder { mode: kept.plan, ..PlanOrder::default() },
            };
        }
    }

    /// Returns the run in progress.
    #[must_use]
    pub fn run(&self) -> Option<&RunningJob> {
        self.jobs.iter().find(|job| job.kind == JobKind::Sample)
    }

    /// Returns the progress of the run, once it has reported.
    #[must_use]
    pub fn progress(&self) -> Option<&RunProgress> {
        self.run()?.progress()
    }

    /// Returns the end of the newest reply while rows come too slowly to be watched themselves.
    #[must_use]
    pub fn writing(&self) -> Option<&Writing> {
        self.progress().filter(|progress| progress.rows_per_second < 1.0)?.writing.as_ref()
    }

    /// Returns the next run in one line: `next: 20 rows · offline · T 1.0`.
    #[must_use]
    pub fn next_line(&self) -> String {
        let generator = &self.order.generator;
        let writer = generator.model.as_deref().map_or(generator.provider.name(), model_name);
        let rows = if self.order.rows == 1 { "row" } else { "rows" };
        let seed = self.order.seed.map(|seed| format!(" · seed {seed}")).unwrap_or_default();
        let plan = match self.order.plan.mode {
            PlanMode::Random => String::new(),
            mode => format!(" · plan {}", mode.name()),
        };
        format!("next: {} {rows} · {writer} · T {:?}{seed}{plan}", self.order.rows, generator.temperature)
    }

    /// Returns whether the next run costs money, as far as is known.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        let takes_money = |settings: &GeneratorSettings| {
            settings.price.is_some_and(|price| price.input > 0.0 || price.output > 0.0)
        };
        // Another model of a paid profile costs money too, though its price is unknown.
        let of_profile = self.profiles.get(self.profile).map(|profile| &profile.settings);
        takes_money(&self.order.generator)
            || self.order.generator.price.is_none() && of_profile.is_some_and(takes_money)
    }

    /// Returns the order of the run that was started last, where it is a new one.
    #[cfg(test)]
    pub(crate) fn started_order(&self) -> Option<&RunOrder> {
        match self.started.as_ref()? {
            WaitingRun::New { order, .. } => Some(order),
            WaitingRun::Rest(_) | WaitingRun::Race { .. } => None,
        }
    }

    /// Returns whether a side of a trial is being sampled by a new run, or is queued for it.
    pub(super) fn samples_for(&self, side: TrialSide) -> bool {
        let is_of = |run: &WaitingRun| match run {
            WaitingRun::New { order, .. } => order.trial == Some(side),
            WaitingRun::Rest(_) | WaitingRun::Race { .. } => false,
        };
        let is_started = self.run().is_some() && self.started.as_ref().is_some_and(is_of);
        is_started || self.waiting.iter().any(is_of)
    }

    /// Returns whether a run is being continued, or is queued for it.
    pub(super) fn has_taken_up(&self, run: RunNumber) -> bool {
        self.jobs.iter().any(|job| job.wanted == Wanted::Rest(run))
            || self.waiting.contains(&WaitingRun::Rest(run))
    }

    /// Starts a job and returns its number.
    pub(super) fn start(&mut self, kind: JobKind, wanted: Wanted) -> JobId {
        self.next_job += 1;
        let id = JobId(self.next_job);
        self.jobs.push(RunningJob { id, kind, wanted, stage: JobStage::Starting });
        id
    }

    pub(super) fn job_mut(&mut self, id: JobId) -> Option<&mut RunningJob> {
        self.jobs.iter_mut().find(|job| job.id == id)
    }

    /// Removes a job from the list; `None` where it is not in the list any more.
    pub(super) fn end(&mut self, id: JobId) -> Option<RunningJob> {
        let place = self.jobs.iter().position(|job| job.id == id)?;
        Some(self.jobs.remove(place))
    }
}

impl RunningJob {
    /// Returns the run's progress, once it has reported.
    #[must_use]
    pub const fn progress(&self) -> Option<&RunProgress> {
        match &self.stage {
            JobStage::Starting => None,
            JobStage::Sampling(progress) => Some(progress),
            JobStage::Stopping(progress) => progress.as_ref(),
        }
    }

    /// Marks the job as stopping.
    pub(super) fn stopping(&mut self) {
        let stage = std::mem::replace(&mut self.stage, JobStage::Starting);
        self.stage = JobStage::Stopping(match stage {
            JobStage::Starting => None,
            JobStage::Sampling(progress) => Some(progress),
            JobStage::Stopping(progress) => progress,
        });
    }

    /// Stores the run's progress; a run that is stopping stays in that stage.
    pub(super) fn report(&mut self, progress: RunProgress) {
        self.stage = match self.stage {
            JobStage::Stopping(_) => JobStage::Stopping(Some(progress)),
            JobStage::Starting | JobStage::Sampling(_) => JobStage::Sampling(progress),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_run_is_said_in_one_line() {
        let mut sampling = Sampling::default();
        assert_eq!(sampling.next_line(), "next: 20 rows · offline · T 1.0");
        sampling.order.rows = 1;
        sampling.order.generator.model = Some("smollm2".into());
        sampling.order.generator.temperature = 0.75;
        assert_eq!(sampling.next_line(), "next: 1 row · smollm2 · T 0.75");
    }

    #[test]
    fn a_run_that_is_stopping_keeps_reporting_and_stays_stopping() {
        let mut sampling = Sampling::default();
        let id = sampling.start(JobKind::Sample, Wanted::Rows(20));
        sampling.job_mut(id).unwrap().stopping();
        sampling.job_mut(id).unwrap().report(RunProgress { done: 3, ..RunProgress::default() });
        assert_eq!(sampling.progress().map(|progress| progress.done), Some(3));
        assert!(matches!(sampling.run().unwrap().stage, JobStage::Stopping(_)));
        assert!(sampling.end(id).is_some() && sampling.end(id).is_none());
    }
}
