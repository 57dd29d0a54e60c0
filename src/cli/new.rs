//! `new`: a session for a dataset of the user.

use super::args::NewArgs;
use super::{CliError, Context, out};
use crate::engine::clock;
use crate::workbench::{NewOrder, Workbench, new_session};

/// Makes a session and its store, with the split and the first version.
pub(super) fn run(context: &Context, args: &NewArgs) -> Result<(), CliError> {
    let order = NewOrder {
        data: &args.data,
        text: &args.text,
        label: &args.label,
        target: &args.target,
        id: args.id.as_deref(),
        split: args.split.as_deref(),
        test_fraction: args.test_fraction,
        seed: args.seed,
    };
    let location = new_session(&args.dir, &order, context.global.store.as_deref())?;
    let bench = Workbench::open(&location, clock::now())?;
    let dataset = bench.dataset();
    let target = dataset.counts_of(&args.target).train;
    let report = dataset.report();
    out::say(&format!(
        "{} holds a session of {} real rows: {} train and {} test. {target} train rows are `{}`.",
        args.dir.display(),
        dataset.len(),
        report.train,
        report.test,
        args.target
    ));
    if report.set_aside > 0 {
        let rows = if report.set_aside == 1 { "row was" } else { "rows were" };
        let count = report.set_aside;
        out::say(&format!("{count} train {rows} set aside, because a test row has the same text."));
    }
    if dataset.left_out() > 0 {
        out::say(&format!("{} rows without a text were left out.", dataset.left_out()));
    }
    out::say(&format!("Open it with `rowsmith {}`.", args.dir.display()));
    Ok(())
}
