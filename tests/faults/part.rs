//! One part of the tests: how many cases it has, and what came of them.

use std::fmt::Display;
use std::sync::Once;
use std::time::Instant;

use rowsmith::api::panics_are_caught;

/// The most failures that are printed.
const SHOWN: usize = 10;

/// A part that is running.
pub(crate) struct Part {
    what: &'static str,
    cases: usize,
    done: usize,
    lost: Vec<String>,
    falsely_saved: Vec<String>,
    wrong: Vec<String>,
    began: Instant,
}

/// Returns whether the long form was asked for.
pub(crate) fn is_long() -> bool {
    std::env::var("ROWSMITH_FAULTS").is_ok_and(|form| form == "long")
}

impl Part {
    /// Begins a part with its number of cases in the short and in the long form.
    pub(crate) fn begin(what: &'static str, short: usize, long: usize) -> Self {
        quiet_caught_panics();
        let cases = if is_long() { long } else { short };
        let (lost, falsely_saved, wrong) = Default::default();
        Self { what, cases, done: 0, lost, falsely_saved, wrong, began: Instant::now() }
    }

    /// Returns the number of cases.
    pub(crate) const fn cases(&self) -> usize {
        self.cases
    }

    /// Counts a case that was carried out.
    pub(crate) const fn did(&mut self) {
        self.done += 1;
    }

    /// Notes something that was saved and is gone.
    pub(crate) fn lost(&mut self, how: impl Display) {
        self.lost.push(how.to_string());
    }

    /// Notes something that was told as saved without being on the disk.
    pub(crate) fn falsely_saved(&mut self, how: impl Display) {
        self.falsely_saved.push(how.to_string());
    }

    /// Notes anything else that must not be.
    pub(crate) fn wrong(&mut self, how: impl Display) {
        self.wrong.push(how.to_string());
    }

    /// Prints the part's line, and fails if anything was noted.
    #[track_caller]
    pub(crate) fn end(self) {
        let Self { what, cases, done, lost, falsely_saved, wrong, began } = self;
        println!(
            "{what}: {done} cases, {} lost, {} falsely saved, {} otherwise wrong, {:.1} s",
            lost.len(),
            falsely_saved.len(),
            wrong.len(),
            began.elapsed().as_secs_f64()
        );
        for (kind, found) in [("lost", &lost), ("falsely saved", &falsely_saved), ("wrong", &wrong)] {
            found.iter().take(SHOWN).for_each(|how| println!("  {kind}: {how}"));
        }
        assert!(lost.is_empty() && falsely_saved.is_empty() && wrong.is_empty(), "{what}: see above");
        assert_eq!(done, cases, "{what}: a case was not carried out");
    }
}

/// Silences the panics that the store catches, as the program does.
fn quiet_caught_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !panics_are_caught() {
                usual(info);
            }
        }));
    });
}
