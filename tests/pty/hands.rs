//! Hands and keyboards as they are: pastes as keys, alt, other people's editors.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use crate::terminal::Terminal;
use crate::{LARGE, command, rows};

fn with_rows(editor: &str) -> (tempfile::TempDir, Terminal) {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(command(home.path(), &["sample", "tickets", "-n", "5"]).0, 0);
    let terminal = Terminal::start_with(home.path(), &["open", "tickets"], LARGE, &[("EDITOR", editor)]);
    terminal.until("5 pending");
    terminal.until("saved ✓");
    (home, terminal)
}

#[test]
fn a_reason_that_is_pasted_as_keys_rejects_one_row_and_the_rest_is_dropped() {
    let (home, mut terminal) = with_rows("");
    terminal.press("X");
    terminal.until("why?");
    terminal.press("not a ticket,\nasks a question\nxxaa 5\n");
    terminal.until("keys that arrived together with the line's end were dropped");
    terminal.until("saved ✓");
    let states: Vec<_> = rows(home.path()).iter().map(|row| row["state"].clone()).collect();
    assert_eq!(states, ["rejected", "pending", "pending", "pending", "pending"]);
    assert_eq!(rows(home.path())[0]["reason"], "not a ticket,");
    std::thread::sleep(Duration::from_millis(100));
    terminal.press("a");
    terminal.until("1 accepted");
}

#[test]
fn option_as_escape_types_into_the_prompt() {
    let (home, mut terminal) = with_rows("");
    terminal.press("i");
    terminal.until("typing");
    for keys in ["Use ", "\x1b5", "these", "\x1b6", "\x1bx", "\x1bq "] {
        terminal.press(keys);
        std::thread::sleep(Duration::from_millis(60));
    }
    terminal.until("Use 5these6xq ");
    assert!(rows(home.path()).iter().all(|row| row["state"] == "pending"));
}

#[test]
fn a_word_that_is_begun_is_completed_by_tab() {
    let (_home, mut terminal) = with_rows("");
    terminal.press("i");
    terminal.until("typing");
    for letter in ["\r", "\x1b[A", "{", "{", " ", "m", "o", "t"] {
        terminal.press(letter);
        std::thread::sleep(Duration::from_millis(60));
    }
    terminal.until("─ names ");
    terminal.press("\t");
    terminal.until("┃ {{ motive ");
    terminal.until_true("the list closed", |text| !text.contains("─ names "));
    terminal.press(" }} ");
    terminal.until("┃ {{ motive }} ");
}

#[test]
fn an_editor_that_returns_at_once_or_is_missing_is_told_and_the_screen_is_whole() {
    let (_home, mut terminal) = with_rows("true --new-window");
    terminal.press("i");
    terminal.until("typing");
    terminal.press("\x05");
    terminal.until("Nothing was changed. If your editor returns at once");
    terminal.until("5 pending");
    terminal.press("Still typing ");
    terminal.until("Still typing ");

    let (_home, mut terminal) = with_rows("no-such-editor -c 'set tw=0'");
    terminal.press("\t\t\x05");
    terminal.until("The editor `no-such-editor -c 'set tw=0'` was not found.");
    terminal.until("5 pending");
}

#[test]
fn what_an_editor_saves_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let editor = home.path().join("my editor");
    std::fs::write(&editor, "#!/bin/sh\nsleep 0.3\nprintf 'From the editor.' > \"$1\"\n").unwrap();
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o755)).unwrap();
    let (_home, mut terminal) = with_rows(editor.to_str().unwrap());
    terminal.press("i");
    terminal.until("typing");
    terminal.press("\x05");
    terminal.until("From the editor.");
    terminal.until("v1 + draft");
    terminal.press("Now here. ");
    terminal.until("Now here. From the editor.");
}
