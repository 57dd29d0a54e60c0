use crate::app::fixtures::Harness;
use crate::app::model::{Saving, Severity};
use crate::app::{Effect, Message};
use crate::domain::StateKind::{Accepted, Pending, Rejected, Skipped};
use crate::domain::{Change, Event, Rating, RowNumber};
use crate::domain::{Decided, Failure, OperationOutcome, Saved};

#[test]
fn a_decision_shows_at_once_is_sent_and_goes_on_to_the_next_pending_row() {
    let mut bench = Harness::with_rows(3);
    bench.keys("a x space");
    assert_eq!(bench.states(), [Accepted, Rejected, Skipped]);
    assert_eq!(bench.facts().len(), 3);
    assert_eq!(bench.notice(), "done: 1 of 2 kept; 1 skipped row waits: / state:skipped shows them");
    assert_eq!(bench.model.saving(), Saving::Pending);
    bench.write();
    assert_eq!(bench.model.saving(), Saving::Saved);
    assert!(bench.model.facts.unanswered().is_empty());
}

#[test]
fn digits_accept_with_that_rating_and_zero_clears_it() {
    let mut bench = Harness::with_rows(2);
    bench.keys("4 k 0");
    let mark = bench.model.shown().mark(RowNumber(0)).unwrap();
    assert_eq!((mark.state.kind(), mark.state.rating()), (Accepted, None));
    bench.keys("5");
    assert_eq!(bench.model.shown().state(RowNumber(0)).rating().map(Rating::stars), Some(5));
    bench.keys("j 0");
    assert_eq!(bench.notice(), "The row has no rating.");
}

#[test]
fn on_a_decided_row_the_decision_changes_and_the_selection_stays() {
    let mut bench = Harness::with_rows(3);
    bench.keys("a k x");
    assert_eq!(bench.states(), [Rejected, Pending, Pending]);
    assert_eq!(bench.selected(), Some(0));
}

#[test]
fn going_on_skips_decided_rows_and_turns_around_at_the_end() {
    let mut bench = Harness::with_rows(4);
    bench.keys("j a");
    assert_eq!(bench.selected(), Some(2));
    bench.keys("k k a");
    assert_eq!(bench.selected(), Some(2));
    bench.keys("j a");
    assert_eq!(bench.selected(), Some(2));
}

#[test]
fn a_failed_write_is_taken_back_and_later_decisions_stay() {
    let mut bench = Harness::with_rows(2);
    bench.keys("a x");
    let operation = bench.facts()[0].operation;
    let saved = Saved { sequence: 1, projection: bench.story.projection.clone() };
    bench.send(Message::Answered { operation, outcome: Err(Failure::new("the disk is full.")), saved });
    assert_eq!(bench.states(), [Pending, Rejected]);
    assert_eq!(bench.notice(), "The decision was not saved: the disk is full.");
    assert_eq!(bench.model.notice.as_ref().unwrap().severity, Severity::Error);
}

#[test]
fn an_answer_that_holds_later_facts_too_does_not_apply_them_twice() {
    let mut bench = Harness::with_rows(2);
    bench.keys("a x u");
    let (first, second) = (bench.facts()[0].clone(), bench.facts()[1].clone());
    bench.story.push(first.clone());
    bench.story.push(second);
    let undo = bench.story.projection.undo(bench.story.projection.next_operation(), first.at).unwrap();
    bench.story.push(undo);
    let saved = bench.saved();
    bench.send(Message::Answered {
        operation: first.operation,
        outcome: Ok(OperationOutcome::Written),
        saved,
    });
    assert_eq!(bench.states(), [Accepted, Pending]);
    assert_eq!(bench.model.facts.unanswered().len(), 1);
}

#[test]
fn an_older_state_is_not_shown_over_a_newer_one() {
    let mut bench = Harness::with_rows(1);
    let old = bench.saved();
    bench.keys("a").write();
    bench.send(Message::Snapshot(old));
    assert_eq!(bench.states(), [Accepted]);
}

#[test]
fn undo_goes_back_to_the_row_it_touched_and_redo_forth() {
    let mut bench = Harness::with_rows(3);
    bench.keys("a a").write().keys("u").write();
    assert_eq!((bench.selected(), bench.states()), (Some(1), vec![Accepted, Pending, Pending]));
    bench.keys("u").write();
    assert_eq!(bench.selected(), Some(0));
    bench.keys("U").write();
    assert_eq!(bench.states(), [Accepted, Pending, Pending]);
}

