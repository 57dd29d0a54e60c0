//! A projection as pages of columns, for whoever keeps it: small numbers, and runs of equal ones.
//!
//! Marks, labels and nearest rows are numbers of words, which [`Words`], the names and the edits hold.

use serde::{Deserialize, Serialize};

use super::Projection;
use super::flags::{Other, PackedFlag};
use super::marks::PackedMark;
use crate::domain::chunked::CHUNK;
use crate::domain::{
    Fields, Operation, OperationId, OperationKind, RequestNumber, Restores, RowId, RunNumber, Timestamp,
};

/// How many rows are in one page of columns, or of marks.
pub(crate) const ROWS: usize = 256;
/// How many names are in one page of them.
pub(crate) const NAMES: usize = 256;
/// How many edits are in one page of them.
pub(crate) const EDITS: usize = 16;
/// How many requests are in one page of their runs.
pub(crate) const REQUESTS: usize = 4096;

/// Runs of equal elements: how many, and what.
pub(crate) type RunsOf<T> = Vec<(u16, T)>;

/// The small columns of up to [`ROWS`] rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct RowPage {
    /// The ids, one behind the other.
    ids: String,
    labels: RunsOf<u16>,
    requests: RunsOf<u32>,
    created: RunsOf<i64>,
    novelty: Vec<f32>,
    /// One more than the index of a name; 0 for none.
    nearest: Vec<u32>,
    /// The kinds that flags have, by name, so that their order may change.
    kinds: Vec<String>,
    flags: Vec<(u8, u8, Option<f64>, Other)>,
}

/// The marks of up to [`ROWS`] rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct MarkPage(RunsOf<PackedMark>);

/// The words that columns and marks name by number, except for those that are many.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Words {
    pub(super) labels: Vec<String>,
    pub(super) reasons: Vec<String>,
    pub(super) tags: Vec<Vec<String>>,
}

/// An operation with the packed marks that undo it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PackedOperation {
    pub(crate) id: OperationId,
    pub(crate) at: Timestamp,
    pub(crate) kind: OperationKind,
    pub(crate) rows: u32,
    pub(crate) undone: bool,
    pub(crate) below: Option<u32>,
    pub(crate) restores: PackedRestores,
}

/// Ranges of rows with equal marks: how many rows lie between the range before and this one, how many there are in it
/// beyond the first, and which of the marks they have.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct PackedRestores {
    marks: Vec<PackedMark>,
    ranges: Vec<(u32, u32, u32)>,
}

/// Appends an element to runs of equal ones.
fn push_run<T: PartialEq>(runs: &mut RunsOf<T>, element: T) {
    match runs.last_mut() {
        Some((count, last)) if *last == element && *count < u16::MAX => *count += 1,
        _ => runs.push((1, element)),
    }
}

/// Returns the elements of runs, one by one.
fn elements<T: Copy>(runs: &RunsOf<T>) -> impl Iterator<Item = T> + '_ {
    runs.iter().flat_map(|(count, element)| std::iter::repeat_n(*element, usize::from(*count)))
}

impl Projection {
    fn range_of(&self, page: u32) -> std::ops::Range<usize> {
        let first = page as usize * ROWS;
        first..self.len().min(first + ROWS)
    }

    /// Returns a page of the small columns of rows; `None` where there is no such page.
    pub(crate) fn row_page(&self, page: u32) -> Option<RowPage> {
        let range = self.range_of(page);
        let columns = self.rows.chunks.get(range.start / CHUNK).filter(|_| !range.is_empty())?;
        let mut packed = RowPage::default();
        for at in range.map(|row| row % CHUNK) {
            packed.ids.push_str(columns.ids.get(at)?.as_str());
            push_run(&mut packed.labels, columns.labels.get(at)?);
            push_run(&mut packed.requests, columns.requests.get(at)?.0);
            push_run(&mut packed.created, columns.created.get(at)?.0);
            packed.novelty.push(columns.novelty[at]);
            packed.nearest.push(columns.nearest[at].wrapping_add(1));
            for flag in &columns.flags[PackedFlag::range_of(&columns.flags, at)] {
                packed.push_flag(at % ROWS, *flag);
            }
        }
        Some(packed)
    }

    /// Returns a page of marks; `None` where all are the default mark.
    pub(crate) fn mark_page(&self, page: u32) -> Option<MarkPage> {
        let mut packed = MarkPage::default();
        for mark in self.range_of(page).filter_map(|row| self.marks.get(row)) {
            push_run(&mut packed.0, *mark);
        }
        packed.0.iter().any(|(_, mark)| *mark != PackedMark::default()).then_some(packed)
    }

    /// Returns the words that columns and marks name by number.
    pub(crate) fn words(&self) -> Words {
        let super::marks::Interned { labels, reasons, tags, .. } = self.interned.as_ref();
        Words { labels: labels.clone(), reasons: reasons.clone(), tags: tags.clone() }
    }

    /// Returns how many labels, reasons and sets of tags there are.
    pub(crate) fn word_count(&self) -> usize {
        let super::marks::Interned { labels, reasons, tags, .. } = self.interned.as_ref();
        labels.len() + reasons.len() + tags.len()
    }

    /// Returns the ids of train rows that rows are near to, or that their flags name.
    pub(crate) fn names(&self) -> &[String] {
        &self.interned.nearest
    }

    /// Returns the edits of rows, those that were taken back too.
    pub(crate) fn edits(&self) -> &[std::sync::Arc<Fields>] {
        &self.interned.edits
    }

