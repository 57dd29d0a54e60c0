use proptest::prelude::*;

use super::*;
use crate::curate::{Sort, view};
use crate::domain::fixtures::{Story, TrialStory};
use crate::domain::{Change, Flag, FlagKind, Origin, TrialOutcome};

fn counted(of: &Projection, filter: &str) -> Facets {
    facets(of, &Filter::parse(filter).unwrap())
}

/// Returns the values of a facet as `pending 3, accepted 1`.
fn said(facets: &Facets, kind: &FacetKind) -> String {
    let facet = facets.all.iter().find(|facet| facet.kind == *kind);
    let values = facet.map_or(&[][..], |facet| &facet.values);
    let said: Vec<_> = values.iter().map(|value| format!("{} {}", value.value, value.rows)).collect();
    said.join(", ")
}

/// Rows of two prompts, runs and topics, with flags, tags and reasons.
fn story(changes: &[(u32, u8)]) -> Story {
    let mut story = Story::default();
    story.version("one");
    let flag = |kind| Flag { kind, other: Some("abcd".into()), figure: None };
    let flags = vec![flag(FlagKind::Duplicate), flag(FlagKind::Duplicate), flag(FlagKind::TooShort)];
    let rows =
        vec![story.new_row("first", flags), story.new_row("second", vec![]), story.new_row("third", vec![])];
    story.rows_with(("offline", None), &[("topic", "bank"), ("tone", "a b")], rows);
    story.version("two");
    let rows = vec![story.new_row("fourth", vec![flag(FlagKind::Duplicate)]), story.new_row("fifth", vec![])];
    story.rows_with(("openai", Some("small")), &[("topic", "prize")], rows);
    let origin = Origin { prompt: Some("main".into()), version: Some(2), ..Origin::default() };
    story.imported("rows.jsonl", &origin, &["sixth", "seventh"]);
    for (row, kind) in changes {
        let change = match kind {
            0 => Change::accept(),
            1 => Change::Reject { reason: Some("too \"dull\" by far".into()), tags: vec![] },
            2 => Change::Tag { tags: vec!["tone down".into(), "good".into()] },
            3 => Change::Reject { reason: Some("long".into()), tags: vec!["good".into()] },
            _ => Change::skip(),
        };
        story.change(&[*row], change);
    }
    story
}

#[test]
fn values_are_counted_the_most_frequent_first() {
    let of = story(&[(0, 0), (1, 1), (3, 2)]).projection;
    let counted = counted(&of, "");

    assert_eq!(counted.rows, 7);
    assert_eq!(said(&counted, &FacetKind::State), "pending 5, accepted 1, rejected 1");
    assert_eq!(said(&counted, &FacetKind::Flag), "duplicate 2, too-short 1");
    assert_eq!(said(&counted, &FacetKind::Version), "v2 4, v1 3");
    assert_eq!(said(&counted, &FacetKind::Run), "1 3, 2 2");
    assert_eq!(said(&counted, &FacetKind::Tag), "good 1, tone down 1");
    assert_eq!(said(&counted, &FacetKind::Variable("topic".into())), "bank 3, prize 2");
    assert_eq!(said(&counted, &FacetKind::Label), "", "all rows have one label, which parts none");
}

#[test]
fn counts_are_of_the_rows_that_match_and_what_the_filter_names_stays_to_be_taken_out() {
    let of = story(&[(0, 0), (1, 1)]).projection;
    let counted = counted(&of, "state:accepted -flag:refusal");

    assert_eq!(said(&counted, &FacetKind::State), "accepted 1");
    assert_eq!(said(&counted, &FacetKind::Flag), "duplicate 1, too-short 1, refusal 0");
}

#[test]
fn a_condition_is_added_turned_round_and_taken_out() {
    let turned =
        |filter: &str, clause: &str, to| Clauses::of(&Filter::parse(filter).unwrap()).turned(clause, to);
    assert_eq!(turned("", "tag:good", Use::Asked), "tag:good");
    assert_eq!(turned("text~\"a b\"", "tag:good", Use::Excluded), "text~\"a b\" -tag:good");
    assert_eq!(turned("tag:good text~\"a b\"", "tag:good", Use::Asked), "text~\"a b\"");
    assert_eq!(turned("-tag:good", "tag:good", Use::Asked), "tag:good");
    assert_eq!(turned("-tag:good state:pending", "tag:good", Use::Excluded), "state:pending");
    assert_eq!(turned("tag:a or tag:b", "tag:good", Use::Asked), "(tag:a or tag:b) tag:good");
    let quoted = Clauses::of(&Filter::parse("-tag:\"a b\"").unwrap());
    assert_eq!(quoted.names("tag:\"a b\""), Some(Use::Excluded));
}

#[test]
fn while_a_blind_trial_goes_on_no_value_tells_a_side() {
    let mut of = TrialStory::compare(true, 3);
    let blind = counted(&of.story.projection, "");
    assert!(blind.blind);
    assert_eq!(said(&blind, &FacetKind::Run), "1 1", "only the run from before the trial");

    of.end(TrialOutcome::Stopped);

    let told = counted(&of.story.projection, "");
    assert_eq!(told.all.iter().find(|facet| facet.kind == FacetKind::Run).unwrap().values.len(), 3);
}

proptest! {
    #[test]
    fn each_count_is_that_of_the_rows_which_its_condition_finds(
        changes in prop::collection::vec((0_u32..7, 0_u8..5), 0..12),
        filter in prop::sample::select(vec!["", "state:rejected", "-flag:duplicate", "tag:good", "prompt:v2"]),
    ) {
        let of = story(&changes).projection;
        let counted = counted(&of, filter);
        let rows = |text: &str| view(&of, &Filter::parse(text).unwrap(), &Sort::default()).len() as u64;
        prop_assert_eq!(counted.rows, rows(filter));
        for facet in counted.all.iter().filter(|facet| !matches!(facet.kind, FacetKind::Variable(_))) {
            for value in &facet.values {
                let found = rows(&format!("{filter} {}", value.clause));
                prop_assert_eq!(value.rows, found, "{}", &value.clause);
            }
        }
    }
}
