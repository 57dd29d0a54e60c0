use crossterm::event::Event as Input;

use crate::app::fixtures::Harness;
use crate::app::model::Saving;
use crate::app::{Context, Effect, Message, Pane};
use crate::domain::{Draft, Failure, OperationOutcome, Preview, PromptPart};

fn text(bench: &Harness) -> String {
    bench.model.prompt.text(PromptPart::User)
}

#[test]
fn letters_type_and_each_change_keeps_the_draft_and_asks_for_a_preview() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i ctrl-end");
    bench.take_effects();
    bench.typed("q");
    assert_eq!(text(&bench), "first wordsq");
    let effects = bench.take_effects();
    let [Effect::DraftChanged(draft), Effect::Preview { .. }] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!(draft.user, "first wordsq");
    assert_eq!(bench.model.version_title(), "v1 + draft");
    assert_eq!(bench.model.saving(), Saving::Pending);
    bench.send(Message::DraftSaved(Ok(())));
    assert_eq!(bench.model.saving(), Saving::Saved);
    bench.keys("backspace");
    assert_eq!(bench.model.version_title(), "v1");
}

#[test]
fn a_draft_that_cannot_be_kept_is_said() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i").typed("x");
    bench.send(Message::DraftSaved(Err(Failure::new("the disk is full."))));
    assert_eq!(bench.notice(), "The draft was not saved: the disk is full.");
    assert_eq!(bench.model.saving(), Saving::Failed);
}

#[test]
fn every_key_is_ours_and_unbound_chords_type_nothing() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i ctrl-end ctrl-y ctrl-x ctrl-b ctrl-f ctrl-v ctrl-d f7");
    assert_eq!(text(&bench), "first words");
    bench.keys("ctrl-w").typed("rows").keys("enter home delete ctrl-z");
    assert_eq!(text(&bench), "first rows");
    bench.keys("ctrl-r");
    assert_eq!(text(&bench), "first rows\n");
    bench.keys("ctrl-home ctrl-right ctrl-k");
    assert_eq!(text(&bench), "first \n");
    bench.keys("ctrl-u up end").typed("q?");
    assert_eq!(text(&bench), "q?\n");
}

#[test]
fn escape_goes_back_to_the_rows() {
    let mut bench = Harness::with_rows(2);
    bench.keys("i esc");
    assert_eq!((bench.model.focus, bench.model.context()), (Pane::Rows, Context::Rows));
}

#[test]
fn a_paste_is_typed_with_its_lines() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i ctrl-end");
    bench.send(Message::Input(Input::Paste("\rone\r\ntwo".into())));
    assert_eq!(text(&bench), "first words\none\ntwo");
    bench.keys("esc");
    bench.send(Message::Input(Input::Paste("aaxx".into())));
    assert_eq!(bench.notice(), "The paste was not used: nothing is typed here; i edits the prompt.");
    assert!(bench.facts().is_empty());
    bench.keys("/");
    bench.send(Message::Input(Input::Paste("a\nb".into())));
    let Some(crate::app::Overlay::Line(line)) = bench.model.overlay() else { panic!("no line") };
    assert_eq!(line.text(), "a b");
}

#[test]
fn up_and_down_follow_wrapped_lines() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i ctrl-end");
    bench.send(Message::Input(Input::Paste(" many words".repeat(20))));
    bench.keys("ctrl-home down down");
    let cursor = bench.model.prompt.current().cursor();
    assert_eq!(cursor.0, 0);
    assert!(cursor.1 > 80, "{cursor:?}");
}

#[test]
fn parts_take_turns_and_variables_that_cannot_be_read_are_a_draft() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i ctrl-t ctrl-t");
    assert_eq!(bench.model.prompt.part, PromptPart::Variables);
    bench.typed("topic = [\"bank\"");
    assert_eq!(bench.model.version_title(), "v1 + draft");
    bench.keys("ctrl-t");
    assert_eq!(bench.model.prompt.part, PromptPart::User);
}

#[test]
fn only_the_answer_to_the_last_preview_is_shown() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i").typed("ab");
    let preview = |effect| if let Effect::Preview { ask, .. } = effect { Some(ask) } else { None };
    let asks: Vec<_> = bench.take_effects().into_iter().filter_map(preview).collect();
    let answer = |index: usize, tokens| Message::Previewed {
        ask: asks[index],
        preview: Preview { tokens, ..Preview::default() },
    };
    bench.send(answer(asks.len() - 2, 1));
    assert!(bench.model.preview.preview.is_none());
    bench.send(answer(asks.len() - 1, 2));
    assert_eq!(bench.model.preview.preview.as_ref().map(|preview| preview.tokens), Some(2));
    assert!(bench.model.preview.is_current);
}

#[test]
fn a_saved_version_becomes_the_base_of_the_draft_even_when_typing_went_on() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i ctrl-end").typed("!").keys("ctrl-s").typed("?");
    let sent = bench.take_effects().into_iter().find_map(|effect| match effect {
        Effect::SaveVersion { operation, draft } => Some((operation, draft)),
        _ => None,
    });
    let (operation, draft) = sent.unwrap();
    assert_eq!(draft.user, "first words!");
    bench.story.version("first words!");
    let saved = bench.saved();
    bench.send(Message::Answered { operation, outcome: Ok(OperationOutcome::Written), saved });
    assert_eq!(bench.model.version_title(), "v2 + draft");
    bench.keys("backspace");
    assert_eq!(bench.model.version_title(), "v2");
    bench.keys("ctrl-s");
    assert_eq!(bench.notice(), "The prompt is v2 as it stands; there is nothing to save.");
}

#[test]
fn another_version_does_not_become_the_base() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i").typed("x");
    bench.story.version("from elsewhere");
    let saved = bench.saved();
    bench.send(Message::Snapshot(saved));
    assert_eq!(bench.model.version_title(), "v1 + draft");
}

#[test]
fn the_persons_own_editor_gets_the_part_and_its_text_comes_back() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i ctrl-e");
    let sent = bench.take_effects().pop();
    assert!(
        matches!(sent, Some(Effect::EditExternally { target: PromptPart::User, text }) if text == "first words")
    );
    bench.send(Message::EditedExternally { target: PromptPart::User, text: Ok("other\r\nwords\n".into()) });
    assert_eq!(text(&bench), "other\nwords");
    bench.keys("ctrl-z ctrl-z");
    assert_eq!(text(&bench), "first words");
    bench.take_effects();
    bench.send(Message::EditedExternally { target: PromptPart::User, text: Ok("first words".into()) });
    assert!(bench.notice().starts_with("Nothing was changed. If your editor returns at once"));
    assert!(bench.take_effects().is_empty(), "no draft without a change");
    bench.send(Message::EditedExternally {
        target: PromptPart::User,
        text: Err(Failure::new("vi is not there.")),
    });
    assert_eq!((bench.notice(), text(&bench).as_str()), ("vi is not there.", "first words"));
    bench.send(Message::EditedExternally { target: PromptPart::User, text: Ok(String::new()) });
    assert_eq!(text(&bench), "");
}

#[test]
fn the_draft_holds_all_parts() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i ctrl-t").typed("be brief");
    let Draft { prompt, base, system, user, .. } = bench.model.prompt.draft();
    assert_eq!((prompt.as_str(), system.as_str(), user.as_str()), ("main", "be brief", "first words"));
    assert_eq!(base, bench.model.shown().versions().first().map(|version| version.id));
}
