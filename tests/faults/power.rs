//! Power loss: of what was written after a file's last sync any sectors are there, or none; a file whose name was
//! not synced may be missing; sled and the rest of the store are as they were at some moment before, whole or cut.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rowsmith::api::{Disk, SplitMix64, Store, StoreSettings, verify};
use tempfile::TempDir;

use crate::part::Part;
use crate::script::{Opened, Script, copy, folder, follow, open};

const SECTOR: usize = 512;
const SEGMENT: u64 = 9000;

/// What happened, in order.
#[derive(Debug, Clone)]
enum Step {
    Write(String, Vec<u8>),
    Cut(String, usize),
    Sync(String),
    SyncFolder,
    /// This many facts were told as saved.
    Saved(usize),
    /// The rest of the store was copied here.
    Copied(PathBuf),
}

/// A disk that records its operations.
#[derive(Debug, Clone)]
struct Recorder {
    folder: PathBuf,
    steps: Arc<Mutex<Vec<Step>>>,
}

impl Recorder {
    fn note(&self, step: Step) {
        self.steps.lock().unwrap().push(step);
    }

    /// Returns the name of an open file.
    fn name(&self, file: &File) -> String {
        let wanted = file.metadata().unwrap().ino();
        let mut entries = fs::read_dir(&self.folder).unwrap().map(Result::unwrap);
        let found = entries.find(|entry| entry.metadata().unwrap().ino() == wanted);
        found.unwrap().file_name().into_string().unwrap()
    }
}

impl Disk for Recorder {
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        self.note(Step::Write(self.name(file), bytes.to_vec()));
        file.write_all(bytes)
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        self.note(Step::Sync(self.name(file)));
        Ok(())
    }

    fn cut(&mut self, file: &File, length: u64) -> io::Result<()> {
        self.note(Step::Cut(self.name(file), usize::try_from(length).unwrap()));
        file.set_len(length)
    }

    fn sync_folder(&mut self, _: &Path) -> io::Result<()> {
        self.note(Step::SyncFolder);
        Ok(())
    }
}

/// A file as the disk has it, and as the program sees it.
#[derive(Debug, Clone, Default)]
struct Contents {
    synced: Vec<u8>,
    written: Vec<u8>,
}

impl Contents {
    /// Returns what a power loss may leave: any sectors of what was written, up to any length.
    fn left(&self, random: &mut SplitMix64) -> Vec<u8> {
        let (old, new) = (&self.synced, &self.written);
        let (least, most) = (old.len().min(new.len()), old.len().max(new.len()));
        let length = match random.below(4) {
            0 => old.len(),
            1 => new.len(),
            _ => least + random.below(most - least + 1),
        };
        // A plain prefix is the usual case; sectors that come out of order are the nasty one.
        let in_order = random.below(3) == 0;
        let mut left = Vec::with_capacity(length);
        while left.len() < length {
            let from = left.len();
            let to = length.min((from / SECTOR + 1) * SECTOR);
            let source = if in_order || random.below(2) == 0 { new } else { old };
            left.extend((from..to).map(|at| source.get(at).copied().unwrap_or(0)));
        }
        left
    }
}

/// Records the job once; the second folder holds the copies.
fn recorded(script: &Script) -> (Vec<Step>, TempDir) {
    let (dir, copies) = (folder(), folder());
    let recorder = Recorder { folder: dir.path().join("journal"), steps: Arc::default() };
    let settings = StoreSettings {
        segment_bytes: SEGMENT,
        disk: Box::new(recorder.clone()),
        ..StoreSettings::default()
    };
    let (mut store, mut projection, _) = Store::open_with(dir.path(), settings).unwrap();
    let keep_copy = |name: &str| {
        let beside = copies.path().join(name);
        copy(dir.path(), &beside);
        fs::remove_dir_all(beside.join("journal")).unwrap();
        recorder.note(Step::Copied(beside));
    };
    keep_copy("opened");
    for (n, places) in script.rest(0).enumerate() {
        let batch = &script.facts[places.clone()];
        store.append(batch).unwrap();
        recorder.note(Step::Saved(places.end));
        follow(&mut store, &mut projection, batch);
        if n % 3 == 2 {
            store.catch_up(&projection);
        }
        if n % 4 == 3 {
            keep_copy(&n.to_string());
        }
    }
    let steps = recorder.steps.lock().unwrap().clone();
    (steps, copies)
}

