//! The journal, for the one process that writes it.
//!
//! It is append-only: a saved line is never changed or removed. The rest of a failed write
//! is cut off before anything else is written.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::files;
use super::segment::{self, End, FORMAT, Header, Place};
use super::{StoreError, line};
use crate::domain::{Fact, OperationId};

/// The journal, open at its end.
#[derive(Debug)]
pub(crate) struct Journal {
    folder: PathBuf,
    segment: u32,
    file: File,
    /// The length of the open segment up to its last saved line, in bytes.
    length: u64,
    sequence: u64,
    /// The checksum of the last saved line; 0 where there is none.
    sum: u32,
    roll_at: u64,
    disk: Box<dyn Disk>,
    /// Whether the file may hold more than `length`, because cutting it failed.
    unsure: bool,
}

/// Lines that are written together.
#[derive(Debug)]
struct Lines {
    bytes: Vec<u8>,
    /// Where each line begins in `bytes`.
    starts: Vec<u64>,
    sum: u32,
}

impl Journal {
    /// Opens the journal at its end, and cuts off an incomplete line.
    pub(crate) fn open(
        folder: PathBuf,
        end: End,
        sum: u32,
        roll_at: u64,
        mut disk: Box<dyn Disk>,
    ) -> Result<Self, StoreError> {
        let sequence = end.sequence;
        let (segment, file, length) = if end.whole == 0 {
            let number = end.segment.max(1);
            let (file, length) = make_segment(&folder, number, sequence, disk.as_mut())?;
            (number, file, length)
        } else {
            let path = segment::path(&folder, end.segment);
            let file = files::private().append(true).open(&path).map_err(StoreError::io(&path, "opened"))?;
            if end.torn > 0 {
                let cut = disk.cut(&file, end.whole).and_then(|()| disk.sync(&file));
                cut.map_err(StoreError::io(&path, "cut after its last whole line"))?;
            }
            (end.segment, file, end.whole)
        };
        Ok(Self { folder, segment, file, length, sequence, sum, roll_at, disk, unsure: false })
    }

    /// Returns the sequence number of the last saved line.
    pub(crate) const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Returns the checksum of the last saved line.
    pub(crate) const fn sum(&self) -> u32 {
        self.sum
    }

    /// Saves facts, after a line with the `abandoned` operations if there are any, and returns
    /// where each fact begins. When this returns, all of them are on the disk, or on an error
    /// none is in the journal.
    pub(crate) fn append(
        &mut self,
        abandoned: &[OperationId],
        facts: &[Fact],
    ) -> Result<Vec<Place>, StoreError> {
        let lines = self.encode(abandoned, facts)?;
        if lines.starts.is_empty() {
            return Ok(Vec::new());
        }
        self.set_right()?;
        if self.length >= self.roll_at {
            self.roll()?;
        }
        let written = self
            .disk
            .write(&mut self.file, &lines.bytes)
            .and_then(|()| self.disk.sync(&self.file))
            .map_err(StoreError::io(&self.path(), "written"));
        if let Err(error) = written {
            self.unsure = true;
            // If this fails too, the next append tries again before it writes.
            let _ = self.set_right();
            return Err(error);
        }
        let (segment, before) = (self.segment, self.length);
        let after_marker = usize::from(!abandoned.is_empty());
        let places = lines.starts[after_marker..].iter();
        let places = places.map(|start| Place { segment, offset: before + start }).collect();
        self.length += lines.bytes.len() as u64;
        self.sequence += lines.starts.len() as u64;
        self.sum = lines.sum;
        Ok(places)
    }

    fn path(&self) -> PathBuf {
        segment::path(&self.folder, self.segment)
    }

    fn encode(&self, abandoned: &[OperationId], facts: &[Fact]) -> Result<Lines, StoreError> {
        let mut lines = Lines { bytes: Vec::new(), starts: Vec::new(), sum: self.sum };
        if !abandoned.is_empty() {
            lines.starts.push(0);
            lines.sum = line::push_abandoned(&mut lines.bytes, self.sequence + 1, abandoned);
        }
        for fact in facts {
            lines.starts.push(lines.bytes.len() as u64);
            let sequence = self.sequence + lines.starts.len() as u64;
            lines.sum = line::push_fact(&mut lines.bytes, sequence, fact).map_err(StoreError::Unwritable)?;
        }
        Ok(lines)
    }

