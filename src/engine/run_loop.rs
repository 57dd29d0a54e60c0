//! A run: requests go out, rows come in, until there are as many as were asked for.
//!
//! ```text
//! prepare ──► ready ──► ask ──► ended ──┬─► rows, scraps, tokens: counted
//!    ▲ render, journal   │ pacer        ├─► waits, and is asked again
//!    │ the beginning     │ permits      └─► what is missing: another request
//!    └── budget allows, rows are missing
//! ```
//!
//! A few requests are begun ahead, so that none waits for the disk before it goes. What was
//! sent and gave rows is never sent again: what is missing is asked for with a new request.

mod budget_tracker;
mod outcomes;
mod progress;
mod request_worker;
mod signals;
mod tally;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::clock;
use super::events::{Reporter, RunEvent};
use super::pacing::{Pacer, Permit};
use super::writer::WriterHandle;
use crate::domain::{RunEnded, RunStatus};
use crate::generate::{Generator, Tail};
use crate::workbench::{RequestOutcome, RunPlan, WorkbenchError};
use budget_tracker::BudgetTracker;
use request_worker::{LastBatch, Place, Prepared, RequestReport, RequestWorker};
use signals::RunSignals;
use tally::Tally;

/// How long what a request brought waits behind the sending of others, where they are many.
const HAND_OVER_WAIT: Duration = Duration::from_millis(30);
/// How long nothing happens before whoever looks on is told that the run goes on.
const HEARTBEAT: Duration = Duration::from_secs(1);

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
    let (ended, how, unsent) = (Arc::clone(&plan), status.clone(), run.unsent());
    let staged = writer
        .ask(move |bench| {
            for number in unsent {
                bench.end_request(&ended, number, RequestOutcome::default(), clock::now())?;
            }
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
    tasks: JoinSet<TaskResult>,
    next_index: u32,
    /// Tokens in the messages of the last prepared request, estimated.
    input: u64,
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
        // Where requests must go in their order, the next one is begun when the one before has ended.
        let ahead = if generator.ordered() { 0 } else { (plan.concurrency as usize / 4).max(1) };
        let worker = RequestWorker {
            writer: writer.clone(),
            generator,
            plan: Arc::clone(plan),
            cut: cut.clone(),
            signals,
            began: Instant::now(),
            tail: reporter.follows().then(Tail::default),
        };
        Self {
            began: worker.began,
            worker,
            reporter,
            stop,
            cut,
            pacer: Pacer::new(plan.concurrency, &plan.limits, plan.run.generator.seed),
            budget: BudgetTracker::new(plan.budget, plan.price, &plan.run),
            tally: Tally::new(&plan.run),
            tasks: JoinSet::new(),
            next_index: plan.first_index,
            input: 0,
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
        let mut end = None;
        loop {
            let (mut wake, mut refused) = (None, None);
            if end.is_none() {
                refused = self.prepare();
                wake = self.send();
            }
            if self.tasks.is_empty() && (end.is_some() || wake.is_none()) {
                return end.unwrap_or_else(|| self.ending(refused));
            }
            let now = self.began;
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
                        self.worker.signals.set_enough(status == RunStatus::Done);
                        self.cut.cancel();
                        end = Some(status);
                    }
                }
                () = self.worker.signals.moved() => self.tell(),
                () = tokio::time::sleep(HEARTBEAT) => self.tell(),
                () = tokio::time::sleep_until(now + wake.unwrap_or_default()), if wake.is_some() => self.tell(),
            }
        }
    }

    /// Begins requests as long as rows are missing; returns why the budget allows no more, if it does not.
    fn prepare(&mut self) -> Option<String> {
        let now = self.began.elapsed();
        loop {
            let begun = self.preparing + self.ready.len() + self.asking;
            let window = self.pacer.window() as usize;
            self.is_full |= self.asking >= window;
            let ahead = if self.is_full { self.ahead } else { 0 };
            if begun >= window + ahead {
                return None;
            }
            let again = self.waiting.iter().position(|(due, _)| *due <= now);
            if again.is_none() && !self.tally.wants_more() {
                return None;
            }
            let rows = match again {
                Some(at) => self.waiting[at].1.rows,
                None => self.tally.rows_to_ask(self.worker.plan.rows_per_request),
            };
            let guess = self.budget.guess(self.input, rows);
            if let Some(reason) = self.budget.refusal(guess) {
                return Some(reason);
            }
            self.budget.promise(guess);
            let place = if let Some(at) = again {
                Place { guess, ..self.waiting.swap_remove(at).1 }
            } else {
                self.tally.expected += rows;
                self.next_index += 1;
                Place { index: self.next_index - 1, rows, attempt: 0, guess }
            };
            self.preparing += 1;
            let worker = self.worker.clone();
            self.tasks.spawn(async move { TaskResult::Prepared(worker.prepare(place).await.map(Box::new)) });
        }
    }

    /// Sends what is ready, as fast as it may go; returns when there is something to do without any news.
    fn send(&mut self) -> Option<Duration> {
        let now = self.began.elapsed();
        let mut wake = self.waiting.iter().map(|(due, _)| *due).filter(|due| *due > now).min();
        while let Some(next) = self.ready.pop_front() {
            let tokens = next.place.guess.input + next.place.guess.output;
            // What the store answers, no server is asked for.
            let permit =
                if next.earlier.is_some() { Permit::Go } else { self.pacer.permit(now, self.asking, tokens) };
            if let Permit::Go = permit {
                if next.earlier.is_none() {
                    self.pacer.sent(now, tokens);
                }
                self.asking += 1;
                let worker = self.worker.clone();
                self.tasks.spawn(async move { TaskResult::Answered(Box::new(worker.ask(*next).await)) });
                continue;
            }
            self.ready.push_front(next);
            if let Permit::At(at) = permit {
                wake = Some(wake.map_or(at, |wake| wake.min(at)));
            }
            break;
        }
        wake
    }

    fn prepared(&mut self, prepared: Result<Box<Prepared>, (Place, WorkbenchError)>) -> Option<RunStatus> {
        self.preparing -= 1;
        match prepared {
            Ok(prepared) => {
                self.input = prepared.input;
                self.ready.push_back(prepared);
                None
            }
            Err((place, error)) => {
                self.budget.forget(place.guess);
                self.tally.expected -= place.rows;
                Some(RunStatus::Failed { reason: error.to_string() })
            }
        }
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

    /// Requests that were begun and never sent.
    fn unsent(&mut self) -> Vec<crate::domain::RequestNumber> {
        self.ready.drain(..).map(|prepared| prepared.number).collect()
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
