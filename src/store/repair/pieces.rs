//! Reads what can still be read of a damaged journal, and writes it as a new one.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use serde_json::{Map, Value};

use crate::store::line;
use crate::store::reached::LastLine;
use crate::store::segment::{self, End, FORMAT, Header};
use crate::store::{StoreError, files};

/// The bytes with which every line begins.
const BEGIN: &[u8] = b"{\"sum\":\"";

/// Lines with their sequence numbers.
pub(super) type Lines = BTreeMap<u64, Vec<u8>>;

/// Passes all lines on from the first one on, as far as none is missing, and returns the readable lines after
/// the first gap.
pub(super) fn read(
    folder: &Path,
    mut take: impl FnMut(LastLine, &[u8]) -> Result<(), StoreError>,
) -> Result<Lines, StoreError> {
    let (mut next, mut later) = (1, Lines::new());
    for number in segment::numbers(folder)? {
        let path = segment::path(folder, number);
        let bytes = files::read(&path, u64::MAX - 1).map_err(StoreError::io(&path, "read"))?;
        check_format(&path, &bytes)?;
        for bytes in bytes.split(|byte| *byte == b'\n').flat_map(pieces) {
            let Ok((sequence, sum)) = line::check(bytes) else { continue };
            if sequence == next {
                take(LastLine { sequence, sum }, bytes)?;
                next += 1;
            } else if sequence > next {
                later.insert(sequence, bytes.to_vec());
            }
            while let Some((sum, line)) =
                later.remove(&next).and_then(|line| Some((line::check(&line).ok()?.1, line)))
            {
                take(LastLine { sequence: next, sum }, &line)?;
                next += 1;
            }
        }
    }
    Ok(later)
}

/// Returns a line, or the parts of it that begin as lines do, where it is none as a whole.
fn pieces(line: &[u8]) -> Vec<&[u8]> {
    if line::check(line).is_ok() {
        return vec![line];
    }
    let begins = (0..line.len()).filter(|at| line[*at..].starts_with(BEGIN));
    let begins: Vec<_> = begins.chain([line.len()]).collect();
    begins.windows(2).map(|ends| &line[ends[0]..ends[1]]).collect()
}

/// Refuses a segment of a newer version.
fn check_format(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    match serde_json::from_slice::<Header>(first) {
        Ok(Header { format, .. }) if format > FORMAT => {
            Err(StoreError::Newer { path: path.to_owned(), format, known: FORMAT })
        }
        _ => Ok(()),
    }
}

/// Returns the content of a header of a journal, of any that can be read, with the newest format of them all.
fn header(folder: &Path) -> Map<String, Value> {
    let first = |number| {
        let mut line = String::new();
        BufReader::new(files::open(&segment::path(folder, number)).ok()?).read_line(&mut line).ok()?;
        serde_json::from_str::<Header>(&line).ok()?;
        serde_json::from_str(&line).ok()
    };
    let numbers = segment::numbers(folder).unwrap_or_default();
    let all: Vec<Map<String, Value>> = numbers.into_iter().filter_map(first).collect();
    let format = all.iter().filter_map(|header| header.get("format")?.as_u64()).max();
    let mut header = all.into_iter().next().unwrap_or_default();
    header.insert("format".into(), format.unwrap_or_else(|| FORMAT.into()).into());
    header
}

/// A journal that is being written anew, line by line.
pub(super) struct Anew<'a> {
    folder: &'a Path,
    /// What headers hold besides the numbers of their segments.
    header: Map<String, Value>,
    roll_at: u64,
    file: Option<File>,
    end: End,
}

impl<'a> Anew<'a> {
    /// Begins a journal in an empty folder, with headers like those of another one.
    pub(super) fn new(folder: &'a Path, like: &Path, roll_at: u64) -> Self {
        Self { folder, header: header(like), roll_at, file: None, end: End::default() }
    }

    /// Writes a line.
    pub(super) fn push(&mut self, sequence: u64, line: &[u8]) -> Result<(), StoreError> {
        if self.file.is_none() || self.end.whole >= self.roll_at {
            self.save()?;
            self.end.segment += 1;
            self.end.whole = 0;
            let path = segment::path(self.folder, self.end.segment);
            let made = files::private().write(true).create_new(true).open(&path);
            self.file = Some(made.map_err(StoreError::io(&path, "made"))?);
            self.header.insert("segment".into(), self.end.segment.into());
            self.header.insert("first".into(), sequence.into());
            let header = serde_json::to_vec(&self.header).unwrap_or_default();
            self.write(&header)?;
        }
        self.end.sequence = sequence;
        self.write(line)
    }

    fn write(&mut self, line: &[u8]) -> Result<(), StoreError> {
        let path = segment::path(self.folder, self.end.segment);
        if let Some(file) = &mut self.file {
            let written = file.write_all(line).and_then(|()| file.write_all(b"\n"));
            written.map_err(StoreError::io(&path, "written"))?;
            self.end.whole += line.len() as u64 + 1;
        }
        Ok(())
    }

    fn save(&self) -> Result<(), StoreError> {
        let path = segment::path(self.folder, self.end.segment);
        self.file.as_ref().map_or(Ok(()), File::sync_all).map_err(StoreError::io(&path, "written"))
    }

    /// Returns the end of the journal; all of it is on the disk then.
    pub(super) fn finish(self) -> Result<End, StoreError> {
        self.save()?;
        Ok(self.end)
    }
}
