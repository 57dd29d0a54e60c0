//! The folder of a store, and how its files are created.
//!
//! ```text
//! store.lock               locked while a process writes; its text is the pid
//! journal/000001.jsonl     the facts, from which all other state is computed
//! journal.cut-1            the end of a line that was never saved, kept when it was cut off
//! journal.damaged-1/       a damaged journal, kept by a repair
//! reached                  which line was saved last
//! reached.segments         which full segments were checked, by their sizes and times
//! sled/                    a cache of the projection's records, rebuilt from the journal if needed
//! sled.damaged-1/          a damaged sled folder, kept for inspection
//! texts/HASH               long messages and replies that the journal refers to
//! draft.json               the text in the editor
//! replaced.json            the last draft that another text took the place of
//! session.json             which session the store belongs to
//! openings.jsonl           each look at the test rows, a line each
//! evaluations/HASH         results of evaluations, which may be deleted at any time
//! screen.json              how the screen stood, which `config` reads and writes
//! examples.json            the train rows that were made examples, which `config` reads and writes
//! ```
//!
//! Folders have mode 0700 and files 0600, because prompts and replies are private. Only the store's own folder may be a
//! link: a store may have come with a session from elsewhere, and what leads out of it would let its sender choose which
//! of the person's files are written to.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::StoreError;
use crate::files::{Links, careful};

/// The name of the file in sled's folder that says which line sled follows.
pub(crate) const FOLLOWED: &str = "reached";

/// The paths of a store's files.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    dir: PathBuf,
}

impl Layout {
    pub(crate) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.dir.join("store.lock")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.dir.join("journal")
    }

    pub(crate) fn sled(&self) -> PathBuf {
        self.dir.join("sled")
    }

    /// The file that says which line was saved last.
    pub(crate) fn reached(&self) -> PathBuf {
        self.dir.join("reached")
    }

    /// The file that says which line sled follows.
    pub(crate) fn followed(&self) -> PathBuf {
        self.sled().join(FOLLOWED)
    }

    /// The file that says which full segments were checked.
    pub(crate) fn checked(&self) -> PathBuf {
        self.dir.join("reached.segments")
    }

    /// The folder of a mended journal that has not got its name yet.
    pub(crate) fn repaired(&self) -> PathBuf {
        self.dir.join("journal.repaired")
    }

    /// The folder of a journal that is being mended.
    pub(crate) fn making(&self) -> PathBuf {
        self.dir.join("journal.making")
    }

    /// The file that says how the mended journal of a repair ends, until the repair is done.
    pub(crate) fn repairing(&self) -> PathBuf {
        self.dir.join("journal.repairing")
    }

    pub(crate) fn texts(&self) -> PathBuf {
        self.dir.join("texts")
    }

    pub(crate) fn draft(&self) -> PathBuf {
        self.dir.join("draft.json")
    }

    pub(crate) fn replaced_draft(&self) -> PathBuf {
        self.dir.join("replaced.json")
    }

    pub(crate) fn session(&self) -> PathBuf {
        self.dir.join("session.json")
    }

    /// Checks that nothing of the store leads elsewhere; one that does not exist yet leads nowhere.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        for folder in [self.journal(), self.sled(), self.texts()] {
            if folder.is_symlink() {
                return Err(StoreError::LeadsOut { path: folder });
            }
        }
        // A link that a person made leads to a store, or to where one is to be.
        let is_empty = || fs::read_dir(&self.dir).is_ok_and(|mut entries| entries.next().is_none());
        if self.dir.is_symlink() && !self.journal().is_dir() && !is_empty() {
            return Err(StoreError::LeadsToNoStore { path: self.dir.clone() });
        }
        Ok(())
    }

    /// Creates the missing folders.
    pub(crate) fn make(&self) -> Result<(), StoreError> {
        [self.dir.clone(), self.journal(), self.texts()].iter().try_for_each(|folder| make_folder(folder))
    }
}

