//! The store goes away under the open workbench: nothing is dropped, and nothing is said to be saved that is not.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::terminal::Terminal;
use crate::{LARGE, command, rows};

const NOT_SAVED: &str = "not saved !";

/// Opens the bundled session with five rows.
fn opened() -> (tempfile::TempDir, Terminal, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(command(home.path(), &["sample", "tickets", "-n", "5"]).0, 0);
    let (_, store, _) = command(home.path(), &["store", "path", "tickets"]);
    let terminal = Terminal::start(home.path(), &["open", "tickets"], LARGE);
    terminal.until("5 pending");
    terminal.until("saved ✓");
    (home, terminal, store.trim().into())
}

fn states(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["state"].as_str().unwrap()).collect()
}

fn rows_in(home: &Path, store: &Path) -> Vec<Value> {
    let (code, out, said) = command(home, &["rows", "tickets", "--store", store.to_str().unwrap(), "--json"]);
    assert_eq!(code, 0, "{said}");
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_renamed_folder_is_said_and_a_key_writes_everything_elsewhere() {
    let (home, mut terminal, store) = opened();
    std::fs::rename(&store, store.with_file_name("away")).unwrap();
    terminal.press("a");
    terminal.until(NOT_SAVED);
    terminal.until("Not saved: 1 change waits. W writes");
    terminal.press("x");
    terminal.until("2 changes wait.");
    terminal.until("3 pending");
    terminal.press("itwo words \x1b");
    terminal.until("the draft wait");
    terminal.press("W");
    terminal.until("Write everything to this new folder");
    terminal.press("\r");
    terminal.until("Everything is saved in");
    terminal.until("saved ✓");
    terminal.press("a");
    terminal.until("2 accepted");
    terminal.until("saved ✓");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);

    let new = store.with_file_name(".rowsmith-2");
    let found = rows_in(home.path(), &new);
    assert_eq!(states(&found), ["accepted", "rejected", "accepted", "pending", "pending"]);
    let draft = std::fs::read_to_string(new.join("draft.json")).unwrap();
    assert!(draft.contains("two words"), "{draft}");
    assert!(!store.exists(), "the old folder is not made again");
}

#[test]
fn a_folder_that_comes_back_takes_what_waited() {
    let (home, mut terminal, store) = opened();
    let away = store.with_file_name("away");
    std::fs::rename(&store, &away).unwrap();
    terminal.press("a");
    terminal.until(NOT_SAVED);
    terminal.press("x");
    terminal.until("2 changes wait.");
    std::fs::rename(&away, &store).unwrap();
    terminal.until("Everything is saved again.");
    terminal.until("saved ✓");
    assert_eq!(states(&rows(home.path())), ["accepted", "rejected", "pending", "pending", "pending"]);
}

#[test]
fn leaving_asks_where_the_store_was_deleted_and_a_signal_writes_everything_elsewhere() {
    let (home, mut terminal, store) = opened();
    std::fs::remove_dir_all(&store).unwrap();
    terminal.press("q");
    terminal.until("Write everything to another folder before quitting?");
    terminal.until("d quit unsaved");
    terminal.press("n");
    terminal.until_true("no question", |text| text.contains(NOT_SAVED) && !text.contains("d quit unsaved"));
    terminal.press("a");
    terminal.until("1 change waits.");
    terminal.signal("TERM");
    assert_eq!(terminal.ended(), 143);
    terminal.until("Everything is saved in");
    let found = rows_in(home.path(), &store.with_file_name(".rowsmith-2"));
    assert_eq!(states(&found), ["accepted", "pending", "pending", "pending", "pending"]);
}

#[test]
fn who_answers_that_everything_is_written_elsewhere_before_quitting_has_quit_then() {
    let (home, mut terminal, store) = opened();
    std::fs::remove_dir_all(&store).unwrap();
    terminal.press("a");
    terminal.until(NOT_SAVED);
    terminal.press("q");
    terminal.until("d quit unsaved");
    terminal.press("y");
    terminal.until("Write everything to this new folder, and quit");
    terminal.press("\r");
    assert_eq!(terminal.ended(), 0);
    terminal.until("Everything is saved in");
    let found = rows_in(home.path(), &store.with_file_name(".rowsmith-2"));
    assert_eq!(states(&found), ["accepted", "pending", "pending", "pending", "pending"]);
}

#[test]
fn what_is_not_saved_can_be_given_up() {
    let (_home, mut terminal, store) = opened();
    std::fs::remove_dir_all(&store).unwrap();
    terminal.press("a");
    terminal.until(NOT_SAVED);
    terminal.press("q");
    terminal.until("d quit unsaved");
    terminal.press("d");
    assert_eq!(terminal.ended(), 0);
    assert!(!store.exists());
}

#[test]
fn a_removed_lock_file_lets_no_second_writer_in() {
    let (home, mut terminal, store) = opened();
    std::fs::remove_file(store.join("store.lock")).unwrap();
    let (code, _, said) = command(home.path(), &["accept", "tickets", "--filter", "state:pending"]);
    assert_eq!(code, 3, "{said}");
    terminal.press("x");
    terminal.until("1 rejected");
    terminal.until("saved ✓");
    assert_eq!(states(&rows(home.path())), ["rejected", "pending", "pending", "pending", "pending"]);
}
