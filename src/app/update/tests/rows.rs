use std::sync::Arc;

use crate::app::fixtures::{Harness, session};
use crate::app::{Effect, Message, Overlay};
use crate::config::screen_state::SessionScreen;
use crate::curate::NewHidden;
use crate::domain::fixtures::Story;
use crate::domain::{Flag, FlagKind, RowDetail, RowNumber};

#[test]
fn arrivals_stand_at_the_end_and_move_nothing() {
    let mut bench = Harness::with_rows(60);
    bench.keys("G k k");
    let (selected, top) = (bench.selected(), bench.model.rows.top);
    bench.arrive(&["a", "b", "c"]);
    assert_eq!((bench.selected(), bench.model.rows.top), (selected, top));
    assert_eq!(bench.model.rows.view.len(), 63);
}

#[test]
fn what_counts_as_new_is_what_the_filter_for_it_finds() {
    let mut bench = Harness::with_rows(4);
    bench.arrive(&["a", "b", "c"]).keys("G x").write();
    assert_eq!(bench.model.shown().counts().new_rows(), 2);
    bench.keys("/").typed("is:new").keys("enter");
    assert_eq!(bench.model.rows.view.window(0, 9).map(|row| row.0).collect::<Vec<_>>(), [4, 5]);
    bench.keys("a").write();
    assert_eq!(bench.model.shown().counts().new_rows(), 1);
}

#[test]
fn sorting_again_takes_arrivals_in() {
    let mut bench = Harness::with_rows(60);
    bench.arrive(&["a", "b"]).keys("R");
    assert_eq!(bench.model.rows.view.len(), 62);
}

#[test]
fn only_arrivals_that_the_filter_matches_are_shown() {
    let mut bench = Harness::with_rows(2);
    bench.keys("/").typed("text~prize").keys("enter");
    assert_eq!(bench.model.rows.view.len(), 0);
    bench.arrive(&["a prize", "other"]);
    assert_eq!(bench.model.rows.view.get(0), Some(RowNumber(2)));
    assert_eq!(bench.model.rows.view.len(), 1);
}

#[test]
fn a_decided_row_keeps_its_place_until_rows_are_sorted_again() {
    let mut bench = Harness::with_rows(3);
    bench.keys("/").typed("state:pending").keys("enter a");
    assert_eq!(bench.model.rows.view.len(), 3);
    bench.keys("R");
    assert_eq!(bench.model.rows.view.len(), 2);
    bench.keys("/ ctrl-u enter");
    assert_eq!((bench.model.rows.view.len(), bench.model.rows.is_filtered()), (3, false));
}

#[test]
fn a_wrong_filter_is_said_while_it_is_typed_and_not_taken() {
    let mut bench = Harness::with_rows(2);
    bench.keys("/").typed("state:pendig");
    let Some(Overlay::Line(line)) = bench.model.overlay() else { panic!("no line") };
    assert!(line.error.as_ref().unwrap().contains("pending"), "{:?}", line.error);
    bench.keys("enter");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Line(_))));
    bench.keys("esc");
    assert!(bench.model.overlays.is_empty() && !bench.model.rows.is_filtered());
}

#[test]
fn a_filter_may_name_an_order_and_choices_complete_its_last_word() {
    let mut bench = Harness::with_rows(3);
    bench.keys("/").typed("state:pending sort:-arrival").keys("enter");
    assert_eq!(bench.model.rows.view.window(0, 9).map(|row| row.0).collect::<Vec<_>>(), [2, 1, 0]);
    assert_eq!(bench.model.rows.filter, "state:pending");
    bench.keys("/ ctrl-u").typed("rating>=4 statrej").keys("tab");
    let Some(Overlay::Line(line)) = bench.model.overlay() else { panic!("no line") };
    assert_eq!(line.text(), "rating>=4 state:rejected");
}

