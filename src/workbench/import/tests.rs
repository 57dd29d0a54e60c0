mod round_trips;

use super::*;
use crate::domain::{Change, FieldSpec, FieldValue, StateKind};
use crate::workbench::tests::{NOW, TestSession};

fn order() -> ImportOrder {
    let (file, hash) = ("labels.jsonl".to_owned(), "the hash".to_owned());
    ImportOrder { file, hash, format: "jsonl".into(), ..ImportOrder::default() }
}

fn row(line: u64, text: &str, label: &str) -> Incoming {
    Incoming { line, text: text.into(), label: Some(label.into()), ..Incoming::default() }
}

fn rows(texts: &[&str]) -> Vec<Incoming> {
    (1..).zip(texts).map(|(line, text)| row(line, text, "spam")).collect()
}

fn try_import(
    session: &mut TestSession,
    order: &ImportOrder,
    rows: Vec<Incoming>,
) -> Result<ImportReport, WorkbenchError> {
    let operation = session.next();
    let rows = rows.into_iter().map(Ok);
    let report = session.bench.import((order, operation, NOW), rows, &Stop::never(), &mut |_| ())?;
    session.bench.commit().unwrap();
    Ok(report)
}

fn import(session: &mut TestSession, rows: Vec<Incoming>) -> ImportReport {
    try_import(session, &order(), rows).unwrap()
}

fn undo(session: &mut TestSession) {
    let operation = session.next();
    session.bench.undo(operation, NOW).unwrap();
    session.bench.commit().unwrap();
}

fn redo(session: &mut TestSession) {
    let operation = session.next();
    session.bench.redo(operation, NOW).unwrap();
    session.bench.commit().unwrap();
}

#[test]
fn rows_arrive_pending_and_flagged_as_one_operation_and_stay_so() {
    let mut session = TestSession::new();
    session.run(&["Sampled before the file came in here"], &[]);
    let operations = session.bench.projection().operations().count();
    let report = import(
        &mut session,
        rows(&[
            "Claim your holiday voucher with the code from this message",
            "Answer now to win a bicycle",
            "ANSWER now to win a bicycle!",
            "Sampled before the file came in here",
        ]),
    );
    assert_eq!((report.import, report.rows, report.flagged, report.refused), (Some(1), 4, 3, 0));
    assert_eq!(session.bench.projection().operations().count(), operations + 1);
    assert_eq!(session.flags(1), [FlagKind::ContaminatesTest]);
    assert!(session.flags(2).is_empty());
    assert_eq!((session.flags(3), session.flags(4)), (vec![FlagKind::Duplicate], vec![FlagKind::Duplicate]));
    let session = session.checked();
    assert_eq!(session.row(4).line(), Some(4));
    assert!(session.bench.projection().rows().all(|row| row.state().kind() == StateKind::Pending));
}

#[test]
fn the_same_file_brings_nothing_twice_and_all_of_it_after_an_undo() {
    let mut session = TestSession::new();
    let texts = ["One text of the file", "The same text twice", "The same text twice"];
    assert_eq!(import(&mut session, rows(&texts)).rows, 3);
    let again = import(&mut session, rows(&texts));
    assert_eq!((again.rows, again.already, again.import), (0, 3, None));
    let more = import(&mut session, rows(&[texts[0], texts[1], texts[2], "A line that was refused before"]));
    assert_eq!((more.rows, more.already), (1, 3));
    let other = ImportOrder { hash: "another hash".into(), ..order() };
    assert_eq!(try_import(&mut session, &other, rows(&texts[..1])).unwrap().rows, 1);

    (0..3).for_each(|_| undo(&mut session));
    assert_eq!(session.bench.projection().rows().count(), 0);
    assert_eq!(import(&mut session, rows(&texts)).rows, 3);
    let session = session.checked();
    assert_eq!(session.bench.projection().rows().count(), 3);
}

#[test]
fn an_id_of_ours_is_kept_where_it_is_free_and_names_the_same_row_where_the_text_is_the_same() {
    let mut session = TestSession::new();
    session.run(&["Here before the file"], &[]);
    let here = session.row(0).id().to_string();
    let with = |line, id: &str, text: &str| Incoming { id: Some(id.into()), ..row(line, text, "spam") };
    let report = import(
        &mut session,
        vec![
            with(1, &here, "Here before the file"),
            with(2, &here, "Another text under the same id"),
            with(3, "abcdefghij", "A text whose id is free"),
            with(4, "abcdefghij", "A text whose id was free a line before"),
            with(5, "item-5", "A text with an id of another kind"),
        ],
    );
    assert_eq!((report.rows, report.already, report.renamed), (4, 1, 2));
    assert_eq!(session.row(2).id().as_str(), "abcdefghij");
    let there: Vec<_> = (1..5).map(|n| session.row(n).id_there()).collect();
    assert_eq!(there, [Some(here), None, Some("abcdefghij".into()), Some("item-5".into())]);
    let said = report.sentences().join(" ");
    assert!(said.contains("2 rows got another id"), "{said}");
}

