//! `plan`: which combination of variables gets how many of the next rows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::args::PlanArgs;
use super::generator::overrides;
use super::{CliError, Context, Out};
use crate::config::{UserConfig, resolve};
use crate::curate::plan::{PlanLine, PlanTable};
use crate::text::width;
use crate::workbench::{PlanQuestion, WorkbenchError, plan_of};

/// A plan, as `plan --json` prints it.
#[derive(Serialize)]
struct PlanJson<'a> {
    plan: &'static str,
    set: &'a BTreeMap<String, String>,
    rows: u32,
    requests: u32,
    combinations: Vec<LineJson<'a>>,
}

#[derive(Serialize)]
struct LineJson<'a> {
    variables: &'a BTreeMap<String, String>,
    share: f64,
    have: u32,
    rows: u32,
    requests: u32,
}

/// Prints the plan of the next run; nothing is sampled.
pub(super) fn run(
    context: &Context,
    config: &UserConfig,
    args: &PlanArgs,
    out: &mut Out,
) -> Result<(), CliError> {
    let flags = overrides(&args.generator)?;
    let bench = context.read(&args.session)?;
    let session = bench.session();
    let settings = resolve(&session.generator, args.generator.profile.as_deref(), config, &flags)
        .map_err(WorkbenchError::from)?;
    let asked = PlanQuestion {
        rows: args.rows,
        rows_per_request: settings.rows_per_request,
        order: args.spread.order()?,
        seed: args.seed,
    };
    let table = plan_of(bench.projection(), session, args.prompt.as_deref(), &asked)?;
    if args.json {
        return out.json(&PlanJson {
            plan: table.order.mode.name(),
            set: &table.order.set,
            rows: table.rows,
            requests: table.requests,
            combinations: table.lines.iter().map(of_line).collect(),
        });
    }
    lines(&table).iter().try_for_each(|line| out.line(line))
}

fn of_line(line: &PlanLine) -> LineJson<'_> {
    let PlanLine { variables, share, have, rows, requests } = line;
    LineJson { variables, share: *share, have: *have, rows: *rows, requests: *requests }
}

/// Returns the plan as a table; where a variable does not count, it says `–`.
fn lines(table: &PlanTable) -> Vec<String> {
    let names: Vec<&String> =
        table.lines.first().map(|line| line.variables.keys().collect()).unwrap_or_default();
    let shown = |value: &str| if value.is_empty() { "–".to_owned() } else { value.to_owned() };
    let mut cells = vec![names.iter().map(|name| (*name).clone()).collect::<Vec<_>>()];
    cells.extend(table.lines.iter().map(|line| line.variables.values().map(|value| shown(value)).collect()));
    let widths: Vec<usize> = (0..names.len())
        .map(|column| cells.iter().map(|line| width(&line[column])).max().unwrap_or(0))
        .collect();
    let written = |line: &[String]| {
        let padded =
            line.iter().zip(&widths).map(|(cell, wide)| format!("{cell}{}", " ".repeat(wide - width(cell))));
        padded.collect::<Vec<_>>().join("  ")
    };
    let mut lines = vec![format!("{}  have  rows", written(&cells[0])).trim_start().to_owned()];
    for (line, cells) in table.lines.iter().zip(&cells[1..]) {
        lines.push(format!("{}  {:>4}  {:>4}", written(cells), line.have, line.rows));
    }
    lines.push(format!("{} · plan {}", table.said(), table.order.mode.name()));
    lines
}
