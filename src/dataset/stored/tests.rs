//! Tests of Parquet files and of folders of them.

use std::path::Path;

use super::super::fixture::rows;
use super::super::{Reading, Records, Source};

fn remarks(records: &Records) -> String {
    records.remarks().join("\n")
}

/// Writes a Parquet file with a text, a class and a number.
fn parquet(path: &Path, rows: &[(&str, i64)]) {
    use crate::table::{Cell, Column, Kind, Rows, Writer};
    let columns = [
        Column::new("text", Kind::Text),
        Column::new("label", Kind::Integer),
        Column::new("tags", Kind::Texts),
    ];
    let features = r#"{"info": {"features": {"label": {"names": ["no", "yes"], "_type": "ClassLabel"}}}}"#;
    let out = std::fs::File::create(path).unwrap();
    let mut writer = Writer::new(out, &columns, &[("huggingface", features.to_owned())]).unwrap();
    let mut held = Rows::of(&columns.map(|column| column.kind));
    for (text, label) in rows {
        let cells = [Cell::Text((*text).into()), Cell::Integer(*label), Cell::Texts(vec!["a".into()])];
        held.add(&cells).unwrap();
    }
    writer.write(held).unwrap();
    writer.finish().unwrap();
}

#[test]
fn a_parquet_file_and_a_folder_of_them_are_read_with_the_names_of_their_classes_and_splits() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let train = folder.path().join("data/train-00000-of-00001.parquet");
    parquet(&train, &[("a\n\"b\"", 1), ("c", 0)]);
    parquet(&folder.path().join("data/test-00000-of-00001.parquet"), &[("d", 1)]);

    let one = crate::dataset::read(&Source::new(&train, "text", "label")).unwrap();
    assert_eq!(rows(&one), [("1".into(), "yes", "a\n\"b\""), ("2".into(), "no", "c")]);
    let all = Source { split: Some("split".into()), ..Source::new(folder.path(), "text", "label") };
    let all = crate::dataset::read(&all).unwrap();
    let mut texts: Vec<&str> = (0..3).map(|row| all.text(row)).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["a\n\"b\"", "c", "d"]);
    assert!(remarks(&all).contains("the splits `test`, `train`"), "{}", remarks(&all));
    assert_ne!(all.fingerprint(), one.fingerprint());

    let look = crate::dataset::look(folder.path(), Reading::default()).unwrap();
    let names: Vec<&str> = look.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!((names, look.rows), (vec!["text", "label", "tags", "split"], 3));
}

#[test]
fn a_folder_of_json_lines_or_tables_is_read_as_one_of_parquet_is() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let source = || Source { split: Some("split".into()), ..Source::new(folder.path(), "text", "label") };
    write("train.csv", "text,label\n\"a\n\"\"b\"\"\",007\nc,no\n");
    write("sms-test.csv", "label,text\nyes,d\n");
    let tables = crate::dataset::read(&source()).unwrap();
    assert_eq!(
        rows(&tables),
        [("1".into(), "yes", "d"), ("2".into(), "007", "a\n\"b\""), ("3".into(), "no", "c")]
    );
    assert!(remarks(&tables).contains("the splits `test`, `train`"), "{}", remarks(&tables));

    std::fs::create_dir(folder.path().join("data")).unwrap();
    write(
        "data/train-0.jsonl",
        "{\"text\":\"a\",\"label\":1.0}\n\n{\"text\":\"b\",\"label\":12345678901234567890123}\n",
    );
    write("data/test.jsonl", "{\"label\":true, \"text\":\"c\"}\n");
    let lines = crate::dataset::read(&source()).unwrap();
    assert_eq!(
        rows(&lines),
        [("1".into(), "true", "c"), ("2".into(), "1.0", "a"), ("3".into(), "12345678901234567890123", "b")]
    );

    write("data/train-0.jsonl", "{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\"\n");
    let said = crate::dataset::read(&source()).unwrap_err().to_string();
    assert!(said.contains("item 3: it is line 2 of `train-0.jsonl`, where the row"), "{said}");
    write("data/test.jsonl", "{\"label\":true}\n");
    let said = crate::dataset::read(&source()).unwrap_err().to_string();
    assert!(said.contains("item 1: there is no column `text`"), "{said}");
}

#[test]
fn a_split_that_rows_say_themselves_is_kept() {
    assert_eq!(super::with_split(" {} \n", "train"), "{\"split\":\"train\"}");
    assert_eq!(super::with_split("{ \"a\": {}}", "te\"st"), "{\"split\":\"te\\\"st\", \"a\": {}}");
    let folder = tempfile::tempdir().unwrap();
    let text = "{\"text\":\"a\",\"label\":\"x\",\"split\":\"test\"}\n{\"text\":\"b\",\"label\":\"x\"}\n";
    std::fs::write(folder.path().join("train.jsonl"), text).unwrap();
    let look = crate::dataset::look(folder.path(), Reading::default()).unwrap();
    let names: Vec<&str> = look.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!((names, look.rows), (vec!["text", "label", "split"], 2));
}
