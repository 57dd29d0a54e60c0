//! Keeps the bytes of a line that was never saved, before they are cut off the journal.

use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use super::StoreError;
use super::files::{self, Layout};
use super::segment::{self, End};

/// The name of the files, followed by a number.
const NAME: &str = "journal.cut";
/// The most files that are kept.
const KEPT: usize = 5;

/// Writes the incomplete line at the end of the journal to a file of its own, and returns its path.
pub(crate) fn keep(layout: &Layout, end: End) -> Result<Option<PathBuf>, StoreError> {
    if end.torn == 0 {
        return Ok(None);
    }
    let (segment, journal) = (segment::path(&layout.journal(), end.segment), layout.journal());
    let mut bytes = Vec::new();
    let read = files::open(&segment).and_then(|mut file| {
        file.seek(SeekFrom::Start(end.whole))?;
        file.take(end.torn).read_to_end(&mut bytes)
    });
    read.map_err(StoreError::io(&segment, "read"))?;
    let whole = layout.dir().join(NAME);
    files::write_whole(&whole, &bytes)?;
    let kept = files::set_aside(&whole, NAME)?;
    files::keep_few(&journal, NAME, KEPT);
    Ok(Some(kept))
}
