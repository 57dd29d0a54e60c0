use super::*;
use crate::curate::Replacement;
use crate::domain::StateKind;
use crate::domain::{Event, Existing, ExportReport, Fact, NewRow, Scores};
use crate::export::{Destination, Format};
use crate::text::Stop;
use crate::workbench::{ExportOrder, Watch};

const COPY: &str = "Win a cash prize today and call this number before noon!";
const TEST_ROW: &str = "claim your holiday voucher with the code from this message";

fn exported(session: &TestSession, allow_contaminated: bool) -> (ExportReport, String) {
    let out = session.folder.path().join("out.jsonl");
    let to = Destination::File(out.clone());
    let order = ExportOrder {
        allow_contaminated,
        ..ExportOrder::new(Format::of(&out).unwrap(), to, Existing::Replace)
    };
    let watch = Watch { progress: &|_| {}, stop: &Stop::never() };
    (session.bench.exporter().export(&order, watch, &|_| None).unwrap(), fs::read_to_string(out).unwrap())
}

#[test]
fn rows_are_flagged_for_what_they_are_like() {
    let mut session = TestSession::new();

    session.run(&[COPY, TEST_ROW, "Answer now to win a bicycle", "ANSWER now to win a bicycle!"], &[]);

    assert_eq!(session.flags(0), [FlagKind::CopiesReal]);
    assert_eq!(session.flags(1), [FlagKind::ContaminatesTest]);
    assert!(session.flags(2).is_empty());
    assert_eq!(session.flags(3), [FlagKind::Duplicate]);
    let other = session.row(0).flags().next().unwrap().other.clone();
    assert_eq!(other.as_deref(), Some("t1"));
}

#[test]
fn an_edit_is_judged_anew_and_undoing_it_brings_the_flags_back() {
    let mut session = TestSession::new();
    session.run(&[COPY], &[]);

    session.edit(0, "Answer now to win a bicycle");
    assert!(session.flags(0).is_empty());
    session.edit(0, TEST_ROW);
    assert_eq!(session.flags(0), [FlagKind::ContaminatesTest]);

    for expected in [vec![], vec![FlagKind::CopiesReal]] {
        let operation = session.next();
        session.bench.undo(operation, NOW).unwrap();
        session.bench.commit().unwrap();
        assert_eq!(session.flags(0), expected);
    }
    let operation = session.next();
    session.bench.redo(operation, NOW).unwrap();
    session.bench.commit().unwrap();
    assert!(session.flags(0).is_empty());
    assert_eq!(session.checked().row(0).text(), "Answer now to win a bicycle");
}

const PARCEL: &str = "Our courier left your parcel with a neighbour at number twelve this morning, please fetch it before the evening or call us back";

#[test]
fn a_row_that_is_nearly_an_earlier_one_is_flagged_with_that_one_as_it_comes_and_as_it_is_edited() {
    let mut session = TestSession::new();
    let near = PARCEL.replace("twelve", "twenty");

    session.run(&[PARCEL, &near, PARCEL, "Something else came to mind"], &[]);

    let like = |session: &TestSession, row| {
        session
            .row(row)
            .flags()
            .next()
            .map(|flag| (flag.kind, flag.other.clone().unwrap(), flag.figure.unwrap()))
    };
    let first = session.row(0).id().to_string();
    let (kind, other, figure) = like(&session, 1).unwrap();
    assert_eq!((kind, &other), (FlagKind::NearDuplicate, &first));
    assert!((0.8..1.0).contains(&figure), "{figure}");
    assert_eq!(
        like(&session, 2),
        Some((FlagKind::Duplicate, first.clone(), 1.0)),
        "an equal text is not nearly so"
    );
    assert_eq!((like(&session, 0), like(&session, 3)), (None, None));

    session.edit(3, &near);
    assert_eq!(like(&session, 3).unwrap().0, FlagKind::Duplicate);
    session.edit(3, &PARCEL.replace("twelve", "seven"));
    assert_eq!(like(&session, 3).unwrap().0, FlagKind::NearDuplicate);
    session.edit(0, "Something that nobody said before");
    session.run(&[&PARCEL.replace("twelve", "thirteen")], &[]);
    let (kind, other, _) = like(&session, 4).unwrap();
    assert_eq!(kind, FlagKind::NearDuplicate);
    assert!(other != first, "that row has another text now");
    let session = session.checked();
    assert_eq!(like(&session, 4).unwrap().1, other);
}

