//! The use cases of the program, shared by the command line and the screen.
//!
//! A [`Workbench`] owns a session's dataset, its store and its projection. It is synchronous and draws
//! nothing. Callers stage facts, commit them together, and then show [`Workbench::saved`]:
//!
//! ```text
//! stage (decide, undo, begin_run, take_in …) ──► projection, ahead of the journal
//! commit ──► journal, fsynced ──► saved        or, where that fails, kept and tried again
//! follow ──► sled, when there is time
//! ```

mod batch;
mod compare;
mod data;
mod decide;
mod diversity;
mod drafting;
mod error;
mod evaluate;
mod examples;
mod export;
mod feedback;
mod flagging;
mod generator;
mod import;
mod in_parts;
mod indexing;
mod intake;
mod naming;
mod new_session;
mod notes;
mod open;
mod outside;
mod plan;
mod planning;
mod preview;
mod prompt_files;
mod prompt_remarks;
mod prompts;
mod provenance;
mod race;
mod reader;
mod resume;
mod row_lookup;
mod scarcity;
mod score_texts;
mod scoreboard;
mod scraps;
mod similar;
#[cfg(test)]
mod tests;
mod trials;
mod unsaved;
mod unused;
mod values;

use std::fmt;
use std::sync::Arc;

pub(crate) use compare::pair_figures;
pub(crate) use data::{data_report, misread};
pub(crate) use decide::edited_fields;
pub(crate) use drafting::{Drafted, NextRequest};
pub(crate) use error::{Class, WorkbenchError};
pub(crate) use evaluate::{EvaluationMade, EvaluationOrder, Evaluator, TrainCv};
/// What an export is ordered by, for those who order one.
pub(crate) use export::ordered;
pub(crate) use export::{ExportOrder, ExportPreview, Wanted, Watch};
pub(crate) use flagging::FlaggedRow;
use flagging::Flagger;
pub(crate) use import::{FileOrder, ImportProgress, ImportReport};
pub(crate) use intake::RequestOutcome;
pub(crate) use new_session::{NO_SPLIT, PreparedSession, expanded, prepare, require_free};
pub use new_session::{NewOrder, new_session};
pub use open::Location;
pub(crate) use open::{FirstScreen, dataset_of, locate, owner_of};
pub(crate) use plan::{PlannedRequest, RunPlan};
pub(crate) use planning::{PlanQuestion, coverage_of, plan_of};
pub use preview::PreviewRenderer;
pub(crate) use prompt_files::{AddFault, Added, ExportedPrompt};
pub use prompts::PromptSource;
pub use provenance::nearest_real;
pub(crate) use provenance::{like_of, likeness_of};
pub(crate) use race::{RaceBatch, race_is_as_it_ended};
pub(crate) use reader::ReadBench;
pub(crate) use row_lookup::{find_rows, matching_rows, read_filter};
pub(crate) use score_texts::scoreboard_with_texts;

use crate::dataset::Dataset;
use crate::domain::{Fact, OperationId, Projection, Saved, Session, Touched};
use crate::generate::Corpus;
use crate::store::Store;
use crate::text::Stop;
use examples::ExampleSource;
use similar::Similar;
use unsaved::Waiting;
pub(crate) use unsaved::rescue_folders;

/// How many records may be pending before some are written although nobody is idle.
const FAR_BEHIND: usize = 512;
/// How many saved facts may wait before they are applied to the `saved` copy.
const MOST_SINCE: usize = 4096;

/// An opened session that can be changed. Only one exists for a store at a time.
pub struct Workbench {
    location: Location,
    session: Arc<Session>,
    dataset: Arc<Dataset>,
    store: Store,
    /// The journal's state with the staged facts applied.
    projection: Projection,
    /// The journal's state, except for the facts in `since`, which were saved later. While a copy exists,
    /// each change of a chunk copies that chunk, so not every commit makes a new one.
    saved: Projection,
    since: Vec<Fact>,
    sequence: u64,
    staged: Vec<Fact>,
    touched: Vec<Touched>,
    /// What is not on the disk though it was to be, and why.
    waiting: Waiting,
    /// Built when a text is first flagged, or before a run by another thread.
    index: Option<Arc<Flagger>>,
    /// Built when a text is first compared with those of the rows, or before a run by another thread.
    similar: Option<Similar>,
    /// What examples are drawn from.
    examples: ExampleSource,
    /// The train rows for the offline generator, built at its first use.
    corpus: Option<Arc<Corpus>>,
    /// Columns of the dataset that variables take their values from.
    columns: values::ReadColumns,
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

