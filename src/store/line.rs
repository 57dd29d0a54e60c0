//! One line of the journal: plain JSON with a checksum in front.
//!
//! ```text
//! {"sum":"1f2e3d4c","seq":41,"operation":12,"at":…,"event":{…}}
//!                   └────────── what the CRC-32 is of ─────────┘
//! {"sum":"5a6b7c8d","seq":42,"abandoned":[12]}
//! ```
//!
//! An abandoned operation never got its last fact: its facts before this line never take
//! effect, even if its number is used again.

use std::io::Write;

use serde::Deserialize;

use super::segment::{FORMAT, LONGEST_LINE, OLDEST, WITH_HELD_BACK, WITH_IMPORTS, WITH_LABORATORY};
use crate::domain::fact::Restored;
use crate::domain::projection::{OperationRecord, Retold};
use crate::domain::{Change, Event, Fact, Flag, FlagKind, OperationId, OperationKind, Run, RunStatus, Split};

const BEFORE_SUM: &[u8] = b"{\"sum\":\"";
const AFTER_SUM: &[u8] = b"\",\"seq\":";
const DIGITS: usize = 8;
/// The offset of the part that the checksum covers, after the comma.
const COVERED: usize = BEFORE_SUM.len() + DIGITS + 2;
const ABANDONED: &[u8] = b"\"abandoned\":";

/// The content of a line.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly every line is a fact, and an entry is short-lived")]
pub(crate) enum Entry {
    /// A fact.
    Fact(Fact),
    /// Operations that will never get their last facts.
    Abandoned(Vec<OperationId>),
}

#[derive(Deserialize)]
struct AbandonedLine {
    abandoned: Vec<OperationId>,
}

/// Returns the format of the journal that has facts like this one.
pub(crate) fn format(fact: &Fact) -> u32 {
    let tells_imports = |told: &Retold| !told.imports.is_empty() || !told.origins.is_empty();
    let is_jump = |operation: &OperationRecord| matches!(operation.kind, OperationKind::Jump { .. });
    // Earlier versions know no run that waits for the results of a batch.
    let waits = |run: &Run| run.status == RunStatus::Waiting;
    if has_near_duplicates(&fact.event) {
        return FORMAT;
    }
    // Earlier versions know no label beside the fields of a row.
    let gives_labels = |marks: &[Restored]| marks.iter().any(|of| of.mark.label.is_some());
    let tells_labels = |told: &Retold| {
        gives_labels(&told.marks)
            || told
                .operations
                .iter()
                .any(|(_, of)| of.kind == OperationKind::Relabel || gives_labels(&of.restores))
    };
    match &fact.event {
        Event::Jumped { .. }
        | Event::Changed { change: Change::Retag { .. } | Change::Relabel { .. }, .. } => FORMAT,
        Event::Retold(told)
            if tells_labels(told) || told.operations.iter().any(|(_, operation)| is_jump(operation)) =>
        {
            FORMAT
        }
        Event::Labelled { .. }
        | Event::Noted { .. }
        | Event::TrialBegan { .. }
        | Event::TrialEnded { .. } => WITH_LABORATORY,
        Event::RunBegan { run } if run.trial.is_some() || run.plan.is_some() => WITH_LABORATORY,
        Event::VersionMade { version } if !version.content.rules.is_empty() => WITH_LABORATORY,
        Event::Retold(told)
            if told.laboratory.is_some()
                || told.runs.iter().any(|run| run.trial.is_some() || run.plan.is_some())
                || told.versions.iter().any(|version| !version.content.rules.is_empty()) =>
        {
            WITH_LABORATORY
        }
        Event::Split(split) if split.holds_back() => WITH_HELD_BACK,
        Event::Retold(told) if told.split.as_ref().is_some_and(Split::holds_back) => WITH_HELD_BACK,
        Event::Imported { .. } | Event::RunEnded { status: RunStatus::Waiting, .. } => WITH_IMPORTS,
        Event::Retold(told) if tells_imports(told) || told.runs.iter().any(waits) => WITH_IMPORTS,
        Event::RunBegan { run } if waits(run) => WITH_IMPORTS,
        _ => OLDEST,
    }
}

