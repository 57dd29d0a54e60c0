//! Export to files and to standard output, and the parts of the real rows.

use std::collections::BTreeSet;

use crate::home::{Home, text};
use crate::terminal::Terminal;

/// A session with four accepted rows of which two have texts that spreadsheets and pandas take for missing.
fn accepted(home: &Home) -> String {
    let session = home.small_session();
    home.ok(&["sample", &session, "-n", "4"]);
    let rows = home.lines(&["rows", &session, "--json"]);
    for (row, text) in rows.iter().zip(["NA", "null"]) {
        home.ok(&["edit", &session, row["id"].as_str().unwrap(), "--set", &format!("text={text}")]);
    }
    home.ok(&["accept", &session, "--filter", "state:pending"]);
    session
}

#[test]
fn the_ending_gives_the_format_and_a_file_is_replaced_only_by_force() {
    let home = Home::new();
    let session = accepted(&home);

    let csv = home.ok(&["export", &session, "--out", "rows.csv"]);
    let jsonl = home.ok(&["export", &session, "--out", "rows.jsonl"]);
    std::fs::write(home.path().join("notes.csv"), "mine").unwrap();
    let kept = home.run(&["export", &session, "--out", "notes.csv"]);
    let again = home.ok(&["export", &session, "--out", "rows.jsonl", "--force"]);
    let odd = home.ok(&["export", &session, "--out", "odd.csv", "--format", "jsonl"]);

    assert!(
        csv.said.contains("In 2 written rows the value of `text` reads as missing in pandas (`NA`, `null`)")
    );
    assert_eq!(jsonl.said, "4 accepted rows written to rows.jsonl.\n");
    assert_eq!(kept.code, 2);
    assert!(kept.said.contains("there already") && kept.said.contains("--force"), "{}", kept.said);
    assert_eq!(std::fs::read_to_string(home.path().join("notes.csv")).unwrap(), "mine");
    assert!(again.said.contains("What was there before is replaced."), "{}", again.said);
    assert!(odd.said.starts_with("odd.csv is written as jsonl, whatever its ending says.\n"), "{}", odd.said);
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap();
    assert!(read("rows.csv").starts_with("id,text,label,"));
    assert_eq!(read("odd.csv"), read("rows.jsonl"));
    let refused = home.run(&["export", &session, "--out", "rows.xls"]);
    assert_eq!(refused.code, 2);
    assert!(refused.said.contains("end it in .jsonl, .csv, .tsv or .parquet"), "{}", refused.said);
}

#[test]
fn what_the_session_is_made_of_is_never_replaced() {
    let home = Home::new();
    let session = accepted(&home);
    let folder = home.path().join(&session);
    let toml = std::fs::read_to_string(folder.join("session.toml")).unwrap();
    let line = toml.lines().find(|line| line.starts_with("path")).unwrap();
    let data = folder.join(line.split('"').nth(1).unwrap());
    std::os::unix::fs::symlink(&data, home.path().join("alias.csv")).unwrap();
    let before = std::fs::read(&data).unwrap();
    std::fs::hard_link(&data, home.path().join("twin.csv")).unwrap();
    std::fs::hard_link(folder.join(".rowsmith/journal/000001.jsonl"), home.path().join("facts.jsonl"))
        .unwrap();
    std::os::unix::fs::symlink(folder.join(".rowsmith"), home.path().join("inside")).unwrap();
    let settings = home.write("settings.toml", "");
    let config = settings.to_str().unwrap();
    let own = home.write(".config/rowsmith/config.toml", "theme = 'dusk'\n");

    let files = [
        data.clone(),
        "alias.csv".into(),
        "twin.csv".into(),
        "facts.jsonl".into(),
        "inside/rows.csv".into(),
        "inside/journal/000001.jsonl".into(),
        folder.join("session.toml"),
        folder.join(".rowsmith/rows.csv"),
        folder.join(".rowsmith/sled/../screen.json"),
        settings.clone(),
        own,
    ];
    for file in files {
        let out = file.to_str().unwrap();
        let refused =
            home.run(&["--config", config, "export", &session, "--format", "csv", "--force", "--out", out]);
        assert_eq!(refused.code, 2, "{out} {refused:?}");
        assert!(refused.said.contains("name another file"), "{}", refused.said);
    }

    assert_eq!(std::fs::read(&data).unwrap(), before);
    assert_eq!(std::fs::read_to_string(folder.join("session.toml")).unwrap(), toml);
    assert_eq!(std::fs::read_to_string(&settings).unwrap(), "");
    assert!(!folder.join(".rowsmith/rows.csv").exists());
    home.ok(&["store", "verify", &session]);
}

