//! A journal that lost its end is told by every command, and comes home.

use std::fs;

use crate::home::{Home, ids, text};

/// Makes a session with decided rows, and cuts a byte off its journal.
fn cut() -> (Home, String) {
    let home = Home::new();
    let session = home.small_session();
    home.ok(&["sample", &session, "-n", "6"]);
    let rows = ids(&home.lines(&["rows", &session, "--json"]));
    home.ok(&["accept", &session, &rows[0], &rows[1]]);
    let path = home.path().join(&session).join(".rowsmith/journal/000001.jsonl");
    let bytes = fs::read(&path).unwrap();
    fs::write(path, &bytes[..bytes.len() - 1]).unwrap();
    (home, session)
}

#[test]
fn no_command_reads_or_writes_a_journal_that_lost_its_end() {
    let (home, session) = cut();
    let journal = home.path().join(&session).join(".rowsmith/journal/000001.jsonl");
    let before = fs::read(&journal).unwrap();
    let commands: &[&[&str]] = &[
        &["rows", &session],
        &["rows", &session, "--json"],
        &["runs", &session],
        &["log", &session],
        &["export", &session, "--out", "-"],
        &["prompt", "list", &session],
        &["accept", &session, "--filter", "state:pending"],
        &["undo", &session],
        &["sample", &session, "-n", "1"],
    ];
    for command in commands {
        let done = home.run(command);
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{command:?}: {done:?}");
        assert!(done.said.contains("1 fact is missing"), "{command:?}: {done:?}");
        assert!(done.said.contains("rowsmith store repair SESSION"), "{command:?}: {done:?}");
    }
    let done = home.run(&["store", "verify", &session]);
    assert!(
        done.code == 1 && done.said.contains("store repair") && !done.said.contains("remove"),
        "{done:?}"
    );
    assert_eq!(fs::read(&journal).unwrap(), before);
}

#[test]
fn a_repair_brings_everything_home_and_says_so() {
    let (home, session) = cut();
    let done = home.run(&["store", "repair", &session]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.out.contains("The journal is whole again.") && done.out.contains("journal.damaged-1"),
        "{done:?}"
    );
    let accepted = home.lines(&["rows", &session, "--filter", "state:accepted", "--json"]);
    assert_eq!(accepted.len(), 2);
    let again = home.ok(&["store", "repair", &session, "--json"]).json();
    assert_eq!((text(&again, "outcome"), again["lost"].as_u64()), ("healthy", Some(0)));
}