/// Returns whether a row of a fact is flagged as nearly equal to another one.
fn has_near_duplicates(event: &Event) -> bool {
    let is_near = |flags: &[Flag]| flags.iter().any(|flag| flag.kind == FlagKind::NearDuplicate);
    match event {
        Event::Sampled { rows, .. } => rows.iter().any(|row| is_near(&row.flags)),
        Event::Imported { rows, .. } => rows.iter().any(|imported| is_near(&imported.row.flags)),
        Event::Flagged { rows } => rows.iter().any(|row| is_near(&row.flags)),
        Event::Retold(told) => {
            told.flags.iter().any(|row| is_near(&row.flags))
                || told.rows.iter().any(|told| is_near(&told.row.flags))
        }
        _ => false,
    }
}

/// Appends a line with a fact, and returns its checksum.
///
/// The line is parsed again as a check: JSON cannot represent infinity, and one unreadable
/// line would make the journal useless.
pub(crate) fn push_fact(out: &mut Vec<u8>, sequence: u64, fact: &Fact) -> Result<u32, String> {
    let start = out.len();
    begin(out, sequence);
    let open = out.len();
    serde_json::to_writer(&mut *out, fact).map_err(|error| error.to_string())?;
    out[open] = b',';
    let sum = end(out, start);
    let line = &out[start..out.len() - 1];
    if line.len() as u64 >= LONGEST_LINE - 1 {
        return Err(format!("it has {} bytes", line.len()));
    }
    serde_json::from_slice::<Fact>(line).map_err(|error| error.to_string())?;
    Ok(sum)
}

/// Appends a line that abandons operations, and returns its checksum.
pub(crate) fn push_abandoned(out: &mut Vec<u8>, sequence: u64, operations: &[OperationId]) -> u32 {
    let start = out.len();
    begin(out, sequence);
    let numbers: Vec<String> = operations.iter().map(|operation| operation.0.to_string()).collect();
    out.extend_from_slice(b",\"abandoned\":[");
    out.extend_from_slice(numbers.join(",").as_bytes());
    out.extend_from_slice(b"]}");
    end(out, start)
}

fn begin(out: &mut Vec<u8>, sequence: u64) {
    out.extend_from_slice(BEFORE_SUM);
    out.extend_from_slice(b"00000000");
    out.extend_from_slice(AFTER_SUM);
    out.extend_from_slice(sequence.to_string().as_bytes());
}

fn end(out: &mut Vec<u8>, start: usize) -> u32 {
    let sum = crc32fast::hash(&out[start + COVERED..]);
    let digits = start + BEFORE_SUM.len();
    // Cannot fail: eight digits fit into eight bytes.
    let _ = write!(&mut out[digits..digits + DIGITS], "{sum:08x}");
    out.push(b'\n');
    sum
}

/// Checks a line without its newline, and returns its sequence number and checksum.
pub(crate) fn check(line: &[u8]) -> Result<(u64, u32), &'static str> {
    let rest = line.strip_prefix(BEFORE_SUM).ok_or("the line does not begin with a checksum")?;
    let (digits, rest) = rest.split_at_checked(DIGITS).ok_or("the line is cut off")?;
    let rest = rest.strip_prefix(AFTER_SUM).ok_or("the line does not begin with a checksum")?;
    let written = std::str::from_utf8(digits).ok().and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let sum = crc32fast::hash(&line[COVERED..]);
    if written != Some(sum) {
        return Err("the checksum does not fit the line");
    }
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let sequence = std::str::from_utf8(&rest[..length]).ok().and_then(|digits| digits.parse().ok());
    Ok((sequence.ok_or("the line has no sequence number")?, sum))
}

