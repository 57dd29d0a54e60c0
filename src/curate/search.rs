//! Finds the rows of a view, on all cores, from the row in sight outward.
//!
//! ```text
//! rows     ░░░░░░░░▒▒▒▒▓▓██▓▓▒▒▒▒░░░░░░░░     waves of chunks, each twice as wide as the one before
//! told              ▲  the first screenful, then now and then all that is found
//! ```
//!
//! What is told is always without a gap: all rows that match between the first one and the last one.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::filter::Filter;
use super::matching::Matcher;
use super::sort::{Sort, SortKey};
use super::view::ordered;
use crate::domain::{Projection, RowNumber};
use crate::parallel;
use crate::text::{Stop, Stopped};

/// How many rows are looked at in one go; a stop is noticed as often.
const CHUNK: usize = 4096;
/// How many chunks the first wave has, and the widest.
const WAVES: Range<usize> = 4..64;
/// How often a search tells what it has found.
const OFTEN: Duration = Duration::from_millis(100);

/// Which rows are looked for first: those that will be in sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// The row to begin at.
    pub row: RowNumber,
    /// How many rows are in sight.
    pub height: usize,
}

/// Returns the numbers of the rows that meet the filter, in the order. Before, in order of arrival, `tell` is given those
/// that will be in sight as soon as they are found, and now and then all that are found so far.
///
/// # Errors
///
/// Where the search was stopped.
pub fn search(
    projection: &Projection,
    filter: &Filter,
    sort: Sort,
    near: Near,
    stop: &Stop,
    mut tell: impl FnMut(Arc<[u32]>),
) -> Result<Arc<[u32]>, Stopped> {
    let mut search = Search::new(projection, filter, near);
    let in_order_of_arrival = sort.key == SortKey::Arrival;
    let mut told: Option<Instant> = None;
    while search.wave(stop)? {
        let is_due = told.map_or_else(|| search.has_screenful(), |told| told.elapsed() >= OFTEN);
        if in_order_of_arrival && is_due {
            tell(ordered(projection, search.found(), sort));
            told = Some(Instant::now());
        }
    }
    Ok(ordered(projection, search.found(), sort))
}

/// A search under way: the chunks from `done.start` to `done.end` were looked at.
struct Search<'a> {
    projection: &'a Projection,
    matcher: Matcher<'a>,
    near: Near,
    chunks: usize,
    done: Range<usize>,
    wave: usize,
    /// What was found from the first chunk on, chunk by chunk.
    after: Vec<Vec<u32>>,
    /// What was found before it, the nearest chunk first.
    before: Vec<Vec<u32>>,
}

impl<'a> Search<'a> {
    fn new(projection: &'a Projection, filter: &'a Filter, near: Near) -> Self {
        let chunks = projection.len().div_ceil(CHUNK);
        let first = (near.row.index() / CHUNK).min(chunks.saturating_sub(1));
        let (after, before) = (Vec::new(), Vec::new());
        let matcher = filter.on(projection);
        Self { projection, matcher, near, chunks, done: first..first, wave: WAVES.start, after, before }
    }

    /// Looks at more chunks, on both sides of those that were looked at; returns whether there are more.
    fn wave(&mut self, stop: &Stop) -> Result<bool, Stopped> {
        let Range { start, end } = self.done;
        // Where one side has few chunks left, the other one gets its share.
        let behind = (self.chunks - end).min((self.wave / 2).max(self.wave.saturating_sub(start)));
        let ahead = start.min(self.wave - behind.min(self.wave));
        let chunks: Vec<usize> = (end..end + behind).chain((start - ahead..start).rev()).collect();
        let found = parallel::map(&chunks, |chunk| {
            stop.check()?;
            Ok(self.matching(*chunk))
        });
        let mut found = found.into_iter().collect::<Result<Vec<_>, Stopped>>()?;
        self.before.extend(found.drain(behind..));
        self.after.append(&mut found);
        self.done = start - ahead..end + behind;
        self.wave = (self.wave * 2).min(WAVES.end);
        Ok(self.done != (0..self.chunks))
    }