#[test]
fn at_a_terminal_a_file_is_replaced_after_a_yes() {
    let home = Home::new();
    let session = accepted(&home);
    let out = home.write("rows.jsonl", "mine");
    for (answer, code) in [("n", 2), ("y", 0)] {
        let args = ["export", &session, "--out", "rows.jsonl"];
        let mut terminal = Terminal::start(home.path(), &args, (100, 30));
        terminal.until("rows.jsonl` is there already. Replace it?");
        terminal.press(&format!("{answer}\r"));
        assert_eq!(terminal.ended(), code, "{}", terminal.text());
        assert_eq!(std::fs::read_to_string(&out).unwrap() == "mine", answer == "n");
    }
}

#[test]
fn standard_output_gets_the_rows_and_nothing_else() {
    let home = Home::new();
    let session = accepted(&home);
    home.ok(&["export", &session, "--out", "rows.csv"]);

    let lines = home.ok(&["export", &session, "--out", "-"]);
    let csv = home.ok(&["export", &session, "--out", "-", "--format", "csv"]);

    assert_eq!(lines.lines().len(), 4);
    assert_eq!(lines.said, "4 accepted rows written to standard output.\n");
    assert_eq!(csv.out, std::fs::read_to_string(home.path().join("rows.csv")).unwrap());
    assert!(!home.path().join("-").exists());
}

#[test]
fn every_real_row_has_one_part_and_each_part_can_be_written() {
    let home = Home::new();
    let session = accepted(&home);

    let parts = home.lines(&["split", &session, "--json"]);
    let test = home.ok(&["export", &session, "--out", "-", "--real", "test"]);
    let train = home.ok(&["export", &session, "--out", "-", "--real", "train"]);

    let ids_of = |part: &str| -> BTreeSet<String> {
        let of_part = parts.iter().filter(|row| row["part"] == part);
        of_part.map(|row| text(row, "id").to_owned()).collect()
    };
    let written = |done: &crate::home::Done| -> BTreeSet<String> {
        done.lines().iter().map(|row| text(row, "id").to_owned()).collect()
    };
    assert_eq!(parts.len(), 24);
    assert_eq!(written(&test), ids_of("test"));
    assert_eq!(written(&train), ids_of("train"));
    assert_eq!(ids_of("test").len() + ids_of("train").len(), 24);
    assert!(test.lines().iter().all(|row| row["source"] == "real"));
    assert!(test.said.contains("never train on them"), "{}", test.said);
    let table = home.ok(&["split", &session]).out;
    assert_eq!(table.lines().count(), 24);
    assert!(table.lines().all(|line| line.split_whitespace().count() == 3), "{table}");
    assert_eq!(home.run(&["export", &session, "--out", "-", "--real", "dev"]).code, 2);
}

#[test]
fn labels_that_are_numbers_in_the_dataset_leave_as_numbers() {
    let home = Home::new();
    home.small_session();
    let csv = std::fs::read_to_string(home.path().join("small.csv")).unwrap();
    let row = |line: &str| {
        let (text, label) = line.rsplit_once(',').unwrap();
        format!("{{\"text\":{text},\"label\":{}}}\n", u8::from(label == "leave"))
    };
    home.write("data.jsonl", csv.lines().skip(1).map(row).collect::<String>());
    let columns = ["--text", "text", "--label", "label", "--target", "1"];
    home.ok(&[&["new", "s", "--data", "data.jsonl"], &columns[..]].concat());
    home.ok(&["sample", "s", "-n", "2"]);
    home.ok(&["accept", "s", "--filter", "state:pending"]);

    let numbers = home.ok(&["export", "s", "--out", "-", "--with-real"]).lines();
    assert!(numbers.len() > 15 && numbers.iter().all(|row| row["label"].is_i64()), "{numbers:?}");
    assert_eq!(numbers[0]["label"], 1);
}

