use proptest::prelude::*;

use super::*;
use crate::domain::fixtures::{Story, request_ended};
use crate::domain::{Change, Fields, Flag, FlagKind, NewScrap, RequestNumber, RunNumber, RunStatus, Scores};

fn fold(facts: &[Fact]) -> Projection {
    let mut projection = Projection::default();
    facts.iter().for_each(|fact| drop(projection.apply(fact)));
    projection
}

/// Retells the facts after a cut, passes them through JSON, and returns what they lead to.
fn retold(facts: &[Fact], cut: usize) -> (Projection, Retelling) {
    let (mut projection, to) = (fold(&facts[..cut]), fold(facts));
    let retelling = projection.retell(&to, Timestamp(5)).unwrap();
    for fact in &retelling.facts {
        let line = serde_json::to_string(fact).unwrap();
        let read: Fact = serde_json::from_str(&line).unwrap();
        assert_eq!(read, *fact);
        projection.apply(&read);
    }
    (projection, retelling)
}

fn flag(kind: FlagKind) -> Flag {
    Flag { kind, other: Some("x".into()), figure: Some(0.5) }
}

/// Adds one of many kinds of facts to a story, chosen by a number.
fn go_on(story: &mut Story, kind: u8, row: u32) {
    let run = story.projection.runs().next_back().map_or(RunNumber(1), |run| run.number);
    let request = RequestNumber(u32::try_from(story.projection.request_count()).unwrap().saturating_sub(1));
    match kind {
        0 => drop(story.version("other words")),
        1 => {
            let rows = vec![story.new_row("a", vec![flag(FlagKind::TooShort)]), story.new_row("b", vec![])];
            story.rows_by("openai", Some("m"), rows);
        }
        2 => story.failed_requests("Error 5.", &["bank", "prize"], &["Slow."]),
        3 => {
            let test = row.to_string();
            story.add(Event::Split(Split { fingerprint: "f".into(), test, ..Split::default() }));
        }
        4 => {
            let scraps = vec![NewScrap { raw: "{".into(), reason: "It ends.".into() }];
            story.add(Event::Scrapped { run, request, scraps });
        }
        5 => drop(story.add(Event::ScrapRepaired { run, scrap: row })),
        6 => drop(story.add(Event::RunResumed { run, budget: None })),
        7 => drop(story.add(Event::RunEnded { run, status: RunStatus::Interrupted })),
        8 => {
            let tokens = Tokens { input: 3, output: u64::from(row) };
            story.add(request_ended(run, request, None, tokens, 0.25));
        }
        9 => {
            let scores = Scores { novelty: Some(0.25), nearest: Some(row.to_string()) };
            let rows =
                vec![Reflagged { row: RowNumber(row), flags: vec![flag(FlagKind::Duplicate)], scores }];
            story.add(Event::Flagged { rows });
        }
        10 => drop(story.undo()),
        11 => drop(story.redo()),
        12 => drop(story.change(&[row], Change::Edit { fields: Some(Fields::of_text("edited")) })),
        13 => drop(story.change(&[row], Change::Tag { tags: vec!["t".into()] })),
        14 => drop(story.change(&[0, row], Change::Reject { reason: Some("dull".into()), tags: vec![] })),
        15 => drop(story.change(&[row], Change::skip())),
        _ => drop(story.change(&[row], Change::accept())),
    }
}

proptest! {
    #[test]
    fn what_was_cut_off_is_told_again_whole(
        steps in proptest::collection::vec((0u8..20, 0u32..9), 1..40), cut in any::<prop::sample::Index>(),
    ) {
        let mut story = Story::with_rows(6);
        steps.iter().for_each(|(kind, row)| go_on(&mut story, *kind, *row));
        let cut = cut.index(story.facts.len() + 1);
        let (projection, _) = retold(&story.facts, cut);
        prop_assert_eq!(projection.difference(&story.projection), None);
        let again = Projection::from_parts(projection.to_parts());
        prop_assert_eq!(projection.difference(&again), None);
        // What is done next goes on from it as it would have gone on without the loss.
        let (mut told, mut lost) = (story, Story { projection, ..Story::default() });
        for step in [10, 10, 11, 16, 10, 1] {
            lost.facts.clone_from(&told.facts);
            go_on(&mut told, step, 2);
            go_on(&mut lost, step, 2);
            prop_assert_eq!(lost.projection.difference(&told.projection), None);
        }
    }
}

#[test]
fn more_records_than_one_fact_holds_take_effect_together() {
    let mut story = Story::with_rows(u32::try_from(RECORDS).unwrap() * 2 + 5);
    story.change(&[0, 3, 2004], Change::reject());
    story.change(&[1], Change::accept());
    let (projection, retelling) = retold(&story.facts, 1);

    assert_eq!(projection.difference(&story.projection), None);
    let parts: Vec<_> = retelling.facts.iter().map(|fact| fact.part).collect();
    assert_eq!(parts, [true, true, false]);
    assert_eq!((retelling.rows, retelling.decisions, retelling.wordless.len()), (RECORDS * 2 + 5, 4, 1));
    assert!(retelling.facts.iter().all(|fact| fact.operation == story.projection.next_operation()));
}

#[test]
fn what_did_not_grow_out_of_it_is_not_told() {
    let (one, mut other) = (Story::with_rows(3), Story::with_rows(3));
    other.sampled(&["more"]);
    let mut third = Story::with_rows(0);
    third.sampled(&["another row", "row number 1", "row number 2"]);
    assert!(one.projection.retell(&other.projection, Timestamp(1)).is_some());
    assert!(other.projection.retell(&one.projection, Timestamp(1)).is_none(), "it is the earlier one");
    assert!(one.projection.retell(&third.projection, Timestamp(1)).is_none(), "its rows are others");
    assert_eq!(one.projection.retell(&one.projection, Timestamp(1)), Some(Retelling::default()));
}
