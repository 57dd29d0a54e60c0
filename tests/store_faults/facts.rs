//! Hand-made facts for the fault tests and the benches.

use rowsmith::api::{
    Change, Event, Fact, Fields, Flag, FlagKind, GeneratorInfo, NewRow, OperationId, PromptContent, Request,
    RequestNumber, RowId, RowNumber, RowSet, Run, RunNumber, RunStatus, Scores, Stored, Timestamp, Tokens,
    Version, VersionId,
};

/// The rows that one request brings.
pub(crate) const ROWS_PER_REQUEST: u32 = 5;

fn at(n: u64) -> Timestamp {
    Timestamp(1_700_000_000_000 + i64::try_from(n).unwrap_or_default())
}

/// Returns a fact of one operation.
pub(crate) fn fact(operation: u64, event: Event) -> Fact {
    Fact::new(OperationId(operation), at(operation), event)
}

/// Returns operation 1, which makes a version, and operation 2, a run of `rows` rows.
pub(crate) fn sampled(rows: u32) -> Vec<Fact> {
    let requests = rows.div_ceil(ROWS_PER_REQUEST);
    let mut facts = vec![fact(1, version()), fact(2, Event::RunBegan { run: Box::new(run(rows)) })];
    for request in 0..requests {
        let first = request * ROWS_PER_REQUEST;
        facts.extend(exchange(request, first..rows.min(first + ROWS_PER_REQUEST)));
    }
    facts.push(fact(2, Event::RunEnded { run: RunNumber(1), status: RunStatus::Done }));
    facts
}

fn version() -> Event {
    let content = PromptContent { user: "Write {{ n }} texts.".into(), ..PromptContent::default() };
    let (name, id) = ("main".to_owned(), VersionId::from_digest([7; 8]));
    let version = Version { id, name, number: 1, parent: None, content, note: None, created_at: at(1) };
    Event::VersionMade { version }
}

fn run(rows: u32) -> Run {
    let generator = GeneratorInfo {
        provider: "offline".into(),
        model: Some("n-gram".into()),
        base_url: None,
        temperature: 1.0,
        seed: 42,
    };
    Run::begun(RunNumber(1), VersionId::from_digest([7; 8]), "spam", generator, rows, at(2))
}

fn exchange(number: u32, rows: std::ops::Range<u32>) -> [Fact; 3] {
    let (run, request) = (RunNumber(1), RequestNumber(number));
    let began = Request {
        number: request,
        run,
        index: number,
        seed: u64::from(number) * 7919,
        variables: std::sync::Arc::new([("topic".to_owned(), "bank".to_owned())].into()),
        examples: vec!["17".into(), "23".into(), "99".into()],
        answered_by: None,
        seconds: None,
        key: String::new(),
    };
    let text = format!(r#"[{{"role":"user","text":"Write texts, take {number}."}}]"#);
    let (first, reply) = (RowNumber(rows.start), Some(Stored::Inline(format!("the reply to {number}"))));
    let (rows, tokens) = (rows.map(row).collect(), Tokens { input: 200, output: 120 });
    let ended = Event::RequestEnded {
        run,
        request,
        reply,
        tokens,
        estimated: Tokens::default(),
        answered_by: None,
        remarks: vec![],
        seconds: 0.123_456_789,
        error: None,
        cut_off: false,
        sent: 1,
    };
    [
        fact(2, Event::RequestBegan { request: began, messages: Stored::Inline(text) }),
        fact(2, Event::Sampled { run, request, first, rows }),
        fact(2, ended),
    ]
}

fn row(number: u32) -> NewRow {
    let text = format!(
        "URGENT! Your account {number} has been locked. Reply YES with your PIN to {}.",
        80_062 + number
    );
    let flag = Flag { kind: FlagKind::CopiesReal, other: Some("17".into()), figure: Some(0.912_345_678_9) };
    NewRow {
        id: RowId::from_bits(u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        label: "spam".into(),
        fields: Fields::of_text(text),
        flags: if number.is_multiple_of(9) { vec![flag] } else { vec![] },
        scores: Scores { novelty: Some(0.73), nearest: Some(format!("{}", number % 700)) },
    }
}

/// Returns a decision on a range of rows.
pub(crate) fn changed(operation: u64, rows: std::ops::Range<u32>, change: Change) -> Fact {
    let rows: RowSet = rows.map(RowNumber).collect();
    fact(operation, Event::Changed { rows, change, bulk: true })
}
