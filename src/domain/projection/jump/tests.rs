use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::fixtures::Story;
use crate::domain::{Change, Fields, Mark, Origin, Projection, RowState, Timeline};

/// A step of a person, or of a run.
#[derive(Debug, Clone)]
enum Step {
    Change(Vec<u32>, u8),
    Undo,
    Redo,
    Jump(usize),
    Sample,
    Import,
}

fn any_step() -> impl Strategy<Value = Step> {
    let rows = prop::collection::btree_set(0_u32..6, 1..5).prop_map(|rows| rows.into_iter().collect());
    prop_oneof![
        5 => (rows, 0_u8..6).prop_map(|(rows, change)| Step::Change(rows, change)),
        3 => Just(Step::Undo),
        2 => Just(Step::Redo),
        2 => (0_usize..40).prop_map(Step::Jump),
        1 => Just(Step::Sample),
        1 => Just(Step::Import),
    ]
}

fn change(kind: u8) -> Change {
    match kind {
        0 => Change::accept(),
        1 => Change::reject(),
        2 => Change::Reject { reason: Some("dull".into()), tags: vec![] },
        3 => Change::Tag { tags: vec!["tone".into()] },
        4 => Change::Edit { fields: Some(Fields::of_text("other words")) },
        _ => Change::skip(),
    }
}

/// The marks of all rows; those that were not there yet, or are gone again, are as they were before.
fn marks(projection: &Projection) -> Vec<Mark> {
    (0..projection.len()).filter_map(|row| projection.mark(RowNumber(u32::try_from(row).unwrap()))).collect()
}

/// What is known after each operation, as a naive model has it: every mark, and which changes are in effect.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    marks: Vec<Mark>,
    holds: BTreeSet<OperationId>,
}

/// Walks the steps and keeps what was known after each operation.
fn walked(steps: &[Step]) -> (Story, Vec<Known>) {
    let mut story = Story::with_rows(6);
    let mut after: Vec<Known> = Vec::new();
    let mut holds = BTreeSet::new();
    fill(&story, &holds, &mut after);
    for step in steps {
        let (undo, redo) = (story.projection.next_undo().cloned(), story.projection.next_redo().cloned());
        match step {
            Step::Change(rows, kind) => {
                let id = story.change(rows, change(*kind));
                if story.projection.operation(id).unwrap().is_undoable() {
                    holds.insert(id);
                }
            }
            Step::Undo if story.undo() => turn(undo.as_ref(), true, &mut holds, &after),
            Step::Redo if story.redo() => turn(redo.as_ref(), false, &mut holds, &after),
            Step::Jump(place) => {
                let place = place % story.projection.operation_count();
                let target = story.projection.operation_at(place).unwrap().id;
                if story.jump(target) {
                    holds = after[place].holds.clone();
                }
            }
            Step::Sample => {
                story.sampled(&["one more"]);
            }
            Step::Import => {
                holds.insert(story.imported("rows.jsonl", &Origin::default(), &["from a file"]));
            }
            Step::Undo | Step::Redo => {}
        }
        fill(&story, &holds, &mut after);
    }
    (story, after)
}

/// Keeps what is known now for the operations that came since.
fn fill(story: &Story, holds: &BTreeSet<OperationId>, after: &mut Vec<Known>) {
    let now = Known { marks: marks(&story.projection), holds: holds.clone() };
    after.resize(story.projection.operation_count(), now);
}

fn turn(
    turned: Option<&crate::domain::Operation>,
    back: bool,
    holds: &mut BTreeSet<OperationId>,
    after: &[Known],
) {
    let Some(turned) = turned else { return };
    let known = |number: u64| after.get(usize::try_from(number).unwrap());
    // The operations of a story are numbered from 1, so that this is the one before.
    let place = if back { turned.id.0.checked_sub(2) } else { turned.id.0.checked_sub(1) };
    *holds = place.and_then(known).map(|known| known.holds.clone()).unwrap_or_default();
}

