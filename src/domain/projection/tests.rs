use proptest::prelude::*;

use super::Projection;
use crate::domain::fixtures::{Story, request_ended};
use crate::domain::{
    Change, Event, Fact, Fields, Flag, FlagKind, Mark, Price, Rating, Reflagged, RequestNumber, RowNumber,
    RowState, RunNumber, Scores, StateKind, Timestamp, Tokens,
};

fn states(projection: &Projection) -> Vec<StateKind> {
    projection.rows().map(|row| row.state().kind()).collect()
}

#[test]
fn sampled_rows_are_pending_and_know_where_they_come_from() {
    let story = Story::with_rows(3);
    let row = story.projection.row(RowNumber(2)).unwrap();
    assert_eq!(row.text(), "row number 2");
    assert_eq!(row.label(), "spam");
    assert_eq!(row.version().map(|version| version.number), Some(1));
    assert_eq!(row.request().unwrap().variables["topic"], "bank");
    assert_eq!(row.scores().nearest.as_deref(), Some("7"));
    assert_eq!(story.projection.counts().all.pending, 3);
    assert_eq!(story.projection.runs().next().map(|run| (run.rows, run.requests)), Some((3, 1)));
}

#[test]
fn undo_walks_operations_back_and_redo_walks_them_forth() {
    let mut story = Story::with_rows(3);
    story.change(&[0], Change::accept());
    story.change(&[0, 1, 2], Change::reject());
    assert!(story.undo());
    assert_eq!(states(&story.projection), [StateKind::Accepted, StateKind::Pending, StateKind::Pending]);
    assert!(story.undo());
    assert_eq!(story.projection.counts().all.pending, 3);
    assert!(!story.undo());
    assert!(story.redo() && story.redo());
    assert_eq!(story.projection.counts().all.rejected, 3);
    assert!(!story.redo());
}

#[test]
fn a_new_decision_ends_what_could_be_redone() {
    let mut story = Story::with_rows(2);
    story.change(&[0], Change::accept());
    story.undo();
    story.change(&[1], Change::skip());
    assert!(!story.redo());
    assert!(story.undo());
    assert_eq!(story.projection.counts().all.pending, 2);
}

#[test]
fn undo_leaves_sampled_rows_and_versions_alone() {
    let mut story = Story::with_rows(2);
    story.change(&[0], Change::accept());
    story.version("second words");
    story.sampled(&["late"]);
    assert!(story.undo());
    assert_eq!((story.projection.len(), story.projection.versions().len()), (3, 2));
    assert_eq!(story.projection.counts().all.pending, 3);
}

#[test]
fn an_edit_keeps_the_original_and_undo_takes_it_back() {
    let mut story = Story::with_rows(1);
    story.change(&[0], Change::Edit { fields: Some(Fields::of_text("better")) });
    let row = story.projection.row(RowNumber(0)).unwrap();
    assert_eq!(
        (row.text().as_str(), row.original_text().as_str(), row.is_edited()),
        ("better", "row number 0", true)
    );
    story.undo();
    assert_eq!(story.projection.row(RowNumber(0)).unwrap().text(), "row number 0");
}

#[test]
fn flags_stay_with_their_rows() {
    let mut story = Story::with_rows(0);
    let flag = |kind| Flag { kind, other: Some("x".into()), figure: Some(1.0) };
    let rows = vec![
        story.new_row("a", vec![flag(FlagKind::Duplicate), flag(FlagKind::TooShort)]),
        story.new_row("b", vec![]),
        story.new_row("c", vec![flag(FlagKind::CopiesReal)]),
    ];
    story.sampled_rows(rows);
    let of = |n| story.projection.row(RowNumber(n)).unwrap().flags().map(|f| f.kind).collect::<Vec<_>>();
    assert_eq!(of(0), [FlagKind::Duplicate, FlagKind::TooShort]);
    assert!(of(1).is_empty());
    assert_eq!(of(2), [FlagKind::CopiesReal]);
    assert_eq!(story.projection.counts().of_flag(FlagKind::CopiesReal), 1);
}

