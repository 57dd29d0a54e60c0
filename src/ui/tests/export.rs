//! The Export view.

use ratatui::crossterm::event::{Event as Input, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::scene::Scene;
use super::*;
use crate::app::export::ExportSight;
use crate::app::{Effect, View};
use crate::domain::{ExportReport, Failure, JobOutcome};

/// Returns the answers about an export's form.
pub(super) fn answers(effect: &Effect) -> Vec<Message> {
    let Effect::PreviewExport { ask, wish } = effect else { return vec![] };
    let row = |number: u32, text: &str| {
        format!(
            "{{\"text\":\"{text}\",\"label\":\"spam\",\"id\":\"k3f9a2b1c{number}\",\"prompt\":\"main\",\"version\":6,\
             \"provider\":\"openai\",\"model\":\"smollm2\",\"seed\":{number}}}"
        )
    };
    let lines = vec![
        row(1, "Claim 2 free cinema tickets: text FILM to 83355 before Friday, 18+ only"),
        row(2, "Hi its ur bank, we noticed a new payee. Not you? Ring 0871 872 9755"),
        row(3, "你好! You have been chosen 🎁 for a 500 pound voucher, reply NOW"),
    ];
    let report = ExportReport {
        accepted: 3,
        real: if wish.on.is_empty() { 0 } else { 4_255 },
        withheld: 1,
        remarks: vec!["Labels are written as texts, because a column holds values of one type.".into()],
        ..ExportReport::default()
    };
    let sight = ExportSight { report, lines };
    let sight = match wish.filter.as_str() {
        "label:ham" => Err(Failure::new("The dataset cannot be read: sms_spam.csv is not there.")),
        _ => Ok(Box::new(sight)),
    };
    let file = wish.file.display();
    let command = format!("rowsmith export sms-spam --format {} --out {file}", wish.format.name());
    vec![
        Message::ExportPreviewed { ask: *ask, sight },
        Message::ExportCommand { ask: *ask, command: Ok(command) },
    ]
}

/// Presses a key until a line of the form is selected.
fn down(scene: &mut Scene, lines: usize) {
    (0..lines).for_each(|_| scene.press("j"));
}

#[test]
fn the_export_before_anything_is_chosen() {
    check("export", 212, |scene| scene.press("g x"));
}

#[test]
fn the_first_lines_of_an_export() {
    check("export_preview", 212, |scene| scene.press("g x tab"));
}

#[test]
fn the_list_of_formats() {
    check("export_formats", 212, |scene| scene.press("g x f j j j j j j j j"));
}

#[test]
fn an_export_that_is_typed_wrongly() {
    check("export_wrong", 212, |scene| {
        scene.press("g x");
        down(scene, 9);
        scene.press("enter");
        scene.type_in("1.5");
        scene.press("enter j enter");
        scene.type_in("spam=0.3, eggs=10");
    });
}

#[test]
fn an_export_that_goes_on() {
    check("export_going", 212, |scene| {
        scene.press("g x j j j space s");
        let job = scene.model.export.going.as_ref().unwrap().job;
        scene.send(Message::Exporting { job, done: 45_000, total: 100_000 });
        down(scene, 9);
    });
}

#[test]
fn an_export_over_a_file_that_is_there() {
    check("export_replaces", 212, |scene| {
        scene.press("g x s");
        let job = scene.model.export.going.as_ref().unwrap().job;
        let outcome = Ok(JobOutcome::FileExists { out: "sms-spam.jsonl".into() });
        scene.send(Message::JobEnded { job, outcome });
    });
}

#[test]
fn an_export_of_nothing_says_why() {
    check("export_failed", 212, |scene| {
        scene.press("g x j j enter");
        scene.type_in("label:ham");
        scene.press("enter");
    });
}

#[test]
fn the_tabs_are_clicked_where_they_are_drawn() {
    for (columns, lines) in SIZES {
        let mut scene = Scene::new(columns, lines, 3);
        let header = text_of(&painted(&scene, "mono")).lines().next().unwrap().to_owned();
        let column = header.chars().collect::<String>().find("Export").unwrap();
        let column = header[..column].chars().count();
        let (kind, modifiers) = (MouseEventKind::Down(MouseButton::Left), KeyModifiers::NONE);
        let column = u16::try_from(column).unwrap() + 2;
        scene.send(Message::Input(Input::Mouse(MouseEvent { kind, column, row: 0, modifiers })));
        assert_eq!(scene.model.view, View::Export, "{columns}×{lines}");
        let drawn = text_of(&painted(&scene, "mono"));
        assert!(drawn.contains("format") && drawn.contains("contaminated"), "{drawn}");
    }
}

#[test]
fn nasty_text_of_an_export_is_shown_and_never_obeyed() {
    let mut scene = Scene::new(160, 45, 3);
    scene.press("g x j enter ctrl-u");
    scene.type_in("a\u{202e}b");
    let drawn = text_of(&painted(&scene, "mono"));
    assert!(!drawn.contains('\u{202e}') && !drawn.contains('\u{1b}'), "{drawn}");
}
