//! Checks a whole store, and changes nothing in it.
//!
//! sled is opened as a copy in a temporary folder, because opening one writes to it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::database::Sled;
use super::disk_trouble::is_of_the_disk;
use super::files::Layout;
use super::load::{self, Loaded, Unusable};
use super::lock::Lock;
use super::lost::{self, Held};
use super::reached::{self, LastLine};
use super::replay::Replay;
use super::segment::{self, Line, Place, Visitor};
use super::{StoreError, texts};
use crate::domain::{Event, Fact, Projection, Stored, Touched};
use crate::own_files;

/// The most problems that are listed; further ones are only counted.
const LISTED: usize = 20;

/// The result of checking a store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// The number of segments of the journal.
    pub segments: u32,
    /// The number of lines read, those of unfinished operations included.
    pub facts: u64,
    /// The sequence number of the last line.
    pub sequence: u64,
    /// The number of rows.
    pub rows: usize,
    /// The number of text files that the journal refers to.
    pub texts: usize,
    /// What is wrong, each with what to do about it, in full sentences.
    pub problems: Vec<String>,
    /// Remarks that are not problems, in full sentences.
    pub notes: Vec<String>,
}

impl VerifyReport {
    /// Returns whether there are no problems.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    fn problem(&mut self, problem: impl std::fmt::Display) {
        match self.problems.len() {
            listed if listed < LISTED => self.problems.push(problem.to_string()),
            LISTED => self.problems.push("There are more problems than these.".to_owned()),
            _ => {}
        }
    }
}

/// Checks every checksum and sequence number, the texts that the journal refers to, and that
/// sled's records equal the fold of the facts. A store that does not exist yet is clean.
///
/// # Errors
///
/// [`StoreError::Io`] if the folder cannot be read, and [`StoreError::Newer`]; all other
/// problems are in the report.
pub fn verify(dir: &Path) -> Result<VerifyReport, StoreError> {
    let layout = Layout::new(dir);
    layout.check()?;
    let mut report = VerifyReport::default();
    if let Err(error) = lost::check_name(&layout) {
        report.problem(error);
        return Ok(report);
    }
    let reached = reached::read(&layout);
    let (known, sled) = read_sled(&layout, &mut report);
    let folder = layout.journal();
    match segment::count(&folder) {
        Ok(count) => report.segments = count,
        Err(StoreError::Lost { path, what }) => {
            report.problem(StoreError::Lost { path, what });
            return Ok(report);
        }
        Err(error) => return Err(error),
    }
    let until = sled.as_ref().map_or(0, |loaded| loaded.meta.sequence);
    let mut named = BTreeSet::new();
    let applied = |fact: &Fact, _: Place, _: &Touched| named.extend(named_text(fact).map(str::to_owned));
    let mut check = Check { replay: Replay::new(applied), until, then: None, broken: false, report };
    check.replay.known = [reached, sled.as_ref().and(known)];
    let walked = segment::walk(&folder, 0, &mut check);
    let Check { replay, then, broken, mut report, .. } = check;
    let mut is_lost = broken;
    match walked {
        Ok(end) => {
            report.sequence = end.sequence;
            let held = || sled.as_ref().map(|sled| sled.projection.clone());
            let (sequence, torn, other) = (end.sequence, end.torn, replay.other);
            let read = Held { sequence, torn, other, projection: &replay.projection };
            if let Err(lost) = lost::check(&layout, &read, [reached, known], held) {
                report.problem(lost);
                is_lost = true;
            } else if end.torn > 0 {
                report.notes.push(
                    "The journal ends in the middle of a line that was never saved; the next start cuts it off."
                        .into(),
                );
            }
        }
        Err(error @ (StoreError::Newer { .. } | StoreError::Io { .. })) => return Err(error),
        Err(error) => report.problem(error),
    }
    report.rows = replay.projection.counts().all.total() as usize;
    if !replay.assembler.is_empty() {
        report.notes.push("The last step is only half written; nothing of it counts.".into());
    }
    report.texts = named.len();
    for hash in named {
        if let Err(error) = texts::read(&layout, Stored::File(hash)) {
            report.problem(error);
        }
    }
    if let Some(sled) = sled.filter(|_| !is_lost) {
        compare(&sled, then.as_ref(), &mut report);
    }
    Ok(report)
}

