//! What the product can do, once: the command line and the screen call the same functions.
//!
//! A [`Workbench`] owns a session's dataset, its store and its projection. It is synchronous
//! and draws nothing. Whoever drives it stages facts, commits them together, and shows what
//! [`Workbench::saved`] then holds:
//!
//! ```text
//! stage (decide, undo, begin_run, take_in …) ──► projection, ahead of the journal
//! commit ──► journal, fsynced ──► saved        or, where that fails, back to what was saved
//! follow ──► sled, when there is time
//! ```

mod decide;
mod error;
mod export;
mod flagging;
mod generator;
mod intake;
mod new_session;
mod open;
mod plan;
mod preview;
mod prompts;
mod provenance;
mod reader;
mod resume;
mod row_lookup;
mod scraps;
mod similar;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

pub(crate) use decide::edited_fields;
pub(crate) use error::{Class, WorkbenchError};
pub(crate) use export::ExportOrder;
pub(crate) use intake::RequestOutcome;
pub use new_session::{NewOrder, new_session};
pub use open::Location;
pub(crate) use open::{dataset_of, locate};
pub(crate) use plan::{PlannedRequest, RunPlan};
pub use preview::PreviewRenderer;
pub use prompts::PromptSource;
pub use provenance::nearest_real;
pub(crate) use reader::ReadBench;
pub(crate) use row_lookup::{find_rows, matching_rows};

use crate::dataset::Dataset;
use crate::domain::{Fact, OperationId, Projection, Session, Touched};
use crate::generate::Corpus;
use crate::store::Store;
use flagging::Flagger;
use similar::Similar;

/// How many facts are kept beside the copy of the journal's state before it is brought up to date.
const MOST_SINCE: usize = 4096;

/// An opened session that can be changed. Only one exists for a store at a time.
pub struct Workbench {
    location: Location,
    session: Arc<Session>,
    dataset: Arc<Dataset>,
    store: Store,
    /// The journal's state with the staged facts applied.
    projection: Projection,
    /// The journal's state as it was last looked at, and the facts that were saved since. A copy that is held
    /// makes the next change of every chunk a copy too, so none is taken for every commit.
    saved: Projection,
    since: Vec<Fact>,
    sequence: u64,
    staged: Vec<Fact>,
    touched: Vec<Touched>,
    /// Built when a text is first flagged.
    similar: Option<Similar>,
    /// What the offline generator learns, once it is first asked for.
    corpus: Option<Arc<Corpus>>,
    notices: Vec<String>,
}

impl Workbench {
    /// Returns the session's settings.
    pub const fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Returns the dataset, split.
    pub const fn dataset(&self) -> &Arc<Dataset> {
        &self.dataset
    }

    /// Returns where the session and its store are.
    pub const fn location(&self) -> &Location {
        &self.location
    }

    /// Returns the state with what is staged.
    pub const fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Returns what the journal holds: a snapshot and the number of its last fact.
    pub fn saved(&mut self) -> (u64, Projection) {
        self.look();
        (self.sequence, self.saved.clone())
    }

    /// Brings the copy of the journal's state up to date.
    fn look(&mut self) {
        if self.staged.is_empty() {
            self.saved = self.projection.clone();
            self.since.clear();
        } else {
            self.fold_since();
        }
    }

    fn fold_since(&mut self) {
        for fact in std::mem::take(&mut self.since) {
            self.saved.apply(&fact);
        }
    }

    /// Returns what came up while the session was opened, as sentences.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Returns the number that the next operation gets.
    pub const fn next_operation(&self) -> OperationId {
        self.projection.next_operation()
    }

    /// Applies a fact and keeps it for the next commit.
    pub fn stage(&mut self, fact: Fact) {
        let touched = self.projection.apply(&fact);
        self.touched.push(touched);
        self.staged.push(fact);
    }

    /// Writes what is staged to the journal and makes it durable, with one fsync for all of it.
    ///
    /// # Errors
    ///
    /// Where the journal cannot be written: nothing of what was staged is true then.
    pub fn commit(&mut self) -> Result<(), WorkbenchError> {
        if self.staged.is_empty() {
            return Ok(());
        }
        let facts = std::mem::take(&mut self.staged);
        let touched = std::mem::take(&mut self.touched);
        match self.store.append(&facts) {
            Ok(sequence) => {
                self.sequence = sequence;
                self.since.extend(facts);
                if self.since.len() > MOST_SINCE {
                    self.look();
                }
                touched.iter().for_each(|touched| self.store.follow(touched));
                Ok(())
            }
            Err(error) => {
                self.fold_since();
                self.projection = self.saved.clone();
                self.similar = None;
                Err(error.into())
            }
        }
    }

    /// Lets sled follow the journal by one step. Whatever goes wrong there costs time at the next start, never facts.
    /// Returns whether more is to be written.
    pub fn follow(&mut self) -> bool {
        if self.staged.is_empty() {
            return self.store.catch_up(&self.projection);
        }
        self.look();
        self.store.catch_up(&self.saved)
    }

    fn similar(&mut self) -> &mut Similar {
        self.similar
            .get_or_insert_with(|| Similar::of(Flagger::of(&self.session, &self.dataset), &self.projection))
    }
}

impl Drop for Workbench {
    fn drop(&mut self) {
        // Whoever opens the store next finds sled up to date.
        while self.follow() {}
    }
}

impl fmt::Debug for Workbench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workbench").field("location", &self.location).finish_non_exhaustive()
    }
}
