//! Each write, sync, cut and sync of a folder of a job fails, once or for a while: what was told as saved is
//! there, what was told as not saved is not, and the job goes on when the disk works again.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use rowsmith::api::{Disk, Projection, Reader, Store, StoreSettings};

use crate::part::Part;
use crate::script::{self, Script, folder, follow, strays};

/// Small enough for the job to fill several segments.
const SEGMENT: u64 = 6000;

/// How an operation fails.
#[derive(Debug, Clone, Copy)]
enum Fault {
    /// After this many bytes the disk is full.
    Full(usize),
    /// Nothing is done, and the device has an error.
    Broken,
    /// All is done, but the device says it was not.
    DoneAll,
}

const FAULTS: [Fault; 5] = [Fault::Full(0), Fault::Full(1), Fault::Full(700), Fault::Broken, Fault::DoneAll];
/// For how many operations in a row.
const LASTING: [usize; 4] = [1, 2, 3, usize::MAX];

#[derive(Debug, Default)]
struct State {
    /// Operations that were asked for.
    asked: usize,
    /// The operations that fail, and how.
    fails: Option<(std::ops::Range<usize>, Fault)>,
    /// Whether cutting off a failed write failed.
    cut_failed: bool,
}

#[derive(Debug, Clone, Default)]
struct Failing(Arc<Mutex<State>>);

impl Failing {
    fn fault(&self) -> Option<Fault> {
        let mut state = self.0.lock().unwrap();
        state.asked += 1;
        let at = state.asked - 1;
        state.fails.as_ref().filter(|(when, _)| when.contains(&at)).map(|(_, fault)| *fault)
    }

    fn works_again(&self) {
        self.0.lock().unwrap().fails = None;
    }

    fn error(fault: Fault) -> io::Error {
        match fault {
            Fault::Full(_) => ErrorKind::StorageFull.into(),
            // EIO, which has no name in the standard library.
            Fault::Broken | Fault::DoneAll => io::Error::from_raw_os_error(5),
        }
    }

    fn or(&self, work: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        match self.fault() {
            None => work(),
            Some(fault @ Fault::DoneAll) => work().and(Err(Self::error(fault))),
            Some(fault) => Err(Self::error(fault)),
        }
    }
}

impl Disk for Failing {
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        let Some(fault) = self.fault() else { return file.write_all(bytes) };
        let some = match fault {
            Fault::Full(after) => after.min(bytes.len()),
            Fault::Broken => 0,
            Fault::DoneAll => bytes.len(),
        };
        file.write_all(&bytes[..some]).and(Err(Self::error(fault)))
    }

    fn sync(&mut self, _: &File) -> io::Result<()> {
        self.or(|| Ok(()))
    }

    fn cut(&mut self, file: &File, length: u64) -> io::Result<()> {
        let done = self.or(|| file.set_len(length));
        self.0.lock().unwrap().cut_failed |= done.is_err();
        done
    }

    fn sync_folder(&mut self, _: &Path) -> io::Result<()> {
        self.or(|| Ok(()))
    }
}

fn open(dir: &Path, disk: &Failing) -> Result<(Store, Projection), String> {
    let settings =
        || StoreSettings { segment_bytes: SEGMENT, disk: Box::new(disk.clone()), ..StoreSettings::default() };
    let opened = script::open(dir, settings).map_err(|error| error.to_string())?;
    Ok((opened.store, opened.projection))
}

/// Appends one batch as one, or its parts one by one.
fn append(store: &mut Store, batch: &[rowsmith::api::Fact], one_by_one: bool) -> Result<(), String> {
    let size = if one_by_one { 1 } else { batch.len() };
    let saved = batch.chunks(size).try_for_each(|some| store.append(some).map(drop));
    saved.map_err(|error| error.to_string())
}

/// Carries out the job from a place, and tries each batch that failed twice more. Returns up to where it was told as
/// saved.
fn job(dir: &Path, disk: &Failing, script: &Script, from: usize, one_by_one: bool) -> usize {
    let Ok((mut store, mut projection)) = open(dir, disk) else { return from };
    for places in script.rest(from) {
        let batch = &script.facts[places.clone()];
        // Only what is one operation can be appended in pieces and tried again as a whole.
        let in_pieces = one_by_one && batch[0].part;
        if !(0..3).any(|_| append(&mut store, batch, in_pieces).is_ok()) {
            return places.start;
        }
        follow(&mut store, &mut projection, batch);
        if places.end % 8 == 7 {
            store.catch_up(&projection);
        }
    }
    store.close(&projection);
    script.len()
}

#[test]
fn whatever_write_fails_what_was_told_as_saved_is_there() {
    let mut part = Part::begin("write points that fail", 80, 1500);
    let script = Script::new(25);
    let healthy = Failing::default();
    let dir = folder();
    assert_eq!(job(dir.path(), &healthy, &script, 0, true), script.len());
    let operations = healthy.0.lock().unwrap().asked;
    assert!(std::fs::read_dir(dir.path().join("journal")).unwrap().count() > 2, "segments were rolled");
    let points = operations * FAULTS.len() * LASTING.len();
    for case in 0..part.cases() {
        // Spread over all of them.
        let point = case * points / part.cases();
        let (fault, lasting) = (FAULTS[case % FAULTS.len()], LASTING[case / FAULTS.len() % LASTING.len()]);
        let first = point * operations / points;
        failing(&mut part, &script, first..first.saturating_add(lasting), fault);
        part.did();
    }
    part.end();
}

fn failing(part: &mut Part, script: &Script, when: std::ops::Range<usize>, fault: Fault) {
    let how = format!("{fault:?} at {when:?}");
    let dir = folder();
    let disk = Failing::default();
    disk.0.lock().unwrap().fails = Some((when.clone(), fault));
    let saved = job(dir.path(), &disk, script, 0, when.start.is_multiple_of(2));

    let read = match Reader::open(dir.path()) {
        Ok((_, projection)) => projection,
        // No segment was ever made.
        Err(_) if saved == 0 => Projection::default(),
        Err(error) => return part.lost(format!("{how}: {error}")),
    };
    let cut_failed = disk.0.lock().unwrap().cut_failed;
    let most = if cut_failed { script.most(saved) } else { saved };
    match script.reached(&read, saved) {
        None => part.falsely_saved(format!("{how}: {saved} facts saved, read {}", script.told(&read))),
        Some(there) if there > most => part.wrong(format!("{how}: {there} there, {saved} saved")),
        Some(_) => {}
    }
    disk.works_again();
    let (store, projection) = match open(dir.path(), &disk) {
        Ok(opened) => opened,
        Err(error) => return part.lost(format!("{how}: {error}")),
    };
    let Some(there) = script.reached(&projection, saved) else {
        return part.lost(format!("{how}: opened with {}", script.told(&projection)));
    };
    drop(store);
    if job(dir.path(), &disk, script, there, false) != script.len() {
        part.wrong(format!("{how}: the job did not go on"));
    }
    let strays = strays(dir.path());
    if !strays.is_empty() {
        part.wrong(format!("{how}: {strays:?} were left"));
    }
}
