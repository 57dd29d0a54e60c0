//! A run: requests go out, rows come in, until there are as many as were asked for.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::clock;
use super::writer::WriterHandle;
use crate::app::{RunProgress, Saved};
use crate::domain::{Fields, NewScrap, RequestNumber, RunStatus, Tokens};
use crate::generate::{GenerateEvent, Generator, GeneratorError};
use crate::workbench::{PlannedRequest, RequestOutcome, RunPlan, WorkbenchError};

/// Requests in a row that may bring no row before the run ends.
const MOST_USELESS: u32 = 8;
/// How often a request is sent again after a passing failure.
const MOST_RETRIES: u32 = 4;
/// How many rows are taken in together where they come at once.
const TOGETHER: usize = 16;

/// What came of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleReport {
    /// How it ended.
    pub status: RunStatus,
    /// Rows kept.
    pub rows: u32,
    /// Requests that failed.
    pub failed: u32,
}

/// Is told how a run goes on.
pub trait SampleWatch: Send + Sync {
    /// Rows came, and are durable.
    fn came(&self, saved: &Saved);
    /// The run is this far.
    fn progress(&self, progress: RunProgress);
}

/// Runs a plan to its end. Rows are durable before anybody is told of them.
///
/// # Errors
///
/// Where the journal cannot be written; what was written stays.
pub async fn sample(
    writer: &WriterHandle,
    generator: Arc<dyn Generator>,
    plan: RunPlan,
    stop: CancellationToken,
    watch: Arc<dyn SampleWatch>,
) -> Result<SampleReport, WorkbenchError> {
    let plan = Arc::new(plan);
    let mut going = Going::new(&plan, Arc::clone(&watch));
    let mut tasks: JoinSet<(u32, Asked)> = JoinSet::new();
    let status = loop {
        while going.wants_request(tasks.len()) {
            let n = going.rows_to_ask();
            let planned = plan.request(going.next_index, n)?;
            going.next_index += 1;
            going.expected += n;
            let asker = Asker {
                writer: writer.clone(),
                generator: Arc::clone(&generator),
                plan: Arc::clone(&plan),
                stop: stop.clone(),
                watch: Arc::clone(&watch),
            };
            tasks.spawn(async move { (n, asker.ask(planned).await) });
        }
        let Some(joined) = tasks.join_next().await else {
            break going.ending(stop.is_cancelled());
        };
        let (n, asked) =
            joined.map_err(|error| WorkbenchError::NotSaved(format!("A request ended badly: {error}.")))?;
        going.expected -= n;
        if let Some(status) = going.took(asked, stop.is_cancelled()) {
            stop.cancel();
            while let Some(joined) = tasks.join_next().await {
                if let Ok((_, asked)) = joined {
                    let _ = going.took(asked, true);
                }
            }
            break status;
        }
    };
    let (ended, how) = (Arc::clone(&plan), status.clone());
    let staged = writer
        .ask(move |bench| {
            bench.end_run(&ended, how, clock::now());
            Ok(())
        })
        .await?;
    watch.came(&staged.saved);
    Ok(SampleReport { status, rows: going.rows, failed: going.failed })
}

/// How a run stands.
struct Going {
    plan: Arc<RunPlan>,
    watch: Arc<dyn SampleWatch>,
    began: Instant,
    next_index: u32,
    rows: u32,
    /// Rows that requests under way were asked for.
    expected: u32,
    failed: u32,
    useless: u32,
    tokens: Tokens,
}

impl Going {
    fn new(plan: &Arc<RunPlan>, watch: Arc<dyn SampleWatch>) -> Self {
        let plan = Arc::clone(plan);
        let tokens = Tokens::default();
        let began = Instant::now();
        Self { plan, watch, began, next_index: 0, rows: 0, expected: 0, failed: 0, useless: 0, tokens }
    }

    fn wants_request(&self, under_way: usize) -> bool {
        under_way < self.plan.concurrency as usize && self.rows + self.expected < self.plan.run.requested
    }

    fn rows_to_ask(&self) -> u32 {
        let missing = self.plan.run.requested.saturating_sub(self.rows + self.expected);
        missing.clamp(1, self.plan.rows_per_request)
    }

    /// Counts what a request brought; returns how the run ends if it ends here.
    fn took(&mut self, asked: Asked, stopped: bool) -> Option<RunStatus> {
        self.rows = self.rows.max(asked.rows_of_run);
        self.tokens = self.tokens.plus(asked.tokens);
        self.useless = if asked.came > 0 { 0 } else { self.useless + 1 };
        let rows = self.rows;
        self.tell(rows);
        match asked.end {
            End::Done => {}
            End::Stopped => return Some(RunStatus::Stopped),
            End::NotSaved(reason) => return Some(RunStatus::Failed { reason }),
            End::Failed(error) => {
                self.failed += 1;
                if !error.is_transient() {
                    return Some(RunStatus::Failed { reason: error.to_string() });
                }
                if self.useless >= MOST_USELESS {
                    return Some(RunStatus::Failed { reason: error.to_string() });
                }
            }
        }
        if self.rows >= self.plan.run.requested {
            return Some(RunStatus::Done);
        }
        if stopped {
            return Some(RunStatus::Stopped);
        }
        (self.useless >= MOST_USELESS).then(|| RunStatus::Failed {
            reason: format!(
                "{MOST_USELESS} requests in a row brought no valid row; look at the scraps with `rowsmith runs`."
            ),
        })
    }

    fn ending(&self, stopped: bool) -> RunStatus {
        if self.rows >= self.plan.run.requested {
            RunStatus::Done
        } else if stopped {
            RunStatus::Stopped
        } else {
            RunStatus::Failed { reason: "No more rows came.".into() }
        }
    }

