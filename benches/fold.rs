//! Measures a million facts: the time to fold them, the memory of the result, and finding rows in
//! it.

#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]

#[path = "support/facts.rs"]
mod facts;
#[path = "support/figures.rs"]
mod figures;
#[path = "support/process.rs"]
mod process;

use std::time::{Duration, Instant};

use facts::{ROWS_PER_REQUEST, Sampling};
use rowsmith::api::{Fact, Projection, VersionId};
use rowsmith::api::{Filter, Sort, view};

const MILLION: u32 = 1_000_000;
/// Facts are made and dropped in batches, outside the measured time.
const BATCH: usize = 10_000;

fn main() {
    let sampling = Sampling {
        version: VersionId::from_digest([7; 8]),
        operation: 1,
        real: (0..700).map(|row| row.to_string()).collect(),
    };
    let mixes: [(&str, Mix<'_>); 3] = [
        ("500,000 rows and 500,000 decisions", &|| Box::new(rows_and_decisions(&sampling))),
        ("requests of five rows, all decided", &|| Box::new(requests_and_decisions(&sampling))),
        ("1,000,000 rows", &|| Box::new(rows(&sampling))),
    ];
    figures::heading("folding 1,000,000 facts");
    // All results are kept, so that none reuses memory that another one has freed.
    let mut kept: Vec<_> = mixes.iter().map(|(_, facts)| Folded::of(facts())).collect();
    for ((label, facts), folded) in mixes.iter().zip(&kept) {
        let again = (0..2).map(|_| Folded::of(facts()).took);
        let times: Vec<_> = std::iter::once(folded.took).chain(again).collect();
        figures::times(label, &times, &[1000.0]);
        figures::figure(&format!("{label}: memory"), folded.megabytes, "MB", 300.0);
    }
    let rows = kept.pop().unwrap().projection;

    figures::heading("finding rows among 1,000,000");
    for filter in ["state:pending", "state:accepted", "text~broadband"] {
        let filter_for = Filter::parse(filter).unwrap();
        let most: &[f64] = if filter.starts_with("state") { &[50.0] } else { &[] };
        let found: Vec<_> = (0..20)
            .map(|_| {
                let began = Instant::now();
                std::hint::black_box(view(&rows, &filter_for, &Sort::default()));
                began.elapsed()
            })
            .collect();
        figures::times(filter, &found, most);
    }
}

type Mix<'a> = &'a dyn Fn() -> Box<dyn Iterator<Item = Fact> + 'a>;

/// The result of folding facts, with its cost.
struct Folded {
    projection: Projection,
    took: Duration,
    megabytes: f64,
}

impl Folded {
    fn of(facts: impl Iterator<Item = Fact>) -> Self {
        let mut facts = facts.take(MILLION as usize);
        let mut batch: Vec<Fact> = facts.by_ref().take(BATCH).collect();
        let mut projection = Projection::default();
        let mut took = Duration::ZERO;
        let before = process::resident_mb("self");
        while !batch.is_empty() {
            let began = Instant::now();
            for fact in &batch {
                std::hint::black_box(projection.apply(fact));
            }
            took += began.elapsed();
            batch.clear();
            batch.extend(facts.by_ref().take(BATCH));
        }
        Self { projection, took, megabytes: process::resident_mb("self") - before }
    }
}

fn begun(sampling: &Sampling) -> impl Iterator<Item = Fact> {
    let [request, ..] = sampling.exchange(0, 0..0);
    [sampling.began(MILLION), request].into_iter()
}

fn one(sampling: &Sampling, row: u32) -> Fact {
    sampling.sampled(0, row..row + 1)
}

fn rows(sampling: &Sampling) -> impl Iterator<Item = Fact> {
    begun(sampling).chain((0..MILLION).map(|row| one(sampling, row)))
}

fn rows_and_decisions(sampling: &Sampling) -> impl Iterator<Item = Fact> {
    let rows = (0..MILLION / 2).map(|row| one(sampling, row));
    begun(sampling).chain(rows).chain((0..MILLION / 2).map(|row| sampling.decision(row)))
}

/// Returns facts in the proportions of a real journal: eight for five rows, decisions included.
fn requests_and_decisions(sampling: &Sampling) -> impl Iterator<Item = Fact> {
    let requests = (0..MILLION / 8).flat_map(|request| {
        let rows = request * ROWS_PER_REQUEST..(request + 1) * ROWS_PER_REQUEST;
        sampling.exchange(request, rows)
    });
    let decisions = (0..MILLION).map(|row| sampling.decision(row));
    std::iter::once(sampling.began(MILLION)).chain(requests).chain(decisions)
}
