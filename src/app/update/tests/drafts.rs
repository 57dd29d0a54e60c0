use crate::app::fixtures::{Harness, session};
use crate::app::{Effect, Message, Overlay};
use crate::config::screen_state::SessionScreen;
use crate::domain::fixtures::Story;
use crate::domain::{Draft, PromptPart};
use crate::text::diff::Side;

/// A screen with versions `one`, `two two`, `three`, the last one in the editor.
fn bench() -> Harness {
    let mut story = Story::default();
    for words in ["one", "two two", "three"] {
        story.version(words);
    }
    Harness::open(story, session(), SessionScreen::default())
}

fn user(bench: &Harness) -> String {
    bench.model.prompt.text(PromptPart::User)
}

fn run<'a>(bench: &'a mut Harness, command: &str) -> &'a mut Harness {
    bench.keys(":").typed(command).keys("enter")
}

fn kept(bench: &mut Harness) -> Option<Draft> {
    let kept = |effect| if let Effect::KeepReplaced(draft) = effect { Some((*draft).clone()) } else { None };
    bench.take_effects().into_iter().filter_map(kept).next_back()
}

#[test]
fn a_draft_that_is_discarded_comes_back_with_undo_and_all_its_typing_too() {
    let mut bench = bench();
    bench.keys("i ctrl-end").typed(" more").keys("esc");
    run(&mut bench, "discard-draft");
    assert_eq!((user(&bench).as_str(), bench.model.version_title().as_str()), ("three", "v3"));
    assert!(bench.notice().contains("ctrl-z there, or `restore-draft` brings back"), "{}", bench.notice());
    assert_eq!(kept(&mut bench).map(|draft| draft.user).as_deref(), Some("three more"));
    bench.keys("i ctrl-z");
    assert_eq!((user(&bench).as_str(), bench.model.version_title().as_str()), ("three more", "v3 + draft"));
    for _ in 0..5 {
        bench.keys("ctrl-z");
    }
    assert_eq!(user(&bench), "three", "the typing before it is undone as well");
    for _ in 0..5 {
        bench.keys("ctrl-r");
    }
    bench.keys("ctrl-r");
    assert_eq!(bench.model.version_title(), "v3");
}

#[test]
fn discarding_saves_the_draft_and_renders_it_and_without_changes_there_is_nothing_to_discard() {
    let mut bench = bench();
    run(&mut bench, "discard-draft");
    assert_eq!(bench.notice(), "The editor says what v3 says; there is nothing to discard.");
    bench.keys("i ! esc").take_effects();
    run(&mut bench, "discard-draft");
    let effects = bench.take_effects();
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::DraftChanged(draft) if draft.user == "three"))
    );
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Preview { .. })));
}

#[test]
fn any_version_is_loaded_and_becomes_the_base_and_a_wrong_one_is_named() {
    let mut bench = bench();
    run(&mut bench, "load v1");
    assert_eq!((user(&bench).as_str(), bench.model.version_title().as_str()), ("one", "v1"));
    run(&mut bench, "load v1");
    assert_eq!(bench.notice(), "v1 is in the editor already.");
    run(&mut bench, "load main@2");
    assert_eq!(user(&bench), "two two");
    run(&mut bench, "load v9");
    assert_eq!(bench.notice(), "There is no version `v9` of the prompt `main`; it has v1 to v3.");
    bench.keys("i ctrl-z ctrl-z");
    assert_eq!(user(&bench), "three", "one step for each version that was loaded");
}

#[test]
fn what_was_typed_after_a_version_was_loaded_is_undone_first_and_part_by_part() {
    let mut bench = bench();
    bench.keys("i ctrl-end").typed("!").keys("esc");
    run(&mut bench, "load v1");
    bench.keys("i ctrl-end").typed("x").keys("ctrl-t").typed("sys").keys("ctrl-t ctrl-z");
    assert_eq!(user(&bench), "onex", "in a part where nothing was typed nothing is lost");
    bench.keys("ctrl-t ctrl-z ctrl-t ctrl-z ctrl-z ctrl-z");
    assert_eq!(user(&bench), "one");
    bench.keys("ctrl-z");
    assert_eq!(user(&bench), "three!");
}

#[test]
fn restoring_turns_two_drafts_round_as_often_as_one_likes() {
    let mut bench = bench();
    run(&mut bench, "restore-draft");
    assert_eq!(bench.notice(), "No draft was discarded or replaced yet.");
    bench.keys("i ctrl-end").typed("!").keys("esc");
    run(&mut bench, "load v1");
    bench.keys("i ctrl-end").typed("?").keys("esc");
    for expected in ["three!", "one?", "three!"] {
        run(&mut bench, "restore-draft");
        assert_eq!(user(&bench), expected);
    }
}

#[test]
fn a_draft_that_was_replaced_at_an_earlier_use_comes_back() {
    let mut bench = bench();
    let opened = |replaced| crate::app::Opened { replaced, ..bench_opened() };
    let before = Draft { prompt: "main".into(), user: "from yesterday".into(), ..Draft::default() };
    bench.send(Message::Opened(Box::new(opened(Some(before)))));
    run(&mut bench, "restore-draft");
    assert_eq!(user(&bench), "from yesterday");
}

fn bench_opened() -> crate::app::Opened {
    let bench = bench();
    crate::app::Opened {
        session: std::sync::Arc::new(session()),
        dataset: crate::app::DatasetFacts::default(),
        saved: bench.saved(),
        draft: bench.model.prompt.draft(),
        replaced: None,
        screen: SessionScreen::default(),
        chosen: bench.model.sampling.chosen.clone(),
        place: String::new(),
        profiles: vec![],
        prices: std::sync::Arc::default(),
        examples: vec![],
        evaluated: None,
        test_opened: 0,
        notices: vec![],
    }
}

#[test]
fn the_draft_is_compared_with_its_version_and_with_any_other() {
    let mut bench = bench();
    bench.keys("D");
    assert_eq!(bench.notice(), "The editor says what v3 says.");
    bench.keys("i ctrl-end").typed(" more").keys("ctrl-t").typed("Be brief.").keys("esc D");
    let sides = |bench: &Harness| {
        let Some(Overlay::Compare(window)) = bench.model.overlay() else { panic!("no window") };
        window.lines.iter().map(|line| (line.side, line.text())).collect::<Vec<_>>()
    };
    let line = |side, text: &str| (side, text.to_owned());
    assert_eq!(
        sides(&bench),
        [
            line(Side::Heading, "user"),
            line(Side::Before, "three"),
            line(Side::After, "three more"),
            line(Side::Both, ""),
            line(Side::Heading, "system"),
            line(Side::After, "Be brief."),
        ]
    );
    bench.keys("esc");
    run(&mut bench, "compare v2");
    assert_eq!(sides(&bench)[1], line(Side::Before, "two two"));
    assert_eq!(bench.model.overlays.len(), 1);
}

#[test]
fn a_draft_comes_back_also_after_versions_were_looked_at() {
    let mut bench = bench();
    bench.keys("i ctrl-end").typed(" more").keys("esc");
    run(&mut bench, "discard-draft");
    run(&mut bench, "load v1");
    run(&mut bench, "load v2");
    run(&mut bench, "restore-draft");
    assert_eq!(user(&bench), "three more");
}
