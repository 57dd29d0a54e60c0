use proptest::prelude::*;

use super::*;
use crate::workbench::WorkbenchError;

fn repair(session: &mut TestSession, index: u32, fields: Fields) -> Result<RowNumber, WorkbenchError> {
    let operation = session.next();
    let row = session.bench.repair_scrap(index, fields, operation, NOW)?;
    session.bench.commit()?;
    Ok(row)
}

#[test]
fn a_scrap_that_a_person_repairs_becomes_a_row_of_its_run_and_request() {
    let mut session = TestSession::new();
    let run = session
        .run(&["Answer now to win a bicycle"], &["{\"text\": \"Your parcel waits at the dep", "nothing"]);

    let row = repair(&mut session, 0, Fields::of_text("Your parcel waits at the dep")).unwrap();

    let session = session.checked();
    assert_eq!(row, RowNumber(1));
    assert_eq!(session.row(1).text(), "Your parcel waits at the dep");
    assert_eq!(session.row(1).label(), "spam");
    assert_eq!(session.row(1).run().map(|run| run.number), Some(run));
    assert_eq!(session.row(1).request().map(|request| request.number), Some(RequestNumber(0)));
    let projection = session.bench.projection();
    let repaired: Vec<_> = projection.scraps().map(|scrap| scrap.repaired).collect();
    assert_eq!(repaired, [true, false]);
    let run = projection.run(run).unwrap();
    assert_eq!((run.rows, run.scraps), (2, 2));
    assert_eq!(projection.operations().last().unwrap().rows, 1);
}

#[test]
fn a_repaired_scrap_is_judged_as_any_row_is() {
    let mut session = TestSession::new();
    session.run(&["Answer now to win a bicycle"], &["a", "b", "c"]);

    repair(&mut session, 0, Fields::of_text("answer now to win a bicycle")).unwrap();
    repair(&mut session, 1, Fields::of_text("Dear [Name], your parcel waits")).unwrap();
    let told = "One text a row, complete in itself.";
    repair(&mut session, 2, Fields::of_text(told)).unwrap();

    assert_eq!(session.flags(1), [FlagKind::Duplicate]);
    assert_eq!(session.flags(2), [FlagKind::Placeholder]);
    assert_eq!(session.flags(3), [FlagKind::EchoesPrompt]);
    assert_eq!(session.bench.projection().run(RunNumber(1)).unwrap().flagged, 3);
}

#[test]
fn what_cannot_be_repaired_is_said_and_changes_nothing() {
    let mut session = TestSession::new();
    session.run(&["Answer now to win a bicycle"], &["a"]);
    let said = |result: Result<RowNumber, WorkbenchError>| result.unwrap_err().to_string();

    assert_eq!(
        said(repair(&mut session, 1, Fields::of_text("Hello"))),
        "There is no scrap 1; the session has 1, counted from 0."
    );
    assert_eq!(said(repair(&mut session, 0, Fields::of_text(" "))), "The field `text` is empty.");
    assert_eq!(said(repair(&mut session, 0, Fields::default())), "The field `text` is missing.");
    assert_eq!(session.bench.projection().len(), 1);

    repair(&mut session, 0, Fields::of_text("Hello")).unwrap();
    assert_eq!(
        said(repair(&mut session, 0, Fields::of_text("Hello again"))),
        "Scrap 0 was repaired already; edit the row that came of it instead."
    );
    assert_eq!(session.bench.projection().len(), 2);
    assert!(session.bench.projection().scrap(0).unwrap().repaired);
}

#[test]
fn a_run_under_way_asks_for_one_row_less_after_a_repair() {
    let mut session = TestSession::new();
    let (plan, request) = session.begin(2);
    session.bench.keep_scraps(&plan, request, vec![NewScrap { raw: "a".into(), reason: "b".into() }], NOW);
    session.bench.commit().unwrap();
    repair(&mut session, 0, Fields::of_text("Repaired by hand")).unwrap();

    let rows = ["one prize waits", "two prizes wait"].map(Fields::of_text).to_vec();
    let taken = session.take_in(&plan, request, rows);

    assert_eq!((taken.rows, taken.beyond), (2, 1));
}

proptest! {
    // Each case opens a store three times.
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn whatever_is_repaired_in_whatever_order_is_counted_and_kept(picks in prop::collection::vec(0_u32..6, 0..8)) {
        let mut session = TestSession::new();
        session.run(&[], &["a", "b", "c", "d"]);
        let mut expected = [false; 4];
        for pick in picks {
            let fields = Fields::of_text(format!("Prize number {pick} waits for you"));
            let result = repair(&mut session, pick, fields);
            let is_new = expected.get(pick as usize) == Some(&false);
            prop_assert_eq!(result.is_ok(), is_new);
            if is_new {
                expected[pick as usize] = true;
            }
        }
        let session = session.checked();
        let projection = session.bench.projection();
        let repaired: Vec<_> = projection.scraps().map(|scrap| scrap.repaired).collect();
        let rows = expected.iter().filter(|repaired| **repaired).count();
        prop_assert_eq!(repaired.as_slice(), expected.as_slice());
        prop_assert_eq!(projection.len(), rows);
        prop_assert_eq!(projection.run(RunNumber(1)).unwrap().rows as usize, rows);
    }
}
