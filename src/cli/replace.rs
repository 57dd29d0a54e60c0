//! `replace`: finds and replaces in the fields of rows, as one operation, or shows what that would change.

use serde::Serialize;

use super::args::ReplaceArgs;
use super::{CliError, Context, Out, out};
use crate::curate::Replacement;
use crate::domain::{Projection, RowSet, Schema};
use crate::engine::clock;
use crate::text::counted;
use crate::text::word_diff::{Of, WordDiff, WordLine};
use crate::workbench::matching_rows;

/// What was replaced.
#[derive(Debug, Serialize)]
struct ReplacedJson {
    operation: Option<u64>,
    rows: usize,
    refused: usize,
}

/// What a replacement would make of a row.
#[derive(Debug, Serialize)]
struct RowDiffJson<'a> {
    id: String,
    field: &'a str,
    before: String,
    after: String,
}

/// Replaces, or shows what would be.
pub(super) fn run(context: &Context, args: &ReplaceArgs, out: &mut Out) -> Result<(), CliError> {
    let filter = args.filter.as_deref().unwrap_or_default();
    if args.dry_run {
        let bench = context.read(&args.session)?;
        let replacement = replacement(args, &bench.session().schema)?;
        let rows = matching_rows(bench.projection(), filter)?;
        return show(&replacement, args.json, (bench.projection(), &bench.session().schema), &rows, out);
    }
    let mut bench = context.open(&args.session)?;
    let replacement = replacement(args, &bench.session().schema)?;
    let rows = matching_rows(bench.projection(), filter)?;
    let operation = bench.next_operation();
    let done = bench.replace(operation, clock::now(), &rows, &replacement);
    bench.commit()?;
    if args.json {
        let operation = (done.rows > 0).then_some(operation.0);
        out.json(&ReplacedJson { operation, rows: done.rows, refused: done.refused })?;
    }
    out::say(&match done.rows {
        0 => "Nothing was replaced.".to_owned(),
        rows => format!("Replaced in {}; the originals are kept.", counted(rows as u64, "row")),
    });
    say_refused(done.refused, done.why.as_deref());
    Ok(())
}

fn replacement(args: &ReplaceArgs, schema: &Schema) -> Result<Replacement, CliError> {
    Replacement::new(schema, &args.field, &args.find, &args.with, args.ignore_case)
        .map_err(|error| CliError::Usage(error.to_string()))
}

/// Prints what would change: words that go between `[-` and `-]`, words that come between `{+` and `+}`.
fn show(
    replacement: &Replacement,
    json: bool,
    (shown, schema): (&Projection, &Schema),
    rows: &RowSet,
    out: &mut Out,
) -> Result<(), CliError> {
    let found = replacement.find(shown, schema, rows, || false);
    for row in found.rows.iter() {
        let Some((before, after)) = replacement.values(shown, schema, row) else { continue };
        let id = shown.id(row).map(|id| id.to_string()).unwrap_or_default();
        if json {
            out.json(&RowDiffJson { id, field: replacement.field(), before, after })?;
            continue;
        }
        for (place, line) in WordDiff::of(&before, &after).lines.iter().enumerate() {
            let start = if place == 0 { id.as_str() } else { "" };
            out.line(&format!("{start:<width$}  {}", written(line), width = id.len()))?;
        }
    }
    let rows = counted(found.rows.len() as u64, "row");
    out::say(&format!("{rows} would change; nothing was changed."));
    say_refused(found.refused, found.why.as_deref());
    Ok(())
}

fn written(line: &WordLine) -> String {
    match line {
        WordLine::Gap => "…".to_owned(),
        WordLine::Pieces(pieces) => {
            let marked = |(of, text): &(Of, String)| {
                let (open, close) = of.marks();
                [open, text, close].concat()
            };
            pieces.iter().map(marked).collect()
        }
    }
}

fn say_refused(refused: usize, why: Option<&str>) {
    if let Some(why) = why.filter(|_| refused > 0) {
        let rest = if refused == 1 {
            "left as it is, since it would be no row any more"
        } else {
            "left as they are, since they would be no rows any more"
        };
        out::say(&format!("{} {rest}: {why}", counted(refused as u64, "row")));
    }
}
