use crate::app::fixtures::{Harness, session};
use crate::app::versions::Spot;
use crate::app::{Context, Effect, Message, Overlay, View};
use crate::config::screen_state::SessionScreen;
use crate::domain::fixtures::Story;
use crate::domain::{Event, Fact, Failure, OperationOutcome, PromptPart, Scoreboard, labels_of};

/// A screen with versions `one`, `two two`, `three`, the last one in the editor, in the Versions view.
fn bench() -> Harness {
    let mut story = Story::default();
    for words in ["one", "two two", "three"] {
        story.version(words);
    }
    let mut bench = Harness::open(story, session(), SessionScreen::default());
    bench.keys("g v").take_effects();
    bench
}

/// Returns the lines of the tree, the selected one between brackets.
fn tree(bench: &Harness) -> Vec<String> {
    let selected = bench.model.selected_spot();
    let name = |spot: Spot| {
        let name = bench.model.spot_name(spot);
        if selected == Some(spot) { format!("[{name}]") } else { name }
    };
    bench.model.tree_lines().iter().map(|line| name(line.spot)).collect()
}

fn labels(bench: &Harness) -> Vec<String> {
    let shown = bench.model.shown();
    shown.versions().iter().map(|version| labels_of(shown, version).join(" ")).collect()
}

fn line_error(bench: &Harness) -> Option<&str> {
    match bench.model.overlay() {
        Some(Overlay::Line(line)) => line.error.as_deref(),
        _ => None,
    }
}

#[test]
fn the_newest_version_stands_on_top_and_the_draft_above_it_once_it_is_one() {
    let mut bench = bench();
    assert_eq!(tree(&bench), ["[v3]", "v2", "v1"]);
    bench.keys("j j j");
    assert_eq!(tree(&bench), ["v3", "v2", "[v1]"]);
    bench.keys("g b i ! esc g v");
    assert_eq!(tree(&bench), ["the draft", "v3", "v2", "[v1]"]);
    bench.keys("g g");
    assert_eq!(tree(&bench)[0], "[the draft]");
}

#[test]
fn enter_puts_a_version_into_the_editor_and_what_it_replaced_can_come_back() {
    let mut bench = bench();
    bench.keys("g b i ctrl-end").typed(" more").keys("esc g v j j enter");
    assert_eq!(bench.model.prompt.text(PromptPart::User), "two two");
    assert_eq!(bench.notice().split(';').next(), Some("v2 is in the editor"));
    let kept = |effect: &Effect| matches!(effect, Effect::KeepReplaced(draft) if draft.user == "three more");
    assert!(bench.take_effects().iter().any(kept));
    bench.keys(":").typed("restore-draft").keys("enter");
    assert_eq!(bench.model.prompt.text(PromptPart::User), "three more");
}

#[test]
fn enter_on_the_draft_goes_to_the_editor() {
    let mut bench = bench();
    bench.keys("g b i ! esc g v g g enter");
    assert_eq!((bench.model.view, bench.model.context()), (View::Bench, Context::Prompt));
}

#[test]
fn discarding_the_draft_keeps_it() {
    let mut bench = bench();
    bench.keys("D");
    assert_eq!(bench.notice(), "The editor says what v3 says; there is nothing to discard.");
    bench.keys("g b i ! esc g v").take_effects();
    bench.keys("D");
    assert_eq!(bench.model.prompt.text(PromptPart::User), "three");
    assert!(bench.notice().contains("`restore-draft` brings back"), "{}", bench.notice());
    let kept = |effect: &Effect| matches!(effect, Effect::KeepReplaced(draft) if draft.user == "!three");
    assert!(bench.take_effects().iter().any(kept));
    assert_eq!(tree(&bench), ["[v3]", "v2", "v1"]);
}

#[test]
fn a_label_is_shown_at_once_moves_and_is_taken_off_where_it_is_given_again() {
    let mut bench = bench();
    bench.keys("l").typed("production").keys("enter");
    assert_eq!(bench.notice(), "v3 has the label `production` now.");
    assert_eq!(labels(&bench), ["", "", "latest production"]);
    let [Fact { event: Event::Labelled { prompt, label, version }, .. }] = bench.facts()[..] else {
        panic!("{:?}", bench.facts())
    };
    assert_eq!((prompt.as_str(), label.as_str(), version.is_some()), ("main", "production", true));
    bench.write().keys("j l").typed("production").keys("enter");
    assert_eq!(bench.notice(), "v2 has the label `production` now; v3 had it before.");
    assert_eq!(labels(&bench), ["", "production", "latest"]);
    bench.write().keys("l").typed("production").keys("enter").write();
    assert_eq!(labels(&bench), ["", "", "latest"]);
    assert_eq!(bench.story.projection.laboratory().labelled("main", "production"), None);
}

#[test]
fn a_label_that_names_something_else_is_refused_in_its_line() {
    let mut bench = bench();
    bench.keys("l").typed("latest").keys("enter");
    assert_eq!(
        line_error(&bench),
        Some("`latest` moves by itself to the newest version; give another label.")
    );
    assert!(bench.facts().is_empty());
}

