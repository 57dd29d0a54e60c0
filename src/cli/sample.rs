//! `sample`: rows without a screen.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::args::SampleArgs;
use super::{CliError, Context, Out, out};
use crate::config::resolve::check_budget;
use crate::config::{self, Overrides, UserConfig};
use crate::domain::{Budget, Provider, RunNumber, RunOrder, RunProgress, RunStatus, Saved};
use crate::engine::environment::{Prepared, TransportOptions, prepare, prepare_run};
use crate::engine::{SampleWatch, Writer, clock, sample};
use crate::export::SampleJson;
use crate::generate::{Delivery, Generator};
use crate::workbench::{Location, PromptSource, RunPlan, Workbench, WorkbenchError};

/// Samples rows and returns the exit code.
pub fn run(context: &Context, config: &UserConfig, args: &SampleArgs, out: &mut Out) -> Result<u8, CliError> {
    let location = context.locate(&args.session)?;
    // Settings that cannot be used are told, and a key is fetched, before a store is touched.
    let start = if args.resume {
        let (folder, config) = (location.folder.clone(), Box::new(config.clone()));
        Start::Resume { folder, config, budget: budget(args) }
    } else {
        new_run(&location, config, args)?
    };
    let (told, opened) = oneshot::channel();
    let open = move || Workbench::open(&location, clock::now());
    let writer = Writer::start(open, move |outcome| {
        // The command waits for this.
        let _ = told.send(outcome.map(|bench| bench.notices().to_vec()));
    })
    .map_err(|error| CliError::Failed(format!("No thread can be started: {error}.")))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let delivery = if args.no_stream { Delivery::Whole } else { Delivery::Streamed };
    let wire = TransportOptions { delivery, record: args.record.clone() };
    let means = Means { network: !context.global.offline, wire };
    let done = runtime.block_on(async {
        let opened =
            opened.await.map_err(|_closed| CliError::Failed("The store could not be opened.".into()))?;
        opened?.iter().for_each(|notice| out::say(notice));
        go(&writer, start, means).await
    })?;
    // The store is whole before anybody is told.
    drop(writer);
    let (json, status) = done;
    if args.json {
        out.json(&json)?;
    }
    out.finish()?;
    match status {
        RunStatus::Done => Ok(0),
        RunStatus::Failed { reason } | RunStatus::Stopped { reason: Some(reason) } => {
            out::say(&format!("rowsmith: {reason}"));
            Ok(1)
        }
        _ => Ok(130),
    }
}

/// How a run comes to be.
enum Start {
    /// It is a new one.
    New { order: Box<RunOrder>, prepared: Box<Prepared>, reference: Option<String> },
    /// It is the last one that was interrupted.
    Resume { folder: PathBuf, config: Box<UserConfig>, budget: Budget },
}

/// What a run may do besides what it is ordered to.
struct Means {
    network: bool,
    wire: TransportOptions,
}

fn new_run(location: &Location, config: &UserConfig, args: &SampleArgs) -> Result<Start, CliError> {
    let flags = overrides(args)?;
    let session = config::load(&location.folder).map_err(WorkbenchError::from)?.session;
    let profile = args.profile.as_deref();
    let prepared = prepare(Some(&location.folder), &session.generator, profile, config, &flags)?;
    let budget = budget(args);
    check_budget(&prepared.settings, &budget).map_err(WorkbenchError::from)?;
    let new = RunOrder::new(args.rows, prepared.settings.clone());
    let order = Box::new(RunOrder { seed: args.seed, budget, reuse: args.reuse, ..new });
    Ok(Start::New { order, prepared: Box::new(prepared), reference: args.prompt.clone() })
}

/// Begins a run, or goes on with one.
fn begin(
    bench: &mut Workbench,
    start: Start,
    means: &Means,
) -> Result<(Arc<dyn Generator>, RunPlan), WorkbenchError> {
    let operation = bench.next_operation();
    match start {
        Start::New { order, prepared, reference } => {
            let generator = prepared.generator(bench, means.network, &means.wire)?;
            let source = PromptSource::Version(reference);
            let plan = bench.begin_run(&order, &source, generator.as_ref(), operation, clock::now())?;
            Ok((generator, plan))
        }
        Start::Resume { folder, config, budget } => resume(bench, &folder, &config, budget, means),
    }
}

