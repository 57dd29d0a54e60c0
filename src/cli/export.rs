//! `export`: the accepted rows as a dataset.

use std::io;
use std::path::Path;

use super::args::ExportArgs;
use super::permission::{can_ask, is_yes};
use super::signals::HeldSignals;
use super::{CliError, Context, out};
use crate::dataset::Part;
use crate::domain::Existing;
use crate::export::{Destination, ExportError, Format};
use crate::workbench::{ExportOrder, Wanted, WorkbenchError};

/// Writes rows to a file or to standard output.
pub(super) fn run(context: &Context, args: ExportArgs) -> Result<(), CliError> {
    let format = format(args.format.as_deref(), &args.out).map_err(WorkbenchError::from)?;
    let wanted = match args.real.as_deref() {
        None if args.with_real => Wanted::AcceptedAndTrain,
        None => Wanted::Accepted,
        Some("train") => Wanted::Real(Part::Train),
        Some("test") => Wanted::Real(Part::Test),
        Some(part) => {
            return Err(CliError::Usage(format!(
                "`{part}` is no part of the real rows; there are train and test."
            )));
        }
    };
    let bench = context.read(&args.session)?;
    let name = if args.out == Path::new("-") {
        "standard output".to_owned()
    } else {
        args.out.display().to_string()
    };
    let mut order = ExportOrder {
        format,
        out: Destination::from(args.out),
        existing: if args.force { Existing::Replace } else { Existing::Keep },
        spared: context.global.config.iter().cloned().collect(),
        wanted,
        filter: args.filter,
        allow_contaminated: args.allow_contaminated,
    };
    let report = loop {
        // A signal would leave half a file beside the one that is written.
        let held = matches!(order.out, Destination::File(_)).then(HeldSignals::hold).transpose()?;
        let outcome = bench.export(&order);
        drop(held);
        match outcome {
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
    if wanted == Wanted::Real(Part::Test) {
        out::say(
            "These rows are held out for measuring: never train on them, and never show them to a model.",
        );
    }
    Ok(())
}

/// Returns the format that was asked for, else the one of the file's ending; JSON Lines on standard output.
fn format(asked: Option<&str>, out: &Path) -> Result<Format, ExportError> {
    let of_ending = Format::of(out);
    let Some(asked) = asked else {
        return if out == Path::new("-") { Ok(Format::Jsonl) } else { of_ending };
    };
    let asked: Format = asked.parse()?;
    if of_ending.is_ok_and(|of_ending| of_ending != asked) {
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
