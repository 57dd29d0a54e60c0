//! The next version of the prompt: asked for, shown, taken or left.

use crate::app::fixtures::{Harness, session};
use crate::app::message::Ask;
use crate::app::{Context, Effect, Message, Overlay};
use crate::config::screen_state::SessionScreen;
use crate::domain::fixtures::Story;
use crate::domain::{Draft, Failure, Feedback, NextDraft, Problem, PromptPart, ReasonCount};

fn bench() -> Harness {
    let mut story = Story::default();
    story.version("Write texts.");
    Harness::open(story, session(), SessionScreen::default())
}

/// Asks for the next version, and returns the number of the request with the prompt that was sent.
fn asked(bench: &mut Harness) -> (Ask, Draft) {
    bench.keys("g n");
    let effects = bench.take_effects();
    let found = effects.into_iter().find_map(|effect| match effect {
        Effect::DraftNext { ask, draft, .. } => Some((ask, (*draft).clone())),
        _ => None,
    });
    found.unwrap()
}

fn came(bench: &mut Harness, ask: Ask, outcome: Result<NextDraft, Failure>) {
    bench.send(Message::NextDrafted { ask, outcome: Box::new(outcome) });
}

fn next(draft: Option<Draft>) -> NextDraft {
    let used = "The next version is drafted: run 2, 150 tokens.".to_owned();
    let reasons = vec![ReasonCount { reason: "dull".into(), count: 3 }];
    NextDraft { draft, problems: vec![], feedback: Feedback { reasons, ..Feedback::default() }, used }
}

fn user(bench: &Harness) -> String {
    bench.model.prompt.text(PromptPart::User)
}

#[test]
fn what_a_model_wrote_goes_into_the_editor_only_with_enter_and_the_draft_before_is_kept() {
    let mut bench = bench();
    bench.keys("i ctrl-end").typed(" Be brief.").keys("esc").take_effects();
    let (ask, sent) = asked(&mut bench);
    assert_eq!(sent.user, "Write texts. Be brief.", "the text in the editor is what is changed");

    came(&mut bench, ask, Ok(next(Some(Draft { user: "Write lively texts.".into(), ..sent }))));
    assert_eq!((user(&bench).as_str(), bench.model.context()), ("Write texts. Be brief.", Context::Proposal));
    assert!(bench.notice().contains("150 tokens"), "{}", bench.notice());
    bench.keys("enter");

    assert_eq!(user(&bench), "Write lively texts.");
    let effects = bench.take_effects();
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::KeepReplaced(draft) if draft.user == "Write texts. Be brief."))
    );
}

#[test]
fn esc_leaves_everything_as_it_is() {
    let mut bench = bench();
    let (ask, sent) = asked(&mut bench);
    came(&mut bench, ask, Ok(next(Some(Draft { user: "Write lively texts.".into(), ..sent }))));

    bench.keys("esc");

    assert_eq!((user(&bench).as_str(), bench.model.overlays.len()), ("Write texts.", 0));
    assert_eq!(bench.notice(), "Nothing was changed.");
}

#[test]
fn a_prompt_that_cannot_be_used_is_shown_with_its_fault_and_cannot_be_taken() {
    let mut bench = bench();
    let (ask, sent) = asked(&mut bench);
    let problem = Problem {
        part: PromptPart::User,
        range: 0..3,
        line: 1,
        message: "`texst` is not defined here.".into(),
    };
    let broken =
        NextDraft { problems: vec![problem], ..next(Some(Draft { user: "{{ texst }}".into(), ..sent })) };

    came(&mut bench, ask, Ok(broken));

    let Some(Overlay::Compare(window)) = bench.model.overlays.last() else { panic!("nothing is shown") };
    assert!(window.proposal.is_none() && window.lines[0].text().contains("`texst` is not defined"));
    bench.keys("enter");
    assert_eq!(user(&bench), "Write texts.");
}

#[test]
fn where_no_model_is_asked_the_reasons_are_listed() {
    let mut bench = bench();
    let (ask, _) = asked(&mut bench);

    came(&mut bench, ask, Ok(next(None)));

    let Some(Overlay::Compare(window)) = bench.model.overlays.last() else { panic!("nothing is shown") };
    assert!(window.lines.iter().any(|line| line.text() == "3 × dull"));
}

#[test]
fn what_fails_is_said_and_can_be_asked_again_and_a_late_answer_is_none() {
    let mut bench = bench();
    let (ask, _) = asked(&mut bench);
    came(&mut bench, ask, Err(Failure::new("The server is gone.")));
    assert_eq!(bench.notice(), "No next version was drafted: The server is gone.");

    let (again, sent) = asked(&mut bench);
    came(&mut bench, ask, Ok(next(Some(sent))));

    assert_ne!(ask, again);
    assert!(bench.model.overlays.is_empty());
}

#[test]
fn ctrl_c_stops_the_request_and_asks_nothing_else() {
    let mut bench = bench();
    let (ask, _) = asked(&mut bench);
    bench.keys("ctrl-c");
    assert!(bench.take_effects().iter().any(|effect| matches!(effect, Effect::StopDrafting)));
    assert!(bench.model.overlays.is_empty(), "it is not asked whether to quit");
    came(&mut bench, ask, Err(Failure::new("It was stopped.")));
    bench.keys("ctrl-c");
    assert!(!bench.take_effects().iter().any(|effect| matches!(effect, Effect::StopDrafting)));
    assert!(!bench.model.overlays.is_empty());
}

#[test]
fn a_decision_shows_what_the_next_request_says_of_it_where_the_prompt_names_it() {
    let mut story = Story::default();
    story.version("Write texts. {{ n }}");
    story.sampled(&["a", "b"]);
    let mut bench = Harness::open(story, session(), SessionScreen::default());
    let previews = |bench: &mut Harness| {
        bench.take_effects().iter().filter(|effect| matches!(effect, Effect::Preview { .. })).count()
    };
    bench.take_effects();
    bench.keys("x").write();
    assert_eq!(previews(&mut bench), 0, "the prompt does not say what was rejected");
    bench.keys("i ctrl-end").typed(" {% for r in rejected %}{{ r.text }}{% endfor %}").keys("esc esc");
    bench.take_effects();
    bench.keys("x").write();
    assert_eq!(previews(&mut bench), 1);
}
