//! `batch`: requests for services and engines that answer at another time, and their results.

mod sentences;
mod work;

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::args::{BatchReadArgs, BatchStatusArgs, BatchWriteArgs};
use super::generator::{check_model, overrides};
use super::permission::patience;
use super::signals::{Stop, until_signal, with_signal};
use super::{CliError, Context, Out, out};
use crate::config::resolve::price_source;
use crate::config::{PriceSource, UserConfig, load};
use crate::domain::{BatchState, BatchTarget, Price, Run, RunNumber, RunOrder, RunStatus};
use crate::engine::batch::{self, Destination, Written};
use crate::engine::prepare::{Prepared, Surroundings, prepare, prepare_run};
use crate::export::RunJson;
use crate::workbench::{PromptSource, WorkbenchError};
use sentences::Priced;
use work::Teller;

/// Returns what settings are prepared with: no server is asked, so no key is looked for.
fn around<'a>(
    folder: &'a Path,
    config: &'a UserConfig,
    allowed: &'a crate::config::Allowances,
    stop: &Stop,
) -> Surroundings<'a> {
    Surroundings { folder: Some(folder), config, allowed, network: false, patience: patience(&stop.token()) }
}

/// Writes requests to a folder.
pub(super) fn write(
    context: &Context,
    config: &UserConfig,
    args: &BatchWriteArgs,
    out: &mut Out,
) -> Result<u8, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let stop = until_signal(&runtime)?;
    let written = written(context, config, args, &stop);
    with_signal(
        written.and_then(|(written, priced)| {
            if args.json {
                out.json(&written_json(&written))?;
                out.finish()?;
            }
            let (session, folder) = (&args.session, args.out.display().to_string());
            let said = sentences::of_written(&written, priced, session, &folder);
            said.iter().for_each(|line| out::say(line));
            Ok(0)
        }),
        &stop,
    )
}

fn written(
    context: &Context,
    config: &UserConfig,
    args: &BatchWriteArgs,
    stop: &Stop,
) -> Result<(Written, Priced), CliError> {
    let location = context.locate(&args.session)?;
    let allowed = context.allowed();
    let around = around(&location.folder, config, &allowed, stop);
    let place = Destination { out: &args.out, force: args.force };
    let teller = Teller::new("requests written");
    let tell = |done, all| teller.tell(done, all);
    let watch = work::watch(stop, &tell);
    if args.missing {
        let mut bench = context.open(&args.session)?;
        let run = batch::waiting(&bench, args.run.map(RunNumber))?.clone();
        let failures = crate::export::failure_lines(&run, bench.projection());
        let prepared = prepare_run(&around, run.settings)?;
        let written = batch::write_missing(&mut bench, &prepared, run.number, place, &watch);
        teller.clear();
        failures.iter().for_each(|line| out::say(line));
        return Ok((written?, Priced::Before));
    }
    let (Some(rows), Some(to)) = (args.rows, args.to) else {
        return Err(CliError::Usage("Give `-n ROWS` and `--to TARGET`, or `--missing`.".into()));
    };
    // Invalid settings are reported before the store is opened.
    let session = load(&location.folder).map_err(WorkbenchError::from)?.session;
    let flags = overrides(&args.generator)?;
    let mut prepared = prepare(&around, &session.generator, args.generator.profile.as_deref(), &flags)?;
    check_model(&prepared.settings)?;
    let priced = halve_price(&mut prepared, to, config);
    let order = RunOrder { seed: args.seed, ..RunOrder::new(rows, prepared.settings.clone()) };
    let source = PromptSource::Version(args.prompt.clone());
    let mut bench = context.open(&args.session)?;
    let remarks = bench.remarks_on(args.prompt.as_deref());
    remarks.iter().for_each(|remark| out::say(remark));
    let written = batch::write_new(&mut bench, &prepared, (&order, &source, to), place, &watch);
    teller.clear();
    Ok((written?, priced))
}

