//! The Race view: keys in, effects out.

use crate::app::fixtures::{Harness, done, failed, session, stopped};
use crate::app::race::Feed;
use crate::app::{Context, Effect, Message, Overlay, Question, View};
use crate::config::screen_state::SessionScreen;
use crate::domain::fixtures::Story;
use crate::domain::{
    Budget, Change, Event, GeneratorSettings, JobId, JobOutcome, Provider, StateKind, Trial, TrialNumber,
    TrialOutcome, TrialSide,
};

/// Three versions, and a model as the generator.
fn open() -> Harness {
    let mut story = Story::with_rows(1);
    story.version("second words");
    story.version("third words");
    with_model(Harness::open(story, session(), SessionScreen::default()))
}

fn with_model(mut bench: Harness) -> Harness {
    bench.model.sampling.order.generator = GeneratorSettings {
        provider: Provider::Openai,
        model: Some("small".into()),
        rows_per_request: 2,
        ..GeneratorSettings::default()
    };
    bench
}

/// Takes the batch out of the effects that was asked for.
fn asked(bench: &mut Harness) -> Option<JobId> {
    let place = bench.effects.iter().position(|effect| matches!(effect, Effect::SampleRace { .. }))?;
    match bench.effects.remove(place) {
        Effect::SampleRace { job, .. } => Some(job),
        _ => None,
    }
}

/// Lets the rows of the batch come that was asked for, and ends it.
fn comes(bench: &mut Harness, side: u8, texts: &[&str], outcome: JobOutcome) {
    let job = asked(bench).expect("a batch was asked for");
    bench.story.batch_for(TrialSide { trial: TrialNumber(1), side }, Budget::default(), texts);
    let saved = bench.saved();
    bench.send(Message::Snapshot(saved));
    bench.send(Message::JobEnded { job, outcome: Ok(outcome) });
}

/// A race of three versions whose first rows are there.
fn racing() -> Harness {
    let mut bench = open();
    bench.keys("g r enter").write();
    for side in 0..3 {
        let texts = [format!("first of {side}"), format!("second of {side}")];
        comes(&mut bench, side, &[&texts[0], &texts[1]], done(2, 2));
    }
    bench
}

fn trial(bench: &Harness) -> Trial {
    bench.model.shown().laboratory().trials()[0].clone()
}

fn current_text(bench: &Harness) -> String {
    let row = bench.model.race.current.and_then(|row| bench.model.shown().row(row));
    row.map(|row| row.text().to_owned()).unwrap_or_default()
}

fn ends(bench: &mut Harness, outcome: TrialOutcome) {
    bench.story.add(Event::TrialEnded { trial: TrialNumber(1), outcome });
    let saved = bench.saved();
    bench.send(Message::Snapshot(saved));
}

#[test]
fn the_form_begins_a_blind_race_of_the_chosen_versions_with_the_settings_of_now() {
    let mut bench = open();
    bench.keys("g r");
    assert_eq!((bench.model.view, bench.model.context()), (View::Race, Context::RaceForm));
    bench.keys("space j j j l j l enter").write();
    let trial = trial(&bench);
    assert!(trial.blind && trial.goes_on());
    let numbers: Vec<_> =
        trial.sides.iter().map(|side| bench.model.shown().version(side.version).unwrap().number).collect();
    assert_eq!(numbers, [1, 2], "the newest, which was first, was left out");
    assert_eq!((trial.rows, trial.sides[0].settings.rows_per_request), (320, 3));
    assert_eq!(bench.model.context(), Context::Race);
    assert!(asked(&mut bench).is_some());
}

#[test]
fn one_version_alone_and_the_offline_generator_do_not_race() {
    let mut bench = open();
    bench.keys("g r space j space enter");
    assert_eq!(bench.notice(), "At least two versions race; `space` chooses one.");
    bench.keys("esc");
    assert_eq!(bench.model.view, View::Bench);
    bench.model.sampling.order.generator = GeneratorSettings::default();
    bench.keys("g r enter");
    assert!(bench.notice().starts_with("The offline generator reads no prompt"), "{}", bench.notice());
    assert!(bench.model.shown().laboratory().is_empty());
}

