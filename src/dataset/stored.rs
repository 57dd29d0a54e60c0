//! Rows in Parquet: one file, or a folder as the Hugging Face hub holds it.
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
use super::folder::{self, Part};
use super::input::Fingerprint;
use super::reader::Sink;
use super::sentence::{listed, quoted, shown_path};
use super::troubles::{Notes, unreadable};
use crate::files::{self, Links};
use crate::table::{Cell, Reader, TableError};

/// How a Parquet file begins.
const MAGIC: &[u8] = b"PAR1";
/// The column of the splits.
const SPLIT: &str = "split";

/// Rows in Parquet, one after the other.
pub(super) struct Stored {
    format: Format,
    files: VecDeque<Part>,
    open: Option<Open>,
    /// The number of the last row, over all files.
    row: u64,
    length: u64,
    read: u64,
    fingerprint: Fingerprint,
}

/// A file that is being read.
struct Open {
    part: Part,
    reader: Reader,
    names: Vec<String>,
    classes: BTreeMap<String, Vec<String>>,
    rows: u64,
    done: u64,
}

impl Stored {
    /// Opens a path that holds Parquet; nothing where it holds something else.
    pub(super) fn open(path: &Path, notes: &mut Notes) -> Result<Option<Self>, DatasetError> {
        let (format, parts) = if path.is_dir() {
            let parts = folder::parts(path, notes)?;
            let splits: Vec<String> =
                folder::splits(&parts).into_iter().map(|split| quoted(&split)).collect();
            if splits.len() > 1 {
                notes.remark(format!(
                    "The files of {} are of the splits {}; the column `{SPLIT}` says which, and `split = \"{SPLIT}\"` under \
                     [dataset] keeps to it.",
                    shown_path(path),
                    listed(splits.into_iter())
                ));
            }
            (Format::Folder, parts)
        } else if is_parquet(path) {
            (Format::Parquet, vec![Part { file: path.to_owned(), split: None }])
        } else {
            return Ok(None);
        };
        let (fingerprint, length) = hashed(&parts)?;
        let mut stored =
            Self { format, files: parts.into(), open: None, row: 0, length, read: 0, fingerprint };
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
        let part = |open: &Open| open.reader.bytes() / open.rows.max(1) * open.done;
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
            match open.reader.next() {
                Some(Ok(cells)) => {
                    open.done += 1;
                    self.row += 1;
                    let object = open.object(cells);
                    sink.object(self.row, &object);
                    return Ok(true);
                }
                Some(Err(error)) => return Err(unfit(&open.part.file, error)),
                None => {
                    self.read += open.reader.bytes();
                    self.open = None;
                }
            }
        }
    }

    fn next_file(&mut self, notes: &mut Notes) -> Result<(), DatasetError> {
        let Some(part) = self.files.pop_front() else { return Ok(()) };
        notes.by_item = true;
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
        self.open = Some(Open { part, reader, names, classes, rows, done: 0 });
        Ok(())
    }
}

impl Open {
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
