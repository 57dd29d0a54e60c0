//! Tables in Parquet files: named columns of plain types, every one of which may lack values.
//!
//! The only room that knows the Parquet crate. It holds a batch of rows in memory at most, and refuses to guess: a
//! value of another type than its column is an error, never converted.
//!
//! ```text
//! cells of a row ─► Rows: one buffer a column ─► Writer ─► a row group ─► file
//! ```

mod read;
mod write;

use std::borrow::Cow;
use std::io;

pub(crate) use read::Reader;
pub(crate) use write::{Rows, Writer};

/// A column: its name and the type of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name.
    pub name: String,
    /// The type of its values.
    pub kind: Kind,
}

impl Column {
    /// Returns a column.
    pub(crate) fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind }
    }
}

/// The type of a column's values; any value may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text in UTF-8.
    Text,
    /// A whole number of 64 bits with a sign.
    Integer,
    /// A whole number of 64 bits without a sign.
    Unsigned,
    /// A number of 64 bits in binary floating point.
    Number,
    /// True or false.
    Boolean,
    /// A list of texts.
    Texts,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    /// None.
    Null,
    /// A text.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A whole number without a sign.
    Unsigned(u64),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A list of texts.
    Texts(Vec<Cow<'a, str>>),
}

/// Why a table cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum TableError {
    /// The file cannot be written or read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A row does not fit the columns.
    #[error("row {row} does not fit the columns of its table: {why}")]
    Row {
        /// The row's place, from 1.
        row: u64,
        /// What is wrong.
        why: String,
    },
    /// The file is not what the format asks for.
    #[error("it is no table in Parquet that this program can use: {0}")]
    Format(String),
}
