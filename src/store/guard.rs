//! Catches the panics of sled, which may panic on a damaged log.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a function, and returns its error or the message of its panic as text.
pub(crate) fn guarded<T, E: std::fmt::Display>(work: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    let outer = GUARDED.replace(true);
    // After a panic every caller drops what the closure used, so that broken state is never read.
    let outcome = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    match outcome {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(panic) => {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            Err(words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned())
        }
    }
}

/// Returns whether a panic on this thread is caught by the store, so that a panic hook
/// neither resets the terminal nor prints anything. sled's own threads count as well.
#[must_use]
pub fn panics_are_caught() -> bool {
    let of_sled = || std::thread::current().name().is_some_and(|name| name.starts_with("sled-"));
    GUARDED.get() || of_sled()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_words_and_the_hook_is_told_to_be_quiet() {
        assert!(!panics_are_caught());
        let outcome = guarded(|| {
            assert!(panics_are_caught());
            if panics_are_caught() {
                std::panic::resume_unwind(Box::new("the log is torn"));
            }
            Ok::<(), String>(())
        });
        assert_eq!(outcome, Err("the log is torn".to_owned()));
        assert!(!panics_are_caught());
    }
}