    /// Cuts off the rest of a failed write.
    fn set_right(&mut self) -> Result<(), StoreError> {
        if !self.unsure {
            return Ok(());
        }
        let cut = self.disk.cut(&self.file, self.length).and_then(|()| self.disk.sync(&self.file));
        cut.map_err(|source| StoreError::Stuck { path: self.path(), source })?;
        self.unsure = false;
        Ok(())
    }

    fn roll(&mut self) -> Result<(), StoreError> {
        let number = self.segment + 1;
        let (file, length) = make_segment(&self.folder, number, self.sequence, self.disk.as_mut())?;
        (self.segment, self.file, self.length) = (number, file, length);
        Ok(())
    }
}

/// Creates a segment with its header, replacing one that a failed attempt left incomplete.
fn make_segment(
    folder: &Path,
    number: u32,
    sequence: u64,
    disk: &mut dyn Disk,
) -> Result<(File, u64), StoreError> {
    let path = segment::path(folder, number);
    let header = Header { format: FORMAT, segment: number, first: sequence + 1 };
    let made = write_header(&path, header, disk);
    if made.is_err() {
        // A segment with an incomplete header is ignored, so it does no harm if it stays.
        let _ = std::fs::remove_file(&path);
    }
    let made = made.map_err(StoreError::io(&path, "made"))?;
    disk.sync_folder(folder).map_err(StoreError::io(folder, "saved"))?;
    Ok(made)
}

