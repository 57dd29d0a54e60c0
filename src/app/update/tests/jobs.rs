use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use crate::app::fixtures::Harness;
use crate::app::fixtures::done;
use crate::app::{Effect, Message, Overlay, Question, Stage};
use crate::domain::{Failure, JobId, Preview, Problem, PromptPart, RunProgress};

fn samples(bench: &mut Harness) -> Vec<JobId> {
    let job = |effect| if let Effect::Sample { job, .. } = effect { Some(job) } else { None };
    bench.take_effects().into_iter().filter_map(job).collect()
}

#[test]
fn a_second_run_waits_for_the_first() {
    let mut bench = Harness::with_rows(1);
    bench.keys("s s");
    let first = samples(&mut bench);
    assert_eq!(first.len(), 1);
    assert_eq!(bench.notice(), "One run waits for the one that goes on.");
    let progress = RunProgress { done: 4, requested: 20, ..RunProgress::default() };
    bench.send(Message::Sampling { job: first[0], progress });
    assert_eq!(bench.model.sampling.progress().map(|progress| progress.done), Some(4));
    bench.send(Message::JobEnded { job: first[0], outcome: Ok(done(2, 20)) });
    assert_eq!(bench.notice(), "Run 2 done: 20 rows.");
    assert_eq!(samples(&mut bench).len(), 1);
    assert!(bench.model.sampling.waiting.is_empty());
}

#[test]
fn a_run_that_fails_takes_the_waiting_ones_with_it() {
    let mut bench = Harness::with_rows(1);
    bench.keys("ctrl-g f5 s");
    let job = samples(&mut bench)[0];
    bench.send(Message::JobEnded { job, outcome: Err(Failure::new("The server refused the key.")) });
    assert_eq!(bench.notice(), "The server refused the key. The 2 runs that waited are dropped.");
    assert!(samples(&mut bench).is_empty());
}

#[test]
fn an_answer_of_a_job_that_nobody_waits_for_is_dropped() {
    let mut bench = Harness::with_rows(1);
    bench.take_effects();
    bench.send(Message::JobEnded { job: JobId(99), outcome: Ok(done(2, 20)) });
    bench.send(Message::Sampling { job: JobId(99), progress: RunProgress::default() });
    assert!(bench.effects.is_empty() && bench.model.notice.is_none());
}

#[test]
fn a_prompt_with_a_problem_is_not_sent() {
    let mut bench = Harness::with_rows(1);
    let ask = bench.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Preview { ask, .. } => Some(ask),
        _ => None,
    });
    let message = "There is no variable `topik`.".to_owned();
    let problem = Problem { part: PromptPart::User, range: 0..1, line: 1, message };
    let preview = Preview { problems: vec![problem], ..Preview::default() };
    bench.send(Message::Previewed { ask: ask.unwrap(), preview });
    bench.keys("s");
    assert_eq!(bench.notice(), "The prompt cannot be sent: There is no variable `topik`.");
    assert!(samples(&mut bench).is_empty());
}

#[test]
fn ctrl_c_stops_the_run_and_drops_the_waiting_ones_and_escape_does_not() {
    let mut bench = Harness::with_rows(1);
    bench.keys("s s esc esc i esc");
    let job = samples(&mut bench)[0];
    assert!(bench.model.sampling.run().is_some());
    bench.keys("i ctrl-c");
    assert!(
        matches!(bench.take_effects().as_slice(), [.., Effect::Stop { job: stopped }] if *stopped == job)
    );
    assert_eq!(bench.notice(), "Stopping; rows that are there stay. The run that waited is dropped.");
    bench.keys("ctrl-c");
    assert_eq!(
        question(&bench),
        Some(&Question::Quit { runs: 1, exports: false, evaluates: false, loses_typed: false })
    );
}

fn question(bench: &Harness) -> Option<&Question> {
    match bench.model.overlay() {
        Some(Overlay::Question(question)) => Some(question),
        _ => None,
    }
}

