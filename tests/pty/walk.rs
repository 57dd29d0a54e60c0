//! A whole session of work, from the first start to the export.

use crate::terminal::Terminal;
use crate::{LARGE, command, rows};

#[test]
fn what_was_done_is_there_after_a_restart_and_leaves_as_a_dataset() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let mut terminal = Terminal::start(home, &[], LARGE);
    terminal.until("No rows yet");

    // Change the prompt: the next run makes v2.
    terminal.press("i");
    terminal.press("Short ones, please. ");
    terminal.until("Short ones, please.");
    terminal.until("v1 + draft");
    terminal.until("typing");
    // Both in one write are alt-s, which types.
    terminal.press("\x1b");
    terminal.until_true("the rows", |text| !text.contains("typing"));
    terminal.press("s");
    terminal.until("20 pending");
    terminal.until("v2");

    // Five accepted, three rejected, one rated, one edited, one undone.
    terminal.press("aaaaa");
    terminal.until("5 accepted");
    terminal.press("xxx");
    terminal.until("3 rejected");
    terminal.press("4");
    terminal.until("6 accepted");
    terminal.press("x");
    terminal.until("4 rejected");
    terminal.press("u");
    terminal.until("3 rejected");
    terminal.press("e");
    terminal.press("Edited: ");
    terminal.press("\x13");
    terminal.until("before the edit: ");
    terminal.until("5 examples");
    terminal.until("saved ✓");
    let before = terminal.settled(std::time::Duration::from_millis(200));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);

    let kept = rows(home);
    let count = |state: &str| kept.iter().filter(|row| row["state"] == state).count();
    assert_eq!((kept.len(), count("accepted"), count("rejected"), count("pending")), (20, 6, 3, 11));
    assert_eq!(kept.iter().filter(|row| row["rating"] == 4).count(), 1);
    let edited: Vec<_> = kept.iter().filter(|row| !row["original"].is_null()).collect();
    assert_eq!(edited.len(), 1);
    assert!(edited[0]["fields"]["text"].as_str().unwrap().starts_with("Edited: "));
    assert!(kept.iter().all(|row| row["prompt"]["number"] == 2));

    let mut terminal = Terminal::start(home, &[], LARGE);
    terminal.until("11 pending");
    terminal.until("saved ✓");
    terminal.until("nearest real row");
    let panes = |text: &str| text.lines().skip(1).take(38).map(str::trim_end).collect::<Vec<_>>().join("\n");
    terminal.until_true("the panes as they were", |text| panes(text) == panes(&before));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);

    let (code, _, said) = command(home, &["export", "tickets", "--format", "jsonl", "--out", "out.jsonl"]);
    assert_eq!(code, 0, "{said}");
    let exported = std::fs::read_to_string(home.join("out.jsonl")).unwrap();
    let exported: Vec<serde_json::Value> =
        exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let wanted: Vec<_> = kept.iter().filter(|row| row["state"] == "accepted").collect();
    assert_eq!(exported.len(), wanted.len());
    for (row, wanted) in exported.iter().zip(wanted) {
        assert_eq!((&row["id"], &row["text"]), (&wanted["id"], &wanted["fields"]["text"]));
    }
}

#[test]
fn reading_commands_work_beside_an_open_workbench_and_writing_ones_name_its_pid() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let mut terminal = Terminal::start(home, &["open", "tickets"], LARGE);
    terminal.until("No rows yet");
    terminal.press("s");
    terminal.until("20 pending");
    terminal.press("a");
    terminal.until("1 accepted");
    terminal.until("saved ✓");

    assert_eq!(rows(home).len(), 20);
    let (code, _, said) = command(home, &["export", "tickets", "--format", "csv", "--out", "o.csv"]);
    assert_eq!((code, said.as_str()), (0, "1 accepted row written to o.csv.\n"));
    for args in [&["log", "tickets"][..], &["runs", "tickets"], &["prompt", "list", "tickets"]] {
        assert_eq!(command(home, args).0, 0);
    }
    for args in [
        &["accept", "tickets", "--filter", "state:pending"][..],
        &["undo", "tickets"],
        &["sample", "tickets"],
    ] {
        let (code, _, said) = command(home, args);
        assert_eq!(code, 3, "{said}");
        assert!(said.contains(&format!("pid {}", terminal.pid())), "{said}");
    }
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    assert_eq!(command(home, &["accept", "tickets", "--filter", "state:pending"]).0, 0);
}

#[test]
fn the_draft_survives_a_kill() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[], LARGE);
    terminal.until("No rows yet");
    terminal.press("i");
    terminal.press("Never lose this line. ");
    terminal.until("Never lose this line.");
    // The draft is written 300 ms after the last key.
    terminal.until("saved ✓");
    std::thread::sleep(std::time::Duration::from_millis(600));
    terminal.kill();

    let terminal = Terminal::start(home.path(), &[], LARGE);
    terminal.until("Never lose this line.");
    terminal.until("v1 + draft");
}
