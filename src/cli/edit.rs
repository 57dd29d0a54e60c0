//! `edit`: changes fields of one row.

use super::args::EditArgs;
use super::{CliError, Context, out};
use crate::domain::Change;
use crate::engine::clock;
use crate::workbench::{WorkbenchError, edited_fields, find_rows};

/// Edits a row.
pub(super) fn run(context: &Context, args: &EditArgs) -> Result<(), CliError> {
    let set: Vec<(String, String)> =
        args.set.iter().map(|pair| assignment(pair)).collect::<Result<_, _>>()?;
    let mut bench = context.open(&args.session)?;
    let rows = find_rows(bench.projection(), [&args.id])?;
    let row = rows.first().and_then(|number| bench.projection().row(number));
    let Some(row) = row else { return Err(WorkbenchError::NoRow(args.id.clone()).into()) };
    let fields = edited_fields(&bench.session().schema, &row, &set).map_err(WorkbenchError::from)?;
    let id = row.id();
    // Fields equal to the original ones take the edit back.
    let fields = (fields != row.original_fields()).then_some(fields);
    let operation = bench.next_operation();
    let decided = bench.change(operation, clock::now(), &rows, Change::Edit { fields }, false)?;
    bench.commit()?;
    out::say(&match decided.rows {
        0 => format!("Row {id} says this already; nothing was changed."),
        _ => format!("Row {id} edited; the original is kept."),
    });
    Ok(())
}

fn assignment(pair: &str) -> Result<(String, String), CliError> {
    let (name, value) = pair
        .split_once('=')
        .ok_or_else(|| CliError::Usage(format!("`--set {pair}` names no field; write --set FIELD=VALUE.")))?;
    Ok((name.trim().to_owned(), value.to_owned()))
}
