//! The generated part of rows, stored as columns in shared chunks.

use std::sync::Arc;

use super::marks::{Interned, PackedMark};
use super::{Projection, RowRecord};
use crate::domain::chunked::CHUNK;
use crate::domain::{
    FieldValue, Fields, Flag, FlagKind, Mark, NewRow, Request, RequestNumber, RowId, RowNumber, RowState,
    Run, Scores, Timestamp, Version,
};

/// The columns of up to [`CHUNK`] rows.
#[derive(Debug, Clone, Default)]
struct Columns {
    ids: Vec<RowId>,
    labels: Vec<u16>,
    requests: Vec<RequestNumber>,
    created: Vec<Timestamp>,
    novelty: Vec<f32>,
    /// The train row that is nearest, as an index into the interned names; `u32::MAX` for none.
    nearest: Vec<u32>,
    text_ends: Vec<u32>,
    texts: String,
    /// Fields besides the text, for rows that have some, by index in the chunk.
    others: Vec<(u16, Arc<Fields>)>,
    /// Ids in the files that rows were imported from, where those are others than here, by index in the chunk.
    there: Vec<(u16, Box<str>)>,
    /// Flags by index in the chunk.
    flags: Vec<(u16, Flag)>,
}

/// All rows' columns.
#[derive(Debug, Clone, Default)]
pub(super) struct RowChunks {
    chunks: Vec<Arc<Columns>>,
    len: usize,
}

impl RowChunks {
    fn place(&self, number: RowNumber) -> Option<(&Columns, usize)> {
        let at = number.index();
        (at < self.len).then(|| Some((self.chunks.get(at / CHUNK)?.as_ref(), at % CHUNK)))?
    }

    pub(super) fn id(&self, number: RowNumber) -> Option<RowId> {
        let (columns, at) = self.place(number)?;
        columns.ids.get(at).copied()
    }

    pub(super) fn request(&self, number: RowNumber) -> Option<RequestNumber> {
        let (columns, at) = self.place(number)?;
        columns.requests.get(at).copied()
    }

    /// Returns a row's label, or the field `label` where a person edited it.
    pub(super) fn label<'a>(&self, number: RowNumber, mark: PackedMark, interned: &'a Interned) -> &'a str {
        let edited = interned.edit(mark).and_then(|fields| fields.0.get(Fields::LABEL));
        match edited {
            Some(FieldValue::Text(label)) => label,
            _ => self.original_label(number, interned),
        }
    }

    fn original_label<'a>(&self, number: RowNumber, interned: &'a Interned) -> &'a str {
        let index = self.place(number).and_then(|(columns, at)| columns.labels.get(at));
        index.and_then(|index| interned.labels.get(usize::from(*index))).map_or("", String::as_str)
    }

    pub(super) fn push(&mut self, row: &NewRow, there: Option<&str>, place: Place) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Arc::default());
        }
        let Some(columns) = self.chunks.last_mut().map(Arc::make_mut) else { return };
        let at = u16::try_from(columns.ids.len()).unwrap_or_default();
        columns.ids.push(row.id);
        columns.labels.push(place.label);
        columns.requests.push(place.request);
        columns.created.push(place.created);
        columns.novelty.push(row.scores.novelty.unwrap_or(f32::NAN));
        columns.nearest.push(place.nearest);
        columns.texts.push_str(row.fields.text());
        columns.text_ends.push(u32::try_from(columns.texts.len()).unwrap_or(u32::MAX));
        if row.fields.0.len() > 1 {
            columns.others.push((at, Arc::new(row.fields.clone())));
        }
        columns.there.extend(there.map(|there| (at, there.into())));
        columns.flags.extend(row.flags.iter().map(|flag| (at, flag.clone())));
        self.len += 1;
    }

    pub(super) fn reflag(&mut self, number: RowNumber, flags: &[Flag], scores: &Scores, nearest: u32) {
        if number.index() >= self.len {
            return;
        }
        let (Some(columns), at) =
            (self.chunks.get_mut(number.index() / CHUNK).map(Arc::make_mut), number.index() % CHUNK)
        else {
            return;
        };
        columns.novelty[at] = scores.novelty.unwrap_or(f32::NAN);
        columns.nearest[at] = nearest;
        let at = u16::try_from(at).unwrap_or_default();
        columns.flags.retain(|(row, _)| *row != at);
        let place = columns.flags.partition_point(|(row, _)| *row < at);
        columns.flags.splice(place..place, flags.iter().map(|flag| (at, flag.clone())));
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

/// One row of a projection, read from its columns.
#[derive(Debug, Clone, Copy)]
pub struct RowView<'a> {
    pub(in crate::domain) projection: &'a Projection,
    pub(super) number: RowNumber,
    mark: PackedMark,
}

impl<'a> RowView<'a> {
    pub(super) const fn new(projection: &'a Projection, number: RowNumber, mark: PackedMark) -> Self {
        Self { projection, number, mark }
    }

