//! A run: requests go out, rows come in, until there are as many as were asked for.
//!
//! ```text
//! prepare ──► ready ──► ask ──► ended ──┬─► rows, scraps, tokens: counted
//!    ▲ render, journal   │ pacer        ├─► waits, and is asked again
//!    │ the beginning     │ permits      └─► what is missing: another request
//!    └── budget allows, rows are missing
//! ```
//!
//! The first request goes alone until the server has taken it, and after a failure one goes at a time until a row
//! comes: what cannot succeed is asked once and not as often as requests may be under way.
//!
//! A few requests are begun ahead, so that none waits for the disk before it goes. What was
//! sent and gave rows is never sent again: what is missing is asked for with a new request.

mod answering_model;
mod budget_tracker;
mod first;
mod outcomes;
mod progress;
pub(super) mod remarks;
mod request_worker;
mod sending;
mod signals;
mod streaks;
mod tally;
pub(super) mod weighing;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::clock;
use super::events::{Reporter, RunEvent};
use super::pacing::Pacer;
use super::writer::WriterHandle;
use crate::curate::plan::QuotaBook;
use crate::domain::{Run, RunEnded, RunStatus, Tokens};
use crate::generate::{Generator, Tail};
use crate::workbench::{RunPlan, WorkbenchError};
use budget_tracker::BudgetTracker;
use first::First;
use remarks::Noticed;
use request_worker::{LastBatch, Place, Prepared, RequestReport, RequestWorker};
use sending::Measured;
use signals::RunSignals;
use streaks::Streaks;
use tally::Tally;

/// How long what a request brought waits behind the sending of others, where they are many.
const HAND_OVER_WAIT: Duration = Duration::from_millis(30);
/// How many requests are begun ahead where they go one after another: they share fsyncs.
const AHEAD_IN_ORDER: usize = 8;
/// How long nothing happens before whoever looks on is told that the run goes on.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// How long requests under way may still end by themselves once the run ends: then it is known what they took.
const LAST_WAIT: Duration = Duration::from_millis(300);

/// Runs a plan to its end. Rows are durable before anybody is told of them.
///
/// It belongs in a task of its own: then it is woken where its requests run, and no thread has to be woken for it.
///
/// # Errors
///
/// Where the journal cannot be written; what was written stays.
pub(super) async fn run_plan(
    writer: &WriterHandle,
    generator: Arc<dyn Generator>,
    plan: RunPlan,
    stop: CancellationToken,
    reporter: &Arc<Reporter>,
) -> Result<RunEnded, WorkbenchError> {
    let plan = Arc::new(plan);
    let signals = Arc::new(RunSignals::new(plan.run.rows));
    let follower = reporter.follows().then(|| signals.follow(writer.clone(), Arc::clone(reporter)));
    let mut run = RunLoop::new(writer, generator, &plan, Arc::clone(reporter), Arc::clone(&signals), stop);
    let status = run.go().await;
    drop(follower);
    let (ended, how) = (Arc::clone(&plan), status.clone());
    let staged = writer
        .ask(move |bench| {
            bench.end_unsent(&ended, clock::now());
            bench.end_run(&ended, how, clock::now());
            Ok(())
        })
        .await?;
    reporter.send(RunEvent::Saved(staged.saved));
    if let Some(reason) = signals.failure() {
        return Err(WorkbenchError::NotSaved(reason));
    }
    run.tell_last();
    Ok(RunEnded { run: plan.number(), status, rows: run.tally.rows, failed: run.tally.failed })
}

/// Returns why a request alone may not go, as a sentence; `None` where the budget allows it.
pub(crate) fn too_small(run: &Run, guess: Tokens) -> Option<String> {
    BudgetTracker::new(run.budget, run.settings.price, run, guess.input).refusal(guess)
}

/// What a task of the run returns.
enum TaskResult {
    Prepared(Result<Box<Prepared>, (Place, WorkbenchError)>),
    Answered(Box<(RequestReport, LastBatch)>),
    HandedOver,
}

