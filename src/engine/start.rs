//! Where every run begins, whoever asks for it: a new one, or one that goes on.
//!
//! ```text
//! Start ──► settings and key ──► index of all rows      ──► generator and plan, on the writer thread ──► run loop
//!                                (once, its own thread)                 │                                    │
//! RunHandle ◄── Began ◄─────────────────────────────────────────────────┘          Saved, Progress, Ended ◄──┘
//! ```

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::clock;

use super::environment::Patience;
use super::events::{Reporter, RunEvent, RunHandle, Snapshots};
use super::prepare::{Prepared, Surroundings, TransportOptions, flag, prepare_resolved, prepare_run};
use super::run_loop::run_plan;
use super::writer::WriterHandle;
use crate::config::{Allowances, UserConfig};
use crate::domain::{Budget, GeneratorSettings, OperationId, Permission, RunEnded, RunNumber, RunOrder};
use crate::generate::Generator;
use crate::text::Stopped;
use crate::workbench::{PromptSource, RaceBatch, RunPlan, Workbench, WorkbenchError};

/// What every run of a session is made with.
#[derive(Debug, Clone)]
pub struct RunContext {
    /// The writer thread of the session.
    pub writer: WriterHandle,
    /// The session's folder: its `.env` may hold a key.
    pub folder: PathBuf,
    /// The user's settings.
    pub config: Arc<UserConfig>,
    /// What the user allowed sessions to send.
    pub allowed: Allowances,
    /// Whether anything may be asked over the network.
    pub network: bool,
    /// How requests travel.
    pub transport: TransportOptions,
    /// Whether the events bring the journal's state while the run goes on.
    pub snapshots: Snapshots,
}

/// A run to begin, or to go on with.
#[derive(Debug)]
pub enum Start {
    /// A new run.
    New {
        /// What is wanted.
        order: Box<RunOrder>,
        /// The prompt.
        source: PromptSource,
        /// The settings with what was found for them, where that was looked up before.
        prepared: Option<Box<Prepared>>,
        /// The number of the operation that the run is; the next one where none is given.
        operation: Option<OperationId>,
    },
    /// A run that ended before all its rows came.
    Resume {
        /// The run; the last one that misses rows where none is given.
        run: Option<RunNumber>,
        /// Limits that replace the run's own.
        budget: Budget,
        /// The number of the operation of going on; the next one where none is given.
        operation: Option<OperationId>,
    },
    /// The next batch of the race that goes on.
    Race {
        /// What its rows are sampled with.
        with: RaceWith,
        /// Limits of the whole race that replace its own.
        budget: Budget,
        /// The number of the operation that the run is; the next one where none is given.
        operation: Option<OperationId>,
    },
}

/// What a batch of a race is sampled with.
#[derive(Debug)]
pub enum RaceWith {
    /// What the race keeps, settled anew.
    Kept,
    /// The settings as they are now, which are those of the race and say who named the server.
    Settings(Box<GeneratorSettings>),
    /// What was looked up before.
    Prepared(Box<Prepared>),
}

/// Begins a run on the writer thread, with the generator that was made for it.
type Begin =
    Box<dyn FnOnce(&mut Workbench, &dyn Generator, OperationId) -> Result<RunPlan, WorkbenchError> + Send>;

/// Starts a run as a task of its own and returns the handle that tells how it goes.
///
/// Whatever goes wrong, also before the run is in the journal, comes as its last event.
///
/// # Panics
///
/// Outside of a tokio runtime.
#[must_use]
pub fn start(context: &RunContext, start: Start) -> RunHandle {
    let stop = CancellationToken::new();
    let (reporter, events) = Reporter::new(context.snapshots);
    let (context, stopped) = (context.clone(), stop.clone());
    tokio::spawn(async move {
        let reporter = Arc::new(reporter);
        let outcome = run(&context, start, stopped, &reporter).await;
        reporter.send(RunEvent::Ended(outcome));
    });
    RunHandle::new(events, stop)
}

