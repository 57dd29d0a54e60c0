//! Puts a projection together from its pages.

use std::collections::HashMap;
use std::sync::Arc;

use super::imports::Imports;
use super::marks::Interned;
use super::packed::{PackedOperation, ROWS, RunsOf, Words, runs_of};
use super::pages::Pages;
use super::rows::RowChunks;
use super::{PackedMark, Projection, StateCounts, UndoTops};
use crate::domain::chunked::CHUNK;
use crate::domain::page::{Kept, TextPage, page_of};
use crate::domain::{
    Chunked, Fields, Import, Laboratory, Operation, Origin, Request, RowNumber, Run, Scrap, Split, StateKind,
    Version,
};

/// What a projection holds besides the pages of its rows.
#[derive(Debug, Default)]
pub(crate) struct Assembly {
    /// How many rows there are.
    pub(crate) rows: usize,
    pub(crate) versions: Vec<Version>,
    pub(crate) runs: Vec<Run>,
    /// The runs of all requests, a page after the other.
    pub(crate) request_runs: Vec<RunsOf<u32>>,
    pub(crate) scraps: Vec<Scrap>,
    pub(crate) operations: Vec<PackedOperation>,
    pub(crate) split: Option<Split>,
    pub(crate) laboratory: Laboratory,
    pub(crate) imports: Vec<Import>,
    pub(crate) origins: Vec<Origin>,
    pub(crate) words: Words,
    pub(crate) names: Vec<String>,
    pub(crate) edits: Vec<Fields>,
    pub(crate) tops: UndoTops,
    pub(crate) last_operation: u64,
    /// What fetches the pages that are not held.
    pub(crate) kept: Option<Arc<dyn Kept>>,
}

impl Projection {
    /// Puts a projection together whose rows have no columns yet: those that have none are not there for readers, and
    /// nothing may be applied to it.
    pub(crate) fn assembled(parts: Assembly) -> Option<Self> {
        let Words { labels, reasons, tags } = parts.words;
        let nearest_places: HashMap<String, u32> = parts.names.iter().cloned().zip(0..).collect();
        let edits = parts.edits.into_iter().map(Arc::new).collect();
        let interned = Interned { labels, reasons, nearest: parts.names, nearest_places, tags, edits };
        let request_runs: Chunked<_> = parts.request_runs.iter().flat_map(runs_of).collect();
        let mut imports = Imports::default();
        parts.origins.iter().for_each(|origin| imports.know(origin));
        parts.imports.iter().for_each(|import| imports.put(import));
        let operations = parts.operations.into_iter().map(|packed| {
            let PackedOperation { id, at, kind, rows, undone, below, restores } = packed;
            Some(Operation { id, at, kind, rows, undone, below, restores: restores.restores()? })
        });
        let operations: Chunked<Operation> = operations.collect::<Option<_>>()?;
        let chunks = vec![Arc::default(); parts.rows.div_ceil(CHUNK)];
        Some(Self {
            rows: RowChunks { chunks, len: parts.rows },
            marks: Chunked::unread(parts.rows),
            texts: Pages::kept(parts.rows),
            requests: Pages::kept(request_runs.len()),
            request_runs,
            kept: parts.kept,
            interned: Arc::new(interned),
            versions: Arc::new(parts.versions),
            runs: parts.runs.into_iter().collect(),
            scraps: parts.scraps.into_iter().collect(),
            split: parts.split.map(Arc::new),
            laboratory: Arc::new(parts.laboratory),
            imports: Arc::new(imports),
            tops: parts.tops,
            next_operation: parts.last_operation,
            highest_listed: operations.iter().map(|operation| operation.id.0).max().unwrap_or_default(),
            operations,
            ..Self::default()
        })
    }

    /// Counts all rows and tokens, once all columns are there.
    pub(crate) fn count_all(&mut self) {
        let (mut flagged, mut uncounted) = (vec![0; self.runs.len()], None);
        for number in (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).map(RowNumber) {
            let Some(mark) = self.marks.get(number.index()).copied() else { continue };
            // What is withdrawn counts nowhere, so a row that was counts as a new one.
            self.count_change(number, (PackedMark::withdrawn(), mark), &mut uncounted);
            let Some(row) = self.any_row(number).filter(super::RowView::is_flagged) else { continue };
            let run = row.run().map(|run| run.number);
            if let Some(flagged) = run.and_then(|run| flagged.get_mut(run.index())) {
                *flagged += 1;
            }
            if row.state().kind() != StateKind::Withdrawn {
                self.count_flags(number, true);
            }
        }
        self.count_alike(uncounted);
        self.count_runs(&flagged);
    }

    /// Takes over how many rows are in each state, where the rows themselves are not there to be counted.
    pub(crate) fn count_as(&mut self, states: StateCounts) {
        Arc::make_mut(&mut self.counts).all = states;
    }

    /// Returns the pages of columns of the chunk that a row is in, or of the first one, in order.
    pub(crate) fn pages_around(&self, row: Option<RowNumber>) -> std::ops::Range<u32> {
        let pages = u32::try_from(self.len().div_ceil(ROWS)).unwrap_or(u32::MAX);
        let each = u32::try_from(CHUNK / ROWS).unwrap_or(1);
        let first = row.map_or(0, |row| page_of(row.0, CHUNK)) * each;
        first.min(pages)..pages.min(first + each)
    }

    /// Returns whether the columns of a row have been read.
    pub(crate) fn is_read(&self, row: RowNumber) -> bool {
        self.marks.get(row.index()).is_some()
    }

    /// Returns a page of texts that is held here.
    pub(crate) fn held_texts(&self, page: u32) -> Option<&Arc<TextPage>> {
        self.texts.held(page)
    }

    /// Returns a page of requests that is held here.
    pub(crate) fn held_requests(&self, page: u32) -> Option<&Arc<Vec<Request>>> {
        self.requests.held(page)
    }

    /// Holds a page of texts from now on.
    pub(crate) fn hold_texts(&mut self, page: u32, held: Arc<TextPage>) {
        self.texts.hold(page, held);
    }

    /// Holds a page of requests from now on.
    pub(crate) fn hold_requests(&mut self, page: u32, held: Arc<Vec<Request>>) {
        self.requests.hold(page, held);
    }

    /// Lets go of pages that `kept` can fetch by now, as far as they are still these.
    pub(crate) fn release(&mut self, pages: &Released, kept: &Arc<dyn Kept>) {
        self.kept.get_or_insert_with(|| Arc::clone(kept));
        for (page, texts) in &pages.texts {
            self.texts.release(*page, |held| Arc::ptr_eq(held, texts) || held == texts);
        }
        for (page, requests) in &pages.requests {
            self.requests.release(*page, |held| Arc::ptr_eq(held, requests) || held == requests);
        }
    }
}

/// Pages that were written and need not be held any longer, each with its number.
#[derive(Debug, Default)]
pub(crate) struct Released {
    pub(crate) texts: Vec<(u32, Arc<TextPage>)>,
    pub(crate) requests: Vec<(u32, Arc<Vec<Request>>)>,
}

impl Released {
    /// Returns whether there is no page.
    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.requests.is_empty()
    }
}
