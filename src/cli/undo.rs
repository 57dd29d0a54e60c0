//! `undo` and `redo`: each step is an operation of its own.

use super::args::StepsArgs;
use super::{CliError, Context, out};
use crate::domain::Decided;
use crate::engine::clock;
use crate::workbench::Workbench;

/// Undoes the last operations.
pub(super) fn undo(context: &Context, args: &StepsArgs) -> Result<(), CliError> {
    walk(context, args, "undo", |bench| bench.undo(bench.next_operation(), clock::now()))
}

/// Does undone operations again.
pub(super) fn redo(context: &Context, args: &StepsArgs) -> Result<(), CliError> {
    walk(context, args, "redo", |bench| bench.redo(bench.next_operation(), clock::now()))
}

fn walk(
    context: &Context,
    args: &StepsArgs,
    verb: &str,
    step: impl Fn(&mut Workbench) -> Option<Decided>,
) -> Result<(), CliError> {
    let mut bench = context.open(&args.session)?;
    let mut walked = 0;
    for _ in 0..args.steps {
        let Some(decided) = step(&mut bench) else { break };
        walked += 1;
        let what = decided.what.map_or("", |what| what.name());
        let noun = if decided.rows == 1 { "row" } else { "rows" };
        out::say(&format!("{verb}: {what} of {} {noun}", decided.rows));
    }
    bench.commit()?;
    if walked == 0 {
        return Err(CliError::Failed(format!("There is nothing to {verb}.")));
    }
    Ok(())
}
