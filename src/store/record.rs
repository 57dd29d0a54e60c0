//! Records: the parts of a projection that sled stores.
//!
//! ```text
//! key     kind (1 byte)  number (4, big-endian)  piece (2, big-endian)
//! value   as `codec` writes it, cut into pieces of 7,000 bytes where it is longer
//! ```
//!
//! sled 0.34.7 stores values that make one of its nodes too large in files of their own and leaks those: pages of 60 KB
//! left 246 of them in a trial, pages of 6 KB none. Texts and ended requests are not in sled but in the file of pages,
//! see `pages`; sled knows where.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::codec::{pack, pack_operation, pack_requests, pack_texts, wrap};
use super::reached::LastLine;
use super::segment::Place;
use crate::domain::page::{PAGE, page_of};
use crate::domain::projection::{EDITS, NAMES, REQUESTS, ROWS, StateCounts, UndoTops};
use crate::domain::{Event, Fact, Fields, Projection, RequestNumber, Touched};

/// The format of keys and values that is written; a store with another one is made again from its journal.
pub(crate) const FORMAT: u32 = 6;
/// The most bytes of a record in one value.
pub(crate) const PIECE: usize = 7000;
/// How many requests' places are in one record, and how many pages' places in the file of pages.
pub(crate) const PLACES: u32 = 256;

/// The kind of a record, which is the first byte of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Kind {
    Meta = 0,
    Version = 1,
    Run = 2,
    /// A page of texts that is not full yet, by its number; a full one is in the file of pages.
    Texts = 14,
    /// A page of requests some of which have not ended, by its number.
    Requests = 15,
    /// Where the file of pages has [`PLACES`] pages of texts.
    TextPlaces = 16,
    /// Where the file of pages has [`PLACES`] pages of requests.
    RequestPlaces = 17,
    /// The small columns of [`ROWS`] rows.
    Rows = 18,
    /// The marks of [`ROWS`] rows, where some have one.
    Marks = 19,
    /// The runs of [`REQUESTS`] requests.
    RequestRuns = 20,
    /// What labels, reasons and tags are called.
    Words = 21,
    /// [`NAMES`] ids of train rows that rows are near to.
    Names = 22,
    /// [`EDITS`] edits of rows.
    Edits = 23,
    Operation = 24,
    Scrap = 25,
    Split = 26,
    Import = 27,
    Origin = 28,
    /// The labels of versions, and the trials.
    Laboratory = 29,
    /// Where the journal holds the messages and the replies of [`PLACES`] requests.
    Exchanges = 30,
}

impl Kind {
    /// The kinds whose records make up a projection.
    pub(crate) const OF_PROJECTION: [Self; 18] = [
        Self::Version,
        Self::Run,
        Self::Texts,
        Self::Requests,
        Self::TextPlaces,
        Self::RequestPlaces,
        Self::Rows,
        Self::Marks,
        Self::RequestRuns,
        Self::Words,
        Self::Names,
        Self::Edits,
        Self::Operation,
        Self::Scrap,
        Self::Split,
        Self::Import,
        Self::Origin,
        Self::Laboratory,
    ];
}

/// The key of a record: its kind and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) kind: Kind,
    pub(crate) number: u32,
}

impl Key {
    pub(crate) const META: Self = Self { kind: Kind::Meta, number: 0 };

    /// Returns sled's key for one piece of the record.
    pub(crate) fn bytes(self, piece: u16) -> [u8; 7] {
        let mut bytes = [self.kind as u8; 7];
        bytes[1..5].copy_from_slice(&self.number.to_be_bytes());
        bytes[5..].copy_from_slice(&piece.to_be_bytes());
        bytes
    }

    /// Parses the number and the piece of a sled key.
    pub(crate) fn read(bytes: &[u8]) -> Option<(u32, u16)> {
        let (number, piece) = bytes.get(1..)?.split_at_checked(4)?;
        Some((u32::from_be_bytes(number.try_into().ok()?), u16::from_be_bytes(piece.try_into().ok()?)))
    }
}

