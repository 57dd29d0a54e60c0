//! `compare`: two versions, models or settings side by side, without a screen.
//!
//! A comparison is begun and sampled by one call, its pairs are decided by others, and a last one ends it and tells
//! which row was whose. What it prints while a blind comparison goes on names no side.

mod show;

use std::path::Path;
use std::sync::Arc;

use super::args::{CompareArgs, GeneratorArgs};
use super::generator::{check_model, overrides};
use super::permission::asking;
use super::sample::go;
use super::signals::{Stop, until_signal, with_signal};
use super::{CliError, Context, Out, out};
use crate::config::resolve::check_budget;
use crate::config::{Overrides, UserConfig, load};
use crate::domain::{
    CompareOrder, PairChoice, RunNumber, RunStatus, Side, TrialKind, TrialNumber, TrialSide, lacks_budget,
    run_of_side, share_of_side, sides_in_order, too_small_to_split,
};
use crate::engine::prepare::{Prepared, Surroundings, prepare, prepare_run};
use crate::engine::{RunContext, Snapshots, Start, TransportOptions, Writer, clock};
use crate::generate::Delivery;
use crate::workbench::{Location, PromptSource, Workbench, WorkbenchError};

/// Carries out what is asked and returns the exit code.
pub(super) fn run(
    context: &Context,
    config: &UserConfig,
    args: &CompareArgs,
    out: &mut Out,
) -> Result<u8, CliError> {
    let code = if let Some(pair) = &args.pair {
        decide(context, args, pair, out)?;
        0
    } else if args.end {
        end(context, args, out)?;
        0
    } else if args.status {
        show::status(context, args, out)?;
        0
    } else if args.resume || args.a.is_some() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let stop = until_signal(&runtime)?;
        with_signal(sampled(context, config, args, out, (&runtime, &stop)), &stop)?
    } else {
        return Err(CliError::Usage(
            "Name two versions to compare, as in `rowsmith compare SESSION v1 v2`, or give --status, --pair, --resume or \
             --end."
                .into(),
        ));
    };
    out.finish()?;
    Ok(code)
}

/// Decides a pair.
fn decide(context: &Context, args: &CompareArgs, pair: &[String], out: &mut Out) -> Result<(), CliError> {
    let [number, choice] = pair else {
        return Err(CliError::Usage("--pair takes a number and a choice, as in `--pair 3 left`.".into()));
    };
    let choice = PairChoice::from_name(choice).ok_or_else(|| {
        let known = PairChoice::ALL.map(PairChoice::name).join(", ");
        CliError::Usage(format!("`{choice}` is no choice; there is {known}."))
    })?;
    let mut bench = context.open(&args.session)?;
    let trial = going(&bench)?;
    let pairs = bench.projection().pairs(trial);
    let place = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let Some(pair) = place.and_then(|place| pairs.get(place)).copied() else {
        return Err(CliError::Usage(format!(
            "There is no pair `{number}`; the comparison has {} so far, counted from 1.",
            pairs.len()
        )));
    };
    let operation = bench.next_operation();
    let decided = bench.change_each(operation, clock::now(), pair.changes(choice).into());
    bench.commit()?;
    let already = if decided.rows == 0 { " already; nothing was changed" } else { "" };
    out::say(&format!("Pair {number}: {}{already}.", choice.name()));
    show::standing(bench.projection(), trial, args.json, out)
}

/// Ends the comparison that goes on.
fn end(context: &Context, args: &CompareArgs, out: &mut Out) -> Result<(), CliError> {
    let mut bench = context.open(&args.session)?;
    let operation = bench.next_operation();
    let trial = bench.end_compare(operation, clock::now())?;
    bench.commit()?;
    show::standing(bench.projection(), trial, args.json, out)
}

/// Returns the comparison that goes on.
fn going(bench: &Workbench) -> Result<TrialNumber, WorkbenchError> {
    let trial = bench.projection().laboratory().going();
    let trial = trial.filter(|trial| trial.kind == TrialKind::Compare);
    trial.map(|trial| trial.number).ok_or_else(|| WorkbenchError::Usage("No comparison goes on.".into()))
}

/// Begins a comparison, or goes on with one, and samples its sides.
fn sampled(
    context: &Context,
    config: &UserConfig,
    args: &CompareArgs,
    out: &mut Out,
    (runtime, stop): (&tokio::runtime::Runtime, &Stop),
) -> Result<u8, CliError> {
    let location = context.locate(&args.session)?;
    args.budget.remarks().for_each(|remark| out::say(&remark));
    let allowed = context.allowed();
    let around = context.surroundings(&location, config, &allowed, stop);
    let sides = if args.a.is_some() { Some(prepared(&around, args)?) } else { None };
    let mut bench = Workbench::open(&location, clock::now())?;
    bench.notices().iter().for_each(|notice| out::say(notice));
    let trial = if let Some(sides) = &sides {
        let order = order(&bench, args, sides)?;
        let operation = bench.next_operation();
        bench.begin_compare(order, operation, clock::now())?
    } else {
        let trial = going(&bench)?;
        bench.end_open_requests_of(trial, clock::now());
        trial
    };
    bench.commit()?;
    let starts = starts(&bench, trial, (sides.as_ref(), &around), args)?;
    drop(bench);
    let code = sample(context, config, args, (location.clone(), starts), (runtime, stop))?;
    let bench = context.read(&args.session)?;
    show::standing(bench.projection(), trial, args.json, out)?;
    Ok(code)
}

