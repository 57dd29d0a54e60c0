//! Rows in Parquet, or in a folder of Parquet, JSON or tables, as the Hugging Face hub holds it.
//!
//! Each row is given as a JSON object, so that numbers and truth values stay what they are. A column of class labels
//! (`ClassLabel` in the file's own `huggingface` metadata, as datasets 5.2 writes it) gives their names. In a folder
//! each row also says which split its file belongs to.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::dialect::Format;
use super::error::DatasetError;
use super::fault::LineFault;
use super::folder::{self, Part};
use super::input::Fingerprint;
use super::objects::entries;
use super::pieces::{Piece, Pieces};
use super::reader::Sink;
use super::sentence::{listed, quoted, shown_path};
use super::source::Reading;
use super::troubles::{Notes, unreadable};
use crate::files::{self, Links};
use crate::table::{Cell, Reader, TableError};

/// How a Parquet file begins.
const MAGIC: &[u8] = b"PAR1";
/// The column of the splits.
const SPLIT: &str = "split";

/// What becomes of the splits of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Splits {
    /// Each row says its own, in a column.
    Column,
    /// They are left out: who imports rows takes those of all.
    Left,
}

/// Rows in Parquet or in a folder, one after the other.
pub(super) struct Stored {
    format: Format,
    reading: Reading,
    files: VecDeque<Part>,
    open: Option<Open>,
    /// The number of the last row, over all files.
    row: u64,
    length: u64,
    read: u64,
    fingerprint: Fingerprint,
}

/// A file that is being read.
enum Open {
    Parquet(Box<Parquet>),
    /// JSON or a table.
    Text(Part, Box<Pieces>),
}

/// A Parquet file that is being read.
struct Parquet {
    part: Part,
    reader: Reader,
    names: Vec<String>,
    classes: BTreeMap<String, Vec<String>>,
    rows: u64,
    done: u64,
}

impl Stored {
    /// Opens a path that is a folder or holds Parquet; nothing where it is another file.
    pub(super) fn open(
        path: &Path,
        reading: Reading,
        splits: Splits,
        notes: &mut Notes,
    ) -> Result<Option<Self>, DatasetError> {
        let (format, mut parts) = if path.is_dir() {
            let parts = folder::parts(path, notes)?;
            let found: Vec<String> = folder::splits(&parts).into_iter().map(|split| quoted(&split)).collect();
            if found.len() > 1 {
                let what = match splits {
                    Splits::Column => format!(
                        "the column `{SPLIT}` says which, and `split = \"{SPLIT}\"` under [dataset] keeps to it."
                    ),
                    Splits::Left => "the rows of all are taken.".to_owned(),
                };
                let found = listed(found.into_iter());
                notes.remark(format!("The files of {} are of the splits {found}; {what}", shown_path(path)));
            }
            (Format::Folder, parts)
        } else if is_parquet(path) {
            (Format::Parquet, vec![Part { file: path.to_owned(), split: None }])
        } else {
            return Ok(None);
        };
        let (fingerprint, length) = hashed(&parts)?;
        if splits == Splits::Left {
            parts.iter_mut().for_each(|part| part.split = None);
        }
        let files = parts.into();
        let mut stored = Self { format, reading, files, open: None, row: 0, length, read: 0, fingerprint };
        stored.next_file(notes)?;
        Ok(Some(stored))
    }

    /// Returns the format.
    pub(super) const fn format(&self) -> Format {
        self.format
    }

    /// Returns the hash of the bytes of all files.
    pub(super) const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Returns the length of all files in bytes.
    pub(super) const fn bytes(&self) -> u64 {
        self.length
    }

    /// Returns about how many of their bytes were read.
    pub(super) fn read_bytes(&self) -> u64 {
        let part = |open: &Open| match open {
            Open::Parquet(open) => open.reader.bytes() / open.rows.max(1) * open.done,
            Open::Text(_, pieces) => pieces.read_bytes(),
        };
        (self.read + self.open.as_ref().map_or(0, part)).min(self.length)
    }

