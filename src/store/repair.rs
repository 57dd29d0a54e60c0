//! Repairs a journal that lacks lines: brings home what sled holds, and keeps the damaged journal.
//!
//! ```text
//! the lines that can be read ──> what sled holds beyond, as records ──> the lines after the damage
//!                                       all of it in a new folder
//!
//! journal ──> journal.damaged-1          journal.repaired ──> journal
//! ```
//!
//! Nothing is deleted, and nothing is changed before all of the new journal is on the disk. A repair that is
//! stopped on the way is finished by the next one.

mod pieces;
mod plan;
mod renumber;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::files::{self, Layout};
use super::journal::Journal;
use super::lock::{self, Lock};
use super::reached::{self, LastLine};
use super::{Settings, Store, StoreError, owner};
use crate::domain::Timestamp;
use crate::text::counted;
use pieces::Anew;
use plan::Plan;

/// What a repair found and did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RepairReport {
    /// What was done.
    pub outcome: RepairOutcome,
    /// The number of facts that the damaged journal holds from the first one on.
    pub held: u64,
    /// The number of the last fact that was saved, as far as anything knows.
    pub saved: u64,
    /// How many of the facts that it lacks come home.
    pub home: u64,
    /// How many of them are lost.
    pub lost: u64,
    /// How many rows come home.
    pub rows: usize,
    /// On how many rows decisions come home.
    pub decisions: usize,
    /// How many requests lose their messages or replies.
    pub wordless: usize,
    /// Whether nothing says how far the journal was saved, so that it may lack more than anything knows of.
    pub unsure: bool,
    /// Why sled does not help, as a sentence, where it does not.
    pub sled: Option<String>,
    /// Where the damaged journal is kept.
    pub kept: Option<PathBuf>,
}

/// What a repair did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairOutcome {
    /// Nothing is wrong.
    #[default]
    Healthy,
    /// Something would be lost for good, and nobody has agreed to that: nothing was changed.
    Unagreed,
    /// The journal is whole again.
    Repaired,
    /// A repair that was stopped before is finished.
    Finished,
}

impl RepairReport {
    /// Returns what was found and done, in full sentences.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let missing = self.saved.saturating_sub(self.held);
        let home = format!(
            "{} of {} that the journal lacked {}, with {} and decisions on {}.",
            self.home,
            counted(missing, "fact"),
            if self.outcome == RepairOutcome::Unagreed { "can come home" } else { "came home" },
            counted(self.rows as u64, "row"),
            counted(self.decisions as u64, "row"),
        );
        let mut said = match self.outcome {
            RepairOutcome::Healthy => {
                return vec![format!("Nothing to repair: {} in the journal.", counted(self.held, "fact"))];
            }
            RepairOutcome::Finished => {
                return vec![format!(
                    "The last repair is finished: {} in the journal.",
                    counted(self.held, "fact")
                )];
            }
            RepairOutcome::Repaired | RepairOutcome::Unagreed if missing > 0 => vec![home],
            RepairOutcome::Repaired | RepairOutcome::Unagreed => Vec::new(),
        };
        // That sled is of no help matters only where something is missing.
        said.extend(self.sled.clone().filter(|_| missing > 0 || self.outcome == RepairOutcome::Unagreed));
        if self.wordless > 0 {
            said.push(format!(
                "The messages or replies of {} are lost; what came of them is there.",
                counted(self.wordless as u64, "request")
            ));
        }
        said.push(match (self.outcome, self.lost) {
            (RepairOutcome::Unagreed, lost) => format!(
                "{} would be given up, so nothing was changed. Put the journal back from a backup, or add \
                 `--accept-loss`, which goes on with what there is.",
                match lost {
                    0 if self.unsure => "Whatever the journal held before".into(),
                    0 => "What sled holds or the journal held before".into(),
                    lost => counted(lost, "fact"),
                },
            ),
            (_, 0) if self.unsure => {
                "The journal is whole as far as it goes; whether it held more is not known.".into()
            }
            (_, 0) => "The journal is whole again.".into(),
            (_, lost) => format!(
                "The journal is whole again, without {} that nothing holds any more.",
                counted(lost, "fact")
            ),
        });
        said.extend(
            self.kept.as_ref().map(|kept| format!("The damaged journal is kept as {}.", kept.display())),
        );
        said
    }
}