#[test]
fn keys_move_the_selection_and_keep_it_in_sight() {
    let mut bench = Harness::with_rows(100);
    let height = usize::from(bench.model.geometry().inner(crate::app::Pane::Rows).height);
    bench.keys("j j k");
    assert_eq!((bench.selected(), bench.model.rows.top), (Some(1), 0));
    bench.keys("G");
    assert_eq!((bench.selected(), bench.model.rows.top), (Some(99), 100 - height));
    bench.keys("ctrl-u");
    assert_eq!(bench.selected(), Some(99 - u32::try_from(height / 2).unwrap()));
    bench.keys("g g k");
    assert_eq!((bench.selected(), bench.model.rows.top), (Some(0), 0));
}

#[test]
fn brackets_go_to_flagged_rows_and_say_when_there_is_none() {
    let mut story = Story::with_rows(3);
    let flag = Flag { kind: FlagKind::Duplicate, other: None, figure: None };
    let row = story.new_row("twice", vec![flag]);
    story.sampled_rows(vec![row]);
    let mut bench = Harness::open(story, session(), SessionScreen::default());
    bench.keys("]");
    assert_eq!(bench.selected(), Some(3));
    bench.keys("]");
    assert_eq!(bench.notice(), "No row below this one is flagged.");
    bench.keys("g g [");
    assert_eq!(bench.notice(), "No row above this one is flagged.");
}

#[test]
fn many_rows_are_found_off_the_loop_and_a_stale_answer_is_dropped() {
    let texts = vec!["x"; 30_001];
    let mut story = Story::default();
    story.version("words");
    story.sampled(&texts);
    let mut bench = Harness::open(story, session(), SessionScreen::default());
    let asks = |bench: &mut Harness| -> Vec<_> {
        let view = |effect| if let Effect::View { ask, .. } = effect { Some(ask) } else { None };
        bench.take_effects().into_iter().filter_map(view).collect()
    };
    let first = asks(&mut bench)[0];
    bench.keys("R");
    let second = asks(&mut bench)[0];
    bench.arrive(&["late"]);
    bench.send(Message::Viewed { ask: first, view: Arc::from([7]), hidden: NewHidden::default() });
    assert_eq!(bench.model.rows.view.len(), 0);
    bench.send(Message::Viewed { ask: second, view: Arc::from([5, 4]), hidden: NewHidden::default() });
    assert_eq!(bench.model.rows.view.window(0, 9).map(|row| row.0).collect::<Vec<_>>(), [5, 4, 30_001]);
    assert_eq!(bench.model.rows.waiting, None);
}

#[test]
fn the_detail_is_asked_for_when_the_selection_moves_and_stale_ones_are_dropped() {
    let mut bench = Harness::with_rows(3);
    let detail = |bench: &mut Harness| match bench.take_effects().pop() {
        Some(Effect::Detail { ask, row }) => (ask, row),
        other => panic!("{other:?}"),
    };
    bench.take_effects();
    bench.keys("j");
    let (old, row) = detail(&mut bench);
    assert_eq!(row, RowNumber(1));
    bench.keys("j");
    let (new, row) = detail(&mut bench);
    let answer = |ask, row| Message::Detailed { ask, detail: RowDetail { row, nearest: None, like: None } };
    bench.send(answer(old, RowNumber(1)));
    assert!(bench.model.row_detail().is_none());
    bench.send(answer(new, row));
    assert!(bench.model.row_detail().is_some());
}

#[test]
fn the_screen_comes_back_as_it_was_left() {
    let mut bench = Harness::with_rows(100);
    bench.keys("G k tab");
    let state = bench.model.screen_state().unwrap();
    let again = Harness::open(Story::with_rows(100), session(), state.clone());
    assert_eq!(again.model.screen_state(), Some(state));
    assert_eq!(again.selected(), Some(98));
}

#[test]
fn what_was_left_and_is_gone_does_no_harm() {
    let screen = SessionScreen {
        filter: "nonsense:".into(),
        sort: "sort:colour".into(),
        scroll: 9_999,
        ..SessionScreen::default()
    };
    let bench = Harness::open(Story::with_rows(2), session(), screen);
    assert_eq!((bench.selected(), bench.model.rows.top), (Some(0), 0));
}
