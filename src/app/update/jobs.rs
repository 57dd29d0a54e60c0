//! Starting and stopping jobs: sampling, versions, export.

use std::sync::Arc;

use crate::app::estimate::{Estimate, estimate};
use crate::app::overlay::Overlay;
use crate::app::sampling::{JobStage, WaitingRun, Wanted};
use crate::app::{Effect, Model, Question, View};
use crate::domain::{Failure, JobId, JobKind, JobOutcome, PlanOrder, RunEnded, RunStatus};

impl Model {
    /// Samples with the present settings, after a question where that costs money.
    pub(super) fn sample(&mut self) -> Vec<Effect> {
        self.sample_with(None)
    }

    /// Samples with the present settings, with rows spread otherwise where that is said.
    pub(super) fn sample_with(&mut self, spread: Option<PlanOrder>) -> Vec<Effect> {
        self.coverage.wanted = spread;
        if let Some(problem) = self.problem() {
            self.fail(format!("The prompt cannot be sent: {problem}"));
            return vec![];
        }
        if self.sampling.is_paid() {
            let question = self.estimate().map(Question::Sample);
            self.overlays.extend(question.map(Overlay::Question));
            return vec![];
        }
        self.sample_now()
    }

    /// Returns the estimated use of the next run.
    fn estimate(&self) -> Option<Estimate> {
        let schema = &self.stage.session()?.session.schema;
        let preview = self.preview.preview.as_ref().filter(|preview| !preview.messages.is_empty());
        let runs: Vec<_> = self.shown().runs().collect();
        let message = preview.map(|preview| preview.tokens);
        let so_far = self.shown().counts().usage.clone();
        Some(Estimate { so_far, ..estimate(&self.sampling.order, message, &runs, schema) })
    }

    pub(super) fn sample_now(&mut self) -> Vec<Effect> {
        let (mut order, draft) = (Box::new(self.sampling.order.clone()), Arc::new(self.prompt.draft()));
        if let Some(spread) = self.coverage.wanted.take() {
            order.plan = spread;
        }
        self.start_or_queue(WaitingRun::New { order, draft })
    }

    /// Starts a run, or queues it behind the one in progress.
    pub(super) fn start_or_queue(&mut self, run: WaitingRun) -> Vec<Effect> {
        if self.sampling.run().is_some() {
            self.sampling.waiting.push_back(run);
            let waiting = self.sampling.waiting.len();
            self.say(match waiting {
                1 => "One run waits for the one that goes on.".to_owned(),
                runs => format!("{runs} runs wait for the one that goes on."),
            });
            return vec![];
        }
        vec![self.start_run(run)]
    }

    /// Returns the problem that prevents the prompt from being sent, according to the last preview.
    fn problem(&self) -> Option<&str> {
        let preview = self.preview.preview.as_ref().filter(|_| self.preview.is_current)?;
        preview.problems.first().map(|problem| problem.message.as_str())
    }

    fn start_run(&mut self, run: WaitingRun) -> Effect {
        self.remember_started(&run);
        self.sampling.ended = None;
        let operation = self.facts.new_operation();
        match run {
            WaitingRun::New { order, draft } => {
                let job = self.sampling.start(JobKind::Sample, Wanted::Rows(order.rows));
                if order.trial.is_none() {
                    self.sent_drafts.remember(Arc::clone(&draft));
                }
                Effect::Sample { job, operation, order: *order, draft }
            }
            WaitingRun::Race { rows, settings, budget } => {
                let job = self.sampling.start(JobKind::Sample, Wanted::Rows(rows));
                self.race.job = Some(job);
                Effect::SampleRace { job, operation, settings, budget }
            }
            WaitingRun::Rest(run) => {
                let job = self.sampling.start(JobKind::Sample, Wanted::Rest(run));
                Effect::Resume { job, operation, run, budget: self.budget_for(run) }
            }
        }
    }

    pub(super) fn job_ended(&mut self, job: JobId, outcome: Result<JobOutcome, Failure>) -> Vec<Effect> {
        let Some(ended) = self.sampling.end(job) else { return vec![] };
        if let Ok(JobOutcome::Run(run)) = &outcome {
            self.note_ended(run.run);
        }
        if self.race.forget(job) {
            self.batch_ended(outcome);
            return self.next_waiting();
        }
        if let Some(said) = self.evaluation_ended(job, &outcome) {
            match said {
                Ok(sentence) if sentence.is_empty() => {}
                Ok(sentence) => self.say(sentence),
                Err(reason) => self.fail(reason),
            }
            return vec![];
        }
        let exported = self.export_ended(job);
        if let Ok(JobOutcome::FileExists { .. }) = outcome {
            exported.into_iter().for_each(|wish| self.ask_replace(wish));
            return vec![];
        }
        let outcome = outcome.map_err(|error| error.to_string()).and_then(sentence);
        let dropped = if outcome.is_err() { self.drop_waiting() } else { 0 };
        let outcome = self.with_what_is_missing(&ended, outcome);
        match outcome {
            Ok(sentence) if sentence.is_empty() => {}
            Ok(sentence) => self.say(sentence),
            Err(reason) if dropped > 0 => self.fail(format!("{reason} {}", dropped_sentence(dropped))),
            Err(reason) => self.fail(reason),
        }
        if ended.kind != JobKind::Sample {
            return vec![];
        }
        self.next_waiting()
    }