    fn matching(&self, chunk: usize) -> Vec<u32> {
        let end = ((chunk + 1) * CHUNK).min(self.projection.len());
        let numbers = (chunk * CHUNK..end).filter_map(|number| u32::try_from(number).ok());
        let rows = numbers.filter_map(|number| self.projection.row(RowNumber(number)));
        rows.filter(|row| self.matcher.matches(row)).map(|row| row.number().0).collect()
    }

    /// Returns whether as many rows as can be in sight were found on both sides of the one to begin at.
    fn has_screenful(&self) -> bool {
        let is_behind = |row: &&u32| **row >= self.near.row.0;
        let (first, later) =
            self.after.split_first().map_or((&[][..], &[][..]), |(first, later)| (first.as_slice(), later));
        let in_first = first.iter().filter(is_behind).count();
        let behind = in_first + later.iter().map(Vec::len).sum::<usize>();
        let ahead = first.len() - in_first + self.before.iter().map(Vec::len).sum::<usize>();
        let is_enough = |found, is_all| found >= self.near.height || is_all;
        is_enough(behind, self.done.end == self.chunks) && is_enough(ahead, self.done.start == 0)
    }

    /// Returns what was found so far, in order of arrival.
    fn found(&self) -> Vec<u32> {
        self.before.iter().rev().chain(&self.after).flatten().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::curate::view;
    use crate::domain::Change;
    use crate::domain::fixtures::Story;

    fn near(row: u32) -> Near {
        Near { row: RowNumber(row), height: 3 }
    }

    /// Ten chunks and a bit; every hundredth row is accepted.
    fn story() -> Story {
        let mut story = Story::with_rows(41_000);
        let rows: Vec<u32> = (0..41_000).step_by(100).collect();
        story.change(&rows, Change::accept());
        story
    }

    #[test]
    fn wherever_a_search_begins_it_tells_rows_without_a_gap_and_finds_what_a_scan_finds() {
        let story = story();
        for filter in ["", "state:accepted", "number:20000", "tag:none"] {
            let filter = Filter::parse(filter).unwrap();
            for order in ["arrival", "-arrival", "-novelty"] {
                let sort: Sort = order.parse().unwrap();
                let whole = view(&story.projection, &filter, &sort);
                for row in [0, 4096, 20_000, 40_999, 99_999] {
                    let mut parts = Vec::new();
                    let tell = |part| parts.push(part);
                    let found =
                        search(&story.projection, &filter, sort, near(row), &Stop::never(), tell).unwrap();
                    assert_eq!(found, whole, "{filter} {order} from {row}");
                    let is_run = |part: &Arc<[u32]>| {
                        part.is_empty() || whole.windows(part.len()).any(|run| run == &**part)
                    };
                    assert!(parts.iter().all(is_run), "{filter} {order} from {row}");
                    assert!(order != "-novelty" || parts.is_empty(), "nothing is told before it is sorted");
                }
            }
        }
    }

    #[test]
    fn the_first_that_is_told_is_the_screenful_around_the_row() {
        let story = story();
        let filter = Filter::parse("state:accepted").unwrap();
        let mut first = None;
        let tell = |part: Arc<[u32]>| first = first.take().or(Some(part));
        search(&story.projection, &filter, Sort::default(), near(20_050), &Stop::never(), tell).unwrap();
        let first = first.unwrap();
        let place = first.partition_point(|row| *row < 20_050);
        assert!(place >= 3 && first.len() - place >= 3, "{first:?}");
        assert!(first.len() < 410, "and not all");
    }

    #[test]
    fn a_search_that_nobody_waits_for_ends_within_a_chunk_or_two() {
        let story = story();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let stop = Stop::when(move || count.fetch_add(1, Ordering::Relaxed) >= 2);
        let filter = Filter::default();
        let found = search(&story.projection, &filter, Sort::default(), near(0), &stop, |_| ());
        assert_eq!(found, Err(Stopped));
        assert!(asked.load(Ordering::Relaxed) <= 4);
    }

    #[test]
    fn no_rows_are_searched_at_once() {
        let found = search(
            &Projection::default(),
            &Filter::default(),
            Sort::default(),
            near(0),
            &Stop::never(),
            |_| (),
        );
        assert_eq!(found, Ok(Arc::from([])));
    }
}
