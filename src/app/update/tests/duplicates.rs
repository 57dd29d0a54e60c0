//! Keeping one row of those that are equal or nearly equal.

use crate::app::fixtures::Harness;
use crate::app::{Ask, Effect, Message, Overlay};
use crate::domain::{Change, RowNumber, RowSet, StateKind};

/// Returns a screen with the window open, and these groups in it.
fn with_groups(rows: u32, groups: &[&[u32]]) -> Harness {
    let mut bench = Harness::with_rows(rows);
    open(&mut bench, groups);
    bench
}

fn open(bench: &mut Harness, groups: &[&[u32]]) -> Ask {
    bench.keys("d");
    let found = |effect| if let Effect::FindDuplicates { ask, .. } = effect { Some(ask) } else { None };
    let ask = bench.take_effects().into_iter().find_map(found).unwrap();
    let groups = groups.iter().map(|group| group.iter().copied().map(RowNumber).collect()).collect();
    bench.send(Message::DuplicatesFound { ask, groups });
    ask
}

/// Returns the rows that are to be changed, and how.
fn changed(bench: &Harness) -> Vec<(Vec<u32>, Change)> {
    let numbers = |rows: &RowSet| rows.iter().map(|row| row.0).collect();
    let change = |effect: &Effect| match effect {
        Effect::ChangeRows { rows, change, .. } => Some((numbers(rows), change.clone())),
        _ => None,
    };
    bench.effects.iter().filter_map(change).collect()
}

fn rejected() -> Change {
    Change::Reject { reason: Some("near-duplicate".into()), tags: vec![] }
}

/// Returns the place of the group that is shown, and that of the selected row.
fn place(bench: &Harness) -> (usize, usize) {
    match bench.model.overlays.last() {
        Some(Overlay::Duplicates(window)) => (window.group, window.selected),
        other => panic!("{other:?}"),
    }
}

#[test]
fn keeping_a_row_rejects_the_others_at_once_and_goes_on_to_the_next_group() {
    let mut bench = with_groups(6, &[&[0, 2, 4], &[1, 3]]);
    bench.keys("j enter");
    assert_eq!(changed(&bench), [(vec![0, 4], rejected())]);
    assert_eq!(place(&bench), (1, 0));
}

#[test]
fn the_best_row_is_the_accepted_one_and_an_accepted_row_is_rejected_only_after_a_question() {
    let mut bench = Harness::with_rows(4);
    bench.keys("j a").write();
    open(&mut bench, &[&[0, 1]]);
    bench.keys("b");
    assert_eq!(changed(&bench), [(vec![0], rejected())]);

    bench.take_effects();
    bench.keys("k k enter");
    assert!(changed(&bench).is_empty());
    let Some(Overlay::Bulk(bulk)) = bench.model.overlays.last() else { panic!() };
    assert_eq!(bulk.preview.as_ref().unwrap().from, [(StateKind::Accepted, 1)]);
    bench.keys("enter");
    assert_eq!(changed(&bench), [(vec![1], rejected())]);
}

#[test]
fn every_group_is_merged_by_one_operation_after_a_question() {
    let mut bench = with_groups(6, &[&[0, 2, 4], &[1, 3]]);
    bench.keys("M");
    assert!(changed(&bench).is_empty());
    bench.keys("enter");
    assert_eq!(changed(&bench), [(vec![2, 3, 4], rejected())]);
}

#[test]
fn undo_goes_back_to_the_group_that_it_opens_again() {
    let mut bench = with_groups(6, &[&[0, 2, 4], &[1, 3]]);
    bench.keys("j enter").write();
    assert_eq!(place(&bench), (1, 0));
    bench.keys("u").write();
    assert_eq!(place(&bench), (0, 0));
}

#[test]
fn a_window_without_groups_offers_only_to_close_it() {
    let bench = with_groups(2, &[]);
    let labels: Vec<&str> = bench.model.hints().iter().map(|hint| hint.label).collect();
    assert_eq!(labels, ["close"]);
}

#[test]
fn a_rejected_row_is_not_kept_and_a_group_that_is_done_says_so() {
    let mut bench = Harness::with_rows(3);
    bench.keys("x").write();
    open(&mut bench, &[&[0, 1]]);
    bench.keys("k k enter");
    assert!(changed(&bench).is_empty() && bench.notice().contains("rejected"), "{}", bench.notice());
    bench.keys("b");
    assert_eq!(bench.notice(), "The other rows of the group are rejected already.");
}

#[test]
fn the_group_of_the_selected_row_is_shown_first_and_an_answer_for_a_closed_window_is_dropped() {
    let mut bench = Harness::with_rows(6);
    bench.keys("j j j");
    let ask = open(&mut bench, &[&[0, 2], &[1, 3]]);
    assert_eq!(place(&bench), (1, 1));
    bench.keys("h l l");
    assert_eq!(place(&bench), (1, 0));
    bench.keys("esc d");
    bench.send(Message::DuplicatesFound { ask, groups: vec![] });
    assert!(
        matches!(bench.model.overlays.last(), Some(Overlay::Duplicates(window)) if window.groups.is_none())
    );
}
