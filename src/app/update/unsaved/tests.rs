use crate::app::fixtures::Harness;
use crate::app::model::Saving;
use crate::app::{Effect, Message, Overlay, Question};
use crate::domain::{Failure, StateKind, Unsaved};

const REASON: &str =
    "The folder /s was renamed or removed while it was open, so nothing more is saved there.";

fn send(bench: &mut Harness, unsaved: Option<(usize, bool)>) {
    let saved = bench.saved();
    let unsaved = unsaved.map(|(facts, draft)| Unsaved { reason: REASON.into(), facts, draft });
    bench.send(Message::Unsaved { unsaved, elsewhere: "/s-2".into(), saved });
}

/// Presses keys, has everything written as the writer holds it, and says that it is not saved.
fn unsaved(keys: &str) -> Harness {
    let mut bench = Harness::with_rows(3);
    bench.keys(keys).write();
    send(&mut bench, Some((1, false)));
    bench
}

fn question(bench: &Harness) -> Option<&Question> {
    match bench.model.overlay() {
        Some(Overlay::Question(question)) => Some(question),
        _ => None,
    }
}

fn said(bench: &Harness) -> &str {
    bench.model.sentence().map_or("", |notice| &notice.text)
}

#[test]
fn what_is_not_saved_is_said_until_it_is_and_stays_on_the_screen() {
    let mut bench = unsaved("a");
    let sentence = "Not saved: 1 change waits. W writes everything to another folder.";
    assert_eq!(said(&bench), format!("{sentence} {REASON}"));
    bench.keys("k");
    for keys in ["j", "k", "g g", "j"] {
        assert_eq!((said(&bench), bench.model.saving()), (sentence, Saving::Failed));
        bench.keys(keys);
    }
    bench.keys("x").write();
    send(&mut bench, Some((2, true)));
    assert!(bench.notice().is_empty(), "the reason was told before");
    assert!(said(&bench).contains("Not saved: 2 changes and the draft wait. W writes"), "{}", said(&bench));
    assert_eq!(bench.states(), [StateKind::Accepted, StateKind::Rejected, StateKind::Pending]);

    send(&mut bench, None);
    assert_eq!((said(&bench), bench.model.saving()), ("Everything is saved again.", Saving::Saved));
    bench.keys("j");
    assert_eq!(said(&bench), "");
}

#[test]
fn a_draft_that_waited_is_saved_with_the_rest() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i").typed("More. ");
    bench.send(Message::DraftSaved(Err(Failure::new(REASON))));
    send(&mut bench, Some((0, true)));
    assert_eq!(bench.model.saving(), Saving::Failed);
    bench.keys("left");
    assert!(said(&bench).contains("The draft waits. W"), "{}", said(&bench));
    send(&mut bench, None);
    assert_eq!(bench.model.saving(), Saving::Saved);
}

#[test]
fn a_key_asks_for_a_folder_and_everything_is_written_there() {
    let mut bench = unsaved("a");
    bench.take_effects();
    bench.keys("W");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Line(line)) if line.text() == "/s-2"));
    bench.typed("b").keys("enter");
    let effects = bench.take_effects();
    let [Effect::WriteElsewhere { folder, draft, leaves: false }] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!((folder.to_str(), draft.prompt.as_str()), (Some("/s-2b"), "main"));
    assert!(said(&bench).starts_with("Writing everything to /s-2b"), "{}", said(&bench));

    let saved = bench.saved();
    let outcome = Err(Failure::new("The disk is full."));
    bench.send(Message::WrittenElsewhere { outcome, saved: saved.clone(), leaves: false });
    assert_eq!(said(&bench), "Nothing was written: The disk is full.");
    assert_eq!(bench.model.saving(), Saving::Failed);
    bench.send(Message::WrittenElsewhere { outcome: Ok("It is in /s-2b.".into()), saved, leaves: false });
    assert_eq!((said(&bench), bench.model.saving()), ("It is in /s-2b.", Saving::Saved));
    assert!(matches!(bench.take_effects().as_slice(), [Effect::SaveScreen(_)]));
}

#[test]
fn the_key_says_so_where_everything_is_saved_and_an_empty_line_writes_nothing() {
    let mut bench = Harness::with_rows(1);
    bench.keys("W");
    assert!(bench.notice().starts_with("Everything is saved; there is nothing"), "{}", bench.notice());
    let mut bench = unsaved("a");
    bench.take_effects();
    bench.keys("W ctrl-u enter");
    assert!(bench.take_effects().is_empty());
    assert_eq!(bench.notice(), "A folder is needed; nothing was written.");
}

#[test]
fn quitting_asks_while_something_is_not_saved() {
    let waits = Some("1 change waits.".to_owned());
    for keys in ["q", "ctrl-c", "ctrl-c ctrl-c", "ctrl-c q"] {
        let mut bench = unsaved("a");
        bench.take_effects();
        bench.keys(keys);
        assert_eq!(
            question(&bench),
            Some(&Question::Unsaved { waits: waits.clone(), reason: REASON.into() }),
            "{keys}"
        );
        assert!(bench.take_effects().is_empty(), "{keys}");
        bench.keys("n");
        assert!(bench.model.overlay().is_none() && bench.model.is_open());
        bench.keys("q y");
        assert!(matches!(bench.model.overlay(), Some(Overlay::Line(_))));
        bench.keys("esc q d");
        assert!(matches!(bench.take_effects().as_slice(), [.., Effect::QuitUnsaved]), "{keys}");
    }
}

#[test]
fn a_person_who_left_comes_back_where_something_could_not_be_saved() {
    let mut bench = Harness::with_rows(2);
    bench.keys("a q");
    assert!(matches!(bench.take_effects().last(), Some(Effect::Quit)));
    send(&mut bench, Some((1, false)));
    bench.send(Message::CannotQuit);
    assert!(bench.model.is_open());
    assert!(matches!(question(&bench), Some(Question::Unsaved { .. })));
    bench.keys("n j x");
    assert_eq!(bench.model.saving(), Saving::Failed);
}

#[test]
fn who_wrote_everything_elsewhere_before_quitting_has_quit_and_stays_where_that_failed() {
    let mut bench = unsaved("a");
    bench.take_effects();
    bench.keys("q y enter");
    let effects = bench.take_effects();
    assert!(matches!(effects.as_slice(), [Effect::WriteElsewhere { leaves: true, .. }]), "{effects:?}");
    let saved = bench.saved();
    let outcome = Err(Failure::new("The disk is full."));
    bench.send(Message::WrittenElsewhere { outcome, saved: saved.clone(), leaves: true });
    assert!(bench.model.is_open() && bench.model.saving() == Saving::Failed);
    bench.send(Message::WrittenElsewhere { outcome: Ok("There.".into()), saved, leaves: true });
    assert!(matches!(bench.take_effects().last(), Some(Effect::Quit)));
}

#[test]
fn nothing_is_written_elsewhere_that_was_saved_while_the_person_was_asked() {
    let mut bench = unsaved("a");
    bench.keys("W");
    bench.take_effects();
    send(&mut bench, None);
    bench.keys("enter");
    assert!(bench.take_effects().is_empty());
    assert!(bench.notice().ends_with("nothing was written to another folder."), "{}", bench.notice());

    let mut bench = unsaved("a");
    bench.keys("q");
    send(&mut bench, None);
    assert!(matches!(question(&bench), Some(Question::Quit { .. })));
    bench.keys("y");
    assert!(matches!(bench.take_effects().last(), Some(Effect::Quit)));
}
