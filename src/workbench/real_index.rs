//! The index of the real rows, built apart from the workbench.
//!
//! It takes a while where the rows are many or long. So a run has it built on another thread, where it can be
//! stopped, and decisions are written meanwhile.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Workbench;
use super::examples::ExampleIndex;
use super::flagging::Flagger;
use crate::dataset::Dataset;
use crate::domain::Session;
use crate::text::{Stop, Stopped};

/// What the index is built from.
#[derive(Debug, Clone)]
pub struct RealRows {
    session: Arc<Session>,
    dataset: Arc<Dataset>,
    /// The index that is there already.
    known: Option<Arc<Flagger>>,
    /// What examples are drawn from, which is built beside it.
    examples: ExampleIndex,
    /// The labels that examples are drawn of.
    labels: Vec<String>,
}

/// The index of the real rows.
#[derive(Debug, Clone)]
pub struct RealIndex(pub(super) Arc<Flagger>);

impl RealRows {
    /// Indexes the rows.
    ///
    /// # Errors
    ///
    /// Where that was stopped.
    pub fn index(&self, stop: &Stop) -> Result<RealIndex, Stopped> {
        for label in &self.labels {
            self.examples.build(&self.session, &self.dataset, label, stop)?;
        }
        Ok(RealIndex(match &self.known {
            Some(known) => Arc::clone(known),
            None => Arc::new(Flagger::of(&self.session, &self.dataset, stop)?),
        }))
    }
}

impl Workbench {
    /// Returns the real rows, if they are not indexed yet.
    pub fn unindexed(&self) -> Option<RealRows> {
        let rows = self.real_rows();
        let is_ready = |label: &String| self.examples.index.is_ready(&self.session, label);
        (self.index.is_none() || !rows.labels.iter().all(is_ready)).then_some(rows)
    }

    /// Takes an index of this session's real rows over.
    pub fn set_index(&mut self, index: RealIndex) {
        self.index.get_or_insert(index);
    }

    pub(super) fn real_rows(&self) -> RealRows {
        let labels = self.projection.versions().iter().filter_map(|version| version.content.label.as_ref());
        let labels: BTreeSet<&String> = labels.chain([&self.session.target.label]).collect();
        RealRows {
            session: Arc::clone(&self.session),
            dataset: Arc::clone(&self.dataset),
            known: self.index.as_ref().map(|index| Arc::clone(&index.0)),
            examples: self.examples.index.clone(),
            labels: labels.into_iter().cloned().collect(),
        }
    }
}
