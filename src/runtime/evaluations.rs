//! Evaluations of the screen, the figure of the strip, and what is looked up about the dataset.
//!
//! All read what the workbench held when they began, on threads of their own, so that none holds up a decision.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use super::going::Going;
use crate::app::{Ask, Message};
use crate::domain::{Classifier, Evaluated, Failure, JobId, JobOutcome, Projection, Session, TrainCv};
use crate::engine::{WriterHandle, clock};
use crate::text::Stop;
use crate::workbench::{
    EvaluationMade, EvaluationOrder, Evaluator, data_report, misread, scoreboard_with_texts,
};

/// How long after one report of its progress an evaluation makes the next.
const BETWEEN_REPORTS: Duration = Duration::from_millis(100);

/// Carries evaluations out.
pub(super) struct Evaluations {
    writer: WriterHandle,
    messages: UnboundedSender<Message>,
    tasks: Handle,
    going: Going,
    /// Whether the screen is left: whatever nobody waits for ends early then.
    is_left: Arc<AtomicBool>,
}

impl Evaluations {
    pub(super) fn new(writer: WriterHandle, messages: UnboundedSender<Message>) -> Self {
        let is_left = Arc::new(AtomicBool::new(false));
        Self { writer, messages, tasks: Handle::current(), going: Going::default(), is_left }
    }

    /// Begins an evaluation.
    pub(super) fn start(&mut self, job: JobId) {
        let stop = CancellationToken::new();
        let token = stop.clone();
        let (writer, messages) = (self.writer.clone(), self.messages.clone());
        let task = self.tasks.spawn(async move {
            let Some(evaluator) = writer.with(|bench| bench.evaluator()).await else { return };
            let work = move || {
                let stop = Stop::when(move || token.is_cancelled());
                let outcome = evaluated(&evaluator, job, &messages, &stop);
                let _ = messages.send(Message::JobEnded { job, outcome });
            };
            let _ = tokio::task::spawn_blocking(work).await;
        });
        self.going.begin(job, stop, task);
    }

    /// Finds out from train rows alone how well the target is found.
    pub(super) fn cross_validate(&self) {
        let (writer, messages, stop) = (self.writer.clone(), self.messages.clone(), self.until_left());
        self.tasks.spawn(async move {
            let Some(evaluator) = writer.with(|bench| bench.evaluator()).await else { return };
            let work = move || {
                let found = evaluator.train_cv(Classifier::default(), &stop);
                let train = found.ok().flatten().map(|found| of_train(&found, &evaluator));
                let _ = messages.send(Message::CrossValidated(train));
            };
            let _ = tokio::task::spawn_blocking(work).await;
        });
    }

    /// Counts the dataset, and then finds what a classifier does not get in it.
    pub(super) fn look_at_data(&self, ask: Ask) {
        let (writer, messages, stop) = (self.writer.clone(), self.messages.clone(), self.until_left());
        self.tasks.spawn(async move {
            let of = |bench: &mut crate::workbench::Workbench| {
                (Arc::clone(bench.dataset()), Arc::clone(bench.session()))
            };
            let Some((dataset, session)): Option<(_, Arc<Session>)> = writer.with(of).await else { return };
            let work = move || {
                if let Ok(report) = data_report(&dataset, &stop) {
                    let _ = messages.send(Message::DataCounted { ask, report: Box::new(report) });
                }
                let misread = misread(&dataset, &session.target.label, &stop);
                let misread = misread.map(Box::new).map_err(Failure::new);
                let _ = messages.send(Message::DataMisread { ask, misread });
            };
            let _ = tokio::task::spawn_blocking(work).await;
        });
    }

    /// Counts what the texts of all rows come to.
    pub(super) fn count_texts(&self, ask: Ask, shown: Box<Projection>) {
        let (messages, stop) = (self.messages.clone(), self.until_left());
        let work = move || {
            if let Ok(scoreboard) = scoreboard_with_texts(&shown, &stop) {
                let _ = messages.send(Message::TextsCounted { ask, scoreboard: Box::new(scoreboard) });
            }
        };
        drop(self.tasks.spawn_blocking(work));
    }

    fn until_left(&self) -> Stop {
        let is_left = Arc::clone(&self.is_left);
        Stop::when(move || is_left.load(Ordering::Relaxed))
    }

    /// Stops an evaluation, if it is the one that goes on.
    pub(super) fn stop(&self, job: JobId) {
        self.going.stop(job);
    }

    /// Stops what goes on.
    pub(super) fn stop_all(&self) {
        self.is_left.store(true, Ordering::Relaxed);
        self.going.stop_all();
    }

    /// Stops what goes on and waits until nothing of it is left, but not longer than this.
    pub(super) async fn close(&mut self, longest: Duration) {
        self.stop_all();
        self.going.close(longest).await;
    }
}

/// Returns the figure of the strip with the state that it is of.
fn of_train(found: &crate::workbench::TrainCv, evaluator: &Evaluator) -> TrainCv {
    TrainCv { without: found.real, with: found.accepted, next: evaluator.next_operation() }
}

/// Evaluates, and reports the progress, ten times a second at most.
fn evaluated(
    evaluator: &Evaluator,
    job: JobId,
    messages: &UnboundedSender<Message>,
    stop: &Stop,
) -> Result<JobOutcome, Failure> {
    let began = Instant::now();
    let mut last: Option<Instant> = None;
    let mut tell = |done: usize, total: usize| {
        if last.is_none_or(|last| last.elapsed() >= BETWEEN_REPORTS) {
            last = Some(Instant::now());
            let _ = messages.send(Message::Evaluating { job, done: done as u64, total: total as u64 });
        }
    };
    let clock = || began.elapsed().as_secs_f64();
    let made = evaluator.evaluate(&EvaluationOrder::default(), clock::now(), &clock, &mut tell, stop);
    let EvaluationMade { evaluation, train_cv, remarks } = made.map_err(Failure::new)?;
    let _ = messages.send(Message::CrossValidated(train_cv.map(|found| of_train(&found, evaluator))));
    for remark in remarks {
        tracing::warn!("{remark}");
    }
    let next = evaluator.next_operation();
    Ok(JobOutcome::Evaluated(Evaluated { evaluation: Arc::new(evaluation), next }))
}