#[test]
fn every_format_with_columns_is_written_with_its_manifest_and_twice_the_same() {
    let home = Home::new();
    let session = accepted(&home);
    let read = |name: &str| std::fs::read(home.path().join(name)).unwrap();
    for name in ["rows.jsonl", "rows.csv", "rows.tsv", "rows.parquet"] {
        let manifest = format!("{name}.manifest.json");
        home.ok(&["export", &session, "--out", name]);
        let once = (read(name), read(&manifest));
        home.ok(&["export", &session, "--out", name, "--force"]);
        assert_eq!((read(name), read(&manifest)), once, "{name}");
        let papers: serde_json::Value = serde_json::from_slice(&once.1).unwrap();
        let format = name.split_once('.').unwrap().1;
        let command = format!("rowsmith export {session} --format {format} --out {name}");
        assert_eq!(papers["command"], command);
        assert_eq!((&papers["rows"]["accepted"], &papers["verdict"]), (&4.into(), &serde_json::Value::Null));
    }
    assert!(read("rows.parquet").starts_with(b"PAR1"));
    let bare = home.ok(&["export", &session, "--out", "-", "--bare"]);
    let keys: Vec<_> = bare.lines()[0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["id", "text", "label"]);
}

#[test]
fn a_dataset_folder_has_real_test_rows_where_they_are_asked_for_and_is_replaced_only_by_force() {
    let home = Home::new();
    let session = accepted(&home);
    let said = home.ok(&["export", &session, "--format", "hf", "--out", "set", "--real", "test"]).said;
    assert!(said.contains("4 accepted rows and "), "{said}");
    let read = |name: &str| std::fs::read(home.path().join(name)).unwrap();
    let card = String::from_utf8(read("set/README.md")).unwrap();
    assert!(card.contains("- split: test\n    path: data/test-*"), "{card}");
    assert!(read("set/data/test-00000-of-00001.parquet").starts_with(b"PAR1"));

    assert_eq!(home.run(&["export", &session, "--format", "hf", "--out", "set"]).code, 2);
    home.ok(&["export", &session, "--format", "hf", "--out", "set", "--force"]);
    assert!(!home.path().join("set/data/test-00000-of-00001.parquet").exists());
    home.write("set/notes.txt", "mine");
    let kept = home.run(&["export", &session, "--format", "hf", "--out", "set", "--force"]);
    assert!(kept.said.contains("`notes.txt`") && kept.code == 2, "{}", kept.said);
    let whole = home.run(&["export", &session, "--format", "hf", "--out", &session, "--force"]);
    assert_eq!(whole.code, 2, "{}", whole.said);
    assert!(home.path().join(&session).join("session.toml").exists());
}

#[test]
fn rows_are_split_and_balanced_as_asked() {
    let home = Home::new();
    let session = accepted(&home);
    home.ok(&["export", &session, "--out", "rows.jsonl", "--with-real", "--split", "0.5", "--seed", "3"]);
    let lines = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap().lines().count();
    let both = home.ok(&["export", &session, "--out", "-", "--with-real"]).lines();
    assert_eq!(lines("rows-train.jsonl") + lines("rows-test.jsonl"), both.len());
    assert!(lines("rows-test.jsonl") > 2);

    let label = text(&home.lines(&["rows", &session, "--json"])[0], "label").to_owned();
    let balance = format!("{label}=2");
    let balanced = home.ok(&["export", &session, "--out", "-", "--with-real", "--balance", &balance]);
    let of_label = balanced.lines().iter().filter(|row| row["label"] == label.as_str()).count();
    assert_eq!(of_label, 2);
    assert!(balanced.said.contains("To balance the labels (2 "), "{}", balanced.said);
    for wrong in
        [&["--split", "1.5"][..], &["--balance", "none"], &["--balance", "none=5"], &["--task", "sing"]]
    {
        let args = [&["export", &session, "--out", "wrong.jsonl"], wrong].concat();
        assert_eq!(home.run(&args).code, 2, "{wrong:?}");
    }
    assert!(!home.path().join("wrong.jsonl").exists());
}
