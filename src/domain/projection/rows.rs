//! The generated part of rows: their small columns, stored in shared chunks.

use std::sync::Arc;

use super::flags::PackedFlag;
use super::marks::{Interned, PackedMark};
use super::repeated::Repeated;
use crate::domain::chunked::CHUNK;
use crate::domain::{FieldValue, Fields, NewRow, RequestNumber, RowId, RowNumber, Scores, Timestamp};

/// The columns of up to [`CHUNK`] rows; none of a chunk that has not been read yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    pub(super) ids: Vec<RowId>,
    pub(super) labels: Repeated<u16>,
    pub(super) requests: Repeated<RequestNumber>,
    pub(super) created: Repeated<Timestamp>,
    pub(super) novelty: Vec<f32>,
    /// The train row that is nearest, as an index into the interned names; `u32::MAX` for none.
    pub(super) nearest: Vec<u32>,
    /// Flags by index in the chunk.
    pub(super) flags: Vec<PackedFlag>,
}

/// All rows' columns.
#[derive(Debug, Clone, Default)]
pub(super) struct RowChunks {
    pub(super) chunks: Vec<Arc<Columns>>,
    pub(super) len: usize,
}

impl RowChunks {
    pub(super) fn place(&self, number: RowNumber) -> Option<(&Columns, usize)> {
        let at = number.index();
        (at < self.len).then(|| Some((self.chunks.get(at / CHUNK)?.as_ref(), at % CHUNK)))?
    }

    pub(super) fn id(&self, number: RowNumber) -> Option<RowId> {
        let (columns, at) = self.place(number)?;
        columns.ids.get(at).copied()
    }

    pub(super) fn request(&self, number: RowNumber) -> Option<RequestNumber> {
        let (columns, at) = self.place(number)?;
        columns.requests.get(at)
    }

    /// Returns a row's label: the one that a person gave it, or the field `label` where a person edited it.
    pub(super) fn label<'a>(&self, number: RowNumber, mark: PackedMark, interned: &'a Interned) -> &'a str {
        if let Some(given) = interned.given_label(mark) {
            return given;
        }
        let edited = interned.edit(mark).and_then(|fields| fields.0.get(Fields::LABEL));
        match edited {
            Some(FieldValue::Text(label)) => label,
            _ => self.original_label(number, interned),
        }
    }

    /// Returns the place of a row's generated label among the interned ones.
    pub(super) fn label_index(&self, number: RowNumber) -> u16 {
        self.place(number).and_then(|(columns, at)| columns.labels.get(at)).unwrap_or_default()
    }

    pub(super) fn original_label<'a>(&self, number: RowNumber, interned: &'a Interned) -> &'a str {
        interned.labels.get(usize::from(self.label_index(number))).map_or("", String::as_str)
    }

    pub(super) fn push(&mut self, row: &NewRow, place: Place, flags: impl Iterator<Item = PackedFlag>) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Arc::default());
        }
        let Some(columns) = self.chunks.last_mut().map(Arc::make_mut) else { return };
        columns.ids.push(row.id);
        columns.labels.push(place.label, 1);
        columns.requests.push(place.request, 1);
        columns.created.push(place.created, 1);
        columns.novelty.push(row.scores.novelty.unwrap_or(f32::NAN));
        columns.nearest.push(place.nearest);
        columns.flags.extend(flags);
        self.len += 1;
    }

    pub(super) fn reflag(
        &mut self,
        number: RowNumber,
        flags: Vec<PackedFlag>,
        scores: &Scores,
        nearest: u32,
    ) {
        let chunk = self.chunks.get_mut(number.index() / CHUNK).map(Arc::make_mut);
        let at = number.index() % CHUNK;
        let Some(columns) = chunk.filter(|columns| at < columns.ids.len()) else { return };
        columns.novelty[at] = scores.novelty.unwrap_or(f32::NAN);
        columns.nearest[at] = nearest;
        columns.flags.splice(PackedFlag::range_of(&columns.flags, at), flags);
    }
}

/// The provenance of a new row, in interned form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) label: u16,
    pub(super) request: RequestNumber,
    pub(super) created: Timestamp,
    pub(super) nearest: u32,
}
