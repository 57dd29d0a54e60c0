//! Facts of a run of any size, generated one by one so that they need not all be in memory.

use std::ops::Range;

use rowsmith::api::SplitMix64;
use rowsmith::api::{
    Change, Event, Fact, Fields, Flag, FlagKind, NewRow, OperationId, Rating, RequestNumber, RowId,
    RowNumber, RowSet, RunNumber, Scores, Stored, Timestamp, Tokens, VersionId,
};
use serde_json::json;

/// The rows that one request brings, as in the bundled session.
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

/// A run, as one operation, from which facts are generated.
#[derive(Debug)]
pub(crate) struct Sampling {
    /// The version of its rows.
    pub version: VersionId,
    /// The number of its operation; decisions get higher ones.
    pub operation: u64,
    /// Ids of real rows, which the rows name as their nearest ones.
    pub real: Vec<String>,
}

impl Sampling {
    fn fact(&self, event: Event) -> Fact {
        Fact::new(OperationId(self.operation), Timestamp(1_700_000_000_000), event)
    }

    /// Returns the fact that begins the run.
    pub(crate) fn began(&self, rows: u32) -> Fact {
        // The run is read from JSON as in a journal, so that its optional fields can be left out.
        let run = json!({
            "number": RUN, "version": self.version, "label": "cancel", "requested": rows, "status": "running",
            "started_at": 1_700_000_000_000_i64,
            "generator": {"provider": "offline", "model": null, "temperature": 1.0, "seed": 42},
        });
        self.fact(Event::RunBegan { run: serde_json::from_value(run).unwrap() })
    }

    /// Returns the facts of one request: its beginning, its rows, its end.
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
            estimated: Tokens::default(),
            answered_by: None,
            remarks: vec![],
            seconds: 0.125,
            error: None,
            cut_off: false,
            sent: 1,
        };
        [
            self.fact(Event::RequestBegan { request: began, messages }),
            self.sampled(number, rows),
            self.fact(ended),
        ]
    }

    /// Returns a fact with new rows.
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

    /// Returns the decision on a row, as its own operation.
    pub(crate) fn decision(&self, row: u32) -> Fact {
        let change = match row % 4 {
            0 => Change::accept(),
            1 => Change::Accept { rating: Rating::try_from(4).ok(), tags: vec![] },
            2 => Change::reject(),
            _ => Change::skip(),
        };
        let operation = OperationId(self.operation + 1 + u64::from(row));
        let event = Event::Changed { rows: RowSet::one(RowNumber(row)), change, bulk: false };
        Fact::new(operation, Timestamp(1_700_000_000_001), event)
    }
}
