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

/// Returns what the work makes of each item, in order; as many threads work as there are cores.
///
/// # Panics
///
/// Where the work does.
pub(crate) fn map<T: Sync, U: Send>(items: &[T], work: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut shares = items.chunks(items.len().div_ceil(cores).max(1));
    let own = shares.next().unwrap_or_default();
    let done = |share: &[T]| share.iter().map(&work).collect::<Vec<U>>();
    thread::scope(|scope| {
        let others: Vec<_> = shares.map(|share| scope.spawn(move || done(share))).collect();
        let mut all = done(own);
        others.into_iter().for_each(|other| all.extend(joined(other)));
        all
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
    fn every_item_has_its_result_in_order_however_many_there_are() {
        for count in [0_u32, 1, 2, 3, 1000] {
            let items: Vec<_> = (0..count).collect();
            let twice: Vec<_> = items.iter().map(|item| item * 2).collect();
            assert_eq!(map(&items, |item| item * 2), twice);
        }
    }

    #[test]
    #[should_panic(expected = "the work itself")]
    fn a_panic_of_another_thread_is_the_callers() {
        both(|| panic!("the work itself"), || ());
    }
}