/// Returns what both sides are sampled with, their keys looked up.
fn prepared(around: &Surroundings<'_>, args: &CompareArgs) -> Result<[Prepared; 2], CliError> {
    let folder = around.folder.unwrap_or(Path::new("."));
    let session = load(folder).map_err(WorkbenchError::from)?.session;
    let second = GeneratorArgs {
        profile: args.second.profile_b.clone().or_else(|| args.generator.profile.clone()),
        model: args.second.model_b.clone().or_else(|| args.generator.model.clone()),
        temperature: args.second.temperature_b.or(args.generator.temperature),
        ..args.generator.clone()
    };
    let of = |generator: &GeneratorArgs| {
        let flags = Overrides { concurrency: args.concurrency, ..overrides(generator)? };
        let profile = generator.profile.as_deref();
        let prepared = asking(around.allowed, || prepare(around, &session.generator, profile, &flags))?;
        check_model(&prepared.settings)?;
        check_budget(&prepared.settings, &args.budget.budget()).map_err(WorkbenchError::from)?;
        Ok::<_, CliError>(prepared)
    };
    Ok([of(&args.generator)?, of(&second)?])
}

fn order(
    bench: &Workbench,
    args: &CompareArgs,
    [first, second]: &[Prepared; 2],
) -> Result<CompareOrder, CliError> {
    let side = |reference: &Option<String>, prepared: &Prepared| {
        let version = bench.find_version(reference.as_deref())?.id;
        Ok::<_, WorkbenchError>(Side { version, settings: prepared.settings.clone() })
    };
    let sides = [side(&args.a, first)?, side(&args.b, second)?];
    let (pairs, seed, blind, budget) = (args.pairs, args.seed, !args.open, args.budget.budget());
    Ok(CompareOrder { sides, pairs, seed, blind, budget })
}

/// Returns the runs that the comparison misses: a new one for each side without one, and the rest of those that miss
/// rows.
fn starts(
    bench: &Workbench,
    number: TrialNumber,
    (known, around): (Option<&[Prepared; 2]>, &Surroundings<'_>),
    args: &CompareArgs,
) -> Result<Vec<Start>, CliError> {
    let projection = bench.projection();
    let trial = projection.laboratory().trial(number);
    let trial = trial.ok_or_else(|| CliError::Failed("The comparison is not there.".into()))?;
    let whole = args.budget.budget();
    let refused = too_small_to_split(whole).or_else(|| {
        lacks_budget(projection, trial, whole).filter(|_| known.is_none()).map(|why| with_options(&why))
    });
    if let Some(why) = refused {
        return Err(CliError::Usage(why));
    }
    let mut starts = Vec::new();
    for side in sides_in_order(trial) {
        let of_side = TrialSide { trial: number, side };
        let budget = share_of_side(projection, trial, side, whole);
        match projection.runs().rev().find(|run| run.trial == Some(of_side)) {
            Some(run) if run.misses_rows() => {
                starts.push(Start::Resume { run: Some(run.number), budget, operation: None });
            }
            Some(_) => {}
            None => {
                let place = usize::from(side);
                let written = trial.sides.get(place).map(|side| side.settings.clone()).unwrap_or_default();
                let rows = written.rows_per_request;
                let mut prepared = match known.and_then(|known| known.get(place)) {
                    Some(known) => known.clone(),
                    None => asking(around.allowed, || prepare_run(around, written.clone()))?,
                };
                // Rows of the same request are paired, so both sides ask for as many.
                prepared.settings.rows_per_request = rows;
                let order = Box::new(run_of_side(trial, side, prepared.settings.clone(), budget));
                let (source, prepared) = (PromptSource::Version(None), Some(Box::new(prepared)));
                starts.push(Start::New { order, source, prepared, operation: None });
            }
        }
    }
    Ok(starts)
}

/// Adds how a budget is named.
fn with_options(why: &str) -> String {
    format!("{why} `--budget-cost`, `--budget-tokens` and `--budget-requests` do.")
}

/// Carries out runs, one after the other, and returns the exit code.
fn sample(
    context: &Context,
    config: &UserConfig,
    args: &CompareArgs,
    (location, starts): (Location, Vec<Start>),
    (runtime, stop): (&tokio::runtime::Runtime, &Stop),
) -> Result<u8, CliError> {
    if starts.is_empty() {
        out::say("Both sides have all their rows.");
        return Ok(0);
    }
    let folder = location.folder.clone();
    let writer = Writer::start(move || Workbench::open(&location, clock::now()), |_opened| ())
        .map_err(|error| CliError::Failed(format!("No thread can be started: {error}.")))?;
    let delivery = if args.generator.no_stream { Delivery::Whole } else { Delivery::Streamed };
    let run = RunContext {
        writer: writer.handle(),
        folder,
        config: Arc::new(config.clone()),
        allowed: context.allowed(),
        network: !context.global.offline,
        transport: TransportOptions { delivery, record: None },
        snapshots: Snapshots::AtEnd,
    };
    let mut code = 0;
    for start in starts {
        let (summary, status) = runtime.block_on(go(&run, start, stop))?;
        let again = format!("`rowsmith compare {} --resume` goes on.", args.session);
        match status {
            RunStatus::Done => {}
            RunStatus::Failed { reason } | RunStatus::Stopped { reason: Some(reason) } => {
                let number = RunNumber(summary.run);
                out::say(&format!("rowsmith: run {number} ended early: {reason} {again}"));
                code = 1;
            }
            _ => {
                out::say(&format!("It was stopped; {again}"));
                return Ok(stop.exit_code().unwrap_or(130));
            }
        }
    }
    drop((run, writer));
    Ok(code)
}
