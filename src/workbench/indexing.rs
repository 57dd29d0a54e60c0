//! The indexes of the real rows and of the session's rows, built apart from the workbench.
//!
//! That takes a while where the rows are many or long. So a run has them built on another thread, where it can be
//! stopped, and decisions are written meanwhile.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Workbench;
use super::examples::ExampleIndex;
use super::flagging::Flagger;
use super::similar::Similar;
use crate::dataset::Dataset;
use crate::domain::{Projection, RowNumber, Session};
use crate::text::{Stop, Stopped};

/// The real rows, and what indexes them.
#[derive(Debug, Clone)]
pub(super) struct RealRows {
    session: Arc<Session>,
    dataset: Arc<Dataset>,
    /// The index that is there already.
    known: Option<Arc<Flagger>>,
    /// What examples are drawn from, which is built beside it.
    examples: ExampleIndex,
    /// The labels that examples are drawn of.
    labels: Vec<String>,
}

impl RealRows {
    /// Indexes the rows.
    pub(super) fn flagger(&self, stop: &Stop) -> Result<Arc<Flagger>, Stopped> {
        for label in &self.labels {
            self.examples.build(&self.session, &self.dataset, label, stop)?;
        }
        match &self.known {
            Some(known) => Ok(Arc::clone(known)),
            None => Ok(Arc::new(Flagger::of(&self.session, &self.dataset, stop)?)),
        }
    }
}

/// What indexes are built from.
#[derive(Debug, Clone)]
pub struct Unindexed {
    real: RealRows,
    /// The session's rows, where they are not indexed yet.
    rows: Option<Projection>,
}

/// The indexes of all rows.
#[derive(Debug)]
pub struct Indexes {
    flagger: Arc<Flagger>,
    /// The index of the session's rows, and how many there were.
    similar: Option<(Similar, RowNumber)>,
}

impl Unindexed {
    /// Indexes the rows.
    ///
    /// # Errors
    ///
    /// Where that was stopped.
    pub fn index(&self, stop: &Stop) -> Result<Indexes, Stopped> {
        let flagger = self.real.flagger(stop)?;
        let similar = self.rows.as_ref().map(|rows| {
            let count = RowNumber(u32::try_from(rows.len()).unwrap_or(u32::MAX));
            Ok((Similar::of(rows, stop)?, count))
        });
        Ok(Indexes { flagger, similar: similar.transpose()? })
    }
}

impl Workbench {
    /// Returns what is to be indexed, if it is not yet.
    pub fn unindexed(&self) -> Option<Unindexed> {
        let real = self.real_rows();
        let is_ready = |label: &String| self.examples.index.is_ready(&self.session, label);
        let is_indexed = self.index.is_some() && real.labels.iter().all(is_ready) && self.similar.is_some();
        let rows = || self.similar.is_none().then(|| self.projection.clone());
        (!is_indexed).then(|| Unindexed { real, rows: rows() })
    }

    /// Takes over the indexes of this session, and adds the rows that came since to them.
    ///
    /// Whatever changes a text builds the index of the rows itself, so none of theirs has changed where there is none.
    pub fn set_indexes(&mut self, indexes: Indexes) {
        self.index.get_or_insert(indexes.flagger);
        if let (None, Some((mut similar, count))) = (&self.similar, indexes.similar)
            && similar.add_from(&self.projection, count, &Stop::never()).is_ok()
        {
            self.similar = Some(similar);
        }
    }

    pub(super) fn real_rows(&self) -> RealRows {
        let labels = self.projection.versions().iter().filter_map(|version| version.content.label.as_ref());
        let labels: BTreeSet<&String> = labels.chain([&self.session.target.label]).collect();
        RealRows {
            session: Arc::clone(&self.session),
            dataset: Arc::clone(&self.dataset),
            known: self.index.clone(),
            examples: self.examples.index.clone(),
            labels: labels.into_iter().cloned().collect(),
        }
    }
}