/// A run that goes on.
struct RunLoop {
    worker: RequestWorker,
    reporter: Arc<Reporter>,
    stop: CancellationToken,
    /// Ends the requests that are under way.
    cut: CancellationToken,
    began: Instant,
    pacer: Pacer,
    budget: BudgetTracker,
    tally: Tally,
    /// The rows of each combination of variables, where the run has a plan.
    book: Option<QuotaBook>,
    first: First,
    streaks: Streaks,
    /// Until when a failure that may pass is waited out.
    rest_until: Duration,
    /// Requests under way that were sent alone.
    probes: usize,
    /// The next request, rendered to know its length.
    measured: Option<Measured>,
    /// Remarks that were told.
    told: Vec<String>,
    tasks: JoinSet<TaskResult>,
    next_index: u32,
    /// The request that is sent next, where they keep an order.
    next_sent: u32,
    preparing: usize,
    asking: usize,
    ready: VecDeque<Box<Prepared>>,
    /// Requests that are sent again, with the time from which on they may be.
    waiting: Vec<(Duration, Place)>,
    /// How many requests may be begun beyond those under way, once `is_full`.
    ahead: usize,
    /// Whether as many requests were under way as may be; the first ones are sent before any is begun ahead.
    is_full: bool,
}

impl RunLoop {
    fn new(
        writer: &WriterHandle,
        generator: Arc<dyn Generator>,
        plan: &Arc<RunPlan>,
        reporter: Arc<Reporter>,
        signals: Arc<RunSignals>,
        stop: CancellationToken,
    ) -> Self {
        let cut = stop.child_token();
        let ahead = if generator.ordered() { AHEAD_IN_ORDER } else { (plan.concurrency as usize / 4).max(1) };
        let is_network = plan.reads_prompt && !generator.ordered();
        let worker = RequestWorker {
            writer: writer.clone(),
            generator,
            plan: Arc::clone(plan),
            cut: cut.clone(),
            signals,
            began: Instant::now(),
            tail: is_network.then(|| if reporter.follows() { Tail::default() } else { Tail::unseen() }),
            noticed: Arc::new(Noticed::new(&plan.run)),
        };
        let budget =
            BudgetTracker::new(plan.budget, plan.price, &plan.run, plan.input).hiding(plan.is_hidden);
        let to_its_end = budget.weighs() && budget.is_blind();
        Self {
            began: worker.began,
            worker,
            reporter,
            stop,
            cut,
            pacer: Pacer::new(plan.concurrency, &plan.limits, plan.run.generator.seed),
            budget,
            tally: Tally::new(&plan.run),
            book: plan.book.clone(),
            first: if is_network { First::Unsent { to_its_end } } else { First::Over },
            streaks: Streaks::new(plan.run.rows > 0),
            rest_until: Duration::ZERO,
            probes: 0,
            measured: None,
            told: plan.run.remarks.clone(),
            tasks: JoinSet::new(),
            next_index: plan.first_index,
            next_sent: plan.first_index,
            preparing: 0,
            asking: 0,
            ready: VecDeque::new(),
            waiting: Vec::new(),
            ahead,
            is_full: false,
        }
    }

