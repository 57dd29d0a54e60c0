//! Work on several cores at once, done when the call returns: nothing here outlives its caller.

use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};

/// Does two pieces of work at once, the second on the caller's thread.
///
/// # Panics
///
/// Where one of them does.
pub(crate) fn both<A: Send, B>(other: impl FnOnce() -> A + Send, own: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let other = scope.spawn(other);
        let own = own();
        (joined(other), own)
    })
}

fn joined<T>(other: ScopedJoinHandle<'_, T>) -> T {
    other.join().unwrap_or_else(|panic| resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_piece_of_work_has_its_result() {
        assert_eq!(both(|| 1, || 2), (1, 2));
    }

    #[test]
    #[should_panic(expected = "the work itself")]
    fn a_panic_of_another_thread_is_the_callers() {
        both(|| panic!("the work itself"), || ());
    }
}
