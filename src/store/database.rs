//! sled, opened as the store uses it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sled::{Db, Tree};

use super::files;
use super::guard::guarded;

/// The size of sled's page cache, in bytes.
const CACHE: u64 = 16 << 20;

/// What sled says where another has it open.
pub(crate) const LOCKED: &str = "could not acquire lock";

/// An open sled. Dropping it writes to the disk and may panic, so panics are caught there too.
#[derive(Debug)]
pub(crate) struct Sled {
    db: Option<Db>,
    pub(crate) path: PathBuf,
}

impl Sled {
    /// Opens or creates the folder. The caller must hold the store's lock.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        if let Some(stray) = files::stray(path).map_err(|error| error.to_string())? {
            return Err(format!("{} is a link or no ordinary file", stray.display()));
        }
        remove_half_snapshots(path)?;
        let config = sled::Config::new()
            .path(path)
            .cache_capacity(CACHE)
            .mode(sled::Mode::LowSpace)
            .flush_every_ms(None);
        let mut opened = guarded(|| config.open());
        for _ in 0..50 {
            // A sled that was dropped just before may still hold its file lock.
            if !opened.as_ref().is_err_and(|why| why.contains(LOCKED)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
            opened = guarded(|| config.open());
        }
        Ok(Self { db: Some(opened?), path: path.to_owned() })
    }

    /// Returns the tree that all records are in.
    pub(crate) fn tree(&self) -> Option<&Tree> {
        self.db.as_deref()
    }
}

impl Drop for Sled {
    fn drop(&mut self) {
        let db = self.db.take();
        let _ = guarded(|| {
            drop(db);
            Ok::<(), String>(())
        });
    }
}

/// Deletes snapshots that a crash left incomplete: sled 0.34.7 reads such a file as its newest
/// snapshot and then never opens again.
fn remove_half_snapshots(path: &Path) -> Result<(), String> {
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(entry.path()).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}
