//! Reads sled from a copy in a temporary folder, because opening one writes to it.

use std::fs;
use std::path::Path;

use super::StoreError;
use super::database::Sled;
use super::files::Layout;
use super::load::{self, Loaded, Unusable};
use super::lock::Lock;
use super::pages::PAGES;
use super::reached::LastLine;
use super::verify::copy_folder;
use crate::domain::Projection;
use tempfile::TempDir;

use crate::own_files;

/// The largest sled that is copied only to look at it, in bytes.
const LARGEST: u64 = 64 << 20;

/// What a sled holds.
#[derive(Debug)]
pub(crate) struct Peeked {
    /// The last line that it knows.
    pub(crate) last: LastLine,
    /// Its records, if they are whole.
    pub(crate) records: Result<Projection, Unusable>,
}

/// Reads sled where no process has the store open and sled is not too large for a look.
pub(crate) fn beside(layout: &Layout) -> Option<Peeked> {
    let is_small = size(&layout.sled()).is_some_and(|size| size <= LARGEST);
    // The lock is given back at once: a writer that comes meanwhile spoils only this copy.
    let is_free = is_small && Lock::keep_out(layout).is_ok();
    is_free.then(|| within(layout).ok().flatten())?
}

/// Reads sled; `None` where there is none or it says nothing at all.
pub(crate) fn within(layout: &Layout) -> Result<Option<Peeked>, StoreError> {
    let path = layout.sled();
    if !path.exists() {
        return Ok(None);
    }
    let temporary = std::env::temp_dir();
    let copy = own_files::temporary_folder(&temporary).map_err(StoreError::io(&temporary, "written"))?;
    copy_folder(&path, copy.path()).map_err(StoreError::io(&path, "copied"))?;
    let Ok(sled) = Sled::open(copy.path()) else { return Ok(None) };
    let Some(last) = load::last_line(&sled) else { return Ok(None) };
    let records = load::load(&sled, layout, false).map(|Loaded { projection, .. }| projection);
    Ok(Some(Peeked { last, records }))
}

/// Opens a copy of sled beside a store that no process writes, and lets go of the store at once; `None` where that does
/// not work. The copy lacks the file of pages, which is read in its place.
pub(crate) fn copied(layout: &Layout) -> Option<(Sled, TempDir)> {
    let lock = Lock::keep_out(layout).ok()?;
    let copy = own_files::temporary_folder(&std::env::temp_dir()).ok()?;
    for entry in fs::read_dir(layout.sled()).ok()? {
        let entry = entry.ok()?;
        let is_wanted = entry.file_type().ok()?.is_file() && entry.file_name() != PAGES;
        if is_wanted {
            fs::copy(entry.path(), copy.path().join(entry.file_name())).ok()?;
        }
    }
    drop(lock);
    Some((Sled::open(copy.path()).ok()?, copy))
}

fn size(folder: &Path) -> Option<u64> {
    let mut size = 0;
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let found = entry.metadata().ok()?;
        size += if found.is_dir() { self::size(&entry.path())? } else { found.len() };
    }
    Some(size)
}
