//! `accept`, `reject`, `skip`, `label` and `tag`: each call is one operation, whatever the present state of its
//! rows.

use std::io::{self, BufRead};

use super::args::{AcceptArgs, DecideArgs, LabelRowsArgs, TagArgs, Which};
use super::rows::say_unknown;
use super::{CliError, Context, out};
use crate::curate::{Filter, VariableNames};
use crate::domain::{Change, Decided, Projection, Rating, RowSet};
use crate::engine::clock;
use crate::workbench::{WorkbenchError, find_rows, matching_rows};

/// Accepts rows.
pub(super) fn accept(context: &Context, args: &AcceptArgs) -> Result<(), CliError> {
    let rating = args.rating.map(Rating::try_from).transpose();
    let rating = rating.map_err(|error| CliError::Usage(format!("{error}.")))?;
    let tags = args.rows.tags.clone();
    decide(context, &args.rows.which, Change::Accept { rating, tags }, "accepted")
}

/// Rejects rows.
pub(super) fn reject(context: &Context, args: &DecideArgs) -> Result<(), CliError> {
    let tags = args.rows.tags.clone();
    decide(context, &args.rows.which, Change::Reject { reason: args.reason.clone(), tags }, "rejected")
}

/// Skips rows.
pub(super) fn skip(context: &Context, args: &DecideArgs) -> Result<(), CliError> {
    let tags = args.rows.tags.clone();
    decide(context, &args.rows.which, Change::Skip { reason: args.reason.clone(), tags }, "skipped")
}

/// Gives rows a label.
pub(super) fn label(context: &Context, args: &LabelRowsArgs) -> Result<(), CliError> {
    let label = args.label.clone();
    let done = format!("labelled `{label}`");
    decide(context, &args.rows, Change::Relabel { label }, &done)
}

/// Adds tags to rows, and takes others away.
pub(super) fn tag(context: &Context, args: &TagArgs) -> Result<(), CliError> {
    let (add, remove) = (args.add.clone(), args.remove.clone());
    decide(context, &args.rows, Change::Retag { add, remove }, "tagged so")
}

fn decide(context: &Context, selection: &Which, change: Change, done: &str) -> Result<(), CliError> {
    let ids = read_ids(selection)?;
    let mut bench = context.open(&selection.session)?;
    let rows = select(bench.projection(), selection, &ids)?;
    if rows.is_empty() {
        out::say("No row matches; nothing was changed.");
        let names = VariableNames::of(bench.projection());
        let filter = Filter::parse_with(selection.filter.as_deref().unwrap_or_default(), &names);
        let filter = filter.map_err(WorkbenchError::from)?;
        say_unknown(&filter, bench.projection(), Some(bench.dataset().labels()));
        return Ok(());
    }
    let going = bench.projection().laboratory().going().map(|trial| trial.number);
    let operation = bench.next_operation();
    let decided = bench.change(operation, clock::now(), &rows, change, is_bulk(selection))?;
    bench.commit()?;
    out::say(&said(decided, done));
    if going.is_some() && bench.projection().laboratory().going().is_none() {
        let session = &selection.session;
        out::say(&format!(
            "The race has ended with this decision; `rowsmith race status {session}` says how."
        ));
    }
    Ok(())
}

/// Returns a sentence about what was decided, and what was so already.
fn said(decided: Decided, done: &str) -> String {
    let rows = |count: usize| format!("{count} {}", if count == 1 { "row" } else { "rows" });
    match (decided.rows, decided.same) {
        (0, 1) => format!("The row is {done} already; nothing was changed."),
        (0, same) => format!("All {} are {done} already; nothing was changed.", rows(same)),
        (now, 0) => format!("{} {done}.", rows(now)),
        (now, same) => {
            let were = if same == 1 { "was" } else { "were" };
            format!("{} {done}; {same} {were} {done} already and did not change.", rows(now))
        }
    }
}

/// Returns whether the rows were not named one by one: only one id, written out, names a row by itself.
fn is_bulk(selection: &Which) -> bool {
    !matches!(selection.ids.as_slice(), [id] if id != "-")
}

fn select(projection: &Projection, selection: &Which, ids: &[String]) -> Result<RowSet, WorkbenchError> {
    match &selection.filter {
        Some(filter) => matching_rows(projection, filter),
        None => find_rows(projection, ids),
    }
}

/// Returns the ids that were given, with `-` replaced by those of standard input.
fn read_ids(selection: &Which) -> Result<Vec<String>, CliError> {
    let mut ids = Vec::new();
    for id in &selection.ids {
        if id != "-" {
            ids.push(id.clone());
            continue;
        }
        for line in io::stdin().lock().lines() {
            let line = line.map_err(|error| {
                CliError::Failed(format!("Standard input cannot be read: {error}. Give ids, one a line."))
            })?;
            ids.extend(line.split_whitespace().map(ToOwned::to_owned));
        }
    }
    Ok(ids)
}
