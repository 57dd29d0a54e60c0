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

/// Does the same to each of many things, on two cores, and returns the results in their order.
///
/// # Panics
///
/// Where the work does.
pub(crate) fn map<T: Sync, U: Send>(things: &[T], work: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let (one, other) = things.split_at(things.len() / 2);
    let all = |things: &[T]| things.iter().map(&work).collect::<Vec<U>>();
    let (mut done, rest) = both(|| all(one), || all(other));
    done.extend(rest);
    done
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
    fn what_is_done_to_many_keeps_their_order() {
        assert_eq!(map(&[1, 2, 3], |number| number * 2), [2, 4, 6]);
        assert_eq!(map(&[1], |number| number * 2), [2]);
        assert!(map(&[] as &[u8], |number| *number).is_empty());
    }

    #[test]
    #[should_panic(expected = "the work itself")]
    fn a_panic_of_another_thread_is_the_callers() {
        both(|| panic!("the work itself"), || ());
    }
}
