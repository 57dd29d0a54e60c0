//! Export in the formats of training and annotation tools.

use serde_json::Value;

use crate::home::{Home, text};
use crate::model_server::{Manner, ModelServer};

/// A session with ten rows of a model: the first six accepted, the first of them edited, the next two rejected, the
/// next one skipped.
fn decided(home: &Home) -> String {
    let server = ModelServer::start(Manner::Rows);
    let session = home.small_session();
    let from = ["--provider", "openai", "--base-url", server.url(), "--model", "tiny", "--concurrency", "1"];
    home.ok(&[&["sample", &session, "-n", "10"], &from[..]].concat());
    let rows = home.lines(&["rows", &session, "--json"]);
    let ids: Vec<_> = rows.iter().map(|row| text(row, "id")).collect();
    home.ok(&["edit", &session, ids[0], "--set", "text=Please end it, maple."]);
    home.ok(&[&["accept", &session], &ids[..6]].concat());
    home.ok(&[&["reject", &session], &ids[6..8]].concat());
    home.ok(&["skip", &session, ids[8]]);
    session
}

#[test]
fn what_belongs_beside_is_said_where_standard_output_takes_the_main_file_alone() {
    let home = Home::new();
    let session = decided(&home);
    for (format, names) in [
        ("argilla", "`rows.settings.json`, `rows.load.py`"),
        ("label-studio", "`rows.label-config.xml`"),
        ("alpaca", "`dataset_info.json`"),
        ("sharegpt", "`dataset_info.json`"),
        ("promptfoo", "`rows.main-v1.json`"),
    ] {
        let said = home.ok(&["export", &session, "--format", format, "--out", "-"]).said;
        assert!(said.contains(&format!("needs it beside: {names}. Name a file with --out")), "{said}");
        assert!(!said.contains("beside it.") && !said.contains("holds the labelling"), "{said}");
    }
    let said = home.ok(&["export", &session, "--format", "kto", "--out", "-"]).said;
    assert!(!said.contains("beside"), "{said}");
}

fn read(home: &Home, name: &str) -> String {
    std::fs::read_to_string(home.path().join(name)).unwrap()
}

#[test]
fn every_format_of_a_tool_is_written_and_two_exports_are_equal() {
    let home = Home::new();
    let session = decided(&home);
    let formats = [
        ("openai", "jsonl"),
        ("alpaca", "json"),
        ("sharegpt", "json"),
        ("dpo", "jsonl"),
        ("kto", "jsonl"),
        ("argilla", "json"),
        ("prodigy", "jsonl"),
        ("label-studio", "json"),
        ("fasttext", "txt"),
        ("promptfoo", "yaml"),
    ];
    for (format, ending) in formats {
        for name in ["one", "two"] {
            std::fs::create_dir_all(home.path().join(name)).unwrap();
            let out = format!("{name}/{format}.{ending}");
            home.ok(&["export", &session, "--format", format, "--task", "generate", "--out", &out]);
        }
    }
    let names = |folder: &str| {
        let entries = std::fs::read_dir(home.path().join(folder)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names("one"), names("two"));
    for name in names("one").iter().filter(|name| !name.contains("manifest")) {
        assert_eq!(read(&home, &format!("one/{name}")), read(&home, &format!("two/{name}")), "{name}");
    }
    for beside in [
        "argilla.settings.json",
        "argilla.load.py",
        "label-studio.label-config.xml",
        "dataset_info.json",
        "promptfoo.main-v1.json",
    ] {
        assert!(names("one").contains(&beside.to_owned()), "{beside}");
    }
    let info: Value = serde_json::from_str(&read(&home, "one/dataset_info.json")).unwrap();
    assert_eq!(info.as_object().unwrap().keys().collect::<Vec<_>>(), ["alpaca", "sharegpt"]);
}

#[test]
fn decisions_are_preferences_of_the_prompts_that_the_model_read() {
    let home = Home::new();
    let session = decided(&home);

    let dpo = home.ok(&["export", &session, "--format", "dpo", "--out", "-"]);
    let kto = home.ok(&["export", &session, "--format", "kto", "--out", "-"]);

    let pairs = dpo.lines();
    assert_eq!(pairs.len(), 3, "{}", dpo.said);
    assert!(
        dpo.said.contains("1 pair of an edit and its original, 2 pairs of an accepted and a rejected row")
    );
    assert!(text(&pairs[0]["chosen"][0], "content").contains("Please end it, maple."));
    assert!(text(&pairs[0]["rejected"][0], "content").contains("The maple account"));
    let roles: Vec<_> = (0..2).map(|at| text(&pairs[0]["prompt"][at], "role")).collect();
    assert_eq!(roles, ["system", "user"]);
    let labels: Vec<_> = kto.lines().iter().map(|line| line["label"].as_bool().unwrap()).collect();
    assert_eq!(labels, [true, true, true, true, true, true, false, false]);
}

#[test]
fn rejected_and_skipped_rows_are_counted_apart_and_no_positives() {
    let home = Home::new();
    let session = decided(&home);

    let done = home.ok(&["export", &session, "--format", "prodigy", "--out", "rows.jsonl"]);

    assert!(
        done.said.starts_with("6 accepted rows and 3 rejected or skipped rows written to rows.jsonl."),
        "{}",
        done.said
    );
    let lines: Vec<Value> =
        read(&home, "rows.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |answer: &str| lines.iter().filter(|line| line["answer"] == answer).count();
    assert_eq!((count("accept"), count("reject"), count("ignore")), (6, 2, 1));
}

#[test]
fn rows_that_no_model_was_asked_for_are_told_and_entries_of_others_stay() {
    let home = Home::new();
    let session = home.small_session();
    home.ok(&["sample", &session, "-n", "4"]);
    home.ok(&["accept", &session, "--filter", "state:pending"]);
    home.write("dataset_info.json", "{\"mine\": {\"file_name\": \"mine.json\"}}");

    let dpo = home.run(&["export", &session, "--format", "dpo", "--out", "pairs.jsonl"]);
    let promptfoo =
        home.run(&["export", &session, "--format", "promptfoo", "--filter", "state:rejected", "--out", "-"]);
    let alpaca = home.ok(&["export", &session, "--format", "alpaca", "--out", "rows.json"]);
    home.write("dataset_info.json", "{\"rows\": {\"file_name\": \"other.json\"}}");
    std::fs::remove_file(home.path().join("rows.json")).unwrap();
    let kept = home.run(&["export", &session, "--format", "alpaca", "--out", "rows.json"]);

    assert_eq!(dpo.code, 1);
    assert!(
        dpo.said.contains("There is nothing to export: none of the 4 rows makes a pair.")
            && dpo.said.contains("4 rows are left out: the built-in generator reads no prompt."),
        "{}",
        dpo.said
    );
    assert!(!home.path().join("pairs.jsonl").exists());
    assert_eq!((promptfoo.code, promptfoo.out.as_str()), (1, ""));
    assert!(promptfoo.said.contains("no row that is accepted matches the filter"), "{}", promptfoo.said);
    assert!(alpaca.said.contains("the dataset `rows`, by dataset_info.json beside it"), "{}", alpaca.said);
    assert!(kept.code != 0 && kept.said.contains("has another entry `rows`"), "{}", kept.said);
    assert!(!home.path().join("rows.json").exists());
    assert_eq!(read(&home, "dataset_info.json"), "{\"rows\": {\"file_name\": \"other.json\"}}");
}
