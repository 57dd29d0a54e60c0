//! The Measure view: the evaluation that goes on, and what it found out.

use crate::app::command::MeasureCommand;
use crate::app::measure::{Evaluating, decisions_since};
use crate::app::sampling::Wanted;
use crate::app::{Command, Effect, Model, View};
use crate::domain::{Evaluated, Failure, JobId, JobKind, JobOutcome, OperationId, TrainCv};

/// After how many decisions it is found out anew how well the target is found among train rows.
const DECISIONS: u64 = 10;

impl Model {
    pub(super) fn run_in_measure(&mut self, command: MeasureCommand) -> Vec<Effect> {
        match command {
            MeasureCommand::Evaluate => self.evaluate(),
        }
    }

    /// Begins an evaluation.
    fn evaluate(&mut self) -> Vec<Effect> {
        if self.measure.going.is_some() {
            let key = self.keymap.keys_of(Command::StopOrQuit).into_iter().next().unwrap_or_default();
            self.say(format!("An evaluation goes on; {key} stops it."));
            return vec![];
        }
        if self.shown().counts().all.accepted == 0 {
            self.say("There is no accepted row to evaluate yet.");
            return vec![];
        }
        let job = self.sampling.start(JobKind::Evaluation, Wanted::Nothing);
        self.measure.failed = None;
        self.measure.scroll = 0;
        self.measure.going = Some(Evaluating { job, since: self.now, progress: None, is_stopping: false });
        vec![Effect::Evaluate { job }]
    }

    pub(super) fn evaluation_progress(&mut self, job: JobId, done: u64, total: u64) -> Vec<Effect> {
        let now = self.now;
        if let Some(going) = self.measure.going.as_mut().filter(|going| going.job == job) {
            going.progress = Some((done, total, now));
        }
        vec![]
    }

    /// Takes the evaluation that has ended out of the view, and what it found out into it. Returns a sentence about
    /// that where the job was one.
    pub(super) fn evaluation_ended(
        &mut self,
        job: JobId,
        outcome: &Result<JobOutcome, Failure>,
    ) -> Option<Result<String, String>> {
        let going = self.measure.going.take_if(|going| going.job == job)?;
        match outcome {
            Ok(JobOutcome::Evaluated(evaluated)) => {
                let evaluated = evaluated.clone();
                self.measure.opened = evaluated.evaluation.opened;
                let said = self.said_of(&evaluated);
                self.measure.last = Some(evaluated);
                Some(Ok(said))
            }
            _ if going.is_stopping => Some(Ok("The evaluation was stopped; nothing of it stays.".to_owned())),
            Err(reason) => {
                self.measure.failed = Some(reason.to_string());
                let is_seen = self.view == View::Measure;
                is_seen.then(|| Ok(String::new())).or_else(|| Some(Err(format!("No evaluation: {reason}"))))
            }
            Ok(_) => None,
        }
    }

    /// Returns what is said of an evaluation: nothing where it is seen, else where.
    fn said_of(&self, evaluated: &Evaluated) -> String {
        if self.view == View::Measure {
            return String::new();
        }
        let keys = self.keymap.keys_of(Command::GoMeasure);
        let verdict = evaluated.evaluation.verdict.words();
        let key = keys.first().map_or_else(String::new, |key| format!(" · {key} shows it"));
        format!("The evaluation is done: {verdict}{key}")
    }

    /// Stops the evaluation that goes on; `None` where none does, or it was asked to stop already.
    pub(super) fn stop_evaluation(&mut self) -> Option<Effect> {
        let going = self.measure.going.as_mut().filter(|going| !going.is_stopping)?;
        going.is_stopping = true;
        let job = going.job;
        if let Some(job) = self.sampling.job_mut(job) {
            job.stopping();
        }
        self.say("Stopping the evaluation; nothing of it stays.");
        Some(Effect::Stop { job })
    }

    pub(super) fn scroll_measure(&mut self, by: isize) {
        let end = self.measure.end.get();
        self.measure.scroll = self.measure.scroll.min(end).saturating_add_signed(by).min(end);
    }

    pub(super) fn cross_validated(&mut self, train: Option<TrainCv>) -> Vec<Effect> {
        self.measure.is_validating = false;
        self.measure.train = train;
        vec![]
    }

    /// Asks how well the target is found among train rows, every few decisions.
    pub(super) fn settle_train(&mut self) -> Vec<Effect> {
        let next = OperationId(self.facts.saved_operations());
        if self.measure.is_validating || u64::from(self.shown().counts().all.accepted) < DECISIONS {
            return vec![];
        }
        if let Some(asked) = self.measure.validated {
            // The numbers are looked at first: they cost nothing.
            let is_fresh = next.0.saturating_sub(asked.0) < DECISIONS;
            if is_fresh || decisions_since(self.shown(), asked) < DECISIONS {
                return vec![];
            }
        }
        (self.measure.is_validating, self.measure.validated) = (true, Some(next));
        vec![Effect::CrossValidate]
    }
}
