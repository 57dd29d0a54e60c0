//! The store: a journal of facts, and sled, which follows it.
//!
//! The journal is the source of truth. A fact is saved once its line is on the disk, and a
//! saved line never changes. sled is a cache of the projection's records, so that opening
//! does not have to fold a long journal; if it is lost or damaged, it is rebuilt.
//!
//! ```text
//! append ──> journal ──(fsync)──> saved
//!               │                   │ follow, catch_up: when the program is idle
//!               │                   v
//!               └──(tail)──> open <── sled
//! ```
//!
//! One process writes, under a lock; any number read the journal beside it. The store
//! computes no state or counts; the projection does.

mod beginning;
mod checked;
mod codec;
mod copy;
mod cut;
mod database;
mod disk;
mod disk_trouble;
mod draft;
mod error;
mod evaluations;
mod exchange;
mod files;
mod follower;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod grown;
mod guard;
mod journal;
mod line;
mod load;
mod lock;
mod lost;
mod opened;
mod opening;
mod owner;
mod pages;
mod peek;
mod reached;
mod reader;
mod record;
mod repair;
mod replay;
mod segment;
mod texts;
mod tidy;
mod transaction;
mod verify;

use std::path::Path;

pub(crate) use copy::Copied;
pub use disk::Disk;
pub(crate) use disk::RealDisk;
pub(crate) use draft::{FoundDraft, Which as WhichDraft, peek_present as peek_draft};
pub(crate) use error::Displaced;
pub use error::StoreError;
pub(crate) use evaluations::{Evaluations, Opening};
pub(crate) use exchange::Exchanges;
pub use guard::panics_are_caught;
pub(crate) use load::{FirstRows, TellFirst};
pub(crate) use opening::OpenReport;
pub use opening::SledReport;
pub use owner::{Owner, OwnerError};
pub(crate) use owner::{adopt, check_dir as check_owner, is_empty};
pub use reader::Reader;
pub use repair::{RepairOutcome, RepairReport, repair};
pub use verify::verify;

use crate::domain::{Exchange, Fact, OperationId, Projection, RequestNumber, Stored, Touched};
use files::Layout;
use follower::Follower;
use journal::Journal;
use lock::Lock;
use opened::OpenFolder;
use reached::{LastLine, Reached};
use replay::Assembler;

/// How a store is written. Only tests use other values than the default.
#[derive(Debug)]
pub struct Settings {
    /// The size in bytes from which a segment is full and the next one begins.
    pub segment_bytes: u64,
    /// The disk operations of the journal.
    pub disk: Box<dyn Disk>,
    /// The session that the store must belong to; any where there is none.
    pub owner: Option<Owner>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { segment_bytes: 64 << 20, disk: Box::new(RealDisk), owner: None }
    }
}

/// A store that is open for writing.
#[derive(Debug)]
pub struct Store {
    layout: Layout,
    journal: Journal,
    reached: Reached,
    follower: Follower,
    /// Operations of which some parts are saved, but not the last.
    parts: Assembler<()>,
    /// Those among them with a failed append; the next append abandons them first.
    failed: Vec<OperationId>,
    folder: OpenFolder,
    // The last field, so that the lock is released after everything else is closed.
    lock: Lock,
}

impl Store {
    /// Opens a store for writing, creating it where there is none, and folds its facts.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] while another process has it open, [`StoreError::Behind`] and
    /// [`StoreError::Replaced`] for a journal that lacks what was saved, [`StoreError::Damaged`] with
    /// the line, [`StoreError::Lost`] for a missing segment, [`StoreError::Newer`], or
    /// [`StoreError::Io`]. Problems of sled alone are not errors; the report has them.
    pub fn open(dir: &Path) -> Result<(Self, Projection, OpenReport), StoreError> {
        Self::open_with(dir, Settings::default())
    }

    /// Opens a store with settings other than the default.
    ///
    /// # Errors
    ///
    /// As [`Store::open`].
    pub fn open_with(dir: &Path, settings: Settings) -> Result<(Self, Projection, OpenReport), StoreError> {
        Self::open_telling(dir, settings, None)
    }