#[test]
fn a_run_counts_its_rows_with_flags_as_they_are_now() {
    let mut story = Story::with_rows(0);
    let flag = |kind| Flag { kind, other: None, figure: None };
    let rows = vec![story.new_row("a", vec![flag(FlagKind::TooShort)]), story.new_row("b", vec![])];
    let run = story.sampled_rows(rows);
    let now = |row, flags| Reflagged { row: RowNumber(row), flags, scores: Scores::default() };
    let flagged = |story: &Story| story.projection.run(run).unwrap().flagged;
    assert_eq!(flagged(&story), 1);

    let two = vec![flag(FlagKind::TooShort), flag(FlagKind::Duplicate)];
    story.add(Event::Flagged { rows: vec![now(0, two.clone()), now(1, two)] });
    assert_eq!(flagged(&story), 2);
    let operation = story.projection.next_operation();
    let rows = vec![now(0, vec![]), now(1, vec![flag(FlagKind::TooLong)])];
    let touched = story.projection.apply(&Fact::new(operation, Timestamp(1), Event::Flagged { rows }));

    assert_eq!((flagged(&story), touched.runs), (1, vec![run]));
    let again = Projection::from_parts(story.projection.to_parts());
    assert_eq!(again.run(run).unwrap().flagged, 1);
}

#[test]
fn tokens_are_summed_for_the_session_and_for_each_version() {
    let mut story = Story::with_rows(1);
    let first = story.projection.versions()[0].id;
    story.sampled(&["more of the first"]);
    let second = story.version("second words");
    let run = story.sampled(&["of the second"]);
    let operation = story.projection.next_operation();
    let mut paid = story.projection.run(run).unwrap().clone();
    paid.number = RunNumber(run.0 + 1);
    paid.tokens = Tokens::default();
    paid.settings.price = Some(Price { input: 1000.0, output: 0.0 });
    let (run, request) = (paid.number, RequestNumber(0));
    let tokens = Tokens { input: 500, output: 7 };
    for event in [Event::RunBegan { run: Box::new(paid) }, request_ended(run, request, None, tokens, 1.0)] {
        story.push(Fact::new(operation, Timestamp(1), event));
    }
    let counts = story.projection.counts();

    assert_eq!(counts.usage_of(first).tokens(), Tokens { input: 20, output: 40 });
    assert_eq!(counts.usage_of(first).cost_usd(), None);
    assert_eq!(counts.usage_of(second).tokens(), Tokens { input: 510, output: 27 });
    assert_eq!(counts.usage.to_string(), "597 tokens · $0.50 · no price known for 90");
    let again = Projection::from_parts(story.projection.to_parts());
    assert_eq!(story.projection.difference(&again), None);
    assert_eq!(again.counts().usage, counts.usage);
}

#[test]
fn facts_about_what_does_not_exist_change_nothing() {
    let mut story = Story::with_rows(1);
    let before = story.projection.to_parts();
    story.change(&[17], Change::accept());
    assert_eq!(story.projection.to_parts().marks, before.marks);
    assert_eq!(story.projection.counts().all.total(), 1);
}

#[test]
fn journals_that_do_not_say_what_was_bulk_give_the_same_marks() {
    let mut story = Story::with_rows(4);
    story.change(&[0, 1, 2], Change::accept());
    story.change(&[1], Change::reject());
    story.undo();
    story.change(&[2], Change::reject());
    story.undo();
    story.redo();
    assert!(story.projection.mark(RowNumber(1)).unwrap().bulk, "undone: as it was");
    assert!(!story.projection.mark(RowNumber(2)).unwrap().bulk, "done again: by itself");

    let mut former = Projection::default();
    for fact in &story.facts {
        let line = serde_json::to_string(fact).unwrap().replace(",\"bulk\":true", "");
        former.apply(&serde_json::from_str(&line).unwrap());
    }
    assert_eq!(former.difference(&story.projection), None);
}

#[test]
fn new_rows_are_the_pending_ones_of_the_last_run() {
    let mut story = Story::with_rows(3);
    story.sampled(&["a", "b"]);
    let new = |story: &Story| story.projection.counts().new_rows();
    assert_eq!(new(&story), 2);
    story.change(&[0, 3], Change::skip());
    assert_eq!(new(&story), 1);
    story.undo();
    assert_eq!(new(&story), 2);
    assert_eq!(Projection::from_parts(story.projection.to_parts()).counts().new_rows(), 2);
}

#[derive(Debug, Clone)]
enum Step {
    Change(Vec<u32>, Change),
    Undo,
    Redo,
}

