//! `log`: the operations, the oldest first.

use super::args::ListArgs;
use super::{CliError, Context, Out};
use crate::domain::{OperationKind, Timeline};
use crate::export::OperationJson;
use crate::text::time::rfc3339;

/// Lists the operations.
pub(super) fn run(context: &Context, args: &ListArgs, out: &mut Out) -> Result<(), CliError> {
    let bench = context.read(&args.session)?;
    let timeline = Timeline::of(bench.projection());
    for (place, operation) in bench.projection().operations().enumerate() {
        let in_effect = timeline.is_in_effect(place);
        if args.json {
            out.json(&OperationJson::of(operation, in_effect))?;
            continue;
        }
        let about = match operation.kind {
            OperationKind::Undo { target } | OperationKind::Redo { target } => format!(" of {}", target.0),
            OperationKind::Jump { target } => format!(" to {}", target.0),
            OperationKind::Sample { run } => {
                let batch = bench.projection().run(run).filter(|run| run.batch.is_some());
                format!(" run {run}{}", if batch.is_some() { " (a batch)" } else { "" })
            }
            _ => String::new(),
        };
        let standing = match operation.standing(in_effect) {
            "" => String::new(),
            standing => format!("  ({standing})"),
        };
        let rows = match operation.rows {
            0 => String::new(),
            1 => "  1 row".to_owned(),
            rows => format!("  {rows} rows"),
        };
        let (id, at, name) = (operation.id.0, rfc3339(operation.at.0), operation.kind.name());
        out.line(&format!("{id:>5}  {at}  {name}{about}{rows}{standing}"))?;
    }
    Ok(())
}
