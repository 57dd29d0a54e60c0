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

/// Repeats a request, and returns the earlier reply that may be reused for it.
fn asked_again(desk: &mut Desk, outcome: RequestOutcome) -> Option<String> {
    let settings = desk.bench.session().generator.clone();
    let order = RunOrder { seed: Some(7), reuse: true, ..RunOrder::new(2, settings) };
    let (source, operation) = (PromptSource::Version(None), desk.next());
    let plan = desk.bench.begin_run(&order, &source, &Model, operation, NOW).unwrap();
    let planned = plan.request(0, 2).unwrap();
    let earlier = desk.bench.earlier_reply(&plan, &planned).unwrap();
    let request = desk.bench.begin_request(&plan, &planned, NOW).unwrap();
    desk.bench.end_request(&plan, request, outcome, NOW).unwrap();
    desk.bench.end_run(&plan, RunStatus::STOPPED, NOW);
    desk.bench.commit().unwrap();
    earlier
}

#[test]
fn only_replies_that_came_whole_are_used_again() {
    let mut desk = Desk::new();
    let said = |text: &str| RequestOutcome { reply: Some(text.into()), ..RequestOutcome::default() };
    let failed = RequestOutcome { error: Some("The connection broke.".into()), ..said("half a rep") };
    let cut = RequestOutcome { cut_off: true, ..said("up to its most tok") };

    assert_eq!(asked_again(&mut desk, failed.clone()), None);
    assert_eq!(asked_again(&mut desk, cut.clone()), None, "it failed");
    assert_eq!(asked_again(&mut desk, RequestOutcome::default()), None, "it was cut off");
    assert_eq!(asked_again(&mut desk, said("the whole reply")), None, "nothing came");
    assert_eq!(asked_again(&mut desk, failed).as_deref(), Some("the whole reply"));
    let mut desk = desk.checked();
    assert_eq!(asked_again(&mut desk, cut).as_deref(), Some("the whole reply"), "whatever came after it");
    assert_eq!(asked_again(&mut desk, said("another")).as_deref(), Some("the whole reply"));
    assert_eq!(asked_again(&mut desk, said("")).as_deref(), Some("another"), "the latest one");
}
