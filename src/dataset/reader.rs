//! Opens dataset files, finds out how they are to be read, and reads them.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Seek, Take};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::StringRecord;

use super::dialect::{Dialect, Format, sample};
use super::error::DatasetError;
use super::header::{Header, Likeness};
use super::input::{Fingerprint, Input};
use super::look::{Look, Looker};
use super::marked::{self, Marked};
use super::quotes::survey;
use super::records::Records;
use super::rows::Rows;
use super::sentence::{counted, shown_path};
use super::source::{Reading, Source};
use super::stored::{Splits, Stored};
use super::table::Cells;
use super::troubles::{Notes, unreadable};
use super::{head, jsonl, own, table};
use crate::domain::Quotes;
use crate::files::{self, Links};

/// The most bytes of a file, unless the person says otherwise: its rows are all held in memory.
static MOST_BYTES: AtomicU64 = AtomicU64::new(512 << 20);
/// How many bytes at the start of a file say how it is to be read.
const HEAD: u64 = 1 << 18;

/// A file and how it is read, as far as that is said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The file.
    pub(super) path: &'a Path,
    /// How it is read.
    pub(super) reading: Reading,
}

/// What takes the rows of a file, one after the other, and notes what is wrong with them.
///
/// A table gives its header and then its records, JSON gives objects. The line is that where the
/// record or the object starts, from 1; where objects are not a line each, it is their number.
pub(super) trait Sink {
    /// Returns where to note what is wrong with the file.
    fn notes(&mut self) -> &mut Notes;
    /// Takes the header of a table, and returns whether it can take the records.
    fn header(&mut self, header: &Header<'_>) -> bool;
    /// Takes a record, which is as long as the header.
    fn record(&mut self, line: u64, record: &StringRecord);
    /// Takes the text of a JSON object, or what stands in its place.
    fn object(&mut self, line: u64, object: &str);
}

/// Reads a dataset file.
///
/// # Errors
///
/// If the file cannot be read or does not fit its source; see [`DatasetError`].
pub(crate) fn read(source: &Source) -> Result<Records, DatasetError> {
    let mut rows = Rows::new(source);
    let place = Place { path: &source.path, reading: source.reading };
    let (_, fingerprint) = give_path(&place, &mut rows)?;
    rows.finish(fingerprint)
}

/// Looks at a file before its columns are named.
///
/// # Errors
///
/// If the file cannot be read as a table or as JSON; see [`DatasetError`].
pub(crate) fn look(path: &Path, reading: Reading) -> Result<Look, DatasetError> {
    let mut looker = Looker::new(path);
    let (format, _) = give_path(&Place { path, reading }, &mut looker)?;
    looker.finish(format)
}

/// Gives the rows of a file or a folder to a sink, and returns its format and its hash.
fn give_path(place: &Place<'_>, sink: &mut impl Sink) -> Result<(Format, Fingerprint), DatasetError> {
    let path = place.path;
    let Some(mut stored) = Stored::open(path, place.reading, Splits::Column, sink.notes())? else {
        return give(place, open(path)?, sink);
    };
    let most = MOST_BYTES.load(Ordering::Relaxed);
    if stored.bytes() > most {
        return Err(DatasetError::TooLong { path: path.to_owned(), bytes: stored.bytes(), most });
    }
    let mut counting = Counting { sink, bytes: 0 };
    while stored.step(&mut counting)? {
        // What is packed tightly may be larger than memory.
        if counting.bytes > most {
            return Err(DatasetError::TooLong { path: path.to_owned(), bytes: counting.bytes, most });
        }
    }
    Ok((stored.format(), stored.fingerprint()))
}

/// Counts the bytes that go to a sink.
struct Counting<'s, S> {
    sink: &'s mut S,
    bytes: u64,
}

impl<S: Sink> Sink for Counting<'_, S> {
    fn notes(&mut self) -> &mut Notes {
        self.sink.notes()
    }

    fn header(&mut self, header: &Header<'_>) -> bool {
        self.sink.header(header)
    }

    fn record(&mut self, line: u64, record: &StringRecord) {
        self.sink.record(line, record);
    }

    fn object(&mut self, line: u64, object: &str) {
        self.bytes += object.len() as u64;
        self.sink.object(line, object);
    }
}

