//! Results of evaluations, and how often the test rows were looked at.
//!
//! ```text
//! openings.jsonl      a line for each look at the test rows; lines are only added
//! evaluations/HASH    results by the hash of all that they depend on, bounded, may be deleted at any time
//! ```
//!
//! A look is no fact of the journal: it changes no row, it must be counted while another process has the store open for
//! changes, and a store that holds one must open in earlier versions. So it has a file of its own, to which any process
//! may add a line under a lock.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::files::{make_folder, read};
use crate::domain::{Interval, Timestamp, Verdict};
use crate::files::{Links, careful};
use crate::own_files;

/// The most bytes of all results together.
const MOST_BYTES: u64 = 256 << 20;
/// The most bytes of one result.
const MOST_OF_ONE: u64 = 64 << 20;
/// The most bytes of the list of openings that are read.
const MOST_OF_LIST: u64 = 64 << 20;
/// The bytes of the hash in front of a result.
const HASH: usize = blake3::OUT_LEN;

/// The evaluations of one store.
#[derive(Debug, Clone)]
pub(crate) struct Evaluations {
    folder: PathBuf,
    openings: PathBuf,
}

/// One look at the test rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Opening {
    /// When it was.
    pub at: Timestamp,
    /// The hash of all that was evaluated.
    pub key: String,
    /// Accepted rows that joined.
    pub accepted: u64,
    /// The verdict.
    pub verdict: Verdict,
    /// The gain in PR-AUC.
    pub gain: f64,
    /// Its interval.
    pub interval: Interval,
}

impl Evaluations {
    /// Returns those of the store in a folder.
    pub(crate) fn of(store: &Path) -> Self {
        Self { folder: store.join("evaluations"), openings: store.join("openings.jsonl") }
    }