#[test]
fn with_nothing_to_undo_or_repeat_a_sentence_says_so() {
    let mut bench = Harness::with_rows(1);
    bench.take_effects();
    bench.keys("u");
    assert_eq!(bench.notice(), "There is nothing to undo.");
    bench.keys("U");
    assert_eq!(bench.notice(), "There is nothing to redo.");
    bench.keys(".");
    assert_eq!(bench.notice(), "There is no decision to repeat yet.");
    assert!(bench.effects.is_empty());
}

#[test]
fn the_dot_repeats_the_last_decision_with_its_reason() {
    let mut bench = Harness::with_rows(3);
    bench.keys("X").typed("too dull").keys("enter .");
    for row in 0..2 {
        let mark = bench.model.shown().mark(RowNumber(row)).unwrap();
        assert_eq!((mark.state.kind(), mark.reason.as_deref()), (Rejected, Some("too dull")));
    }
}

#[test]
fn reasons_given_before_are_offered_and_found_by_a_few_letters() {
    let mut bench = Harness::with_rows(3);
    bench.keys("X").typed("too dull").keys("enter X").typed("not a message").keys("enter X");
    bench.typed("dll").keys("down enter");
    assert_eq!(bench.model.shown().mark(RowNumber(2)).unwrap().reason.as_deref(), Some("too dull"));
}

#[test]
fn tags_are_set_as_typed_and_the_row_stays_pending_and_selected() {
    let mut bench = Harness::with_rows(2);
    bench.keys("t").typed("odd, bank odd").keys("enter");
    assert_eq!(bench.model.shown().mark(RowNumber(0)).unwrap().tags, ["bank", "odd"]);
    assert_eq!((bench.selected(), bench.states()[0]), (Some(0), Pending));
    bench.keys("t ctrl-u enter");
    assert!(bench.model.shown().mark(RowNumber(0)).unwrap().tags.is_empty());
    let sent = bench.facts().len();
    bench.keys("t enter");
    assert_eq!(bench.facts().len(), sent, "no change is no fact");
}

#[test]
fn a_decision_binds_the_row_that_was_drawn() {
    let mut bench = Harness::with_rows(4);
    bench.keys("a").write().keys("u j");
    assert_eq!(bench.selected(), Some(2));
    // The answer selects row 0, but is not drawn before the key comes.
    let undo = bench.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Undo { operation, at } => Some((operation, at)),
        _ => None,
    });
    let (operation, at) = undo.unwrap();
    let fact = bench.story.projection.undo(operation, at).unwrap();
    bench.story.push(fact);
    let outcome = Ok(OperationOutcome::Undone(Some(Decided {
        rows: 1,
        first: Some(RowNumber(0)),
        ..Decided::default()
    })));
    let message = Message::Answered { operation, outcome, saved: bench.saved() };
    let _ = bench.model.update(message, at);
    assert_eq!(bench.selected(), Some(0));
    bench.keys("x");
    assert_eq!(bench.states(), [Pending, Pending, Rejected, Pending]);
}

#[test]
fn deciding_without_a_row_says_so() {
    let mut bench = Harness::with_rows(0);
    for key in ["a", "X", "t", "e", "o", "y", "0"] {
        bench.keys(key);
        assert_eq!(bench.notice(), "No row is selected.", "{key}");
    }
    assert!(bench.facts().is_empty());
}

#[test]
fn a_bulk_decision_is_asked_for_and_sent_with_the_rows_that_it_was_asked_for() {
    let mut bench = Harness::with_rows(3);
    bench.keys("x g g");
    bench.keys("/").typed("state:pending").keys("enter :").typed("reject-matching").keys("enter n");
    assert!(!bench.effects.iter().any(|effect| matches!(effect, Effect::ChangeRows { .. })));
    bench.keys(":").typed("reject-matching").keys("enter").arrive(&["late"]).keys("y");
    let sent = bench.effects.iter().any(|effect| {
        matches!(effect, Effect::ChangeRows { rows, change: Change::Reject { .. }, .. }
            if rows.iter().eq([RowNumber(1), RowNumber(2)]))
    });
    assert!(sent);
    assert_eq!(bench.model.saving(), Saving::Pending);
}

