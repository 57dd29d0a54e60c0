//! The source of a dataset: its file, the columns to read, and how to read them.

use std::path::PathBuf;

use crate::domain::Quotes;

/// A file of labelled texts and the columns to read from it; other columns are ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// The file.
    pub path: PathBuf,
    /// The column of the texts.
    pub text: String,
    /// The column of the labels.
    pub label: String,
    /// The column of the row ids; without one, a row's id is the number of its line.
    pub id: Option<String>,
    /// The column that says to which part a row belongs; without one, the split is by seed.
    pub split: Option<String>,
    /// How the file is read where it should not be found out.
    pub reading: Reading,
}

/// How a file is read, as far as it is said and not found out from the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The character between the cells of a table, from ASCII.
    pub separator: Option<char>,
    /// Whether quotes hold a cell of a table together.
    pub quotes: Option<Quotes>,
    /// Whether cells without a column's name directly behind the text belong to it.
    pub join: bool,
    /// Whether rows without a label are passed over.
    pub skip_unlabelled: bool,
}

impl Source {
    /// Describes a file with the two columns that every dataset has.
    pub(crate) fn new(path: impl Into<PathBuf>, text: impl Into<String>, label: impl Into<String>) -> Self {
        let (path, text, label) = (path.into(), text.into(), label.into());
        Self { path, text, label, id: None, split: None, reading: Reading::default() }
    }
}
