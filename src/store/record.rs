//! Records: the parts of a projection that sled stores.
//!
//! ```text
//! key     kind (1 byte)  number (4, big-endian)  piece (2, big-endian)
//! value   {"v":1,"d":RECORD}, cut into pieces of 32 KB where it is longer
//! ```
//!
//! sled stores values over about 100 KB in files of their own and leaks those, so a long
//! record is split into several values.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::reached::LastLine;
use super::segment::Place;
use crate::domain::projection::UndoTops;
use crate::domain::{Event, Fact, Mark, Projection, RequestNumber, RowNumber, Touched};

/// The format of keys and values that is written; a newer one is rebuilt.
pub(crate) const FORMAT: u32 = 5;
/// The oldest format that is read: it lacks imports, labels and trials, and is otherwise the same.
pub(crate) const OLDEST: u32 = 3;
const OPEN: &[u8] = b"{\"v\":1,\"d\":";
const CLOSE: &[u8] = b"}";
/// The most bytes of a record in one value.
pub(crate) const PIECE: usize = 32 * 1024;
/// The number of rows whose marks are in one record.
pub(crate) const PAGE: u32 = 64;

/// The kind of a record, which is the first byte of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Kind {
    Meta = 0,
    Version = 1,
    Run = 2,
    Request = 3,
    Row = 4,
    /// The marks of [`PAGE`] rows, without default marks.
    Marks = 5,
    Scrap = 6,
    Operation = 7,
    Split = 8,
    /// Where the journal holds a request's messages.
    Asked = 9,
    /// Where the journal holds a request's reply.
    Answered = 10,
    Import = 11,
    Origin = 12,
    /// The labels of versions, and the trials.
    Laboratory = 13,
}

impl Kind {
    /// The kinds whose records make up a projection.
    pub(crate) const OF_PROJECTION: [Self; 11] = [
        Self::Version,
        Self::Run,
        Self::Request,
        Self::Row,
        Self::Marks,
        Self::Scrap,
        Self::Operation,
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

/// Serialises a record in its envelope, `{"v":1,"d":RECORD}`.
pub(crate) fn wrap(record: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = OPEN.to_vec();
    serde_json::to_writer(&mut out, record)?;
    out.extend_from_slice(CLOSE);
    Ok(out)
}

/// Parses a record in its envelope.
pub(crate) fn unwrap<'a, T: Deserialize<'a>>(value: &'a [u8]) -> Result<T, String> {
    let record = value.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE));
    serde_json::from_slice(record.ok_or("a record has another format")?).map_err(|error| error.to_string())
}

/// The keys of records that are to be written to sled.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    pub(crate) keys: BTreeSet<Key>,
    /// The places of texts in the journal that sled does not have yet.
    pub(crate) places: BTreeMap<Key, Place>,
}

impl Pending {
    /// Records the place of a fact's texts in the journal.
    pub(crate) fn locate(&mut self, fact: &Fact, place: Place) {
        match &fact.event {
            Event::RequestBegan { request, .. } => self.place(Kind::Asked, request.number, place),
            Event::RequestEnded { request, .. } => self.place(Kind::Answered, *request, place),
            _ => {}
        }
    }

    fn place(&mut self, kind: Kind, request: RequestNumber, place: Place) {
        let key = Key { kind, number: request.0 };
        self.places.insert(key, place);
        self.keys.insert(key);
    }

