//! `sample`: samples rows without a screen.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::args::SampleArgs;
use super::generator::{check_model, overrides};
use super::permission::{asking, get};
use super::progress::Teller;
use super::signals::{Stop, until_signal, with_signal};
use super::{CliError, Context, Out, out};
use crate::config::resolve::{check_budget, unasked_server};
use crate::config::{Overrides, UserConfig, load, resolve};
use crate::domain::{Budget, Provider, Run, RunNumber, RunOrder, RunStatus, Tokens, TrialKind};
use crate::engine::prepare::{Surroundings, prepare};
use crate::engine::{
    RunContext, RunEvent, Snapshots, Start, TransportOptions, Writer, WriterHandle, clock, start,
};
use crate::export::{SampleJson, failure_lines};
use crate::generate::Delivery;
use crate::workbench::{PromptSource, Workbench, WorkbenchError, rescue_folders};

/// Samples rows and returns the exit code.
pub(super) fn run(
    context: &Context,
    config: &UserConfig,
    args: &SampleArgs,
    out: &mut Out,
) -> Result<u8, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let stop = until_signal(&runtime)?;
    with_signal(sampled(context, config, args, out, (&runtime, &stop)), &stop)
}

fn sampled(
    context: &Context,
    config: &UserConfig,
    args: &SampleArgs,
    out: &mut Out,
    (runtime, stop): (&Runtime, &Stop),
) -> Result<u8, CliError> {
    let location = context.locate(&args.session)?;
    args.budget.remarks().for_each(|remark| out::say(&remark));
    let allowed = context.allowed();
    let rest = || Start::Resume { run: None, budget: args.budget.budget(), operation: None };
    // Invalid settings are reported, and the key is fetched, before the store is opened.
    let start = if args.resume {
        keep_halves(context, args)?;
        rest()
    } else {
        let around = context.surroundings(&location, config, &allowed, stop);
        new_run(&around, args)?
    };
    let folder = location.folder.clone();
    let (told, opened) = oneshot::channel();
    let open = move || Workbench::open(&location, clock::now());
    // A generator that reads no prompt has no use for remarks on it.
    let reads = matches!(&start, Start::New { order, .. } if order.generator.provider != Provider::Offline);
    let version = args.prompt.clone();
    let writer = Writer::start(open, move |outcome| {
        // The receiver lives as long as this command waits.
        let _ = told.send(outcome.map(|bench| {
            let remarks = if reads { bench.remarks_on(version.as_deref()) } else { Vec::new() };
            [bench.notices().to_vec(), remarks].concat()
        }));
    })
    .map_err(|error| CliError::Failed(format!("No thread can be started: {error}.")))?;
    let delivery = if args.generator.no_stream { Delivery::Whole } else { Delivery::Streamed };
    let run = RunContext {
        writer: writer.handle(),
        folder,
        config: Arc::new(config.clone()),
        allowed,
        network: !context.global.offline,
        transport: TransportOptions { delivery, record: args.record.clone() },
        snapshots: Snapshots::AtEnd,
    };
    let (json, status) = runtime.block_on(async {
        let opened =
            opened.await.map_err(|_closed| CliError::Failed("The store could not be opened.".into()))?;
        opened?.iter().for_each(|notice| out::say(notice));
        let mut outcome = go(&run, start, stop).await;
        while let Err(CliError::Workbench(WorkbenchError::NotAllowed(wanted))) = outcome {
            // Only going on asks here: what a new run needs was asked for before.
            get(&run.allowed, wanted)?;
            outcome = go(&run, rest(), stop).await;
        }
        if outcome.is_err() {
            rescue(&run.writer, context.places.data.clone()).await;
        }
        outcome
    })?;
    // Close the store before the result is printed.
    drop((run, writer));
    let printed = if args.json { out.json(&json) } else { Ok(()) }.and_then(|()| out.finish());
    // Where the terminal went, nobody can be told more than the exit code says.
    let stopped_by = stop.exit_code();
    if stopped_by.is_none() {
        printed?;
    }
    match status {
        RunStatus::Done => Ok(0),
        RunStatus::Failed { reason } | RunStatus::Stopped { reason: Some(reason) } => {
            let resume = format!("rowsmith sample {} --resume", args.session);
            out::say(&format!("rowsmith: {}", reason.replace("rowsmith sample SESSION --resume", &resume)));
            let is_budget = reason.starts_with("The budget of");
            // What brought no row went wrong with its settings, which a run that goes on keeps.
            let goes_on = json.rows < json.requested && (json.rows > 0 || is_budget);
            if goes_on && !reason.contains("--resume") {
                let larger = if is_budget { "With a larger budget, " } else { "" };
                out::say(&format!("{larger}`{resume}` goes on with it."));
            }
            Ok(1)
        }
        _ => {
            out::say(&format!(
                "It was stopped; `rowsmith sample {} --resume` goes on with it.",
                args.session
            ));
            Ok(stopped_by.unwrap_or(130))
        }
    }
}

/// Writes what came and could not be saved to another folder, with everything else, and says where.
pub(super) async fn rescue(writer: &WriterHandle, data: PathBuf) {
    let rescued = writer.with(move |bench| {
        bench.try_again();
        bench.unsaved().filter(|_| bench.holds_paid())?;
        let folders = rescue_folders(&bench.location().folder, &bench.location().store, &data);
        Some(bench.rescue(&folders, clock::now()))
    });
    match rescued.await.flatten() {
        Some(Ok(said)) => out::say(&format!("What came is not lost. {said}")),
        Some(Err(error)) => {
            out::say(&format!("What came could not be written to another folder either: {error}"));
        }
        None => {}
    }
}

