//! Reading beside a writer: the journal only, no lock, and nothing is changed.

use std::path::Path;

use super::files::Layout;
use super::{StoreError, exchange, opening};
use crate::domain::{Exchange, Projection, RequestNumber};

/// A store that is only read, as it stood when it was opened.
#[derive(Debug, Clone)]
pub struct Reader {
    layout: Layout,
    sequence: u64,
}

impl Reader {
    /// Reads a store's journal. A store that is not made yet gives an empty projection, and a
    /// line that a writer is just writing is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] with the line, [`StoreError::Lost`] for a missing segment,
    /// [`StoreError::Newer`], or [`StoreError::Io`].
    pub fn open(dir: &Path) -> Result<(Self, Projection), StoreError> {
        let layout = Layout::new(dir);
        let fold = || opening::fold(&layout.journal(), None);
        let folded = match fold() {
            // A writer that takes a failed write back while it is read may look like damage, once.
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

    /// Finds what was sent for a request and what came back.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoRequest`], [`StoreError::Lost`] where a text's file is not what was
    /// written, or what reading the journal gives.
    pub fn exchange(&self, request: RequestNumber) -> Result<Exchange, StoreError> {
        exchange::scan(&self.layout, request)
    }
}