#[test]
fn every_side_has_its_rows_and_then_more_come_only_as_rows_are_decided() {
    let mut bench = racing();
    assert_eq!(asked(&mut bench), None, "six rows wait, and two batches are four");
    bench.keys("a x").write();
    assert_eq!(asked(&mut bench), None);
    bench.keys("a").write();
    assert!(asked(&mut bench).is_some());
    bench.keys("a").write();
    assert_eq!(asked(&mut bench), None, "one batch at a time");
}

#[test]
fn rows_are_decided_one_after_another_and_undo_goes_back_to_the_row() {
    let mut bench = racing();
    let first = current_text(&bench);
    bench.keys("a").write();
    let second = current_text(&bench);
    assert_ne!(first, second);
    bench.keys("space").write();
    assert_ne!(current_text(&bench), second, "a skipped row does not come again");
    bench.keys("u u").write();
    assert_eq!(current_text(&bench), first);
    bench.keys("4").write();
    assert_eq!(bench.model.race.race.made(), 1);
    assert_eq!(bench.states().iter().filter(|state| **state == StateKind::Accepted).count(), 1);
}

#[test]
fn rows_that_come_leave_the_row_in_its_place_and_a_key_decides_the_row_that_was_drawn() {
    let mut bench = racing();
    bench.keys("a a a").write();
    let shown = current_text(&bench);
    comes(&mut bench, 0, &["one more", "and one"], done(5, 2));
    assert_eq!(current_text(&bench), shown);
    bench.keys("X");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Line(_))));
    bench.typed("too odd").keys("enter").write();
    let rejected = bench.model.shown().rows().find(|row| row.state().kind() == StateKind::Rejected).unwrap();
    assert_eq!(rejected.text(), shown.as_str());
    assert_eq!(rejected.mark().reason.as_deref(), Some("too odd"));
}

#[test]
fn a_batch_that_fails_pauses_the_race_and_one_key_tries_again() {
    let mut bench = open();
    bench.keys("g r enter").write();
    comes(&mut bench, 0, &[], failed(2, 0, "The server is away."));
    assert_eq!(bench.model.race.feed, Feed::Paused { why: Some("The server is away.".into()) });
    bench.keys("j k").write();
    assert_eq!(asked(&mut bench), None, "nothing is asked again and again");
    bench.keys("s");
    assert!(asked(&mut bench).is_some());
}

#[test]
fn ctrl_c_stops_the_batch_and_pauses_the_race() {
    let mut bench = open();
    bench.keys("g r enter").write().keys("ctrl-c");
    assert!(bench.effects.iter().any(|effect| matches!(effect, Effect::Stop { .. })));
    comes(&mut bench, 0, &["one"], stopped(2, 1));
    assert_eq!(bench.model.race.feed, Feed::Paused { why: None });
    assert_eq!(asked(&mut bench), None);
    assert_eq!(current_text(&bench), "one", "what came is decided");
}

#[test]
fn a_race_that_goes_on_is_there_again_after_a_start_and_asks_nobody_by_itself() {
    let mut bench = racing();
    bench.keys("a a a").write();
    let story = std::mem::take(&mut bench.story);
    let mut again = with_model(Harness::open(story, session(), SessionScreen::default()));
    again.keys("g r");
    assert_eq!(again.model.context(), Context::Race);
    assert_eq!((again.model.race.race.made(), again.model.race.race.batches), (3, 3));
    assert_eq!(asked(&mut again), None);
    again.keys("a").write();
    assert_eq!(again.model.race.race.made(), 4);
    again.keys("s");
    assert!(asked(&mut again).is_some());
}

#[test]
fn other_settings_than_those_of_the_race_are_not_used_for_its_rows() {
    let mut bench = racing();
    bench.model.sampling.order.generator.temperature = 0.1;
    bench.keys("a a a");
    let settings = bench.effects.iter().find_map(|effect| match effect {
        Effect::SampleRace { settings, .. } => Some(settings.clone()),
        _ => None,
    });
    assert_eq!(settings, Some(None));
}

#[test]
fn the_end_stops_what_is_sampled_and_the_best_is_loaded_and_labelled() {
    let mut bench = racing();
    bench.keys("a a a").write();
    let job = asked(&mut bench).unwrap();
    ends(&mut bench, TrialOutcome::Best { side: 1 });
    assert!(bench.effects.iter().any(|effect| matches!(effect, Effect::Stop { job: of } if *of == job)));
    assert_eq!(bench.model.context(), Context::RaceEnd);
    bench.send(Message::JobEnded { job, outcome: Ok(stopped(5, 0)) });
    bench.keys("p").write();
    let best = trial(&bench).sides[1].version;
    assert_eq!(bench.model.shown().laboratory().labelled("main", "production"), Some(best));
    assert_eq!(bench.notice(), "v2 is labelled `production` now.");
    bench.keys("enter");
    assert_eq!(bench.model.prompt.base, Some(best));
    bench.keys("n");
    assert_eq!(bench.model.context(), Context::RaceForm);
    bench.keys("esc");
    assert_eq!(bench.model.context(), Context::RaceEnd, "the race is shown again");
}

