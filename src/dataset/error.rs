//! The errors of a dataset, as sentences with a remedy.
//!
//! Names, values and paths from outside are made safe for a screen and shortened here, so
//! that a sentence can be shown as it is.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use crate::text::{SafeText, closest, truncate};

/// The most screen columns of a quoted value in a sentence.
const VALUE_COLUMNS: usize = 60;
/// The most columns or labels that a sentence lists; further ones are only counted.
const LISTED: usize = 12;

/// Why a dataset could not be read or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// No file has this path.
    #[error("There is no dataset file {}. Check the path and its spelling.", shown_path(path))]
    Missing {
        /// The path that was tried.
        path: PathBuf,
    },
    /// The file is there but cannot be read.
    #[error("The dataset file {} cannot be read: {reason}. Check that you may read it.", shown_path(path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// The path is a folder.
    #[error("{} is a folder. Name a .csv, .tsv or .jsonl file in it.", shown_path(path))]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// The extension belongs to no format.
    #[error(
        "The extension of the dataset file {} says nothing that can be read. \
         Name a file that ends in .csv, .tsv or .jsonl.",
        shown_path(path)
    )]
    Extension {
        /// The file.
        path: PathBuf,
    },
    /// The file has no bytes.
    #[error("The dataset file {} is empty. Fill it, or name another file.", shown_path(path))]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file has no row with a text.
    #[error("The dataset file {} has {}", shown_path(path), no_rows(*left_out, column))]
    NoRows {
        /// The file.
        path: PathBuf,
        /// The column of the texts.
        column: String,
        /// How many rows there are, all of them with an empty text.
        left_out: usize,
    },
    /// One place in the file is wrong.
    #[error("{}, line {line}: {fault}", shown_path(path))]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1, where the faulty record starts.
        line: u64,
        /// What is wrong there.
        fault: LineFault,
    },
    /// No row has the label that is wanted.
    #[error(
        "No row of {} has the label {}{} The labels are {}.",
        shown_path(path),
        quoted(label),
        suggestion(label, labels.iter().map(|(label, _)| label.as_str())),
        listed(labels.iter().map(|(label, rows)| format!("{} ({rows})", quoted(label))))
    )]
    NoSuchLabel {
        /// The file.
        path: PathBuf,
        /// The label that was asked for.
        label: String,
        /// The labels there are, each with its number of rows.
        labels: Vec<(String, usize)>,
    },
    /// The test fraction is out of range.
    #[error("The test fraction is {value}. Set it to a number from 0 up to, but not including, 1.")]
    TestFraction {
        /// The given fraction.
        value: f64,
    },
}

/// An error in one line of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineFault {
    /// A byte is not UTF-8.
    #[error(
        "the byte {byte:#04x}, number {offset} of the file, is not valid UTF-8. Save the file as UTF-8, \
         for instance with `iconv -f {} -t UTF-8`.", encoding(*offset, *byte)
    )]
    NotUtf8 {
        /// The byte.
        byte: u8,
        /// Its position in the file, from 0.
        offset: u64,
    },
    /// A record has more or fewer fields than the header.
    #[error(
        "the record has {found} {}, the header has {expected}. {}",
        if *found == 1 { "field" } else { "fields" },
        ragged_remedy(*quotes)
    )]
    Ragged {
        /// The fields of the record.
        found: usize,
        /// The fields of the header.
        expected: usize,
        /// Whether quotes hold a field together in this format.
        quotes: bool,
    },
    /// The file ends inside a quoted field.
    #[error(
        "the record opens a quote that is still open at the end of the file. \
         Close it, and write a quote inside a quoted field twice."
    )]
    UnclosedQuote,
    /// A line ends in a carriage return alone.
    #[error(
        "the line ends in a carriage return alone. Save the file with line feeds, as `tr '\\r' '\\n'` does."
    )]
    LoneCarriageReturn,
    /// A line is not JSON.
    #[error("the line is not valid JSON: {reason}. Write one JSON object a line.")]
    Json {
        /// What the parser said.
        reason: String,
    },
    /// A line is JSON, but not an object.
    #[error("the line holds {found} where an object is expected. Write one JSON object a line.")]
    NotAnObject {
        /// What is there.
        found: &'static str,
    },
    /// A named column is missing.
    #[error(
        "there is no column {}{} The columns are {}.",
        quoted(column),
        suggestion(column, columns.iter().map(String::as_str)),
        listed(columns.iter().map(|column| quoted(column)))
    )]
    NoColumn {
        /// The column that was asked for.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// A named column occurs more than once.
    #[error("the column {} is there twice. Give one of them another name.", quoted(column))]
    ColumnTwice {
        /// The column.
        column: String,
    },
    /// A field that should hold text holds something else.
    #[error("{} holds {found} where text is expected. Write it as a string.", quoted(column))]
    NotText {
        /// The column.
        column: String,
        /// What is there.
        found: &'static str,
    },
    /// A label or an id is empty.
    #[error("{} is empty. Every row needs a value there; fill it in or remove the row.", quoted(column))]
    EmptyValue {
        /// The column.
        column: String,
    },
    /// A split column holds neither `train` nor `test`.
    #[error(
        "{} says {}, where only `train` and `test` are known. {}",
        quoted(column),
        quoted(value),
        split_remedy(value)
    )]
    SplitValue {
        /// The column.
        column: String,
        /// The value that it holds.
        value: String,
    },
    /// Two rows have one id.
    #[error(
        "the id {} was already used in line {first}. Make the ids unique, or leave the id column out.",
        quoted(id)
    )]
    DuplicateId {
        /// The id.
        id: String,
        /// The line that used it first.
        first: u64,
    },
    /// There are more rows than fit into a `u32`.
    #[error("a dataset may hold 4,294,967,295 rows, and this one goes on. Leave rows out of the file.")]
    TooManyRows,
}