/// Returns the marks that rows must have after a jump: those of then; rows that came later are undecided, or gone
/// with their import.
fn expected(then: &[Mark], now: &Projection) -> Vec<Mark> {
    let mut marks = then.to_vec();
    for row in then.len()..now.len() {
        let row = now.any_row(RowNumber(u32::try_from(row).unwrap())).unwrap();
        let state = if row.origin().is_some() { RowState::Withdrawn } else { RowState::Pending };
        marks.push(Mark { state, ..Mark::default() });
    }
    marks
}

proptest! {
    #[test]
    fn a_jump_gives_the_state_of_then_and_one_undo_the_state_before(
        steps in prop::collection::vec(any_step(), 1..40), to in 0_usize..80,
    ) {
        let (mut story, after) = walked(&steps);
        let before = marks(&story.projection);
        let counts = story.projection.counts().all;
        let place = to % story.projection.operation_count();
        let last = story.projection.operations().last().unwrap().id;
        let target = story.projection.operation_at(place).unwrap().id;
        let rows = story.projection.rows_of_jump(target).unwrap();

        let jumped = story.jump(target);

        prop_assert_eq!(jumped, rows > 0);
        let there = marks(&story.projection);
        prop_assert_eq!(&there, &expected(&after[place].marks, &story.projection));
        prop_assert_eq!(there.iter().zip(&before).filter(|(now, then)| now != then).count(), rows);
        if jumped {
            // Back by undo, there again by redo, and back by a jump.
            prop_assert!(story.undo());
            prop_assert_eq!(&marks(&story.projection), &before);
            prop_assert_eq!(story.projection.counts().all, counts);
            prop_assert!(story.redo());
            prop_assert_eq!(&marks(&story.projection), &there);
            prop_assert!(story.jump(last));
            prop_assert_eq!(&marks(&story.projection), &before);
        }
    }

    #[test]
    fn the_timeline_knows_what_is_in_effect_and_how_far_it_is(
        steps in prop::collection::vec(any_step(), 1..40), to in 0_usize..80,
    ) {
        let (story, after) = walked(&steps);
        let timeline = Timeline::of(&story.projection);
        let now = &after.last().unwrap().holds;
        for (place, operation) in story.projection.operations().enumerate() {
            let is_jump = matches!(operation.kind, OperationKind::Jump { .. });
            if operation.is_undoable() && !is_jump {
                prop_assert_eq!(timeline.is_in_effect(place), now.contains(&operation.id));
            }
        }
        let place = to % story.projection.operation_count();
        let then = &after[place].holds;
        let steps = timeline.steps_to(place);
        prop_assert_eq!(steps.back as usize, now.difference(then).count());
        prop_assert_eq!(steps.again as usize, then.difference(now).count());
    }
}

#[test]
fn a_jump_is_one_operation_that_names_its_target() {
    let mut story = Story::with_rows(3);
    let first = story.change(&[0], Change::accept());
    story.change(&[1, 2], Change::reject());

    assert!(story.jump(first));

    let last = story.projection.operations().last().unwrap();
    assert_eq!((last.kind, last.rows, last.undone), (OperationKind::Jump { target: first }, 2, false));
    assert_eq!(story.projection.next_undo().unwrap().id, last.id);
    assert!(!story.jump(first), "the rows are so already");
}

#[test]
fn a_jump_to_no_operation_is_none() {
    let story = Story::with_rows(1);
    assert_eq!(story.projection.rows_of_jump(OperationId(99)), None);
}

#[test]
fn an_operation_knows_its_rows_and_an_undo_those_of_what_it_turned() {
    let mut story = Story::with_rows(4);
    let sampled = story.projection.operations().last().unwrap().id;
    let id = story.change(&[1, 3], Change::accept());
    story.undo();
    let undo = story.projection.operations().last().unwrap().id;
    let rows = |id| story.projection.rows_of(id);

    assert_eq!(rows(id), Some(RowsOf::Changed([1, 3].map(RowNumber).into_iter().collect())));
    assert_eq!(rows(undo), rows(id));
    assert_eq!(rows(sampled), Some(RowsOf::Run(RunNumber(1))));
    assert_eq!(rows(OperationId(1)), None, "a version is about no row");
}
