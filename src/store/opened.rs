//! Whether the paths of a store still lead to what was opened there.
//!
//! A folder can be renamed, removed or replaced while a program writes to its files, and the
//! writes go on without an error. So a path is compared with the open file by device and inode;
//! the file stays open, so that its inode names no other file meanwhile.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::error::Displaced;

/// The folder of a store, open as long as the store is.
#[derive(Debug)]
pub(crate) struct OpenFolder {
    path: PathBuf,
    handle: File,
    metadata: Metadata,
}

impl OpenFolder {
    /// Opens a folder.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let opened = File::open(path).and_then(|handle| Ok((handle.metadata()?, handle)));
        let (metadata, handle) = opened.map_err(StoreError::io(path, "opened"))?;
        Ok(Self { path: path.to_owned(), handle, metadata })
    }

    /// Returns the open folder itself, which may be elsewhere by now.
    pub(crate) const fn handle(&self) -> &File {
        &self.handle
    }

    /// Checks that the path still leads to this folder.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let (gone, other) = (Displaced::FolderGone, Displaced::FolderReplaced);
        let there = is_open(fs::metadata(&self.path), &self.metadata);
        check(there, &self.path, gone, other)
    }

    /// Returns whether a path leads to this folder.
    pub(crate) fn is(&self, path: &Path) -> bool {
        matches!(is_open(fs::metadata(path), &self.metadata), Ok(Some(true)))
    }
}

/// Checks that an open file still has its name.
pub(crate) fn check_file(open: &Metadata, path: &Path) -> Result<(), StoreError> {
    check(is_named(path, open), path, Displaced::FileGone, Displaced::FileReplaced)
}

fn check(
    there: io::Result<Option<bool>>,
    path: &Path,
    gone: Displaced,
    other: Displaced,
) -> Result<(), StoreError> {
    let displaced = |how| Err(StoreError::Displaced { path: path.to_owned(), how });
    match there {
        Ok(Some(true)) => Ok(()),
        Ok(Some(false)) => displaced(other),
        Ok(None) => displaced(gone),
        Err(error) => Err(StoreError::io(path, "looked at")(error)),
    }
}

/// Returns whether an open file of the store has this name; `None` where nothing has. A link is another file, because
/// nothing in a store may be one.
pub(crate) fn is_named(path: &Path, open: &Metadata) -> io::Result<Option<bool>> {
    is_open(fs::symlink_metadata(path), open)
}

fn is_open(found: io::Result<Metadata>, open: &Metadata) -> io::Result<Option<bool>> {
    match found {
        Ok(there) => Ok(Some((there.dev(), there.ino()) == (open.dev(), open.ino()))),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