/// Adds a row as the journal tells it, without any check of its text.
fn stage_row(session: &mut TestSession, text: &str) {
    let projection = session.bench.projection();
    let (run, request) = (projection.runs().last().unwrap().number, RequestNumber(0));
    let first = RowNumber(u32::try_from(projection.len()).unwrap());
    let (id, label) = (Workbench::new_id(), "spam".to_owned());
    let row = NewRow { id, label, fields: Fields::of_text(text), flags: vec![], scores: Scores::default() };
    let event = Event::Sampled { run, request, first, rows: vec![row] };
    session.bench.stage(Fact::new(session.next(), NOW, event));
    session.bench.commit().unwrap();
}

#[test]
fn rows_that_came_while_an_index_was_built_are_in_it() {
    let mut session = TestSession::new();
    session.run(&[PARCEL], &[]);
    let mut session = session.reopened();
    let unindexed = session.bench.unindexed().unwrap();
    let indexes = unindexed.index(&Stop::never()).unwrap();
    let other = "The train to the coast leaves from platform nine in the evening, so please be there with all of your bags at seven sharp";
    stage_row(&mut session, other);
    session.bench.set_indexes(indexes);
    assert!(session.bench.unindexed().is_none());
    session.run(&[&PARCEL.replace("twelve", "twenty"), &other.replace("nine", "ten")], &[]);
    assert_eq!(
        (session.flags(2), session.flags(3)),
        (vec![FlagKind::NearDuplicate], vec![FlagKind::NearDuplicate])
    );
}

#[test]
fn a_text_that_was_edited_away_is_no_duplicate_any_more_and_undoing_it_makes_it_one_again() {
    let mut session = TestSession::new();
    session.run(&["Answer now to win a bicycle", "Answer now, to win a bicycle!"], &[]);
    assert_eq!((session.flags(0), session.flags(1)), (vec![], vec![FlagKind::Duplicate]));

    session.edit(0, "Something else came to mind");
    session.run(&["Answer now to win a BICYCLE"], &[]);
    let other = session.row(2).flags().next().and_then(|flag| flag.other.clone());
    assert_eq!(other, Some(session.row(1).id().to_string()));

    session.edit(1, "And another thing that is new");
    session.edit(2, "And another thing that nobody said");
    session.run(&["Answer now to win a bicycle"], &[]);
    assert!(session.flags(3).is_empty());

    for _ in 0..3 {
        let operation = session.next();
        session.bench.undo(operation, NOW).unwrap();
    }
    session.run(&["Answer now to win a bicycle"], &[]);
    assert!(session.flags(4).contains(&FlagKind::Duplicate));
}

#[test]
fn an_edit_that_the_schema_does_not_allow_is_refused_and_changes_nothing() {
    let mut session = TestSession::new();
    session.run(&["Answer now to win a bicycle"], &[]);
    let (operation, rows) = (session.next(), [RowNumber(0)].into_iter().collect());

    let change = Change::Edit { fields: Some(Fields::of_text("  ")) };
    let error = session.bench.change(operation, NOW, &rows, change, false).unwrap_err();

    assert_eq!(error.to_string(), "The field `text` is empty.");
    assert_eq!(session.row(0).text(), "Answer now to win a bicycle");
}

#[test]
fn replacing_in_many_rows_is_one_operation_with_new_flags_and_leaves_out_what_would_be_no_row() {
    let mut session = TestSession::new();
    session.run(&["Answer soon to win a bicycle", "Answer now to win a bicycle", "now", "Other words"], &[]);
    let schema = session.bench.session().schema.clone();
    let replacing =
        |find: &str, with: &str| Replacement::new(&schema, Fields::TEXT, find, with, false).unwrap();
    let replacement = replacing("\\bnow\\b", "soon");
    let (operation, all) = (session.next(), (0..4).map(RowNumber).collect());
    let done = session.bench.replace(operation, NOW, &all, &replacement);
    session.bench.commit().unwrap();
    assert_eq!((done.rows, done.refused), (2, 0));
    assert_eq!(session.row(1).text(), "Answer soon to win a bicycle");
    assert_eq!(session.row(1).original_text(), "Answer now to win a bicycle");
    assert!(session.flags(1).contains(&FlagKind::Duplicate), "{:?}", session.flags(1));
    let mut session = session.checked();

    let emptied = replacing("^soon$", "");
    let operation = session.next();
    let done = session.bench.replace(operation, NOW, &all, &emptied);
    assert_eq!((done.rows, done.refused, done.why.as_deref()), (0, 1, Some("The field `text` is empty.")));
    assert_eq!(session.bench.undo(operation, NOW).map(|undone| undone.rows), Some(2));
    session.bench.commit().unwrap();
    assert_eq!(session.row(2).text(), "now");
    assert!(!session.flags(1).contains(&FlagKind::Duplicate) && !session.row(1).is_edited());
    session.checked();
}

