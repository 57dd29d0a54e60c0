//! The beginning of a long journal, to be shown while all of it is read.

use std::fs;
use std::path::Path;

use super::StoreError;
use super::replay::Replay;
use super::segment::{self, Line, Place, Visitor};
use crate::domain::{Fact, Projection, Touched};

/// How many rows are read: more than a screen shows.
const ROWS: usize = 200;
/// From how many bytes on a journal takes long to read.
const LONG: u64 = 8 << 20;

/// Reads the first rows of a journal, where it is long. What was decided later is not in them.
pub(crate) fn read(journal: &Path) -> Option<Projection> {
    let size = |number| fs::metadata(segment::path(journal, number)).map_or(0, |found| found.len());
    if segment::numbers(journal).ok()?.into_iter().map(size).sum::<u64>() < LONG {
        return None;
    }
    let mut beginning = Beginning(Replay::new(|_: &Fact, _: Place, _: &Touched| ()));
    // It ends with an error where there are enough rows; any other one comes again when all is read.
    let _ = segment::walk(journal, 0, &mut beginning);
    let Beginning(replay) = beginning;
    (!replay.projection.is_empty()).then_some(replay.projection)
}

struct Beginning<F>(Replay<F>);

impl<F: FnMut(&Fact, Place, &Touched)> Visitor for Beginning<F> {
    fn line(&mut self, line: &Line<'_>) -> Result<(), StoreError> {
        self.0.line(line)?;
        if self.0.projection.len() < ROWS {
            return Ok(());
        }
        Err(StoreError::Unwritable("There are enough rows.".to_owned()))
    }
}