async fn go(writer: &Writer, start: Start, means: Means) -> Result<(SampleJson, RunStatus), CliError> {
    let handle = writer.handle();
    let begun = handle.ask(move |bench| begin(bench, start, &means)).await?;
    let (generator, plan) = begun.value;
    let number = plan.number();
    let stop = CancellationToken::new();
    let stopper = stop.clone();
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        // Either way the run ends in order, and can go on later.
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        stopper.cancel();
    });
    let watch: Arc<dyn SampleWatch> = Arc::new(Progress::default());
    let report = sample(&handle, generator, plan, stop, watch).await?;
    let json = handle.ask(move |bench| summary(bench, number)).await?.value;
    if std::io::stderr().is_terminal() {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
    out::say(&format!("Run {number}: {} of {} rows.", json.rows, json.requested));
    Ok((json, report.status))
}

fn summary(bench: &mut Workbench, number: RunNumber) -> Result<SampleJson, WorkbenchError> {
    let projection = bench.projection();
    let run = projection.run(number).ok_or_else(|| WorkbenchError::Usage("The run is not there.".into()))?;
    Ok(SampleJson::of(run, projection.version(run.version)))
}

const fn budget(args: &SampleArgs) -> Budget {
    Budget { cost: args.max_cost, tokens: args.max_tokens, requests: args.max_requests }
}

/// Goes on with the last run that misses rows. Each limit of the budget replaces the run's own.
fn resume(
    bench: &mut Workbench,
    folder: &std::path::Path,
    config: &UserConfig,
    budget: Budget,
    means: &Means,
) -> Result<(Arc<dyn Generator>, RunPlan), WorkbenchError> {
    let run = bench.run_to_resume(None)?;
    let (number, settings) = (run.number, run.settings.clone());
    prepare_run(Some(folder), settings, config)?.lend(bench, &means.wire)?;
    let operation = bench.next_operation();
    bench.resume_run_within(Some(number), budget, operation, clock::now(), means.network)
}

/// Returns what the command line says of the generator.
fn overrides(args: &SampleArgs) -> Result<Overrides, CliError> {
    let known = || Provider::ALL.map(Provider::name).join(", ");
    let provider = match args.provider.as_deref() {
        None => None,
        Some(name) => Some(Provider::from_name(name).ok_or_else(|| {
            CliError::Usage(format!("There is no provider `{name}`; there is {}.", known()))
        })?),
    };
    if let Some(temperature) = args.temperature.filter(|t| !t.is_finite() || *t < 0.0) {
        return Err(CliError::Usage(format!(
            "The temperature is {temperature}; give a number from 0, such as 0.7."
        )));
    }
    Ok(Overrides {
        provider,
        model: args.model.clone(),
        base_url: args.base_url.clone(),
        temperature: args.temperature,
        concurrency: args.concurrency,
    })
}

/// Tells standard error how far the run is, where a person looks at it.
#[derive(Default)]
struct Progress {
    told: Mutex<Option<Instant>>,
}

impl SampleWatch for Progress {
    fn came(&self, _: &Saved) {}

    fn follows(&self) -> bool {
        false
    }

    fn progress(&self, progress: RunProgress) {
        if !std::io::stderr().is_terminal() {
            return;
        }
        let mut told = self.told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = Instant::now();
        if told.is_none_or(|told| now - told >= Duration::from_millis(100)) {
            *told = Some(now);
            let RunProgress { done, requested, rows_per_second, .. } = progress;
            // Nobody is listening: the run goes on.
            let _ = write!(
                std::io::stderr(),
                "\r\x1b[Ksampling {done}/{requested} · {rows_per_second:.1} rows/s"
            );
        }
    }
}
