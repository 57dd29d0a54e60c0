//! The Export view: keys in, effects out.

use crossterm::event::{Event as Input, MouseEventKind};
use ratatui::layout::{Rect, Size};

use crate::app::export::FormLine;
use crate::app::export::{ExportField, ExportFormat, ExportPart, ExportSight, ExportWish};
use crate::app::fixtures::Harness;
use crate::app::fixtures::session;
use crate::app::geometry::Window;
use crate::app::{Ask, Context, View};
use crate::app::{Effect, Message, Overlay, Question};
use crate::config::screen_state::SessionScreen;
use crate::domain::fixtures::Story;
use crate::domain::{Existing, ExportReport, Failure, JobId, JobOutcome};

fn open() -> Harness {
    let mut bench = Harness::with_rows(3);
    bench.keys("a").write();
    bench.keys("g x");
    bench
}

/// Goes to a line of the form.
fn go(bench: &mut Harness, field: ExportField) -> &mut Harness {
    while bench.model.export.form.selected != field {
        bench.keys("j");
    }
    bench
}

fn previews(bench: &mut Harness) -> Vec<(Ask, ExportWish)> {
    let asked =
        |effect| if let Effect::PreviewExport { ask, wish } = effect { Some((ask, *wish)) } else { None };
    bench.take_effects().into_iter().filter_map(asked).collect()
}

fn started(bench: &mut Harness) -> Option<(JobId, ExportWish, Existing)> {
    bench.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Export { job, wish, existing } => Some((job, *wish, existing)),
        _ => None,
    })
}

fn sight(accepted: u64) -> ExportSight {
    let report = ExportReport { accepted, ..ExportReport::default() };
    ExportSight { report, ..ExportSight::default() }
}

#[test]
fn keys_and_tabs_go_from_view_to_view_and_back() {
    let mut bench = Harness::with_rows(1);
    bench.keys("g x");
    assert_eq!((bench.model.view, bench.model.context()), (View::Export, Context::Export));
    bench.keys("g b");
    assert_eq!((bench.model.view, bench.model.context()), (View::Bench, Context::Rows));
    bench.keys("g x tab esc");
    assert_eq!(bench.model.view, View::Export, "esc goes back one step");
    bench.keys("z esc");
    assert_eq!(bench.model.view, View::Export);
    bench.keys("esc");
    assert_eq!(bench.model.view, View::Bench);
    let [bench_tab, export_tab] = [Rect::new(10, 0, 5, 1), Rect::new(17, 0, 6, 1)];
    let mut tabs = [Rect::ZERO; crate::app::View::TABS.len()];
    (tabs[0], tabs[tabs.len() - 1]) = (bench_tab, export_tab);
    bench.model.tabs.set(tabs);
    bench.click(18, 0);
    assert_eq!(bench.model.view, View::Export);
    bench.click(12, 0);
    assert_eq!(bench.model.view, View::Bench);
}

#[test]
fn no_key_of_the_bench_decides_a_row_that_is_not_seen() {
    let mut bench = open();
    bench.take_effects();
    for key in ["a", "x", "1", "u", "X", "t", "c", "alt-x", "alt-a"] {
        bench.keys(key);
        assert_eq!(bench.model.view, View::Export, "{key}");
        assert!(bench.facts().is_empty() && bench.model.overlays.is_empty(), "{key}");
    }
    bench.keys(":").typed("accept-row").keys("enter");
    assert!(bench.facts().is_empty());
    let Some(Overlay::Palette(palette)) = bench.model.overlay() else { panic!("the palette says why not") };
    assert!(palette.error.as_ref().unwrap().contains("works in the Bench view"), "{:?}", palette.error);
}

#[test]
fn what_the_form_would_write_is_asked_for_once_and_a_stale_answer_is_dropped() {
    let mut bench = open();
    let first = previews(&mut bench);
    assert_eq!(first.len(), 1);
    bench.keys("j k");
    assert!(previews(&mut bench).is_empty(), "nothing changed");
    bench.keys("l");
    let second = previews(&mut bench);
    assert_eq!(second[0].1.format, ExportFormat::Csv);
    bench.send(Message::ExportPreviewed { ask: first[0].0, sight: Ok(Box::new(sight(9))) });
    bench.send(Message::ExportCommand { ask: first[0].0, command: Ok("old".into()) });
    assert_eq!((bench.model.export.known(), &bench.model.export.command), (None, &None));
    bench.send(Message::ExportCommand { ask: second[0].0, command: Ok("new".into()) });
    bench.send(Message::ExportPreviewed { ask: second[0].0, sight: Ok(Box::new(sight(1))) });
    assert_eq!(bench.model.export.known().map(ExportSight::written).as_deref(), Some("1 row"));
    bench.take_effects();
    bench.keys("y");
    assert!(matches!(&bench.take_effects()[..], [Effect::Copy(command)] if command == "new"));
}

