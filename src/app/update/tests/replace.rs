//! Finding and replacing in rows.

use crate::app::fixtures::Harness;
use crate::app::replace::{Matches, ReplaceWindow};
use crate::app::{Context, Effect, Overlay};

fn window(bench: &Harness) -> &ReplaceWindow {
    match bench.model.overlay() {
        Some(Overlay::Replace(window)) => window,
        other => panic!("{other:?}"),
    }
}

fn found(bench: &Harness) -> Vec<u32> {
    window(bench).found().unwrap().iter().map(|row| row.0).collect()
}

/// Returns the rows in which is replaced.
fn sent(bench: &mut Harness) -> Option<Vec<u32>> {
    bench.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Replace { rows, .. } => Some(rows.iter().map(|row| row.0).collect()),
        _ => None,
    })
}

#[test]
fn the_rows_that_would_change_follow_what_is_typed() {
    let mut bench = Harness::with_rows(12);
    bench.keys("E");
    assert_eq!(window(&bench).status(), "Say what to find.");
    bench.typed("number 1");
    assert_eq!(found(&bench), [1, 10, 11], "taken away, as nothing takes its place yet");
    bench.keys("tab").typed("number 1");
    assert_eq!(window(&bench).status(), "No row would change");
    bench.typed("!");
    assert_eq!(window(&bench).status(), "3 rows change: 3 pending");
    bench.keys("s-tab").typed("(");
    assert!(matches!(&window(&bench).matches, Matches::Wrong(why) if why.contains("cannot be read")));
    bench.keys("enter");
    assert_eq!(bench.model.context(), Context::Replace, "there is nothing to go through");
    bench.keys("esc");
    assert!(bench.model.overlays.is_empty() && sent(&mut bench).is_none());
}

#[test]
fn rows_are_left_out_one_by_one_and_the_others_change_together() {
    let mut bench = Harness::with_rows(12);
    bench.keys("E").typed("number").keys("tab").typed("no.").keys("enter");
    assert_eq!(bench.model.context(), Context::Matches);
    bench.keys("space j x");
    assert_eq!(window(&bench).status(), "10 of 12 rows change: 10 pending");
    bench.keys("k space");
    assert_eq!(window(&bench).status(), "11 of 12 rows change: 11 pending", "taken in again");
    bench.keys("enter");
    assert_eq!(sent(&mut bench), Some((1..12).collect()));
    assert!(bench.model.overlays.is_empty());
}

#[test]
fn the_marked_rows_are_meant_where_there_are_some_and_all_shown_ones_can_be_chosen() {
    let mut bench = Harness::with_rows(12);
    bench.keys("j v j j E").typed("row");
    assert_eq!(found(&bench), [1, 2, 3]);
    bench.keys("up right");
    assert_eq!(found(&bench).len(), 12);
    bench.keys("left enter esc esc");
    assert!(bench.model.overlays.is_empty() && sent(&mut bench).is_none());
    assert_eq!(bench.model.rows.marked_places(), 1..4);
}

#[test]
fn the_case_of_letters_matters_until_it_is_said_that_it_does_not() {
    let mut bench = Harness::with_rows(3);
    bench.keys("E").typed("ROW");
    assert!(found(&bench).is_empty());
    bench.keys("tab tab tab right");
    assert_eq!(found(&bench), [0, 1, 2]);
    bench.keys("tab tab").typed(" x");
    assert_eq!(window(&bench).find.lines(), ["ROW x"], "a blank is typed");
}

#[test]
fn nothing_is_replaced_where_every_row_is_left_out() {
    let mut bench = Harness::with_rows(1);
    bench.keys("E").typed("number").keys("enter space enter");
    assert!(sent(&mut bench).is_none());
    assert_eq!(bench.notice(), "Every row is left out; nothing would change.");
}
