//! `rows`: the rows in order of arrival.

use std::ops::Range;
use std::path::Path;

use super::args::RowsArgs;
use super::{CliError, Context, Out, out};
use crate::config::SessionScreen;
use crate::curate::{
    Filter, Sort, VariableNames, no_such_view, parse_view, refused_while_blind, unknown_label, unknown_names,
    view,
};
use crate::dataset::Dataset;
use crate::domain::{FlagKind, Projection, RowNumber, RowView};
use crate::export::RowJson;
use crate::workbench::{ReadBench, WorkbenchError};

/// Lists the rows.
pub(super) fn run(context: &Context, args: &RowsArgs, out: &mut Out) -> Result<(), CliError> {
    let text = match &args.view {
        Some(name) => saved_view(&context.locate(&args.session)?.store, name)?,
        None => args.filter.clone().unwrap_or_default(),
    };
    let bench = match first_rows(context, args, &text)? {
        Some(bench) => bench,
        None => context.read(&args.session)?,
    };
    let projection = bench.projection();
    let (filter, sort) = parse_view(&text, &VariableNames::of(projection)).map_err(WorkbenchError::from)?;
    if let Some(why) = refused_while_blind(&filter, sort, projection) {
        return Err(CliError::Usage(why));
    }
    let mut found = found(projection, &filter, sort).peekable();
    if found.peek().is_none() {
        // Only a remark: without the dataset, labels get none.
        let dataset = filter.labels().next().and_then(|_| bench.dataset().ok());
        say_unknown(&filter, projection, dataset.as_ref().map(Dataset::labels));
    }
    for row in found.take(args.limit.unwrap_or(usize::MAX)) {
        if args.json {
            out.json(&RowJson::of(&row, &bench.session().name))?;
        } else {
            out.line(&line(&row))?;
        }
    }
    projection.trouble().map_or(Ok(()), |trouble| Err(CliError::Failed(trouble)))
}

/// Reads no more rows than it takes to find as many as were asked for; `None` where all must be read.
fn first_rows(context: &Context, args: &RowsArgs, text: &str) -> Result<Option<ReadBench>, CliError> {
    let Some(limit) = args.limit else { return Ok(None) };
    let mut found = 0;
    let is_enough = |projection: &Projection, rows: Range<u32>| {
        let parsed = parse_view(text, &VariableNames::of(projection));
        // What has to be counted or ordered needs all rows, and so does a sentence about what is wrong.
        let Some((filter, _)) = parsed.ok().filter(|(filter, sort)| sort.is_none() && !filter.needs_counts())
        else {
            return false;
        };
        let matcher = filter.on(projection);
        found +=
            rows.filter_map(|row| projection.row(RowNumber(row))).filter(|row| matcher.matches(row)).count();
        found >= limit
    };
    let bench = ReadBench::open_until(&context.locate(&args.session)?, is_enough)?;
    Ok(bench.map(|bench| context.told(bench)))
}

/// Returns the filter and the order of a saved view.
fn saved_view(store: &Path, name: &str) -> Result<String, CliError> {
    let mut views = SessionScreen::load(store).views;
    views.remove(name).ok_or_else(|| CliError::Usage(no_such_view(name, &views)))
}

/// Returns the rows that match. In order of arrival they are found one by one, as they are printed; another order needs
/// all of them first.
fn found<'a>(
    projection: &'a Projection,
    filter: &'a Filter,
    sort: Option<Sort>,
) -> Box<dyn Iterator<Item = RowView<'a>> + 'a> {
    match sort {
        Some(sort) if sort != Sort::default() => {
            let numbers = view(projection, filter, &sort);
            let rows = (0..numbers.len()).filter_map(move |place| projection.row(RowNumber(numbers[place])));
            Box::new(rows)
        }
        _ => {
            let matcher = filter.on(projection);
            Box::new(projection.rows().filter(move |row| matcher.matches(row)))
        }
    }
}

/// Says on standard error what a filter asks for and there is not: a label that neither the dataset nor a row has, a
/// version, a run, an operation or a tag.
pub(super) fn say_unknown(filter: &Filter, projection: &Projection, real: Option<&[String]>) {
    let label = real.and_then(|real| {
        let known: Vec<&str> = real.iter().chain(projection.labels()).map(String::as_str).collect();
        unknown_label(filter, &known)
    });
    label.into_iter().chain(unknown_names(filter, projection)).for_each(|unknown| out::say(&unknown));
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