/// Creates a folder and its parents, with mode 0700.
pub(crate) fn make_folder(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(StoreError::io(path, "made"))?;
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Ok(()), sync_folder)
}

/// Returns options that create files with mode 0600, follow no link and wait for nothing.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600).custom_flags(careful(Links::Refused));
    options
}

/// Reads a file of the store, of at most so many bytes.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    crate::files::read(path, Links::Refused, most)
}

/// Opens a file of the store for reading.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    crate::files::open(path, Links::Refused).map(|(file, _)| file)
}

/// Returns what in a folder, and in the folders in it, is neither an ordinary file nor a folder.
pub(crate) fn stray(folder: &Path) -> io::Result<Option<PathBuf>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let found =
            if kind.is_dir() { stray(&entry.path())? } else { (!kind.is_file()).then(|| entry.path()) };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Syncs a folder, so that the names of its new files are on the disk.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(StoreError::io(path, "saved"))
}

/// Writes a file atomically; it is on the disk when this returns.
///
/// Only one process writes to a store, so the temporary file has a fixed name: a crash leaves
/// at most one, which the next write replaces.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let half = path.with_extension("tmp");
    let failed = StoreError::io(path, "written");
    // It may also be a link that came with the store.
    let _ = fs::remove_file(&half);
    let written = private().write(true).create_new(true).open(&half).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&half, path)
    });
    if let Err(error) = written {
        let _ = fs::remove_file(&half);
        return Err(failed(error));
    }
    path.parent().map_or(Ok(()), sync_folder)
}

/// Returns the first free name `NAME-1`, `NAME-2` … beside a path.
pub(crate) fn free_name(path: &Path, name: &str) -> PathBuf {
    let highest = numbered(path, name).last().map_or(0, |(number, _)| *number);
    path.with_file_name(format!("{name}-{}", highest + 1))
}

/// Moves a file or folder to the first free name `NAME-1`, `NAME-2` …, and returns that.
pub(crate) fn set_aside(path: &Path, name: &str) -> Result<PathBuf, StoreError> {
    let aside = free_name(path, name);
    fs::rename(path, &aside).map_err(StoreError::io(path, "set aside"))?;
    Ok(aside)
}

/// Deletes the oldest of the files and folders `NAME-1`, `NAME-2` … beyond a number.
pub(crate) fn keep_few(path: &Path, name: &str, most: usize) {
    let all = numbered(path, name);
    for (_, old) in all.iter().take(all.len().saturating_sub(most)) {
        // What cannot be deleted only takes disk space.
        let _ = if old.is_dir() { fs::remove_dir_all(old) } else { fs::remove_file(old) };
    }
}

/// Returns the files and folders `NAME-1`, `NAME-2` … beside a path, ascending.
pub(crate) fn numbered(path: &Path, name: &str) -> Vec<(u32, PathBuf)> {
    let beside = path.parent().and_then(|folder| fs::read_dir(folder).ok());
    let number = |path: PathBuf| {
        let rest = path.file_name()?.to_str()?.strip_prefix(name)?.strip_prefix('-')?;
        Some((rest.parse().ok()?, path))
    };
    let mut found: Vec<_> =
        beside.into_iter().flatten().filter_map(|entry| number(entry.ok()?.path())).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn folders_and_files_are_for_their_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(&dir.path().join("above/store"));
        layout.make().unwrap();
        write_whole(&layout.draft(), b"{}").unwrap();
        assert_eq!((mode(layout.dir()), mode(&layout.texts()), mode(&layout.draft())), (0o700, 0o700, 0o600));
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_half_written_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        fs::write(dir.path().join("a.tmp"), "left by a crash, and longer than what comes").unwrap();
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_set_aside_takes_no_place_of_earlier_evidence() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sled");
        for n in [1, 2] {
            fs::write(&path, format!("{n}")).unwrap();
            let aside = set_aside(&path, "sled.damaged").unwrap();
            assert_eq!(aside, dir.path().join(format!("sled.damaged-{n}")));
        }
        assert_eq!(numbered(&path, "sled.damaged").len(), 2);
    }
}