/// The state of all records as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Meta {
    pub(crate) format: u32,
    /// The sequence number of the last journal line in the records.
    pub(crate) sequence: u64,
    /// That line's checksum, by which another journal is recognised.
    pub(crate) sum: u32,
    /// Whether all records are written up to that line, with none pending.
    pub(crate) complete: bool,
    /// The sum of [`digest`] over all values of the projection's kinds.
    pub(crate) digest: u64,
    pub(crate) tops: UndoTops,
    pub(crate) last_operation: u64,
    /// How many numbers are given to rows.
    pub(crate) rows: u32,
    /// How many rows are in each state.
    pub(crate) states: StateCounts,
    /// How many bytes of the file of pages count; what lies behind them was never finished.
    pub(crate) pages: u64,
    /// Where that last journal line is.
    pub(crate) place: Option<Place>,
}

impl Meta {
    /// Returns the last line in the records.
    pub(crate) const fn last_line(&self) -> LastLine {
        LastLine { sequence: self.sequence, sum: self.sum }
    }
}

/// Returns a value's part of the digest, which is a sum, so that a changed value's old part can be subtracted.
pub(crate) fn digest(key: &[u8], value: &[u8]) -> u64 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(value);
    (u64::from(hasher.finalize()) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Where a request's messages are in the journal, and its reply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ExchangePlaces {
    pub(crate) asked: Option<Place>,
    pub(crate) answered: Option<Place>,
}

/// The keys of records that are to be written to sled.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    pub(crate) keys: BTreeSet<Key>,
    /// The keys of pages that are in the file of pages by now, whose records are to be removed.
    pub(crate) emptied: BTreeSet<Key>,
    /// The places of texts in the journal that sled does not have yet.
    pub(crate) places: BTreeMap<u32, ExchangePlaces>,
}

impl Pending {
    /// Returns whether nothing is pending.
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.emptied.is_empty()
    }

    /// Records the place of a fact's texts in the journal.
    pub(crate) fn locate(&mut self, fact: &Fact, place: Place) {
        match &fact.event {
            Event::RequestBegan { request, .. } => self.exchange(request.number).asked = Some(place),
            Event::RequestEnded { request, .. } => self.exchange(*request).answered = Some(place),
            _ => {}
        }
    }

    fn exchange(&mut self, request: RequestNumber) -> &mut ExchangePlaces {
        self.keys.insert(Key { kind: Kind::Exchanges, number: request.0 / PLACES });
        self.places.entry(request.0).or_default()
    }

    /// Marks the records that a fact changed as pending.
    pub(crate) fn touch(&mut self, touched: &Touched) {
        let keys = &mut self.keys;
        let mut add = |kind, number| {
            keys.insert(Key { kind, number });
        };
        let mut last = None;
        let pages = touched.rows.iter().map(|row| page_of(row.0, PAGE));
        for page in pages.filter(|page| last.replace(*page) != Some(*page)) {
            add(Kind::Texts, page);
            add(Kind::Rows, page_of(page, ROWS / PAGE));
        }
        for (first, last) in touched.marks.ranges() {
            (page_of(first.0, ROWS)..=page_of(last.0, ROWS)).for_each(|page| add(Kind::Marks, page));
        }
        touched.versions.iter().for_each(|version| add(Kind::Version, version.0));
        touched.runs.iter().for_each(|run| add(Kind::Run, run.0));
        for request in &touched.requests {
            add(Kind::Requests, page_of(request.0, PAGE));
            add(Kind::RequestRuns, page_of(request.0, REQUESTS));
        }
        touched.scraps.clone().filter_map(|at| u32::try_from(at).ok()).for_each(|at| add(Kind::Scrap, at));
        touched.operations.iter().for_each(|operation| add(Kind::Operation, *operation));
        touched.imports.iter().for_each(|import| add(Kind::Import, *import));
        touched.origins.clone().filter_map(|at| u32::try_from(at).ok()).for_each(|at| add(Kind::Origin, at));
        if touched.split {
            add(Kind::Split, 0);
        }
        if touched.laboratory {
            add(Kind::Laboratory, 0);
        }
    }
}

