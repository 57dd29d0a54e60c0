//! One row of a projection.

use super::flags::PackedFlag;
use super::marks::PackedMark;
use super::pages::Found;
use super::rows::Columns;
use super::{Projection, RowRecord};
use crate::domain::page::{RequestRef, RowText, TextPage};
use crate::domain::{
    FieldValue, Fields, Flag, FlagKind, Mark, NewRow, RequestNumber, RowId, RowNumber, RowState, Run, Scores,
    Timestamp, Version,
};

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

    /// Returns the row's tags.
    #[must_use]
    pub fn tags(&self) -> &'a [String] {
        self.projection.interned.tags(self.mark)
    }

    /// Returns why the row was rejected or skipped, where a person said so.
    #[must_use]
    pub fn reason(&self) -> Option<&'a str> {
        self.projection.interned.reason(self.mark)
    }

    /// Returns whether the row's state was decided together with other rows.
    #[must_use]
    pub const fn is_bulk(&self) -> bool {
        self.mark.is_bulk()
    }

    /// Returns the row's text, edited where a person edited it.
    #[must_use]
    pub fn text(&self) -> RowText<'a> {
        match self.projection.interned.edit(self.mark) {
            Some(fields) => RowText::here(fields.text()),
            None => self.original_text(),
        }
    }

    /// Returns the row's text as it was generated.
    #[must_use]
    pub fn original_text(&self) -> RowText<'a> {
        match self.projection.texts.find(self.number.index()) {
            Some(Found::Held(page, at)) => RowText::here(page.text(at)),
            Some(Found::Kept(page, at)) => RowText::fetched(self.projection.fetch_texts(page), at),
            None => RowText::here(""),
        }
    }

    /// Returns the row's fields, edited where a person edited them, with the label where a person gave it.
    #[must_use]
    pub fn fields(&self) -> Fields {
        let interned = &self.projection.interned;
        let mut fields = interned.edit(self.mark).cloned().unwrap_or_else(|| self.original_fields());
        if let Some(label) = interned.given_label(self.mark) {
            fields.0.insert(Fields::LABEL.to_owned(), FieldValue::Text(label.to_owned()));
        }
        fields
    }

    /// Returns the row's fields as they were generated.
    #[must_use]
    pub fn original_fields(&self) -> Fields {
        self.on_page(TextPage::fields)
    }

    /// Returns what the row's page says of it.
    fn on_page<T: Default>(&self, say: impl FnOnce(&TextPage, usize) -> T) -> T {
        match self.projection.texts.find(self.number.index()) {
            Some(Found::Held(page, at)) => say(page, at),
            Some(Found::Kept(page, at)) => say(&self.projection.fetch_texts(page), at),
            None => T::default(),
        }
    }

    /// Returns whether a person edited the row.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        self.mark.is_edited()
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
    pub fn flags(&self) -> impl Iterator<Item = Flag> + use<'a> {
        let interned = &self.projection.interned;
        self.packed_flags().iter().map(|flag| flag.unpack(interned))
    }

    /// Returns the kinds of the row's flags.
    pub fn flag_kinds(&self) -> impl Iterator<Item = FlagKind> + use<'a> {
        self.packed_flags().iter().map(|flag| flag.kind)
    }

    /// Returns whether the row has any flag.
    #[must_use]
    pub fn is_flagged(&self) -> bool {
        !self.packed_flags().is_empty()
    }

    fn packed_flags(&self) -> &'a [PackedFlag] {
        self.column(|columns, at| &columns.flags[PackedFlag::range_of(&columns.flags, at)])
    }

    /// Returns whether the row has a flag.
    #[must_use]
    pub fn has_flag(&self, kind: FlagKind) -> bool {
        self.flag_kinds().any(|known| known == kind)
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

    /// Returns how unlike the nearest train row the row is, from 0 to 1, where that is known.
    #[must_use]
    pub fn novelty(&self) -> Option<f32> {
        self.column(|columns, at| Some(columns.novelty[at]).filter(|novelty| !novelty.is_nan()))
    }

    /// Returns when the row was generated.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.column(|columns, at| columns.created.get(at).unwrap_or_default())
    }

    /// Returns the row's id in the file that it was imported from, where it has another one here.
    #[must_use]
    pub fn id_there(&self) -> Option<String> {
        self.on_page(|page, at| page.id_there(at).map(str::to_owned))
    }

    /// Returns the number of the row's request, or what stands in its place for an imported row.
    pub(super) fn source(&self) -> RequestNumber {
        self.column(|columns, at| columns.requests.get(at).unwrap_or_default())
    }

    /// Returns the request that the row came from; an imported row has none.
    #[must_use]
    pub fn request(&self) -> Option<RequestRef<'a>> {
        self.projection.request(self.source())
    }

    /// Returns the number of the request that the row came from; an imported row has none.
    #[must_use]
    pub fn request_number(&self) -> Option<RequestNumber> {
        Some(self.source()).filter(|number| (number.0 as usize) < self.projection.request_count())
    }

    /// Returns the run that the row came from.
    #[must_use]
    pub fn run(&self) -> Option<&'a Run> {
        self.projection.run(self.projection.run_of_request(self.source())?)
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
                flags: self.flags().collect(),
                scores: self.scores(),
            },
            there: self.id_there(),
            request: self.source(),
            created_at: self.created_at(),
        }
    }
}
