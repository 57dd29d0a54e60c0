//! Why a file or a row of it cannot be imported, in sentences.

use std::path::PathBuf;

use crate::dataset::DatasetError;
use crate::text::{SafeText, truncate};

/// The most columns that a sentence lists.
const LISTED: usize = 12;
/// The most screen columns of a value in a sentence.
const VALUE: usize = 60;

/// Why a file cannot be imported at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// It cannot be read as rows.
    #[error("{0}")]
    Unreadable(#[from] DatasetError),
    /// It has no column that could hold the texts.
    #[error(
        "{} has no column `text`, so its texts cannot be told from the rest. Name their column with `--text`; it has {}.",
        SafeText::one_line(&path.to_string_lossy()),
        listed(columns)
    )]
    NoText {
        /// The file.
        path: PathBuf,
        /// The columns that it has.
        columns: Vec<String>,
    },
    /// It lacks a column that was asked for.
    #[error(
        "{} has no column {}. It has {}.",
        SafeText::one_line(&path.to_string_lossy()),
        quoted(column),
        listed(columns)
    )]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column that was asked for.
        column: String,
        /// The columns that it has.
        columns: Vec<String>,
    },
    /// Its first row is none, so nothing is known of the others.
    #[error("{}, line {line}: {why}", SafeText::one_line(&path.to_string_lossy()))]
    NoRow {
        /// The file.
        path: PathBuf,
        /// The line or the item.
        line: u64,
        /// What is wrong.
        why: String,
    },
    /// It has no rows.
    #[error("{} has no rows to import.", SafeText::one_line(&path.to_string_lossy()))]
    NoRows {
        /// The file.
        path: PathBuf,
    },
}

/// What is wrong in one row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The line or the item, from 1; 0 where it is none in particular.
    pub(crate) line: u64,
    /// A sentence that follows the name of the file and the line.
    pub(crate) why: String,
}

impl Fault {
    /// Describes what is wrong in a line.
    pub(super) fn new(line: u64, why: impl Into<String>) -> Self {
        Self { line, why: why.into() }
    }
}

/// Returns a name or a value from outside between backticks, safe and shortened.
pub(super) fn quoted(value: &str) -> String {
    format!("`{}`", truncate(SafeText::one_line(value).as_str(), VALUE))
}

/// Returns the first of some names, for a sentence.
pub(super) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let mut said: Vec<String> = names.iter().take(LISTED).map(|name| quoted(name.as_ref())).collect();
    let more = names.len().saturating_sub(LISTED);
    if more > 0 {
        said.push(format!("{more} more"));
    }
    if said.is_empty() { "none at all".to_owned() } else { said.join(", ") }
}
