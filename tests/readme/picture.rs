//! The picture of the screen, taken from a run in a pty.

use std::path::Path;

use crate::terminal::Terminal;

/// The widest that the page shows without scrolling.
const SIZE: (u16, u16) = (118, 34);

/// Returns what the screen shows after 20 rows were sampled, some were decided and the prompt was changed.
pub(crate) fn take(home: &Path) -> String {
    let mut terminal = Terminal::start(home, &[], SIZE);
    terminal.until("No rows yet");
    terminal.press("s");
    terminal.until("20 pending");
    terminal.until("run 1");
    // One key at a time, so that each decides the row that the screen shows.
    for (key, row) in "xaxx4x5xa".chars().zip(2..) {
        terminal.press(&key.to_string());
        terminal.until(&format!("Row {row} of 20"));
    }
    terminal.press("i");
    terminal.press("\x1b[F One in three only asks.");
    terminal.until("only asks.");
    terminal.press("\x1b");
    terminal.until("v1 + draft");
    terminal.until("saved ✓");
    terminal.until_true("a preview of the draft", |text| text.contains("≈") && text.contains("a accept"));
    let text = still(&terminal);
    terminal.kill();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// Returns the screen once it has stopped changing.
fn still(terminal: &Terminal) -> String {
    let mut before = terminal.text();
    loop {
        std::thread::sleep(std::time::Duration::from_millis(400));
        let now = terminal.text();
        if now == before {
            return now;
        }
        before = now;
    }
}

/// Returns a picture without what differs between runs: the duration of a request, and the row's
/// id.
pub(crate) fn without_chance(picture: &str) -> String {
    let same = |line: &str| line.split_once(" · run 1 · ").map_or(line, |(same, _)| same).to_owned();
    picture.lines().map(same).collect::<Vec<_>>().join("\n")
}
