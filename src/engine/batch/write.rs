//! Writes the requests of a batch.

use std::path::Path;

use serde_json::value::RawValue;

use super::Watch;
use crate::batch::{BatchError, CustomId, Folder, Manifest, Shards, ray_files};
use crate::domain::{
    BatchTarget, MissingRequest, Provider, Run, RunNumber, RunOrder, RunStatus, TOKENS_OF_ROW, Tokens,
};
use crate::engine::clock;
use crate::engine::prepare::Prepared;
use crate::generate::ProviderGenerator;
use crate::parallel;
use crate::workbench::{PromptSource, RunPlan, Workbench, WorkbenchError};

/// How many requests are made together.
const TOGETHER: usize = 256;

/// Where a folder of requests goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Destination<'a> {
    /// The folder.
    pub(crate) out: &'a Path,
    /// Whether it may take the place of one of an earlier batch.
    pub(crate) force: bool,
}

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    /// The run.
    pub(crate) run: RunNumber,
    /// Who answers.
    pub(crate) to: BatchTarget,
    /// How many requests.
    pub(crate) requests: u64,
    /// How many rows they ask for.
    pub(crate) rows: u64,
    /// The names of the files with requests.
    pub(crate) files: Vec<String>,
    /// About how many tokens they are, and their replies.
    pub(crate) tokens: Tokens,
    /// About what they cost, in US dollars, where the price is known.
    pub(crate) cost: Option<f64>,
    /// The model.
    pub(crate) model: String,
}

/// Begins a batch and writes all its requests.
///
/// # Errors
///
/// The generator is none of a batch, the prompt cannot be used, something is where the folder goes, or the work was
/// stopped; nothing is left then.
pub(crate) fn write_new(
    bench: &mut Workbench,
    prepared: &Prepared,
    (order, source, to): (&RunOrder, &PromptSource, BatchTarget),
    place: Destination<'_>,
    watch: &Watch<'_>,
) -> Result<Written, WorkbenchError> {
    let generator = generator(prepared, to)?;
    check_place(bench, place.out)?;
    let folder = Folder::begin(place.out, place.force)?;
    let operation = bench.next_operation();
    let plan = bench.begin_batch(order, source, to, &generator, operation, clock::now())?;
    let requests = bench.batch_state(&plan.run).missing();
    let written = fill(bench, &folder, &plan, &generator, &requests, watch)?;
    bench.commit()?;
    put(folder, &plan, place)?;
    Ok(written)
}

/// Writes the requests of a batch that have no answer.
///
/// # Errors
///
/// The run is no batch or misses nothing, something is where the folder goes, or the work was stopped.
pub(crate) fn write_missing(
    bench: &mut Workbench,
    prepared: &Prepared,
    run: RunNumber,
    place: Destination<'_>,
    watch: &Watch<'_>,
) -> Result<Written, WorkbenchError> {
    let to = bench.projection().run(run).and_then(|run| run.batch).unwrap_or(BatchTarget::OpenAi);
    let generator = generator(prepared, to)?;
    check_place(bench, place.out)?;
    let plan = bench.plan_of_batch(run, &generator)?;
    let requests = bench.batch_state(&plan.run).missing();
    if requests.is_empty() {
        return Err(WorkbenchError::Usage(format!("Nothing is missing of run {run}; nothing was written.")));
    }
    let folder = Folder::begin(place.out, place.force)?;
    let written = fill(bench, &folder, &plan, &generator, &requests, watch)?;
    folder.put()?;
    Ok(written)
}

/// Returns the batch that waits: the named one, or the only one.
///
/// # Errors
///
/// There is none, or several wait and none is named.
pub(crate) fn waiting(bench: &Workbench, named: Option<RunNumber>) -> Result<&Run, WorkbenchError> {
    let projection = bench.projection();
    if let Some(number) = named {
        return projection.run(number).filter(|run| run.batch.is_some()).ok_or_else(|| {
            WorkbenchError::Usage(format!("Run {number} is no batch; `rowsmith batch status` lists them."))
        });
    }
    let waiting: Vec<_> = projection.runs().filter(|run| run.status == RunStatus::Waiting).collect();
    match waiting.as_slice() {
        [] => Err(WorkbenchError::Usage("No batch waits for results, so nothing is missing.".into())),
        [run] => Ok(run),
        several => {
            let numbers: Vec<_> = several.iter().map(|run| run.number.to_string()).collect();
            Err(WorkbenchError::Usage(format!(
                "The batches {} wait for results; name one with `--run`.",
                numbers.join(", ")
            )))
        }
    }
}