/// Parses a checked line.
pub(crate) fn parse(line: &[u8]) -> Result<Entry, String> {
    let body = line.get(COVERED..).unwrap_or_default();
    let after_sequence = body.iter().position(|byte| *byte == b',').map_or(body, |comma| &body[comma + 1..]);
    let entry = if after_sequence.starts_with(ABANDONED) {
        serde_json::from_slice(line).map(|line: AbandonedLine| Entry::Abandoned(line.abandoned))
    } else {
        serde_json::from_slice(line).map(Entry::Fact)
    };
    entry.map_err(|error| format!("the line holds no fact that this version of rowsmith knows ({error})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::{Story, request_ended};
    use crate::domain::{
        Mark, Reflagged, RequestNumber, RowNumber, RowPlan, RowSet, RunNumber, Scarce, Scores,
    };
    use crate::domain::{Timestamp, Tokens, VariableRule};

    fn line(fact: &Fact) -> Vec<u8> {
        let mut out = Vec::new();
        push_fact(&mut out, 41, fact).unwrap();
        assert_eq!(out.pop(), Some(b'\n'));
        out
    }

    #[test]
    fn every_line_is_json_with_the_fact_in_it() {
        for fact in &Story::with_rows(2).facts {
            let line = line(fact);
            let json: serde_json::Value = serde_json::from_slice(&line).unwrap();
            assert_eq!(
                (json["seq"].as_u64(), json["operation"].as_u64()),
                (Some(41), Some(fact.operation.0))
            );
            assert_eq!(check(&line).unwrap().0, 41);
            assert_eq!(parse(&line).unwrap(), Entry::Fact(fact.clone()));
        }
    }

    #[test]
    fn a_run_that_waits_for_a_batch_needs_the_newer_format_and_others_do_not() {
        let story = Story::with_rows(1);
        let began = |status: RunStatus| {
            let run = story.projection.runs().next().unwrap().clone();
            let event = Event::RunBegan { run: Box::new(Run { status, ..run }) };
            format(&Fact::new(OperationId(9), Timestamp(1), event))
        };
        assert_eq!((began(RunStatus::Waiting), began(RunStatus::Running)), (WITH_IMPORTS, OLDEST));
        let run = Run { status: RunStatus::Waiting, ..story.projection.runs().next().unwrap().clone() };
        let told = Retold { runs: vec![run], ..Retold::default() };
        let retold = Fact::new(OperationId(9), Timestamp(1), Event::Retold(Box::new(told)));
        assert_eq!(format(&retold), WITH_IMPORTS);
    }

    #[test]
    fn a_jump_needs_the_newest_format_and_so_do_records_that_hold_one() {
        let mut story = Story::with_rows(2);
        let first = story.change(&[0], Change::accept());
        story.change(&[1], Change::reject());
        assert!(story.jump(first));
        let jump = story.facts.last().unwrap();
        let place = u32::try_from(story.projection.operation_count()).unwrap() - 1;
        let told = |place| {
            let operations = vec![(place, story.projection.operation_record(place).unwrap())];
            let retold = Event::Retold(Box::new(Retold { operations, ..Retold::default() }));
            format(&Fact::new(OperationId(9), Timestamp(1), retold))
        };
        assert_eq!((format(jump), told(place), told(place - 1)), (FORMAT, FORMAT, OLDEST));
    }

    #[test]
    fn a_run_with_a_plan_and_a_version_with_rules_need_the_format_with_trials_and_others_do_not() {
        let story = Story::with_rows(1);
        let told = |event: Event| format(&Fact::new(OperationId(9), Timestamp(1), event));
        let run = |plan: Option<RowPlan>| {
            let run = Run { plan, ..story.projection.runs().next().unwrap().clone() };
            let retold = Retold { runs: vec![run.clone()], ..Retold::default() };
            [told(Event::RunBegan { run: Box::new(run) }), told(Event::Retold(Box::new(retold)))]
        };
        assert_eq!((run(None), run(Some(RowPlan::default()))), ([OLDEST; 2], [WITH_LABORATORY; 2]));
        let version = |rules: &[(&str, VariableRule)]| {
            let mut version = story.projection.versions()[0].clone();
            version.content.rules =
                rules.iter().map(|(name, rule)| ((*name).to_owned(), rule.clone())).collect();
            told(Event::VersionMade { version })
        };
        let rule = VariableRule { weights: vec![2], ..VariableRule::default() };
        assert_eq!((version(&[]), version(&[("topic", rule)])), (OLDEST, WITH_LABORATORY));
    }

    #[test]
    fn a_row_that_is_nearly_equal_to_another_needs_the_newest_format_and_others_do_not() {
        let told = |kind: FlagKind| {
            let story = Story::with_rows(1);
            let flags = vec![Flag { kind, other: Some("k3f9a2b1c0".into()), figure: Some(0.9) }];
            let row = Reflagged { row: RowNumber(0), flags: flags.clone(), scores: Scores::default() };
            let rows = vec![story.new_row("b", flags)];
            let retold = Retold { flags: vec![row.clone()], ..Retold::default() };
            let sampled =
                Event::Sampled { run: RunNumber(1), request: RequestNumber(0), first: RowNumber(1), rows };
            [sampled, Event::Flagged { rows: vec![row] }, Event::Retold(Box::new(retold))]
                .map(|event| format(&Fact::new(OperationId(9), Timestamp(1), event)))
        };
        assert_eq!((told(FlagKind::Duplicate), told(FlagKind::NearDuplicate)), ([OLDEST; 3], [FORMAT; 3]));
    }

    #[test]
    fn a_label_beside_the_fields_needs_the_newest_format_however_it_is_told_and_an_edit_does_not() {
        let told = |event: Event| format(&Fact::new(OperationId(9), Timestamp(1), event));
        let changed =
            |change: Change| told(Event::Changed { rows: RowSet::one(RowNumber(0)), change, bulk: false });
        assert_eq!(changed(Change::Relabel { label: "ham".into() }), FORMAT);
        assert_eq!(changed(Change::Retag { add: vec!["odd".into()], remove: vec![] }), FORMAT);
        assert_eq!(changed(Change::Edit { fields: None }), OLDEST);
        let retold = |label: Option<&str>| {
            let mark = Mark { label: label.map(str::to_owned), ..Mark::default() };
            let marks = vec![Restored { rows: RowSet::one(RowNumber(0)), mark }];
            told(Event::Retold(Box::new(Retold { marks, ..Retold::default() })))
        };
        assert_eq!((retold(None), retold(Some("ham"))), (OLDEST, FORMAT));
    }

    #[test]
    fn a_split_that_holds_rows_back_needs_the_newest_format_however_it_is_told_and_others_do_not() {
        let held = Scarce { label: "spam".into(), known: 2 };
        let told = |split: Split| {
            let retold = Event::Retold(Box::new(Retold { split: Some(split.clone()), ..Retold::default() }));
            [Event::Split(split), retold].map(|event| format(&Fact::new(OperationId(1), Timestamp(1), event)))
        };
        assert_eq!(told(Split { scarce: Some(held), ..Split::default() }), [WITH_HELD_BACK; 2]);
        assert_eq!(
            told(Split { held_back: "0123456789abcdef".into(), ..Split::default() }),
            [WITH_HELD_BACK; 2]
        );
        assert_eq!(told(Split { train: "0123456789abcdef".into(), ..Split::default() }), [OLDEST; 2]);
    }

    #[test]
    fn a_split_of_an_earlier_version_reads_back_and_is_written_as_it_was() {
        let written = r#"{"fingerprint":"f","test":"0000000000000001","train":"0000000000000002"}"#;
        let split: Split = serde_json::from_str(written).unwrap();
        assert!(!split.holds_back());
        assert_eq!(serde_json::to_string(&split).unwrap(), written);
    }

    #[test]
    fn a_change_of_any_byte_is_seen() {
        let whole = line(&Story::with_rows(1).facts[0]);
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x11;
            assert!(check(&damaged).is_err(), "byte {at}");
            assert!(check(&whole[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn an_abandoned_operation_reads_back() {
        let mut out = Vec::new();
        push_abandoned(&mut out, 7, &[OperationId(3), OperationId(9)]);
        out.pop();
        assert_eq!(check(&out).unwrap().0, 7);
        assert_eq!(parse(&out), Ok(Entry::Abandoned(vec![OperationId(3), OperationId(9)])));
    }

    #[test]
    fn a_fact_that_cannot_be_read_back_is_refused() {
        let story = Story::with_rows(1);
        let (run, request) = (crate::domain::RunNumber(1), crate::domain::RequestNumber(0));
        let (tokens, seconds) = (Tokens::default(), f64::INFINITY);
        let event = request_ended(run, request, None, tokens, seconds);
        let fact = Fact::new(story.projection.next_operation(), Timestamp(1), event);
        assert!(push_fact(&mut Vec::new(), 1, &fact).unwrap_err().contains("null"));
    }
}
