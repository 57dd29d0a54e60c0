//! The screen is killed after it showed a decision as saved, or at any moment around.

use std::path::Path;
use std::time::Duration;

use rowsmith::api::{Projection, Reader, SplitMix64, StoreSettings};

use crate::home::Home;
use crate::part::Part;
use crate::script::{Opened, open, strays};
use crate::terminal::Terminal;

const SIZE: (u16, u16) = (160, 45);
const ROWS: usize = 30;

fn accepted(projection: &Projection) -> usize {
    projection.rows().filter(|row| format!("{:?}", row.state()).starts_with("Accepted")).count()
}

#[test]
fn what_the_screen_showed_as_saved_is_there_after_a_kill() {
    let mut part = Part::begin("kill -9 of the screen", 3, 100);
    let mut random = SplitMix64::new(4);
    let (mut home, mut there) = (Home::new(), ROWS);
    for case in 0..part.cases() {
        if there + 4 > ROWS {
            home = Home::new();
            home.ok(&["sample", "tickets", "-n", &ROWS.to_string()]);
            there = 0;
        }
        let store = home.path().join(".local/share/rowsmith/sessions/tickets/.rowsmith");
        let mut terminal = Terminal::start(home.path(), &["open", "tickets"], SIZE);
        terminal.until(&format!("{} pending", ROWS - there));
        let keys = random.below(3) + 1;
        for key in 1..=keys {
            terminal.press("a");
            let wanted = format!("{} accepted", there + key);
            terminal.until_true("it as saved", |text| text.contains(&wanted) && text.contains("saved ✓"));
        }
        if random.below(2) == 0 {
            // A key that is on its way.
            terminal.press(["a", "i", "q"][random.below(3)]);
        }
        std::thread::sleep(Duration::from_millis(random.below(8) as u64));
        terminal.kill();
        there = checked(&mut part, &store, there + keys, &format!("case {case}"));
        part.did();
    }
    part.end();
}

fn checked(part: &mut Part, store: &Path, shown: usize, how: &str) -> usize {
    let read = Reader::open(store).map(|(_, projection)| accepted(&projection));
    match read {
        Ok(kept) if kept < shown => {
            part.falsely_saved(format!("{how}: {kept} of {shown} accepted are there"));
        }
        Ok(kept) if kept > shown + 1 => part.wrong(format!("{how}: {kept} accepted, {shown} shown")),
        Ok(_) => {}
        Err(error) => part.lost(format!("{how}: {error}")),
    }
    match open(store, StoreSettings::default) {
        Ok(Opened { store: opened, projection, report }) => {
            opened.close(&projection);
            let strays = strays(store);
            if !strays.is_empty() {
                part.wrong(format!("{how}: {strays:?} were left, {report}"));
            }
            accepted(&projection)
        }
        Err(error) => {
            part.lost(format!("{how}: {error}"));
            ROWS
        }
    }
}