    /// Gives the next row to a sink, and returns whether there was one.
    pub(super) fn step(&mut self, sink: &mut impl Sink) -> Result<bool, DatasetError> {
        loop {
            let Some(open) = &mut self.open else {
                if self.files.is_empty() {
                    return Ok(false);
                }
                self.next_file(sink.notes())?;
                continue;
            };
            let next = match open {
                Open::Parquet(open) => open.next()?.map(Ok),
                Open::Text(part, pieces) => next_of(part, pieces)?,
            };
            self.row += u64::from(next.is_some());
            match next {
                Some(Ok(object)) => sink.object(self.row, &object),
                Some(Err(fault)) => sink.notes().trouble(self.row, fault),
                None => {
                    self.close(sink.notes());
                    continue;
                }
            }
            return Ok(true);
        }
    }

    /// Lets go of a file that has ended.
    fn close(&mut self, notes: &mut Notes) {
        match self.open.take() {
            Some(Open::Parquet(open)) => self.read += open.reader.bytes(),
            Some(Open::Text(_, mut pieces)) => {
                self.read += pieces.bytes();
                pieces.take_remarks().into_iter().for_each(|remark| notes.remark(remark));
            }
            None => {}
        }
    }

    fn next_file(&mut self, notes: &mut Notes) -> Result<(), DatasetError> {
        let Some(part) = self.files.pop_front() else { return Ok(()) };
        notes.by_item = true;
        if !is_parquet(&part.file) {
            let pieces = Pieces::open(&part.file, self.reading)?;
            self.open = Some(Open::Text(part, Box::new(pieces)));
            return Ok(());
        }
        let reader = Reader::open(&part.file).map_err(|error| unfit(&part.file, error))?;
        for (name, what) in reader.refused() {
            notes.remark(format!(
                "The column {} of {} holds {what}, and is left out.",
                quoted(name),
                shown_path(&part.file)
            ));
        }
        let names = reader.columns().iter().map(|column| column.name.clone()).collect();
        let classes = reader.metadata("huggingface").map(classes).unwrap_or_default();
        let rows = reader.rows();
        let parquet = Parquet { part, reader, names, classes, rows, done: 0 };
        self.open = Some(Open::Parquet(Box::new(parquet)));
        Ok(())
    }
}

/// Returns the next row of a file of JSON or of a table as the text of a JSON object, or what is wrong with it.
fn next_of(part: &Part, pieces: &mut Pieces) -> Result<Option<Result<String, LineFault>>, DatasetError> {
    let Some(piece) = pieces.next()? else { return Ok(None) };
    let fault = |line, why: String| {
        let file = part.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        LineFault::OfFile { file, line, why }
    };
    let (line, text) = match piece {
        Piece::Object(line, text) => (line, text),
        Piece::Record(line, cells) => (line, object_of(pieces.names(), cells.iter())),
        Piece::Fault(line, why) => return Ok(Some(Err(fault(line, why)))),
    };
    let Some(split) = &part.split else { return Ok(Some(Ok(text))) };
    let has_split = entries(&text, "row", |entries| Ok(entries.iter().any(|(name, _)| name == SPLIT)));
    Ok(Some(match has_split {
        Ok(true) => Ok(text),
        Ok(false) => Ok(with_split(&text, split)),
        Err(why) => Err(fault(line, why.to_string())),
    }))
}

/// Returns a record as the text of a JSON object; a name that is there twice stays so.
fn object_of<'c>(names: &[String], cells: impl Iterator<Item = &'c str>) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let entries: Vec<_> =
        names.iter().zip(cells).map(|(name, cell)| format!("{}:{}", quoted(name), quoted(cell))).collect();
    format!("{{{}}}", entries.join(","))
}

/// Returns the text of a JSON object with a split in it; what else it holds stays as it is written.
fn with_split(object: &str, split: &str) -> String {
    let inner = object.trim().trim_start_matches('{');
    let comma = if inner.trim_start().starts_with('}') { "" } else { "," };
    format!("{{\"{SPLIT}\":{}{comma}{inner}", Value::from(split))
}

