//! The rows that prompts show, and what they are drawn from.
//!
//! ```text
//! made examples by a person ─┐
//! misread out of fold ───────┤
//! far from each other ───────┼──► ExamplePool, fixed where a run begins ──(seed, index)──► Drawn
//! accepted and rated best ───┘
//! ```
//!
//! Only train rows and accepted rows can be examples: test rows, and rows that are set aside or held back, never become
//! one; an accepted row near a test row does not either, and where a dataset changes, a row that is no train row any more
//! is none.

mod index;
mod pool;
mod spread;

use std::sync::{Arc, PoisonError, RwLock};

pub(crate) use index::ExampleIndex;
pub(crate) use pool::{Drawn, ExamplePool, decided_before, is_near_test};

use super::{ReadBench, Workbench, WorkbenchError};
use crate::config::kept_examples::{self, KeptExample};
use crate::dataset::{Dataset, Part};
use crate::domain::{ExampleStrategy, Projection, Session, Timestamp};
use crate::text::{Stop, Stopped};

/// The rows of a dataset that a person made examples, ascending. Clones share them, so that a preview shows at once
/// what the next run shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChosenExamples(Arc<RwLock<Arc<[u32]>>>);

impl ChosenExamples {
    /// Returns the rows, as indexes of the dataset.
    pub(crate) fn rows(&self) -> Arc<[u32]> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, rows: Vec<u32>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = rows.into();
    }
}

/// What examples are drawn from, before it is known for which label. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExampleSource {
    /// The rows that a person made examples.
    pub(crate) chosen: ChosenExamples,
    /// What is built once of the dataset.
    pub(crate) index: ExampleIndex,
}

/// Which of the session's rows may be shown: those of a label, decided by a time where one is given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Eligible<'a> {
    /// The session's rows.
    pub(crate) rows: &'a Projection,
    /// The label.
    pub(crate) label: &'a str,
    /// The time, which is that of a run's beginning where it goes on.
    pub(crate) before: Option<Timestamp>,
}

impl ExampleSource {
    /// Returns what the examples of a label are drawn from.
    ///
    /// # Errors
    ///
    /// Where something has to be built first and that is stopped.
    pub(crate) fn pool(
        &self,
        session: &Session,
        dataset: &Dataset,
        eligible: Eligible<'_>,
        stop: &Stop,
    ) -> Result<ExamplePool, Stopped> {
        let mut pool = ExamplePool::default();
        match session.examples.strategy {
            ExampleStrategy::Random => {}
            ExampleStrategy::Hard => {
                pool.chosen = self.chosen.rows();
                pool.misread = self.index.misread(session, dataset, stop)?;
            }
            ExampleStrategy::Diverse => {
                pool.spread = Some(self.index.spread(session, dataset, eligible.label, stop)?);
            }
            ExampleStrategy::Accepted => {
                pool.accepted = pool::accepted(eligible.rows, eligible.label, eligible.before);
                if !pool.accepted.is_empty() {
                    pool.test = Some(self.index.test(dataset, stop)?);
                }
            }
        }
        Ok(pool)
    }
}

impl Workbench {
    /// Returns the rows of the dataset that a person made examples.
    pub(crate) const fn chosen_examples(&self) -> &ChosenExamples {
        &self.examples.chosen
    }

    /// Loads the rows that were made examples at an earlier use. What cannot be read is a notice.
    pub(super) fn load_examples(&mut self) {
        match kept_examples::load(&self.location.store) {
            Ok(kept) => self.examples.chosen.set(found(&kept, &self.dataset)),
            Err(error) => self.notices.push(error.to_string()),
        }
    }

    /// Makes a train row an example, or takes it back, and returns all rows that are examples then.
    ///
    /// # Errors
    ///
    /// Where the row is no train row, or the file cannot be written: the examples stay as they were then.
    pub(crate) fn make_example(&self, row: u32, is_example: bool) -> Result<Vec<u32>, WorkbenchError> {
        self.make_examples(&[(row, is_example)])
    }

    /// Makes train rows examples, or takes them back, all at once, and returns all rows that are examples then.
    ///
    /// # Errors
    ///
    /// As [`Self::make_example`].
    pub(crate) fn make_examples(&self, wanted: &[(u32, bool)]) -> Result<Vec<u32>, WorkbenchError> {
        if wanted.iter().any(|(row, _)| self.dataset.part(*row) != Part::Train) {
            return Err(WorkbenchError::Usage(
                "Only train rows can be examples, because no prompt may show what a model is tested with."
                    .into(),
            ));
        }
        let mut rows = self.examples.chosen.rows().to_vec();
        for (row, is_example) in wanted {
            rows.retain(|known| known != row);
            if *is_example {
                rows.push(*row);
            }
        }
        rows.sort_unstable();
        let keep =
            |row: &u32| KeptExample { id: self.dataset.id(*row).into_owned(), text: self.dataset.hash(*row) };
        kept_examples::save(self.folder()?, rows.iter().map(keep).collect())?;
        self.examples.chosen.set(rows.clone());
        Ok(rows)
    }
}

impl Workbench {
    /// Returns the row of the dataset with an id.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub(crate) fn row_of_dataset(&self, id: &str) -> Result<u32, WorkbenchError> {
        self.dataset.index_of_id(id).ok_or_else(|| {
            WorkbenchError::Usage(format!(
                "The dataset has no train row `{id}`; `rowsmith split` lists all ids, and which rows are for training."
            ))
        })
    }
}

impl ReadBench {
    /// Returns the rows of the dataset that a person made examples.
    ///
    /// # Errors
    ///
    /// Where the file that keeps them cannot be read.
    pub(crate) fn chosen_examples(&self, dataset: &Dataset) -> Result<Vec<u32>, WorkbenchError> {
        Ok(found(&kept_examples::load(&self.location.store)?, dataset))
    }
}

/// Returns the train rows that are still those that were kept.
fn found(kept: &[KeptExample], dataset: &Dataset) -> Vec<u32> {
    let row = |kept: &KeptExample| {
        let row = dataset.index_of_id(&kept.id)?;
        (dataset.part(row) == Part::Train && dataset.hash(row) == kept.text).then_some(row)
    };
    let mut rows: Vec<u32> = kept.iter().filter_map(row).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}
