//! The follower writes the projection's records to sled, after the journal.
//!
//! sled only makes opening quick; nothing depends on it. The screen waits for the journal
//! alone, and sled is written later, when the program is idle, in transactions of about
//! [`TRANSACTION`] values. While records are pending, the record `meta` says so; sled is
//! rebuilt if it is found in that state. Errors and panics of sled stop here: the follower
//! closes it and keeps the reason.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sled::{Batch, Db, Tree};

use super::disk_trouble::is_of_the_disk;
use super::files;
use super::guard::guarded;
use super::reached::{LastLine, Reached};
use super::record::{self, Key, Kind, Meta, PIECE, Pending};
use super::segment::Place;
use crate::domain::{Fact, Projection, Touched};

/// The number of values after which a transaction ends; its last record may exceed it.
pub(crate) const TRANSACTION: usize = 1000;
/// The size of sled's page cache, in bytes.
const CACHE: u64 = 16 << 20;

/// What sled says where another has it open.
pub(crate) const LOCKED: &str = "could not acquire lock";
/// How long after the disk failed it sled is not tried again.
const PAUSE: Duration = Duration::from_secs(2);

/// An open sled. Dropping it writes to the disk and may panic, so panics are caught there too.
#[derive(Debug)]
pub(crate) struct Sled {
    db: Option<Db>,
    path: PathBuf,
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

/// Keeps sled's records up to date with the journal.
#[derive(Debug)]
pub(crate) struct Follower {
    sled: Option<Sled>,
    pending: Pending,
    digest: u64,
    /// Says which line sled follows, to those who do not open it.
    reached: Option<Reached>,
    /// Why sled is no longer used, as a sentence.
    trouble: Option<String>,
    /// Since when, where only the disk is why, so that it is used again once that works.
    paused: Option<Instant>,
}

impl Follower {
    /// Creates a follower of a sled whose records have this digest and lack `pending`.
    pub(crate) fn new(sled: Sled, digest: u64, pending: Pending) -> Self {
        let reached = Some(Reached::at(&sled.path.join(files::FOLLOWED)));
        Self { sled: Some(sled), pending, digest, reached, trouble: None, paused: None }
    }

    /// Creates a follower without sled.
    pub(crate) fn without(trouble: String) -> Self {
        let paused = is_of_the_disk(&trouble).then(Instant::now);
        let pending = Pending::default();
        Self { sled: None, pending, digest: 0, reached: None, trouble: Some(trouble), paused }
    }

    /// Returns why sled is not used, if it is not.
    pub(crate) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Returns whether there is something to do: records are pending, or sled is to be tried again.
    pub(crate) fn has_work(&self) -> bool {
        self.is_behind() || self.pause_is_over()
    }

    fn pause_is_over(&self) -> bool {
        self.paused.is_some_and(|since| since.elapsed() >= PAUSE)
    }

    /// Returns whether sled is to be tried again, and if so, counts it as tried.
    pub(crate) fn is_due(&mut self) -> bool {
        let due = self.pause_is_over();
        if due {
            self.paused = Some(Instant::now());
        }
        due
    }

    /// Records the place of a fact's texts in the journal.
    pub(crate) fn locate(&mut self, fact: &Fact, place: Place) {
        if self.sled.is_some() {
            self.pending.locate(fact, place);
        }
    }

    /// Marks the records that a fact changed as pending.
    pub(crate) fn touch(&mut self, touched: &Touched) {
        if self.sled.is_some() {
            self.pending.touch(touched);
        }
    }

    /// Returns whether records are pending.
    pub(crate) fn is_behind(&self) -> bool {
        self.sled.is_some() && !self.pending.keys.is_empty()
    }

    /// Writes one transaction of pending records. `sequence` and `sum` are those of the last
    /// line in the projection.
    pub(crate) fn step(&mut self, projection: &Projection, sequence: u64, sum: u32) {
        let Some(tree) = self.sled.as_ref().and_then(Sled::tree).filter(|_| !self.pending.keys.is_empty())
        else {
            return;
        };
        let (pending, digest) = (&mut self.pending, self.digest);
        let written = guarded(|| {
            let mut writing = Writing { tree, batch: Batch::default(), values: 1, digest };
            while writing.values < TRANSACTION {
                let Some(key) = pending.keys.pop_first() else { break };
                let record = match pending.places.remove(&key) {
                    Some(place) => Some(record::wrap(&place).map_err(words)?),
                    None => record::encode(projection, key).map_err(words)?,
                };
                writing.put(key, record.as_deref()).map_err(words)?;
            }
            let meta = Meta {
                format: record::FORMAT,
                sequence,
                sum,
                complete: pending.keys.is_empty(),
                digest: writing.digest,
                tops: projection.undo_tops(),
                last_operation: projection.last_operation().0,
            };
            writing.batch.insert(&Key::META.bytes(0), record::wrap(&meta).map_err(words)?);
            tree.apply_batch(writing.batch).map_err(words)?;
            Ok::<u64, String>(writing.digest)
        });
        match written {
            Ok(digest) => {
                self.digest = digest;
                if let Some(reached) = &self.reached {
                    reached.note(LastLine { sequence, sum });
                }
            }
            Err(why) => self.give_up(&why),
        }
    }

