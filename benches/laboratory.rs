//! Measures the scoreboard of 10,000 rows of 40 versions on two models: all of it, after one decision, and its texts.

#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]

#[path = "support/figures.rs"]
mod figures;

use std::time::{Duration, Instant};

use rowsmith::api::laboratory::{TextFigures, scoreboard};
use rowsmith::api::{
    Change, Event, Fact, Fields, NewRow, OperationId, Projection, RowId, RowNumber, RowSet, Scores,
    SplitMix64, Stop, Stored, Timestamp, VersionId,
};
use serde_json::json;

const VERSIONS: u32 = 40;
const MODELS: [&str; 2] = ["small", "large"];
/// The rows of each version and model; 80 times as many are 10,000.
const ROWS: u32 = 125;
const AT: Timestamp = Timestamp(1_700_000_000_000);
const WORDS: [&str; 16] = [
    "the", "price", "again", "since", "Monday", "please", "contract", "slow", "hub", "another", "provider",
    "month", "nobody", "answers", "moving", "notice",
];

fn main() {
    let mut bench = Bench::default();
    for number in 1..=VERSIONS {
        bench.version(number);
        for model in MODELS {
            bench.run(number, model);
        }
    }
    let rows = u32::try_from(bench.projection.len()).unwrap();
    for row in 0..rows {
        bench.decide(row);
    }
    figures::heading("the scoreboard of 10,000 rows, 40 versions and 2 models");
    let lines = scoreboard(&bench.projection, None).lines.len();
    figures::figure("lines", f64::from(u32::try_from(lines).unwrap()), "lines", 80.0);
    let board = || std::hint::black_box(scoreboard(&bench.projection, None));
    figures::times("from the counts", &timed(200, board), &[1.0]);
    let texts = || std::hint::black_box(TextFigures::of(&bench.projection, &Stop::never()).unwrap());
    figures::times("what the texts say", &timed(10, texts), &[300.0]);
    let with = texts();
    let decisions: Vec<Duration> = (0..200)
        .map(|row| {
            // A snapshot is held elsewhere, as the screen holds one.
            let held = bench.projection.clone();
            let began = Instant::now();
            bench.decide(row * 37 % rows);
            std::hint::black_box(scoreboard(&bench.projection, Some(&with)));
            let took = began.elapsed();
            drop(held);
            took
        })
        .collect();
    figures::times("a decision, and the scoreboard after it", &decisions, &[2.0]);
}

fn timed<T>(times: u32, work: impl Fn() -> T) -> Vec<Duration> {
    let once = |_| {
        let began = Instant::now();
        let _ = work();
        began.elapsed()
    };
    (0..times).map(once).collect()
}

/// A projection that facts are added to.
#[derive(Default)]
struct Bench {
    projection: Projection,
    operation: u64,
    runs: u32,
    rows: u32,
}

fn id(number: u32) -> VersionId {
    VersionId::from_digest(u64::from(number).to_be_bytes())
}

impl Bench {
    fn add(&mut self, event: Event) {
        self.operation += 1;
        self.projection.apply(&Fact::new(OperationId(self.operation), AT, event));
    }

    fn version(&mut self, number: u32) {
        let version = json!({
            "id": id(number), "name": "main", "number": number, "created_at": AT,
            "parent": (number > 1).then(|| id(number - 1)),
            "content": {"system": "", "user": format!("words {number}"), "variables": {}},
        });
        self.add(Event::VersionMade { version: serde_json::from_value(version).unwrap() });
    }

    fn run(&mut self, version: u32, model: &str) {
        let (run, first) = (self.runs + 1, self.rows);
        let began = json!({
            "number": run, "version": id(version), "label": "cancel", "requested": ROWS, "status": "running",
            "started_at": AT,
            "generator": {"provider": "openai", "model": model, "temperature": 1.0, "seed": 42},
        });
        self.add(Event::RunBegan { run: serde_json::from_value(began).unwrap() });
        let request = json!({
            "number": run - 1, "run": run, "index": 0, "seed": 1, "variables": {}, "examples": [],
        });
        let sampled = (first..first + ROWS).map(row).collect();
        let (number, request) = (run - 1, serde_json::from_value(request).unwrap());
        self.add(Event::RequestBegan { request, messages: Stored::Inline("[]".into()) });
        let sampled = Event::Sampled {
            run: serde_json::from_value(json!(run)).unwrap(),
            request: serde_json::from_value(json!(number)).unwrap(),
            first: RowNumber(first),
            rows: sampled,
        };
        self.add(sampled);
        (self.runs, self.rows) = (run, first + ROWS);
    }

    fn decide(&mut self, row: u32) {
        let share = 40 + row / ROWS % 40;
        let is_accepted = row * 37 % 100 < share;
        let reason = Some(format!("reason {}", row % 9));
        let change = if is_accepted { Change::accept() } else { Change::Reject { reason, tags: vec![] } };
        self.add(Event::Changed { rows: RowSet::one(RowNumber(row)), change, bulk: false });
    }
}

fn row(number: u32) -> NewRow {
    let mut random = SplitMix64::new(number.into());
    let mut text = format!("{number}:");
    while text.len() < 70 + (number % 60) as usize {
        text.push(' ');
        text.push_str(random.choose(&WORDS).unwrap());
    }
    NewRow {
        id: RowId::from_bits(random.next_u64()),
        label: "cancel".into(),
        fields: Fields::of_text(text),
        flags: vec![],
        scores: Scores { novelty: Some(0.5), nearest: None },
    }
}
