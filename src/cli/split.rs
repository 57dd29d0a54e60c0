//! `split`: the part of every real row.

use serde::Serialize;

use super::args::ListArgs;
use super::{CliError, Context, Out};

/// A real row and its part, as `split --json` prints it.
#[derive(Serialize)]
struct RowJson<'a> {
    id: &'a str,
    label: &'a str,
    part: &'static str,
}

/// Lists the real rows in the order of their file.
pub(super) fn run(context: &Context, args: &ListArgs, out: &mut Out) -> Result<(), CliError> {
    let dataset = context.read(&args.session)?.dataset()?;
    for row in dataset.all_rows() {
        let (id, label, part) = (&row.id, row.label, row.part.name());
        if args.json {
            out.json(&RowJson { id, label, part })?;
        } else {
            out.line(&format!("{id}  {part:<9}  {label}"))?;
        }
    }
    Ok(())
}
