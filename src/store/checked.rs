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

/// Checks the segments below the last one, as far as they are not as they were when they were checked last.
pub(crate) fn check(layout: &Layout, last: u32) -> Result<(), StoreError> {
    if last < 2 {
        return Ok(());
    }
    let (folder, path) = (layout.journal(), layout.checked());
    let known: Vec<Stamp> = files::read(&path, LONGEST)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let stamps: Vec<_> = (1..last).map(|number| stamp(&segment::path(&folder, number))).collect();
    let mut all_known = true;
    for (number, stamp) in (1..last).zip(&stamps) {
        if stamp.is_none() || known.get(number as usize - 1) != stamp.as_ref() {
            all_known = false;
            segment::check_full(&folder, number)?;
        }
    }
    if !all_known {
        let bytes = serde_json::to_vec(&stamps).unwrap_or_default();
        // If this fails, the next start checks once more.
        let _ = files::write_whole(&path, &bytes);
    }
    Ok(())
}
