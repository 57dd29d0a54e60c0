//! The index of the real rows, built apart from the workbench.
//!
//! It takes a while where the rows are many or long. So a run has it built on another thread, where it can be
//! stopped, and decisions are written meanwhile.

use std::sync::Arc;

use super::Workbench;
use super::flagging::Flagger;
use crate::dataset::Dataset;
use crate::domain::Session;
use crate::text::{Stop, Stopped};

/// What the index is built from.
#[derive(Debug, Clone)]
pub struct RealRows {
    session: Arc<Session>,
    dataset: Arc<Dataset>,
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
        Ok(RealIndex(Arc::new(Flagger::of(&self.session, &self.dataset, stop)?)))
    }
}

impl Workbench {
    /// Returns the real rows, if they are not indexed yet.
    pub fn unindexed(&self) -> Option<RealRows> {
        self.index.is_none().then(|| self.real_rows())
    }

    /// Takes an index of this session's real rows over.
    pub fn set_index(&mut self, index: RealIndex) {
        self.index.get_or_insert(index);
    }

    pub(super) fn real_rows(&self) -> RealRows {
        RealRows { session: Arc::clone(&self.session), dataset: Arc::clone(&self.dataset) }
    }
}
