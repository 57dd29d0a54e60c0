//! Catches the panics of crates that may panic on a damaged file: the store's, and that for Parquet.
//!
//! While one is caught, the hook for panics prints nothing, and leaves the terminal as it is.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a function, and returns the words of its panic where it panics. Nothing that the function used may be read
/// after that.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let outer = GUARDED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    outcome.map_err(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
    })
}

/// Returns whether a panic on this thread is caught, so that a panic hook neither resets the terminal nor prints
/// anything.
#[must_use]
pub(crate) fn is_quiet() -> bool {
    GUARDED.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_words_and_the_hook_is_told_to_be_quiet() {
        assert!(!is_quiet());
        let outcome = quietly(|| {
            assert!(is_quiet());
            if is_quiet() {
                std::panic::resume_unwind(Box::new("the log is torn"));
            }
        });
        assert_eq!(outcome, Err("the log is torn".to_owned()));
        assert!(!is_quiet());
    }
}