#[test]
fn labels_fields_and_texts_that_do_not_fit_are_refused_with_line_and_reason() {
    let mut session = TestSession::new();
    let bare = Incoming { label: None, ..row(4, "Nobody said what it is", "") };
    let report = import(
        &mut session,
        vec![
            row(1, "A text that fits in", "ham"),
            row(2, "Of another label", "eggs"),
            row(3, " ", "spam"),
            bare,
        ],
    );
    assert_eq!((report.rows, report.refused), (1, 3));
    let said: Vec<_> = report.refusals.iter().map(|r| format!("{}: {}", r.line, r.why)).collect();
    assert!(said[0].starts_with("2: There is no label `eggs`"), "{said:?}");
    assert_eq!(said[1], "3: The field `text` is empty.");
    assert!(said[2].starts_with("4: It has no label"), "{said:?}");
}

#[test]
fn a_file_without_labels_needs_one_and_a_given_one_is_told_where_it_is_another() {
    let mut session = TestSession::new();
    let bare = || vec![Incoming { label: None, ..row(1, "Nobody said what it is", "") }];
    let error = try_import(&mut session, &order(), bare()).unwrap_err().to_string();
    assert!(error.contains("No row of labels.jsonl has a label") && error.contains("--as LABEL"), "{error}");
    assert_eq!(session.bench.projection().imports().len(), 0);

    let given = ImportOrder { label: Some("ham".into()), ..order() };
    let report =
        try_import(&mut session, &given, [bare(), vec![row(2, "It was spam", "spam")]].concat()).unwrap();
    assert_eq!((report.rows, report.relabelled), (2, 1));
    assert_eq!(session.row(1).label(), "ham");
    let unknown = ImportOrder { label: Some("eggs".into()), ..order() };
    let error = try_import(&mut session, &unknown, bare()).unwrap_err().to_string();
    assert!(error.starts_with("There is no label `eggs`"), "{error}");
}

#[test]
fn decisions_come_along_and_accept_is_for_the_rows_that_bring_none() {
    let mut session = TestSession::new();
    let decided = |line, state, text: &str| Incoming { state: Some(state), ..row(line, text, "spam") };
    let edited = Incoming {
        original: Some("as it was written".into()),
        tags: vec!["b".into(), "a".into(), "b".into()],
        ..decided(1, RowState::Accepted { rating: None }, "as a person wants it")
    };
    let rejected = Incoming {
        reason: Some("dull".into()),
        disagreement: Some(0.25),
        ..decided(2, RowState::Rejected, "a dull text")
    };
    let open = row(3, "nobody looked at it", "spam");
    let accepting = ImportOrder { accept: true, ..order() };
    let report = try_import(&mut session, &accepting, vec![edited, rejected, open]).unwrap();
    assert_eq!((report.accepted, report.rejected, report.skipped), (2, 1, 0));
    let row = session.row(0);
    assert_eq!(
        (row.text().as_str(), row.original_text().as_str()),
        ("as a person wants it", "as it was written")
    );
    assert_eq!((row.mark().tags, row.is_bulk()), (vec!["a".into(), "b".into()], true));
    assert_eq!(session.row(1).mark().reason.as_deref(), Some("dull"));
    assert!(session.flags(1).contains(&FlagKind::Disagreement));
    assert_eq!(session.row(2).state().kind(), StateKind::Accepted);

    undo(&mut session);
    assert_eq!(session.bench.projection().counts().all.total(), 0);
    redo(&mut session);
    let mut session = session.checked();
    assert_eq!(session.bench.projection().counts().all.accepted, 2);
    session.change(&[2], Change::reject());
    undo(&mut session);
    assert_eq!(session.row(2).state().kind(), StateKind::Accepted);
}

#[test]
fn rows_that_came_later_are_duplicates_of_an_import_only_while_it_is_there() {
    let mut session = TestSession::new();
    import(&mut session, rows(&["Answer now to win a bicycle"]));
    session.run(&["ANSWER now to win a bicycle", "Answer now to win a bicycle!"], &[]);
    let duplicate = |session: &TestSession, row| {
        session
            .row(row)
            .flags()
            .find(|flag| flag.kind == FlagKind::Duplicate)
            .and_then(|flag| flag.other.clone())
    };
    let id = session.row(0).id().to_string();
    assert_eq!((duplicate(&session, 1), duplicate(&session, 2)), (Some(id.clone()), Some(id.clone())));
    undo(&mut session);
    let next = session.row(1).id().to_string();
    assert_eq!((duplicate(&session, 1), duplicate(&session, 2)), (None, Some(next)));
    redo(&mut session);
    assert_eq!((duplicate(&session, 1), duplicate(&session, 2)), (Some(id.clone()), Some(id)));
    session.checked();
}