#[test]
fn a_label_that_is_not_saved_is_taken_back() {
    let mut bench = bench();
    bench.keys("l").typed("candidate").keys("enter");
    let operation = bench.facts()[0].operation;
    let saved = bench.saved();
    let outcome: Result<OperationOutcome, Failure> = Err(Failure::new("The disk is full."));
    bench.send(Message::Answered { operation, outcome, saved });
    assert_eq!(labels(&bench), ["", "", "latest"]);
    assert_eq!(bench.notice(), "The label was not saved: The disk is full.");
}

#[test]
fn a_note_is_written_changed_and_taken_away() {
    let mut bench = bench();
    let note = |bench: &Harness| bench.model.shown().versions()[2].note.clone();
    bench.keys("n").typed("shorter").keys("enter").write();
    assert_eq!((note(&bench).as_deref(), bench.notice()), (Some("shorter"), "v3 has this note now."));
    bench.keys("n").typed(" still").keys("enter").write();
    assert_eq!(note(&bench).as_deref(), Some("shorter still"));
    bench.keys("n ctrl-u enter").write();
    assert_eq!((note(&bench), bench.notice()), (None, "v3 has no note any more."));
    bench.keys("n enter");
    assert!(bench.facts().is_empty(), "nothing was changed");
}

#[test]
fn a_fork_is_a_draft_of_another_prompt_made_from_the_version() {
    let mut bench = bench();
    bench.keys("j f enter");
    assert_eq!(bench.model.prompt.name(), "main-2");
    assert_eq!(bench.model.version_title(), "main-2 · draft");
    assert_eq!(tree(&bench), ["[the draft]"]);
    let draft = bench.model.prompt.draft();
    assert_eq!((draft.user.as_str(), draft.base), ("two two", Some(bench.story.projection.versions()[1].id)));
    bench.keys("]");
    assert_eq!(tree(&bench), ["[v3]", "v2", "v1"]);
    bench.keys("[");
    assert_eq!(tree(&bench), ["[the draft]"]);
    bench.keys("[ f").typed("two words").keys("enter");
    assert!(line_error(&bench).unwrap().starts_with("A prompt's name is one word"));
    bench.keys("esc f").typed("main").keys("enter");
    assert!(line_error(&bench).unwrap().starts_with("It is of the prompt `main` already"));
}

#[test]
fn two_versions_are_compared_and_esc_goes_back() {
    let mut bench = bench();
    bench.keys("d");
    assert_eq!(bench.notice(), "d on another version shows what differs from v3.");
    bench.keys("j j d");
    assert_eq!(bench.model.context(), Context::VersionDetail);
    let compared = bench.model.difference().unwrap();
    assert_eq!((compared.words().as_str(), compared.parts.len()), ("+1 −1 words", 1));
    let names =
        bench.model.versions.compared.map(|(a, b)| (bench.model.spot_name(a), bench.model.spot_name(b)));
    assert_eq!(names, Some(("v3".to_owned(), "v1".to_owned())));
    bench.keys("esc");
    assert_eq!((bench.model.context(), bench.model.versions.compared), (Context::Versions, None));
    bench.keys("d d");
    assert_eq!(bench.model.versions.taken, None, "it is no end any more");
    bench.keys("esc");
    assert_eq!(bench.model.view, View::Bench);
}

#[test]
fn a_draft_that_is_gone_is_compared_no_more() {
    let mut bench = bench();
    bench.keys("g b i ! esc g v g g d j d");
    assert!(bench.model.versions.compared.is_some());
    bench.keys("D");
    assert_eq!(bench.model.versions.compared, None);
}

#[test]
fn texts_are_counted_once_the_view_is_shown_and_again_when_rows_came() {
    let mut bench = Harness::with_rows(3);
    let asked = |bench: &mut Harness| {
        let found = |effect| if let Effect::CountTexts { ask, .. } = effect { Some(ask) } else { None };
        bench.take_effects().into_iter().find_map(found)
    };
    bench.keys("j");
    assert_eq!(asked(&mut bench), None, "nobody sees them");
    bench.keys("g v");
    let ask = asked(&mut bench).unwrap();
    bench.send(Message::TextsCounted { ask, scoreboard: Box::new(Scoreboard::default()) });
    bench.keys("j");
    assert_eq!((asked(&mut bench), bench.model.versions.texts.is_some()), (None, true));
    bench.arrive(&["another"]);
    assert!(asked(&mut bench).is_some());
}

#[test]
fn a_click_selects_a_line_and_the_wheel_goes_through_the_tree() {
    let mut bench = bench();
    let list = bench.model.versions_geometry().list();
    bench.click(list.x + 4, list.y + 2);
    assert_eq!(tree(&bench), ["v3", "v2", "[v1]"]);
    bench.click(list.x + 4, list.y + 20);
    assert_eq!(tree(&bench), ["v3", "v2", "[v1]"], "there is no line");
    let detail = bench.model.versions_geometry().text();
    bench.click(detail.x, detail.y);
    assert_eq!(bench.model.context(), Context::VersionDetail);
}
