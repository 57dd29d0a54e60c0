//! A file whose rows are asked for one by one, as they stand there.
//!
//! ```text
//! Metered (counts bytes, bounds a row) ──► Input (hash, UTF-8) ──► table │ lines │ items ──► Gathered ──► Piece
//! ```
//!
//! A dataset picks two columns and holds them all; an import needs all columns of a row and only one row at a
//! time. Both find out how a file is written in the same way.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::StringRecord;
use serde_json::value::{Map, RawValue, Value};

use super::dialect::Format;
use super::error::DatasetError;
use super::header::Header;
use super::input::{Fingerprint, Input};
use super::items::{Items, Next};
use super::jsonl::{give_marked, remark};
use super::marked::Marked;
use super::objects::{entries, text_of, whole};
use super::reader::{Found, Place, Sink, find, open_any};
use super::source::Reading;
use super::stored::{Splits, Stored};
use super::table;
use super::troubles::{Notes, unreadable};

/// The most bytes of a row.
const LONGEST: u64 = 256 << 20;

/// One row as it stands in a file, with the line where it starts; where objects are not a line each, their number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// The cells of a record, one for each of [`Pieces::names`].
    Record(u64, StringRecord),
    /// The text of a JSON object.
    Object(u64, String),
    /// What is wrong in a line, as a sentence that follows the name of the file and the line.
    Fault(u64, String),
}

/// The rows of a file, one after the other.
pub(crate) struct Pieces {
    path: PathBuf,
    format: Format,
    inner: Inner,
    gathered: Gathered,
    meter: Meter,
    fingerprint: Option<Fingerprint>,
    length: u64,
}

enum Inner {
    Table(Box<table::Rows<Metered>>),
    Lines(BufReader<Input<Metered>>, u64, Option<Marked>),
    Items(Items<BufReader<Input<Metered>>>, u64),
    Stored(Box<Stored>),
    Done,
}

impl Pieces {
    /// Opens a file of any length.
    ///
    /// # Errors
    ///
    /// If the file cannot be read as a table or as JSON; see [`DatasetError`].
    pub(crate) fn open(path: &Path, reading: Reading) -> Result<Self, DatasetError> {
        let mut gathered = Gathered::default();
        if let Some(stored) = Stored::open(path, reading, Splits::Left, &mut gathered.notes)? {
            let (format, length) = (stored.format(), stored.bytes());
            let (path, fingerprint) = (path.to_owned(), Some(stored.fingerprint()));
            let inner = Inner::Stored(Box::new(stored));
            return Ok(Self { path, format, inner, gathered, meter: Meter::default(), fingerprint, length });
        }
        let (mut file, length) = open_any(path)?;
        let place = Place { path, reading };
        let found = find(&place, &mut file, &mut gathered.notes)?;
        let meter = Meter::default();
        let input = Input::new(Metered { inner: file, meter: meter.clone() })
            .map_err(|reason| unreadable(path, reason))?;
        let buffered = |input| BufReader::with_capacity(64 * 1024, input);
        let inner = match &found {
            Found::Table(cells) => {
                Inner::Table(Box::new(table::Rows::begin(&place, *cells, input, &mut gathered)?))
            }
            Found::JsonLines => Inner::Lines(buffered(input), 0, None),
            Found::Marked(marked) => Inner::Lines(buffered(input), 0, Some(*marked)),
            Found::JsonItems => {
                gathered.notes.by_item = true;
                Inner::Items(Items::new(buffered(input)), 0)
            }
        };
        let format = found.format();
        Ok(Self { path: path.to_owned(), format, inner, gathered, meter, fingerprint: None, length })
    }

    /// Returns the format that was found.
    pub(crate) const fn format(&self) -> Format {
        self.format
    }

    /// Returns the names of a table's columns, empty for JSON.
    pub(crate) fn names(&self) -> &[String] {
        &self.gathered.names
    }

