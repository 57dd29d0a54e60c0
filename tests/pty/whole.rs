//! The terminal is restored, however the program ends.

use std::path::Path;

use portable_pty::CommandBuilder;

use crate::LARGE;
use crate::terminal::Terminal;

/// The escape sequences that restore the screen, the mouse, pasting and the cursor.
const GIVEN_BACK: [&str; 4] = ["\x1b[?1049l", "\x1b[?1000l", "\x1b[?2004l", "\x1b[?25h"];

#[track_caller]
pub(crate) fn assert_whole(terminal: &Terminal, modes: &str) {
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    let taken = bytes.rfind("\x1b[?1049h").expect("the screen was never taken over");
    for sequence in GIVEN_BACK {
        assert!(bytes[taken..].contains(sequence), "{sequence:?} is missing");
    }
    assert_eq!(terminal.modes(), modes, "the line discipline is not as it was");
}

fn started(args: &[&str]) -> (tempfile::TempDir, Terminal, String) {
    let home = tempfile::tempdir().unwrap();
    let terminal = Terminal::start(home.path(), args, LARGE);
    let modes = terminal.modes_at_first().to_owned();
    (home, terminal, modes)
}

#[test]
fn leaving_gives_the_terminal_back() {
    let (_home, mut terminal, modes) = started(&[]);
    terminal.until("No rows yet");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    assert_whole(&terminal, &modes);
}

#[test]
fn signals_give_the_terminal_back_and_the_exit_code_tells() {
    for (name, code) in [("TERM", 143), ("HUP", 129)] {
        let (_home, mut terminal, modes) = started(&[]);
        terminal.until("No rows yet");
        terminal.signal(name);
        assert_eq!(terminal.ended(), code, "{name}");
        assert_whole(&terminal, &modes);
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_is_reported() {
    let home = tempfile::tempdir().unwrap();
    let mut child = CommandBuilder::new(std::env::current_exe().unwrap());
    child.args(["--exact", "whole::a_child_that_panics", "--nocapture", "--test-threads", "1"]);
    let mut terminal = Terminal::spawn(child, home.path(), LARGE, &[(CHILD, "1")]);
    let modes = terminal.modes_at_first().to_owned();
    assert_ne!(terminal.ended(), 0);
    assert_whole(&terminal, &modes);
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    let given_back = bytes.rfind("\x1b[?1049l").unwrap();
    assert!(bytes[given_back..].contains("panicked on purpose"), "the report is not where it can be read");
}

const CHILD: &str = "ROWSMITH_TEST_CHILD";

/// Not a test of its own: the test above runs it in a terminal.
#[test]
fn a_child_that_panics() {
    if std::env::var_os(CHILD).is_some() {
        rowsmith::api::guard_panics();
        let _screen = rowsmith::api::Screen::enter().unwrap();
        panic!("panicked on purpose");
    }
}

/// Starts the workbench from an interactive shell.
fn in_a_shell(home: &Path) -> Terminal {
    let mut shell = CommandBuilder::new("bash");
    shell.args(["--norc", "--noprofile", "-i"]);
    let mut terminal = Terminal::spawn(shell, home, LARGE, &[("PS1", "ready> ")]);
    terminal.until("ready>");
    let program = env!("CARGO_BIN_EXE_rowsmith");
    terminal.press(&format!("sh -c 'echo $$ > pid; exec {program} open tickets'\r"));
    terminal.until("No rows yet");
    terminal.press("s");
    terminal.until("20 pending");
    terminal.until("Run 1 done");
    terminal.until("saved ✓");
    terminal.until("5 examples");
    terminal.until("nearest real row");
    terminal
}

#[test]
fn the_shell_can_suspend_it_and_bring_it_back_whole() {
    for how in ["the key", "TSTP", "STOP"] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = in_a_shell(home.path());
        let before = terminal.settled(std::time::Duration::from_millis(200));

        if how == "the key" {
            terminal.press("\x1a");
        } else {
            let pid = std::fs::read_to_string(home.path().join("pid")).unwrap();
            let killed = std::process::Command::new("kill").args(["-s", how, pid.trim()]).status().unwrap();
            assert!(killed.success());
        }
        // Who is stopped without being asked leaves its screen.
        terminal.until_true("the shell", |text| {
            text.contains("Stopped") && (how == "STOP" || !text.contains("20 pending"))
        });
        terminal.press("fg\r");
        terminal.until("20 pending");
        // All but the line of the notice, which the first key took away.
        let panes = |text: &str| text.lines().take(43).map(str::to_owned).collect::<Vec<_>>();
        terminal.until_true("the whole screen", |text| panes(text) == panes(&before));
        terminal.press("a");
        terminal.until("1 accepted");
        terminal.press("q");
        terminal.until("ready>");
    }
}

#[test]
fn without_a_shell_that_could_continue_it_nothing_stops_it() {
    let (_home, mut terminal, modes) = started(&[]);
    terminal.until("No rows yet");
    terminal.press("\x1a");
    terminal.signal("TSTP");
    terminal.press("?");
    terminal.until("Help");
    terminal.press("q");
    terminal.until_true("the end of the help", |text| !text.contains("Help"));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    assert_whole(&terminal, &modes);
}

#[test]
fn a_terminal_that_is_too_small_says_so_and_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[], (60, 15));
    terminal.until("80");
    assert!(!terminal.text().contains("No rows yet"));
    terminal.resize((100, 30));
    terminal.until("No rows yet");
    terminal.resize((79, 24));
    terminal.until_true("the sentence", |text| !text.contains("No rows yet"));
    terminal.resize((80, 24));
    terminal.until("No rows yet");
}

#[test]
fn a_session_that_cannot_be_opened_is_told_on_a_whole_terminal() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("s");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(
        folder.join("session.toml"),
        "[dataset]\npath = \"d.csv\"\ntext = \"text\"\nlabel = \"label\"\n[target]\nlabel = \"a\"\n",
    )
    .unwrap();
    let mut terminal = Terminal::start(home.path(), &["open", "s"], LARGE);
    assert_eq!(terminal.ended(), 2);
    let text = terminal.text();
    assert!(text.contains("d.csv"), "{text}");
}

#[test]
fn escape_sequences_of_a_dataset_are_shown_on_the_screen() {
    let home = tempfile::tempdir().unwrap();
    let evil = "\u{1b}[2Jgone\u{7}";
    let row = |number| {
        format!("{evil} is number {number}. Please look at door {number} now.,a\nplain {number},b\n")
    };
    let csv = format!("text,label\n{}", (0..6).map(row).collect::<String>());
    std::fs::write(home.path().join("d.csv"), csv).unwrap();
    let args = ["new", "s", "--data", "d.csv", "--text", "text", "--label", "label", "--target", "a"];
    assert_eq!(crate::command(home.path(), &args).0, 0);
    let terminal = Terminal::start(home.path(), &["open", "s"], LARGE);
    terminal.until("No rows yet");
    terminal.until("␛[2Jgone");
}