/// Lays a store down as the power loss after these steps leaves it, and returns how many facts were told as saved.
fn lay_down(steps: &[Step], dir: &Path, random: &mut SplitMix64) -> usize {
    let mut files: BTreeMap<&str, Contents> = BTreeMap::new();
    let mut named = BTreeSet::new();
    let (mut saved, mut copies) = (0, Vec::new());
    for step in steps {
        match step {
            Step::Write(name, bytes) => files.entry(name).or_default().written.extend(bytes),
            Step::Cut(name, length) => files.entry(name).or_default().written.truncate(*length),
            Step::Sync(name) => {
                let file = files.entry(name).or_default();
                file.synced.clone_from(&file.written);
            }
            Step::SyncFolder => named.extend(files.keys().copied()),
            Step::Saved(facts) => saved = *facts,
            Step::Copied(beside) => copies.push(beside),
        }
    }
    if let Some(beside) = random.choose(&copies) {
        copy(beside, dir);
        age(dir, random);
        // That file came to the disk when the system liked.
        let other = random.choose(&copies).unwrap().join("reached");
        if other.exists() {
            fs::copy(other, dir.join("reached")).unwrap();
        }
    }
    fs::create_dir_all(dir.join("journal")).unwrap();
    for (name, contents) in files {
        if named.contains(name) || random.below(2) == 0 {
            fs::write(dir.join("journal").join(name), contents.left(random)).unwrap();
        }
    }
    saved
}

/// Cuts, zeroes or removes one of sled's files, or leaves all as it was. The file that tells what was saved last is one
/// sector that is written in place, so it is as it was.
fn age(dir: &Path, random: &mut SplitMix64) {
    let mut files: Vec<PathBuf> =
        fs::read_dir(dir.join("sled")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    if random.below(8) == 0 {
        return fs::remove_dir_all(dir.join("sled")).unwrap();
    }
    let path = &files[random.below(files.len())];
    let Ok(mut bytes) = fs::read(path) else { return };
    match random.below(5) {
        0 => fs::remove_file(path).unwrap(),
        1 => fs::write(path, &bytes[..random.below(bytes.len() + 1)]).unwrap(),
        2 => {
            let from = random.below(bytes.len() + 1) / SECTOR * SECTOR;
            bytes[from..].fill(0);
            fs::write(path, bytes).unwrap();
        }
        _ => {}
    }
}

/// Returns after how many steps the power is lost: mostly while something is written and not synced.
fn moment(steps: &[Step], random: &mut SplitMix64) -> usize {
    let from = random.below(steps.len());
    let next_write = steps[from..].iter().position(|step| matches!(step, Step::Write(..)));
    let further = if random.below(4) == 0 { 0 } else { next_write.unwrap_or(0) };
    from + further + 1
}

#[test]
fn after_a_power_loss_everything_that_was_told_as_saved_is_there() {
    let mut part = Part::begin("power loss", 40, 200);
    let script = Script::new(40);
    let (steps, _copies) = recorded(&script);
    let rolls = steps.iter().filter(|step| matches!(step, Step::SyncFolder)).count();
    assert!(rolls > 2, "segments were rolled");
    for case in 0..part.cases() {
        let mut random = SplitMix64::new(case as u64);
        let dir = folder();
        let at = moment(&steps, &mut random);
        let saved = lay_down(&steps[..at], dir.path(), &mut random);
        let how = format!("case {case}, after step {at}, {saved} facts saved");
        match open(dir.path(), StoreSettings::default) {
            Ok(Opened { store, projection, .. }) => {
                match script.reached(&projection, saved) {
                    None => part.lost(format!("{how}, opened with {}", script.told(&projection))),
                    Some(there) if there > script.most(saved) => {
                        part.wrong(format!("{how}, opened with {there}"));
                    }
                    Some(_) => {}
                }
                store.close(&projection);
                match verify(dir.path()) {
                    Ok(report) if report.problems.is_empty() => {}
                    other => part.wrong(format!("{how}: {other:?}")),
                }
            }
            Err(error) => part.lost(format!("{how}: {error}")),
        }
        part.did();
    }
    part.end();
}
