//! Closed terminals at random moments in random places: nothing that was shown as saved is lost, nor the last keys.

use std::time::Duration;

use rowsmith::api::SplitMix64;

use crate::held::Held;
use crate::kill::count_before;
use crate::left::{assert_left_clean, draft, screen};
use crate::places::PLACES;
use crate::{command, is_long, rows};

#[test]
fn closed_terminals_lose_no_decision_and_no_last_key() {
    let closings = if is_long() { 100 } else { 5 };
    let mut random = SplitMix64::new(18);
    let (mut ticks, mut typed, mut told) = (0, 0, 0);
    for closing in 0..closings {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        assert_eq!(command(home, &["sample", "tickets", "-n", "5"]).0, 0);
        let place = PLACES[random.below(PLACES.len())];
        let mut held = Held::start(home, closing % 2 == 0);
        held.sees("5 pending");
        for _ in 0..random.below(3) {
            held.press("a");
            std::thread::sleep(Duration::from_millis(random.below(40) as u64));
        }
        for keys in place.keys {
            held.press(keys);
            std::thread::sleep(Duration::from_millis(60));
        }
        // Half of the time the place is reached for sure.
        if place.typed.is_some() || closing % 2 == 1 {
            held.sees(place.shows);
        }
        std::thread::sleep(Duration::from_millis(random.below(30) as u64));
        let seen = held.text();
        ticks += held.hang_up(home);

        let accepted = rows(home).iter().filter(|row| row["state"] == "accepted").count();
        if seen.contains("saved ✓")
            && let Some(shown) = count_before(&seen, "accepted")
        {
            assert!(accepted >= shown, "{}: {shown} shown, {accepted} kept\n{seen}", place.name);
            told += shown;
        }
        if let Some(words) = place.typed {
            let kept = draft(home) + &screen(home);
            assert!(kept.contains(words), "{}: {words:?} is lost: {kept}\n{seen}", place.name);
            typed += 1;
        }
        assert_left_clean(home);
    }
    eprintln!(
        "{closings} closed terminals: {told} decisions told as saved and {typed} texts typed, none lost; {ticks} ticks"
    );
}
