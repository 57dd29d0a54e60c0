//! `duplicates`: groups of rows that are equal or nearly equal; keeps the best of each where it is asked to.

use serde::Serialize;

use super::args::DuplicatesArgs;
use super::{CliError, Context, Out, out};
use crate::curate::duplicates::{Group, Merge, best_of, groups, no_group};
use crate::domain::{Projection, RowView};
use crate::engine::clock;
use crate::export::RowJson;
use crate::text::counted;
use crate::workbench::read_filter;

/// A group, as `duplicates --json` prints it.
#[derive(Serialize)]
struct GroupJson {
    /// The id of the row that is kept.
    best: Option<String>,
    rows: Vec<RowJson>,
}

/// Lists the groups, or merges them.
pub(super) fn run(context: &Context, args: &DuplicatesArgs, out: &mut Out) -> Result<(), CliError> {
    if args.merge {
        return merge(context, args);
    }
    let bench = context.read(&args.session)?;
    let projection = bench.projection();
    let groups = found(projection, args)?;
    for (place, group) in groups.iter().enumerate() {
        let rows = group.iter().filter_map(|row| projection.row(*row));
        let best = best_of(projection, group);
        if args.json {
            let rows = rows.map(|row| RowJson::of(&row, &bench.session().name)).collect();
            let best = best.and_then(|best| projection.id(best)).map(|id| id.to_string());
            out.json(&GroupJson { best, rows })?;
        } else {
            out.line(&format!("Group {}, {}", place + 1, counted(group.len() as u64, "row")))?;
            for row in rows {
                out.line(&line(&row, best == Some(row.number())))?;
            }
        }
    }
    let Merge { rejected, accepted, groups } = Merge::keeping_best(projection, &groups);
    out::say(&match rejected.len() {
        0 => nothing(projection, args).to_owned(),
        rows => format!(
            "{}. `--merge` keeps the best row of each and rejects {}{}.",
            counted(groups as u64, "group"),
            counted(rows as u64, "row"),
            of_accepted(accepted)
        ),
    });
    Ok(())
}

/// Keeps the best row of each group, as one operation.
fn merge(context: &Context, args: &DuplicatesArgs) -> Result<(), CliError> {
    let mut bench = context.open(&args.session)?;
    let groups = found(bench.projection(), args)?;
    let Merge { rejected, accepted, groups } = Merge::keeping_best(bench.projection(), &groups);
    if rejected.is_empty() {
        out::say(&format!("{} Nothing was changed.", nothing(bench.projection(), args)));
        return Ok(());
    }
    let operation = bench.next_operation();
    let decided = bench.change(operation, clock::now(), &rejected, Merge::change(), true)?;
    bench.commit()?;
    out::say(&format!(
        "{} rejected, the best of {} kept{}.",
        counted(decided.rows as u64, "row"),
        counted(groups as u64, "group"),
        of_accepted(accepted)
    ));
    Ok(())
}

/// Returns the sentence that is said where there is no group among the rows that were asked for.
fn nothing(projection: &Projection, args: &DuplicatesArgs) -> &'static str {
    match args.filter {
        Some(_) => "No two rows that match and are not rejected are flagged as equal or nearly equal.",
        None => no_group(projection),
    }
}

fn of_accepted(accepted: usize) -> String {
    match accepted {
        0 => String::new(),
        1 => "; 1 of the rejected ones was accepted".to_owned(),
        accepted => format!("; {accepted} of the rejected ones were accepted"),
    }
}

fn found(projection: &Projection, args: &DuplicatesArgs) -> Result<Vec<Group>, CliError> {
    let filter = read_filter(projection, args.filter.as_deref().unwrap_or_default())?;
    let matcher = filter.on(projection);
    Ok(groups(projection, |row| matcher.matches(&row)))
}

fn line(row: &RowView<'_>, is_best: bool) -> String {
    let mark = if is_best { "keep" } else { "" };
    let stars = row.state().rating().map_or(0, |rating| usize::from(rating.stars()));
    let state = row.state().kind().name();
    format!("  {mark:<4}  {}  {state:<8}  {:<5}  {}", row.id(), "★".repeat(stars), row.text())
}
