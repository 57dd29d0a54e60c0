//! `facets`: what the rows that match a filter are like, with counts.

use serde::Serialize;

use super::args::FacetsArgs;
use super::{CliError, Context, Out};
use crate::curate::Facet;
use crate::curate::facets::facets;
use crate::text::{SafeText, thousands, width};
use crate::workbench::read_filter;

/// The counts, as `facets --json` prints them.
#[derive(Serialize)]
struct FacetsJson<'a> {
    rows: u64,
    facets: Vec<FacetJson<'a>>,
}

#[derive(Serialize)]
struct FacetJson<'a> {
    facet: &'a str,
    values: Vec<ValueJson<'a>>,
}

#[derive(Serialize)]
struct ValueJson<'a> {
    value: &'a str,
    rows: u64,
    filter: &'a str,
}

/// Prints the counts.
pub(super) fn run(context: &Context, args: &FacetsArgs, out: &mut Out) -> Result<(), CliError> {
    let bench = context.read(&args.session)?;
    let filter = read_filter(bench.projection(), args.filter.as_deref().unwrap_or_default())?;
    let counted = facets(bench.projection(), &filter);
    if args.json {
        return out.json(&FacetsJson { rows: counted.rows, facets: counted.all.iter().map(json).collect() });
    }
    let rows = counted.all.iter().flat_map(|facet| &facet.values).map(|value| thousands(value.rows).len());
    let digits = rows.max().unwrap_or(0);
    let names = counted.all.iter().map(|facet| width(SafeText::new(facet.kind.name()).as_str()));
    let wide = names.max().unwrap_or(0);
    for facet in &counted.all {
        let name = SafeText::new(facet.kind.name());
        for (place, value) in facet.values.iter().enumerate() {
            let name = if place == 0 { name.as_str() } else { "" };
            let blank = " ".repeat(wide - width(name));
            let value_said = SafeText::new(&value.value);
            out.line(&format!("{name}{blank}  {:>digits$}  {}", thousands(value.rows), value_said.as_str()))?;
        }
    }
    Ok(())
}

fn json(facet: &Facet) -> FacetJson<'_> {
    let values = facet.values.iter();
    let values = values.map(|of| ValueJson { value: &of.value, rows: of.rows, filter: &of.clause });
    FacetJson { facet: facet.kind.name(), values: values.collect() }
}
