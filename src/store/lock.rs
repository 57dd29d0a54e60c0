//! The lock that allows one process at a time to write to a store.

use std::fs::{File, Metadata, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use super::StoreError;
use super::files::{self, Layout};
use super::opened::{self, OpenFolder};
use super::segment;

/// The most bytes of a lock: a pid, and an end of line.
const LONGEST_PID: u64 = 20;

/// A lock on a store, held until it is dropped or the process ends.
///
/// The operating system holds the lock, so a crash cannot leave it behind; the pid in the
/// file is only for the error message of another process.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock; the error names the process that has it.
    pub(crate) fn take(layout: &Layout) -> Result<Self, StoreError> {
        let path = layout.lock();
        let mut file = files::private()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(StoreError::io(&path, "opened"))?;
        let metadata = file.metadata().map_err(StoreError::io(&path, "opened"))?;
        if !is_ours(&mut file, &metadata) {
            return Err(StoreError::Lost { path, what: "is no lock of a store, and was left as it is" });
        }
        lock_by_name(&mut file, layout)?;
        // A full disk takes no pid, and the lock holds without it.
        let _ = file.set_len(0).and_then(|()| {
            file.rewind()?;
            write!(file, "{}", std::process::id())
        });
        Ok(Self { file })
    }

    /// Takes the lock again if its file was removed or replaced, unless another process has the new one.
    pub(crate) fn hold(&mut self, layout: &Layout, folder: &OpenFolder) -> Result<(), StoreError> {
        let path = layout.lock();
        let here = self.file.metadata().and_then(|open| opened::is_named(&path, &open));
        if here.map_err(StoreError::io(&path, "looked at"))? != Some(true) {
            // No file is made in a folder that only has the name of this one.
            folder.check()?;
            *self = Self::take(layout)?;
        }
        Ok(())
    }

    /// Takes the lock without writing the pid, to keep writers out. `None` if the store has no lock file.
    pub(crate) fn keep_out(layout: &Layout) -> Result<Option<Self>, StoreError> {
        let path = layout.lock();
        let mut file = match files::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io(&path, "opened")(error)),
        };
        lock_by_name(&mut file, layout)?;
        Ok(Some(Self { file }))
    }
}

fn lock_by_name(file: &mut File, layout: &Layout) -> Result<(), StoreError> {
    if try_lock(file, &layout.lock())? {
        return Ok(());
    }
    let mut text = String::new();
    let pid = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
    Err(StoreError::Locked { pid, dir: layout.dir().to_owned() })
}

/// Locks the last segment of a journal, so that who makes a new lock file does not come in either. `None` where
/// there is no segment yet.
pub(crate) fn lock_segment(journal: &Path, dir: &Path) -> Result<Option<File>, StoreError> {
    let Some(number) = segment::numbers(journal)?.pop() else { return Ok(None) };
    let path = segment::path(journal, number);
    let opened = files::private().read(true).append(true).open(&path);
    let file = opened.map_err(StoreError::io(&path, "opened"))?;
    if try_lock(&file, &path)? {
        return Ok(Some(file));
    }
    Err(StoreError::Locked { pid: None, dir: dir.to_owned() })
}

/// Locks a file, and returns whether nobody else has it locked.
///
/// A process that is being started holds the locks of the one that starts it for a moment, so this asks a few times.
pub(crate) fn try_lock(file: &File, path: &Path) -> Result<bool, StoreError> {
    for _ in 0..5 {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(4)),
            Err(TryLockError::Error(error)) => return Err(StoreError::io(path, "locked")(error)),
        }
    }
    Ok(false)
}

/// Returns whether a file may be a lock, which holds a pid or nothing, and may be written to.
fn is_ours(file: &mut File, metadata: &Metadata) -> bool {
    let mut text = String::new();
    metadata.is_file()
        && metadata.len() <= LONGEST_PID
        && file.take(LONGEST_PID).read_to_string(&mut text).is_ok()
        && text.trim().bytes().all(|byte| byte.is_ascii_digit())
        && file.rewind().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_refused_by_name_until_the_first_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        let first = Lock::take(&layout).unwrap();

        let Err(StoreError::Locked { pid, .. }) = Lock::take(&layout) else { panic!("taken twice") };
        assert_eq!(pid, Some(std::process::id()));
        assert!(matches!(Lock::keep_out(&layout), Err(StoreError::Locked { .. })));

        drop(first);
        assert!(Lock::take(&layout).is_ok());
    }

    #[test]
    fn a_text_left_by_a_crash_locks_nobody_out() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        std::fs::write(layout.lock(), "99999999999").unwrap();
        let _lock = Lock::take(&layout).unwrap();
        assert_eq!(std::fs::read_to_string(layout.lock()).unwrap(), std::process::id().to_string());
    }
}