#[test]
fn relabelling_many_rows_is_checked_stored_as_ranges_and_undone_exactly() {
    let mut session = TestSession::new();
    session.run(&["one prize waits", "two prizes wait", "three prizes wait"], &[]);
    let label = session.row(0).label().to_owned();
    let other = session.bench.dataset().labels().iter().find(|other| **other != label).cloned().unwrap();
    let (operation, all) = (session.next(), (0..3).map(RowNumber).collect());
    let unknown = Change::Relabel { label: "nonsense".into() };
    assert!(session.bench.change(operation, NOW, &all, unknown, true).is_err());
    session.change(&[0, 1, 2], Change::Relabel { label: other.clone() });
    assert_eq!(session.row(2).label(), other);
    let mut session = session.checked();
    let operation = session.next();
    session.bench.undo(operation, NOW).unwrap();
    session.bench.commit().unwrap();
    assert_eq!((session.row(2).label(), session.row(2).is_edited()), (label.as_str(), false));
    session.checked();
}

#[test]
fn undo_takes_back_one_operation_after_the_other_and_says_which() {
    let mut session = TestSession::new();
    session.run(&["one prize waits", "two prizes wait"], &[]);
    session.change(&[0, 1], Change::accept());
    session.change(&[1], Change::reject());

    let counts = |session: &TestSession| session.bench.projection().counts().all;
    assert_eq!(counts(&session).rejected, 1);
    let operation = session.next();
    assert_eq!(session.bench.undo(operation, NOW).unwrap().rows, 1);
    assert_eq!(counts(&session).of(StateKind::Accepted), 2);
    let operation = session.next();
    assert_eq!(session.bench.undo(operation, NOW).unwrap().rows, 2);
    let operation = session.next();
    assert_eq!(session.bench.undo(operation, NOW), None);
    assert_eq!(counts(&session).pending, 2);
}

#[test]
fn a_row_that_contaminates_the_test_set_leaves_only_where_that_is_allowed() {
    let mut session = TestSession::new();
    session.run(&[TEST_ROW, "Answer now to win a bicycle"], &[]);
    session.change(&[0, 1], Change::accept());

    let (report, text) = exported(&session, false);
    assert_eq!((report.accepted, report.withheld), (1, 1));
    assert!(text.contains("bicycle") && !text.contains("voucher"), "{text}");

    let (report, text) = exported(&session, true);
    assert_eq!((report.accepted, report.withheld), (2, 0));
    assert!(text.contains("voucher"), "{text}");
}

#[test]
fn a_jump_over_edits_judges_their_texts_anew_and_undoing_it_brings_the_flags_back() {
    let mut session = TestSession::new();
    session.run(&[COPY, "Something else"], &[]);
    let start = session.bench.projection().operations().last().unwrap().id;
    session.edit(0, TEST_ROW);
    session.edit(0, "Answer now to win a bicycle");
    session.edit(1, COPY);
    let flags = |session: &TestSession| [session.flags(0), session.flags(1)];
    let before = flags(&session);
    assert_eq!(before[1], [FlagKind::CopiesReal]);

    let operation = session.next();
    let decided = session.bench.jump(start, operation, NOW).unwrap().unwrap();
    session.bench.commit().unwrap();

    assert_eq!((decided.rows, session.row(0).text() == COPY), (2, true));
    assert_eq!(flags(&session), [vec![FlagKind::CopiesReal], vec![]]);
    let operation = session.next();
    assert_eq!(session.bench.jump(start, operation, NOW).unwrap(), None, "the rows are so already");
    session.bench.undo(operation, NOW).unwrap();
    session.bench.commit().unwrap();
    assert_eq!(flags(&session), before);
    let checked = session.checked();
    assert_eq!(checked.row(0).text(), "Answer now to win a bicycle");
}
