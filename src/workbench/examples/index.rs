//! What is built once of a dataset to draw examples: what a classifier does not get, how rows differ, the test rows.
//!
//! It takes a while where the rows are many, so it is built where it is first needed and nobody waits for it: on the
//! thread of previews, or beside the index of the real rows before a run begins.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::spread::Spread;
use crate::dataset::{Dataset, Part};
use crate::domain::{ExampleStrategy, Session};
use crate::text::{Stop, Stopped};
use crate::workbench::data::{Unlearnable, misread};
use crate::workbench::flagging::Side;

/// What was built so far. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExampleIndex(Arc<Mutex<Built>>);

#[derive(Debug, Default)]
struct Built {
    misread: Option<Arc<[u32]>>,
    /// By label.
    spread: BTreeMap<String, Arc<Spread>>,
    test: Option<Arc<Side>>,
}

impl ExampleIndex {
    // Nothing is built under the lock, so that nobody waits for it.
    fn built(&self) -> MutexGuard<'_, Built> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether all is there that the session's strategy needs for a label.
    pub(crate) fn is_ready(&self, session: &Session, label: &str) -> bool {
        let built = self.built();
        match session.examples.strategy {
            ExampleStrategy::Random => true,
            ExampleStrategy::Hard => built.misread.is_some(),
            ExampleStrategy::Diverse => built.spread.contains_key(label),
            ExampleStrategy::Accepted => built.test.is_some(),
        }
    }

    /// Builds what the session's strategy needs for a label, where it is not there yet.
    ///
    /// # Errors
    ///
    /// Where it is stopped.
    pub(crate) fn build(
        &self,
        session: &Session,
        dataset: &Dataset,
        label: &str,
        stop: &Stop,
    ) -> Result<(), Stopped> {
        match session.examples.strategy {
            ExampleStrategy::Random => Ok(()),
            ExampleStrategy::Hard => self.misread(session, dataset, stop).map(drop),
            ExampleStrategy::Diverse => self.spread(session, dataset, label, stop).map(drop),
            ExampleStrategy::Accepted => self.test(dataset, stop).map(drop),
        }
    }

    /// Returns the train rows that a classifier takes for another label, ascending; none where there are too few rows
    /// to say.
    pub(super) fn misread(
        &self,
        session: &Session,
        dataset: &Dataset,
        stop: &Stop,
    ) -> Result<Arc<[u32]>, Stopped> {
        if let Some(known) = self.built().misread.clone() {
            return Ok(known);
        }
        let mut rows: Vec<u32> = match misread(dataset, &session.target.label, stop) {
            Ok(found) => found.rows.iter().map(|row| row.row).collect(),
            Err(Unlearnable::Stopped) => return Err(Stopped),
            Err(Unlearnable::FewRows(_) | Unlearnable::OneLabel) => Vec::new(),
        };
        rows.sort_unstable();
        Ok(Arc::clone(self.built().misread.get_or_insert(rows.into())))
    }

    /// Returns the train rows of a label as vectors.
    pub(super) fn spread(
        &self,
        session: &Session,
        dataset: &Dataset,
        label: &str,
        stop: &Stop,
    ) -> Result<Arc<Spread>, Stopped> {
        if let Some(known) = self.built().spread.get(label) {
            return Ok(Arc::clone(known));
        }
        let spread = Arc::new(Spread::of(dataset, label, session.dataset.seed, stop)?);
        Ok(Arc::clone(self.built().spread.entry(label.to_owned()).or_insert(spread)))
    }

    /// Returns the test rows, to compare texts with.
    pub(crate) fn test(&self, dataset: &Dataset, stop: &Stop) -> Result<Arc<Side>, Stopped> {
        if let Some(known) = self.built().test.clone() {
            return Ok(known);
        }
        let side = Arc::new(Side::of(dataset, Part::Test, stop)?);
        Ok(Arc::clone(self.built().test.get_or_insert(side)))
    }
}