#[test]
fn a_decision_that_is_saved_later_is_counted_too() {
    let mut bench = open();
    previews(&mut bench);
    bench.keys("g b a g x");
    bench.write();
    assert!(!previews(&mut bench).is_empty());
    bench.keys("g b");
    bench.arrive(&["one more"]);
    bench.keys("a").write();
    assert!(previews(&mut bench).is_empty(), "nobody sees it");
}

#[test]
fn letters_are_typed_in_a_line_and_run_no_command() {
    let mut bench = open();
    go(&mut bench, ExportField::Filter).keys("enter");
    assert_eq!(bench.model.export.part, ExportPart::Typing);
    bench.typed("sy q:gb");
    assert_eq!(bench.model.export.form.text(ExportField::Filter), "sy q:gb");
    assert!(started(&mut bench).is_none() && bench.model.overlays.is_empty());
    bench.keys("ctrl-u").typed("label:spam").keys("enter");
    assert_eq!(bench.model.context(), Context::Export);
    assert_eq!(previews(&mut bench).last().unwrap().1.filter, "label:spam");
    go(&mut bench, ExportField::Seed).keys("enter").typed("7").keys("esc");
    assert_eq!(bench.model.export.form.text(ExportField::Seed), "7", "what was typed stays");
    assert_eq!(bench.model.view, View::Export);
    bench.keys("i").send(Message::Input(Input::Paste("8\r\n9".into())));
    assert_eq!(bench.model.export.form.text(ExportField::Seed), "78 9");
}

#[test]
fn an_export_is_not_begun_from_a_line_that_is_typed_wrongly() {
    let mut bench = open();
    go(&mut bench, ExportField::Split).keys("enter").typed("3").keys("enter k k");
    bench.take_effects();
    bench.keys("s");
    assert!(started(&mut bench).is_none());
    assert_eq!(bench.model.export.form.selected, ExportField::Split);
    assert!(bench.notice().contains("between 0 and 1"), "{}", bench.notice());
    bench.keys("y");
    assert!(bench.take_effects().is_empty());
}

#[test]
fn an_export_goes_on_while_its_view_is_left_and_is_stopped_by_its_key() {
    let mut bench = open();
    bench.keys("s");
    let (job, wish, existing) = started(&mut bench).unwrap();
    assert_eq!((wish.file.to_str(), existing), (Some("sms-spam.jsonl"), Existing::Keep));
    bench.send(Message::Exporting { job, done: 5, total: 10 });
    assert_eq!(bench.model.export.going.as_ref().unwrap().progress, Some((5, 10)));
    bench.keys("s");
    assert!(started(&mut bench).is_none(), "{}", bench.notice());
    bench.keys("q");
    assert!(matches!(
        bench.model.overlay(),
        Some(Overlay::Question(Question::Quit { exports: true, runs: 0, .. }))
    ));
    bench.keys("n");
    bench.take_effects();
    bench.keys("esc");
    assert_eq!(bench.model.view, View::Bench);
    assert!(!bench.take_effects().iter().any(|effect| matches!(effect, Effect::Stop { .. })));
    bench.keys("ctrl-c");
    assert!(matches!(bench.take_effects()[..], [Effect::Stop { job: stopped }] if stopped == job));
    bench.keys("ctrl-c");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Question(_))), "it was asked to stop once");
    bench.keys("n");
    let outcome = Err(Failure::new(std::io::Error::other("The export was stopped.")));
    bench.send(Message::JobEnded { job, outcome });
    assert!(bench.model.export.going.is_none());
}

#[test]
fn a_file_that_is_there_is_replaced_only_after_a_question() {
    let mut bench = open();
    bench.keys("s");
    let (job, wish, _) = started(&mut bench).unwrap();
    let out = wish.file.clone();
    bench.send(Message::JobEnded { job, outcome: Ok(JobOutcome::FileExists { out: out.clone() }) });
    assert!(matches!(bench.model.overlay(), Some(Overlay::Question(Question::Replace(_)))));
    bench.keys("n");
    assert!(started(&mut bench).is_none());
    bench.keys("s");
    let (job, ..) = started(&mut bench).unwrap();
    bench.send(Message::JobEnded { job, outcome: Ok(JobOutcome::FileExists { out: out.clone() }) });
    bench.keys("y");
    let (job, again, existing) = started(&mut bench).unwrap();
    assert_eq!((again, existing), (wish, Existing::Replace));
    let report = ExportReport { accepted: 1, ..ExportReport::default() };
    bench.send(Message::JobEnded { job, outcome: Ok(JobOutcome::Exported { report, out }) });
    assert_eq!(bench.notice(), "1 accepted row written to sms-spam.jsonl.");
}

