//! `undo` and `redo`: each step is an operation of its own, and so is the way to an operation with `--to`.

use super::args::StepsArgs;
use super::{CliError, Context, out};
use crate::domain::{Decided, OperationId, Steps, Timeline};
use crate::engine::clock;
use crate::text::counted;
use crate::workbench::{Workbench, WorkbenchError};

/// Undoes the last operations.
pub(super) fn undo(context: &Context, args: &StepsArgs) -> Result<(), CliError> {
    if let Some(target) = args.to {
        return jump(context, args, OperationId(target), "undo");
    }
    walk(context, args, "undo", |bench| bench.undo(bench.next_operation(), clock::now()))
}

/// Does undone operations again.
pub(super) fn redo(context: &Context, args: &StepsArgs) -> Result<(), CliError> {
    if let Some(target) = args.to {
        return jump(context, args, OperationId(target), "redo");
    }
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

/// Brings the state just after an operation back, where that is a way back, or a way forth for `redo`.
fn jump(context: &Context, args: &StepsArgs, target: OperationId, verb: &str) -> Result<(), CliError> {
    let mut bench = context.open(&args.session)?;
    let shown = bench.projection();
    let place = shown.place_of(target).ok_or(WorkbenchError::NoOperation(target))?;
    let steps = Timeline::of(shown).steps_to(place);
    let (number, other) = (target.0, if verb == "undo" { "redo" } else { "undo" });
    match steps {
        Steps { back: 0, again: 0 } => {
            let said =
                format!("The rows are as they were just after operation {number}; nothing was changed.");
            return Err(CliError::Failed(said));
        }
        // Where both are needed, either word says half of it.
        Steps { back: 0, .. } if verb == "undo" => return Err(wrong_way(number, verb, other)),
        Steps { again: 0, .. } if verb == "redo" => return Err(wrong_way(number, verb, other)),
        _ => {}
    }
    let decided = bench.jump(target, bench.next_operation(), clock::now())?;
    bench.commit()?;
    let rows = decided.map_or(0, |decided| decided.rows);
    out::say(&format!(
        "{verb}: {} to operation {number}, {} changed",
        said(steps),
        counted(rows as u64, "row")
    ));
    Ok(())
}

fn wrong_way(number: u64, verb: &str, other: &str) -> CliError {
    let what = if verb == "undo" { "is not in effect" } else { "has nothing undone before it" };
    CliError::Failed(format!("Operation {number} {what}: `{other} --to {number}` goes there."))
}

/// Returns `7 steps back`, `2 steps again`, or both.
fn said(Steps { back, again }: Steps) -> String {
    let of = |steps: u32, way: &str| (steps > 0).then(|| format!("{} {way}", counted(steps.into(), "step")));
    let parts: Vec<_> = [of(back, "back"), of(again, "again")].into_iter().flatten().collect();
    parts.join(" and ")
}
