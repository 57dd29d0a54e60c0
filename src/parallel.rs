//! Work on several cores at once, done when the call returns: nothing here outlives its caller.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// Returns what the work makes of each item, in order, where items take unlike times: each thread takes the next one that
/// nobody has. The caller's thread is told now and then how many are done.
///
/// # Panics
///
/// Where the work does.
pub(crate) fn map_next<T: Sync, U: Send>(
    items: &[T],
    work: impl Fn(&T) -> U + Sync,
    mut tell: impl FnMut(usize),
) -> Vec<U> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let take = |tell: &mut dyn FnMut(usize)| {
        let mut own = vec![];
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(place) else { return own };
            own.push((place, work(item)));
            tell(done.fetch_add(1, Ordering::Relaxed) + 1);
        }
    };
    let mut all = thread::scope(|scope| {
        let take = &take;
        let others = (1..cores.min(items.len())).map(|_| scope.spawn(move || take(&mut |_| ())));
        let others: Vec<_> = others.collect();
        let mut all = take(&mut tell);
        others.into_iter().for_each(|other| all.extend(joined(other)));
        all
    });
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, made)| made).collect()
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
    fn items_that_take_unlike_times_have_their_results_in_order_and_progress_is_told() {
        for count in [0_u32, 1, 2, 3, 200] {
            let items: Vec<_> = (0..count).collect();
            let twice: Vec<_> = items.iter().map(|item| item * 2).collect();
            let mut most = 0;

            let made = map_next(&items, |item| item * 2, |done| most = most.max(done));

            assert_eq!(made, twice);
            assert!(most <= items.len());
        }
    }

    #[test]
    #[should_panic(expected = "the work itself")]
    fn a_panic_of_another_thread_is_the_callers() {
        both(|| panic!("the work itself"), || ());
    }
}