fn write_header(path: &Path, header: Header, disk: &mut dyn Disk) -> io::Result<(File, u64)> {
    let mut line = serde_json::to_vec(&header)?;
    line.push(b'\n');
    let mut file = files::private().append(true).create(true).open(path)?;
    disk.cut(&file, 0)?;
    disk.write(&mut file, &line)?;
    disk.sync(&file)?;
    Ok((file, line.len() as u64))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::domain::fixtures::Story;
    use crate::store::disk::RealDisk;
    use crate::store::{Reader, Settings, Store};

    /// A failure to simulate.
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Fault {
        /// The disk is full after this many bytes.
        Full(usize),
        Sync,
        Cut,
    }

    #[derive(Debug, Clone, Default)]
    struct Faulty(Arc<Mutex<Vec<Fault>>>);

    impl Faulty {
        fn next_are(&self, faults: &[Fault]) {
            *self.0.lock().unwrap() = faults.iter().rev().copied().collect();
        }

        /// Takes the next fault if it is for this operation.
        fn fault(&self, mine: impl Fn(Fault) -> bool) -> Option<Fault> {
            let mut faults = self.0.lock().unwrap();
            let next = faults.last().copied().filter(|fault| mine(*fault))?;
            faults.pop();
            Some(next)
        }
    }

    impl Disk for Faulty {
        fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
            if let Some(Fault::Full(after)) = self.fault(|fault| matches!(fault, Fault::Full(_))) {
                RealDisk.write(file, &bytes[..after.min(bytes.len())])?;
                return Err(io::ErrorKind::StorageFull.into());
            }
            RealDisk.write(file, bytes)
        }

        fn sync(&mut self, file: &File) -> io::Result<()> {
            match self.fault(|fault| fault == Fault::Sync) {
                Some(Fault::Sync) => Err(io::Error::other("the disk is gone")),
                _ => RealDisk.sync(file),
            }
        }

        fn cut(&mut self, file: &File, length: u64) -> io::Result<()> {
            match self.fault(|fault| fault == Fault::Cut) {
                Some(_) => Err(io::Error::other("the disk is gone")),
                None => RealDisk.cut(file, length),
            }
        }

        fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
            RealDisk.sync_folder(folder)
        }
    }

    fn open(dir: &Path, segment_bytes: u64) -> (Store, Faulty) {
        let disk = Faulty::default();
        let settings = Settings { segment_bytes, disk: Box::new(disk.clone()) };
        (Store::open_with(dir, settings).unwrap().0, disk)
    }

    #[test]
    fn a_failed_write_is_taken_back_and_later_ones_are_saved() {
        let told = Story::with_rows(2);
        for fault in [Fault::Full(0), Fault::Full(1), Fault::Full(100), Fault::Full(usize::MAX), Fault::Sync]
        {
            let dir = tempfile::tempdir().unwrap();
            let (mut store, disk) = open(dir.path(), u64::MAX);
            store.append(&told.facts[..2]).unwrap();
            disk.next_are(&[fault]);
            let error = store.append(&told.facts[2..4]).unwrap_err();
            assert!(matches!(error, StoreError::Io { .. }), "{error}");
            assert_eq!(Reader::open(dir.path()).unwrap().0.sequence(), 2, "{fault:?}");
            store.append(&told.facts[2..]).unwrap();
            let (_, projection) = Reader::open(dir.path()).unwrap();
            assert_eq!(projection.difference(&told.projection), None, "{fault:?}");
        }
    }

    #[test]
    fn a_full_disk_is_said_with_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let (mut store, disk) = open(dir.path(), u64::MAX);
        disk.next_are(&[Fault::Full(3)]);
        let error = store.append(&Story::with_rows(1).facts).unwrap_err().to_string();
        assert!(error.contains("000001.jsonl could not be written"), "{error}");
        assert!(
            error.ends_with("Make room, or use --store DIR to keep the store on another disk."),
            "{error}"
        );
    }

    #[test]
    fn while_a_failed_write_cannot_be_taken_back_nothing_is_saved_over_it() {
        let dir = tempfile::tempdir().unwrap();
        let told = Story::with_rows(2);
        let (mut store, disk) = open(dir.path(), u64::MAX);
        store.append(&told.facts[..1]).unwrap();
        disk.next_are(&[Fault::Full(30), Fault::Cut, Fault::Cut]);
        assert!(matches!(store.append(&told.facts[1..]), Err(StoreError::Io { .. })));
        assert!(matches!(store.append(&told.facts[1..]), Err(StoreError::Stuck { .. })));
        assert_eq!(Reader::open(dir.path()).unwrap().0.sequence(), 1);
        store.append(&told.facts[1..]).unwrap();
        assert_eq!(Reader::open(dir.path()).unwrap().1.difference(&told.projection), None);
    }

    #[test]
    fn a_segment_that_could_not_be_made_is_made_later() {
        let told = Story::with_rows(2);
        for faults in [&[Fault::Full(5)][..], &[Fault::Sync], &[Fault::Cut]] {
            let dir = tempfile::tempdir().unwrap();
            let (mut store, disk) = open(dir.path(), 1);
            store.append(&told.facts[..2]).unwrap();
            disk.next_are(faults);
            assert!(store.append(&told.facts[2..]).is_err());
            store.append(&told.facts[2..]).unwrap();
            drop(store);
            assert_eq!(Reader::open(dir.path()).unwrap().1.difference(&told.projection), None);
        }
    }

    #[test]
    fn an_operation_whose_end_failed_does_not_take_effect_later() {
        let dir = tempfile::tempdir().unwrap();
        let mut told = Story::with_rows(2);
        let (mut store, disk) = open(dir.path(), u64::MAX);
        store.append(&told.facts).unwrap();
        let saved = told.facts.len();
        told.change(&[0], crate::domain::Change::accept());
        let fact = told.facts[saved].clone();
        let event = crate::domain::Change::reject();
        let rows = crate::domain::RowSet::one(crate::domain::RowNumber(1));
        let part = crate::domain::Event::Changed { rows, change: event, bulk: false };
        store.append(&[Fact { part: true, event: part, ..fact.clone() }]).unwrap();
        disk.next_are(&[Fault::Sync]);
        store.append(std::slice::from_ref(&fact)).unwrap_err();
        store.append(&[fact]).unwrap();
        let (_, projection) = Reader::open(dir.path()).unwrap();
        assert_eq!(projection.difference(&told.projection), None);
    }
}