#[test]
fn while_a_line_is_typed_no_question_takes_the_keys() {
    let mut bench = open();
    bench.keys("s");
    let (job, wish, _) = started(&mut bench).unwrap();
    go(&mut bench, ExportField::File).keys("enter");
    bench.send(Message::JobEnded { job, outcome: Ok(JobOutcome::FileExists { out: wish.file }) });
    assert!(bench.model.overlays.is_empty());
    assert!(bench.notice().contains("is there already, so nothing was written"), "{}", bench.notice());
}

#[test]
fn a_format_is_chosen_from_the_list_by_keys_and_by_the_mouse() {
    let mut bench = open();
    bench.keys("f j enter");
    assert_eq!(bench.model.export.form.format, ExportFormat::Csv);
    bench.keys("f k k esc");
    assert_eq!(bench.model.export.form.format, ExportFormat::Csv, "left without a choice");
    bench.keys("f");
    let list = Window::of(bench.model.overlay().unwrap(), bench.screen()).list;
    bench.click(list.x + 3, list.y + 1);
    assert_eq!(bench.model.export.form.format, ExportFormat::Jsonl);
    bench.keys("f");
    let list = Window::of(bench.model.overlay().unwrap(), bench.screen()).list;
    bench.click(list.x + 3, list.y);
    assert!(bench.model.overlay().is_some(), "a heading is no choice");
    bench.mouse(MouseEventKind::ScrollDown, list.x + 3, list.y).keys("enter");
    assert_eq!(bench.model.export.form.format, ExportFormat::Csv);
}

#[test]
fn the_mouse_switches_types_and_scrolls() {
    for size in [Size::new(160, 45), Size::new(80, 24)] {
        let mut bench = open();
        bench.send(Message::Input(Input::Resize(size.width, size.height)));
        let at = |bench: &Harness, field| {
            let area = bench.model.export_geometry().lines();
            let labels = bench.model.label_names();
            let lines = bench.model.export.form.lines_in(area.as_size(), &labels);
            let place = lines.iter().position(|line| *line == FormLine::Field(field)).unwrap();
            (area.x + 20, area.y + u16::try_from(place).unwrap())
        };
        let (x, y) = at(&bench, ExportField::WithReal);
        bench.click(x, y);
        assert!(bench.model.export.form.is_on(ExportField::WithReal));
        let (x, y) = at(&bench, ExportField::File);
        bench.click(x, y);
        assert_eq!(bench.model.export.part, ExportPart::Typing);
        let (x, y) = at(&bench, ExportField::Start);
        bench.take_effects();
        bench.click(x, y);
        assert!(started(&mut bench).is_some(), "{size}");
        bench.keys("tab");
        assert_eq!(bench.model.export.part, ExportPart::Preview);
        if let Some(tab) = bench.model.export_geometry().tab {
            bench.click(tab.x + 1, tab.y);
            assert_eq!(bench.model.export.part, ExportPart::Form);
        }
    }
}

#[test]
fn the_form_is_there_again_at_the_next_start() {
    let mut bench = open();
    go(&mut bench, ExportField::Raw).keys("space");
    go(&mut bench, ExportField::Split).keys("enter").typed("0.9").keys("enter");
    let kept = bench.take_effects().into_iter().rev().find_map(|effect| match effect {
        Effect::SaveScreen(screen) => Some(screen),
        _ => None,
    });
    let again = Harness::open(Story::with_rows(1), session(), kept.unwrap());
    assert_eq!(again.model.view, View::Bench);
    assert!(again.model.export.form.is_on(ExportField::Raw));
    assert_eq!(again.model.export.form.text(ExportField::Split), "0.9");
    let mut fresh = Harness::open(Story::with_rows(1), session(), SessionScreen::default());
    assert_eq!(fresh.keys("g x").model.export.form.text(ExportField::File), "sms-spam.jsonl");
    fresh.keys("l ctrl-l");
    assert_eq!(fresh.model.export.form.format, ExportFormat::Jsonl);
}

#[test]
fn the_old_command_leads_to_the_form_with_its_file() {
    let mut bench = Harness::with_rows(1);
    bench.keys(":").typed("export accepted rows.csv").keys("enter");
    assert_eq!(bench.model.view, View::Export);
    assert!(started(&mut bench).is_none(), "nothing is written before it is seen");
    let form = &bench.model.export.form;
    assert_eq!(
        (form.format, form.text(ExportField::File).as_str()),
        (ExportFormat::Csv, "accepted rows.csv")
    );
    bench.keys("esc :").typed("export").keys("enter");
    assert_eq!(bench.model.view, View::Export);
    assert_eq!(bench.model.export.form.text(ExportField::File), "accepted rows.csv");
}