/// Returns the generator of a batch; a target takes requests of one dialect.
fn generator(prepared: &Prepared, to: BatchTarget) -> Result<ProviderGenerator, WorkbenchError> {
    let provider = prepared.settings.provider;
    if provider == Provider::Offline {
        return Err(WorkbenchError::Usage(format!(
            "The provider offline asks no model, so it has no requests to write. Name the model that answers: \
             `--provider {} --model NAME`, or a profile.",
            if to == BatchTarget::Anthropic { "anthropic" } else { "openai" }
        )));
    }
    let generator = prepared.on_file()?;
    let is_messages = generator.path() == "messages";
    if is_messages == (to == BatchTarget::Anthropic) {
        return Ok(generator);
    }
    let (takes, give) =
        if is_messages { ("chat completions", "openai") } else { ("Anthropic's messages", "anthropic") };
    Err(WorkbenchError::Usage(format!(
        "`--to {}` takes {takes}, and requests of the provider {} are none. Give `--provider {give} --model NAME`, or \
         another `--to`.",
        to.name(),
        provider.name()
    )))
}

/// Refuses a place within the store, in which this program alone writes what it knows.
fn check_place(bench: &Workbench, out: &Path) -> Result<(), WorkbenchError> {
    let store = &bench.location().store;
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let within = parent.canonicalize().ok().zip(store.canonicalize().ok());
    if within.is_some_and(|(parent, store)| parent.starts_with(store)) {
        let out = out.display();
        return Err(WorkbenchError::Usage(format!(
            "{out} lies within the session's store; name a folder elsewhere."
        )));
    }
    Ok(())
}

/// Writes requests, and what stands beside them.
fn fill(
    bench: &Workbench,
    folder: &Folder,
    plan: &RunPlan,
    generator: &ProviderGenerator,
    requests: &[MissingRequest],
    watch: &Watch<'_>,
) -> Result<Written, WorkbenchError> {
    let to = plan.run.batch.unwrap_or(BatchTarget::OpenAi);
    let (mark, run) = (bench.store_mark(), plan.number());
    let make = |wanted: &MissingRequest| -> Result<(CustomId, Box<RawValue>, u64), WorkbenchError> {
        let planned = plan.request(wanted.index, wanted.rows)?;
        let unwritable =
            |error: serde_json::Error| WorkbenchError::Usage(format!("A request is no JSON: {error}."));
        let body = RawValue::from_string(generator.body(&planned.request)?).map_err(unwritable)?;
        Ok((CustomId::new(run, wanted.index, wanted.rows, &planned.key, &mark), body, planned.tokens()))
    };
    let mut shards = Shards::new(folder.path(), to, generator.path());
    let (mut tokens, mut rows) = (Tokens::default(), 0);
    let (mut done, all) = (0, requests.len() as u64);
    for wanted in requests.chunks(TOGETHER) {
        if watch.stop.check().is_err() {
            return Err(WorkbenchError::BatchStopped("nothing was written"));
        }
        for made in parallel::map(wanted, make) {
            let (id, body, input) = made?;
            shards.add(&id, &body)?;
            tokens = tokens.plus(Tokens { input, output: u64::from(id.rows) * TOKENS_OF_ROW });
            rows += u64::from(id.rows);
        }
        done += wanted.len() as u64;
        (watch.tell)(done, all);
    }
    let (files, requests) = shards.finish()?;
    let model = plan.run.generator.model.clone().unwrap_or_default();
    let mut beside = files.clone();
    if to == BatchTarget::Ray {
        for (name, text) in ray_files(&bench.session().name, &model) {
            folder.add(name, &text)?;
            beside.push(name.to_owned());
        }
    }
    folder.complete(&Manifest {
        program: "rowsmith".into(),
        session: bench.session().name.clone(),
        run: run.0,
        to,
        model: model.clone(),
        requests,
        files: beside,
    })?;
    let cost = plan.run.settings.price.map(|price| price.of(tokens));
    Ok(Written { run, to, requests, rows, files, tokens, cost, model })
}

/// Puts a folder in its place, once its run is in the journal.
fn put(folder: Folder, plan: &RunPlan, place: Destination<'_>) -> Result<(), WorkbenchError> {
    folder.put().map_err(|error: BatchError| {
        WorkbenchError::NotSaved(format!(
            "{error} Run {} has begun and waits: `rowsmith batch write SESSION --missing --run {} --out DIR` writes its \
             requests to another folder than {}.",
            plan.number(),
            plan.number(),
            place.out.display()
        ))
    })
}