    fn tell(&self, rows: u32) {
        self.watch.progress(progress(&self.plan, self.began, rows, self.tokens));
    }
}

fn progress(plan: &RunPlan, began: Instant, rows: u32, tokens: Tokens) -> RunProgress {
    let seconds = began.elapsed().as_secs_f64();
    let rate = if seconds > 0.0 { f64::from(rows) / seconds } else { 0.0 };
    let missing = f64::from(plan.run.requested.saturating_sub(rows));
    RunProgress {
        run: plan.run.number,
        done: rows,
        requested: plan.run.requested,
        rows_per_second: rate,
        tokens,
        seconds_left: (rate > 0.0).then(|| missing / rate),
        ..RunProgress::default()
    }
}

/// Sends one request, and takes in what comes.
struct Asker {
    writer: WriterHandle,
    generator: Arc<dyn Generator>,
    plan: Arc<RunPlan>,
    stop: CancellationToken,
    watch: Arc<dyn SampleWatch>,
}

/// How a request ended.
enum End {
    Done,
    Stopped,
    Failed(GeneratorError),
    NotSaved(String),
}

/// What a request brought.
struct Asked {
    end: End,
    /// Valid rows that came.
    came: u32,
    /// Rows of the run, after the last that came.
    rows_of_run: u32,
    tokens: Tokens,
}

impl Asker {
    async fn ask(self, planned: PlannedRequest) -> Asked {
        let mut asked = Asked { end: End::Done, came: 0, rows_of_run: 0, tokens: Tokens::default() };
        let mut retries = 0;
        loop {
            let end = self.attempt(&planned, &mut asked).await;
            let wait = match &end {
                End::Failed(error) if error.is_transient() && asked.came == 0 && retries < MOST_RETRIES => {
                    error.retry_after().unwrap_or(Duration::from_millis(500 << retries))
                }
                _ => {
                    asked.end = end;
                    return asked;
                }
            };
            retries += 1;
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.stop.cancelled() => {
                    asked.end = End::Stopped;
                    return asked;
                }
            }
        }
    }

    /// Sends the request once.
    async fn attempt(&self, planned: &PlannedRequest, asked: &mut Asked) -> End {
        let started = Instant::now();
        let (plan, copy) = (Arc::clone(&self.plan), planned.clone());
        let staged = self.writer.ask(move |bench| bench.begin_request(&plan, &copy, clock::now())).await;
        let number = match staged {
            Ok(staged) => staged.value,
            Err(error) => return End::NotSaved(error.to_string()),
        };
        let mut outcome = RequestOutcome::default();
        let end = self.listen(planned, number, &mut outcome, asked).await;
        asked.tokens = asked.tokens.plus(outcome.tokens);
        outcome.seconds = started.elapsed().as_secs_f64();
        outcome.error = match &end {
            End::Done => None,
            End::Stopped => Some("It was stopped.".into()),
            End::Failed(error) => Some(error.to_string()),
            End::NotSaved(reason) => Some(reason.clone()),
        };
        let plan = Arc::clone(&self.plan);
        let ended =
            self.writer.ask(move |bench| bench.end_request(&plan, number, outcome, clock::now())).await;
        match (end, ended) {
            (End::Done, Err(error)) => End::NotSaved(error.to_string()),
            (end, _) => end,
        }
    }

    async fn listen(
        &self,
        planned: &PlannedRequest,
        number: RequestNumber,
        outcome: &mut RequestOutcome,
        asked: &mut Asked,
    ) -> End {
        let mut events = self.generator.generate(planned.request.clone()).ready_chunks(TOGETHER);
        loop {
            let chunk = tokio::select! {
                biased;
                () = self.stop.cancelled() => return End::Stopped,
                chunk = events.next() => chunk,
            };
            let Some(chunk) = chunk else { return End::Done };
            let (mut rows, mut scraps, mut failed) = (Vec::new(), Vec::new(), None);
            for event in chunk {
                match event {
                    Ok(GenerateEvent::Row(fields)) => rows.push(fields),
                    Ok(GenerateEvent::Scrap { raw, reason }) => scraps.push(NewScrap { raw, reason }),
                    Ok(GenerateEvent::Reply(text)) => outcome.reply = Some(text),
                    Ok(GenerateEvent::Usage(tokens)) => outcome.tokens = tokens,
                    Ok(GenerateEvent::Done(_) | GenerateEvent::Limits(_)) => {}
                    Err(error) => failed = Some(error),
                }
            }
            if let Err(error) = self.take_in(number, rows, scraps, asked).await {
                return End::NotSaved(error.to_string());
            }
            if let Some(error) = failed {
                return End::Failed(error);
            }
            // A generator that never waits must not keep its thread from others.
            tokio::task::yield_now().await;
        }
    }

    async fn take_in(
        &self,
        number: RequestNumber,
        rows: Vec<Fields>,
        scraps: Vec<NewScrap>,
        asked: &mut Asked,
    ) -> Result<(), WorkbenchError> {
        if rows.is_empty() && scraps.is_empty() {
            return Ok(());
        }
        asked.came += u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let plan = Arc::clone(&self.plan);
        let staged = self
            .writer
            .ask(move |bench| {
                bench.keep_scraps(&plan, number, scraps, clock::now());
                Ok(bench.take_in(&plan, number, rows, clock::now()))
            })
            .await?;
        asked.rows_of_run = asked.rows_of_run.max(staged.value.rows);
        self.watch.came(&staged.saved);
        Ok(())
    }
}
