//! Tests of files as other tools write them; the texts are invented, the shapes are those that each module cites.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::domain::{FieldValue, Incoming, Rating, RowState, StateKind};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(name)
}

/// A row in a line: its number, id, state, label, and how many of ten disagree.
fn line(row: &Incoming) -> String {
    let state = row.state.map_or(StateKind::Pending, RowState::kind).name();
    let label = row.label.as_deref().unwrap_or("-");
    let disagree = row.disagreement.map(|share| format!(" {share:.2}")).unwrap_or_default();
    format!("{} {} {state} {label}{disagree}", row.line, row.id.as_deref().unwrap_or("-"))
}

struct Read {
    format: &'static str,
    rows: Vec<Incoming>,
    faults: Vec<Fault>,
    remarks: String,
}

impl Read {
    fn lines(&self) -> Vec<String> {
        self.rows.iter().map(line).collect()
    }
}

fn read_with(path: &Path, asked: &Asked) -> Read {
    let mut opened = open(path, asked).unwrap();
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for row in opened.by_ref() {
        match row {
            Ok(row) => rows.push(row),
            Err(fault) => faults.push(fault),
        }
    }
    assert_eq!(opened.read_bytes(), opened.bytes(), "all was read");
    Read { format: opened.format(), rows, faults, remarks: opened.remarks().join("\n") }
}

fn read(name: &str) -> Read {
    read_with(&fixture(name), &Asked::default())
}

fn read_text(name: &str, text: impl AsRef<[u8]>) -> Read {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    read_with(&path, &Asked::default())
}

#[test]
fn an_export_of_ours_comes_back_accepted_with_its_provenance() {
    for name in ["own.jsonl", "own.csv"] {
        let read = read(name);

        assert!(read.faults.is_empty(), "{name}: {:?}", read.faults);
        assert!(read.lines()[0].ends_with("abcdefghij accepted delivery"), "{name}");
        assert!(read.lines()[1].ends_with("bbcdefghij accepted 1e3"), "{name}");
        let [first, second] = &read.rows[..] else { panic!("{name}") };
        assert_eq!(first.text, "Where is my\nparcel?");
        assert_eq!(first.state.and_then(RowState::rating).map(Rating::stars), Some(5));
        assert_eq!(second.state, Some(RowState::Accepted { rating: None }));
        assert_eq!(first.tags, ["short", "good"]);
        assert_eq!((first.origin.version, first.origin.seed), (Some(3), Some(7)));
        assert_eq!(first.origin.model.as_deref(), Some("gpt-5-mini"));
        assert_eq!(first.fields.get("rating"), Some(&FieldValue::Text("high".into())));
        assert_eq!(first.fields.keys().collect::<Vec<_>>(), ["rating", "stars", "tone"]);
        assert!(read.remarks.contains("1 row is left out as rows of a dataset"), "{}", read.remarks);
    }
}

#[test]
fn the_apostrophe_that_an_export_puts_before_a_formula_is_taken_off_and_said() {
    let table = std::fs::read_to_string(fixture("own.csv")).unwrap().replace("Pay me.", "'=pay()");

    let read = read_text("own.csv", &table);

    assert_eq!(read.rows[1].text, "=pay()");
    assert!(read.remarks.contains("1 row has cells with an apostrophe"), "{}", read.remarks);
    assert!(read.remarks.contains("(line 5)"), "{}", read.remarks);
    assert_eq!(read_text("a.csv", "text\n'=pay()\n").rows[0].text, "'=pay()");
}

#[test]
fn a_response_of_argilla_is_a_label_only_where_it_was_submitted() {
    let read = read("argilla-flat.jsonl");

    assert_eq!(read.format, "argilla");
    assert_eq!(
        read.lines(),
        [
            "1 r1 accepted delivery",
            "2 r2 pending -",
            "3 r3 skipped -",
            "4 r4 pending delivery 0.33",
            "5 r5 pending -"
        ]
    );
    assert_eq!(read.rows[0].origin.by.as_deref(), Some("u1, u2"));
    assert_eq!(read.rows[0].fields.get("length"), Some(&FieldValue::Integer(19)));
    assert!(read.remarks.contains("have responses that are drafts or discarded"), "{}", read.remarks);
    assert!(read.remarks.contains("1 row was labelled differently"), "{}", read.remarks);
}

#[test]
fn nested_records_of_argilla_do_not_say_what_was_submitted_so_only_completed_ones_count() {
    let nested = read("argilla.json");

    assert_eq!(
        nested.lines(),
        ["1 r1 accepted delivery", "2 r2 pending -", "3 r3 pending -", "4 r4 pending -"]
    );
    assert!(nested.remarks.contains("does not say whether they were submitted"), "{}", nested.remarks);
    assert_eq!(read("argilla-dict.json").lines(), ["1 r1 accepted delivery", "2 r2 pending -"]);
}

