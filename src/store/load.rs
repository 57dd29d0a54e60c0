//! Reads the projection from sled's records.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::disk_trouble::is_of_the_disk;
use super::follower::Sled;
use super::guard::guarded;
use super::reached::LastLine;
use super::record::{self, Key, Kind, Meta, PAGE};
use crate::domain::projection::{Parts, RowRecord};
use crate::domain::{Fields, Flag, Mark, NewRow, Projection, RequestNumber, RowId, Scores, Timestamp};

/// The content of sled.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) projection: Projection,
    pub(crate) meta: Meta,
}

/// Why sled's records cannot be used.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// There are no records yet.
    Empty,
    /// The program ended before all of them were written.
    Unfinished,
    /// They are not what was written; holds the rest of a sentence that begins with "sled".
    Damaged(String),
    /// It is still open, in another process or in this one; holds sled's message.
    Busy(String),
    /// The disk fails or is full, and they may be whole; holds the message.
    Disk(String),
}

/// Returns the last line that sled knows, whether or not all its records are written.
pub(crate) fn last_line(sled: &Sled) -> Option<LastLine> {
    let tree = sled.tree()?;
    let first = guarded(|| tree.get(Key::META.bytes(0))).ok()??;
    let meta: Meta = record::unwrap(&first).ok()?;
    Some(meta.last_line())
}

/// Reads all records of the projection, and checks that none is missing, stale or torn.
pub(crate) fn load(sled: &Sled) -> Result<Loaded, Unusable> {
    let tree = sled.tree().ok_or(Unusable::Empty)?;
    let first = guarded(|| tree.get(Key::META.bytes(0))).map_err(damaged)?;
    let Some(first) = first else {
        let empty = guarded(|| tree.first()).map_err(damaged)?.is_none();
        return Err(if empty { Unusable::Empty } else { damaged("its first record is gone") });
    };
    let meta: Meta = record::unwrap(&first).map_err(damaged)?;
    if !(record::OLDEST..=record::FORMAT).contains(&meta.format) {
        return Err(Unusable::Damaged("is of another version of rowsmith".to_owned()));
    }
    if !meta.complete {
        return Err(Unusable::Unfinished);
    }
    let projection = guarded(|| {
        let mut reading = Reading { tree, digest: 0 };
        let parts = reading.parts(&meta)?;
        if reading.digest != meta.digest {
            return Err("some of its records are missing or stale".to_owned());
        }
        Ok(Projection::from_parts(parts))
    });
    Ok(Loaded { projection: projection.map_err(damaged)?, meta })
}

fn damaged(what: impl std::fmt::Display) -> Unusable {
    let what = what.to_string();
    if is_of_the_disk(&what) {
        return Unusable::Disk(what);
    }
    Unusable::Damaged(format!("was damaged ({what})"))
}

struct Reading<'a> {
    tree: &'a sled::Tree,
    digest: u64,
}

impl Reading<'_> {
    fn parts(&mut self, meta: &Meta) -> Result<Parts, String> {
        let mut parts = Parts { tops: meta.tops, last_operation: meta.last_operation, ..Parts::default() };
        parts.versions = self.list(Kind::Version, 0)?;
        parts.runs = self.list(Kind::Run, 1)?;
        parts.requests = self.list(Kind::Request, 0)?;
        parts.scraps = self.list(Kind::Scrap, 0)?;
        parts.operations = self.list(Kind::Operation, 0)?;
        parts.split = self.list(Kind::Split, 0)?.pop();
        parts.laboratory = self.list(Kind::Laboratory, 0)?.pop().unwrap_or_default();
        parts.imports = self.list(Kind::Import, 1)?;
        parts.origins = self.list(Kind::Origin, 0)?;
        self.each(Kind::Row, |_, value| {
            parts.rows.push(record::unwrap::<Row>(value)?.into());
            Ok(())
        })?;
        self.each(Kind::Marks, |page, value| {
            for (at, mark) in record::unwrap::<Vec<(u32, Mark)>>(value)? {
                let row = (page * PAGE + at) as usize;
                if row >= parts.rows.len() {
                    return Err("it has a mark of a row that it does not have".to_owned());
                }
                if row >= parts.marks.len() {
                    parts.marks.resize(row + 1, Mark::default());
                }
                parts.marks[row] = mark;
            }
            Ok(())
        })?;
        Ok(parts)
    }

    /// Reads all records of a kind, whose numbers must count up from `first` without a gap.
    fn list<T: DeserializeOwned>(&mut self, kind: Kind, first: u32) -> Result<Vec<T>, String> {
        let mut list = Vec::new();
        self.each(kind, |number, value| {
            if number as usize != list.len() + first as usize {
                return Err("one of its records is gone".to_owned());
            }
            list.push(record::unwrap(value)?);
            Ok(())
        })?;
        Ok(list)
    }

    /// Calls a function with each record of a kind, in order, with its pieces joined.
    fn each(
        &mut self,
        kind: Kind,
        mut take: impl FnMut(u32, &[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut open: Option<(u32, Vec<u8>)> = None;
        for entry in self.tree.scan_prefix([kind as u8]) {
            let (key, value) = entry.map_err(|error| error.to_string())?;
            self.digest = self.digest.wrapping_add(record::digest(&key, &value));
            let (number, piece) = Key::read(&key).ok_or("a key is of another format")?;
            if piece == 0 {
                if let Some((number, value)) = open.take() {
                    take(number, &value)?;
                }
                open = Some((number, value.to_vec()));
            } else if let Some((_, whole)) = open.as_mut().filter(|(same, _)| *same == number) {
                whole.extend_from_slice(&value);
            }
        }
        open.map_or(Ok(()), |(number, value)| take(number, &value))
    }
}

/// The JSON of a [`RowRecord`], without `#[serde(flatten)]`, which is slow to read.
#[derive(Deserialize)]
struct Row {
    id: RowId,
    label: String,
    fields: Fields,
    #[serde(default)]
    flags: Vec<Flag>,
    #[serde(default)]
    scores: Scores,
    #[serde(default)]
    there: Option<String>,
    request: RequestNumber,
    created_at: Timestamp,
}

impl From<Row> for RowRecord {
    fn from(row: Row) -> Self {
        let Row { id, label, fields, flags, scores, there, request, created_at } = row;
        Self { row: NewRow { id, label, fields, flags, scores }, there, request, created_at }
    }
}