    fn column<T>(&self, pick: impl FnOnce(&'a Columns, usize) -> T) -> T
    where
        T: Default,
    {
        self.projection.rows.place(self.number).map(|(columns, at)| pick(columns, at)).unwrap_or_default()
    }

    /// Returns the row's number.
    #[must_use]
    pub const fn number(&self) -> RowNumber {
        self.number
    }

    /// Returns the row's id.
    #[must_use]
    pub fn id(&self) -> RowId {
        self.projection.rows.id(self.number).unwrap_or_else(|| RowId::from_bits(0))
    }

    /// Returns the row's state.
    #[must_use]
    pub fn state(&self) -> RowState {
        self.mark.state()
    }

    /// Returns the row's mark: everything that a person decided about it.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.projection.interned.unpack(self.mark)
    }

    /// Returns whether the row's state was decided together with other rows.
    #[must_use]
    pub const fn is_bulk(&self) -> bool {
        self.mark.is_bulk()
    }

    /// Returns the row's text, edited where a person edited it.
    #[must_use]
    pub fn text(&self) -> &'a str {
        match self.projection.interned.edit(self.mark) {
            Some(fields) => fields.text(),
            None => self.original_text(),
        }
    }

    /// Returns the row's text as it was generated.
    #[must_use]
    pub fn original_text(&self) -> &'a str {
        self.column(|columns, at| {
            let start = at.checked_sub(1).map_or(0, |before| columns.text_ends[before]);
            &columns.texts[start as usize..columns.text_ends[at] as usize]
        })
    }

    /// Returns the row's fields, edited where a person edited them.
    #[must_use]
    pub fn fields(&self) -> Fields {
        self.projection.interned.edit(self.mark).cloned().unwrap_or_else(|| self.original_fields())
    }

    /// Returns the row's fields as they were generated.
    #[must_use]
    pub fn original_fields(&self) -> Fields {
        let others = self.column(|columns, at| {
            let at = u16::try_from(at).unwrap_or_default();
            let found = columns.others.binary_search_by_key(&at, |(row, _)| *row).ok()?;
            Some(columns.others[found].1.as_ref().clone())
        });
        others.unwrap_or_else(|| Fields::of_text(self.original_text()))
    }

    /// Returns the row's fields with another label, and without one where it is the generated label and no field.
    #[must_use]
    pub fn relabelled(&self, label: &str) -> Fields {
        let (mut fields, original) = (self.fields(), self.original_fields());
        if label == self.original_label() && !original.0.contains_key(Fields::LABEL) {
            fields.0.remove(Fields::LABEL);
        } else {
            fields.0.insert(Fields::LABEL.to_owned(), FieldValue::Text(label.to_owned()));
        }
        fields
    }

    /// Returns whether a person edited the row.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        self.projection.interned.edit(self.mark).is_some()
    }

    /// Returns the row's label, or the field `label` where a person edited it.
    #[must_use]
    pub fn label(&self) -> &'a str {
        self.projection.rows.label(self.number, self.mark, &self.projection.interned)
    }

    /// Returns the row's label as it was generated.
    #[must_use]
    pub fn original_label(&self) -> &'a str {
        self.projection.rows.original_label(self.number, &self.projection.interned)
    }

    /// Returns the row's flags.
    pub fn flags(&self) -> impl Iterator<Item = &'a Flag> + use<'a> {
        let flags: &'a [(u16, Flag)] = self.column(|columns, at| {
            let at = u16::try_from(at).unwrap_or_default();
            let first = columns.flags.partition_point(|(row, _)| *row < at);
            let after = columns.flags.partition_point(|(row, _)| *row <= at);
            &columns.flags[first..after]
        });
        flags.iter().map(|(_, flag)| flag)
    }

    /// Returns whether the row has a flag.
    #[must_use]
    pub fn has_flag(&self, kind: FlagKind) -> bool {
        self.flags().any(|flag| flag.kind == kind)
    }

    /// Returns the row's scores.
    #[must_use]
    pub fn scores(&self) -> Scores {
        self.column(|columns, at| {
            let novelty = columns.novelty[at];
            let nearest = self.projection.interned.nearest.get(columns.nearest[at] as usize);
            Scores { novelty: (!novelty.is_nan()).then_some(novelty), nearest: nearest.cloned() }
        })
    }

    /// Returns when the row was generated.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.column(|columns, at| columns.created[at])
    }

    /// Returns the row's id in the file that it was imported from, where it has another one here.
    #[must_use]
    pub fn id_there(&self) -> Option<&'a str> {
        self.column(|columns, at| {
            let at = u16::try_from(at).unwrap_or_default();
            let found = columns.there.binary_search_by_key(&at, |(row, _)| *row).ok()?;
            Some(columns.there[found].1.as_ref())
        })
    }

    /// Returns the number of the row's request, or what stands in its place for an imported row.
    pub(super) fn source(&self) -> RequestNumber {
        self.column(|columns, at| columns.requests[at])
    }

    /// Returns the request that the row came from; an imported row has none.
    #[must_use]
    pub fn request(&self) -> Option<&'a Request> {
        self.projection.request(self.source())
    }

    /// Returns the run that the row came from.
    #[must_use]
    pub fn run(&self) -> Option<&'a Run> {
        self.projection.run(self.request()?.run)
    }

    /// Returns the version that the row came from.
    #[must_use]
    pub fn version(&self) -> Option<&'a Version> {
        self.projection.version(self.run()?.version)
    }

    /// Returns the generated part of the row as a record.
    #[must_use]
    pub fn record(&self) -> RowRecord {
        RowRecord {
            row: NewRow {
                id: self.id(),
                label: self.original_label().to_owned(),
                fields: self.original_fields(),
                flags: self.flags().cloned().collect(),
                scores: self.scores(),
            },
            there: self.id_there().map(str::to_owned),
            request: self.source(),
            created_at: self.created_at(),
        }
    }
}
