//! A session of the previous version opens unchanged: its store, its draft and its settings.
//!
//! `tests/fixtures/previous/` holds the session's folder, its store, the user's settings and what
//! the binary of that version printed about them, all made by `make.py` there. The present output
//! may contain more, and must contain the same.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::home::{Done, Home, ids, text};
use crate::model_server::{Manner, ModelServer};
use crate::terminal::Terminal;

/// The server address of the session's run 4.
const ADDRESS: &str = "127.83.17.5:18099";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/previous").join(name)
}

/// Returns what the binary of the previous version printed.
fn expected(name: &str) -> String {
    fs::read_to_string(fixture("expected").join(name)).unwrap()
}

fn expected_lines(name: &str) -> Vec<Value> {
    expected(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::write(target, fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

/// Returns a home with the session `session` and the settings `config.toml` of the previous
/// version.
fn previous() -> Home {
    let home = Home::new();
    copy(&fixture("session"), &home.path().join("session"));
    copy(&fixture("store"), &home.path().join("session/.rowsmith"));
    home.write("config.toml", fs::read(fixture("config.toml")).unwrap());
    home
}

/// Returns the same home twice: unchanged, and with the store's database deleted.
fn with_and_without_sled() -> [Home; 2] {
    let without = previous();
    fs::remove_dir_all(without.path().join("session/.rowsmith/sled")).unwrap();
    [previous(), without]
}

fn command<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&["--config", "config.toml"], args].concat()
}

#[track_caller]
fn ok(home: &Home, args: &[&str]) -> Done {
    home.ok(&command(args))
}

/// Asserts that `now` contains everything in `before`.
#[track_caller]
fn assert_says(place: &str, before: &Value, now: &Value) {
    match (before, now) {
        (Value::Object(before), Value::Object(now)) => {
            for (key, value) in before {
                assert_says(&format!("{place}.{key}"), value, now.get(key).unwrap_or(&Value::Null));
            }
        }
        (Value::Array(before), Value::Array(now)) => {
            assert_eq!(before.len(), now.len(), "{place}");
            for (index, (before, now)) in before.iter().zip(now).enumerate() {
                assert_says(&format!("{place}[{index}]"), before, now);
            }
        }
        (before, now) => assert_eq!(before, now, "{place}"),
    }
}

#[track_caller]
fn assert_lines(home: &Home, name: &str, args: &[&str]) {
    assert_says(name, &expected_lines(name).into(), &ok(home, args).lines().into());
}

/// Asserts that the versions are what they were, but for their acceptance: that of the previous version
/// counted decisions in bulk, and rows that read no prompt. It knew no labels.
#[track_caller]
fn assert_versions(home: &Home) {
    let mut before = expected_lines("prompts.jsonl");
    for version in &mut before {
        let version = version.as_object_mut().unwrap();
        version.remove("acceptance");
        assert_eq!(version.remove("labels"), Some(serde_json::json!([])));
    }
    let now = ok(home, &["prompt", "list", "session", "--json"]).lines();
    assert_says("prompts.jsonl", &before.into(), &now.into());
}

/// Returns the rows of a CSV file, each as an object by column name.
fn cells(csv: &str) -> Vec<Value> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        let cells = columns.iter().zip(&record).map(|(column, cell)| (column.to_owned(), cell.into()));
        Value::Object(cells.collect())
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// Returns the log of the version before, which counted an edited row twice: for its edit and for its flags.
fn logged() -> Vec<Value> {
    let mut log = expected_lines("log.jsonl");
    let edits: Vec<_> =
        log.iter().filter(|line| line["kind"] == "edit").map(|line| line["operation"].clone()).collect();
    for line in &mut log {
        if edits.contains(&line["operation"]) || edits.contains(&line["target"]) {
            line["rows"] = (line["rows"].as_u64().unwrap() / 2).into();
        }
    }
    log
}

#[test]
fn all_that_can_be_read_is_what_it_was() {
    for home in with_and_without_sled() {
        assert_lines(&home, "rows.jsonl", &["rows", "session", "--json"]);
        assert_lines(&home, "rows-flagged.jsonl", &["rows", "session", "--filter", "flag:any", "--json"]);
        assert_says("log.jsonl", &logged().into(), &ok(&home, &["log", "session", "--json"]).lines().into());
        assert_lines(&home, "runs.jsonl", &["runs", "session", "--json"]);
        for run in ["1", "2", "3", "4"] {
            assert_lines(&home, &format!("run-{run}.json"), &["runs", "session", run, "--json"]);
        }
        assert_versions(&home);
    }
}

#[test]
fn every_version_is_written_out_as_it_was() {
    let home = previous();
    for (name, version) in [
        ("1", "main@v1"),
        ("2", "main@v2"),
        ("3", "main@v3"),
        ("other", "other@v1"),
        ("2", "4a90cf4b3a217a87"),
    ] {
        let shown = ok(&home, &["prompt", "show", "session", version]).out;
        assert_eq!(shown, expected(&format!("prompt-{name}.md")), "{version}");
    }
    let diff = ok(&home, &["prompt", "diff", "session", "main@v1", "main@v3"]).out;
    assert_eq!(diff, expected("diff.txt"));
}

#[test]
fn what_a_version_says_makes_the_same_version_again() {
    let home = previous();
    for (name, prompt) in [("2", "main"), ("3", "main"), ("other", "other")] {
        home.write("again.md", expected(&format!("prompt-{name}.md")));
        ok(&home, &["prompt", "add", "session", "again.md", "--name", prompt]);
    }
    assert_versions(&home);
}

#[test]
fn what_was_accepted_is_exported_as_it_was() {
    for home in with_and_without_sled() {
        ok(&home, &["export", "session", "--format", "csv", "--out", "accepted.csv"]);
        let now = fs::read_to_string(home.path().join("accepted.csv")).unwrap();
        assert_says("accepted.csv", &cells(&expected("accepted.csv")).into(), &cells(&now).into());

        for (name, more) in [("accepted.jsonl", None), ("all.jsonl", Some("--with-real"))] {
            let args = ["export", "session", "--format", "jsonl", "--out", name];
            ok(&home, &args.into_iter().chain(more).collect::<Vec<_>>());
            let now = fs::read_to_string(home.path().join(name)).unwrap();
            let now: Vec<Value> = now.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            // Real rows stood first then, with null for their tags; now they stand behind the accepted ones, with none.
            let mut before = expected_lines(name);
            before.sort_by_key(|row| row["source"] == "real");
            before
                .iter_mut()
                .filter(|row| row["tags"].is_null())
                .for_each(|row| row["tags"] = Value::Array(vec![]));
            assert_says(name, &before.into(), &now.into());
        }
    }
}

#[test]
fn the_store_is_whole_and_work_goes_on() {
    for (home, remade) in with_and_without_sled().iter().zip([false, true]) {
        let mut wanted = expected_lines("rows.jsonl");
        let pending = wanted.iter_mut().find(|row| row["state"] == "pending").unwrap();
        let id = text(pending, "id").to_owned();

        let said = ok(home, &["accept", "session", &id, "--rating", "5"]).said;

        // Run 4 was going when the program was killed; a database that is made again is told as well.
        assert!(said.ends_with("Run 4 was interrupted at 4 of 8 rows.\n1 row accepted.\n"), "{said}");
        let why = if remade { "sled was missing" } else { "sled was of an earlier version of rowsmith" };
        assert_eq!((said.lines().count(), said.starts_with(why)), (3, true), "{said}");
        pending["state"] = "accepted".into();
        pending["rating"] = 5.into();
        let now = ok(home, &["rows", "session", "--json"]).lines();
        pending["decided_at"] = now.iter().find(|row| row["id"] == *id).unwrap()["decided_at"].clone();
        assert_says("rows", &wanted.into(), &now.into());
        let verified = ok(home, &["store", "verify", "session"]).out;
        assert!(verified.starts_with("whole: ") && verified.contains("1 long text"), "{verified}");

        // Undo goes back to before this version, and redo comes back.
        ok(home, &["undo", "session", "-n", "2"]);
        ok(home, &["redo", "session"]);
        ok(home, &["undo", "session"]);
        ok(home, &["redo", "session", "-n", "2"]);
        let accepted = ok(home, &["rows", "session", "--filter", "state:accepted", "--json"]).lines();
        let before = expected_lines("rows.jsonl").iter().filter(|row| row["state"] == "accepted").count();
        assert_eq!(accepted.len(), before + 1);
        assert!(ids(&accepted).contains(&id));
        assert!(ok(home, &["store", "verify", "session"]).out.starts_with("whole: "));
    }
}

#[test]
fn a_run_that_was_killed_goes_on_at_its_address_and_then_the_one_that_a_budget_ended() {
    let server = ModelServer::start_at(ADDRESS, Manner::MoreFields);
    let home = previous();
    assert!(server.url().contains(ADDRESS));

    ok(&home, &["sample", "session", "--resume"]);

    let run = ok(&home, &["runs", "session", "4", "--json"]).json();
    assert_eq!((text(&run, "status"), &run["rows"], &run["scraps"]), ("done", &8.into(), &0.into()));
    // Two were begun before, of which one was never answered; what is missing is asked for once more.
    assert_eq!(run["requests"], 3);
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(requests[0].contains("Be briefer."), "{}", requests[0]);
    // The key's command stands in the profile alone, which is looked up again.
    assert!(requests[0].contains("from-a-command"), "{}", requests[0]);

    ok(&home, &["sample", "session", "--resume", "--max-requests", "9"]);

    let run = ok(&home, &["runs", "session", "3", "--json"]).json();
    assert_eq!((text(&run, "status"), &run["rows"]), ("done", &9.into()));
    assert!(ok(&home, &["store", "verify", "session"]).out.starts_with("whole: "));
}

#[test]
fn a_fresh_store_gets_the_same_version_and_the_same_rows_as_another_fresh_one() {
    let sampled = || {
        let home = previous();
        fs::remove_dir_all(home.path().join("session/.rowsmith")).unwrap();
        ok(&home, &["sample", "session", "-n", "12", "--seed", "3"]);
        ok(&home, &["rows", "session", "--json"]).lines()
    };

    let (one, other) = (sampled(), sampled());

    assert_eq!((one.len(), other.len()), (12, 12));
    let before = &expected_lines("rows.jsonl")[0];
    for (one, other) in one.iter().zip(&other) {
        assert_says("fields", &one["fields"], &other["fields"]);
        assert_says("prompt", &before["prompt"], &one["prompt"]);
    }
}

#[test]
fn every_profile_of_the_settings_is_read() {
    let home = previous();
    for profile in ["openai", "anthropic", "gemini", "ollama"] {
        for name in [profile.to_owned(), format!("{profile}-address"), "loopback".to_owned()] {
            let done = home.run(&command(&["--offline", "doctor", "--profile", &name]));
            assert!(done.said.contains("`--offline` refuses all network"), "{name}: {done:?}");
        }
    }
    let built_in = ok(&home, &["doctor", "--profile", "built-in", "--json"]).json();
    assert_eq!((text(&built_in, "provider"), &built_in["ok"]), ("offline", &true.into()));
}

#[test]
fn the_draft_is_in_the_editor_again() {
    let home = previous();
    let mut terminal =
        Terminal::start(home.path(), &["--config", "config.toml", "open", "session"], (120, 40));

    terminal.until("Draft: Write {{ n }} messages");
    terminal.until("Row 1 of 27");
    terminal.press("q");

    assert_eq!(terminal.ended(), 0);
}