    /// Returns the looks at the test rows so far, the oldest first; a line that cannot be read is `None`.
    ///
    /// # Errors
    ///
    /// Where the list is there and cannot be read.
    pub(crate) fn openings(&self) -> Result<Vec<Option<Opening>>, StoreError> {
        let text = match read(&self.openings, MOST_OF_LIST) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            Err(error) => return Err(StoreError::io(&self.openings, "read")(error)),
        };
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        Ok(lines.map(|line| serde_json::from_slice(line).ok()).collect())
    }

    /// Adds a look at the test rows, durably.
    ///
    /// # Errors
    ///
    /// Where the list cannot be written.
    pub(crate) fn add(&self, opening: &Opening) -> Result<(), StoreError> {
        self.append(opening).map_err(StoreError::io(&self.openings, "written"))
    }

    fn append(&self, opening: &Opening) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o600).custom_flags(careful(Links::Refused));
        let mut file = options.open(&self.openings)?;
        file.lock()?;
        let mut before = Vec::new();
        (&file).take(MOST_OF_LIST).read_to_end(&mut before)?;
        let mut line = serde_json::to_vec(opening)?;
        line.push(b'\n');
        // A line that was cut off by a power loss stays a line of its own.
        if before.last().is_some_and(|last| *last != b'\n') {
            line.insert(0, b'\n');
        }
        file.write_all(&line)?;
        file.sync_all()
    }

    /// Returns the result that was kept under a name; `None` where there is none, or it is damaged.
    pub(crate) fn find(&self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = read(&self.path(name)?, MOST_OF_ONE).ok()?;
        let (hash, result) = bytes.split_at_checked(HASH)?;
        if blake3::hash(result).as_bytes() != hash {
            return None;
        }
        bytes.drain(..HASH);
        Some(bytes)
    }

    /// Keeps a result under a name of letters and digits, and deletes the oldest ones beyond the bound.
    ///
    /// # Errors
    ///
    /// Where it cannot be written; results are only kept to save time.
    pub(crate) fn keep(&self, name: &str, result: &[u8]) -> Result<(), StoreError> {
        let Some(path) = self.path(name) else { return Ok(()) };
        if result.len() as u64 > MOST_OF_ONE - HASH as u64 {
            return Ok(());
        }
        if self.folder.is_symlink() {
            return Err(StoreError::LeadsOut { path: self.folder.clone() });
        }
        make_folder(&self.folder)?;
        let written = own_files::temporary(&self.folder, own_files::PRIVATE).and_then(|mut file| {
            file.write_all(blake3::hash(result).as_bytes())?;
            file.write_all(result)?;
            file.persist(&path)?;
            Ok(())
        });
        written.map_err(StoreError::io(&path, "written"))?;
        self.tidy(MOST_BYTES);
        Ok(())
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        let is_plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_plain.then(|| self.folder.join(name))
    }

    /// Deletes what killed processes left, and the oldest results until those that stay have so many bytes at most.
    fn tidy(&self, most: u64) {
        own_files::sweep(&self.folder);
        let mut results: Vec<(SystemTime, u64, PathBuf)> = fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
            .filter_map(|entry| {
                let found = entry.metadata().ok()?;
                Some((found.modified().ok()?, found.len(), entry.path()))
            })
            .collect();
        results.sort();
        let mut bytes: u64 = results.iter().map(|(_, bytes, _)| bytes).sum();
        for (_, size, path) in results {
            if bytes <= most {
                break;
            }
            // What cannot be deleted only takes disk space.
            let _ = fs::remove_file(path);
            bytes -= size;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn opening(key: &str) -> Opening {
        Opening {
            at: Timestamp(7),
            key: key.into(),
            accepted: 40,
            verdict: Verdict::Undecided,
            gain: 0.1 + 0.2,
            interval: Interval { low: -0.1, high: 0.5 },
        }
    }

    #[test]
    fn every_look_is_counted_also_one_whose_line_was_cut_off() {
        let dir = tempfile::tempdir().unwrap();
        let evaluations = Evaluations::of(dir.path());
        assert_eq!(evaluations.openings().unwrap(), []);
        evaluations.add(&opening("a")).unwrap();
        evaluations.add(&opening("b")).unwrap();
        let list = dir.path().join("openings.jsonl");
        let whole = fs::read(&list).unwrap();
        fs::write(&list, &whole[..whole.len() - 9]).unwrap();

        evaluations.add(&opening("c")).unwrap();

        assert_eq!(evaluations.openings().unwrap(), [Some(opening("a")), None, Some(opening("c"))]);
    }

    #[test]
    fn looks_of_several_threads_are_all_there() {
        let dir = tempfile::tempdir().unwrap();
        let evaluations = Evaluations::of(dir.path());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..5).for_each(|_| evaluations.add(&opening("a")).unwrap()));
            }
        });
        assert_eq!(evaluations.openings().unwrap(), vec![Some(opening("a")); 20]);
    }

    #[test]
    fn a_result_comes_back_unless_it_is_damaged() {
        let dir = tempfile::tempdir().unwrap();
        let evaluations = Evaluations::of(dir.path());
        assert_eq!(evaluations.find("0a"), None);
        evaluations.keep("0a", b"figures").unwrap();
        assert_eq!(evaluations.find("0a").as_deref(), Some(b"figures".as_slice()));

        let path = dir.path().join("evaluations/0a");
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
        assert_eq!(evaluations.find("0a"), None);
        fs::write(&path, "short").unwrap();
        assert_eq!((evaluations.find("0a"), evaluations.find("../a")), (None, None));
    }

    #[test]
    fn the_oldest_results_go_first() {
        let dir = tempfile::tempdir().unwrap();
        let evaluations = Evaluations::of(dir.path());
        for (name, age) in [("new", 10), ("old", 30), ("older", 50)] {
            evaluations.keep(name, &[0; 100]).unwrap();
            let file =
                fs::File::options().write(true).open(dir.path().join("evaluations").join(name)).unwrap();
            file.set_modified(SystemTime::now() - std::time::Duration::from_secs(age)).unwrap();
        }
        evaluations.tidy(300);
        assert!(evaluations.find("new").is_some() && evaluations.find("old").is_some());
        assert_eq!(evaluations.find("older"), None);
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        symlink(other.path(), dir.path().join("evaluations")).unwrap();
        symlink(other.path().join("list"), dir.path().join("openings.jsonl")).unwrap();
        let evaluations = Evaluations::of(dir.path());

        evaluations.keep("a", b"b").unwrap_err();
        evaluations.add(&opening("a")).unwrap_err();

        assert_eq!(fs::read_dir(other.path()).unwrap().count(), 0);
    }
}
