use super::*;
use crate::domain::StateKind;

#[test]
fn a_run_is_begun_filled_and_ended_and_is_there_again_after_a_start() {
    let mut desk = Desk::new();

    let run = desk.run(&["Answer now to win a bicycle", "Your parcel is held at the depot"], &["{\"te"]);

    let desk = desk.checked();
    let run = desk.bench.projection().run(run).unwrap();
    assert_eq!((run.rows, run.scraps, run.requests, run.failed), (2, 1, 1, 0));
    assert_eq!(run.status, RunStatus::Done);
    assert_eq!(desk.row(1).text(), "Your parcel is held at the depot");
    assert_eq!(desk.row(1).label(), "spam");
}

#[test]
fn rows_beyond_those_asked_for_are_dropped() {
    let mut desk = Desk::new();
    let (plan, request) = desk.begin(2);

    let rows = ["one prize", "two prizes", "three prizes"].map(Fields::of_text).to_vec();
    let taken = desk.take_in(&plan, request, rows);

    assert_eq!((taken.rows, taken.beyond), (2, 1));
    assert_eq!(desk.bench.projection().len(), 2);
}

#[test]
fn a_run_that_the_program_did_not_end_is_interrupted_and_its_rows_are_kept() {
    let mut desk = Desk::new();
    let (plan, request) = desk.begin(5);
    desk.take_in(&plan, request, vec![Fields::of_text("one prize waits")]);
    desk.bench.commit().unwrap();

    let desk = desk.reopened();

    assert_eq!(desk.bench.projection().run(plan.number()).unwrap().status, RunStatus::Interrupted);
    assert_eq!(desk.bench.notices(), ["Run 1 was interrupted at 1 of 5 rows."]);
    assert_eq!(desk.bench.projection().counts().all.of(StateKind::Pending), 1);
}

#[test]
fn what_is_staged_and_not_committed_is_not_saved() {
    let mut desk = Desk::new();
    let (plan, request) = desk.begin(1);
    desk.take_in(&plan, request, vec![Fields::of_text("one prize waits")]);

    assert_eq!(desk.bench.projection().len(), 1);
    assert_eq!(desk.bench.saved().1.len(), 0);
    assert_eq!(desk.reopened().bench.projection().len(), 0);
}
