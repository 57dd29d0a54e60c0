//! Facts of a run of any size, made one after another so that they need not all be kept.

use std::ops::Range;

use rowsmith::api::SplitMix64;
use rowsmith::api::{
    Change, Event, Fact, Fields, Flag, FlagKind, NewRow, OperationId, Rating, RequestNumber, RowId,
    RowNumber, RowSet, RunNumber, Scores, Stored, Timestamp, Tokens, VersionId,
};
use serde_json::json;

/// Rows that one request brings, as the sessions have it.
pub(crate) const ROWS_PER_REQUEST: u32 = 5;

const RUN: RunNumber = RunNumber(1);
const WORDS: [&str; 32] = [
    "the",
    "my",
    "broadband",
    "leave",
    "price",
    "again",
    "since",
    "Monday",
    "please",
    "contract",
    "slow",
    "hub",
    "another",
    "provider",
    "month",
    "is",
    "and",
    "you",
    "nobody",
    "answers",
    "I",
    "want",
    "to",
    "end",
    "it",
    "moving",
    "house",
    "notice",
    "fee",
    "what",
    "when",
    "£32.50",
];

/// A run, as one operation.
#[derive(Debug)]
pub(crate) struct Sampling {
    /// The version that its rows come from.
    pub version: VersionId,
    /// Its operation; decisions come after it.
    pub operation: u64,
    /// Ids of real rows for its rows to be near to.
    pub real: Vec<String>,
}

impl Sampling {
    fn fact(&self, event: Event) -> Fact {
        Fact::new(OperationId(self.operation), Timestamp(1_700_000_000_000), event)
    }

    /// Returns the fact that the run began.
    pub(crate) fn began(&self, rows: u32) -> Fact {
        // As a journal has it: what came to be said of a run later may be left out.
        let run = json!({
            "number": RUN, "version": self.version, "label": "cancel", "requested": rows, "status": "running",
            "started_at": 1_700_000_000_000_i64,
            "generator": {"provider": "offline", "model": null, "temperature": 1.0, "seed": 42},
        });
        self.fact(Event::RunBegan { run: serde_json::from_value(run).unwrap() })
    }

    /// Returns what one request makes: its beginning, its rows, its end.
    pub(crate) fn exchange(&self, number: u32, rows: Range<u32>) -> [Fact; 3] {
        let request = RequestNumber(number);
        let began = json!({
            "number": request, "run": RUN, "index": number, "seed": u64::from(number) * 7919,
            "variables": {"mood": "polite"}, "examples": &self.real[..self.real.len().min(5)],
        });
        let began = serde_json::from_value(began).unwrap();
        let messages = Stored::Inline(r#"[{"role":"user","text":"Write 5 messages."}]"#.into());
        let tokens = Tokens { input: 200, output: 120 };
        let ended = Event::RequestEnded {
            run: RUN,
            request,
            reply: None,
            tokens,
            seconds: 0.125,
            error: None,
            cut_off: false,
        };
        [
            self.fact(Event::RequestBegan { request: began, messages }),
            self.sampled(number, rows),
            self.fact(ended),
        ]
    }

    /// Returns the fact that rows came.
    pub(crate) fn sampled(&self, request: u32, rows: Range<u32>) -> Fact {
        let (request, first) = (RequestNumber(request), RowNumber(rows.start));
        let rows = rows.map(|number| self.row(number)).collect();
        self.fact(Event::Sampled { run: RUN, request, first, rows })
    }

    /// Returns a row with a text of about 100 characters; one in nine is flagged.
    fn row(&self, number: u32) -> NewRow {
        let mut random = SplitMix64::new(number.into());
        let mut text = format!("{number}:");
        while text.len() < 70 + (number % 60) as usize {
            text.push(' ');
            text.push_str(WORDS[random.below(WORDS.len())]);
        }
        let nearest = self.real.get(number as usize % self.real.len().max(1)).cloned();
        let flag = Flag { kind: FlagKind::CopiesReal, other: nearest.clone(), figure: Some(0.91) };
        NewRow {
            id: RowId::from_bits(random.next_u64()),
            label: "cancel".into(),
            fields: Fields::of_text(text),
            flags: if number.is_multiple_of(9) { vec![flag] } else { vec![] },
            scores: Scores { novelty: Some(0.73), nearest },
        }
    }

    /// Returns the decision on a row, as an operation of its own.
    pub(crate) fn decision(&self, row: u32) -> Fact {
        let change = match row % 4 {
            0 => Change::accept(),
            1 => Change::Accept { rating: Rating::try_from(4).ok(), tags: vec![] },
            2 => Change::reject(),
            _ => Change::skip(),
        };
        let operation = OperationId(self.operation + 1 + u64::from(row));
        let event = Event::Changed { rows: RowSet::one(RowNumber(row)), change };
        Fact::new(operation, Timestamp(1_700_000_000_001), event)
    }
}