    /// Starts the run that waits.
    fn next_waiting(&mut self) -> Vec<Effect> {
        if !self.is_open() {
            return vec![];
        }
        let next = self.sampling.waiting.pop_front();
        let mut effects: Vec<_> = next.map(|run| self.start_run(run)).into_iter().collect();
        // The next run has another seed, and so other examples.
        effects.push(self.ask_preview());
        effects
    }

    pub(super) fn drop_waiting(&mut self) -> usize {
        std::mem::take(&mut self.sampling.waiting).len()
    }

    /// Stops the run in progress, else another job, else asks whether to quit.
    pub(super) fn stop_or_quit(&mut self) -> Vec<Effect> {
        if let Some(Overlay::Question(Question::Quit { .. })) = self.overlays.last() {
            return self.answer(true);
        }
        let of_view = match self.view {
            View::Export => self.stop_export(),
            View::Measure => self.stop_evaluation(),
            View::Bench
            | View::Versions
            | View::Compare
            | View::Data
            | View::Coverage
            | View::Race
            | View::History => None,
        };
        if let Some(effect) = of_view {
            return vec![effect];
        }
        let going = |job: &&mut crate::app::sampling::RunningJob| !matches!(job.stage, JobStage::Stopping(_));
        let Some(job) = self.sampling.jobs.iter_mut().find(going) else {
            if self.next_version.is_some() {
                self.say("Stopping; what the model wrote of the next version so far is left.");
                return vec![Effect::StopDrafting];
            }
            if !self.ask_unsaved() {
                self.push_quit_question();
            }
            return vec![];
        };
        match job.kind {
            JobKind::Export => return self.stop_export().into_iter().collect(),
            JobKind::Evaluation => return self.stop_evaluation().into_iter().collect(),
            JobKind::Sample => {}
        }
        job.stopping();
        let effect = Effect::Stop { job: job.id };
        match self.drop_waiting() {
            0 => self.say("Stopping; rows that are there stay."),
            runs => self.say(format!("Stopping; rows that are there stay. {}", dropped_sentence(runs))),
        }
        vec![effect]
    }

    /// Quits, after a question where a run is in progress.
    pub(super) fn ask_quit(&mut self) -> Vec<Effect> {
        if self.ask_unsaved() {
            return vec![];
        }
        if self.sampling.run().is_none() && self.export.going.is_none() && self.measure.going.is_none() {
            return self.quit();
        }
        self.push_quit_question();
        vec![]
    }

    pub(super) fn push_quit_question(&mut self) {
        let exports = self.export.going.is_some();
        let going = self.sampling.jobs.iter().filter(|job| job.kind == JobKind::Sample);
        let runs = going.count() + self.sampling.waiting.len();
        let loses_typed = self.overlays.iter().any(Overlay::holds_typed);
        let evaluates = self.measure.going.is_some();
        self.overlays.push(Overlay::Question(Question::Quit { runs, exports, evaluates, loses_typed }));
    }

    pub(super) fn save_version(&mut self) -> Vec<Effect> {
        if !self.prompt.is_changed {
            let title = self.version_title();
            self.say(format!("The prompt is {title} as it stands; there is nothing to save."));
            return vec![];
        }
        let draft = Arc::new(self.prompt.draft());
        self.sent_drafts.remember(Arc::clone(&draft));
        let operation = self.facts.ask("The version");
        vec![Effect::SaveVersion { operation, draft }]
    }
}

/// Returns a sentence about what a job did; a failed run is an error.
fn sentence(outcome: JobOutcome) -> Result<String, String> {
    let RunEnded { run, status, rows, .. } = match outcome {
        JobOutcome::Exported { report, out } => return Ok(report.sentence(&out.display().to_string())),
        JobOutcome::FileExists { .. } | JobOutcome::Evaluated(_) => return Ok(String::new()),
        JobOutcome::Run(ended) => ended,
    };
    match status {
        RunStatus::Failed { reason } => Err(format!("Run {run} ended with {rows} rows: {reason}")),
        RunStatus::Stopped { reason } => {
            let why = reason.map_or_else(String::new, |reason| format!(" {reason}"));
            Ok(format!("Run {run} stopped with {rows} rows.{why}"))
        }
        RunStatus::Running | RunStatus::Waiting | RunStatus::Interrupted | RunStatus::Done => {
            Ok(format!("Run {run} done: {rows} rows."))
        }
    }
}

pub(super) fn dropped_sentence(runs: usize) -> String {
    match runs {
        1 => "The run that waited is dropped.".to_owned(),
        runs => format!("The {runs} runs that waited are dropped."),
    }
}
