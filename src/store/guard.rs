//! Catches the panics of sled, which may panic on a damaged log.

use crate::caught;

/// Runs a function, and returns its error or the message of its panic as text.
pub(crate) fn guarded<T, E: std::fmt::Display>(work: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    // After a panic every caller drops what the closure used, so that broken state is never read.
    caught::quietly(work)?.map_err(|error| error.to_string())
}

/// Returns whether a panic on this thread is caught, so that a panic hook
/// neither resets the terminal nor prints anything. sled's own threads count as well.
#[must_use]
pub fn panics_are_caught() -> bool {
    let of_sled = || std::thread::current().name().is_some_and(|name| name.starts_with("sled-"));
    caught::is_quiet() || of_sled()
}
