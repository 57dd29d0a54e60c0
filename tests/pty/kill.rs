//! `kill -9` at any moment: everything that was shown or printed as saved is there afterwards.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rowsmith::api::SplitMix64;

use crate::terminal::Terminal;
use crate::{LARGE, command, rows};

/// The number of kills of a headless command.
const HEADLESS: usize = 30;
const ON_SCREEN: usize = 25;

fn states(home: &Path) -> HashMap<String, String> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    rows(home).iter().map(|row| (text(&row["id"]), text(&row["state"]))).collect()
}

#[test]
fn headless_commands_lose_nothing_that_they_printed() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    assert_eq!(command(home, &["sample", "tickets", "-n", "5"]).0, 0);
    let mut random = SplitMix64::new(1);
    let mut known = states(home);
    let mut cut = 0;
    for round in 0..HEADLESS {
        let filter = format!("number={}", random.below(5) + 1);
        let verb = ["accept", "reject", "skip"][random.below(3)];
        let args = match round % 3 {
            0 => vec!["sample", "tickets", "-n", "4"],
            _ => vec![verb, "tickets", "--filter", &filter],
        };
        let mut child = Command::new(env!("CARGO_BIN_EXE_rowsmith"))
            .args(&args)
            .current_dir(home)
            .env_clear()
            .env("HOME", home)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(random.below(if round % 2 == 0 { 25 } else { 160 }) as u64));
        let finished = child.try_wait().unwrap();
        // It may have ended between the two.
        let _ = child.kill();
        child.wait().unwrap();

        let now = states(home);
        for (id, state) in &known {
            let is = &now[id];
            assert!(is == state || round % 3 != 0, "round {round}: {id} was {state} and is {is}");
        }
        match finished {
            Some(status) if status.success() && round % 3 == 0 => assert_eq!(now.len(), known.len() + 4),
            Some(status) => assert!(status.success()),
            None => cut += 1,
        }
        known = now;
    }
    assert!(cut > 2, "only {cut} of the kills came in time");
    assert!(command(home, &["store", "verify", "tickets"]).1.starts_with("whole"));
}

#[test]
fn the_workbench_loses_nothing_that_it_showed_as_saved() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    assert_eq!(command(home, &["sample", "tickets", "-n", "40"]).0, 0);
    let mut random = SplitMix64::new(2);
    for round in 0..ON_SCREEN {
        let before = states(home);
        let mut terminal = Terminal::start(home, &[], LARGE);
        terminal.until("saved ✓");
        let keys = ["a", "x", " ", "3", "u", "s"];
        let mut shown_rows = before.len();
        for _ in 0..=random.below(5) {
            terminal.press(keys[random.below(keys.len())]);
            std::thread::sleep(Duration::from_millis(random.below(30) as u64));
        }
        // What the screen says at one moment, if it says that all of it is saved.
        let screen = terminal.settled(Duration::from_millis(4));
        terminal.kill();

        let after = states(home);
        assert!(before.keys().all(|id| after.contains_key(id)), "round {round}: a row is gone");
        if screen.contains("saved ✓") {
            for state in ["accepted", "rejected", "skipped"] {
                if let Some(shown) = count_before(&screen, state) {
                    let kept = after.values().filter(|kept| *kept == state).count();
                    // Keys that came after the screen was read may have decided more, never undone all of it.
                    assert!(kept + 5 >= shown, "round {round}: {shown} {state} shown, {kept} kept\n{screen}");
                }
            }
            let total: usize = ["pending", "accepted", "rejected", "skipped"]
                .iter()
                .filter_map(|state| count_before(&screen, state))
                .sum();
            shown_rows = shown_rows.max(total);
        }
        assert!(
            after.len() >= shown_rows,
            "round {round}: {shown_rows} shown, {} kept\n{screen}",
            after.len()
        );
    }
    assert!(command(home, &["store", "verify", "tickets"]).1.starts_with("whole"));
}

#[test]
fn a_decision_shown_as_saved_is_there_after_a_kill() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    assert_eq!(command(home, &["sample", "tickets", "-n", "30"]).0, 0);
    for round in 1..=8 {
        let mut terminal = Terminal::start(home, &[], LARGE);
        terminal.until(&format!("{} pending", 31 - round));
        terminal.press("a");
        let wanted = format!("{round} accepted");
        terminal
            .until_true("the decision as saved", |text| text.contains(&wanted) && text.contains("saved ✓"));
        terminal.kill();
        assert_eq!(states(home).values().filter(|state| *state == "accepted").count(), round);
    }
}

#[test]
fn without_the_quick_store_and_with_a_damaged_one_everything_is_still_there() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    assert_eq!(command(home, &["sample", "tickets", "-n", "30"]).0, 0);
    assert_eq!(command(home, &["accept", "tickets", "--filter", "number<=9"]).0, 0);
    let before = states(home);
    let sled = home.join(".local/share/rowsmith/sessions/tickets/.rowsmith/sled");
    assert!(sled.is_dir());

    std::fs::remove_dir_all(&sled).unwrap();
    assert_eq!(command(home, &["reject", "tickets", "--filter", "number=10"]).0, 0);
    assert!(command(home, &["store", "verify", "tickets"]).1.starts_with("whole"));

    for entry in std::fs::read_dir(&sled).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let mut bytes = std::fs::read(&path).unwrap();
            let middle = bytes.len() / 2;
            bytes.truncate(middle);
            bytes.iter_mut().step_by(7).for_each(|byte| *byte ^= 0x5a);
            std::fs::write(&path, bytes).unwrap();
        }
    }
    let mut terminal = Terminal::start(home, &[], LARGE);
    terminal.until("9 accepted");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    let after = states(home);
    assert_eq!(after.len(), before.len());
    assert_eq!(after.values().filter(|state| *state == "rejected").count(), 1);
    assert!(command(home, &["store", "verify", "tickets"]).1.starts_with("whole"));
}

/// Returns the number that stands before a word on the screen.
pub(crate) fn count_before(screen: &str, word: &str) -> Option<usize> {
    let at = screen.find(&format!(" {word}"))?;
    screen[..at].split(|c: char| !c.is_ascii_digit()).next_back()?.parse().ok()
}