    /// Sends requests and takes in what comes, until the run ends.
    async fn go(&mut self) -> RunStatus {
        let (mut end, mut cut_at) = (None, None);
        loop {
            let (mut wake, mut refused) = (cut_at, None);
            if end.is_none() {
                self.look();
                let prepared = self.prepare();
                wake = self.send();
                match prepared {
                    Ok(reason) => refused = reason,
                    Err(error) => {
                        self.cut.cancel();
                        end = Some(RunStatus::Failed { reason: error.to_string() });
                    }
                }
            }
            if self.tasks.is_empty() && (end.is_some() || wake.is_none()) {
                return end.unwrap_or_else(|| self.ending(refused));
            }
            tokio::select! {
                biased;
                () = self.stop.cancelled(), if end.is_none() => end = Some(RunStatus::STOPPED),
                Some(joined) = self.tasks.join_next(), if !self.tasks.is_empty() => {
                    let ended = match joined {
                        Ok(TaskResult::Prepared(prepared)) => self.prepared(prepared),
                        Ok(TaskResult::Answered(ended)) => {
                            let (report, last) = *ended;
                            self.hand_over(last);
                            self.took(&report)
                        }
                        Ok(TaskResult::HandedOver) => None,
                        Err(error) => Some(RunStatus::Failed { reason: format!("A request ended badly: {error}.") }),
                    };
                    if let Some(status) = ended && end.is_none() {
                        cut_at = Some(self.began.elapsed() + LAST_WAIT);
                        self.worker.signals.set_enough(status == RunStatus::Done);
                        end = Some(status);
                    }
                }
                () = self.worker.signals.moved() => {
                    if end.is_none() && let Some(status) = self.not_saved() {
                        // What cannot be saved must not cost anything more.
                        cut_at = Some(self.began.elapsed() + LAST_WAIT);
                        end = Some(status);
                    }
                    self.tell();
                }
                () = tokio::time::sleep(HEARTBEAT) => self.tell(),
                () = tokio::time::sleep_until(self.began + wake.unwrap_or_default()), if wake.is_some() => {
                    if cut_at.take().is_some() {
                        self.cut.cancel();
                    }
                    self.tell();
                }
            }
        }
    }

    fn prepared(&mut self, prepared: Result<Box<Prepared>, (Place, WorkbenchError)>) -> Option<RunStatus> {
        self.preparing -= 1;
        match prepared {
            Ok(prepared) => {
                if prepared.earlier.is_some() {
                    // The store answers it: nothing is sent, and nothing paid.
                    self.budget.forget(prepared.place.guess);
                }
                // They are begun in no particular order.
                let place = self.ready.partition_point(|other| other.place.index < prepared.place.index);
                let place = if self.worker.generator.ordered() { place } else { self.ready.len() };
                self.ready.insert(place, prepared);
                None
            }
            Err((place, error)) => {
                self.budget.forget(place.guess);
                self.tally.expected -= place.rows;
                self.not_expected(&place);
                Some(RunStatus::Failed { reason: error.to_string() })
            }
        }
    }

    /// Says how a run ends of which something could not be saved.
    fn not_saved(&self) -> Option<RunStatus> {
        self.worker.signals.failure().map(|reason| RunStatus::Failed { reason })
    }

    /// Says how a run ends that has nothing more to do.
    fn ending(&self, refused: Option<String>) -> RunStatus {
        match refused {
            _ if self.tally.is_done() => RunStatus::Done,
            Some(reason) => RunStatus::Stopped { reason: Some(reason) },
            None => RunStatus::Failed { reason: "No more rows came.".into() },
        }
    }

    /// Hands the last rows of a request over: at once where requests keep an order, so that no later row comes
    /// before them, else behind whatever can be sent.
    fn hand_over(&mut self, last: LastBatch) {
        if self.worker.generator.ordered() {
            return self.worker.hand_over_last(last);
        }
        let (worker, wait) = (self.worker.clone(), self.hand_over_wait());
        self.tasks.spawn(async move {
            if wait.is_zero() {
                tokio::task::yield_now().await;
            } else {
                tokio::time::sleep(wait).await;
            }
            worker.hand_over_last(last);
            TaskResult::HandedOver
        });
    }

    /// Returns how long what came may wait to be flagged. Replies come in crowds where many requests are under
    /// way, and then the next ones are sent first.
    fn hand_over_wait(&self) -> Duration {
        let is_crowd = self.asking >= request_worker::MANY as usize && self.tally.wants_more();
        if is_crowd { HAND_OVER_WAIT } else { Duration::ZERO }
    }
}

impl Drop for RunLoop {
    fn drop(&mut self) {
        // Nobody listens any more: what is under way must not go on by itself.
        self.cut.cancel();
    }
}

#[cfg(test)]
mod tests;