fn step() -> impl Strategy<Value = Step> {
    let rating = (1u8..=5).prop_map(|stars| Rating::try_from(stars).unwrap());
    let change = prop_oneof![
        proptest::option::of(rating).prop_map(|rating| Change::Accept { rating, tags: vec!["t".into()] }),
        proptest::option::of("[a-c]").prop_map(|reason| Change::Reject { reason, tags: vec![] }),
        Just(Change::skip()),
        Just(Change::ClearRating),
        proptest::collection::vec("[a-c]", 0..3).prop_map(|tags| Change::Tag { tags }),
        proptest::option::of("[a-z]{1,4}").prop_map(|t| Change::Edit { fields: t.map(Fields::of_text) }),
    ];
    prop_oneof![
        4 => (proptest::collection::vec(0u32..6, 1..5), change).prop_map(|(rows, change)| Step::Change(rows, change)),
        2 => Just(Step::Undo),
        1 => Just(Step::Redo),
    ]
}

/// The marks of all rows, kept the simple way: a stack of whole copies.
#[derive(Default)]
struct Naive {
    now: Vec<Mark>,
    undo: Vec<Vec<Mark>>,
    redo: Vec<Vec<Mark>>,
}

proptest! {
    #[test]
    fn the_projection_agrees_with_a_stack_of_whole_copies(steps in proptest::collection::vec(step(), 1..40)) {
        let mut story = Story::with_rows(6);
        let mut naive = Naive { now: vec![Mark::default(); 6], ..Naive::default() };
        for step in steps {
            match step {
                Step::Change(rows, change) => {
                    naive.undo.push(naive.now.clone());
                    naive.redo.clear();
                    story.change(&rows, change.clone());
                    let at = story.facts.last().unwrap().at;
                    let rows: std::collections::BTreeSet<_> = rows.into_iter().collect();
                    let bulk = rows.len() > 1;
                    rows.iter().for_each(|row| change.apply(&mut naive.now[*row as usize], at, bulk));
                }
                Step::Undo => {
                    prop_assert_eq!(story.undo(), !naive.undo.is_empty());
                    if let Some(before) = naive.undo.pop() {
                        naive.redo.push(std::mem::replace(&mut naive.now, before));
                    }
                }
                Step::Redo => {
                    prop_assert_eq!(story.redo(), !naive.redo.is_empty());
                    if let Some(after) = naive.redo.pop() {
                        naive.undo.push(std::mem::replace(&mut naive.now, after));
                    }
                }
            }
            prop_assert_eq!(&story.projection.to_parts().marks, &naive.now);
            let accepted = naive.now.iter().filter(|m| matches!(m.state, RowState::Accepted { .. })).count();
            prop_assert_eq!(story.projection.counts().all.accepted as usize, accepted);
            let version = story.projection.versions()[0].id;
            let counts = story.projection.counts();
            prop_assert_eq!(counts.of_version(version), counts.all);
            let kept = |bulk| {
                let kept = naive.now.iter().filter(|mark| mark.bulk == bulk);
                kept.filter(|mark| matches!(mark.state, RowState::Accepted { .. })).count()
            };
            let of = &counts.by_generator(version)[0];
            prop_assert_eq!(of.one_by_one.accepted as usize, kept(false));
            prop_assert_eq!(of.bulk.accepted as usize, kept(true));
            let rating = |mark: &Mark| mark.state.rating().filter(|_| !mark.bulk);
            let stars = naive.now.iter().filter_map(rating).map(|rating| u32::from(rating.stars()));
            prop_assert_eq!(of.ratings.stars, stars.sum::<u32>());
            let is_reasoned = |mark: &&Mark| mark.state == RowState::Rejected && mark.reason.is_some();
            let reasoned = naive.now.iter().filter(is_reasoned).count();
            prop_assert_eq!(of.reasons().iter().map(|(_, rows)| *rows as usize).sum::<usize>(), reasoned);
            prop_assert_eq!((of.rows, counts.new_rows()), (6, counts.all.pending));
        }
        let again = Projection::from_parts(story.projection.to_parts());
        prop_assert_eq!(story.projection.difference(&again), None);
        let json: Vec<_> = story.facts.iter().map(|fact| serde_json::to_string(fact).unwrap()).collect();
        let mut replayed = Projection::default();
        for line in json {
            replayed.apply(&serde_json::from_str(&line).unwrap());
        }
        prop_assert_eq!(story.projection.difference(&replayed), None);
    }
}