async fn run(
    context: &RunContext,
    start: Start,
    stop: CancellationToken,
    reporter: &Arc<Reporter>,
) -> Result<RunEnded, WorkbenchError> {
    let writer = &context.writer;
    let waited = || {
        let reporter = Arc::clone(reporter);
        Patience::of_command(flag(&stop), move || reporter.send(RunEvent::OfKey(Patience::sentence())))
    };
    let is_told = matches!(start, Start::New { prepared: Some(_), .. });
    let (prepared, operation, begin): (Prepared, _, Begin) = match start {
        Start::New { order, source, prepared, operation } => {
            let prepared = match prepared {
                Some(prepared) => *prepared,
                None => prepare(context, order.generator.clone(), prepare_resolved, waited()).await?,
            };
            let order = RunOrder { generator: prepared.settings.clone(), ..*order };
            let begin: Begin = Box::new(move |bench, generator, operation| {
                bench.begin_run(&order, &source, generator, operation, clock::now())
            });
            (prepared, operation, begin)
        }
        Start::Race { with, budget, operation } => {
            let RaceBatch { order, source } = writer.tell(move |bench| due(bench, budget)).await?;
            let prepared = match with {
                RaceWith::Kept => prepare(context, order.generator.clone(), prepare_run, waited()).await?,
                RaceWith::Settings(settings) => {
                    prepare(context, *settings, prepare_resolved, waited()).await?
                }
                RaceWith::Prepared(prepared) => *prepared,
            };
            let order = RunOrder { generator: prepared.settings.clone(), ..order };
            let begin: Begin = Box::new(move |bench, generator, operation| {
                bench.begin_run(&order, &source, generator, operation, clock::now())
            });
            (prepared, operation, begin)
        }
        Start::Resume { run, budget, operation } => {
            let known = writer.tell(move |bench| bench.run_to_resume(run).cloned()).await?;
            let prepared = prepare(context, known.settings, prepare_run, waited()).await?;
            let begin: Begin = Box::new(move |bench, generator, operation| {
                bench.resume_run(Some(known.number), budget, generator, operation, clock::now())
            });
            (prepared, operation, begin)
        }
    };
    let kept_back = prepared.kept_back.as_ref().filter(|_| !is_told).and_then(|_| prepared.asks());
    kept_back.into_iter().for_each(|sentence| reporter.send(RunEvent::OfKey(sentence)));
    index(writer, &stop).await?;
    let operation = match operation {
        Some(operation) => operation,
        None => writer.tell(|bench| Ok(bench.next_operation())).await?,
    };
    let (network, transport, stopped) = (context.network, context.transport.clone(), stop.clone());
    let named = prepared.named.clone();
    let staged = writer
        .ask(move |bench| {
            let generator = prepared.generator(bench, network, &transport, &stopped)?;
            let plan = begin(bench, generator.as_ref(), operation)?;
            Ok((generator, plan))
        })
        .await;
    let staged = match staged {
        Ok(staged) => staged,
        Err(error) => {
            let reason = error.to_string();
            writer.note(move |bench| bench.end_unbegun(operation, &reason, clock::now()));
            return Err(error);
        }
    };
    let (generator, plan) = staged.value;
    reporter.send(RunEvent::Began { run: plan.number(), saved: staged.saved });
    remember(context, named);
    run_plan(writer, generator, plan, stop, reporter).await
}

/// Returns the batch of the race that is due.
fn due(bench: &mut Workbench, budget: Budget) -> Result<RaceBatch, WorkbenchError> {
    let none = || WorkbenchError::Usage("Enough rows of the race wait; decide some first.".into());
    bench.next_batch(budget, clock::now())?.ok_or_else(none)
}

/// Has the rows indexed, if they are not yet: on a thread of its own, so that the writer thread writes
/// decisions meanwhile, and nobody waits for it who stops the run.
async fn index(writer: &WriterHandle, stop: &CancellationToken) -> Result<(), WorkbenchError> {
    let Some(rows) = writer.tell(|bench| Ok(bench.unindexed())).await? else { return Ok(()) };
    let (told, built) = oneshot::channel();
    let flag = flag(stop);
    let work = move || {
        // Whoever stopped the run does not wait.
        let _ = told.send(rows.index(&flag));
    };
    std::thread::Builder::new()
        .name("rowsmith-index".into())
        .spawn(work)
        .map_err(|error| WorkbenchError::Usage(format!("No thread can be started: {error}. Try again.")))?;
    let built = tokio::select! {
        biased;
        () = stop.cancelled() => return Err(WorkbenchError::StoppedEarly),
        built = built => built,
    };
    match built {
        Ok(Ok(index)) => {
            writer
                .tell(move |bench| {
                    bench.set_indexes(index);
                    Ok(())
                })
                .await
        }
        Ok(Err(Stopped)) => Err(WorkbenchError::StoppedEarly),
        Err(_) => {
            Err(WorkbenchError::NotSaved("The rows could not be indexed; start the program again.".into()))
        }
    }
}

/// Remembers that the person sent a key to a server that they named, so that the run can go on another time.
fn remember(context: &RunContext, named: Option<Permission>) {
    let (Some(named), allowed) = (named, context.allowed.clone()) else { return };
    spawn_blocking(move || {
        if let Err(error) = allowed.remember(&named) {
            tracing::warn!("{error}");
        }
    });
}

/// Finds what settings need from outside: addresses and a key.
pub(super) type Prepare = fn(&Surroundings<'_>, GeneratorSettings) -> Result<Prepared, WorkbenchError>;

/// Prepares settings on a thread that may wait: a key's command may take its time.
pub(super) async fn prepare(
    context: &RunContext,
    settings: GeneratorSettings,
    prepare: Prepare,
    patience: Patience,
) -> Result<Prepared, WorkbenchError> {
    let (folder, config) = (context.folder.clone(), Arc::clone(&context.config));
    let (allowed, network) = (context.allowed.clone(), context.network);
    let prepared = spawn_blocking(move || {
        let (folder, config, allowed) = (Some(folder.as_path()), &*config, &allowed);
        prepare(&Surroundings { folder, config, allowed, network, patience }, settings)
    });
    let prepared = prepared.await;
    prepared.unwrap_or_else(|error| {
        Err(WorkbenchError::Usage(format!("The settings could not be read: {error}. Sample again.")))
    })
}

#[cfg(test)]
mod tests;