/// Halves a list price where the service bills batches at half of it. Returns what the batch is priced at.
fn halve_price(prepared: &mut Prepared, to: BatchTarget, config: &UserConfig) -> Priced {
    let source = price_source(&prepared.settings, config);
    match (prepared.settings.price, source) {
        (Some(Price { input, output }), Some(PriceSource::Shipped { .. })) if to.is_half_price() => {
            prepared.settings.price = Some(Price { input: input / 2.0, output: output / 2.0 });
            Priced::Half
        }
        (Some(_), _) if to.is_half_price() => Priced::Own,
        _ => Priced::Known,
    }
}

/// What was written, as `--json` prints it.
#[derive(Serialize)]
struct WrittenJson<'a> {
    run: u32,
    to: &'static str,
    model: &'a str,
    requests: u64,
    rows: u64,
    files: &'a [String],
    estimated_tokens: crate::domain::Tokens,
    estimated_cost_usd: Option<f64>,
}

fn written_json(written: &Written) -> WrittenJson<'_> {
    WrittenJson {
        run: written.run.0,
        to: written.to.name(),
        model: &written.model,
        requests: written.requests,
        rows: written.rows,
        files: &written.files,
        estimated_tokens: written.tokens,
        estimated_cost_usd: written.cost,
    }
}

/// Takes results in and returns the exit code.
pub(super) fn read(context: &Context, config: &UserConfig, args: &BatchReadArgs) -> Result<u8, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let stop = until_signal(&runtime)?;
    with_signal(taken_in(context, config, args, &stop), &stop)
}

fn taken_in(
    context: &Context,
    config: &UserConfig,
    args: &BatchReadArgs,
    stop: &Stop,
) -> Result<u8, CliError> {
    let location = context.locate(&args.session)?;
    let allowed = context.allowed();
    let around = around(&location.folder, config, &allowed, stop);
    let mut bench = context.open(&args.session)?;
    let teller = Teller::new("bytes read");
    let tell = |done, all| teller.tell(done, all);
    let results: Vec<PathBuf> = args.results.clone();
    let report = batch::read(&mut bench, &around, &results, &work::watch(stop, &tell));
    teller.clear();
    let report = report?;
    sentences::of_read(&report).iter().for_each(|line| out::say(line));
    for run in report.runs.iter().filter_map(|run| bench.projection().run(*run)) {
        let state = bench.batch_state(run);
        out::say(&sentences::of_state(run, &state, &args.session));
    }
    Ok(match stop.exit_code() {
        Some(code) if report.stopped => code,
        _ => u8::from(!report.is_clean()),
    })
}

/// How far a batch is, as `--json` prints it.
#[derive(Serialize)]
struct StatusJson {
    #[serde(flatten)]
    run: RunJson,
    to: &'static str,
    /// Requests that the batch began with.
    first_requests: u32,
    /// Requests that have an answer.
    answered: usize,
    /// Requests that failed, and were not answered since.
    unanswered_failures: usize,
    /// Requests that are to be asked: those without an answer, and as many more as rows are missing.
    missing_requests: usize,
}

/// Says how far each batch is.
pub(super) fn status(context: &Context, args: &BatchStatusArgs, out: &mut Out) -> Result<(), CliError> {
    let bench = context.read(&args.session)?;
    let projection = bench.projection();
    let batches = projection.runs().filter_map(|run| Some((run, run.batch?)));
    let mut is_none = true;
    for (run, to) in batches {
        is_none = false;
        let state = BatchState::of(projection, run);
        if args.json {
            out.json(&StatusJson {
                run: RunJson::of(run, projection.version(run.version)),
                to: to.name(),
                first_requests: state.first_requests(),
                answered: state.answered(),
                unanswered_failures: state.failed(),
                missing_requests: missing(run, &state),
            })?;
        } else {
            out.line(&sentences::of_state(run, &state, &args.session))?;
            for line in crate::export::failure_lines(run, projection) {
                out.line(&format!("  {line}"))?;
            }
        }
    }
    if is_none && !args.json {
        out.line("No batch was written; `rowsmith batch write` writes one.")?;
    }
    Ok(())
}

/// Returns how many requests are to be asked; none of a batch that is done.
fn missing(run: &Run, state: &BatchState) -> usize {
    if run.status == RunStatus::Waiting { state.missing().len() } else { 0 }
}
