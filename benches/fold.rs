//! Measures a million facts: the time to fold them, the memory of the result, and finding rows among as many and
//! among fewer.

#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]

#[path = "support/facts.rs"]
mod facts;
#[path = "support/figures.rs"]
mod figures;
#[path = "support/process.rs"]
mod process;

use std::time::{Duration, Instant};

use facts::{ROWS_PER_REQUEST, Sampling};
use rowsmith::api::{Fact, Projection, RowNumber, VersionId};
use rowsmith::api::{Filter, Near, Sort, Stop, search};

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

    let few = Folded::of(begun(&sampling).chain((0..100_000).map(|row| one(&sampling, row)))).projection;
    find(&few, "100,000", [30.0, 60.0, 100.0]);
    find(&rows, "1,000,000", [60.0, 500.0, 1000.0]);
}

/// Measures how long the first screenful takes and the whole view, for several filters, and a sorted view.
fn find(rows: &Projection, named: &str, [first, whole, sorted]: [f64; 3]) {
    figures::heading(&format!("finding rows among {named}"));
    let near = Near { row: RowNumber(u32::try_from(rows.len()).unwrap() / 2), height: 40 };
    for (text, most) in [
        ("state:pending", whole),
        ("state:accepted", whole),
        ("text~broadband", whole),
        ("text~\"is in no row\"", whole),
        ("text~\"fee £32\"", whole),
        ("text~/(hub|month) [a-z]+ £\\d/", 1000.0),
        ("(rating>=4 or text~\"slow hub\") -flag:any", whole),
        ("sort:-novelty", sorted),
        ("text~hub sort:novelty", sorted),
    ] {
        let (filter, sort) = text.split_once("sort:").unwrap_or((text, "arrival"));
        let (filter, sort): (Filter, Sort) = (Filter::parse(filter).unwrap(), sort.parse().unwrap());
        let (mut firsts, mut wholes) = (Vec::new(), Vec::new());
        for _ in 0..20 {
            let began = Instant::now();
            let mut seen = None;
            let tell = |part| {
                std::hint::black_box(part);
                seen = seen.or(Some(began.elapsed()));
            };
            let found = search(rows, &filter, sort, near, &Stop::never(), tell);
            std::hint::black_box(found.unwrap());
            wholes.push(began.elapsed());
            firsts.push(seen.unwrap_or_else(|| began.elapsed()));
        }
        if sort == Sort::default() {
            figures::times(&format!("{text}: first screenful"), &firsts, &[first]);
        }
        figures::times(&format!("{text}: all"), &wholes, &[most]);
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