    /// Opens a store as [`Store::open_with`] does, and tells the first of many rows before all are read.
    pub(crate) fn open_telling(
        dir: &Path,
        settings: Settings,
        first: TellFirst<'_>,
    ) -> Result<(Self, Projection, OpenReport), StoreError> {
        let layout = Layout::new(dir);
        layout.check()?;
        let Settings { segment_bytes, disk, owner } = settings;
        if let Some(owner) = &owner {
            // Before anything is made in a folder of another session.
            owner::check(&layout, owner)?;
        }
        files::make_folder(dir)?;
        let lock = Lock::take(&layout)?;
        let opened = OpenFolder::open(dir)?;
        let last = lock::lock_segment(&layout.journal(), dir)?;
        let (told, follower, sled) = opening::open(&layout, first)?;
        // Nothing was written so far, because a journal that lacks what was saved is left as it is.
        layout.make()?;
        let closed = tidy::tidy(&layout);
        let kept = cut::keep(&layout, told.end)?;
        let mut settled = owner::settle(&layout, owner.as_ref())?;
        let (end, sum) = (told.end, told.sum);
        let mut journal =
            Journal::open(layout.journal(), end, sum, segment_bytes, disk, last, settled.stamp.take())?;
        // Where there is no room for that line, it is written before the next facts.
        let failed = match journal.append(&told.held, &[], || Ok(())) {
            Err(StoreError::Io { .. }) => told.held.clone(),
            appended => appended.map(|_| Vec::new())?,
        };
        let reached = Reached::open(&layout, LastLine { sequence: journal.sequence(), sum: journal.sum() });
        let said = [settled.write(&layout), closed].into_iter().flatten();
        let report = OpenReport {
            sequence: journal.sequence(),
            replayed: told.lines,
            torn_bytes: told.end.torn,
            kept,
            abandoned: told.held,
            sled,
            owner: said.reduce(|one, other| format!("{one} {other}")),
        };
        let parts = Assembler::default();
        let store = Self { layout, journal, reached, follower, parts, failed, folder: opened, lock };
        Ok((store, told.projection, report))
    }

    /// Saves facts and returns the sequence number of the last one; they are on the disk when
    /// this returns. Facts of an operation in parts take effect with its last one.
    ///
    /// After that, apply them to the projection, and pass the result to [`Store::follow`].
    ///
    /// # Errors
    ///
    /// On an error none of the facts is saved. Parts of the same operations that were saved
    /// before never take effect either: to try again, append the whole operation again.
    pub fn append(&mut self, facts: &[Fact]) -> Result<u64, StoreError> {
        if facts.is_empty() {
            return Ok(self.journal.sequence());
        }
        let hold = || self.lock.hold(&self.layout, &self.folder);
        let places = match self.journal.append(&self.failed, facts, hold) {
            Ok(places) => places,
            Err(error) => {
                let begun = facts.iter().map(|fact| fact.operation).filter(|id| self.parts.holds(*id));
                self.failed.extend(begun);
                self.failed.dedup();
                return Err(self.said(error));
            }
        };
        self.reached.note(LastLine { sequence: self.journal.sequence(), sum: self.journal.sum() });
        self.parts.abandon(&std::mem::take(&mut self.failed));
        for (fact, place) in facts.iter().zip(places) {
            self.parts.take(fact.operation, fact.part, ());
            self.follower.locate(fact, place);
        }
        Ok(self.journal.sequence())
    }

    /// Checks that the store is still where it was opened, and that only this process wrote to it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Displaced`] with what became of it, [`StoreError::Locked`] where another process has taken
    /// it, or [`StoreError::Io`].
    pub fn check(&mut self) -> Result<(), StoreError> {
        let held = self.lock.hold(&self.layout, &self.folder);
        held.and_then(|()| self.journal.check()).map_err(|error| self.said(error))
    }

    /// Returns the error of a file, or that of its folder where the folder is what is displaced.
    fn said(&self, error: StoreError) -> StoreError {
        match error {
            StoreError::Displaced { how: Displaced::FileGone | Displaced::FileReplaced, .. } => {
                self.folder.check().err().unwrap_or(error)
            }
            error => error,
        }
    }