    /// Returns how many rows of the target are known and held back, in full sentences; none where all are known.
    pub(crate) fn scarcity(&self) -> Vec<String> {
        scarcity::said(&self.session, &self.dataset)
    }

    /// Returns where the session and its store are.
    pub const fn location(&self) -> &Location {
        &self.location
    }

    /// Returns the state with the staged facts applied.
    pub const fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Returns a snapshot of the state with all facts that are saved or wait to be saved, and a number that only
    /// grows with them.
    pub fn state(&self) -> Saved {
        let sequence = self.waiting.before + self.sequence + self.staged.len() as u64;
        Saved { sequence, projection: self.projection.clone() }
    }

    /// Brings the `saved` copy up to date with the journal.
    fn refresh_saved(&mut self) {
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

    /// Returns the notices of opening the session, as sentences.
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

    /// Writes the staged facts to the journal, durably, with a single fsync.
    ///
    /// # Errors
    ///
    /// Where the journal cannot be written. The staged facts wait then for the next commit, see
    /// [`Workbench::unsaved`]; only facts that no journal can hold are taken back.
    pub fn commit(&mut self) -> Result<(), WorkbenchError> {
        if self.staged.is_empty() {
            return self.look_again();
        }
        let facts = std::mem::take(&mut self.staged);
        let touched = std::mem::take(&mut self.touched);
        match self.store.append(&facts) {
            Ok(sequence) => {
                self.sequence = sequence;
                self.since.extend(facts);
                if self.since.len() > MOST_SINCE {
                    self.refresh_saved();
                }
                touched.iter().for_each(|touched| self.store.follow(touched));
                self.waiting.facts_are_saved();
                Ok(())
            }
            Err(error) => {
                (self.staged, self.touched) = (facts, touched);
                if error.is_of_facts() {
                    self.take_back();
                } else {
                    self.waiting.facts_wait(self.staged.len(), &error);
                }
                Err(error.into())
            }
        }
    }

    /// Takes back the facts that were staged since the last commit.
    fn take_back(&mut self) {
        self.staged.truncate(self.waiting.facts);
        self.touched.truncate(self.waiting.facts);
        self.fold_since();
        self.projection = self.saved.clone();
        self.staged.iter().for_each(|fact| drop(self.projection.apply(fact)));
        self.similar = None;
    }

    /// Writes one step of the journal's facts to sled and returns whether more are left. An error here only
    /// makes the next start slower; no fact is lost.
    pub fn follow(&mut self) -> bool {
        let is_behind = if self.staged.is_empty() {
            self.store.catch_up(&self.projection)
        } else {
            self.refresh_saved();
            self.store.catch_up(&self.saved)
        };
        self.store.release([&mut self.projection, &mut self.saved]);
        is_behind
    }

    /// Writes a step to sled where much is pending, so that nobody has to wait for all of it at the end. While an
    /// operation in parts is open, only pages are written.
    pub fn follow_if_far_behind(&mut self) {
        if self.store.backlog() >= FAR_BEHIND {
            self.follow();
            if self.store.backlog() >= FAR_BEHIND && self.staged.is_empty() {
                self.store.write_pages(&self.projection);
                self.store.release([&mut self.projection, &mut self.saved]);
            }
        }
    }

    /// Returns what compares texts with the real rows, built where it is not there yet.
    fn flagger(&mut self) -> Arc<Flagger> {
        if let Some(index) = &self.index {
            return Arc::clone(index);
        }
        // What is never stopped has a result.
        let flagger = self.real_rows().flagger(&Stop::never()).expect("nothing stops it");
        Arc::clone(self.index.insert(flagger))
    }

    /// Returns what compares texts with the session's rows, built where it is not there yet, and those rows.
    fn similar(&mut self) -> (&mut Similar, &Projection) {
        // What is never stopped has a result.
        let built = || Similar::of(&self.projection, &Stop::never()).expect("nothing stops it");
        (self.similar.get_or_insert_with(built), &self.projection)
    }
}

impl Drop for Workbench {
    fn drop(&mut self) {
        // So that the next process to open the store finds sled up to date.
        while self.follow() {}
    }
}

impl fmt::Debug for Workbench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workbench").field("location", &self.location).finish_non_exhaustive()
    }
}
