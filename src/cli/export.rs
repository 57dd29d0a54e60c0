//! `export`: the accepted rows as a dataset.

use std::io;
use std::path::Path;

use super::args::ExportArgs;
use super::permission::{can_ask, is_yes};
use super::watched::{Watched, Words};
use super::{CliError, Context, out};
use crate::dataset::Part;
use crate::domain::Existing;
use crate::export::{Balance, Destination, ExportError, Format, Shares, Task};
use crate::workbench::{ExportOrder, Wanted, WorkbenchError};

/// Writes rows to a file, a folder or to standard output.
pub(super) fn run(context: &Context, args: &ExportArgs) -> Result<u8, CliError> {
    let mut order = order(context, args)?;
    let bench = context.read(&args.session)?;
    let name = match &order.out {
        Destination::StandardOutput => "standard output".to_owned(),
        Destination::File(out) => out.display().to_string(),
    };
    let report = loop {
        let watched = Watched::begin(
            matches!(order.out, Destination::File(_)),
            Words { verb: "exporting", done: "rows written" },
        )?;
        let outcome = bench.export(&order, watched.watch());
        let code = watched.end();
        match outcome {
            Err(WorkbenchError::Export(error @ ExportError::Stopped)) => {
                out::say(&format!("rowsmith: {error}"));
                return Ok(code.unwrap_or(1));
            }
            Err(error) if error.is_about_an_existing_file() && can_ask() => {
                if !is_yes(&format!("`{name}` is there already. Replace it?"))? {
                    return Err(CliError::Usage(format!("`{name}` was left as it is.")));
                }
                order.existing = Existing::Replace;
            }
            outcome => break outcome.map_err(closed)?,
        }
    };
    out::say(&report.sentence(&name));
    if order.wanted == Wanted::Real(Part::Test) {
        out::say(
            "These rows are held out for measuring: never train on them, and never show them to a model.",
        );
    }
    Ok(0)
}

/// Returns what the arguments ask for.
fn order(context: &Context, args: &ExportArgs) -> Result<ExportOrder, CliError> {
    let format = format(args.format.as_deref(), &args.out).map_err(WorkbenchError::from)?;
    let accepted = if args.with_real { Wanted::AcceptedAndTrain } else { Wanted::Accepted };
    let is_narrowed = args.with_real || args.filter.is_some() || args.allow_contaminated;
    let (wanted, with_test) = match args.real.as_deref() {
        None => (accepted, false),
        Some("test") if format == Format::Hf => (accepted, true),
        Some("train" | "test") if is_narrowed => {
            return Err(CliError::Usage(
                "--real writes real rows alone, so --with-real, --filter and --allow-contaminated do not go with it."
                    .to_owned(),
            ));
        }
        Some("train") => (Wanted::Real(Part::Train), false),
        Some("test") => (Wanted::Real(Part::Test), false),
        Some(part) => {
            return Err(CliError::Usage(format!(
                "`{part}` is no part of the real rows; there are train and test."
            )));
        }
    };
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    let balance = args.balance.iter().map(|text| text.parse()).collect::<Result<Vec<Balance>, ExportError>>();
    let split = args.split.map(|train| Shares::new(train, args.seed)).transpose();
    Ok(ExportOrder {
        session: Some(args.session.clone()),
        spared: context.global.config.iter().cloned().collect(),
        wanted,
        with_test,
        filter: args.filter.clone(),
        allow_contaminated: args.allow_contaminated,
        bare: args.bare,
        raw: args.raw,
        split: split.map_err(WorkbenchError::from)?,
        balance: balance.map_err(WorkbenchError::from)?,
        seed: args.seed,
        task: args.task.parse::<Task>().map_err(WorkbenchError::from)?,
        ..ExportOrder::new(format, Destination::from(args.out.clone()), existing)
    })
}

/// Returns the format that was asked for, else the one of the file's ending; JSON Lines on standard output.
fn format(asked: Option<&str>, out: &Path) -> Result<Format, ExportError> {
    let of_ending = Format::of(out);
    let Some(asked) = asked else {
        return if out == Path::new("-") { Ok(Format::Jsonl) } else { of_ending };
    };
    let asked: Format = asked.parse()?;
    if of_ending.is_ok_and(|of_ending| of_ending != asked && asked.has_columns()) {
        out::say(&format!("{} is written as {}, whatever its ending says.", out.display(), asked.name()));
    }
    Ok(asked)
}

/// A reader that closes standard output, as `head` does, has what it wanted.
fn closed(error: WorkbenchError) -> CliError {
    match error {
        WorkbenchError::Export(ExportError::NoOutput(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            CliError::Closed
        }
        error => error.into(),
    }
}