fn new_run(around: &Surroundings<'_>, args: &SampleArgs) -> Result<Start, CliError> {
    let config = around.config;
    let flags = Overrides { concurrency: args.concurrency, ..overrides(&args.generator)? };
    let folder = around.folder.unwrap_or(Path::new("."));
    let session = load(folder).map_err(WorkbenchError::from)?.session;
    let profile = args.generator.profile.as_deref();
    let prepared = asking(around.allowed, || prepare(around, &session.generator, profile, &flags))?;
    check_model(&prepared.settings)?;
    let budget = args.budget.budget();
    check_budget(&prepared.settings, &budget).map_err(WorkbenchError::from)?;
    let new = RunOrder::new(args.rows, prepared.settings.clone());
    if budget.cost.is_some()
        && prepared.settings.price.is_some_and(|price| price.of(Tokens { input: 1, output: 1 }) == 0.0)
    {
        out::say(
            "Tokens of this server cost nothing, so the budget of US dollars ends no run. If it asks a paid one, set \
             `price_input` and `price_output` in the profile, or give `--budget-tokens`.",
        );
    }
    unasked_server(&prepared.settings).iter().for_each(|sentence| out::say(sentence));
    if let Some(asks) = prepared.asks().filter(|_| around.network) {
        let before = resolve(&session.generator, profile, config, &Overrides::default()).ok();
        let left_out = before.and_then(|before| prepared.left_out(&before));
        out::say(&left_out.map_or_else(|| asks.clone(), |left_out| format!("{asks} {left_out}")));
    }
    let order =
        Box::new(RunOrder { seed: args.seed, budget, reuse: args.reuse, plan: args.spread.order()?, ..new });
    let source = PromptSource::Version(args.prompt.clone());
    Ok(Start::New { order, source, prepared: Some(Box::new(prepared)), operation: None })
}

/// Carries out a run, and returns its summary and status.
pub(super) async fn go(
    context: &RunContext,
    what: Start,
    stop: &Stop,
) -> Result<(SampleJson, RunStatus), CliError> {
    let mut run = start(context, what);
    let (stopper, stop) = (run.stopper(), stop.token());
    tokio::spawn(async move {
        // With a signal the run ends cleanly, and can be continued later.
        stop.cancelled().await;
        stopper.cancel();
    });
    let mut teller = Teller::new();
    let ended = loop {
        tokio::select! {
            biased;
            event = run.next() => match event {
                Some(RunEvent::Progress(progress)) => teller.take(progress),
                Some(RunEvent::Remark(remark)) => {
                    teller.clear();
                    out::say(&remark);
                }
                Some(RunEvent::OfKey(sentence)) => out::say(&sentence),
                Some(RunEvent::Ended(outcome)) => break outcome?,
                _ => {}
            },
            () = teller.due() => teller.say(),
        }
    };
    let number = ended.run;
    let (json, failures) = context.writer.ask(move |bench| summary(bench, number)).await?.value;
    teller.clear();
    failures.iter().for_each(|line| out::say(line));
    // Where there are several prompts, the one that was sampled may be another than a person thinks.
    let of = context.writer.ask(move |bench| Ok(prompt_among_several(bench, number))).await?.value;
    let of = of.map_or_else(String::new, |of| format!(" of {of}"));
    out::say(&format!("Run {number}: {} of {} rows{of}.", json.rows, json.requested));
    Ok((json, ended.status))
}

/// Returns the result of a run, and why requests of it failed.
fn summary(bench: &mut Workbench, number: RunNumber) -> Result<(SampleJson, Vec<String>), WorkbenchError> {
    let projection = bench.projection();
    let run = projection.run(number).ok_or_else(|| WorkbenchError::Usage("The run is not there.".into()))?;
    Ok((SampleJson::of(run, projection.version(run.version)), failure_lines(run, projection)))
}

/// Returns the version of a run with the label of its rows, where the session has several prompts.
fn prompt_among_several(bench: &Workbench, number: RunNumber) -> Option<String> {
    let run = bench.projection().run(number).filter(|run| !bench.projection().hides_run(run))?;
    let version = bench.projection().version(run.version)?;
    let several = bench.projection().versions().iter().any(|other| other.name != version.name);
    several.then(|| format!("{}@v{}, labelled `{}`", version.name, version.number, run.label))
}

/// Refuses a budget for one side of a comparison that goes on: it is of both together.
fn keep_halves(context: &Context, args: &SampleArgs) -> Result<(), CliError> {
    if args.budget.budget() == Budget::default() {
        return Ok(());
    }
    let bench = context.read(&args.session)?;
    let laboratory = bench.projection().laboratory();
    // A run whose program was killed is marked as interrupted only once the session is opened.
    let misses = |run: &&Run| run.misses_rows() || run.status == RunStatus::Running;
    let is_of_race = |run: &Run| laboratory.going_of(run).is_some_and(|trial| trial.kind == TrialKind::Race);
    let run = bench.projection().runs().rev().filter(misses).find(|run| !is_of_race(run));
    let Some(run) = run.filter(|run| laboratory.going_of(run).is_some()) else { return Ok(()) };
    Err(CliError::Usage(format!(
        "Run {} is a side of the comparison that goes on; `rowsmith compare {} --resume` takes a budget for both sides.",
        run.number, args.session
    )))
}