/// Reads a record, with its pieces joined; `None` where there is none.
///
/// # Errors
///
/// With sled's message.
pub(crate) fn read(tree: &sled::Tree, key: Key) -> Result<Option<Vec<u8>>, String> {
    let mut whole = None;
    for piece in 0..=u16::MAX {
        let Some(value) = tree.get(key.bytes(piece)).map_err(|error| error.to_string())? else { break };
        whole.get_or_insert_with(Vec::new).extend_from_slice(&value);
    }
    Ok(whole)
}

/// Serialises a record of the projection; `None` if it is empty or missing. Pages of texts and of requests are as they
/// are held, full or not.
pub(crate) fn encode(projection: &Projection, key: Key) -> Result<Option<Vec<u8>>, String> {
    let (number, index) = (key.number, key.number as usize);
    let value = match key.kind {
        Kind::Version => projection.versions().get(index).map(wrap),
        Kind::Run => projection.run(crate::domain::RunNumber(number)).map(wrap),
        Kind::Texts => projection.held_texts(number).map(|page| pack_texts(page)),
        Kind::Requests => projection.held_requests(number).map(|page| pack_requests(page)),
        Kind::Rows => projection.row_page(number).as_ref().map(pack),
        Kind::Marks => projection.mark_page(number).as_ref().map(pack),
        Kind::RequestRuns => {
            Some(projection.request_runs(number)).filter(|runs| !runs.is_empty()).as_ref().map(pack)
        }
        Kind::Words => Some(pack(&projection.words())),
        Kind::Names => projection.names().chunks(NAMES).nth(index).map(|names| pack(&names)),
        Kind::Edits => projection.edits().chunks(EDITS).nth(index).map(|edits| {
            let edits: Vec<&Fields> = edits.iter().map(AsRef::as_ref).collect();
            wrap(&edits)
        }),
        Kind::Scrap => projection.scrap(index).map(wrap),
        Kind::Operation => projection.packed_operation(number).map(pack_operation),
        Kind::Split => projection.split().map(wrap),
        Kind::Laboratory => Some(projection.laboratory()).filter(|l| !l.is_empty()).map(wrap),
        Kind::Import => index.checked_sub(1).and_then(|at| projection.imports().get(at)).map(wrap),
        Kind::Origin => projection.origins().get(index).map(wrap),
        Kind::Meta | Kind::TextPlaces | Kind::RequestPlaces | Kind::Exchanges => None,
    };
    value.transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Change;
    use crate::domain::fixtures::Story;

    #[test]
    fn keys_sort_by_kind_then_number_then_piece() {
        let key = |kind, number, piece| Key { kind, number }.bytes(piece);
        let ascending =
            [key(Kind::Run, 300, 0), key(Kind::Rows, 2, 0), key(Kind::Rows, 2, 1), key(Kind::Rows, 256, 0)];
        assert!(ascending.is_sorted());
    }

    #[test]
    fn a_page_without_marks_is_not_kept() {
        let mut story = Story::with_rows(300);
        story.change(&[266], Change::accept());
        let page =
            |story: &Story, number| encode(&story.projection, Key { kind: Kind::Marks, number }).unwrap();
        assert_eq!(page(&story, 0), None);
        assert!(page(&story, 1).is_some());
    }

    #[test]
    fn a_bulk_decision_touches_pages_not_rows() {
        let mut story = Story::with_rows(640);
        story.change(&(0..640).collect::<Vec<_>>(), Change::accept());
        let fact = story.facts.pop().unwrap();
        let touched = story.projection.apply(&fact);
        let mut pending = Pending::default();
        pending.touch(&touched);
        assert_eq!(pending.keys.iter().filter(|key| key.kind == Kind::Marks).count(), 3);
    }

    #[test]
    fn the_digest_takes_a_changed_value_out_again() {
        let (a, b) = (digest(b"k", b"old"), digest(b"k", b"new"));
        assert_ne!(a, b);
        let sum = digest(b"x", b"1").wrapping_add(a);
        assert_eq!(sum.wrapping_sub(a).wrapping_add(b), digest(b"x", b"1").wrapping_add(b));
    }
}
