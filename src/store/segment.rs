//! Segments: the files of the journal, and how they are read.
//!
//! The writer, readers beside it and `verify` all read in the same way: every line from a
//! sequence number on is checked and passed to a visitor. An unfinished line at the very end
//! is not damage.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::line::{self, Entry};
use super::owner::StoreId;
use super::reached::LastLine;
use super::{StoreError, error, files};

/// The newest format of the journal: of segments with rows that are flagged as nearly equal to another, that were
/// relabelled or tagged together, with jumps in the history, and of all behind them. A version that does not know of these
/// could not read them.
pub(crate) const FORMAT: u32 = 5;
/// The format of segments with labels of versions, notes or trials, and of all behind them.
pub(crate) const WITH_LABORATORY: u32 = 4;
/// The format of segments with a split that holds rows back, and of all behind them. A version that does not know of
/// those rows would show them.
pub(crate) const WITH_HELD_BACK: u32 = 3;
/// The format of segments with imports or with runs that wait for a batch, and of all behind them.
pub(crate) const WITH_IMPORTS: u32 = 2;
/// The format of segments that earlier versions read too.
pub(crate) const OLDEST: u32 = 1;

/// How many bytes at the end of the journal are looked at to find its last line: few, then more.
const TAILS: [u64; 2] = [1 << 12, 1 << 24];
/// The most bytes of a line. The longest that is written is that of the split of a dataset, 16 bytes a row.
pub(crate) const LONGEST_LINE: u64 = 256 << 20;

/// The first line of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    /// The format of the lines.
    pub(crate) format: u32,
    /// The number of the segment, from 1.
    pub(crate) segment: u32,
    /// The sequence number of the first line.
    pub(crate) first: u64,
    /// The id of the store; none in a segment of an earlier version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) store: Option<StoreId>,
    /// The name of the session, as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) session: Option<String>,
}

/// The start of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The number of the segment.
    pub(crate) segment: u32,
    /// The byte offset in the segment's file.
    pub(crate) offset: u64,
}

/// A line whose checksum and sequence number are right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) sequence: u64,
    pub(crate) sum: u32,
    pub(crate) place: Place,
    number: usize,
    path: &'a Path,
    pub(crate) bytes: &'a [u8],
}

impl Line<'_> {
    /// Parses the line.
    pub(crate) fn entry(&self) -> Result<Entry, StoreError> {
        line::parse(self.bytes).map_err(|what| damaged(self.path, self.number, what))
    }

    /// Returns the journal's folder.
    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(self.path)
    }
}

/// Receives the lines of the journal, in order.
pub(crate) trait Visitor {
    /// Handles a line.
    fn line(&mut self, line: &Line<'_>) -> Result<(), StoreError>;

    /// Handles a damaged line; with `Ok` the lines after it are still read.
    fn damage(&mut self, error: StoreError) -> Result<(), StoreError> {
        Err(error)
    }

    /// Returns whether the line with this sequence number was saved, as far as that is known. A power loss may leave
    /// any part of a write that was not: a line that is not whole, and whole ones after it.
    fn was_saved(&self, _sequence: u64) -> bool {
        true
    }
}

/// The end of the journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct End {
    /// The last segment's number; 0 where there is none.
    pub(crate) segment: u32,
    /// The length of its complete lines, in bytes; 0 if its header is incomplete.
    pub(crate) whole: u64,
    /// The length of what was never saved after them, from an incomplete line on, in bytes.
    pub(crate) torn: u64,
    /// The sequence number of the last complete line.
    pub(crate) sequence: u64,
    /// Where that line is, if it was read.
    pub(crate) last: Option<Place>,
}

pub(crate) fn path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:06}.jsonl"))
}

fn damaged(path: &Path, line: usize, what: impl Into<String>) -> StoreError {
    StoreError::Damaged { path: path.to_owned(), line, what: what.into() }
}

