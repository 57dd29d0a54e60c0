//! `coverage`: how many rows each pair of values of two variables has.

use std::collections::BTreeMap;

use serde::Serialize;

use super::args::CoverageArgs;
use super::{CliError, Context, Out};
use crate::curate::coverage::{CoverageCell, CoverageMap};
use crate::text::width;
use crate::workbench::coverage_of;

/// A map, as `coverage --json` prints it.
#[derive(Serialize)]
struct CoverageJson<'a> {
    down: &'a str,
    across: Option<&'a str>,
    holes: usize,
    elsewhere: u32,
    cells: Vec<CellJson>,
}

#[derive(Serialize)]
struct CellJson {
    variables: BTreeMap<String, String>,
    accepted: u32,
    pending: u32,
    rejected: u32,
    possible: bool,
}

/// Prints the map.
pub(super) fn run(context: &Context, args: &CoverageArgs, out: &mut Out) -> Result<(), CliError> {
    let bench = context.read(&args.session)?;
    let chosen = (args.down.as_deref(), args.across.as_deref());
    let map = coverage_of(bench.projection(), bench.session(), args.prompt.as_deref(), chosen)?;
    if args.json {
        let places =
            (0..map.lines.len()).flat_map(|line| (0..map.columns.len()).map(move |column| (line, column)));
        let of_cell = |(line, column)| {
            let CoverageCell { accepted, pending, rejected, is_possible, .. } = map.cell(line, column);
            let variables = map.values_of(line, column);
            CellJson { variables, accepted, pending, rejected, possible: is_possible }
        };
        return out.json(&CoverageJson {
            down: &map.down,
            across: map.across.as_deref(),
            holes: map.holes(),
            elsewhere: map.elsewhere,
            cells: places.map(of_cell).collect(),
        });
    }
    lines(&map).iter().try_for_each(|line| out.line(line))
}

/// Returns the map as a table of accepted and pending rows.
fn lines(map: &CoverageMap) -> Vec<String> {
    let shown = |value: &str| if value.is_empty() { "–".to_owned() } else { value.to_owned() };
    let heading = match &map.across {
        Some(across) => format!("{} \\ {across}", map.down),
        None => map.down.clone(),
    };
    let columns =
        map.columns.iter().map(|column| if map.across.is_none() { "rows".to_owned() } else { shown(column) });
    let mut table = vec![std::iter::once(heading).chain(columns).collect::<Vec<_>>()];
    for (place, line) in map.lines.iter().enumerate() {
        let cells = (0..map.columns.len()).map(|column| said(map.cell(place, column)));
        table.push(std::iter::once(shown(line)).chain(cells).collect());
    }
    let widths: Vec<usize> = (0..table[0].len())
        .map(|column| table.iter().map(|line| width(&line[column])).max().unwrap_or(0))
        .collect();
    let padded = |line: &Vec<String>| {
        let cells =
            line.iter().zip(&widths).map(|(cell, wide)| format!("{cell}{}", " ".repeat(wide - width(cell))));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines: Vec<String> = table.iter().map(padded).collect();
    let holes = match map.holes() {
        1 => "1 hole".to_owned(),
        holes => format!("{holes} holes"),
    };
    lines.push(format!("{holes} · accepted + pending rows"));
    if map.elsewhere > 0 {
        lines.push(format!("{} more rows have other values, or none.", map.elsewhere));
    }
    lines
}

fn said(cell: CoverageCell) -> String {
    match cell {
        CoverageCell { is_possible: false, .. } if cell.have() == 0 => "–".to_owned(),
        CoverageCell { accepted, pending: 0, .. } => accepted.to_string(),
        CoverageCell { accepted, pending, .. } => format!("{accepted} + {pending}"),
    }
}
