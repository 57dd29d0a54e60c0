//! `rows`: the rows in order of arrival.

use super::args::RowsArgs;
use super::{CliError, Context, Out, out};
use crate::curate::{Filter, refused_while_blind, unknown_label};
use crate::domain::{FlagKind, Projection, RowView};
use crate::export::RowJson;
use crate::workbench::WorkbenchError;

/// Lists the rows.
pub(super) fn run(context: &Context, args: &RowsArgs, out: &mut Out) -> Result<(), CliError> {
    let filter = Filter::parse(args.filter.as_deref().unwrap_or_default()).map_err(WorkbenchError::from)?;
    let bench = context.read(&args.session)?;
    if let Some(why) = refused_while_blind(&filter, None, bench.projection()) {
        return Err(CliError::Usage(why));
    }
    let matcher = filter.on(bench.projection());
    let mut found = bench.projection().rows().filter(|row| matcher.matches(row)).peekable();
    if found.peek().is_none() && filter.labels().next().is_some() {
        // Only a remark: without the dataset there is none.
        if let Ok(dataset) = bench.dataset() {
            say_unknown_label(&filter, bench.projection(), dataset.labels());
        }
    }
    for row in found.take(args.limit.unwrap_or(usize::MAX)) {
        if args.json {
            out.json(&RowJson::of(&row, &bench.session().name))?;
        } else {
            out.line(&line(&row))?;
        }
    }
    Ok(())
}

/// Says on standard error that a filter asks for a label that neither the dataset nor a row has.
pub(super) fn say_unknown_label(filter: &Filter, projection: &Projection, real: &[String]) {
    let known: Vec<&str> = real.iter().chain(projection.labels()).map(String::as_str).collect();
    unknown_label(filter, &known).iter().for_each(|unknown| out::say(unknown));
}

fn line(row: &RowView<'_>) -> String {
    let stars = row.state().rating().map_or(0, |rating| usize::from(rating.stars()));
    let flags: Vec<_> = row.flag_kinds().map(FlagKind::name).collect();
    // An imported row has the version that its file names, if it names one.
    let version = row.shown_version().map(|version| version.number).or_else(|| row.origin()?.version);
    let version = version.map_or_else(|| "–".to_owned(), |version| format!("v{version}"));
    let flags = if flags.is_empty() { String::new() } else { format!("  [{}]", flags.join(" ")) };
    let state = row.state().kind().name();
    format!("{}  {state:<8}  {:<5}  {version:<4}  {}{flags}", row.id(), "★".repeat(stars), row.text())
}
