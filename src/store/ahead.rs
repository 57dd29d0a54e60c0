//! Folds the journal while the lines after are parsed.
//!
//! Parsing is most of what an open costs, and needs nothing of the lines before; folding goes in order. So lines are
//! kept until they are some, and parsed on all cores while those that were parsed before are folded on this thread.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::line::Entry;
use super::replay::Replay;
use super::segment::{self, Line, Place, Visitor};
use crate::domain::{Fact, Touched};
use crate::parallel;

/// How many bytes of lines are parsed at once, or one longer line. It bounds what is held beside the projection.
const BYTES: usize = 1 << 20;
/// Fewer bytes are parsed sooner than a thread has begun.
const FEW: usize = 1 << 15;

/// A replay that is behind the lines that it was given, until it is finished.
pub(super) struct Ahead<F> {
    replay: Replay<F>,
    /// Lines that are not parsed yet.
    lines: Lines,
    /// What the lines before hold.
    entries: Vec<(Entry, Place)>,
}

/// Lines of one segment.
#[derive(Default)]
struct Lines {
    path: PathBuf,
    bytes: Vec<u8>,
    /// Each with its bytes and its number in the segment.
    each: Vec<(Range<usize>, usize, Place)>,
}

impl<F: FnMut(&Fact, Place, &Touched)> Ahead<F> {
    pub(super) fn of(replay: Replay<F>) -> Self {
        Self { replay, lines: Lines::default(), entries: Vec::new() }
    }

    /// Parses and folds what is left, and returns the replay.
    pub(super) fn finish(mut self) -> Result<Replay<F>, StoreError> {
        self.turn()?;
        self.turn()?;
        Ok(self.replay)
    }

    /// Parses the lines while the entries are folded.
    fn turn(&mut self) -> Result<(), StoreError> {
        let (lines, entries) = (std::mem::take(&mut self.lines), std::mem::take(&mut self.entries));
        let replay = &mut self.replay;
        let fold = || entries.into_iter().for_each(|(entry, place)| replay.fold(entry, place));
        self.entries = if lines.bytes.len() < FEW {
            fold();
            lines.each.iter().map(|line| lines.entry(line)).collect::<Result<_, _>>()?
        } else {
            let parse = || parallel::map(&lines.each, |line| lines.entry(line));
            let (entries, ()) = parallel::both(parse, fold);
            entries.into_iter().collect::<Result<_, _>>()?
        };
        Ok(())
    }
}

impl Lines {
    fn add(&mut self, line: &Line<'_>) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(line.bytes);
        self.each.push((start..self.bytes.len(), line.number, line.place));
        if self.path.as_os_str().is_empty() {
            line.path.clone_into(&mut self.path);
        }
    }

    fn are_of(&self, path: &Path) -> bool {
        self.each.is_empty() || self.path == path
    }

    fn entry(&self, (range, number, place): &(Range<usize>, usize, Place)) -> Result<(Entry, Place), StoreError> {
        let bytes = self.bytes.get(range.clone()).unwrap_or_default();
        segment::parse(&self.path, *number, bytes).map(|entry| (entry, *place))
    }
}

impl<F: FnMut(&Fact, Place, &Touched)> Visitor for Ahead<F> {
    fn line(&mut self, line: &Line<'_>) -> Result<(), StoreError> {
        if !self.replay.notes(line) {
            return Ok(());
        }
        if self.lines.bytes.len() >= BYTES || !self.lines.are_of(line.path) {
            self.turn()?;
        }
        self.lines.add(line);
        Ok(())
    }

    fn damage(&mut self, error: StoreError) -> Result<(), StoreError> {
        // What is wrong with an earlier line is said first.
        self.turn()?;
        Err(error)
    }

    fn was_saved(&self, sequence: u64) -> bool {
        self.replay.was_saved(sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Change, Projection};
    use crate::store::Store;

    /// Returns the projections of a journal read line by line and ahead, with how many facts each was told of.
    fn both_ways(dir: &Path) -> [(Result<Projection, String>, usize); 2] {
        let mut told = [0, 0];
        let [one, other] = &mut told;
        let mut plain = Replay::new(|_: &Fact, _, _: &Touched| *one += 1);
        let walked = segment::walk(&dir.join("journal"), 0, &mut plain);
        let plain = walked.map(|_| plain.projection).map_err(|error| error.to_string());
        let mut ahead = Ahead::of(Replay::new(|_: &Fact, _, _: &Touched| *other += 1));
        let walked = segment::walk(&dir.join("journal"), 0, &mut ahead);
        let ahead = walked.and_then(|_| ahead.finish()).map(|replay| replay.projection);
        let ahead = ahead.map_err(|error| error.to_string());
        [(plain, told[0]), (ahead, told[1])]
    }

    /// Writes a journal of some MB: many small facts, and some that are larger than what is parsed at once.
    fn write(dir: &Path) -> Story {
        let mut told = Story::with_rows(9_000);
        for row in 0..9_000 {
            told.change(&[row], Change::accept());
        }
        let (mut store, ..) = Store::open(dir).unwrap();
        for facts in told.facts.chunks(700) {
            store.append(facts).unwrap();
        }
        told
    }

    #[test]
    fn what_is_read_ahead_is_what_is_read_line_by_line() {
        let dir = tempfile::tempdir().unwrap();
        let told = write(dir.path());

        let [(plain, one), (ahead, other)] = both_ways(dir.path());

        assert_eq!((one, other), (told.facts.len(), told.facts.len()));
        assert_eq!(ahead.unwrap().difference(&told.projection), None);
        assert_eq!(plain.unwrap().difference(&told.projection), None);
    }

    #[test]
    fn damage_is_said_of_the_same_line() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path());
        let path = segment::path(&dir.path().join("journal"), 1);
        let whole = std::fs::read(&path).unwrap();
        for at in [whole.len() / 3, whole.len() / 2, whole.len() - 9_000] {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            std::fs::write(&path, damaged).unwrap();

            let [(plain, _), (ahead, _)] = both_ways(dir.path());

            assert_eq!(ahead.unwrap_err(), plain.unwrap_err(), "byte {at}");
        }
    }
}