    /// Returns whether rows are numbered by their place in a JSON list, not by their line.
    pub(crate) const fn by_item(&self) -> bool {
        self.gathered.notes.by_item
    }

    /// Returns the length of the file in bytes.
    pub(crate) const fn bytes(&self) -> u64 {
        self.length
    }

    /// Returns how many bytes were read.
    pub(crate) fn read_bytes(&self) -> u64 {
        if let Inner::Stored(stored) = &self.inner {
            return stored.read_bytes();
        }
        if matches!(self.inner, Inner::Done) {
            return self.length;
        }
        self.meter.read.load(Ordering::Relaxed)
    }

    /// Returns the hash of the bytes that were read, once all were.
    pub(crate) const fn fingerprint(&self) -> Option<Fingerprint> {
        self.fingerprint
    }

    /// Takes what a person should know about the file and how it was read, as far as it is known by now.
    pub(crate) fn take_remarks(&mut self) -> Vec<String> {
        self.gathered.notes.take_remarks()
    }

    /// Returns the next row, or what is wrong.
    ///
    /// # Errors
    ///
    /// If the file can be read no further.
    pub(crate) fn next(&mut self) -> Result<Option<Piece>, DatasetError> {
        loop {
            if let Some(piece) = self.gathered.pieces.pop_front() {
                return Ok(Some(piece));
            }
            if matches!(self.inner, Inner::Done) {
                return Ok(None);
            }
            self.meter.begin_row();
            if !self.step().map_err(|reason| self.failed(reason))? {
                self.end()?;
            }
        }
    }

    fn step(&mut self) -> Result<bool, Stop> {
        let gathered = &mut self.gathered;
        match &mut self.inner {
            Inner::Table(rows) => Ok(rows.step(gathered)?),
            Inner::Stored(stored) => Ok(stored.step(gathered)?),
            Inner::Lines(reader, line, marked) => {
                let mut text = String::new();
                let is_more = reader.read_line(&mut text)? > 0;
                *line += 1;
                match marked {
                    _ if text.trim().is_empty() => {}
                    Some(marked) => give_marked(*marked, *line, &text, gathered),
                    None => gathered.object(*line, &text),
                }
                Ok(is_more)
            }
            Inner::Items(items, number) => {
                *number += 1;
                match items.next(*number == 1)? {
                    Next::Object(text) => {
                        gathered.notes.is_list = items.is_list();
                        gathered.object(*number, &text);
                        Ok(true)
                    }
                    Next::Fault(fault) => {
                        gathered.notes.trouble(*number, fault);
                        Ok(false)
                    }
                    Next::End => Ok(false),
                }
            }
            Inner::Done => Ok(false),
        }
    }

    /// Reads what is left, and notes what only the whole file says.
    fn end(&mut self) -> Result<(), DatasetError> {
        let gathered = &mut self.gathered;
        let input = match std::mem::replace(&mut self.inner, Inner::Done) {
            Inner::Table(rows) => rows.finish(gathered),
            Inner::Lines(reader, ..) => reader.into_inner(),
            Inner::Items(items, _) => {
                let said = remark(&self.path, items.is_list());
                gathered.notes.remark(said);
                items.into_inner().into_inner()
            }
            Inner::Stored(_) | Inner::Done => {
                gathered.give_troubles();
                return Ok(());
            }
        };
        let mut rest = BufReader::with_capacity(64 * 1024, input);
        loop {
            self.meter.begin_row();
            let read = rest.fill_buf().map_err(|reason| unreadable(&self.path, reason))?.len();
            if read == 0 {
                break;
            }
            rest.consume(read);
        }
        let (fingerprint, bad) = rest.into_inner().finish();
        gathered.notes.bad_bytes(&bad);
        self.fingerprint = Some(fingerprint);
        gathered.give_troubles();
        Ok(())
    }

