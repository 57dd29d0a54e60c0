//! The current state: the fold of all facts, and the only place that computes states and counts.
//!
//! ```text
//! rows      columns in shared chunks: the small generated parts; only flags and scores ever change
//! texts     pages of the large parts, some of them kept elsewhere and fetched when they are asked for
//! requests  the same, beside a column of their runs
//! marks     24 bytes a row in shared chunks: state, rating, tags, reason, edit
//! history   operations in shared chunks, linked into an undo stack and a redo stack
//! counts    kept up to date with every fact
//! ```
//!
//! A clone is a snapshot: it shares every chunk until one of the two changes it. Nothing here
//! fails: a fact that refers to an unknown row, run or operation changes nothing.

mod apply;
mod assembly;
mod bulk;
mod counts;
mod flags;
mod history;
mod imports;
mod jump;
mod marks;
mod packed;
mod pages;
mod parts;
mod repeated;
mod requests;
mod retell;
mod row_view;
mod rows;
mod shared;
mod timeline;

use std::sync::Arc;

pub(crate) use assembly::{Assembly, Released};
pub(crate) use counts::{Counts, Decisions, OfGenerator, StateCounts};
pub(crate) use jump::RowsOf;
pub(crate) use marks::PackedMark;
pub(crate) use packed::{EDITS, NAMES, PackedOperation, PackedRestores, REQUESTS, ROWS};
pub(crate) use parts::{OperationRecord, RowRecord, UndoTops};
pub(crate) use retell::Retold;
pub(crate) use row_view::RowView;
pub(crate) use timeline::{Steps, Timeline};

use super::page::{Kept, TextPage};
use super::{
    Chunked, FlagKind, Laboratory, Mark, Operation, OperationId, Request, RequestNumber, RowId, RowNumber,
    RowState, Run, RunNumber, Scrap, Split, StateKind, Version, VersionId, VersionIndex,
};
use imports::Imports;
use marks::Interned;
use pages::Pages;
use rows::RowChunks;
use shared::Shared;

/// The state that the journal's facts add up to.
#[derive(Debug, Clone, Default)]
pub struct Projection {
    rows: RowChunks,
    marks: Chunked<PackedMark>,
    interned: Arc<Interned>,
    shared: Arc<Shared>,
    versions: Arc<Vec<Version>>,
    runs: Chunked<Run>,
    texts: Pages<TextPage>,
    requests: Pages<Vec<Request>>,
    /// The run of each request.
    request_runs: Chunked<RunNumber>,
    /// What fetches the pages that are not held here.
    kept: Option<Arc<dyn Kept>>,
    scraps: Chunked<Scrap>,
    operations: Chunked<Operation>,
    tops: UndoTops,
    split: Option<Arc<Split>>,
    laboratory: Arc<Laboratory>,
    imports: Arc<Imports>,
    counts: Arc<Counts>,
    next_operation: u64,
    /// The highest number in `operations`.
    highest_listed: u64,
    /// Whether the sides of blind trials are told all the same.
    pub(super) tells_sides: bool,
}

/// What a fact changed, so that the store writes only the records concerned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Rows that are new or have new flags.
    pub rows: Vec<RowNumber>,
    /// Rows whose marks changed.
    pub marks: super::RowSet,
    /// Versions that are new.
    pub versions: Vec<VersionIndex>,
    /// Runs that changed.
    pub runs: Vec<RunNumber>,
    /// Requests that changed.
    pub requests: Vec<RequestNumber>,
    /// Indexes of new or changed scraps.
    pub scraps: std::ops::Range<usize>,
    /// Indexes of operations that changed.
    pub operations: Vec<u32>,
    /// Whether the split changed.
    pub split: bool,
    /// Whether a label was given or taken, or a trial began or ended.
    pub laboratory: bool,
    /// Numbers of imports that are new or have more rows.
    pub imports: Vec<u32>,
    /// Indexes of new origins.
    pub origins: std::ops::Range<usize>,
}

