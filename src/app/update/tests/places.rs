use crossterm::event::Event as Input;

use crate::app::fixtures::Harness;
use crate::app::{Effect, Layout, Message, Pane};

#[test]
fn tab_goes_through_the_panes_and_back() {
    let mut bench = Harness::with_rows(1);
    let mut seen = vec![];
    for _ in 0..4 {
        bench.keys("tab");
        seen.push(bench.model.focus);
    }
    assert_eq!(seen, [Pane::Detail, Pane::Prompt, Pane::Preview, Pane::Rows]);
    bench.keys("s-tab");
    assert_eq!(bench.model.focus, Pane::Preview);
}

#[test]
fn escape_backs_out_of_the_zoom_and_then_of_the_pane() {
    let mut bench = Harness::with_rows(1);
    bench.keys("tab z");
    assert!(bench.model.zoomed);
    bench.keys("esc");
    assert_eq!((bench.model.zoomed, bench.model.focus), (false, Pane::Detail));
    bench.keys("esc");
    assert_eq!(bench.model.focus, Pane::Rows);
}

#[test]
fn rows_are_decided_from_their_detail_too() {
    let mut bench = Harness::with_rows(2);
    bench.keys("tab a");
    assert_eq!(bench.facts().len(), 1);
    assert_eq!(bench.selected(), Some(1));
}

#[test]
fn the_preview_pane_samples_but_decides_nothing() {
    let mut bench = Harness::with_rows(2);
    bench.keys("s-tab s-tab s-tab a s");
    assert_eq!(bench.model.focus, Pane::Detail);
    let mut bench = Harness::with_rows(2);
    bench.keys("s-tab a x s");
    assert!(bench.facts().is_empty());
    assert!(bench.effects.iter().any(|effect| matches!(effect, Effect::Sample { .. })));
}

#[test]
fn a_new_size_keeps_the_selected_row_in_sight() {
    let mut bench = Harness::with_rows(100);
    bench.keys("G");
    bench.send(Message::Input(Input::Resize(80, 24)));
    let height = usize::from(bench.model.geometry().inner(Pane::Rows).height);
    assert!((bench.model.rows.top..bench.model.rows.top + height).contains(&99));
    bench.send(Message::Input(Input::Resize(20, 5)));
    assert_eq!(bench.model.layout(), Layout::TooSmall);
    bench.keys("k a tab i x esc");
    bench.send(Message::Input(Input::Resize(160, 45)));
    assert_eq!(bench.model.focus, Pane::Rows);
}

#[test]
fn suspending_keeps_the_screen_and_typing_undo_is_not_suspending() {
    let mut bench = Harness::with_rows(1);
    bench.take_effects();
    bench.keys("ctrl-z");
    assert!(matches!(bench.take_effects().as_slice(), [Effect::SaveScreen(_), Effect::Suspend]));
    bench.keys("i").typed("x").keys("ctrl-z");
    assert!(!bench.effects.iter().any(|effect| matches!(effect, Effect::Suspend)));
}

#[test]
fn copying_sends_the_text_as_it_is_shown() {
    let mut bench = Harness::with_rows(1);
    bench.keys("y");
    assert!(matches!(bench.effects.last(), Some(Effect::Copy(text)) if text == "row number 0"));
}
