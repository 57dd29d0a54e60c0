use super::*;
use crate::domain::{Budget, StateKind, Tokens};

#[test]
fn a_run_is_begun_filled_and_ended_and_is_there_again_after_a_start() {
    let mut session = TestSession::new();

    let run = session.run(&["Answer now to win a bicycle", "Your parcel is held at the depot"], &["{\"te"]);

    let session = session.checked();
    let run = session.bench.projection().run(run).unwrap();
    assert_eq!((run.rows, run.scraps, run.requests, run.failed), (2, 1, 1, 0));
    assert_eq!(run.status, RunStatus::Done);
    assert_eq!(session.row(1).text(), "Your parcel is held at the depot");
    assert_eq!(session.row(1).label(), "spam");
}

#[test]
fn rows_beyond_those_asked_for_are_dropped() {
    let mut session = TestSession::new();
    let (plan, request) = session.begin(2);

    let rows = ["one prize", "two prizes", "three prizes"].map(Fields::of_text).to_vec();
    let taken = session.take_in(&plan, request, rows);

    assert_eq!((taken.rows, taken.beyond), (2, 1));
    assert_eq!(session.bench.projection().len(), 2);
}

#[test]
fn a_run_that_the_program_did_not_end_is_interrupted_and_its_rows_are_kept() {
    let mut session = TestSession::new();
    let (plan, request) = session.begin(5);
    session.take_in(&plan, request, vec![Fields::of_text("one prize waits")]);
    session.bench.commit().unwrap();

    let session = session.reopened();

    assert_eq!(session.bench.projection().run(plan.number()).unwrap().status, RunStatus::Interrupted);
    assert_eq!(session.bench.notices(), ["Run 1 was interrupted at 1 of 5 rows."]);
    assert_eq!(session.bench.projection().counts().all.of(StateKind::Pending), 1);
}

#[test]
fn requests_that_were_under_way_when_the_program_ended_are_estimated_like_those_before() {
    let mut session = TestSession::new();
    let (plan, first) = session.begin(2);
    let planned = plan.request(1, 2).unwrap();
    session.bench.begin_request(&plan, &planned, NOW);
    let tokens = Tokens { input: 50, output: 900 };
    let outcome = RequestOutcome { sent: 1, tokens, ..RequestOutcome::default() };
    session.bench.end_request(&plan, first, outcome, NOW);
    session.bench.commit().unwrap();

    let mut session = session.reopened();
    let operation = session.next();
    session.bench.resume_run(None, Budget::default(), &Model, operation, NOW).unwrap();

    let run = session.bench.projection().run(plan.number()).unwrap();
    assert_eq!((run.requests, run.failed, run.paid, run.tokens), (2, 1, 2, tokens));
    assert_eq!(run.estimated, Tokens { input: planned.tokens(), output: 900 });
}

#[test]
fn what_is_staged_and_not_committed_is_not_saved() {
    let mut session = TestSession::new();
    let (plan, request) = session.begin(1);
    session.take_in(&plan, request, vec![Fields::of_text("one prize waits")]);

    assert_eq!(session.bench.projection().len(), 1);
    assert_eq!(session.reopened().bench.projection().len(), 0);
}

/// Repeats a request, and returns the earlier reply that may be reused for it.
fn asked_again(session: &mut TestSession, outcome: RequestOutcome) -> Option<String> {
    let settings = session.bench.session().generator.clone();
    let order = RunOrder { seed: Some(7), reuse: true, ..RunOrder::new(2, settings) };
    let (source, operation) = (PromptSource::Version(None), session.next());
    let plan = session.bench.begin_run(&order, &source, &Model, operation, NOW).unwrap();
    let planned = plan.request(0, 2).unwrap();
    let earlier = session.bench.earlier_reply(&plan, &planned).unwrap();
    let request = session.bench.begin_request(&plan, &planned, NOW);
    session.bench.end_request(&plan, request, outcome, NOW);
    session.bench.end_run(&plan, RunStatus::STOPPED, NOW);
    session.bench.commit().unwrap();
    earlier
}

#[test]
fn only_replies_that_came_whole_are_used_again() {
    let mut session = TestSession::new();
    let said = |text: &str| RequestOutcome { reply: Some(text.into()), ..RequestOutcome::default() };
    let failed = RequestOutcome { error: Some("The connection broke.".into()), ..said("half a rep") };
    let cut = RequestOutcome { cut_off: true, ..said("up to its most tok") };

    assert_eq!(asked_again(&mut session, failed.clone()), None);
    assert_eq!(asked_again(&mut session, cut.clone()), None, "it failed");
    assert_eq!(asked_again(&mut session, RequestOutcome::default()), None, "it was cut off");
    assert_eq!(asked_again(&mut session, said("the whole reply")), None, "nothing came");
    assert_eq!(asked_again(&mut session, failed).as_deref(), Some("the whole reply"));
    let mut session = session.checked();
    assert_eq!(asked_again(&mut session, cut).as_deref(), Some("the whole reply"), "whatever came after it");
    assert_eq!(asked_again(&mut session, said("another")).as_deref(), Some("the whole reply"));
    assert_eq!(asked_again(&mut session, said("")).as_deref(), Some("another"), "the latest one");
}