#[test]
fn an_edit_is_checked_saved_and_given_up_only_after_a_question() {
    let mut bench = Harness::with_rows(1);
    bench.keys("e ctrl-end").typed("!").keys("esc");
    assert_eq!(bench.model.overlays.len(), 2, "asks");
    bench.keys("n ctrl-s");
    assert_eq!(bench.model.shown().row(RowNumber(0)).unwrap().text(), "row number 0!");
    assert_eq!(bench.states(), [Pending]);
    bench.keys("e ctrl-k ctrl-u ctrl-s");
    let Some(crate::app::Overlay::RowEditor(editor)) = bench.model.overlay() else { panic!("closed") };
    assert_eq!(editor.error.as_deref(), Some("The field `text` is empty."));
    bench.keys("esc y");
    assert_eq!(bench.model.overlays.len(), 1, "an empty text is not saved");
    bench.keys("esc d");
    assert!(bench.model.overlays.is_empty());
    assert_eq!(bench.notice(), "The edit was discarded; the row is as it was.");
}

#[test]
fn leaving_an_edit_offers_to_save_it_first() {
    for (answer, text) in [("enter", "row number 0!"), ("s", "row number 0!"), ("d", "row number 0")] {
        let mut bench = Harness::with_rows(1);
        bench.keys("e ctrl-end").typed("!").keys("esc").keys(answer);
        assert!(bench.model.overlays.is_empty(), "{answer}");
        assert_eq!(bench.model.shown().row(RowNumber(0)).unwrap().text(), text, "{answer}");
    }
    let mut bench = Harness::with_rows(1);
    bench.keys("e ctrl-end").typed("!").keys("esc esc");
    assert!(matches!(bench.model.overlay(), Some(crate::app::Overlay::RowEditor(_))), "it stays");
    bench.keys("ctrl-c s d");
    assert_eq!(bench.model.overlays.len(), 2, "these answer no other question");
}

#[test]
fn a_row_gets_another_label_which_counts_and_undo_takes_back() {
    let mut bench = Harness::with_rows(2);
    bench.keys("a k L").typed("ham").keys("enter").write();
    assert_eq!(bench.notice(), "Row 1 has the label `ham` now; it was `spam`.");
    let labels = |bench: &Harness| bench.model.shown().counts().of_label("ham").accepted;
    assert_eq!((labels(&bench), bench.states()[0]), (1, Accepted));
    bench.keys("e ctrl-end").typed("!").keys("ctrl-s").write();
    assert_eq!(labels(&bench), 1, "an edit of the text keeps the label");
    let row = bench.model.shown().row(RowNumber(0)).unwrap();
    assert_eq!((row.label(), row.original_label(), row.text().as_str()), ("ham", "spam", "row number 0!"));
    bench.keys("u").write().keys("u").write();
    assert_eq!(labels(&bench), 0);
    bench.keys("g g L down down enter L").typed("spam").keys("enter");
    assert!(!bench.model.shown().row(RowNumber(0)).unwrap().is_edited(), "back as it was generated");
}

#[test]
fn a_label_that_there_is_not_is_refused_with_the_nearest_one() {
    let mut bench = Harness::with_rows(1);
    bench.keys("L").typed("Ham").keys("enter");
    let Some(crate::app::Overlay::Line(line)) = bench.model.overlay() else { panic!("closed") };
    assert_eq!(line.error.as_deref(), Some("There is no label `Ham`; did you mean `ham`?"));
    bench.keys("esc L enter");
    assert_eq!(bench.notice(), "Row 1 has the label `spam` already; nothing was changed.");
    assert!(bench.facts().is_empty());
}

#[test]
fn an_edit_back_to_what_was_generated_is_no_edit() {
    let mut bench = Harness::with_rows(1);
    bench.keys("e ctrl-end").typed("!").keys("ctrl-s e ctrl-end backspace ctrl-s");
    assert!(!bench.model.shown().row(RowNumber(0)).unwrap().is_edited());
    let last = &bench.facts().last().unwrap().event;
    assert!(matches!(last, Event::Changed { change: Change::Edit { fields: None }, .. }));
    let sent = bench.facts().len();
    bench.keys("e ctrl-s");
    assert_eq!(bench.facts().len(), sent, "nothing changed");
}