/// Returns the numbers of the segments, ascending.
pub(crate) fn numbers(folder: &Path) -> Result<Vec<u32>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io(folder, "read")(error)),
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let name = entry.map_err(StoreError::io(folder, "read"))?.file_name();
        let stem = name.to_str().and_then(|name| name.strip_suffix(".jsonl"));
        numbers.extend(stem.and_then(|stem| stem.parse::<u32>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Returns the number of segments. They are numbered from 1, and none may be missing.
pub(crate) fn count(folder: &Path) -> Result<u32, StoreError> {
    let numbers = numbers(folder)?;
    let missing = (1..).zip(&numbers).find(|(wanted, number)| wanted != *number);
    match missing {
        Some((wanted, _)) => {
            Err(StoreError::Lost { path: path(folder, wanted), what: error::MISSING_SEGMENT })
        }
        None => Ok(u32::try_from(numbers.len()).unwrap_or(u32::MAX)),
    }
}

/// Parses a segment's header; `None` if it is incomplete.
fn header(path: &Path, bytes: &[u8], number: u32) -> Result<Option<Header>, StoreError> {
    let Some(line) = bytes.strip_suffix(b"\n") else { return Ok(None) };
    let header: Header = serde_json::from_slice(line).map_err(|error| {
        damaged(path, 1, format!("this is not the header of a journal segment ({error})"))
    })?;
    match header.format {
        OLDEST..=FORMAT if header.segment == number => Ok(Some(header)),
        OLDEST..=FORMAT => {
            Err(damaged(path, 1, format!("this is segment {} under another name", header.segment)))
        }
        format if format > FORMAT => Err(StoreError::Newer { path: path.to_owned(), format, known: FORMAT }),
        // An older format would be migrated here, after a copy. There is none yet.
        format => Err(damaged(path, 1, format!("there is no journal format {format}"))),
    }
}

/// Returns the headers of all segments that have a whole one, in order.
pub(crate) fn headers(folder: &Path) -> Result<Vec<Header>, StoreError> {
    let read = |number| Open::look(folder, number).map(|open| open.header).transpose();
    (1..=count(folder)?).filter_map(read).collect()
}

/// Returns the format of the newest segment up to a number that has a whole header.
pub(crate) fn format(folder: &Path, number: u32) -> u32 {
    let of = |number| Open::look(folder, number).ok()?.header.map(|header| header.format);
    (1..=number).rev().find_map(of).unwrap_or(OLDEST)
}

/// Returns whether a segment has nothing behind its header, which may be incomplete.
pub(crate) fn is_empty(folder: &Path, number: u32) -> bool {
    Open::look(folder, number).is_ok_and(|mut open| open.at_end().is_ok_and(|ended| ended))
}

/// A segment that is being read.
struct Open {
    path: PathBuf,
    reader: BufReader<File>,
    header: Option<Header>,
    /// How many bytes were read, and how many lines.
    read: u64,
    lines: usize,
}

impl Open {
    /// Opens a segment to read all of it.
    fn new(folder: &Path, number: u32) -> Result<Self, StoreError> {
        Self::buffered(folder, number, 1 << 18)
    }

    /// Opens a segment for its header.
    fn look(folder: &Path, number: u32) -> Result<Self, StoreError> {
        Self::buffered(folder, number, 1 << 10)
    }

    fn buffered(folder: &Path, number: u32, capacity: usize) -> Result<Self, StoreError> {
        let path = path(folder, number);
        let file = files::open(&path).map_err(StoreError::io(&path, "read"))?;
        let reader = BufReader::with_capacity(capacity, file);
        let mut open = Self { path, reader, header: None, read: 0, lines: 0 };
        let mut bytes = Vec::new();
        open.next(&mut bytes)?;
        open.header = header(&open.path, &bytes, number)?;
        Ok(open)
    }

    /// Reads the next line, with its newline if it has one, and returns its length; 0 at the end.
    fn next(&mut self, bytes: &mut Vec<u8>) -> Result<usize, StoreError> {
        bytes.clear();
        let mut bounded = (&mut self.reader).take(LONGEST_LINE);
        let read = bounded.read_until(b'\n', bytes).map_err(StoreError::io(&self.path, "read"))?;
        self.read += read as u64;
        self.lines += usize::from(read > 0);
        if read as u64 == LONGEST_LINE {
            return Err(damaged(&self.path, self.lines, "the line is longer than any that rowsmith writes"));
        }
        Ok(read)
    }

    fn at_end(&mut self) -> Result<bool, StoreError> {
        self.reader.fill_buf().map(<[u8]>::is_empty).map_err(StoreError::io(&self.path, "read"))
    }
}

/// Passes the lines of the last segment to the visitor from a place on, where a line with this sequence number begins.
/// Errors name no line, since those before were not counted.
pub(crate) fn walk_from(
    folder: &Path,
    place: Place,
    sequence: u64,
    visitor: &mut impl Visitor,
) -> Result<End, StoreError> {
    let mut open = Open::new(folder, place.segment)?;
    if place.offset >= open.read {
        open.reader.seek(SeekFrom::Start(place.offset)).map_err(StoreError::io(&open.path, "read"))?;
        open.read = place.offset;
        if let Some(header) = &mut open.header {
            header.first = sequence;
        }
    }
    let end = read_segment(&mut open, place.segment, true, Some(sequence), visitor)?;
    Ok(end.unwrap_or_default())
}

/// Passes lines to the visitor, from the segment that has the sequence number `from`, or from the first segment.
pub(crate) fn walk(folder: &Path, from: u64, visitor: &mut impl Visitor) -> Result<End, StoreError> {
    let count = count(folder)?;
    let mut first = count.max(1);
    while first > 1 && Open::look(folder, first)?.header.is_none_or(|header| header.first > from) {
        first -= 1;
    }
    let mut end = End::default();
    for number in first..=count {
        let mut open = Open::new(folder, number)?;
        let expected = if number == first { None } else { Some(end.sequence + 1) };
        end = read_segment(&mut open, number, number == count, expected, visitor)?.unwrap_or(End {
            segment: number,
            torn: open.read,
            whole: 0,
            ..end
        });
    }
    Ok(end)
}

/// Reads one segment; `None` if its header is incomplete.
fn read_segment(
    open: &mut Open,
    number: u32,
    last: bool,
    expected: Option<u64>,
    visitor: &mut impl Visitor,
) -> Result<Option<End>, StoreError> {
    let Some(begins) = open.header.as_ref().map(|header| header.first) else {
        return if last { Ok(None) } else { Err(damaged(&open.path, 1, "the header is cut off")) };
    };
    if let Some(expected) = expected.or((number == 1).then_some(1)).filter(|n| *n != begins) {
        let what = format!("the segment begins with fact {begins}, not {expected}");
        visitor.damage(damaged(&open.path, 1, what))?;
    }
    let mut end = End { segment: number, whole: open.read, torn: 0, sequence: begins - 1, last: None };
    let mut bytes = Vec::new();
    while open.next(&mut bytes)? > 0 {
        let whole = bytes.strip_suffix(b"\n");
        match whole.ok_or("the line is cut off").and_then(line::check) {
            Ok((sequence, sum)) => {
                if sequence != end.sequence + 1 {
                    let what = format!("fact {sequence} stands where fact {} belongs", end.sequence + 1);
                    visitor.damage(damaged(&open.path, open.lines, what))?;
                }
                let place = Place { segment: number, offset: end.whole };
                let (path, lines) = (open.path.as_path(), open.lines);
                let bytes = whole.unwrap_or_default();
                visitor.line(&Line { sequence, sum, place, number: lines, path, bytes })?;
                (end.sequence, end.last) = (sequence, Some(place));
            }
            Err(_) if last && (open.at_end()? || !visitor.was_saved(end.sequence + 1)) => {
                while open.next(&mut bytes)? > 0 {}
                end.torn = open.read - end.whole;
                break;
            }
            Err(what) => {
                visitor.damage(damaged(&open.path, open.lines, what))?;
                end.sequence += 1;
            }
        }
        end.whole = open.read;
    }
    Ok(Some(end))
}

/// Returns the last line of the journal, if it is whole and easily found.
pub(crate) fn last_line(folder: &Path) -> Option<LastLine> {
    use std::os::unix::fs::FileExt;
    let file = files::open(&path(folder, count(folder).ok()?)).ok()?;
    let length = file.metadata().ok()?.len();
    TAILS.into_iter().find_map(|tail| {
        let start = length.saturating_sub(tail);
        let mut bytes = vec![0; usize::try_from(length - start).ok()?];
        file.read_exact_at(&mut bytes, start).ok()?;
        let line = bytes.strip_suffix(b"\n")?.rsplit(|byte| *byte == b'\n').next()?;
        let (sequence, sum) = line::check(line).ok()?;
        Some(LastLine { sequence, sum })
    })
}

/// Checks every line of a segment that another one follows.
pub(crate) fn check_full(folder: &Path, number: u32) -> Result<(), StoreError> {
    struct Checked;
    impl Visitor for Checked {
        fn line(&mut self, _: &Line<'_>) -> Result<(), StoreError> {
            Ok(())
        }
    }
    let mut open = Open::new(folder, number)?;
    let end = read_segment(&mut open, number, false, None, &mut Checked)?.unwrap_or_default();
    let next = Open::look(folder, number + 1)?;
    match next.header.filter(|next| next.first != end.sequence + 1) {
        Some(_) => Err(damaged(&open.path, open.lines + 1, format!("it ends at fact {}", end.sequence))),
        None => Ok(()),
    }
}

/// Reads the single line at a place.
pub(crate) fn read_at(folder: &Path, place: Place) -> Result<Entry, StoreError> {
    let path = path(folder, place.segment);
    let mut bytes = Vec::new();
    let read = files::open(&path).and_then(|mut file| {
        file.seek(SeekFrom::Start(place.offset))?;
        BufReader::new(file.take(LONGEST_LINE)).read_until(b'\n', &mut bytes)
    });
    read.map_err(StoreError::io(&path, "read"))?;
    let line = bytes.strip_suffix(b"\n").unwrap_or_default();
    line::check(line)
        .map_err(str::to_owned)
        .and_then(|_| line::parse(line))
        .map_err(|what| damaged(&path, 0, what))
}
