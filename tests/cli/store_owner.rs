//! A store belongs to one session, and a second one is refused.

use std::fs;
use std::path::Path;

use crate::home::{Done, Home};

/// Returns a home with two sessions, `small` and `other`, of different names.
fn two_sessions() -> Home {
    let home = Home::new();
    home.small_session();
    let args = ["--data", "small.csv", "--text", "text", "--label", "label", "--target", "ask"];
    home.ok(&[&["new", "other"], &args[..]].concat());
    // What `new` names after the dataset is named apart.
    for name in ["small", "other"] {
        let file = home.path().join(name).join("session.toml");
        let text = fs::read_to_string(&file).unwrap();
        let rest = text.lines().filter(|line| !line.starts_with("name = ")).collect::<Vec<_>>().join("\n");
        fs::write(&file, format!("name = \"{name}\"\n{rest}")).unwrap();
    }
    home
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(files(&entry));
        } else {
            found.push((entry.display().to_string(), fs::read(&entry).unwrap()));
        }
    }
    found.sort();
    found
}

#[track_caller]
fn assert_refused(done: &Done) {
    assert_eq!(done.code, 2, "{done:?}");
    assert!(
        done.said.contains("belongs to the session `small` in ") && done.said.contains("not to `other`"),
        "{done:?}"
    );
    assert!(done.said.contains("Nothing was changed") && done.out.is_empty(), "{done:?}");
}

#[test]
fn one_store_for_two_sessions_is_refused_to_whoever_comes_second() {
    let home = two_sessions();
    home.ok(&["--store", "shared", "sample", "small", "-n", "5"]);
    let before = files(&home.path().join("shared"));
    for args in [
        &["rows", "other", "--json"][..],
        &["sample", "other", "-n", "5"],
        &["accept", "other", "--filter", "number=1"],
        &["undo", "other"],
        &["log", "other"],
        &["runs", "other"],
        &["prompt", "list", "other"],
        &["export", "other", "--out", "out.jsonl"],
        &["store", "verify", "other"],
    ] {
        assert_refused(&home.run(&[&["--store", "shared"], args].concat()));
        let mut command = home.command(args);
        command.env("ROWSMITH_STORE", home.path().join("shared"));
        assert_refused(&Done::of(command.output().unwrap()));
    }
    assert_eq!(files(&home.path().join("shared")), before);
    assert!(!home.path().join("out.jsonl").exists());
    assert_eq!(home.lines(&["--store", "shared", "rows", "small", "--json"]).len(), 5);
}

#[test]
fn what_a_person_says_is_the_same_session_opens_again() {
    let home = two_sessions();
    home.ok(&["--store", "shared", "sample", "small", "-n", "5"]);
    let refused = home.run(&["--store", "shared", "rows", "other"]);
    let (_, advised) = refused.said.split_once("say so with `rowsmith ").unwrap();
    let advised: Vec<_> = advised.trim_end().trim_end_matches("`.").split(' ').collect();
    let said = home.ok(&advised).said;
    assert!(said.contains("belongs to `other` in ") && said.contains("no longer to `small` in "), "{said}");
    assert_eq!(home.lines(&["--store", "shared", "rows", "other", "--json"]).len(), 5);
    assert_eq!(home.run(&["--store", "shared", "rows", "small"]).code, 2);
    let none = home.run(&["--store", "nowhere", "store", "adopt", "other"]);
    assert!(none.code == 1 && none.said.contains("There is no store in nowhere yet"), "{none:?}");
}

#[test]
fn a_journal_of_another_session_is_noticed_without_sled() {
    let home = two_sessions();
    home.ok(&["sample", "small", "-n", "5"]);
    home.ok(&["sample", "other", "-n", "3"]);
    let at = |name: &str| home.path().join(name);
    fs::copy(at("small/.rowsmith/journal/000001.jsonl"), at("other/.rowsmith/journal/000001.jsonl")).unwrap();
    fs::remove_dir_all(at("other/.rowsmith/sled")).unwrap();
    let before = files(&at("other/.rowsmith"));
    for args in
        [&["rows", "other"][..], &["accept", "other", "--filter", "number=1"], &["store", "verify", "other"]]
    {
        let done = home.run(args);
        assert!(done.code == 1 && done.said.contains("is of another store"), "{done:?}");
    }
    assert_eq!(files(&at("other/.rowsmith")), before);
}

#[test]
fn a_session_that_is_renamed_moved_or_copied_keeps_its_store() {
    let home = two_sessions();
    home.ok(&["sample", "small", "-n", "5"]);
    home.ok(&["--store", "far", "sample", "small", "-n", "2"]);
    let file = home.path().join("small/session.toml");
    let text = fs::read_to_string(&file).unwrap().replace("name = \"small\"", "name = \"renamed\"");
    fs::write(&file, text).unwrap();
    assert_eq!(home.ok(&["accept", "small", "--filter", "number=1"]).said, "1 row accepted.\n");
    home.ok(&["--store", "far", "accept", "small", "--filter", "number=1"]);

    fs::rename(home.path().join("small"), home.path().join("moved")).unwrap();
    // The dataset's path is relative to the folder, which is as deep as before.
    assert_eq!(home.ok(&["accept", "moved", "--filter", "number=2"]).said, "1 row accepted.\n");
    let said = home.ok(&["--store", "far", "accept", "moved", "--filter", "number=2"]).said;
    assert!(
        said.starts_with("The session lay in ")
            && said.ends_with("the store goes with it.\n1 row accepted.\n"),
        "{said}"
    );
    let said = home.ok(&["--store", "far", "skip", "moved", "--filter", "number=1"]).said;
    assert_eq!(said, "1 row skipped.\n");
}
