//! The Data view: keys in, effects out.

use ratatui::layout::Size;

use crate::app::fixtures::Harness;
use crate::app::{Ask, Context, Effect, Message, View};
use crate::domain::{DataReport, Failure, Misread, MisreadRow};

fn asked(bench: &mut Harness) -> Vec<Ask> {
    let ask = |effect| if let Effect::LookAtData { ask } = effect { Some(ask) } else { None };
    bench.take_effects().into_iter().filter_map(ask).collect()
}

/// Returns a screen that shows rows which a classifier does not get, with the dataset's rows 10, 11 …
fn open(rows: u32) -> Harness {
    let mut bench = Harness::with_rows(1);
    bench.keys("g d");
    let ask = asked(&mut bench)[0];
    let row = |row| MisreadRow { row: row + 10, label: "spam".into(), ..MisreadRow::default() };
    let misread = Misread { rows: (0..rows).map(row).collect(), ..Misread::default() };
    bench.send(Message::DataMisread { ask, misread: Ok(Box::new(misread)) });
    bench
}

#[test]
fn the_dataset_is_looked_at_once_and_an_old_answer_is_dropped() {
    let mut bench = Harness::with_rows(1);
    bench.keys("g d g b g d");
    let asks = asked(&mut bench);
    assert_eq!(asks.len(), 1);
    bench.send(Message::DataCounted { ask: Ask(999), report: Box::default() });
    assert_eq!(bench.model.data.report, None);
    bench.send(Message::DataCounted { ask: asks[0], report: Box::default() });
    assert_eq!(bench.model.data.report, Some(DataReport::default()));
}

#[test]
fn e_makes_the_selected_row_an_example_and_takes_it_back() {
    let mut bench = open(3);
    bench.keys("j e");
    let made = |bench: &mut Harness| {
        bench.take_effects().into_iter().find_map(|effect| match effect {
            Effect::MakeExample { row, is_example } => Some((row, is_example)),
            _ => None,
        })
    };
    assert_eq!(made(&mut bench), Some((11, true)));
    bench.send(Message::ExampleMade { examples: Ok(vec![11]) });
    assert!(
        bench.notice().starts_with("It is an example of `spam` now; prompts show it once"),
        "{}",
        bench.notice()
    );
    assert!(bench.take_effects().iter().any(|effect| matches!(effect, Effect::Preview { .. })));
    bench.keys("e");
    assert_eq!(made(&mut bench), Some((11, false)));
    bench.send(Message::ExampleMade { examples: Ok(vec![]) });
    assert_eq!(bench.notice(), "It is no example any more.");
}

#[test]
fn an_example_that_could_not_be_kept_is_none() {
    let mut bench = open(3);
    bench.keys("e");
    bench.send(Message::ExampleMade { examples: Err(Failure::new("the disk is full.")) });
    assert_eq!(bench.notice(), "The examples stay as they were: the disk is full.");
    assert!(bench.model.data.examples.is_empty());
}

#[test]
fn the_selection_stays_in_sight_and_in_the_list() {
    let mut bench = open(100);
    bench.keys("G");
    assert_eq!(bench.model.data.selected, 99);
    let height = usize::from(bench.model.data_geometry().list().height);
    assert_eq!(bench.model.data.top, 100 - height);
    bench.keys("j k k");
    assert_eq!(bench.model.data.selected, 97);
    bench.keys("g g");
    assert_eq!((bench.model.data.selected, bench.model.data.top), (0, 0));
}

#[test]
fn tab_goes_from_part_to_part_z_zooms_and_esc_goes_back_to_the_bench() {
    let mut bench = open(3);
    assert_eq!(bench.model.context(), Context::DataRows, "a wide screen shows both");
    bench.keys("tab");
    assert_eq!(bench.model.context(), Context::DataReport);
    bench.keys("z");
    assert!(bench.model.data_geometry().rows.is_none());
    bench.keys("esc");
    assert_eq!(bench.model.view, View::Data);
    bench.keys("esc");
    assert_eq!(bench.model.view, View::Bench);
    let mut narrow = Harness::with_rows(1);
    narrow.model.size = Size::new(80, 24);
    narrow.keys("g d");
    assert_eq!(narrow.model.context(), Context::DataReport);
    assert!(narrow.model.data_geometry().tab.is_some());
}

#[test]
fn a_click_selects_a_row_and_the_wheel_scrolls_what_is_under_it() {
    let mut bench = open(100);
    let list = bench.model.data_geometry().list();
    bench.click(list.x + 3, list.y + 4);
    assert_eq!((bench.model.data.selected, bench.model.context()), (4, Context::DataRows));
    bench.mouse(crossterm::event::MouseEventKind::ScrollDown, list.x + 3, list.y + 4);
    assert_eq!(bench.model.data.selected, 7);
}