#[test]
fn rows_of_one_file_are_compared_with_one_another_and_later_ones_with_them_while_they_are_there() {
    let mut session = TestSession::new();
    let text = "Our courier left your parcel with a neighbour at number twelve this morning, please fetch it before the evening or call us back";
    let with = |word: &str| text.replace("twelve", word);
    let many = (0..2100).map(|n| format!("{n:04} {:x} filler", n * 7919_u64 * 7919));
    let all: Vec<String> = [text.to_owned()].into_iter().chain(many).chain([with("twenty")]).collect();
    import(&mut session, rows(&all.iter().map(String::as_str).collect::<Vec<_>>()));
    let like = |session: &TestSession, row| {
        let flag = session.row(row).flags().find(|flag| flag.kind == FlagKind::NearDuplicate);
        flag.and_then(|flag| flag.other)
    };
    let first = session.row(0).id().to_string();
    assert_eq!(like(&session, 2101), Some(first.clone()), "they came in two facts");
    session.run(&[&with("seven"), &with("eleven")], &[]);
    assert_eq!(like(&session, 2102), Some(first.clone()));
    undo(&mut session);
    let next = session.row(2102).id().to_string();
    assert_eq!((like(&session, 2102), like(&session, 2103)), (None, Some(next)));
    redo(&mut session);
    assert_eq!(like(&session, 2102), Some(first));
    session.checked();
}

#[test]
fn one_that_is_stopped_leaves_nothing_and_another_one_follows() {
    let mut session = TestSession::new();
    let before = session.bench.projection().clone();
    let (order, operation) = (order(), session.next());
    let seen = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stop = {
        let seen = std::sync::Arc::clone(&seen);
        Stop::when(move || seen.load(std::sync::atomic::Ordering::Relaxed))
    };
    let many = (1..10_000).map(|line| Ok(row(line, &format!("text {line}"), "spam")));
    let mut told = |_| seen.store(true, std::sync::atomic::Ordering::Relaxed);
    let error = session.bench.import((&order, operation, NOW), many, &stop, &mut told).unwrap_err();
    assert_eq!(error.to_string(), "The import was stopped; nothing was imported.");
    assert_eq!(session.bench.projection().difference(&before), None);
    assert_eq!(import(&mut session, rows(&["text 1"])).flagged, 0, "no duplicate of what never came");
}

#[test]
fn many_rows_come_in_several_facts_and_are_one_operation() {
    let mut session = TestSession::new();
    let many: Vec<_> = (1..=5000).map(|line| row(2 * line, &format!("text {line}"), "spam")).collect();
    let report = import(&mut session, many);
    assert_eq!(report.rows, 5000);
    let mut session = session.checked();
    assert_eq!(session.row(4999).line(), Some(10_000));
    undo(&mut session);
    assert_eq!(session.checked().bench.projection().rows().count(), 0);
}

#[test]
fn declared_fields_are_read_as_their_kind_and_others_are_named() {
    let session = TestSession::new();
    let order = order();
    let mut judge = session.bench.judge(&order, NOW).unwrap();
    let kind = crate::domain::FieldKind::Integer;
    judge.declare(FieldSpec { name: "stars".into(), kind });
    let with = |value: &str| {
        let fields =
            [("stars".to_owned(), FieldValue::Text(value.into())), ("x".to_owned(), FieldValue::Integer(1))];
        Incoming { fields: fields.into(), ..row(1, "a text with stars", "spam") }
    };
    assert_eq!(judge.judge(with(" 4 ")).unwrap().fields.0["stars"], FieldValue::Integer(4));
    assert_eq!(
        judge.judge(with("four")).unwrap_err(),
        "The field `stars` must be a whole number, not `four`."
    );
    let without = row(2, "a text without stars", "spam");
    assert_eq!(judge.judge(without).unwrap_err(), "The field `stars` is missing.");
    assert_eq!(judge.into_undeclared(), ["x"]);
}

#[test]
fn a_jump_to_before_an_import_takes_its_rows_and_their_decisions_and_an_undo_brings_both() {
    let mut session = TestSession::new();
    session.run(&["Here before the file"], &[]);
    let start = session.bench.projection().operations().last().unwrap().id;
    import(&mut session, rows(&["One text of the file", "Another one"]));
    session.edit(1, "One text that was edited");

    let operation = session.next();
    let decided = session.bench.jump(start, operation, NOW).unwrap().unwrap();
    session.bench.commit().unwrap();

    assert_eq!((decided.rows, session.bench.projection().rows().count()), (2, 1));
    undo(&mut session);
    let session = session.checked();
    assert_eq!(session.bench.projection().rows().count(), 3);
    assert!(session.row(1).is_edited());
}
