//! `rows`: the rows in order of arrival.

use super::args::RowsArgs;
use super::{CliError, Context, Out};
use crate::curate::Filter;
use crate::domain::RowView;
use crate::export::RowJson;
use crate::workbench::WorkbenchError;

/// Lists the rows.
pub(super) fn run(context: &Context, args: &RowsArgs, out: &mut Out) -> Result<(), CliError> {
    let filter = Filter::parse(args.filter.as_deref().unwrap_or_default()).map_err(WorkbenchError::from)?;
    let bench = context.read(&args.session)?;
    let matcher = filter.on(bench.projection());
    let found = bench.projection().rows().filter(|row| matcher.matches(row));
    for row in found.take(args.limit.unwrap_or(usize::MAX)) {
        if args.json {
            out.json(&RowJson::of(&row, &bench.session().name))?;
        } else {
            out.line(&line(&row))?;
        }
    }
    Ok(())
}

fn line(row: &RowView<'_>) -> String {
    let stars = row.state().rating().map_or(0, |rating| usize::from(rating.stars()));
    let flags: Vec<_> = row.flags().map(|flag| flag.kind.name()).collect();
    let version = row.version().map_or(0, |version| version.number);
    let flags = if flags.is_empty() { String::new() } else { format!("  [{}]", flags.join(" ")) };
    let state = row.state().kind().name();
    format!("{}  {state:<8}  {:<5}  v{version:<3}  {}{flags}", row.id(), "★".repeat(stars), row.text())
}
