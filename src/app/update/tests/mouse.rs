use crossterm::event::MouseEventKind::{ScrollDown, ScrollUp};

use crate::app::fixtures::Harness;
use crate::app::geometry::Window;
use crate::app::{Message, Overlay, Pane};
use crate::domain::{Preview, PromptPart};

#[test]
fn a_click_selects_the_row_under_it_and_the_pane() {
    let mut bench = Harness::with_rows(9);
    let rows = bench.model.geometry().inner(Pane::Rows);
    bench.keys("i").click(rows.x + 3, rows.y + 4);
    assert_eq!((bench.selected(), bench.model.focus), (Some(4), Pane::Rows));
    bench.click(rows.x + 3, rows.bottom() - 1);
    assert_eq!(bench.selected(), Some(4), "no row there");
}

#[test]
fn a_click_in_the_prompt_sets_the_cursor_and_its_tabs_show_parts() {
    let mut bench = Harness::with_rows(1);
    let text = bench.model.geometry().content(Pane::Prompt);
    bench.click(text.x + 6, text.y);
    assert_eq!(bench.model.focus, Pane::Prompt);
    assert!(bench.model.prompt.current().cursor() == (0, 6));
    let (part, tab) = bench.model.geometry().parts()[1];
    bench.keys("esc").click(tab.x + 1, tab.y);
    assert_eq!((bench.model.prompt.part, part), (PromptPart::System, PromptPart::System));
    assert_eq!(bench.model.focus, Pane::Prompt);
}

#[test]
fn the_wheel_scrolls_what_is_under_the_pointer_and_never_hides_the_selected_row() {
    let mut bench = Harness::with_rows(200);
    let rows = bench.model.geometry().inner(Pane::Rows);
    bench.keys("i").mouse(ScrollDown, rows.x, rows.y);
    assert_eq!((bench.model.rows.top, bench.selected()), (3, Some(3)));
    assert_eq!(bench.model.focus, Pane::Prompt, "the wheel moves no focus");
    bench.mouse(ScrollUp, rows.x, rows.y).mouse(ScrollUp, rows.x, rows.y);
    assert_eq!(bench.model.rows.top, 0);
}

#[test]
fn the_wheel_over_the_preview_stops_at_its_end() {
    let mut bench = Harness::with_rows(1);
    let ask = bench.model.preview.ask;
    let message =
        crate::domain::ExchangeMessage { role: crate::domain::Role::User, text: "line\n".repeat(100) };
    bench
        .send(Message::Previewed { ask, preview: Preview { messages: vec![message], ..Preview::default() } });
    let preview = bench.model.geometry().inner(Pane::Preview);
    for _ in 0..200 {
        bench.mouse(ScrollDown, preview.x, preview.y);
    }
    let end = bench.model.preview.scroll;
    assert!(end > 50 && end <= 104 - usize::from(preview.height), "{end}");
}

#[test]
fn dialogs_take_clicks_on_their_buttons() {
    let mut bench = Harness::with_rows(1);
    bench.keys("ctrl-c");
    let window = Window::of(bench.model.overlay().unwrap(), bench.screen());
    bench.click(0, 0);
    assert_eq!(bench.model.overlays.len(), 1, "a click beside it answers nothing");
    bench.click(window.no.x, window.no.y);
    assert!(bench.model.overlays.is_empty());
}

#[test]
fn a_click_on_a_command_runs_it_and_beside_a_window_closes_it() {
    let mut bench = Harness::with_rows(1);
    bench.keys(":").typed("guidel");
    let window = Window::of(bench.model.overlay().unwrap(), bench.screen());
    bench.click(window.list.x + 1, window.list.y);
    assert!(matches!(bench.model.overlay(), Some(Overlay::Guidelines { .. })));
    bench.click(0, 0);
    assert!(bench.model.overlays.is_empty());
}

#[test]
fn on_a_narrow_screen_the_tab_shows_the_other_column() {
    let mut bench = Harness::with_rows(1);
    bench.send(Message::Input(crossterm::event::Event::Resize(80, 24)));
    bench.click(5, 1);
    assert_eq!(bench.model.focus, Pane::Prompt);
    bench.click(5, 1);
    assert_eq!(bench.model.focus, Pane::Rows);
}
