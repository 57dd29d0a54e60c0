//! Read-only sessions. They take no lock, so they can be open beside a workbench.

use std::ops::Range;

use super::{Location, Workbench, WorkbenchError, dataset_of, owner_of, prompts};
use crate::config;
use crate::dataset::Dataset;
use crate::domain::{Draft, Projection, PromptContent, Session, Timestamp};
use crate::store::{Exchanges, Reader, WhichDraft};
use crate::template::PromptFile;

/// An opened session, read-only.
#[derive(Debug)]
pub(crate) struct ReadBench {
    pub(super) location: Location,
    session: Session,
    projection: Projection,
    store: Reader,
    notices: Vec<String>,
}

impl ReadBench {
    /// Opens a session for reading, from its journal. A missing store is created first, so that it has the
    /// first prompt.
    ///
    /// # Errors
    ///
    /// Where the session file or the journal cannot be used.
    pub(crate) fn open(location: &Location, at: Timestamp) -> Result<Self, WorkbenchError> {
        let session = config::load(&location.folder)?.session;
        let owner = owner_of(location, &session);
        let (mut store, mut projection) = Reader::open_for(&location.store, &owner)?;
        let mut notices = Vec::new();
        if projection.versions().is_empty() {
            match Workbench::open(location, at) {
                Ok(bench) => notices = bench.notices().to_vec(),
                // Another process is creating it: read what is there so far.
                Err(error) if error.class() == super::Class::Locked => {}
                Err(error) => return Err(error),
            }
            (store, projection) = Reader::open_for(&location.store, &owner)?;
        }
        Ok(Self { location: location.clone(), session, projection, store, notices })
    }

    /// Opens a session for reading its first rows alone, where the store can give them without reading all: after some
    /// more rows each, `is_enough` gets the state so far and the numbers of those rows. Its counts count nothing.
    pub(crate) fn open_until(
        location: &Location,
        is_enough: impl FnMut(&Projection, Range<u32>) -> bool,
    ) -> Result<Option<Self>, WorkbenchError> {
        let session = config::load(&location.folder)?.session;
        let owner = owner_of(location, &session);
        let read = Reader::open_until(&location.store, &owner, is_enough);
        Ok(read.map(|(store, projection)| {
            let notices = Vec::new();
            Self { location: location.clone(), session, projection, store, notices }
        }))
    }

    /// Returns what making the store found, in full sentences.
    pub(crate) fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Returns the session's settings.
    pub(crate) const fn session(&self) -> &Session {
        &self.session
    }

    /// Returns the state of the journal.
    pub(crate) const fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Tells the sides of blind trials all the same.
    pub(crate) const fn tell_sides(&mut self) {
        self.projection.tell_sides();
    }

    /// Reads the dataset with the split of the journal.
    ///
    /// # Errors
    ///
    /// Where its file cannot be used.
    pub(crate) fn dataset(&self) -> Result<Dataset, WorkbenchError> {
        dataset_of(&self.location.folder, &self.session, Some(&self.projection))
    }

    /// Returns the messages and the replies of all requests, where the journal can be read.
    pub(super) fn exchanges(&self) -> Option<Exchanges> {
        self.store.exchanges().ok()
    }

    /// Returns the version that a reference names, or the draft for `draft` and `replaced`, as a prompt file.
    ///
    /// # Errors
    ///
    /// Where there is no such version, or the draft's variables cannot be read.
    pub(crate) fn prompt_file(&self, reference: &str) -> Result<PromptFile, WorkbenchError> {
        let content = match reference {
            "draft" => Self::content_of(self.store.draft(WhichDraft::Present))?,
            "replaced" => {
                let replaced = self.store.draft(WhichDraft::Replaced);
                Self::content_of(Some(replaced.ok_or_else(prompts::nothing_replaced)?))?
            }
            _ => None,
        };
        // Before the first draft, the editor has the latest version.
        let reference = Some(reference).filter(|reference| *reference != "draft");
        let version = || Ok(prompts::find_version(&self.projection, reference)?.content.clone());
        let content = content.map_or_else(version, Ok::<_, WorkbenchError>)?;
        Ok(PromptFile::of(&content))
    }

    /// Returns the name of the prompt that the draft, or the one before it, is of.
    pub(super) fn name_of_draft(&self, is_present: bool) -> String {
        let which = if is_present { WhichDraft::Present } else { WhichDraft::Replaced };
        let name = self.store.draft(which).map(|draft| draft.prompt).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| prompts::current_prompt(&self.projection).to_owned())
    }

    fn content_of(draft: Option<Draft>) -> Result<Option<PromptContent>, WorkbenchError> {
        draft.map(|draft| prompts::content_of_draft(&draft)).transpose().map_err(WorkbenchError::Prompt)
    }
}