/// Returns a path, safe and shortened for a sentence.
fn shown_path(path: &Path) -> String {
    SafeText::one_line(&path.to_string_lossy()).to_string()
}

/// Returns a value from outside between backticks, safe and shortened.
fn quoted(value: &str) -> String {
    let safe = SafeText::one_line(value).to_string();
    format!("`{}`", truncate(&safe, VALUE_COLUMNS))
}

/// Returns a suggestion of the name nearest to an unknown one.
fn suggestion<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> String {
    match closest(wanted, names) {
        Some(name) => format!("; did you mean {}?", quoted(name)),
        None => ".".to_owned(),
    }
}

/// Returns the first [`LISTED`] names, joined by commas.
fn listed(mut names: impl Iterator<Item = String>) -> String {
    let mut list = names.by_ref().take(LISTED).collect::<Vec<_>>().join(", ");
    let more = names.count();
    if more > 0 {
        // Writing to a string cannot fail.
        let _ = write!(list, " and {more} more");
    }
    if list.is_empty() { "none at all".to_owned() } else { list }
}

fn no_rows(left_out: usize, column: &str) -> String {
    match left_out {
        0 => "no rows below its header. Add rows, or name another file.".to_owned(),
        _ => format!(
            "no text: {} is empty in every row ({left_out} of them). Name the column of the texts.",
            quoted(column)
        ),
    }
}

/// Guesses the encoding of a file that is not UTF-8.
fn encoding(offset: u64, byte: u8) -> &'static str {
    match (offset, byte) {
        (0, 0xff | 0xfe) => "UTF-16",
        _ => "WINDOWS-1252",
    }
}

fn ragged_remedy(quotes: bool) -> &'static str {
    if quotes {
        "Put a field that has a comma, a quote or a line break in it between quotes."
    } else {
        "A field cannot have a tab or a line break in it; replace them with blanks."
    }
}

fn split_remedy(value: &str) -> &'static str {
    match value.trim().to_lowercase().as_str() {
        "validation" | "valid" | "val" | "dev" => {
            "Write `train` or `test` there, or move these rows to a file of their own."
        }
        _ => "Write `train` or `test` there, or leave the split column out to split by seed.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_nearly_right_is_suggested() {
        let names = ["text", "label", "id"];

        assert_eq!(closest("lable", names.into_iter()), Some("label"));
        assert_eq!(closest("Text ", names.into_iter()), Some("text"));
        assert_eq!(closest("message", names.into_iter()), None);
    }

    #[test]
    fn a_long_list_of_names_is_cut_and_counted() {
        let names = (0..15).map(|number| format!("c{number}"));

        assert_eq!(listed(names), "c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 and 3 more");
    }

    #[test]
    fn escape_sequences_in_names_and_values_are_never_said_raw() {
        let fault = LineFault::SplitValue { column: "a\u{1b}[2J".into(), value: "b\u{7}\nc".repeat(50) };
        let error = DatasetError::Line { path: "x\u{1b}[31m.csv".into(), line: 2, fault };

        let sentence = error.to_string();

        assert!(!sentence.contains(char::is_control), "{sentence:?}");
        assert!(sentence.chars().count() < 260, "{sentence:?}");
    }

    #[test]
    fn an_unknown_label_is_refused_with_the_labels_and_their_counts() {
        let error = DatasetError::NoSuchLabel {
            path: "sms.csv".into(),
            label: "Spam".into(),
            labels: vec![("ham".into(), 4827), ("spam".into(), 747)],
        };

        assert_eq!(
            error.to_string(),
            "No row of sms.csv has the label `Spam`; did you mean `spam`? \
             The labels are `ham` (4827), `spam` (747)."
        );
    }
}
