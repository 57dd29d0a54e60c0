//! What could not be saved: it waits in memory, is tried again, and can be written to another folder.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Workbench, WorkbenchError};
use crate::domain::{Draft, Event, Timestamp, Unsaved};
use crate::store::{Copied, StoreError};
use crate::text::shell_word;

/// How many names are tried for a folder that is not there yet.
const NAMES: u32 = 1000;
/// How many bytes a folder has to take before a store is proposed there.
const ROOM: usize = 1 << 18;

/// What waits to be saved.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// How many of the staged facts a commit could not save.
    pub(super) facts: usize,
    draft: Option<Draft>,
    /// Why, as a sentence; `None` while all that was to be saved is.
    reason: Option<String>,
    /// What is added to the store's sequence number, so that the state's number grows when the store is another.
    pub(super) before: u64,
}

impl Waiting {
    pub(super) fn facts_are_saved(&mut self) {
        self.facts = 0;
        if self.draft.is_none() {
            self.reason = None;
        }
    }

    pub(super) fn facts_wait(&mut self, facts: usize, error: &StoreError) {
        self.facts = facts;
        self.reason = Some(error.to_string());
    }

    pub(super) fn draft_was_written(&mut self, draft: &Draft, error: Option<&StoreError>) {
        self.draft = error.map(|_| draft.clone());
        match error {
            Some(error) => self.reason = Some(error.to_string()),
            None if self.facts == 0 => self.reason = None,
            None => {}
        }
    }
}

impl Workbench {
    /// Returns what is not saved, and why; `None` where everything is.
    #[must_use]
    pub fn unsaved(&self) -> Option<Unsaved> {
        let reason = self.waiting.reason.clone()?;
        Some(Unsaved { reason, facts: self.waiting.facts, draft: self.waiting.draft.is_some() })
    }

    /// Returns the store's folder, where the path still leads to it.
    ///
    /// # Errors
    ///
    /// Where it leads elsewhere.
    pub(crate) fn folder(&self) -> Result<&Path, WorkbenchError> {
        Ok(self.store.folder()?)
    }

    /// Returns whether something waits that was paid for: rows, scraps or replies.
    pub(crate) fn holds_paid(&self) -> bool {
        let is_paid = |event: &Event| match event {
            Event::Sampled { .. } | Event::Scrapped { .. } => true,
            Event::RequestEnded { sent, .. } => *sent > 0,
            _ => false,
        };
        self.staged.iter().any(|fact| is_paid(&fact.event))
    }

    /// Looks whether the store is still there, and tries again to save what waits.
    pub fn try_again(&mut self) {
        if let Err(error) = self.store.check() {
            self.waiting.reason = Some(error.to_string());
            return;
        }
        // Both note by themselves what became of it.
        if self.commit().is_ok()
            && let Some(draft) = self.waiting.draft.take()
        {
            let _ = self.save_draft(&draft);
        }
    }

    /// Where nothing is staged, looks again at a store that was not as it should be.
    pub(super) fn look_again(&mut self) -> Result<(), WorkbenchError> {
        if self.waiting.reason.is_some() {
            self.store.check()?;
            self.waiting.facts_are_saved();
        }
        Ok(())
    }

    /// Writes everything to a new store in another folder: what is saved, what waits, and the draft. From then
    /// on that store is written to. Returns where it is, what it lacks, and how it is opened.
    ///
    /// # Errors
    ///
    /// Where the folder holds something or cannot be written; then everything waits as before.
    pub(crate) fn write_elsewhere(
        &mut self,
        dir: &Path,
        draft: Option<&Draft>,
        at: Timestamp,
    ) -> Result<String, WorkbenchError> {
        self.refresh_saved();
        let Copied { mut store, wordless } = self.store.copy_to(dir, &self.saved, at)?;
        let written = store.append(&self.staged).and_then(|sequence| {
            let draft = draft.or(self.waiting.draft.as_ref());
            draft.map_or(Ok(()), |draft| store.save_draft(draft)).map(|()| sequence)
        });
        let sequence = match written {
            Ok(sequence) => sequence,
            Err(error) => {
                drop(store);
                // A store that lacks something must not look like one that is whole.
                let _ = std::fs::remove_dir_all(dir);
                return Err(error.into());
            }
        };
        self.touched.iter().for_each(|touched| store.follow(touched));
        let before = self.state().sequence.saturating_sub(sequence);
        self.waiting = Waiting { before, ..Waiting::default() };
        self.staged.clear();
        self.touched.clear();
        (self.sequence, self.store) = (sequence, store);
        dir.clone_into(&mut self.location.store);
        self.refresh_saved();
        Ok(self.said_of(dir, wordless))
    }

    fn said_of(&self, dir: &Path, wordless: usize) -> String {
        let lacks = match wordless {
            0 => String::new(),
            1 => " The messages and the reply of 1 request were lost with the old folder.".to_owned(),
            count => format!(" The messages and replies of {count} requests were lost with the old folder."),
        };
        let word = |path: &Path| shell_word(&path.to_string_lossy());
        format!(
            "Everything is saved in {} now.{lacks} Open it next time with `rowsmith open {} --store {}`.",
            dir.display(),
            word(&self.location.folder),
            word(dir)
        )
    }

    /// Writes everything to the first of these folders that can be written.
    ///
    /// # Errors
    ///
    /// That of the last folder, where none can.
    pub(crate) fn rescue(&mut self, folders: &[PathBuf], at: Timestamp) -> Result<String, WorkbenchError> {
        let mut outcome = Err(WorkbenchError::NotSaved("There is no folder to write to.".into()));
        for folder in folders {
            outcome = self.write_elsewhere(folder, None, at);
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }
}

/// Returns folders that a store could be written to instead of `store`, the best one first: beside it, among the
/// user's data in `data`, and among temporary files. None of them is there yet.
pub(crate) fn rescue_folders(session: &Path, store: &Path, data: &Path) -> Vec<PathBuf> {
    let absolute = std::path::absolute(store).unwrap_or_else(|_| store.to_owned());
    let name = absolute.file_name().map_or_else(|| "store".into(), |name| name.to_string_lossy());
    let session = std::path::absolute(session).unwrap_or_else(|_| session.to_owned());
    let session = session.file_name().map_or_else(|| "session".into(), |name| name.to_string_lossy());
    let beside = absolute.parent().filter(|folder| takes_bytes(folder));
    let beside = beside.map(|folder| free(folder, &name));
    let others = [data.join("stores"), std::env::temp_dir()];
    beside.into_iter().chain(others.iter().map(|folder| free(folder, &format!("{session}-store")))).collect()
}

/// Returns whether a folder takes a new file with something in it; a full disk often takes an empty one.
fn takes_bytes(folder: &Path) -> bool {
    let written = tempfile::tempfile_in(folder).and_then(|mut file| {
        file.write_all(&vec![1; ROOM])?;
        file.sync_all()
    });
    written.is_ok()
}

/// Returns a path in a folder that nothing has yet: `NAME-2`, `NAME-3` …
fn free(folder: &Path, name: &str) -> PathBuf {
    let paths = (2..NAMES).map(|number| folder.join(format!("{name}-{number}")));
    let mut free = paths.filter(|path| path.symlink_metadata().is_err());
    free.next().unwrap_or_else(|| folder.join(name))
}
