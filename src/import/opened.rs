//! A file that is open for import, read row by row.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::error::{Fault, ImportError};
use super::flat::Flat;
use super::given::Given;
use super::kind::{Kind, kind};
use super::out::Out;
use super::value::Value;
use super::{Asked, argilla, label_studio, label_studio_min, prodigy, promptfoo};
use crate::dataset::{Fingerprint, Format, Piece, Pieces, Reading, fingerprint};
use crate::domain::Incoming;

/// What makes rows of what a file gives.
pub(super) trait Shape {
    /// Takes a row of the file.
    fn take(&mut self, line: u64, given: Given, out: &mut Out);

    /// Takes the end of the file.
    fn end(&mut self, out: &mut Out) {
        let _ = out;
    }
}

/// A file that is being imported.
///
/// Its rows come one by one and are never all in memory.
pub(crate) struct Opened {
    path: PathBuf,
    pieces: Pieces,
    /// What was read to find out what the file is.
    first: VecDeque<(u64, Given)>,
    shape: Box<dyn Shape + Send>,
    out: Out,
    format: &'static str,
    fingerprint: Fingerprint,
    is_done: bool,
}

/// Opens a file for import, and finds out what it is.
///
/// # Errors
///
/// If it cannot be read as rows, or has no column that could hold their texts.
pub(crate) fn open(path: &Path, asked: &Asked) -> Result<Opened, ImportError> {
    let fingerprint = fingerprint(path)?;
    let mut pieces = Pieces::open(path, Reading::default())?;
    let mut out = Out::new(pieces.by_item());
    let first = loop {
        match pieces.next()? {
            None if out.is_empty() => return Err(ImportError::NoRows { path: path.to_owned() }),
            None => {
                let fault = out.take().and_then(Result::err).unwrap_or_else(|| Fault::new(0, ""));
                return Err(no_row(path, fault));
            }
            Some(Piece::Fault(line, why)) => out.fault(line, why),
            Some(piece) => break given(pieces.names(), piece),
        }
    };
    let by_tool = first.as_ref().and_then(|(_, given)| kind(given));
    let written = pieces.format();
    let columns = || match &first {
        Some((line, given)) => given.names().map_err(|why| Fault::new(*line, why)),
        None => Ok(pieces.names().to_vec()),
    };
    let (format, shape): (_, Box<dyn Shape + Send>) = match by_tool {
        Some(Kind::Argilla) => ("argilla", Box::new(argilla::Argilla::new(asked))),
        Some(Kind::Prodigy) => ("prodigy", Box::new(prodigy::Prodigy::survey(path, asked)?)),
        Some(Kind::LabelStudio) => ("label-studio", Box::new(label_studio::LabelStudio::new(asked))),
        Some(Kind::LabelStudioMin) => ("label-studio", Box::new(label_studio_min::JsonMin::new(asked))),
        Some(Kind::Promptfoo) => ("promptfoo", Box::new(promptfoo::Promptfoo::new(asked))),
        Some(Kind::Doccano) => {
            ("doccano", Box::new(Flat::find(path, &columns().unwrap_or_default(), asked)?))
        }
        None => match columns() {
            Ok(columns) => (name(written), Box::new(Flat::find(path, &columns, asked)?)),
            Err(fault) => return Err(no_row(path, fault)),
        },
    };
    let (path, first) = (path.to_owned(), first.into_iter().collect());
    Ok(Opened { path, pieces, first, shape, out, format, fingerprint, is_done: false })
}

/// Says that the first row of a file cannot be read.
fn no_row(path: &Path, fault: Fault) -> ImportError {
    ImportError::NoRow { path: path.to_owned(), line: fault.line, why: fault.why }
}

const fn name(format: Format) -> &'static str {
    match format {
        Format::Table { separator: '\t', .. } | Format::Pairs => "tsv",
        Format::Table { .. } => "csv",
        Format::JsonLines => "jsonl",
        Format::JsonItems => "json",
        Format::Parquet => "parquet",
        Format::Folder => "hf",
        Format::FastText => "fasttext",
    }
}

/// Returns a piece as a row, unless it is a fault.
pub(super) fn given(names: &[String], piece: Piece) -> Option<(u64, Given)> {
    match piece {
        Piece::Record(line, cells) => {
            let values = cells.iter().map(|cell| Value::Text(cell.to_owned()));
            Some((line, Given::Cells(names.iter().cloned().zip(values).collect())))
        }
        Piece::Object(line, text) => Some((line, Given::Object(text))),
        Piece::Fault(..) => None,
    }
}

impl Opened {
    /// Returns the name of the format that was found.
    pub(crate) const fn format(&self) -> &'static str {
        self.format
    }

    /// Returns the hash of the file's bytes.
    pub(crate) const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Returns whether rows are numbered by their place in a JSON list, not by their line.
    pub(crate) const fn by_item(&self) -> bool {
        self.pieces.by_item()
    }

    /// Returns the length of the file in bytes.
    pub(crate) const fn bytes(&self) -> u64 {
        self.pieces.bytes()
    }

    /// Returns how many bytes were read, up to [`bytes`](Self::bytes).
    pub(crate) fn read_bytes(&self) -> u64 {
        self.pieces.read_bytes().min(self.pieces.bytes())
    }

    /// Returns what a person should know about the file and how it was read, in full sentences; all of it once the
    /// last row was taken.
    pub(crate) fn remarks(&mut self) -> Vec<String> {
        for remark in self.pieces.take_remarks() {
            self.out.remark(remark);
        }
        self.out.remarks()
    }

    /// Takes a row of the file, or its end.
    fn step(&mut self) {
        if let Some((line, given)) = self.first.pop_front() {
            return self.shape.take(line, given, &mut self.out);
        }
        match self.pieces.next() {
            Ok(Some(Piece::Fault(line, why))) => self.out.fault(line, why),
            Ok(Some(piece)) => {
                if let Some((line, given)) = given(self.pieces.names(), piece) {
                    self.shape.take(line, given, &mut self.out);
                }
            }
            Ok(None) => {
                self.is_done = true;
                self.shape.end(&mut self.out);
                if self.pieces.fingerprint().is_some_and(|read| read != self.fingerprint) {
                    let path = super::error::quoted(&self.path.to_string_lossy());
                    self.out.fault(0, format!("{path} was changed while it was read. Import it again."));
                }
            }
            Err(error) => {
                self.is_done = true;
                self.out.fault(0, error.to_string());
            }
        }
    }
}

impl Iterator for Opened {
    type Item = Result<Incoming, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.out.take() {
                return Some(row);
            }
            if self.is_done {
                return None;
            }
            self.step();
        }
    }
}
