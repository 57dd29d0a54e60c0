use crate::app::fixtures::{Harness, session, stopped_run};
use crate::app::fixtures::{done, failed, stopped};
use crate::app::{Effect, Message};
use crate::config::screen_state::SessionScreen;
use crate::domain::RunProgress;
use crate::domain::fixtures::Story;
use crate::domain::{Budget, Event, JobId, Price, RunNumber, RunStatus, Tokens};

fn resumed_within(bench: &mut Harness) -> Vec<(JobId, RunNumber, Budget)> {
    let resume = |effect| match effect {
        Effect::Resume { job, run, budget, .. } => Some((job, run, budget)),
        _ => None,
    };
    bench.take_effects().into_iter().filter_map(resume).collect()
}

fn resumed(bench: &mut Harness) -> Vec<(JobId, RunNumber)> {
    resumed_within(bench).into_iter().map(|(job, run, _)| (job, run)).collect()
}

#[test]
fn the_last_run_that_misses_rows_goes_on() {
    let mut bench = Harness::with_rows(2);
    bench.keys("c");
    assert_eq!(bench.notice(), "No run misses rows.");
    let first = bench.stop_a_run(&[]);
    let second = bench.stop_a_run(&[]);
    bench.arrive(&["a whole run"]);
    bench.keys("c c c");
    let sent = resumed(&mut bench);
    assert_eq!(sent.iter().map(|(_, run)| *run).collect::<Vec<_>>(), [second]);
    assert_eq!(bench.notice(), "No run misses rows.", "both are taken up");
    bench.send(Message::JobEnded { job: sent[0].0, outcome: Ok(done(3, 5)) });
    assert_eq!(resumed(&mut bench).iter().map(|(_, run)| *run).collect::<Vec<_>>(), [first]);
}

#[test]
fn a_run_that_goes_on_waits_behind_the_one_that_is_sampled() {
    let mut bench = Harness::with_rows(2);
    bench.stop_a_run(&[]);
    bench.keys("s c");
    assert_eq!(bench.notice(), "One run waits for the one that goes on.");
    assert!(resumed(&mut bench).is_empty());
    bench.keys("ctrl-c");
    assert_eq!(bench.notice(), "Stopping; rows that are there stay. The run that waited is dropped.");
}

#[test]
fn a_run_that_ends_too_early_says_how_it_goes_on() {
    let mut bench = Harness::with_rows(2);
    bench.keys("s");
    let job = bench.model.sampling.run().unwrap().id;
    let run = bench.stop_a_run(&[]);
    bench.send(Message::Sampling { job, progress: RunProgress { run, ..RunProgress::default() } });
    bench.send(Message::JobEnded { job, outcome: Ok(stopped(2, 2)) });
    assert_eq!(bench.notice(), "Run 2 stopped with 2 of 5 rows · c goes on");
    bench.keys("c");
    let (job, _) = resumed(&mut bench)[0];
    bench.send(Message::JobEnded { job, outcome: Ok(failed(2, 2, "the key was refused.")) });
    assert_eq!(bench.notice(), "Run 2 ended with 2 rows: the key was refused · c goes on");
}

#[test]
fn a_run_that_is_whole_says_only_what_it_did() {
    let mut bench = Harness::with_rows(2);
    bench.keys("s");
    let job = bench.model.sampling.run().unwrap().id;
    bench.send(Message::Sampling {
        job,
        progress: RunProgress { run: RunNumber(1), ..RunProgress::default() },
    });
    bench.send(Message::JobEnded { job, outcome: Ok(done(1, 2)) });
    assert_eq!(bench.notice(), "Run 1 done: 2 rows.");
}

#[test]
fn a_run_that_left_scraps_says_which_key_shows_them() {
    let mut bench = Harness::with_rows(2);
    bench.keys("s");
    let job = bench.model.sampling.run().unwrap().id;
    let run = bench.stop_a_run(&[("Cut off.", "{"), ("Empty.", "")]);
    bench.send(Message::Sampling { job, progress: RunProgress { run, ..RunProgress::default() } });
    bench.send(Message::JobEnded { job, outcome: Ok(stopped(2, 2)) });
    assert_eq!(bench.notice(), "Run 2 stopped with 2 of 5 rows · c goes on · 2 scraps, O shows them");
}

#[test]
fn a_first_look_at_an_interrupted_run_says_how_it_goes_on() {
    let mut story = Story::with_rows(1);
    stopped_run(&mut story, 5, &["one"], &[]);
    let mut bench = Harness::open(story, session(), SessionScreen::default());
    assert_eq!(bench.model.resumable().map(|run| run.rows), Some(1));
    bench.keys("c");
    assert_eq!(resumed(&mut bench).len(), 1);
}

#[test]
fn a_run_that_used_up_its_budget_goes_on_with_a_larger_one() {
    let mut bench = Harness::with_rows(2);
    let run = bench.stop_a_run(&[]);
    let reason = Some("The budget of 4 requests is used up.".to_owned());
    bench
        .story
        .add(Event::RunResumed { run, budget: Some(Budget { requests: Some(4), ..Budget::default() }) });
    bench.story.add(Event::RunEnded { run, status: RunStatus::Stopped { reason } });
    let saved = bench.saved();
    bench.send(Message::Snapshot(saved));
    bench.take_effects();

    assert_eq!(bench.model.going_on(run).as_deref(), Some(" · `,` raises it, `c` goes on"));
    bench.keys("c");
    assert_eq!(bench.notice(), "Run 2 used up its budget: `,` sets a larger one, then `c` goes on.");
    assert!(resumed(&mut bench).is_empty());
    bench.model.sampling.order.budget = Budget { requests: Some(3), cost: Some(1.0), tokens: None };
    bench.keys("c");
    assert!(resumed(&mut bench).is_empty(), "a smaller one is of no use");
    let larger = Budget { requests: Some(9), ..Budget::default() };
    bench.model.sampling.order.budget = larger;
    bench.keys("c");
    let sent = resumed_within(&mut bench);
    assert!(sent.iter().any(|(_, _, budget)| *budget == larger), "{sent:?}");
}

#[test]
fn a_run_that_a_person_stopped_keeps_its_budget() {
    let mut bench = Harness::with_rows(2);
    bench.stop_a_run(&[]);
    bench.model.sampling.order.budget = Budget { requests: Some(1), ..Budget::default() };
    bench.keys("c");
    let sent = resumed_within(&mut bench);
    assert!(sent.iter().any(|(_, _, budget)| *budget == Budget::default()), "{sent:?}");
}

#[test]
fn a_run_that_took_money_says_what_it_cost() {
    let mut bench = Harness::with_rows(2);
    bench.keys("s");
    let job = bench.model.sampling.run().unwrap().id;
    let mut run = bench.story.projection.runs().next().unwrap().clone();
    run.number = RunNumber(2);
    run.settings.price = Some(Price { input: 1000.0, output: 0.0 });
    let (number, tokens) = (run.number, Tokens { input: 500, output: 0 });
    run.tokens = tokens;
    bench.story.add(Event::RunBegan { run: Box::new(run) });
    let saved = bench.saved();
    bench.send(Message::Snapshot(saved));
    let progress = RunProgress { run: number, ..RunProgress::default() };
    bench.send(Message::Sampling { job, progress });
    bench.send(Message::JobEnded { job, outcome: Ok(done(2, 2)) });
    assert_eq!(bench.notice(), "Run 2 done: 2 rows · 500 tokens · $0.50");
}
