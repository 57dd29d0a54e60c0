//! A scripted job for a store, and what a folder holds.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rowsmith::api::{Change, Fact, Projection, Rating, Store, StoreError, StoreSettings};
use tempfile::TempDir;

use crate::facts;

/// Rows of the job.
const ROWS: u32 = 40;

/// A job as facts, which are appended in batches. Places in it are numbers of facts.
pub(crate) struct Script {
    pub(crate) facts: Vec<Fact>,
    /// Where each batch ends.
    ends: Vec<usize>,
    /// The states that may be seen, each with its place: an operation in parts is seen whole or not at all.
    states: Vec<(usize, Projection)>,
}

impl Script {
    /// Writes a job: a version, a run, and decisions of every kind, some in parts.
    pub(crate) fn new(decisions: u32) -> Self {
        let mut batches: Vec<Vec<Fact>> = facts::sampled(ROWS).chunks(4).map(<[Fact]>::to_vec).collect();
        batches.extend((0..decisions).map(decided));
        let mut states = vec![(0, Projection::default())];
        let (mut state, mut ends) = (Projection::default(), Vec::new());
        let facts: Vec<Fact> = batches.iter().flatten().cloned().collect();
        for (n, fact) in facts.iter().enumerate() {
            state.apply(fact);
            if !fact.part {
                states.push((n + 1, state.clone()));
            }
        }
        for batch in &batches {
            ends.push(ends.last().unwrap_or(&0) + batch.len());
        }
        Self { facts, ends, states }
    }

    /// Returns the place after the last batch.
    pub(crate) fn len(&self) -> usize {
        self.facts.len()
    }

    /// Returns the places between which the batches from a place on lie; the first may be the rest of one.
    pub(crate) fn rest(&self, from: usize) -> impl Iterator<Item = Range<usize>> {
        let ends = self.ends.iter().copied().filter(move |end| *end > from);
        ends.scan(from, |start, end| Some(std::mem::replace(start, end)..end))
    }

    /// Returns the place that may be there at most when everything up to `saved` was told as saved.
    pub(crate) fn most(&self, saved: usize) -> usize {
        self.ends.iter().copied().find(|end| *end > saved).unwrap_or(saved)
    }

    /// Returns the place of a state that is `least` or after it.
    pub(crate) fn reached(&self, projection: &Projection, least: usize) -> Option<usize> {
        let mut states = self.states.iter().filter(|(place, _)| *place >= least);
        states.find(|(_, state)| projection.difference(state).is_none()).map(|(place, _)| *place)
    }

    /// Returns which state a projection equals at all, as words for a failure.
    pub(crate) fn told(&self, projection: &Projection) -> String {
        self.reached(projection, 0).map_or("no state of the job".into(), |place| format!("{place} facts"))
    }
}

/// Returns the facts of one decision.
fn decided(n: u32) -> Vec<Fact> {
    let (first, operation) = (n * 7 % ROWS, u64::from(3 + n));
    let one = first..first + 1;
    let tags = vec![format!("tag-{}", n % 5)];
    let fact = match n % 5 {
        0 => facts::changed(operation, one, Change::Accept { rating: Rating::try_from(4).ok(), tags }),
        1 => facts::changed(operation, 0..first + 1, Change::skip()),
        2 => facts::changed(operation, one, Change::Reject { reason: Some(format!("{n}")), tags }),
        3 => facts::changed(operation, one, Change::Tag { tags }),
        _ => facts::changed(operation, first / 2..first + 1, Change::accept()),
    };
    let part = Fact { part: true, ..facts::changed(operation, first..ROWS, Change::reject()) };
    if n % 4 == 1 { vec![part.clone(), part, fact] } else { vec![fact] }
}

/// Applies facts that were saved, and tells the store.
pub(crate) fn follow(store: &mut Store, projection: &mut Projection, facts: &[Fact]) {
    facts.iter().for_each(|fact| store.follow(&projection.apply(fact)));
}

/// An open store, with what opening it found in words.
pub(crate) struct Opened {
    pub(crate) store: Store,
    pub(crate) projection: Projection,
    pub(crate) report: String,
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Returns every file below a folder with its bytes, and every folder without.
pub(crate) fn tree(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Option<Vec<u8>>>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap().to_owned();
            if path.is_dir() {
                found.insert(name, None);
                walk(root, &path, found);
            } else {
                found.insert(name, Some(fs::read(&path).unwrap_or_default()));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// Returns the names of what does not belong in a store that was opened and closed: temporary files, and what was
/// moved aside.
pub(crate) fn strays(store: &Path) -> Vec<PathBuf> {
    let is_stray = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let ends = [".tmp", ".generating", ".half", ".new", ".part"];
        ends.iter().any(|end| name.ends_with(end)) || name.starts_with(".tmp") || name.contains(".damaged")
    };
    tree(store).into_keys().filter(is_stray).collect()
}

/// Makes a folder for one case, in memory where the system has such a place: it is written much, and no power is lost.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.or_else(|_| tempfile::tempdir()).unwrap()
}

/// Opens a store. A process that another test starts at this moment holds its lock until it has begun.
pub(crate) fn open(dir: &Path, settings: impl Fn() -> StoreSettings) -> Result<Opened, StoreError> {
    let mut opened = Store::open_with(dir, settings());
    for _ in 0..100 {
        if !matches!(opened, Err(StoreError::Locked { .. })) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
        opened = Store::open_with(dir, settings());
    }
    let (store, projection, report) = opened?;
    Ok(Opened { store, projection, report: format!("{report:?}") })
}