/// Repairs a store. Without `accept_loss` it does so only where nothing is lost.
///
/// # Errors
///
/// [`StoreError::Locked`] while a process has the store open, [`StoreError::Newer`], [`StoreError::Damaged`] for
/// a fact that this version does not know, or [`StoreError::Io`].
pub fn repair(dir: &Path, at: Timestamp, accept_loss: bool) -> Result<RepairReport, StoreError> {
    let layout = Layout::new(dir);
    if !dir.is_dir() {
        return Ok(RepairReport::default());
    }
    layout.check()?;
    let lock = Lock::take(&layout)?;
    finish_renaming(&layout)?;
    let mut plan = Plan::of(&layout, at)?;
    if plan.report.outcome == RepairOutcome::Repaired {
        if reached::read_at(&layout.repairing()) == Some(plan.last) {
            // The last repair was stopped after the new journal had its name; all that it could was done.
            plan.report = RepairReport { outcome: RepairOutcome::Finished, ..plan.report };
            settle(&layout, plan.last)?;
        } else if plan.gives_up && !accept_loss {
            plan.report.outcome = RepairOutcome::Unagreed;
        } else {
            plan.report.kept = carry_out(&layout, &plan, usize::MAX)?;
        }
    }
    if matches!(plan.report.outcome, RepairOutcome::Healthy | RepairOutcome::Unagreed) {
        return Ok(plan.report);
    }
    drop(lock);
    // This makes sled again, and shows that the store opens.
    let (store, projection, _) = Store::open(dir)?;
    store.close(&projection);
    Ok(plan.report)
}

/// Writes the new journal and puts it in the place of the damaged one; tests stop it after some steps.
fn carry_out(layout: &Layout, plan: &Plan, steps: usize) -> Result<Option<PathBuf>, StoreError> {
    let making = layout.making();
    let last = write(layout, &making, plan).inspect_err(|_| {
        // Where the disk is full, what was begun must not fill it further.
        let _ = fs::remove_dir_all(&making);
    })?;
    let (journal, repaired) = (layout.journal(), layout.repaired());
    let damaged = journal.exists().then(|| files::free_name(&journal, "journal.damaged"));
    let renamed = |from: &Path, to: &Path| {
        fs::rename(from, to).map_err(StoreError::io(from, "renamed"))?;
        files::sync_folder(layout.dir())
    };
    let all: [&dyn Fn() -> Result<(), StoreError>; 5] = [
        &|| files::write_whole(&layout.repairing(), last.record().as_bytes()),
        &|| renamed(&making, &repaired),
        &|| damaged.as_ref().map_or(Ok(()), |damaged| renamed(&journal, damaged)),
        &|| renamed(&repaired, &journal),
        &|| settle(layout, last),
    ];
    all.iter().take(steps).try_for_each(|step| step())?;
    Ok(damaged)
}

/// Writes the new journal to a folder, and returns its last line.
fn write(layout: &Layout, folder: &Path, plan: &Plan) -> Result<LastLine, StoreError> {
    files::make_folder(folder)?;
    let Settings { segment_bytes, disk, .. } = Settings::default();
    let mut anew = Anew::new(folder, &layout.journal(), segment_bytes);
    let mut sum = 0;
    pieces::read(&layout.journal(), |line, bytes| {
        sum = line.sum;
        anew.push(line.sequence, bytes)
    })?;
    let end = anew.finish()?;
    let last = lock::lock_segment(folder, layout.dir())?;
    let stamp = owner::settle(layout, None)?.stamp;
    let mut journal = Journal::open(folder.to_owned(), end, sum, segment_bytes, disk, last, stamp)?;
    journal.append(&plan.abandoned, &plan.facts, || Ok(()))?;
    files::sync_folder(folder)?;
    Ok(LastLine { sequence: journal.sequence(), sum: journal.sum() })
}

/// Gives a mended journal its name, where the last repair was stopped just before. Where the damaged journal is
/// still in its place, the repair begins anew.
fn finish_renaming(layout: &Layout) -> Result<(), StoreError> {
    let (journal, repaired, making) = (layout.journal(), layout.repaired(), layout.making());
    if repaired.exists() && !journal.exists() {
        fs::rename(&repaired, &journal).map_err(StoreError::io(&repaired, "renamed"))?;
        return files::sync_folder(layout.dir());
    }
    for half in [repaired, making] {
        if half.exists() {
            let _ = fs::remove_file(layout.repairing());
            fs::remove_dir_all(&half).map_err(StoreError::io(&half, "removed"))?;
        }
    }
    Ok(())
}

/// Makes `reached` say what the new journal holds, and sets sled aside, which is made again from it.
fn settle(layout: &Layout, last: LastLine) -> Result<(), StoreError> {
    files::write_whole(&layout.reached(), last.record().as_bytes())?;
    if layout.sled().exists() {
        files::set_aside(&layout.sled(), "sled.damaged")?;
    }
    let repairing = layout.repairing();
    fs::remove_file(&repairing).map_err(StoreError::io(&repairing, "removed"))?;
    files::sync_folder(layout.dir())
}

#[cfg(test)]
mod tests;
