//! A child that opens a store with small segments, carries out a job, and is killed: opening, appending, rolling a
//! segment, writing sled, keeping a draft and a long text, closing, and making sled again.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rowsmith::api::{Disk, Draft, SplitMix64, Store, StoreSettings};
use tempfile::TempDir;

use crate::part::{Part, is_long};
use crate::script::{Opened, Script, folder, follow, open, strays};

const SEGMENT: u64 = 6000;
const DECISIONS: u32 = 60;

/// The variables that tell a child its store, the place to go on from, and the disk operation at which it kills
/// itself.
const STORE: &str = "ROWSMITH_FAULTS_CHILD_STORE";
const FROM: &str = "ROWSMITH_FAULTS_CHILD_FROM";
const DIES: &str = "ROWSMITH_FAULTS_CHILD_DIES";

/// A disk under a process that dies at one of the operations, in the middle of it where it is a write.
#[derive(Debug)]
struct Deadly {
    left: Option<usize>,
}

impl Deadly {
    fn is_due(&mut self) -> bool {
        let due = self.left == Some(0);
        self.left = self.left.map(|left| left.saturating_sub(1));
        due
    }

    fn live(&mut self) {
        if self.is_due() {
            die();
        }
    }
}

fn die() {
    let me = rustix::process::getpid();
    rustix::process::kill_process(me, rustix::process::Signal::KILL).unwrap();
}

impl Disk for Deadly {
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        if self.is_due() {
            file.write_all(&bytes[..bytes.len() * 2 / 3])?;
            die();
        }
        file.write_all(bytes)
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        self.live();
        file.sync_data()
    }

    fn cut(&mut self, file: &File, length: u64) -> io::Result<()> {
        self.live();
        file.set_len(length)
    }

    fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        self.live();
        File::open(folder)?.sync_all()
    }
}

fn draft(n: usize) -> Draft {
    Draft { user: format!("the draft after {n} facts, {}", "and more ".repeat(400)), ..Draft::default() }
}

#[test]
#[ignore = "the child that the test beside it starts and kills"]
fn writes_until_it_is_killed() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let Some(dir) = std::env::var_os(STORE) else { return };
    let settings = StoreSettings {
        segment_bytes: SEGMENT,
        disk: Box::new(Deadly { left: number(DIES) }),
        ..StoreSettings::default()
    };
    let (mut store, mut projection, _) = Store::open_with(Path::new(&dir), settings).unwrap();
    let script = Script::new(DECISIONS);
    for (n, places) in script.rest(number(FROM).unwrap()).enumerate() {
        let batch = &script.facts[places.clone()];
        // An operation in parts comes in as many appends.
        let size = if batch[0].part { 1 } else { batch.len() };
        for some in batch.chunks(size) {
            store.append(some).unwrap();
        }
        println!("saved {}", places.end);
        follow(&mut store, &mut projection, batch);
        if n % 5 == 4 {
            while store.catch_up(&projection) {}
            println!("drafting {}", places.end);
            store.save_draft(&draft(places.end)).unwrap();
            println!("draft {}", places.end);
        }
        if n % 16 == 15 {
            let _ = store.keep(format!("{n} {}", "a long reply ".repeat(8000)));
        }
    }
    store.close(&projection);
    println!("closed");
}

fn start(dir: &Path, from: usize, dies: Option<usize>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let name = concat!(module_path!(), "::writes_until_it_is_killed");
    let name = name.split_once("::").unwrap().1;
    command.args(["--exact", name, "--ignored", "--nocapture"]).env(STORE, dir).env(FROM, from.to_string());
    if let Some(dies) = dies {
        command.env(DIES, dies.to_string());
    }
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Lets a child run, kills it after a while unless it dies by itself, and returns what it said.
fn killed(mut child: Child, after: Option<Duration>) -> String {
    if let Some(after) = after {
        std::thread::sleep(after);
        // It may have ended before.
        let _ = child.kill();
    }
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    said
}

/// Returns the last number that was said after a word.
fn last(said: &str, word: &str) -> Option<usize> {
    said.lines().rev().find_map(|line| line.strip_prefix(word)?.trim().parse().ok())
}

/// In the long form the store is on the disk, where syncs take their time and kills fall into them.
fn place() -> TempDir {
    if is_long() { tempfile::tempdir().unwrap() } else { folder() }
}

#[test]
fn a_store_that_is_killed_at_any_disk_operation_or_moment_loses_nothing() {
    let mut part = Part::begin("kill -9 of a store's writer", 30, 500);
    let mut random = SplitMix64::new(1);
    let script = Script::new(DECISIONS);
    let whole = place();
    let began = Instant::now();
    let said = killed(start(whole.path(), 0, None), None);
    let longest = began.elapsed();
    assert!(said.contains("closed"), "{said}");

    let mut dir = place();
    let (mut there, mut drafts) = (0, [None, None]);
    for case in 0..part.cases() {
        if there == script.len() {
            (dir, there, drafts) = (place(), 0, [None, None]);
        }
        if random.below(6) == 0 {
            // So that the next one makes it again.
            let _ = std::fs::remove_dir_all(dir.path().join("sled"));
        }
        let (dies, after) = match case % 2 {
            0 => (Some(random.below(40)), None),
            _ => (None, Some(longest.mul_f64(random.unit() * 0.9))),
        };
        let said = killed(start(dir.path(), there, dies), after);
        let saved = last(&said, "saved ").unwrap_or(there);
        // The one that was told as saved, and one that may have come after it.
        drafts = [last(&said, "draft ").or(drafts[0]), last(&said, "drafting ").or(drafts[1])];
        let how = format!("case {case}, {dies:?}, {after:?}, {saved} facts saved");
        there = match checked(&mut part, dir.path(), &script, saved, drafts, &how) {
            Some(there) => there,
            None => script.len(),
        };
        part.did();
    }
    part.end();
}

/// Opens what a killed child left, and returns up to where the job is there.
fn checked(
    part: &mut Part,
    dir: &Path,
    script: &Script,
    saved: usize,
    drafts: [Option<usize>; 2],
    how: &str,
) -> Option<usize> {
    let Opened { store, projection, report } = match open(dir, StoreSettings::default) {
        Ok(opened) => opened,
        Err(error) => {
            part.lost(format!("{how}: {error}"));
            return None;
        }
    };
    let there = script.reached(&projection, saved);
    match there {
        None => part.lost(format!("{how}: opened with {}, {report}", script.told(&projection))),
        Some(there) if there > script.most(saved) => part.wrong(format!("{how}: opened with {there}")),
        Some(_) => {}
    }
    if drafts[0].is_some() {
        let found = format!("{:?}", store.load_draft());
        if !drafts.into_iter().flatten().any(|at| found.contains(&format!("after {at} facts"))) {
            part.lost(format!("{how}: the draft is not one of {drafts:?}: {found:.80}"));
        }
    }
    store.close(&projection);
    let strays = strays(dir);
    if !strays.is_empty() {
        part.wrong(format!("{how}: {strays:?} were left, {report}"));
    }
    there
}