    /// Gives up an operation whose last fact does not come: what was saved of it never takes effect. sled is closed
    /// where it was told of such facts; the next opening reads the journal from where it ended.
    pub(crate) fn abandon(&mut self, operation: OperationId) {
        if self.parts.holds(operation) {
            self.failed.push(operation);
            self.failed.dedup();
            self.follower.give_up("an operation was given up");
        }
    }

    /// Records what a fact changed, for [`Store::catch_up`] to write. This is cheap.
    pub fn follow(&mut self, touched: &Touched) {
        self.follower.touch(touched);
    }

    /// Writes one transaction to sled, and returns whether records are still pending.
    ///
    /// The projection must be that of all facts appended so far. Call this when the program is
    /// idle; while an operation in parts is open it does nothing. It never fails: if sled does,
    /// the store works on without it, see [`Store::trouble`].
    pub fn catch_up(&mut self, projection: &Projection) -> bool {
        let is_whole = self.parts.is_empty() && self.failed.is_empty();
        // sled makes files by their names too, which must not come into another folder.
        if !is_whole || !self.follower.has_work() || self.folder.check().is_err() {
            return false;
        }
        if self.follower.is_due()
            && let Some(follower) = opening::again(&self.layout)
        {
            self.follower = follower;
        }
        let last = LastLine { sequence: self.journal.sequence(), sum: self.journal.sum() };
        self.follower.step(projection, last, self.journal.last_place());
        self.follower.is_behind()
    }

    /// Writes full pages to the file of pages, also while an operation in parts is open, so that its rows need not all
    /// be in memory. The projection must be that of all facts appended so far.
    pub fn write_pages(&mut self, projection: &Projection) {
        if self.failed.is_empty() && self.folder.check().is_ok() {
            while self.follower.append(projection) {}
        }
    }

    /// Lets projections go of the pages that were written since this was last called.
    pub fn release<'p>(&mut self, projections: impl IntoIterator<Item = &'p mut Projection>) {
        projections.into_iter().for_each(|projection| self.follower.release(projection));
        self.follower.forget_released();
    }

    /// Returns how many records are pending.
    pub fn backlog(&self) -> usize {
        self.follower.backlog()
    }

    /// Writes all pending records to sled and closes the store.
    pub fn close(mut self, projection: &Projection) {
        while self.catch_up(projection) {}
    }

    /// Returns why the store works without sled, as a sentence; `None` if it uses sled.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.follower.trouble()
    }

    /// Returns the sequence number of the last saved line.
    #[must_use]
    pub const fn sequence(&self) -> u64 {
        self.journal.sequence()
    }

    /// Returns the store's folder, where the path still leads to it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Displaced`] where it leads elsewhere.
    pub(crate) fn folder(&self) -> Result<&Path, StoreError> {
        self.folder.check().map(|()| self.layout.dir())
    }

    /// Returns eight hex digits that tell this store from others; zeros where it has no id.
    pub(crate) fn mark(&self) -> String {
        let id = self.journal.stamp().map(|stamp| stamp.store.to_string());
        id.and_then(|id| id.get(..8).map(str::to_owned)).unwrap_or_else(|| "00000000".to_owned())
    }

    /// Returns the store's folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.layout.dir()
    }

    /// Stores a text that a fact refers to; a long one is in a file of its own, and on the
    /// disk, when this returns. Where that file cannot be written, the fact itself holds the text.
    #[must_use]
    pub fn keep(&self, text: String) -> Stored {
        match self.folder.check().and_then(|()| texts::keep(&self.layout, &text)) {
            Ok(stored) => stored,
            Err(_) => Stored::Inline(text),
        }
    }

    /// Returns the messages of a request and its reply.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoRequest`], [`StoreError::Lost`] if the file of a text was changed or is
    /// missing, or an error of reading the journal.
    pub fn exchange(&self, request: RequestNumber) -> Result<Exchange, StoreError> {
        let places = self.follower.places(request);
        if let Some(asked) = places.asked
            && let Some(found) = exchange::at(&self.layout, request, asked, places.answered)?
        {
            return Ok(found);
        }
        exchange::scan(&self.layout, request)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // So that the next start need not read the last segment again.
        if self.check().is_ok() {
            checked::remember(&self.layout, self.journal.segment());
        }
    }
}

#[cfg(test)]
mod tests;
