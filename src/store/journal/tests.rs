//! The journal on a disk that fails.

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
    let settings = Settings { segment_bytes, disk: Box::new(disk.clone()), ..Settings::default() };
    (Store::open_with(dir, settings).unwrap().0, disk)
}

#[test]
fn a_failed_write_is_taken_back_and_later_ones_are_saved() {
    let told = Story::with_rows(2);
    for fault in [Fault::Full(0), Fault::Full(1), Fault::Full(100), Fault::Full(usize::MAX), Fault::Sync] {
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
    assert!(error.ends_with("Make room, or use --store DIR to keep the store on another disk."), "{error}");
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
