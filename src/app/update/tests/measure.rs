//! The Measure view: keys in, effects out.

use std::sync::Arc;

use crate::app::fixtures::Harness;
use crate::app::{Context, Effect, Message, Overlay, Question, View};
use crate::domain::fixtures::evaluation;
use crate::domain::{Evaluated, Failure, JobId, JobOutcome, OperationId, TrainCv};

fn open() -> Harness {
    let mut bench = Harness::with_rows(3);
    bench.keys("a").write().keys("g m");
    bench
}

fn started(bench: &mut Harness) -> Option<JobId> {
    bench.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Evaluate { job } => Some(job),
        _ => None,
    })
}

fn done(bench: &mut Harness, job: JobId) {
    let next = OperationId(bench.model.shown().next_operation().0);
    let evaluated = Evaluated { evaluation: Arc::new(evaluation()), next };
    bench.send(Message::JobEnded { job, outcome: Ok(JobOutcome::Evaluated(evaluated)) });
}

#[test]
fn s_begins_an_evaluation_and_its_end_is_drawn() {
    let mut bench = open();
    assert_eq!(bench.model.context(), Context::Measure);
    bench.keys("s");
    let job = started(&mut bench).unwrap();
    bench.send(Message::Evaluating { job, done: 5, total: 20 });
    assert_eq!(
        bench.model.measure.going.unwrap().progress.map(|(done, total, _)| (done, total)),
        Some((5, 20))
    );
    done(&mut bench, job);
    assert!(bench.model.measure.going.is_none() && bench.model.sampling.jobs.is_empty());
    assert_eq!(bench.model.measure.opened, 3);
    assert_eq!(bench.notice(), "", "the view shows it");
}

#[test]
fn without_an_accepted_row_nothing_is_evaluated() {
    let mut bench = Harness::with_rows(3);
    bench.keys("g m s");
    assert_eq!(started(&mut bench), None);
    assert_eq!(bench.notice(), "There is no accepted row to evaluate yet.");
}

#[test]
fn esc_leaves_it_running_and_its_end_is_said_where_the_person_is() {
    let mut bench = open();
    bench.keys("s esc");
    let job = started(&mut bench).unwrap();
    assert_eq!(bench.model.view, View::Bench);
    assert!(bench.model.measure.going.is_some());
    done(&mut bench, job);
    assert_eq!(bench.notice(), "The evaluation is done: helps · g m shows it");
}

#[test]
fn ctrl_c_stops_it_once_and_nothing_of_it_stays() {
    let mut bench = open();
    bench.keys("s");
    let job = started(&mut bench).unwrap();
    let labels: Vec<_> = bench.model.hints().iter().map(|hint| hint.label).collect();
    assert!(labels.contains(&"stop") && !labels.contains(&"evaluate"), "{labels:?}");
    bench.keys("ctrl-c");
    assert!(matches!(bench.take_effects()[..], [Effect::Stop { job: stopped }] if stopped == job));
    let reason = Failure::new("The evaluation was stopped; nothing was counted or kept.");
    bench.send(Message::JobEnded { job, outcome: Err(reason) });
    assert_eq!(bench.notice(), "The evaluation was stopped; nothing of it stays.");
    assert!(bench.model.measure.last.is_none() && bench.model.measure.failed.is_none());
    bench.keys("ctrl-c");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Question(Question::Quit { .. }))));
}

#[test]
fn a_second_one_is_not_begun_and_quitting_asks() {
    let mut bench = open();
    bench.keys("s");
    assert!(started(&mut bench).is_some());
    bench.keys("s");
    assert_eq!(started(&mut bench), None);
    assert_eq!(bench.notice(), "An evaluation goes on; ctrl-c stops it.");
    bench.keys("q");
    assert!(matches!(
        bench.model.overlay(),
        Some(Overlay::Question(Question::Quit { evaluates: true, runs: 0, .. }))
    ));
}

#[test]
fn why_nothing_came_of_it_stands_in_the_view_until_the_next_one() {
    let mut bench = open();
    bench.keys("s");
    let job = started(&mut bench).unwrap();
    let reason = Failure::new("There are 3 test rows of `spam`.");
    bench.send(Message::JobEnded { job, outcome: Err(reason) });
    assert_eq!(bench.model.measure.failed.as_deref(), Some("There are 3 test rows of `spam`."));
    bench.keys("s");
    assert_eq!(bench.model.measure.failed, None);
}

#[test]
fn decisions_that_came_since_are_counted_and_undone_ones_are_not() {
    let mut bench = open();
    bench.keys("s");
    let job = started(&mut bench).unwrap();
    done(&mut bench, job);
    let since = |bench: &Harness| {
        let next = bench.model.measure.last.as_ref().unwrap().next;
        crate::app::measure::decisions_since(bench.model.shown(), next)
    };
    assert_eq!(since(&bench), 0);
    bench.keys("g b a x").write();
    assert_eq!(since(&bench), 2);
    bench.keys("u").write();
    assert_eq!(since(&bench), 1);
}

#[test]
fn the_figure_of_the_strip_is_asked_for_every_ten_decisions() {
    let mut bench = Harness::with_rows(30);
    let asked = |bench: &mut Harness| {
        bench.write();
        let effects = bench.take_effects();
        effects.iter().filter(|effect| matches!(effect, Effect::CrossValidate)).count()
    };
    bench.keys("a a a a a a a a a");
    assert_eq!(asked(&mut bench), 0, "nine rows say too little");
    bench.keys("a");
    assert_eq!(asked(&mut bench), 1);
    bench.keys("a a");
    assert_eq!(asked(&mut bench), 0, "the answer has not come");
    let train = TrainCv { without: 0.61, with: 0.67, next: OperationId(1) };
    bench.send(Message::CrossValidated(Some(train)));
    assert_eq!(bench.model.measure.train, Some(train));
    assert_eq!(asked(&mut bench), 0);
    bench.keys("a a a a a a a a");
    assert_eq!(asked(&mut bench), 1);
}
