//! Datasets for tests, read from bytes.

use std::io::Cursor;

use super::error::DatasetError;
use super::reader::read_from;
use super::records::Records;
use super::source::Source;

/// Reads bytes as a file with the columns `text` and `label`.
pub(super) fn read(name: &str, bytes: impl AsRef<[u8]>) -> Result<Records, DatasetError> {
    read_from(&source(name), Cursor::new(bytes.as_ref()))
}

/// Describes a file with the columns `text` and `label`.
pub(super) fn source(name: &str) -> Source {
    Source::new(name, "text", "label")
}

/// Returns the sentence of the error that reading the bytes gives.
pub(super) fn error(name: &str, bytes: impl AsRef<[u8]>) -> String {
    read(name, bytes).unwrap_err().to_string()
}

/// Returns each row as id, label and text.
pub(super) fn rows(records: &Records) -> Vec<(String, &str, &str)> {
    (0..records.len())
        .map(|row| (records.id(row).into_owned(), records.label(row), records.text(row)))
        .collect()
}

/// Makes records from labels and texts, with a split column where `sides` are given.
pub(super) fn records(rows: &[(&str, String)], sides: Option<&[&str]>) -> Records {
    let source = Source { split: sides.map(|_| "split".to_owned()), ..source("made.csv") };
    let line = |(row, (label, text)): (usize, &(&str, String))| {
        format!("\"{text}\",{label},{}\n", sides.map_or("", |sides| sides[row]))
    };
    let lines: String = rows.iter().enumerate().map(line).collect();
    read_from(&source, Cursor::new(format!("text,label,split\n{lines}"))).unwrap()
}