impl Projection {
    /// Returns how many numbers are given to rows: those of withdrawn rows are among them.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.marks.len()
    }

    /// Returns whether no row has ever come.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Returns a row that is there.
    #[must_use]
    pub fn row(&self, number: RowNumber) -> Option<RowView<'_>> {
        self.any_row(number).filter(|row| row.state() != RowState::Withdrawn)
    }

    /// Returns a row, a withdrawn one too.
    pub(crate) fn any_row(&self, number: RowNumber) -> Option<RowView<'_>> {
        let packed = *self.marks.get(number.index())?;
        Some(RowView::new(self, number, packed))
    }

    /// Returns a row's state; `Pending` for a row that does not exist.
    #[must_use]
    pub fn state(&self, number: RowNumber) -> RowState {
        self.marks.get(number.index()).map(|mark| mark.state()).unwrap_or_default()
    }

    /// Returns a row's id.
    #[must_use]
    pub fn id(&self, number: RowNumber) -> Option<RowId> {
        self.rows.id(number)
    }

    /// Returns a row's mark: everything that a person decided about it.
    #[must_use]
    pub fn mark(&self, number: RowNumber) -> Option<Mark> {
        self.marks.get(number.index()).map(|mark| self.interned.unpack(*mark))
    }

    /// Returns all rows that are there, in arrival order.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = RowView<'_>> {
        self.any_rows().filter(|row| row.state() != RowState::Withdrawn)
    }

    /// Returns all rows, withdrawn ones too.
    fn any_rows(&self) -> impl DoubleEndedIterator<Item = RowView<'_>> {
        let back = u32::try_from(self.len()).unwrap_or(u32::MAX);
        (0..back).filter_map(|number| self.any_row(RowNumber(number)))
    }

    /// Returns whether a row is in a state.
    #[must_use]
    pub fn is_in(&self, number: RowNumber, kind: StateKind) -> bool {
        self.marks.get(number.index()).is_some_and(|mark| mark.state().kind() == kind)
    }

    /// Returns all versions of all prompts, in the order in which they were made.
    #[must_use]
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// Returns the version with an id.
    #[must_use]
    pub fn version(&self, id: VersionId) -> Option<&Version> {
        self.versions.iter().find(|version| version.id == id)
    }

    /// Returns the latest version of a prompt.
    #[must_use]
    pub fn latest_version(&self, prompt: &str) -> Option<&Version> {
        self.versions.iter().rev().find(|version| version.name == prompt)
    }

    /// Returns all runs in order.
    pub fn runs(&self) -> impl DoubleEndedIterator<Item = &Run> {
        self.runs.iter()
    }

    /// Returns a run.
    #[must_use]
    pub fn run(&self, number: RunNumber) -> Option<&Run> {
        self.runs.get(number.index()).filter(|run| run.number == number)
    }

    /// Returns all scraps in the order in which they came.
    pub fn scraps(&self) -> impl DoubleEndedIterator<Item = &Scrap> {
        self.scraps.iter()
    }

    /// Returns all operations in the order in which they began.
    pub fn operations(&self) -> impl DoubleEndedIterator<Item = &Operation> {
        self.operations.iter()
    }

    /// Returns the split of the dataset, once there is one.
    #[must_use]
    pub fn split(&self) -> Option<&Split> {
        self.split.as_deref()
    }

    /// Returns the labels of versions, and the trials.
    #[must_use]
    pub fn laboratory(&self) -> &Laboratory {
        &self.laboratory
    }

    /// Returns the counts.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Returns the number that the next operation gets.
    #[must_use]
    pub const fn next_operation(&self) -> OperationId {
        OperationId(self.next_operation + 1)
    }

    /// Returns the labels that rows have, in order of first use.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.interned.labels
    }

    /// Returns the tags that are or were in use, in order of first use.
    #[must_use]
    pub fn tags(&self) -> Vec<&str> {
        self.interned.known_tags()
    }

    /// Returns the reasons that are or were in use, in order of first use.
    #[must_use]
    pub fn reasons(&self) -> &[String] {
        &self.interned.reasons
    }
}

#[cfg(test)]
mod tests;