impl Parquet {
    /// Returns the next row as the text of a JSON object.
    fn next(&mut self) -> Result<Option<String>, DatasetError> {
        match self.reader.next() {
            Some(Ok(cells)) => {
                self.done += 1;
                Ok(Some(self.object(cells)))
            }
            Some(Err(error)) => Err(unfit(&self.part.file, error)),
            None => Ok(None),
        }
    }

    /// Returns a row as the text of a JSON object.
    fn object(&self, cells: Vec<Cell<'static>>) -> String {
        let mut object = Map::new();
        for (name, cell) in self.names.iter().zip(cells) {
            let value = match (self.classes.get(name), cell) {
                (Some(names), Cell::Integer(class)) => {
                    let name = usize::try_from(class).ok().and_then(|class| names.get(class));
                    // datasets writes -1 where a class is missing.
                    if class == -1 {
                        Value::Null
                    } else {
                        name.map_or(class.into(), |name| name.as_str().into())
                    }
                }
                (_, cell) => json(cell),
            };
            object.insert(name.clone(), value);
        }
        if let Some(split) = self.part.split.as_ref().filter(|_| !object.contains_key(SPLIT)) {
            object.insert(SPLIT.to_owned(), split.as_str().into());
        }
        Value::Object(object).to_string()
    }
}

fn json(cell: Cell<'static>) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => text.into_owned().into(),
        Cell::Integer(value) => value.into(),
        Cell::Unsigned(value) => value.into(),
        Cell::Number(value) => value.into(),
        Cell::Boolean(value) => value.into(),
        Cell::Texts(texts) => texts.into_iter().map(|text| Value::from(text.into_owned())).collect(),
    }
}

/// Returns the names of class labels, by their columns, from what `datasets` writes into a file.
fn classes(metadata: &str) -> BTreeMap<String, Vec<String>> {
    let Ok(metadata) = serde_json::from_str::<Value>(metadata) else { return BTreeMap::new() };
    let features = metadata.pointer("/info/features").and_then(Value::as_object);
    let labels = features.into_iter().flatten().filter(|(_, feature)| feature["_type"] == "ClassLabel");
    let names = |feature: &Value| {
        let all = feature["names"].as_array()?.iter().map(|name| name.as_str().map(str::to_owned));
        all.collect::<Option<Vec<_>>>()
    };
    labels.filter_map(|(column, feature)| Some((column.clone(), names(feature)?))).collect()
}

fn is_parquet(path: &Path) -> bool {
    let mut head = [0; MAGIC.len()];
    let file = files::open(path, Links::Followed);
    file.is_ok_and(|(mut file, _)| file.read_exact(&mut head).is_ok()) && head == MAGIC
}

/// Returns the hash of the bytes of some files and their length: of one file as it is, of several over their hashes.
fn hashed(parts: &[Part]) -> Result<(Fingerprint, u64), DatasetError> {
    let mut all = blake3::Hasher::new();
    let mut length = 0;
    let mut last = None;
    for part in parts {
        let failed = |reason| unreadable(&part.file, reason);
        let (mut file, metadata): (File, _) = files::open(&part.file, Links::Followed).map_err(failed)?;
        let mut hasher = blake3::Hasher::new();
        io::copy(&mut file, &mut hasher).map_err(failed)?;
        let hash = hasher.finalize();
        let name = part.file.file_name().unwrap_or_default().as_encoded_bytes();
        all.update(name).update(b"\0").update(hash.as_bytes());
        length += metadata.len();
        last = Some(hash);
    }
    let hash = last.filter(|_| parts.len() == 1).unwrap_or_else(|| all.finalize());
    Ok((Fingerprint(hash.into()), length))
}

fn unfit(path: &Path, error: TableError) -> DatasetError {
    match error {
        TableError::Io(reason) if reason.kind() != ErrorKind::InvalidData => unreadable(path, reason),
        other => DatasetError::Unusable { path: PathBuf::from(path), reason: other.to_string() },
    }
}

#[cfg(test)]
mod tests;