/// Lets files of up to so many bytes be read from now on, because the person says so.
pub(crate) fn allow_bytes(most: u64) {
    MOST_BYTES.store(most, Ordering::Relaxed);
}

/// Opens a file that is an ordinary one and not too long; one that grows meanwhile ends where it is too long.
fn open(path: &Path) -> Result<Take<File>, DatasetError> {
    let (file, length) = open_any(path)?;
    let most = MOST_BYTES.load(Ordering::Relaxed);
    if length > most {
        return Err(DatasetError::TooLong { path: path.to_owned(), bytes: length, most });
    }
    Ok(file.take(most))
}

/// Opens a file that is an ordinary one, and returns it with its length.
pub(super) fn open_any(path: &Path) -> Result<(File, u64), DatasetError> {
    let (file, metadata) = files::open(path, Links::Followed).map_err(|reason| match reason.kind() {
        ErrorKind::NotFound => DatasetError::Missing { path: path.to_owned() },
        ErrorKind::IsADirectory => DatasetError::Folder { path: path.to_owned() },
        ErrorKind::InvalidInput => DatasetError::NotAFile { path: path.to_owned() },
        _ => unreadable(path, reason),
    })?;
    Ok((file, metadata.len()))
}

/// Reads a dataset from an open file.
#[cfg(test)]
pub(super) fn read_from(source: &Source, file: impl Read + Seek) -> Result<Records, DatasetError> {
    let mut rows = Rows::new(source);
    let place = Place { path: &source.path, reading: source.reading };
    let (_, fingerprint) = give(&place, file, &mut rows)?;
    rows.finish(fingerprint)
}

/// Looks at an open file.
#[cfg(test)]
pub(super) fn look_from(place: &Place<'_>, file: impl Read + Seek) -> Result<Look, DatasetError> {
    let mut looker = Looker::new(place.path);
    let (format, _) = give(place, file, &mut looker)?;
    looker.finish(format)
}

/// How a file is read.
pub(super) enum Found {
    /// As a table.
    Table(Cells),
    /// As JSON with an object a line.
    JsonLines,
    /// As JSON objects that are not a line each.
    JsonItems,
    /// As lines of a label and a text.
    Marked(Marked),
}

impl Found {
    /// Returns the format.
    pub(super) const fn format(&self) -> Format {
        match self {
            Self::Table(Cells { separator, quotes, .. }) => {
                Format::Table { separator: *separator, quotes: *quotes }
            }
            Self::JsonLines => Format::JsonLines,
            Self::JsonItems => Format::JsonItems,
            Self::Marked(Marked::FastText) => Format::FastText,
            Self::Marked(Marked::Tab { .. }) => Format::Pairs,
        }
    }
}

