//! The terminal goes: the process that holds its other side is killed.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::held::{Held, PATIENCE};
use crate::left::{assert_left_clean, draft};
use crate::{command, rows};

/// Checks that the store is whole and free, and that one row is accepted.
#[track_caller]
fn assert_saved(home: &Path) {
    let accepted = rows(home).iter().filter(|row| row["state"] == "accepted").count();
    assert_eq!(accepted, 1);
    assert_left_clean(home);
}

/// Gives the terminal this many lines.
fn resize(home: &Path, lines: usize) {
    let pid = std::fs::read_to_string(home.join("pid")).unwrap();
    let terminal = format!("/proc/{}/fd/0", pid.trim());
    let resized = Command::new("stty").args(["-F", &terminal, "rows", &lines.to_string()]).status().unwrap();
    assert!(resized.success());
    std::thread::sleep(Duration::from_millis(40));
}

fn with_a_decision(home: &Path, controlling: bool) -> Held {
    assert_eq!(command(home, &["sample", "tickets", "-n", "5"]).0, 0);
    let mut held = Held::start(home, controlling);
    held.sees("5 pending");
    held.press("a");
    held.sees("1 accepted");
    held
}

#[test]
fn the_workbench_ends_and_keeps_the_draft_to_its_last_key() {
    for controlling in [true, false] {
        let home = tempfile::tempdir().unwrap();
        let mut held = with_a_decision(home.path(), controlling);
        held.press("i");
        held.sees("typing");
        held.press("To the last key");
        held.sees("To the last key");
        held.hang_up(home.path());
        assert_saved(home.path());
        assert!(draft(home.path()).contains("To the last key"));
    }
}

#[test]
fn a_run_is_stopped_and_what_came_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let mut held = with_a_decision(home.path(), false);
    held.press(",");
    held.sees("rows");
    held.press("\x15");
    held.press("20000\r");
    std::thread::sleep(Duration::from_millis(100));
    held.press("s");
    held.until("the run", |text| text.contains("sampling") && !text.contains(" 4 pending"));
    held.hang_up(home.path());
    assert_saved(home.path());
    assert!(rows(home.path()).len() > 5);
}

#[test]
fn an_editor_that_is_open_holds_nothing_up_and_what_it_saved_is_the_draft() {
    let home = tempfile::tempdir().unwrap();
    let mut held = with_a_decision(home.path(), false);
    held.press("i");
    held.sees("typing");
    held.press("\x05");
    let began = Instant::now();
    while !home.path().join("edited").exists() {
        assert!(began.elapsed() < PATIENCE, "the editor was never opened");
        std::thread::sleep(Duration::from_millis(5));
    }
    held.hang_up(home.path());
    assert_saved(home.path());
    assert!(draft(home.path()).contains("Saved by the editor."));
}

#[test]
fn a_terminal_that_stays_open_and_reads_nothing_does_not_hold_up_a_signal() {
    for (signal, code) in [("TERM", "143"), ("HUP", "129")] {
        let home = tempfile::tempdir().unwrap();
        let mut held = with_a_decision(home.path(), true);
        held.press("i");
        held.sees("typing");
        held.press("Typed to nobody");
        held.sees("Typed to nobody");
        held.press("\x1b");
        held.until("no typing", |text| !text.contains("typing"));
        held.stop_reading();
        // Each is a whole frame, and all of them are more than a terminal holds.
        (0..40).for_each(|round| resize(home.path(), 44 + round % 2));
        let began = Instant::now();
        assert_eq!(held.ends_unread(home.path(), signal), code);
        assert!(began.elapsed() > Duration::from_secs(2), "nothing held it up");
        assert_saved(home.path());
        assert!(draft(home.path()).contains("Typed to nobody"));
    }
}
