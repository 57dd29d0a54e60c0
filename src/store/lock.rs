//! The lock that allows one process at a time to write to a store.

use std::fs::{File, Metadata, TryLockError};
use std::io::{Read, Seek, Write};

use super::StoreError;
use super::files::{self, Layout};

/// The most bytes of a lock: a pid, and an end of line.
const LONGEST_PID: u64 = 20;

/// A lock on a store, held until it is dropped or the process ends.
///
/// The operating system holds the lock, so a crash cannot leave it behind; the pid in the
/// file is only for the error message of another process.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
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
        try_lock(&mut file, layout)?;
        let written = file.set_len(0).and_then(|()| {
            file.rewind()?;
            write!(file, "{}", std::process::id())
        });
        written.map_err(StoreError::io(&path, "written"))?;
        Ok(Self { _file: file })
    }

    /// Takes the lock without writing the pid, to keep writers out. `None` if the store has no lock file.
    pub(crate) fn keep_out(layout: &Layout) -> Result<Option<Self>, StoreError> {
        let path = layout.lock();
        let mut file = match files::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io(&path, "opened")(error)),
        };
        try_lock(&mut file, layout)?;
        Ok(Some(Self { _file: file }))
    }
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

fn try_lock(file: &mut File, layout: &Layout) -> Result<(), StoreError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::Error(error)) => Err(StoreError::io(&layout.lock(), "locked")(error)),
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let pid = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
            Err(StoreError::Locked { pid, dir: layout.dir().to_owned() })
        }
    }
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