#[test]
fn an_answer_of_prodigy_with_several_labels_is_no_disagreement() {
    let task = r#"{"text":"both","options":[{"id":"a"},{"id":"b"}],"accept":["a","b"],"_input_hash":1,"_task_hash":2,"answer":"accept"}"#;

    let read = read_text("choice.jsonl", task);

    assert!(read.rows.is_empty() && !read.remarks.contains("differently"), "{}", read.remarks);
    assert!(read.faults[0].why.contains("2 labels"), "{:?}", read.faults);
}

#[test]
fn a_rejected_answer_of_prodigy_is_no_positive_and_answers_about_one_text_are_one_row() {
    let binary = read("prodigy-binary.jsonl");

    assert_eq!(binary.format, "prodigy");
    assert_eq!(binary.lines(), ["1 - pending SPAM 0.50", "2 - rejected SPAM", "3 - skipped -"]);
    assert_eq!(binary.rows[1].reason.as_deref(), Some("rejected in Prodigy"));
    assert_eq!(binary.rows[0].fields.get("source"), Some(&FieldValue::Text("mails".into())));
    assert!(binary.remarks.contains("about the same text"), "{}", binary.remarks);

    let choice = read("prodigy-choice.jsonl");
    assert_eq!(choice.lines(), ["1 - accepted delivery", "2 - rejected -"]);
    assert_eq!(choice.faults.len(), 1);
    assert!(choice.faults[0].why.contains("2 labels"), "{:?}", choice.faults);
}

#[test]
fn cancelled_annotations_drafts_and_predictions_of_label_studio_are_no_labels() {
    let full = read("label-studio.json");

    assert_eq!(full.format, "label-studio");
    assert_eq!(
        full.lines(),
        ["1 1 accepted delivery", "2 2 pending refund 0.50", "3 3 skipped -", "4 4 pending -"]
    );
    assert_eq!(full.rows[1].origin.by.as_deref(), Some("3, bob@example.org"));
    assert!(full.remarks.contains("predictions are no labels"), "{}", full.remarks);

    let short = read("label-studio-min.json");
    assert_eq!(short.lines(), ["1 1 accepted delivery", "2 2 pending other 0.50", "5 4 pending -"]);
    assert!(short.faults[0].why.contains("2 labels"), "{:?}", short.faults);
    assert_eq!(short.rows[0].fields.keys().collect::<Vec<_>>(), ["channel"]);
}

#[test]
fn labels_of_doccano_are_of_whole_texts_and_one_a_row() {
    let read = read("doccano.jsonl");

    assert_eq!(
        (read.format, read.lines()),
        ("doccano", vec!["1 1 pending delivery".into(), "2 2 pending -".into()])
    );
    assert!(read.faults[0].why.contains("2 labels") && read.faults[1].why.contains("parts of the text"));
}

#[test]
fn results_of_promptfoo_are_decisions_and_a_failed_assertion_is_no_failed_request() {
    let read = read("promptfoo.json");

    assert_eq!(read.format, "promptfoo");
    assert_eq!(
        read.lines(),
        [
            "1 11111111-0000-0000-0000-000000000000 accepted delivery",
            "2 22222222-0000-0000-0000-000000000000 rejected refund"
        ]
    );
    assert!(read.rows[1].reason.as_deref().is_some_and(|reason| reason.starts_with("Expected output")));
    assert_eq!(read.rows[0].origin.model.as_deref(), Some("gpt-5-mini"));
    assert!(read.remarks.contains("1 row is left out for want of an output"), "{}", read.remarks);
}

#[test]
fn columns_that_are_asked_for_go_before_usual_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "text,label,v1\na,x,b\n").unwrap();
    let asked = Asked { text: Some("v1".into()), label: Some("text".into()) };

    let read = read_with(&path, &asked);

    assert_eq!((read.rows[0].text.as_str(), read.rows[0].label.as_deref()), ("b", Some("a")));
    let asked = Asked { label: Some("lable".into()), ..Asked::default() };
    let said = open(&path, &asked).err().unwrap().to_string();
    assert!(said.contains("has no column `lable`. It has `text`, `label`, `v1`."), "{said}");
}

#[test]
fn what_is_wrong_in_a_row_is_said_with_its_line_and_the_others_are_read() {
    let read = read_text(
        "a.jsonl",
        "{\"text\":\"a\"}\n{\"text\":1,\n{\"body\":\"b\"}\n{\"text\":[]}\n{\"text\":\" \"}\n{\"text\":\"c\"}\n",
    );

    let lines: Vec<u64> = read.faults.iter().map(|fault| fault.line).collect();
    assert_eq!((read.lines(), lines), (vec!["1 - pending -".into(), "6 - pending -".into()], vec![2, 3, 4]));
    assert!(read.remarks.contains("1 row is left out for want of a text"), "{}", read.remarks);
    let uneven = read_text("a.csv", "text,label\na,x\nb\nc,y\n");
    assert_eq!((uneven.rows.len(), uneven.faults[0].line), (2, 3));
}