fn named_text(fact: &Fact) -> Option<&str> {
    let stored = match &fact.event {
        Event::RequestBegan { messages, .. } => Some(messages),
        Event::RequestEnded { reply, .. } => reply.as_ref(),
        _ => None,
    };
    match stored? {
        Stored::File(hash) => Some(hash),
        Stored::Inline(_) => None,
    }
}

/// Folds the journal, and keeps the projection at the line that sled has reached, to compare it.
struct Check<F> {
    replay: Replay<F>,
    until: u64,
    then: Option<Projection>,
    /// Whether a line was damaged; the lines after it are checked, but not folded.
    broken: bool,
    report: VerifyReport,
}

impl<F: FnMut(&Fact, Place, &Touched)> Visitor for Check<F> {
    fn line(&mut self, line: &Line<'_>) -> Result<(), StoreError> {
        self.report.facts += 1;
        if self.broken {
            return Ok(());
        }
        if let Err(error) = self.replay.line(line) {
            return self.damage(error);
        }
        if line.sequence == self.until {
            self.then = Some(self.replay.projection.clone());
        }
        Ok(())
    }

    fn was_saved(&self, sequence: u64) -> bool {
        self.replay.was_saved(sequence)
    }

    fn damage(&mut self, error: StoreError) -> Result<(), StoreError> {
        self.broken = true;
        self.report.problem(error);
        Ok(())
    }
}

/// Reads sled's records from a copy, unless a process has the store open for writing. Where that does not work, the
/// journal is checked without it. The last line that sled knows may be known without its records.
fn read_sled(layout: &Layout, report: &mut VerifyReport) -> (Option<LastLine>, Option<Loaded>) {
    let path = layout.sled();
    if !path.exists() {
        return (None, None);
    }
    let lock = match Lock::keep_out(layout) {
        Ok(lock) => lock,
        Err(StoreError::Locked { .. }) => {
            report.notes.push("The store is in use, so sled was not checked; the journal was.".into());
            return (None, None);
        }
        Err(error) => {
            report.notes.push(unchecked(&error.to_string()));
            return (None, None);
        }
    };
    let temporary = std::env::temp_dir();
    own_files::sweep(&temporary);
    let copied = own_files::temporary_folder(&temporary)
        .and_then(|copy| copy_folder(&path, copy.path()).map(|()| copy));
    let copy = match copied {
        Ok(copy) => copy,
        Err(error) => {
            let place = temporary.display();
            report.notes.push(unchecked(&format!("it could not be copied to {place}: {error}.")));
            return (None, None);
        }
    };
    drop(lock);
    let sled = Sled::open(copy.path())
        .map_err(|why| if is_of_the_disk(&why) { Unusable::Disk(why) } else { Unusable::Damaged(why) });
    let known = sled.as_ref().ok().and_then(load::last_line);
    let loaded = sled.and_then(|sled| {
        let loaded = load::load(&sled, layout, false)?;
        let whole = loaded.pages.check();
        whole.map_err(|why| Unusable::Damaged(format!("was damaged ({why})"))).map(|()| loaded)
    });
    match loaded {
        Ok(loaded) => (known, Some(loaded)),
        Err(Unusable::Empty | Unusable::Unfinished | Unusable::Former) => {
            report
                .notes
                .push("sled has not caught up; the next start makes it again from the journal.".into());
            (known, None)
        }
        Err(Unusable::Disk(why)) => {
            report.notes.push(unchecked(&format!("its copy could not be opened: {why}.")));
            (known, None)
        }
        Err(Unusable::Damaged(why) | Unusable::Busy(why)) => {
            report.problem(format!(
                "sled cannot be used: it {why}. Nothing is lost; the next start makes it again from the journal."
            ));
            (known, None)
        }
    }
}

fn unchecked(why: &str) -> String {
    format!("sled was not checked, the journal was: {why}")
}

pub(super) fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&target)?;
            copy_folder(&entry.path(), &target)?;
        } else if !entry.file_type()?.is_file() {
            return Err(std::io::Error::other(format!("{} is no ordinary file", entry.path().display())));
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn compare(sled: &Loaded, then: Option<&Projection>, report: &mut VerifyReport) {
    let empty = Projection::default();
    let then = then.or((sled.meta.sequence == 0).then_some(&empty));
    if let Some(difference) = then.and_then(|projection| projection.difference(&sled.projection)) {
        report.problem(format!(
            "sled does not hold what the journal adds up to. {difference} Nothing is lost: remove the folder \
             `sled` in the store, and the next start makes it again."
        ));
    }
}
