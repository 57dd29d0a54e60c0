//! Signals in each view, pane and window: the terminal is whole afterwards, and nothing is lost.

use std::time::Duration;

use crate::left::{assert_left_clean, draft, screen};
use crate::places::{EDITOR, PLACES, Place};
use crate::terminal::Terminal;
use crate::whole::assert_whole;
use crate::{LARGE, command, is_long, rows};

/// The signals that end the workbench, several at once too, and the exit codes that they give.
const ENDING: [(&[&str], &[u32]); 5] = [
    (&["TERM"], &[143]),
    (&["HUP"], &[129]),
    (&["QUIT"], &[131]),
    (&["TERM", "TERM", "TERM"], &[143]),
    (&["HUP", "TERM", "QUIT"], &[129, 131, 143]),
];

fn begun(place: Place) -> (tempfile::TempDir, Terminal, String) {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(command(home.path(), &["sample", "tickets", "-n", "5"]).0, 0);
    let folder = home.path().to_str().unwrap().to_owned();
    let env = [("EDITOR", EDITOR), ("TMPDIR", folder.as_str())];
    let mut terminal = Terminal::start_with(home.path(), &["open", "tickets"], LARGE, &env);
    let modes = terminal.modes_at_first().to_owned();
    terminal.until("5 pending");
    terminal.until("saved ✓");
    for keys in place.keys {
        terminal.press(keys);
        // Together they would be a paste.
        std::thread::sleep(Duration::from_millis(60));
    }
    terminal.until(place.shows);
    (home, terminal, modes)
}

/// Checks that what was typed is in the draft, or kept to go on with.
#[track_caller]
fn assert_kept(place: Place, home: &std::path::Path) {
    if let Some(typed) = place.typed {
        let kept = draft(home) + &screen(home);
        assert!(kept.contains(typed), "{}: {typed:?} is lost: {kept}", place.name);
    }
}

#[test]
fn signals_end_it_in_every_place_with_a_whole_terminal_and_nothing_lost() {
    let mut ended = 0;
    for (number, place) in PLACES.into_iter().enumerate() {
        for (kind, (signals, codes)) in ENDING.into_iter().enumerate() {
            // The editor has the keys, and with them SIGQUIT.
            let is_editors = place.name == "editor" && kind == 2;
            let is_short = number % 3 == 0 && kind == number / 3 % ENDING.len();
            if is_editors || !is_long() && !is_short {
                continue;
            }
            let (home, mut terminal, modes) = begun(place);
            terminal.signals(signals);
            let code = terminal.ended();
            assert!(codes.contains(&code), "{} {signals:?}: {code}", place.name);
            assert_whole(&terminal, &modes);
            let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
            assert!(!bytes.contains("panicked"), "{} {signals:?}", place.name);
            assert_kept(place, home.path());
            assert!(rows(home.path()).iter().all(|row| row["state"] == "pending"), "{}", place.name);
            assert_left_clean(home.path());
            ended += 1;
        }
    }
    eprintln!("{ended} ends by signals in {} places", PLACES.len());
}

#[test]
fn interrupts_are_the_key_that_stops_or_asks_in_every_place() {
    let mut asked = 0;
    for (number, place) in PLACES.into_iter().enumerate() {
        if ["editor", "a run", "question about leaving"].contains(&place.name)
            || !is_long() && number % 8 != 0
        {
            continue;
        }
        let (home, mut terminal, modes) = begun(place);
        terminal.signals(&["INT"]);
        terminal.until("Quit the workbench?");
        terminal.signals(&["INT"]);
        assert_eq!(terminal.ended(), 0, "{}", place.name);
        assert_whole(&terminal, &modes);
        assert_left_clean(home.path());
        asked += 1;
    }
    eprintln!("{asked} questions by SIGINT");
}

#[test]
fn a_run_is_stopped_by_an_interrupt_and_an_editor_is_not() {
    let place = |name: &str| PLACES.into_iter().find(|place| place.name == name).unwrap();
    let (_home, terminal, _) = begun(place("a run"));
    terminal.signals(&["INT"]);
    terminal.until("stopped");
    let (_home, mut terminal, modes) = begun(place("editor"));
    terminal.signals(&["INT", "QUIT"]);
    std::thread::sleep(Duration::from_millis(300));
    terminal.signals(&["TERM"]);
    assert_eq!(terminal.ended(), 143);
    assert_whole(&terminal, &modes);
}

#[test]
fn a_signal_while_it_opens_or_leaves_still_leaves_the_terminal_whole() {
    let rounds = if is_long() { 60_u32 } else { 4 };
    let home = tempfile::tempdir().unwrap();
    assert_eq!(command(home.path(), &["sample", "tickets", "-n", "300"]).0, 0);
    for round in 0..rounds {
        let mut terminal = Terminal::start(home.path(), &["open", "tickets"], LARGE);
        let modes = terminal.modes_at_first().to_owned();
        let is_leaving = round % 2 == 1;
        if is_leaving {
            terminal.until("pending");
            terminal.press("q");
        }
        std::thread::sleep(Duration::from_millis(u64::from(round * 7 % 120)));
        terminal.signals(&[["TERM", "HUP", "QUIT"][(round % 3) as usize]]);
        let code = terminal.ended();
        let is_before = !terminal.bytes().windows(8).any(|bytes| bytes == b"\x1b[?1049h");
        // Before it takes the terminal, and after it left, nothing is there to give back.
        assert!(is_before || [0, 143, 129, 131].contains(&code), "{code}");
        if is_before {
            assert_eq!(terminal.modes(), modes);
        } else {
            assert_whole(&terminal, &modes);
        }
        assert_left_clean(home.path());
    }
    eprintln!("{rounds} signals while it opened or left");
}