/// Finds out how a file is to be read, and returns to its start.
pub(super) fn find(
    place: &Place<'_>,
    mut file: impl Read + Seek,
    notes: &mut Notes,
) -> Result<Found, DatasetError> {
    let path = place.path;
    let failed = |reason| unreadable(path, reason);
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head).map_err(failed)?;
    if head.is_empty() || head == b"\xef\xbb\xbf" {
        return Err(DatasetError::Empty { path: path.to_owned() });
    }
    if head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).starts_with(marked::PREFIX.as_bytes()) {
        file.rewind().map_err(failed)?;
        return Ok(Found::Marked(Marked::FastText));
    }
    head::check(path, &head)?;
    let mut dialect = Dialect::find(path, &head, (head.len() as u64) < HEAD, place.reading)?;
    file.rewind().map_err(failed)?;
    if let Some(remark) = dialect.remark.take() {
        notes.remark(remark);
    }
    if let (Format::Table { separator: '\t', quotes }, None) = (&mut dialect.format, place.reading.quotes) {
        // An export of ours quotes what has to be, whatever else its texts look like.
        *quotes = if own::is_whole_tsv(&head) {
            Quotes::Csv
        } else {
            let quotes = quotes_of(path, BufReader::new(&mut file), notes)?;
            file.rewind().map_err(failed)?;
            quotes
        };
    }
    Ok(match dialect.format {
        Format::Table { separator, quotes } => {
            let has_separator_line = dialect.has_separator_line;
            let head = String::from_utf8_lossy(&head);
            let head = head.trim_start_matches('\u{feff}');
            let records = sample(head, u8::try_from(separator).unwrap_or(b','), quotes);
            let likeness = Likeness::of(records.get(usize::from(has_separator_line)..).unwrap_or_default());
            if let Some(marked) = pairs(&records, separator, quotes).filter(|_| likeness == Likeness::Row) {
                notes.remark(format!(
                    "{} has no header: each line was read as {}, named `label` and `text`.",
                    shown_path(path),
                    if marked == (Marked::Tab { label_first: true }) {
                        "a label, a tab and a text"
                    } else {
                        "a text, a tab and a label"
                    }
                ));
                return Ok(Found::Marked(marked));
            }
            Found::Table(Cells { separator, quotes, has_separator_line, likeness })
        }
        Format::JsonLines => Found::JsonLines,
        _ => Found::JsonItems,
    })
}

/// Knows lines of a label and a text, parted by a tab: the label is what is there again in another line.
fn pairs(records: &[StringRecord], separator: char, quotes: Quotes) -> Option<Marked> {
    let is_pair = |record: &StringRecord| record.len() == 2;
    let is_like = separator == '\t' && quotes == Quotes::None && records.iter().all(is_pair);
    let (first, others) = records.split_first().filter(|_| is_like)?;
    let recurs = |place: usize| others.iter().any(|other| other.get(place) == first.get(place));
    Some(Marked::Tab { label_first: recurs(0) })
}

/// Gives the rows of a file to a sink, and returns the file's format and the hash of its bytes.
fn give(
    place: &Place<'_>,
    mut file: impl Read + Seek,
    sink: &mut impl Sink,
) -> Result<(Format, Fingerprint), DatasetError> {
    let found = find(place, &mut file, sink.notes())?;
    let input = Input::new(file).map_err(|reason| unreadable(place.path, reason))?;
    let input = match &found {
        Found::Table(cells) => table::read(place, *cells, input, sink),
        Found::JsonLines => jsonl::read_lines(place, input, sink),
        Found::JsonItems => jsonl::read_items(place, input, sink),
        Found::Marked(marked) => jsonl::read_marked(place, *marked, input, sink),
    }?;
    let (fingerprint, bad) = input.finish();
    sink.notes().bad_bytes(&bad);
    Ok((found.format(), fingerprint))
}

/// Finds out what quotes mean in a table whose cells are parted by tabs, and says so where there are some.
fn quotes_of(path: &Path, file: impl std::io::BufRead, notes: &mut Notes) -> Result<Quotes, DatasetError> {
    let survey = survey(file, b'\t').map_err(|reason| unreadable(path, reason))?;
    let (path, cells) = (shown_path(path), counted(survey.cells, "cell"));
    match survey.quotes {
        Quotes::Csv => notes.remark(format!(
            "{cells} of {path} {} between quotes, which were taken off, and doubled quotes halved. \
             Where they belong to the texts, write `quotes = \"none\"` under [dataset].",
            if survey.cells == 1 { "is" } else { "are" }
        )),
        Quotes::None if survey.cells > 0 => notes.remark(format!(
            "{cells} of {path} {} with a quote, and was read as it stands: a quote is a character like any other. \
             Where quotes hold cells together, write `quotes = \"csv\"` under [dataset].",
            if survey.cells == 1 { "begins" } else { "begin" }
        ).replace("and was read as it stands", if survey.cells == 1 { "and was read as it stands" } else { "and were read as they stand" })),
        Quotes::None => {}
    }
    Ok(survey.quotes)
}

#[cfg(test)]
mod tests;
