//! Rows that were made elsewhere, through the real binary.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::home::{Done, Home, ids, text};

const ROWS: &str = r#"{"id":"item-1","text":"Please end my contract in May, we move abroad","label":"leave"}
{"id":"item-2","text":"Where is the reset button on this box?","label":"ask"}
{"id":"item-3","text":"Where is the reset button on this box?","label":"ask"}
{"id":"item-4","text":"Of no label that the session has","label":"eggs"}
{"id":"item-5","text":"Nobody has said what this one is"}
"#;

fn journal(home: &Home, session: &str) -> Vec<u8> {
    let mut all = Vec::new();
    let folder = home.path().join(session).join(".rowsmith/journal");
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names.iter().for_each(|name| all.extend(fs::read(name).unwrap()));
    all
}

#[test]
fn a_file_comes_in_as_one_operation_that_one_undo_takes_back() {
    let home = Home::new();
    let session = home.small_session();
    home.write("labels.jsonl", ROWS);
    let done = home.ok(&["import", &session, "labels.jsonl", "--json"]);
    let json = done.json();
    for (key, value) in [("import", 1), ("rows", 3), ("already", 0), ("refused", 2), ("accepted", 0)] {
        assert_eq!(json[key], value, "{key}: {json}");
    }
    assert_eq!((text(&json, "file"), text(&json, "format")), ("labels.jsonl", "jsonl"));
    assert!(json["flagged"].as_u64() >= Some(1) && json["seconds"].as_f64() >= Some(0.0), "{json}");
    assert!(done.said.contains("line 4: There is no label `eggs`"), "{}", done.said);
    assert!(done.said.contains("line 5: It has no label"), "{}", done.said);

    let rows = home.lines(&["rows", &session, "--json"]);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1]["imported"]["line"], 2);
    assert_eq!(text(&rows[1]["imported"], "id"), "item-2");
    assert_eq!(
        (&rows[1]["run"], &rows[1]["prompt"], &rows[1]["generator"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert!(rows[2]["flags"].to_string().contains("duplicate"), "equal texts of one file stay: {}", rows[2]);
    assert_eq!(text(home.lines(&["log", &session, "--json"]).last().unwrap(), "kind"), "import");

    let again = home.ok(&["import", &session, "labels.jsonl", "--json"]).json();
    assert_eq!((&again["rows"], &again["already"], &again["import"]), (&0.into(), &3.into(), &Value::Null));

    home.ok(&["accept", &session, &ids(&rows)[0]]);
    home.ok(&["undo", &session]);
    let said = home.ok(&["undo", &session]).said;
    assert!(said.contains("undo: import of 3 rows"), "{said}");
    assert!(home.lines(&["rows", &session, "--json"]).is_empty());
    assert!(home.ok(&["store", "verify", &session]).out.starts_with("whole: "));
    home.ok(&["redo", &session]);
    assert_eq!(home.lines(&["rows", &session, "--json"]), rows);
    home.ok(&["undo", &session]);
    assert_eq!(home.ok(&["import", &session, "labels.jsonl", "--json"]).json()["rows"], 3);
    fs::remove_dir_all(home.path().join(&session).join(".rowsmith/sled")).unwrap();
    assert!(home.ok(&["store", "verify", &session]).out.starts_with("whole: "));
    assert_eq!(home.lines(&["rows", &session, "--json"]).len(), 3);
}

#[test]
fn a_file_without_labels_is_refused_as_a_whole_until_one_is_given() {
    let home = Home::new();
    let session = home.small_session();
    home.write("bare.csv", "text\nPlease end it all in May\nWe are gone in June\n");
    let before = journal(&home, &session);
    let done = home.run(&["import", &session, "bare.csv"]);
    assert_eq!(done.code, 2, "{}", done.said);
    assert!(done.said.contains("--as LABEL"), "{}", done.said);
    assert_eq!(journal(&home, &session), before);

    let done = home.ok(&["import", &session, "bare.csv", "--as", "leave", "--accept"]);
    assert!(done.said.contains("2 rows imported from bare.csv (csv): 2 accepted"), "{}", done.said);
    let wrong = home.run(&["import", &session, "bare.csv", "--as", "eggs"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.said.contains("There is no label `eggs`"), "{}", wrong.said);
    assert_eq!(home.run(&["import", &session, "nowhere.csv"]).code, 2);
}

#[test]
fn our_own_export_comes_into_another_session_with_its_ids_and_says_where_it_is_from() {
    let home = Home::new();
    let session = home.small_session();
    home.ok(&["sample", &session, "-n", "4"]);
    home.ok(&["accept", &session, "--filter", "state:pending", "--rating", "4"]);
    home.ok(&["export", &session, "--out", "rows.jsonl"]);
    let rows = home.lines(&["rows", &session, "--json"]);
    let here = home.ok(&["import", &session, "rows.jsonl", "--json"]).json();
    assert_eq!(
        (&here["rows"], &here["already"]),
        (&0.into(), &(rows.len() as u64).into()),
        "they are the same rows"
    );

    fs::create_dir(home.path().join("other")).unwrap();
    for name in ["session.toml", "small.csv"] {
        let from = home.path().join(&session).join(name);
        if from.exists() {
            fs::copy(from, home.path().join("other").join(name)).unwrap();
        }
    }
    home.ok(&["import", "other", "rows.jsonl"]);
    let there = home.lines(&["rows", "other", "--json"]);
    assert_eq!(ids(&there), ids(&rows));
    for (one, two) in rows.iter().zip(&there) {
        assert_eq!((&one["fields"], &one["label"]), (&two["fields"], &two["label"]));
        assert_eq!(one["generator"]["provider"], two["generator"]["provider"]);
        assert_eq!(one["prompt"]["number"], two["prompt"]["number"]);
    }
}

#[test]
fn a_signal_stops_it_and_leaves_nothing() {
    let home = Home::new();
    let session = home.small_session();
    let line = |n: u32| {
        format!(
            "{{\"text\":\"Please end contract number {n} by day {n}, for box {n} is broken\",\"label\":\"leave\"}}\n"
        )
    };
    home.write("many.jsonl", (0..60_000).map(line).collect::<String>());
    let before = journal(&home, &session);
    let mut command = home.command(&["import", &session, "many.jsonl"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let catches = || {
        let said = fs::read_to_string(&status).unwrap();
        let mask = said.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim().to_owned();
        u64::from_str_radix(&mask, 16).unwrap() & 2 != 0
    };
    while !catches() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    let done = Done::of(child.wait_with_output().unwrap());
    assert_eq!(done.code, 130, "{}", done.said);
    assert!(done.said.contains("The import was stopped; nothing was imported."), "{}", done.said);
    assert_eq!(journal(&home, &session), before);
    assert!(home.lines(&["rows", &session, "--json"]).is_empty());
}