    /// Returns the place of a request's text in the journal.
    pub(crate) fn place(&self, key: Key) -> Option<Place> {
        if let Some(place) = self.pending.places.get(&key) {
            return Some(*place);
        }
        let tree = self.sled.as_ref().and_then(Sled::tree)?;
        let value = guarded(|| tree.get(key.bytes(0))).ok()??;
        record::unwrap(&value).ok()
    }

    fn give_up(&mut self, why: &str) {
        let trouble = format!(
            "sled stopped working ({why}), so the store opens more slowly next time. Nothing is lost."
        );
        tracing::warn!("{trouble}");
        *self = Self::without(trouble);
    }
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A transaction that is being built.
struct Writing<'a> {
    tree: &'a Tree,
    batch: Batch,
    values: usize,
    digest: u64,
}

impl Writing<'_> {
    /// Writes a record in pieces, and removes the surplus pieces of a longer old one.
    fn put(&mut self, key: Key, record: Option<&[u8]>) -> sled::Result<()> {
        let counts = Kind::OF_PROJECTION.contains(&key.kind);
        let mut pieces = record.unwrap_or_default().chunks(PIECE);
        for number in 0..=u16::MAX {
            let bytes = key.bytes(number);
            let before = self.tree.get(bytes)?;
            let piece = pieces.next();
            if before.is_none() && piece.is_none() {
                break;
            }
            self.values += 1;
            if let Some(before) = before.filter(|_| counts) {
                self.digest = self.digest.wrapping_sub(record::digest(&bytes, &before));
            }
            if let Some(piece) = piece {
                if counts {
                    self.digest = self.digest.wrapping_add(record::digest(&bytes, piece));
                }
                self.batch.insert(&bytes, piece);
            } else {
                self.batch.remove(&bytes);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Change, Event, Split};
    use crate::store::{Reader, SledReport, Store};

    fn follower(dir: &Path) -> Follower {
        Follower::new(Sled::open(dir).unwrap(), 0, Pending::default())
    }

    fn follow(follower: &mut Follower, facts: &[Fact]) -> Projection {
        let mut projection = Projection::default();
        facts.iter().for_each(|fact| follower.touch(&projection.apply(fact)));
        projection
    }

    #[test]
    fn a_step_is_one_small_transaction_and_no_value_is_large() {
        let dir = tempfile::tempdir().unwrap();
        let mut told = Story::with_rows(2500);
        let test = "0123456789abcdef".repeat(20_000);
        told.add(Event::Split(Split { test, ..Split::default() }));
        let mut follower = follower(dir.path());
        let projection = follow(&mut follower, &told.facts);
        let mut before = 0;
        while follower.is_behind() {
            follower.step(&projection, 1, 1);
            let now = follower.sled.as_ref().unwrap().tree().unwrap().len();
            assert!(now > before && now - before <= TRANSACTION, "{before} to {now}");
            before = now;
        }
        let tree = follower.sled.as_ref().unwrap().tree().unwrap();
        assert!(tree.iter().values().all(|value| value.unwrap().len() <= PIECE));
        assert!(before > 2500 + 10);
    }

    #[test]
    fn sled_is_used_again_once_the_disk_has_room() {
        let dir = tempfile::tempdir().unwrap();
        let mut told = Story::with_rows(3);
        let (mut open, mut projection, _) = Store::open(dir.path()).unwrap();
        open.append(&told.facts).unwrap();
        told.facts.iter().for_each(|fact| open.follow(&projection.apply(fact)));
        while open.catch_up(&projection) {}
        open.follower.give_up("IO error: No space left on device (os error 28)");
        told.change(&[1], Change::accept());
        let last = told.facts.last().unwrap();
        open.append(std::slice::from_ref(last)).unwrap();
        open.follow(&projection.apply(last));
        assert!(!open.catch_up(&projection) && open.trouble().is_some(), "not before the pause is over");

        open.follower.paused = Instant::now().checked_sub(PAUSE);
        while open.catch_up(&projection) {}
        assert_eq!(open.trouble(), None);
        drop(open);

        let (_, projection, report) = Store::open(dir.path()).unwrap();
        assert_eq!((report.sled, report.replayed), (SledReport::Loaded, 0));
        assert_eq!(projection.difference(&told.projection), None);
    }

    #[test]
    fn nothing_is_lost_when_sled_stops_working() {
        let dir = tempfile::tempdir().unwrap();
        let mut told = Story::with_rows(3);
        let (mut open, mut projection, _) = Store::open(dir.path()).unwrap();
        open.append(&told.facts).unwrap();
        told.facts.iter().for_each(|fact| open.follow(&projection.apply(fact)));
        while open.catch_up(&projection) {}
        open.follower.give_up("the disk is full");
        assert!(open.trouble().unwrap().starts_with("sled stopped working (the disk is full)"));

        told.change(&[1], Change::accept());
        let last = told.facts.last().unwrap();
        open.append(std::slice::from_ref(last)).unwrap();
        open.follow(&projection.apply(last));
        assert!(!open.catch_up(&projection));
        assert!(open.exchange(crate::domain::RequestNumber(0)).is_ok());
        drop(open);

        let (_, projection, report) = Store::open(dir.path()).unwrap();
        assert_eq!((report.replayed, projection.difference(&told.projection)), (1, None));
        assert_eq!(Reader::open(dir.path()).unwrap().1.difference(&told.projection), None);
    }
}