#[test]
fn ending_by_hand_asks_first_and_names_no_best() {
    let mut bench = racing();
    bench.keys("E");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Question(Question::EndRace))));
    bench.keys("esc");
    assert!(trial(&bench).goes_on());
    bench.keys("E y").write();
    assert_eq!(trial(&bench).ended.map(|end| end.outcome), Some(TrialOutcome::Stopped));
    bench.keys("enter");
    assert_eq!(bench.notice(), "The race named no best version.");
}

#[test]
fn a_decision_in_another_view_counts_and_a_row_of_the_bench_is_not_decided_here() {
    let mut bench = racing();
    bench.keys("esc");
    assert_eq!(bench.model.view, View::Bench);
    bench.story.change(&[1], Change::accept());
    let saved = bench.saved();
    bench.send(Message::Snapshot(saved));
    bench.keys("g r");
    assert_eq!(bench.model.race.race.made(), 1);
    bench.keys("a a a a a").write();
    assert_eq!(bench.states()[0], StateKind::Pending, "the row that is no row of the race");
    let before = bench.states();
    bench.keys("a").write();
    assert_eq!(bench.notice(), "No row of the race waits.");
    assert_eq!(bench.states(), before);
}

/// Takes the budget of the batch out of the effects that was asked for.
fn budget_asked(bench: &mut Harness) -> Option<Budget> {
    bench.take_effects().into_iter().find_map(|effect| match effect {
        Effect::SampleRace { budget, .. } => Some(budget),
        _ => None,
    })
}

#[test]
fn a_smaller_budget_of_the_settings_holds_for_a_race_and_a_larger_one_where_one_goes_on_with_it() {
    let tokens = |tokens| Budget { tokens: Some(tokens), ..Budget::default() };
    let mut bench = open();
    bench.model.sampling.order.budget = tokens(70);
    bench.keys("g r enter").write();
    let job = asked(&mut bench).unwrap();
    bench.story.batch_for(TrialSide { trial: TrialNumber(1), side: 0 }, tokens(70), &["a", "b"]);
    let saved = bench.saved();
    bench.model.sampling.order.budget = tokens(50);
    bench.send(Message::Snapshot(saved));
    bench.send(Message::JobEnded { job, outcome: Ok(done(2, 2)) });
    assert_eq!(budget_asked(&mut bench), Some(tokens(50)), "a smaller one is obeyed at once");

    let job = bench.model.sampling.run().unwrap().id;
    bench.model.sampling.order.budget = tokens(9000);
    bench.story.batch_for(TrialSide { trial: TrialNumber(1), side: 1 }, tokens(20), &["c", "d"]);
    let saved = bench.saved();
    bench.send(Message::Snapshot(saved));
    bench.send(Message::JobEnded { job, outcome: Ok(done(3, 2)) });
    assert_eq!(budget_asked(&mut bench), Some(tokens(50)), "a larger one is not taken by itself");
    let job = bench.model.sampling.run().unwrap().id;
    bench.send(Message::JobEnded { job, outcome: Ok(failed(3, 0, "The budget is used up.")) });
    assert_eq!(budget_asked(&mut bench), None);
    bench.keys("s");
    assert_eq!(budget_asked(&mut bench), Some(tokens(9000)), "who goes on means it");
}

#[test]
fn a_run_of_a_race_that_goes_on_is_not_resumed_by_itself() {
    let mut bench = racing();
    let run = bench.stop_a_run(&[]);
    assert!(bench.model.shown().run(run).unwrap().trial.is_some(), "it is one as those before it");
    assert_eq!(bench.model.resumable().map(|run| run.number), None);
    assert_eq!(bench.model.going_on(run), None);
    ends(&mut bench, TrialOutcome::Stopped);
    assert_eq!(bench.model.resumable().map(|run| run.number), Some(run), "once it has ended");
}