    fn failed(&self, stop: Stop) -> DatasetError {
        match stop {
            Stop::Dataset(error) => error,
            Stop::Io(reason) => unreadable(&self.path, reason),
        }
    }
}

/// Why a step failed.
enum Stop {
    Dataset(DatasetError),
    Io(io::Error),
}

impl From<DatasetError> for Stop {
    fn from(error: DatasetError) -> Self {
        Self::Dataset(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Calls back with the keys and values of a JSON object as they stand there.
///
/// # Errors
///
/// What is wrong with the text, as a sentence that follows the name of the file and the line.
pub(crate) fn object_entries<T>(
    text: &str,
    use_it: impl FnOnce(Vec<(String, &RawValue)>) -> T,
) -> Result<T, String> {
    entries(text, "row", |entries| Ok(use_it(entries))).map_err(|fault| fault.to_string())
}

/// Reads a JSON value that is a text.
///
/// # Errors
///
/// As those of [`object_entries`].
pub(crate) fn json_text(raw: &RawValue) -> Result<String, String> {
    text_of(raw).map_err(|fault| fault.to_string())
}

/// Reads all of a JSON object.
///
/// # Errors
///
/// As those of [`object_entries`].
pub(crate) fn whole_object(text: &str) -> Result<Map<String, Value>, String> {
    whole(text, "row").map_err(|fault| fault.to_string())
}

/// What the parsers gave that nobody has asked for yet.
#[derive(Default)]
struct Gathered {
    notes: Notes,
    names: Vec<String>,
    pieces: VecDeque<Piece>,
}

impl Gathered {
    /// Gives what was wrong in the file as faults.
    fn give_troubles(&mut self) {
        let troubles = self.notes.take_troubles();
        self.pieces.extend(troubles.into_iter().map(|(line, why)| Piece::Fault(line, why)));
    }
}

impl Sink for Gathered {
    fn notes(&mut self) -> &mut Notes {
        &mut self.notes
    }

    fn header(&mut self, header: &Header<'_>) -> bool {
        if let Some(fault) = header.not_names() {
            self.notes.trouble(header.line, fault);
            return false;
        }
        if header.likeness == super::header::Likeness::Row {
            self.notes.trouble(header.line, header.missing("text", "label"));
            return false;
        }
        self.names = header.cells.iter().map(str::to_owned).collect();
        true
    }

    fn record(&mut self, line: u64, record: &StringRecord) {
        self.pieces.push_back(Piece::Record(line, record.clone()));
    }

    fn object(&mut self, line: u64, text: &str) {
        self.pieces.push_back(Piece::Object(line, text.to_owned()));
    }
}

/// Counts what is read, and how much of it since a row began.
#[derive(Debug, Clone, Default)]
struct Meter {
    read: Arc<AtomicU64>,
    row: Arc<AtomicU64>,
}

impl Meter {
    fn begin_row(&self) {
        self.row.store(0, Ordering::Relaxed);
    }
}

struct Metered {
    inner: File,
    meter: Meter,
}

impl Read for Metered {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.meter.read.fetch_add(read as u64, Ordering::Relaxed);
        if self.meter.row.fetch_add(read as u64, Ordering::Relaxed) + read as u64 > LONGEST {
            let words =
                "a row has more than 256 MB, so the file is probably not parted into rows as it seems";
            return Err(io::Error::other(words));
        }
        Ok(read)
    }
}

/// Returns the hash of the bytes of a file, or of the files of a folder.
///
/// # Errors
///
/// If it cannot be read.
pub(crate) fn fingerprint(path: &Path) -> Result<Fingerprint, DatasetError> {
    if let Some(stored) = Stored::open(path, Reading::default(), Splits::Left, &mut Notes::default())? {
        return Ok(stored.fingerprint());
    }
    let (mut file, _) = open_any(path)?;
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut file, &mut hasher).map_err(|reason| unreadable(path, reason))?;
    Ok(Fingerprint(hasher.finalize().into()))
}
