//! Reads a store: sled where no process writes, for a moment and under its lock; else the journal, without a lock and
//! without changes.

use std::ops::Range;
use std::path::Path;

use super::files::Layout;
use super::load::{self, Loaded};
use super::lost::Known;
use super::opening::{self, Folded};
use super::segment;
use super::{Exchanges, Owner, StoreError, WhichDraft, draft, exchange, lost, owner, peek, reached};
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
    /// [`StoreError::Behind`] and [`StoreError::Replaced`] for a journal that lacks what was saved,
    /// [`StoreError::Damaged`] with the line, [`StoreError::Lost`] for a missing segment,
    /// [`StoreError::Newer`], or [`StoreError::Io`].
    pub fn open(dir: &Path) -> Result<(Self, Projection), StoreError> {
        let layout = Layout::new(dir);
        layout.check()?;
        let folded = match Self::fold(&layout) {
            // A writer that cuts off a failed write meanwhile, or a repair, may look like damage: this tries once
            // more.
            Err(
                StoreError::Damaged { .. }
                | StoreError::Behind { .. }
                | StoreError::Unsure { .. }
                | StoreError::Lost { .. },
            ) => Self::fold(&layout)?,
            folded => folded?,
        };
        Ok((Self { layout, sequence: folded.end.sequence }, folded.projection))
    }

    /// Folds the journal, and checks that it holds what was saved. What is known is read first, because a writer
    /// may add lines meanwhile.
    fn fold(layout: &Layout) -> Result<Folded, StoreError> {
        lost::check_name(layout)?;
        let reached = reached::read(layout);
        let followed = reached::of_sled(layout);
        if let Some(folded) = Self::from_sled(layout, [reached, followed])? {
            return Ok(folded);
        }
        // A store of a former version has no such files, and sled is asked instead.
        let sled = if reached.and(followed).is_none() { peek::beside(layout) } else { None };
        let known = [reached, followed.max(sled.as_ref().map(|sled| sled.last))];
        let folded = opening::fold(&layout.journal(), None, known)?;
        let sled = || sled.or_else(|| peek::beside(layout)).and_then(|sled| sled.records.ok());
        lost::check(layout, &folded.read(), known, sled)?;
        Ok(folded)
    }

    /// Takes what sled has, where no process has the store open and sled is whole, and lets go of it again; the lines
    /// that it lacks are read from the journal. A journal that lacks what was saved is left to those who read all of it.
    fn from_sled(layout: &Layout, known: Known) -> Result<Option<Folded>, StoreError> {
        let [reached, followed] = known;
        let is_there = reached.is_some() && followed.is_some() && layout.sled().is_dir();
        if !is_there {
            return Ok(None);
        }
        // To open sled writes to it, so a copy is opened.
        let Some((sled, copy)) = peek::copied(layout) else { return Ok(None) };
        let loaded = load::load_beside(&sled, layout).ok();
        drop((sled, copy));
        let Some(Loaded { projection, meta, .. }) = loaded else { return Ok(None) };
        let folded = opening::onto_sled(layout, projection, &meta, known)?;
        let is_whole = folded.continues && lost::check(layout, &folded.read(), known, || None).is_ok();
        Ok(is_whole.then_some(folded))
    }

    /// Reads the first rows of a session's store until `is_enough` says so, see [`load::rows_until`]. `None` where more
    /// has to be read, and [`Reader::open_for`] does.
    pub(crate) fn open_until(
        dir: &Path,
        owner: &Owner,
        is_enough: impl FnMut(&Projection, Range<u32>) -> bool,
    ) -> Option<(Self, Projection)> {
        let layout = Layout::new(dir);
        owner::check(&layout, owner).and_then(|()| layout.check()).ok()?;
        lost::check_name(&layout).ok()?;
        let (reached, followed) = (reached::read(&layout)?, reached::of_sled(&layout)?);
        let last = segment::last_line(&layout.journal())?;
        if (reached, followed) != (last, last) {
            return None;
        }
        let (sled, copy) = peek::copied(&layout)?;
        let projection = load::rows_until(&sled, &layout, last, is_enough);
        drop((sled, copy));
        Some((Self { layout, sequence: last.sequence }, projection?))
    }

    /// Reads the journal of a session's store.
    ///
    /// # Errors
    ///
    /// [`StoreError::Owner`] where it is another session's, or as [`Reader::open`].
    pub(crate) fn open_for(dir: &Path, owner: &Owner) -> Result<(Self, Projection), StoreError> {
        owner::check(&Layout::new(dir), owner)?;
        Self::open(dir)
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

    /// Reads where the messages and the replies of all requests are, in one pass over the journal.
    ///
    /// # Errors
    ///
    /// An error of [`Reader::open`].
    pub(crate) fn exchanges(&self) -> Result<Exchanges, StoreError> {
        Exchanges::read(&self.layout)
    }
}
