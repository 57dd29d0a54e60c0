//! `export`: the accepted rows as a dataset.

use super::args::ExportArgs;
use super::{CliError, Context, out};
use crate::export::Format;
use crate::workbench::{ExportOrder, WorkbenchError};

/// Writes the accepted rows to a file.
pub(super) fn run(context: &Context, args: ExportArgs) -> Result<(), CliError> {
    let format: Format = args.format.parse().map_err(WorkbenchError::from)?;
    let bench = context.read(&args.session)?;
    let order = ExportOrder {
        format,
        out: args.out,
        filter: args.filter,
        with_real: args.with_real,
        allow_contaminated: args.allow_contaminated,
    };
    let report = bench.export(&order)?;
    out::say(&report.sentence(&order.out));
    Ok(())
}