#[test]
fn q_quits_at_once_and_asks_while_a_run_goes_on() {
    let mut bench = Harness::with_rows(1);
    bench.keys("s q");
    assert_eq!(
        question(&bench),
        Some(&Question::Quit { runs: 1, exports: false, evaluates: false, loses_typed: false })
    );
    bench.keys("esc");
    assert!(bench.model.is_open());
    bench.keys("q y");
    let effects = bench.take_effects();
    assert!(matches!(effects.as_slice(), [.., Effect::SaveScreen(_), Effect::Stop { .. }, Effect::Quit]));
    let mut bench = Harness::with_rows(1);
    bench.keys("q");
    assert!(matches!(bench.effects.last(), Some(Effect::Quit)));
    assert!(matches!(bench.model.stage, Stage::Closing(Some(_))));
}

#[test]
fn ctrl_c_with_nothing_to_stop_asks_and_a_second_one_quits() {
    let mut bench = Harness::with_rows(1);
    bench.keys("ctrl-c");
    assert_eq!(
        question(&bench),
        Some(&Question::Quit { runs: 0, exports: false, evaluates: false, loses_typed: false })
    );
    bench.keys("ctrl-c");
    assert!(matches!(bench.effects.last(), Some(Effect::Quit)));
}

#[test]
fn while_a_session_is_opening_only_leaving_works() {
    let mut model = crate::app::Model::new(ratatui::layout::Size::new(80, 24));
    let key = |c, modifiers| Message::Input(Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers)));
    assert!(model.update(key('a', KeyModifiers::NONE), crate::domain::Timestamp(1)).is_empty());
    let effects = model.update(key('c', KeyModifiers::CONTROL), crate::domain::Timestamp(1));
    assert!(matches!(effects.as_slice(), [Effect::Quit]));
    assert!(matches!(model.stage, Stage::Closing(None)));
    assert!(model.screen_state().is_none(), "the screen of the last time is kept");
}

#[test]
fn a_run_that_ended_with_failures_is_noted_until_it_is_looked_at() {
    let mut bench = Harness::with_rows(2);
    bench.keys("s");
    let job = bench.model.sampling.run().unwrap().id;
    bench.story.failed_requests("It was refused.", &["bank", "prize", "prize"], &["The prompt was cut."]);
    let saved = bench.saved();
    bench.send(Message::Snapshot(saved));
    assert_eq!(bench.notice(), "The prompt was cut.", "a remark is said when it comes");
    bench.keys("j");
    bench.send(Message::Snapshot(bench.saved()));
    assert_eq!(bench.notice(), "", "and once");

    bench.send(Message::JobEnded { job, outcome: Ok(done(1, 2)) });
    bench.keys("j k");
    let ended = bench.model.sampling.ended.clone().unwrap();
    assert_eq!((ended.rows, ended.requested), (2, 2));
    assert!(ended.said[0].starts_with("3 requests failed: It was refused · 1 remark"), "{ended:?}");

    bench.keys("r");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Run(_))));
    assert_eq!(bench.model.sampling.ended, None, "looked at");
    bench.keys("h l esc");
    assert!(bench.model.overlay().is_none());
}

#[test]
fn a_run_that_began_takes_the_place_of_the_one_before() {
    let mut bench = Harness::with_rows(2);
    bench.keys("s");
    let job = bench.model.sampling.run().unwrap().id;
    bench.story.failed_requests("It was refused.", &["bank"], &[]);
    let saved = bench.saved();
    bench.send(Message::Snapshot(saved));
    bench.send(Message::JobEnded { job, outcome: Ok(done(1, 2)) });
    assert!(bench.model.sampling.ended.is_some());
    bench.keys("s");
    assert_eq!(bench.model.sampling.ended, None);
}

#[test]
fn quitting_says_that_an_edit_which_is_open_would_be_lost() {
    for (keys, loses_typed) in [("e", false), ("e z", true), ("X", false), ("X n o", true), ("/ a b", false)]
    {
        let mut bench = Harness::with_rows(1);
        bench.keys(keys).keys("ctrl-c");
        assert_eq!(
            question(&bench),
            Some(&Question::Quit { runs: 0, exports: false, evaluates: false, loses_typed }),
            "{keys}"
        );
    }
}
