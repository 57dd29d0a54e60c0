use ratatui::layout::Size;

use super::*;
use crate::config::screen_state::KeptExport;

const LABELS: [&str; 2] = ["ham", "spam"];

fn form() -> ExportForm {
    ExportForm::new("sms spam")
}

fn with(field: ExportField, text: &str) -> ExportForm {
    let mut form = form();
    form.write(field, text);
    form
}

/// Returns what is wrong with a text of a line, where it is.
fn error(field: ExportField, text: &str) -> Option<String> {
    let form = with(field, text);
    let error = form.error_of(field, &LABELS);
    let wrong = form.wish(&LABELS).err();
    assert_eq!(wrong, error.clone().map(|sentence| (field, sentence)), "{text}");
    error
}

#[test]
fn a_fresh_form_writes_all_accepted_rows_to_a_file_of_the_sessions_name() {
    let wish = form().wish(&LABELS).unwrap();
    assert_eq!(wish.format, ExportFormat::Jsonl);
    assert_eq!(wish.file.to_str(), Some("sms-spam.jsonl"));
    assert_eq!((wish.filter.as_str(), wish.split, wish.seed), ("", None, None));
    assert!(wish.balance.is_empty() && wish.on.is_empty());
    assert_eq!(ExportForm::new("../\u{1b}[2J").text(ExportField::File), "2J.jsonl");
    assert_eq!(ExportForm::new("/").text(ExportField::File), "rows.jsonl");
}

#[test]
fn the_ending_of_the_file_follows_the_format_and_a_name_of_ones_own_stays() {
    let mut form = form();
    form.choose(ExportFormat::Csv);
    assert_eq!(form.text(ExportField::File), "sms-spam.csv");
    form.choose(ExportFormat::Hf);
    assert_eq!(form.text(ExportField::File), "sms-spam-hf");
    form.choose(ExportFormat::Kto);
    assert_eq!(form.text(ExportField::File), "sms-spam.jsonl");
    form.write(ExportField::File, "out/mine.jsonl");
    form.choose(ExportFormat::Parquet);
    assert_eq!(form.text(ExportField::File), "out/mine.parquet");
    form.write(ExportField::File, "out/mine.data");
    form.choose(ExportFormat::Csv);
    assert_eq!(form.text(ExportField::File), "out/mine.data");
    form.name_file("here.tsv");
    assert_eq!(form.format, ExportFormat::Tsv);
    form.name_file("here.json");
    assert_eq!(form.format, ExportFormat::Tsv, "several formats end so");
}

#[test]
fn what_is_typed_wrongly_is_said_at_its_place() {
    assert!(error(ExportField::File, " ").unwrap().contains("Name"));
    assert!(error(ExportField::File, "-").unwrap().contains("standard output"));
    assert!(error(ExportField::Filter, "colour:red").is_some());
    assert_eq!(error(ExportField::Filter, "rating>=4 -flag:duplicate"), None);
    for wrong in ["0", "1", "1.5", "-0.1", "x", "nan", "inf", "0%", "100 %"] {
        assert!(error(ExportField::Split, wrong).unwrap().contains("between 0 and 1"), "{wrong}");
    }
    assert_eq!(error(ExportField::Split, "80%"), None);
    assert!(error(ExportField::Seed, "-1").unwrap().contains("whole number"));
    for (wrong, said) in [
        ("spam", "names no amount"),
        ("spam=", "how many rows of `spam`"),
        ("spam=0", "how many rows of `spam`"),
        ("spam=1.5", "how many rows of `spam`"),
        ("spma=3", "no label `spma`; it has ham, spam"),
        ("spam=3, spam=4", "there twice"),
    ] {
        assert!(error(ExportField::Balance, wrong).unwrap().contains(said), "{wrong}");
    }
}