    /// Marks the records that a fact changed as pending.
    pub(crate) fn touch(&mut self, touched: &Touched) {
        let keys = &mut self.keys;
        let mut add = |kind, number| {
            keys.insert(Key { kind, number });
        };
        touched.rows.iter().for_each(|row| add(Kind::Row, row.0));
        let mut last = None;
        for page in
            touched.marks.iter().map(|row| row.0 / PAGE).filter(|page| last.replace(*page) != Some(*page))
        {
            add(Kind::Marks, page);
        }
        touched.versions.iter().for_each(|version| add(Kind::Version, version.0));
        touched.runs.iter().for_each(|run| add(Kind::Run, run.0));
        touched.requests.iter().for_each(|request| add(Kind::Request, request.0));
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

/// Serialises a record of the projection in its envelope; `None` if it is empty or missing.
pub(crate) fn encode(projection: &Projection, key: Key) -> Result<Option<Vec<u8>>, serde_json::Error> {
    let (number, index) = (key.number, key.number as usize);
    let value = match key.kind {
        Kind::Version => projection.versions().get(index).map(wrap),
        Kind::Run => projection.run(crate::domain::RunNumber(number)).map(wrap),
        Kind::Request => projection.request(RequestNumber(number)).map(|request| wrap(&*request)),
        Kind::Row => projection.row_record(RowNumber(number)).as_ref().map(wrap),
        Kind::Marks => marks(projection, number).as_ref().map(wrap),
        Kind::Scrap => projection.scrap(index).map(wrap),
        Kind::Operation => projection.operation_record(number).as_ref().map(wrap),
        Kind::Split => projection.split().map(wrap),
        Kind::Laboratory => Some(projection.laboratory()).filter(|l| !l.is_empty()).map(wrap),
        Kind::Import => index.checked_sub(1).and_then(|at| projection.imports().get(at)).map(wrap),
        Kind::Origin => projection.origins().get(index).map(wrap),
        Kind::Meta | Kind::Asked | Kind::Answered => None,
    };
    value.transpose()
}

/// Returns the marks of a page that are not the default, each with its row's offset in the page.
fn marks(projection: &Projection, page: u32) -> Option<Vec<(u32, Mark)>> {
    let first = page * PAGE;
    let mark = |at| projection.mark(RowNumber(first + at)).map(|mark| (at, mark));
    let marks: Vec<_> = (0..PAGE).filter_map(mark).filter(|(_, mark)| *mark != Mark::default()).collect();
    (!marks.is_empty()).then_some(marks)
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
            [key(Kind::Run, 300, 0), key(Kind::Row, 2, 0), key(Kind::Row, 2, 1), key(Kind::Row, 256, 0)];
        assert!(ascending.is_sorted());
    }

    #[test]
    fn a_page_without_marks_is_not_kept_and_untouched_rows_are_not_in_it() {
        let mut story = Story::with_rows(70);
        story.change(&[66], Change::accept());
        let page =
            |story: &Story, number| encode(&story.projection, Key { kind: Kind::Marks, number }).unwrap();
        assert_eq!(page(&story, 0), None);
        let marks: Vec<(u32, Mark)> = unwrap(&page(&story, 1).unwrap()).unwrap();
        assert_eq!(marks.len(), 1);
        assert_eq!(marks[0].0, 2);
    }

    #[test]
    fn a_bulk_decision_touches_pages_not_rows() {
        let mut story = Story::with_rows(0);
        let texts: Vec<_> = (0..640).map(|n| n.to_string()).collect();
        story.version("words");
        story.sampled(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        story.change(&(0..640).collect::<Vec<_>>(), Change::accept());
        let fact = story.facts.pop().unwrap();
        let touched = story.projection.apply(&fact);
        let mut pending = Pending::default();
        pending.touch(&touched);
        assert_eq!(pending.keys.iter().filter(|key| key.kind == Kind::Marks).count(), 10);
    }

    #[test]
    fn the_digest_takes_a_changed_value_out_again() {
        let (a, b) = (digest(b"k", b"old"), digest(b"k", b"new"));
        assert_ne!(a, b);
        let sum = digest(b"x", b"1").wrapping_add(a);
        assert_eq!(sum.wrapping_sub(a).wrapping_add(b), digest(b"x", b"1").wrapping_add(b));
    }

    #[test]
    fn a_record_of_another_format_is_not_taken_for_one_of_this() {
        assert!(unwrap::<u32>(b"{\"v\":2,\"d\":5}").is_err());
        assert_eq!(unwrap::<u32>(b"{\"v\":1,\"d\":5}"), Ok(5));
    }
}