    /// Returns a page of the runs of requests.
    pub(crate) fn request_runs(&self, page: u32) -> RunsOf<u32> {
        let first = page as usize * REQUESTS;
        let mut runs = RunsOf::new();
        for place in first..self.request_runs.len().min(first + REQUESTS) {
            push_run(&mut runs, self.request_runs.get(place).map_or(0, |run| run.0));
        }
        runs
    }

    /// Returns an operation with its marks, by index.
    pub(crate) fn packed_operation(&self, index: u32) -> Option<PackedOperation> {
        let Operation { id, at, kind, rows, undone, below, restores } =
            self.operations.get(index as usize)?;
        let restores = PackedRestores::of(restores);
        Some(PackedOperation {
            id: *id,
            at: *at,
            kind: *kind,
            rows: *rows,
            undone: *undone,
            below: *below,
            restores,
        })
    }

    /// Puts a page of columns into its place, with default marks.
    ///
    /// # Errors
    ///
    /// The rest of a sentence that begins with "it", where the page does not fit.
    pub(crate) fn put_row_page(&mut self, page: u32, packed: &RowPage) -> Result<(), &'static str> {
        let range = self.range_of(page);
        let (chunk, first) = (range.start / CHUNK, range.start % CHUNK);
        let marks = self.marks.chunk_mut(chunk).filter(|marks| marks.len() == first);
        let columns = self.rows.chunks.get_mut(chunk).map(std::sync::Arc::make_mut);
        let (Some(columns), Some(marks)) = (columns.filter(|columns| columns.ids.len() == first), marks)
        else {
            return Err("has a page of rows in the wrong place");
        };
        let ids = packed.ids.as_bytes().chunks_exact(RowId::LENGTH);
        columns.ids.extend(ids.filter_map(|id| std::str::from_utf8(id).ok()?.parse::<RowId>().ok()));
        packed.labels.iter().for_each(|(count, label)| columns.labels.push(*label, *count));
        packed
            .requests
            .iter()
            .for_each(|(count, request)| columns.requests.push(RequestNumber(*request), *count));
        packed.created.iter().for_each(|(count, at)| columns.created.push(Timestamp(*at), *count));
        columns.novelty.extend_from_slice(&packed.novelty);
        columns.nearest.extend(packed.nearest.iter().map(|place| place.wrapping_sub(1)));
        let count = first + range.len();
        marks.resize(count, PackedMark::default());
        let lengths = [
            columns.ids.len(),
            columns.labels.len(),
            columns.requests.len(),
            columns.created.len(),
            columns.novelty.len(),
            columns.nearest.len(),
        ];
        if lengths != [count; 6] {
            return Err("has a page of rows with the wrong number of them");
        }
        for (at, kind, figure, other) in &packed.flags {
            let kind = packed.kinds.get(usize::from(*kind)).and_then(|kind| super::FlagKind::from_name(kind));
            let row = u16::try_from(first + usize::from(*at)).ok().filter(|row| usize::from(*row) < count);
            let (Some(kind), Some(row)) = (kind, row) else { return Err("has a flag that is not known") };
            columns.flags.push(PackedFlag { row, kind, figure: *figure, other: *other });
        }
        Ok(())
    }

    /// Puts a page of marks into its place, where the columns of its rows are. Rows that came later have default marks.
    ///
    /// # Errors
    ///
    /// The rest of a sentence that begins with "it", where the page does not fit.
    pub(crate) fn put_mark_page(&mut self, page: u32, packed: &MarkPage) -> Result<(), &'static str> {
        let range = self.range_of(page);
        let first = range.start % CHUNK;
        let marks = self.marks.chunk_mut(range.start / CHUNK);
        let marks = marks.and_then(|marks| marks.get_mut(first..first + range.len())).unwrap_or_default();
        let mut count = 0;
        for (slot, mark) in marks.iter_mut().zip(elements(&packed.0)) {
            *slot = mark;
            count += 1;
        }
        if elements(&packed.0).count() == count {
            Ok(())
        } else {
            Err("has marks of rows that it does not have")
        }
    }
}

impl RowPage {
    fn push_flag(&mut self, at: usize, flag: PackedFlag) {
        let name = flag.kind.name();
        let kind = self.kinds.iter().position(|known| known == name).unwrap_or_else(|| {
            self.kinds.push(name.to_owned());
            self.kinds.len() - 1
        });
        let number = |place: usize| u8::try_from(place).unwrap_or(u8::MAX);
        self.flags.push((number(at), number(kind), flag.figure, flag.other));
    }
}

impl PackedRestores {
    fn of(restores: &Restores) -> Self {
        let mut packed = Self::default();
        let mut places = std::collections::HashMap::new();
        let mut next = 0;
        for (first, last, mark) in restores.runs() {
            let place = *places.entry(mark).or_insert_with(|| {
                packed.marks.push(mark);
                packed.marks.len() - 1
            });
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            packed.ranges.push((first.wrapping_sub(next), last - first, place));
            next = last + 1;
        }
        packed
    }

    /// Returns the marks as an operation holds them; `None` where the ranges make no sense.
    pub(super) fn restores(&self) -> Option<Restores> {
        let mut next = 0_u32;
        let mut runs = Vec::with_capacity(self.ranges.len());
        for (gap, more, place) in &self.ranges {
            let first = next.checked_add(*gap)?;
            let last = first.checked_add(*more)?;
            runs.push((first, last, *self.marks.get(*place as usize)?));
            next = last.checked_add(1)?;
        }
        Some(Restores::of(runs))
    }
}

/// The run of each request, from a page of them.
pub(super) fn runs_of(page: &RunsOf<u32>) -> impl Iterator<Item = RunNumber> + '_ {
    elements(page).map(RunNumber)
}

#[cfg(test)]
mod tests;
