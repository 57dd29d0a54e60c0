//! Reads a store beside a writer: only the journal, without a lock and without changes.

use std::path::Path;

use super::files::Layout;
use super::{StoreError, WhichDraft, draft, exchange, opening};
use crate::domain::{Draft, Exchange, Projection, RequestNumber};

/// A read-only store, in its state when it was opened.
#[derive(Debug, Clone)]
pub struct Reader {
    layout: Layout,
    sequence: u64,
}

impl Reader {
    /// Reads a store's journal. A store that does not exist yet gives an empty projection, and an
    /// unfinished last line is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] with the line, [`StoreError::Lost`] for a missing segment,
    /// [`StoreError::Newer`], or [`StoreError::Io`].
    pub fn open(dir: &Path) -> Result<(Self, Projection), StoreError> {
        let layout = Layout::new(dir);
        layout.check()?;
        let fold = || opening::fold(&layout.journal(), None);
        let folded = match fold() {
            // A writer that cuts off a failed write meanwhile may look like damage, so this tries once more.
            Err(StoreError::Damaged { .. }) => fold()?,
            folded => folded?,
        };
        Ok((Self { layout, sequence: folded.end.sequence }, folded.projection))
    }

    /// Returns the sequence number of the last line that was read.
    #[must_use]
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Returns a draft as it was last saved, where one can be read.
    #[must_use]
    pub fn draft(&self, which: WhichDraft) -> Option<Draft> {
        draft::peek(&self.layout, which)
    }

    /// Returns the messages of a request and its reply.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoRequest`], [`StoreError::Lost`] if the file of a text was changed or is
    /// missing, or an error of [`Reader::open`].
    pub fn exchange(&self, request: RequestNumber) -> Result<Exchange, StoreError> {
        exchange::scan(&self.layout, request)
    }
}
