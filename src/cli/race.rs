//! `race`: versions that compete for the next rows.

mod report;

use std::sync::Arc;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::args::{RaceNextArgs, RaceSessionArgs, RaceStartArgs, RaceStatusArgs};
use super::generator::{check_model, overrides};
use super::permission::asking;
use super::sample::{go, rescue};
use super::signals::{Stop, until_signal, with_signal};
use super::{CliError, Context, Out, out};
use crate::config::resolve::check_budget;
use crate::config::{UserConfig, load};
use crate::domain::{Budget, GeneratorSettings, RunStatus, Side, TrialKind, TrialOutcome};
use crate::engine::prepare::{Prepared, Surroundings, prepare, prepare_run};
use crate::engine::{RaceWith, RunContext, Snapshots, Start, TransportOptions, Writer, clock};
use crate::generate::Delivery;
use crate::workbench::{Workbench, WorkbenchError};
use report::{RaceJson, race_of, sentences};

/// A race that is to begin.
struct New {
    versions: Vec<String>,
    decisions: u32,
    seed: u64,
    settings: GeneratorSettings,
}

/// What comes of the rows that were due.
struct Sampled {
    json: RaceJson,
    /// Why not all came, as a sentence.
    why: Option<String>,
}

/// Begins a race and samples its first rows. Returns the exit code.
pub(super) fn start(
    context: &Context,
    config: &UserConfig,
    args: &RaceStartArgs,
    out: &mut Out,
) -> Result<u8, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let stop = until_signal(&runtime)?;
    let mut begin = || {
        args.budget.remarks().for_each(|remark| out::say(&remark));
        let (flags, budget) = (overrides(&args.generator)?, args.budget.budget());
        let profile = args.generator.profile.as_deref();
        let prepared = prepared(context, config, &args.session, &stop, |around| {
            let folder = around.folder.unwrap_or(std::path::Path::new("."));
            let session = load(folder).map_err(WorkbenchError::from)?.session;
            prepare(around, &session.generator, profile, &flags)
        })?;
        check_model(&prepared.settings)?;
        check_budget(&prepared.settings, &budget).map_err(WorkbenchError::from)?;
        let new = New {
            versions: args.versions.clone(),
            decisions: args.decisions,
            seed: args.seed.unwrap_or_else(|| clock::now().0.unsigned_abs() % (1 << 31)),
            settings: prepared.settings.clone(),
        };
        let delivery = if args.generator.no_stream { Delivery::Whole } else { Delivery::Streamed };
        let sampling = Sampling { context, config, session: &args.session, prepared, budget, delivery };
        let sampled = sampling.sample(Some(new), (&runtime, &stop))?;
        tell(&sampled, args.json, &args.session, out)
    };
    with_signal(begin(), &stop)
}

/// Samples the rows that are due, and lists those that wait. Returns the exit code.
pub(super) fn next(
    context: &Context,
    config: &UserConfig,
    args: &RaceNextArgs,
    out: &mut Out,
) -> Result<u8, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let stop = until_signal(&runtime)?;
    let mut go_on = || {
        args.budget.remarks().for_each(|remark| out::say(&remark));
        let budget = args.budget.budget();
        let bench = context.read(&args.session)?;
        let going = bench.projection().laboratory().going().filter(|trial| trial.kind == TrialKind::Race);
        let side = going.and_then(|trial| trial.sides.first());
        let Some(settings) = side.map(|side| side.settings.clone()) else {
            // Whoever asks again and again for the next rows reads that the race has ended.
            let ended = args.json.then(|| RaceJson::with_rows(bench.projection())).flatten();
            let json = ended.ok_or_else(none_goes_on)?;
            return tell(&Sampled { json, why: None }, true, &args.session, out);
        };
        drop(bench);
        check_budget(&settings, &budget).map_err(WorkbenchError::from)?;
        let settle = |around: &Surroundings<'_>| prepare_run(around, settings.clone());
        let prepared = prepared(context, config, &args.session, &stop, settle)?;
        let delivery = Delivery::Streamed;
        let sampling = Sampling { context, config, session: &args.session, prepared, budget, delivery };
        let sampled = sampling.sample(None, (&runtime, &stop))?;
        tell(&sampled, args.json, &args.session, out)
    };
    with_signal(go_on(), &stop)
}

/// Says how a race stands.
pub(super) fn status(context: &Context, args: &RaceStatusArgs, out: &mut Out) -> Result<(), CliError> {
    let bench = context.read(&args.session)?;
    let trial = race_of(bench.projection()).ok_or_else(|| {
        CliError::Usage(format!(
            "There was no race yet; `rowsmith race start {} REF REF` begins one.",
            args.session
        ))
    })?;
    let json = RaceJson::of(bench.projection(), trial, args.unblind);
    if args.json {
        return out.json(&json);
    }
    sentences(&json, &args.session).iter().try_for_each(|line| out.line(line))
}