#[test]
fn several_wrong_lines_all_say_so_and_the_first_one_is_gone_to() {
    let mut form = with(ExportField::Split, "2");
    form.write(ExportField::Seed, "x");
    let lines = form.lines(40, &LABELS);
    let errors: Vec<_> = lines
        .iter()
        .filter_map(|line| if let FormLine::Error(field) = line { Some(*field) } else { None })
        .collect();
    assert_eq!(errors, [ExportField::Split, ExportField::Seed]);
    assert_eq!(form.wish(&LABELS).unwrap_err().0, ExportField::Split);
}

#[test]
fn a_balance_names_shares_and_counts_of_labels_with_any_name() {
    let form = with(ExportField::Balance, "a=b = 0.3 , spam=120,ham=5%");
    let wish = form.wish(&["a=b", "spam", "ham"]).unwrap();
    let amount = |label: &str, amount| (label.to_owned(), amount);
    assert_eq!(
        wish.balance,
        [
            amount("a=b", ExportAmount::Share(0.3)),
            amount("spam", ExportAmount::Count(120)),
            amount("ham", ExportAmount::Share(0.05)),
        ]
    );
}

#[test]
fn what_a_format_does_not_know_is_not_ordered_and_that_is_said() {
    let mut form = form();
    for field in [ExportField::Bare, ExportField::Raw, ExportField::Task] {
        form.selected = field;
        assert!(form.cycle(1));
    }
    let on = |form: &ExportForm| form.wish(&LABELS).unwrap().on;
    assert_eq!(on(&form), [ExportField::Bare]);
    assert_eq!(form.unused(ExportField::Raw).as_deref(), Some("not in jsonl"));
    form.choose(ExportFormat::Csv);
    assert_eq!(on(&form), [ExportField::Bare, ExportField::Raw]);
    assert_eq!(form.wish(&LABELS).unwrap().task, ExportTask::Classify);
    form.choose(ExportFormat::OpenAi);
    assert_eq!(on(&form), []);
    assert_eq!(form.wish(&LABELS).unwrap().task, ExportTask::Generate);
    form.write(ExportField::Seed, "7");
    assert_eq!(form.wish(&LABELS).unwrap().seed, None, "nothing is drawn by it");
    form.write(ExportField::Split, "0.5");
    assert_eq!(form.wish(&LABELS).unwrap().seed, Some(7));
}

#[test]
fn the_form_is_kept_as_it_was_typed_and_not_before_something_was_chosen() {
    assert_eq!(form().to_keep(), None);
    let mut form = with(ExportField::Balance, "spam=");
    form.choose(ExportFormat::Argilla);
    form.selected = ExportField::TestRows;
    form.cycle(1);
    let kept = form.to_keep().unwrap();
    let json = serde_json::to_string(&kept).unwrap();
    let again = ExportForm::kept("sms spam", &serde_json::from_str(&json).unwrap());
    assert_eq!(again.to_keep(), Some(kept));
    assert_eq!((again.format, again.is_on(ExportField::TestRows)), (ExportFormat::Argilla, true));
    let strange = KeptExport { format: "xml".into(), on: vec!["fly".into()], ..KeptExport::default() };
    assert_eq!(ExportForm::kept("x", &strange).format, ExportFormat::Jsonl, "one of a later version");
}

#[test]
fn the_lines_that_are_shown_always_hold_the_selected_one() {
    let mut form = with(ExportField::Seed, "x");
    for height in 2..20 {
        for field in ExportField::ALL {
            form.selected = field;
            let lines = form.lines_in(Size::new(60, height), &LABELS);
            assert!(
                lines.len() <= usize::from(height) && lines.contains(&FormLine::Field(field)),
                "{height} {field:?}"
            );
        }
    }
}

#[test]
fn the_list_of_formats_shows_the_selected_one_at_any_height() {
    for height in 2..25 {
        for format in ExportFormat::ALL {
            let lines = FormatPicker { selected: *format }.lines_in(height);
            assert!(lines.contains(&PickerLine::Format(*format)), "{height} {format:?}");
        }
    }
}