#[test]
fn labels_and_ids_are_kept_as_they_are_written() {
    let read = read_text(
        "a.jsonl",
        "{\"text\":\"a\",\"label\":1.0,\"id\":12345678901234567890123}\n{\"text\":\"b\",\"label\":true,\"id\":\"007\"}\n",
    );

    assert_eq!(read.lines(), ["1 12345678901234567890123 pending 1.0", "2 007 pending true"]);
}

#[test]
fn a_file_without_rows_or_without_texts_is_refused_in_a_sentence() {
    for (name, text, says) in [
        ("a.jsonl", "", "is empty"),
        ("a.jsonl", "\n", "has no rows to import"),
        ("a.json", "[]", "has no rows to import"),
        ("a.csv", "nr,grade\n1,2\n", "has no column `text`"),
        ("a.jsonl", "{\"nr\": 1}\n", "has no column `text`"),
        ("a.jsonl", "[1]\n", "holds a number"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let said = open(&path, &Asked::default()).err().map(|error| error.to_string());
        assert!(said.as_ref().is_some_and(|said| said.contains(says)), "{name} {text:?}: {said:?}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_an_import_panic(
        name in prop::sample::select(vec!["a.jsonl", "a.json", "a.csv", "a.tsv", "a.parquet"]),
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "{", "}", "[", "]", "\"text\":", "\"a\"", ",", "\n", "null", "1", "\"label\":", "\"fields\":", "\"responses\":",
                "\"results\":", "\"answer\":", "\"accept\"", "\"_input_hash\":", "\"data\":", "\"annotations\":", "\"id\":",
                "\"annotation_id\":", "\"annotator\":", "\"lead_time\":", "\t", "\u{0}", "é", "\"value\":", "\"choices\":",
            ]),
            0..40,
        ),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, parts.concat()).unwrap();
        if let Ok(opened) = open(&path, &Asked::default()) {
            for row in opened.take(100) {
                let _ = row;
            }
        }
    }

    #[test]
    fn texts_and_labels_come_back_as_they_are_written(
        rows in prop::collection::vec(("[a-z\",;\t\n\r'\u{1F600} ]{0,20}x", "[a-z0-9.\", ]{0,8}z|1e3|007|null|true"), 1..8),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (lines, table) = (folder.path().join("a.jsonl"), folder.path().join("a.csv"));
        let json: Vec<String> =
            rows.iter().map(|(text, label)| serde_json::json!({"text": text, "label": label}).to_string()).collect();
        std::fs::write(&lines, json.join("\n")).unwrap();
        let mut writer = csv::Writer::from_path(&table).unwrap();
        writer.write_record(["text", "label"]).unwrap();
        rows.iter().for_each(|(text, label)| writer.write_record([text, label]).unwrap());
        writer.flush().unwrap();
        for path in [lines, table] {
            let read = read_with(&path, &Asked::default());
            let found: Vec<(String, String)> =
                read.rows.into_iter().map(|row| (row.text, row.label.unwrap_or_default())).collect();
            prop_assert_eq!(&found, &rows);
        }
    }
}

#[test]
fn half_a_character_is_told_as_such_and_other_rows_come_in() {
    let read = read_text(
        "a.jsonl",
        "{\"text\":\"one \\ud83d\",\"label\":\"x\"}\n{\"text\":\"two \\ud83d\\ude00\",\"label\":\"x\"}\n\
         {\"text\":\"three\",\"label\":\"x\",\"tags\":[\"\\udc00\"]}\n",
    );
    assert_eq!(read.rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["two \u{1f600}"]);
    let said: Vec<_> = read.faults.iter().map(|fault| (fault.line, fault.why.as_str())).collect();
    let half = |escape: &str| {
        format!(
            "the text holds `{escape}`, half of a character without its other half, which no text can hold. Write the \
             whole character, or `\\ufffd` in its place."
        )
    };
    assert_eq!(said, [(1, half("\\ud83d").as_str()), (3, half("\\udc00").as_str())]);
}

#[test]
fn a_folder_gives_the_rows_of_its_files_without_a_column_for_their_splits() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "train.jsonl",
        "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\"\n{\"text\":\"c\",\"label\":\"y\"}\n",
    );
    let one = read_with(folder.path(), &Asked::default());
    assert_eq!(one.rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["a", "c"]);
    assert!(one.rows.iter().all(|row| row.fields.is_empty()), "{:?}", one.rows);
    assert_eq!((one.format, one.faults.len(), one.remarks.as_str()), ("hf", 1, ""), "{:?}", one.faults);

    write("test.jsonl", "{\"text\":\"d\",\"label\":\"x\",\"split\":\"mine\"}\n");
    let two = read_with(folder.path(), &Asked::default());
    assert_eq!(two.rows.len(), 3);
    assert_eq!(two.rows[0].fields.get("split"), Some(&FieldValue::Text("mine".into())));
    assert!(
        two.remarks.contains("the splits `test`, `train`; the rows of all are taken."),
        "{}",
        two.remarks
    );
}
