//! Marked rows, and changes of many rows.

use crate::app::fixtures::Harness;
use crate::app::{Context, Effect, Message, Overlay};
use crate::curate::{BulkPreview, NewHidden};
use crate::domain::{Change, RowNumber, RowSet, StateKind};

fn preview(bench: &Harness) -> &BulkPreview {
    match bench.model.overlay() {
        Some(Overlay::Bulk(window)) => window.preview.as_ref().unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Returns the rows of the change that was sent, and what is done to them.
fn sent(bench: &mut Harness) -> Vec<(Vec<u32>, Change)> {
    let effects = bench.take_effects().into_iter();
    effects
        .filter_map(|effect| match effect {
            Effect::ChangeRows { rows, change, .. } => Some((rows.iter().map(|row| row.0).collect(), change)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_range_is_marked_by_moving_and_one_decision_is_for_all_of_it() {
    let mut bench = Harness::with_rows(9);
    bench.keys("j v j j");
    assert_eq!(bench.model.rows.marked_places(), 1..4);
    bench.keys("a");
    assert_eq!(preview(&bench).from, [(StateKind::Pending, 3)]);
    assert!(sent(&mut bench).is_empty(), "asked first");
    bench.keys("esc");
    assert_eq!(bench.model.rows.marked_places(), 1..4, "leaving the question keeps the marks");
    bench.keys("x enter");
    assert_eq!(sent(&mut bench), [(vec![1, 2, 3], Change::reject())]);
    assert!(bench.model.rows.marked.is_none() && bench.model.overlays.is_empty());
}

#[test]
fn a_range_goes_up_too_and_ends_by_its_key_and_by_escape() {
    let mut bench = Harness::with_rows(9);
    bench.keys("G v k k");
    assert_eq!(bench.model.rows.marked_places(), 6..9);
    bench.keys("v");
    assert!(bench.model.rows.marked_places().is_empty());
    bench.keys("V");
    assert_eq!(bench.model.rows.marked_places(), 0..9);
    bench.keys("esc");
    assert!(bench.model.rows.marked_places().is_empty());
}

#[test]
fn a_range_of_one_row_is_decided_as_that_row() {
    let mut bench = Harness::with_rows(3);
    bench.keys("v a");
    assert_eq!(bench.facts().len(), 1);
    assert_eq!(bench.states()[0], StateKind::Accepted);
}

#[test]
fn every_decision_is_for_the_marked_rows() {
    let rating = |stars| crate::domain::Rating::try_from(stars).ok();
    let reason = Some("dull".to_owned());
    for (keys, typed, change) in [
        ("space", "", Change::skip()),
        ("4", "", Change::Accept { rating: rating(4), tags: vec![] }),
        ("X", "dull", Change::Reject { reason, tags: vec![] }),
        (
            "t",
            "+odd -dull, +new",
            Change::Retag { add: vec!["odd".into(), "new".into()], remove: vec!["dull".into()] },
        ),
        ("L", "ham", Change::Relabel { label: "ham".into() }),
    ] {
        let mut bench = Harness::with_rows(4);
        bench.keys("V").keys(keys);
        if !typed.is_empty() {
            bench.typed(typed).keys("enter");
        }
        assert_eq!(bench.model.context(), Context::Bulk, "{keys}");
        bench.keys("enter");
        assert_eq!(sent(&mut bench), [(vec![0, 1, 2, 3], change)], "{keys}");
    }
}

#[test]
fn a_change_that_all_marked_rows_have_already_is_not_asked_for() {
    let mut bench = Harness::with_rows(3);
    bench.keys("V 0");
    assert!(bench.model.overlays.is_empty());
    assert_eq!(bench.notice(), "All 3 rows that are marked are so already.");
    bench.keys("L").typed("spam").keys("enter");
    assert_eq!(bench.notice(), "All 3 rows that are marked are so already.");
    bench.keys("L").typed("nonsense").keys("enter");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Line(line)) if line.error.is_some()));
}

#[test]
fn rows_that_come_while_it_is_asked_are_not_among_those_that_change() {
    let mut bench = Harness::with_rows(2);
    bench.keys("V a").arrive(&["late"]).keys("enter");
    assert_eq!(sent(&mut bench), [(vec![0, 1], Change::accept())]);
}

#[test]
fn finding_the_rows_again_ends_the_range() {
    let mut bench = Harness::with_rows(5);
    bench.keys("v j /").typed("state:pending").keys("enter");
    assert!(bench.model.rows.marked.is_none());
}

#[test]
fn many_rows_are_counted_elsewhere_and_nothing_is_done_before() {
    let mut bench = Harness::with_rows(30_001);
    // The view of so many rows is found elsewhere too.
    let view = (0..30_001).collect();
    let asked = bench.effects.iter().find_map(|effect| match effect {
        Effect::View { ask, .. } => Some(*ask),
        _ => None,
    });
    bench.send(Message::Viewed { ask: asked.unwrap(), view, hidden: NewHidden::default() });
    bench.take_effects();
    bench.keys("V a enter");
    assert_eq!(bench.notice(), "The rows are still being counted.");
    let effects = bench.take_effects();
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::PreviewBulk { ask, rows, shown, change } => {
            Some((*ask, BulkPreview::of(shown, &rows.find(shown), change)))
        }
        _ => None,
    });
    let (ask, preview) = asked.unwrap();
    bench.send(Message::BulkPreviewed { ask, preview });
    bench.keys("enter");
    let effects = bench.take_effects();
    let all: RowSet = (0..30_001).map(RowNumber).collect();
    assert!(effects.iter().any(|e| matches!(e, Effect::ChangeRows { rows, .. } if *rows == all)));
}

#[test]
fn undo_leaves_the_cursor_on_a_row_that_it_turned_and_else_goes_to_the_first() {
    let mut bench = Harness::with_rows(6);
    bench.keys("v j j j x enter").write();
    bench.keys("g g j j u").write();
    assert_eq!(bench.selected(), Some(2));
    bench.keys("U").write().keys("G u").write();
    assert_eq!(bench.selected(), Some(0));
}

#[test]
fn the_keys_that_answer_are_all_named() {
    let mut bench = Harness::with_rows(3);
    bench.keys("V x");
    assert_eq!(bench.model.hints()[0].keys, "y, enter");
}
