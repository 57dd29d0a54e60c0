//! `new` without its columns, on a terminal: questions that stay in the scroll-back.

use std::fmt::Write as _;
use std::path::Path;

use crate::terminal::Terminal;

const LEFT: u32 = 130;

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let mut file = String::from("id,kind,message\n");
    for n in 0..120 {
        let kind = if n % 4 == 0 { "Kündigung" } else { "Frage" };
        writeln!(file, "{n},{kind},\"Nachricht {n} über 日本, etwas länger und noch mehr\"").unwrap();
    }
    std::fs::write(home.path().join("d.csv"), file).unwrap();
    home
}

fn begun(home: &Path, size: (u16, u16), env: &[(&str, &str)]) -> Terminal {
    let terminal = Terminal::start_with(home, &["new", "--data", "d.csv"], size, env);
    terminal.until("Which column is the text?");
    terminal
}

fn is_made(home: &Path) -> bool {
    home.join("d").exists() || home.join("box").exists()
}

#[test]
fn questions_are_answered_by_name_number_or_enter_and_the_session_is_made() {
    let home = home();
    let mut terminal = begun(home.path(), (100, 40), &[]);

    terminal.press("massage\r");
    terminal.until("did you mean `message`?");
    terminal.press("3\r");
    terminal.until("Which column is the label?");
    terminal.press("kinx\u{7f}d\r");
    terminal.until("Which label is the rare class");
    terminal.press("kündigung\r");
    terminal.until("Which folder is to hold the session?");
    terminal.press("box\r");

    assert_eq!(terminal.ended(), 0);
    let text = terminal.text();
    for words in [
        "rowsmith new box --data d.csv --text message --label kind --target Kündigung",
        "box holds a session of 120 real rows",
        "Open it with `rowsmith box`.",
    ] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    assert!(home.path().join("box/session.toml").exists());
    assert_eq!(terminal.modes(), terminal.modes_at_first());
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    assert!(!bytes.contains("\u{1b}[?1049h"), "it stays in the scroll-back");
}

#[test]
fn every_way_out_leaves_nothing_and_gives_the_terminal_back() {
    let home = home();
    for (keys, code) in
        [("\u{1b}", LEFT), ("mess\u{3}", LEFT), ("\u{4}", LEFT), ("q\r", LEFT), ("", 128 + 15)]
    {
        let mut terminal = begun(home.path(), (80, 24), &[]);
        if keys.is_empty() {
            terminal.signal("TERM");
        } else {
            terminal.press(keys);
        }
        assert_eq!(terminal.ended(), code, "{keys:?}\n{}", terminal.text());
        assert!(terminal.text().contains("Nothing was made."), "{keys:?}\n{}", terminal.text());
        assert_eq!(terminal.modes(), terminal.modes_at_first(), "{keys:?}");
        assert!(!is_made(home.path()), "{keys:?}");
    }
}

#[test]
fn a_narrow_terminal_without_colour_is_enough() {
    let home = home();
    let mut terminal = begun(home.path(), (40, 60), &[("NO_COLOR", "1")]);

    terminal.press("\r\r\r\r");

    assert_eq!(terminal.ended(), 0, "{}", terminal.text());
    assert!(home.path().join("d/session.toml").exists());
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    let codes: Vec<_> = bytes.split('\u{1b}').skip(1).collect();
    assert!(codes.iter().all(|code| code.starts_with("[K")), "{codes:?}");
}
