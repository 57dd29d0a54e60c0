//! Remembers which full segments were checked, so that opening a store does not read all of them again.
//!
//! A segment that is full never changes. One whose size, times and inode are as they were when every line
//! of it was checked is taken for whole; any other one is read again.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::StoreError;
use super::files::{self, Layout};
use super::segment;

/// The most bytes of the file.
const LONGEST: u64 = 64 << 20;

/// What the file system says of a segment: its size, its inode, and when it and its entry were changed.
type Stamp = (u64, u64, i64, i64, i64, i64);

fn stamp(path: &Path) -> Option<Stamp> {
    let of = fs::metadata(path).ok()?;
    Some((of.len(), of.ino(), of.mtime(), of.mtime_nsec(), of.ctime(), of.ctime_nsec()))
}

fn known(layout: &Layout) -> Vec<Option<Stamp>> {
    let bytes = files::read(&layout.checked(), LONGEST).ok();
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// Returns whether the last segment is as it was when this process or one before it closed the store, having checked
/// or written every line of it.
pub(crate) fn knows(layout: &Layout, last: u32) -> bool {
    let then = (last as usize).checked_sub(1).and_then(|place| known(layout).get(place).copied().flatten());
    then.is_some() && then == stamp(&segment::path(&layout.journal(), last))
}

/// Remembers that all segments are whole, up to the last one.
pub(crate) fn remember(layout: &Layout, last: u32) {
    let stamps: Vec<_> = (1..=last).map(|number| stamp(&segment::path(&layout.journal(), number))).collect();
    if known(layout) != stamps {
        let bytes = serde_json::to_vec(&stamps).unwrap_or_default();
        // If this fails, the next start checks once more.
        let _ = files::write_whole(&layout.checked(), &bytes);
    }
}

/// Checks the segments below the last one, as far as they are not as they were when they were checked last.
pub(crate) fn check(layout: &Layout, last: u32) -> Result<(), StoreError> {
    if last < 2 {
        return Ok(());
    }
    let (folder, known) = (layout.journal(), known(layout));
    for number in 1..last {
        let now = stamp(&segment::path(&folder, number));
        if now.is_none() || known.get(number as usize - 1) != Some(&now) {
            segment::check_full(&folder, number)?;
        }
    }
    Ok(())
}