/// Ends a race as it stands.
pub(super) fn stop(context: &Context, args: &RaceSessionArgs) -> Result<(), CliError> {
    let mut bench = context.open(&args.session)?;
    let trial = bench.going_race()?.0.number;
    let operation = bench.next_operation();
    bench.end_trial(trial, TrialOutcome::Stopped, operation, clock::now())?;
    bench.commit()?;
    out::say(&format!("The race has ended; `rowsmith race status {}` says how it stood.", args.session));
    Ok(())
}

fn none_goes_on() -> CliError {
    CliError::Usage("No race goes on; `rowsmith race start` begins one.".into())
}

/// Settles what rows are sampled with, before the store is opened.
fn prepared(
    context: &Context,
    config: &UserConfig,
    session: &str,
    stop: &Stop,
    settle: impl Fn(&Surroundings<'_>) -> Result<Prepared, WorkbenchError>,
) -> Result<Prepared, CliError> {
    let (location, allowed) = (context.locate(session)?, context.allowed());
    let around = context.surroundings(&location, config, &allowed, stop);
    asking(&allowed, || settle(&around))
}

/// Prints how the race stands with the rows that wait, and returns the exit code.
fn tell(sampled: &Sampled, json: bool, session: &str, out: &mut Out) -> Result<u8, CliError> {
    if json {
        out.json(&sampled.json)?;
    } else {
        for row in sampled.json.rows.iter().flatten() {
            out.line(&row.line())?;
        }
        sentences(&sampled.json, session).iter().for_each(|line| out::say(line));
    }
    out.finish()?;
    let Some(why) = &sampled.why else { return Ok(0) };
    out::say(&format!("rowsmith: {why} `rowsmith race next {session}` tries again."));
    Ok(1)
}

/// What samples the rows of a race.
struct Sampling<'a> {
    context: &'a Context,
    config: &'a UserConfig,
    session: &'a str,
    prepared: Prepared,
    budget: Budget,
    delivery: Delivery,
}

impl Sampling<'_> {
    /// Begins a race, where one is to begin, and samples what is due of the one that goes on.
    fn sample(self, new: Option<New>, (runtime, stop): (&Runtime, &Stop)) -> Result<Sampled, CliError> {
        let location = self.context.locate(self.session)?;
        let folder = location.folder.clone();
        let (told, opened) = oneshot::channel();
        let open = move || Workbench::open(&location, clock::now());
        let writer = Writer::start(open, move |outcome| {
            // The receiver lives as long as this command waits.
            let _ = told.send(outcome.map(|bench| bench.notices().to_vec()));
        })
        .map_err(|error| CliError::Failed(format!("No thread can be started: {error}.")))?;
        let run = RunContext {
            writer: writer.handle(),
            folder,
            config: Arc::new(self.config.clone()),
            allowed: self.context.allowed(),
            network: !self.context.global.offline,
            transport: TransportOptions { delivery: self.delivery, record: None },
            snapshots: Snapshots::AtEnd,
        };
        let data = self.context.places.data.clone();
        let outcome = runtime.block_on(async {
            let opened =
                opened.await.map_err(|_closed| CliError::Failed("The store could not be opened.".into()))?;
            opened?.iter().for_each(|notice| out::say(notice));
            if let Some(new) = new {
                run.writer.ask(move |bench| begin(bench, &new)).await?;
            }
            let outcome = self.batches(&run, stop).await;
            if outcome.is_err() {
                rescue(&run.writer, data).await;
            }
            outcome
        });
        drop((run, writer));
        outcome
    }

    /// Samples batches as long as one is due.
    async fn batches(&self, run: &RunContext, stop: &Stop) -> Result<Sampled, CliError> {
        let budget = self.budget;
        let mut why = None;
        while why.is_none() && stop.exit_code().is_none() {
            match run
                .writer
                .tell(move |bench| Ok(bench.next_batch(budget, clock::now()).map(|batch| batch.is_some())))
                .await?
            {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    why = Some(error.to_string());
                    break;
                }
            }
            let with = RaceWith::Prepared(Box::new(self.prepared.clone()));
            let (_, status) = go(run, Start::Race { with, budget, operation: None }, stop).await?;
            why = match status {
                RunStatus::Done => None,
                RunStatus::Failed { reason } | RunStatus::Stopped { reason: Some(reason) } => Some(reason),
                _ => Some("It was stopped.".into()),
            };
        }
        let json = run.writer.tell(|bench| Ok(RaceJson::with_rows(bench.projection()))).await?;
        Ok(Sampled { json: json.ok_or_else(none_goes_on)?, why })
    }
}

fn begin(bench: &mut Workbench, new: &New) -> Result<(), WorkbenchError> {
    let versions = bench.versions_of(&new.versions)?;
    let side = |version| Side { version, settings: new.settings.clone() };
    let operation = bench.next_operation();
    let sides = versions.into_iter().map(side).collect();
    bench.begin_race(sides, (new.decisions, new.seed), operation, clock::now()).map(|_| ())
}
