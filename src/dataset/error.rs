//! The errors of a dataset, as sentences with a remedy.
//!
//! Names, values and paths from outside are made safe for a screen and shortened here, so
//! that a sentence can be shown as it is.

use std::io;
use std::path::PathBuf;

use super::sentence::{listed, quoted, shown_path, suggestion};
use super::troubles::{Trouble, sentences};
use crate::files;

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
    #[error(
        "{} is a folder without files of rows, which end in .parquet, .jsonl, .csv, .tsv or .json. Name a file.",
        shown_path(path)
    )]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// The path is a pipe, a device or the like.
    #[error(
        "{} is no ordinary file, and a dataset is read again each time its session is opened. \
         Save what it gives to a file, and name that.",
        shown_path(path)
    )]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The file is longer than anybody asked for.
    #[error(
        "{} has {}, and a dataset is held in memory whole: up to {} are read unasked. \
         Name a part of it, or say `--max-data {}` where your memory has room for it.",
        shown_path(path), files::size(*bytes), files::size(*most), bytes.div_ceil(1 << 20)
    )]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Its length in bytes.
        bytes: u64,
        /// The most bytes that are read.
        most: u64,
    },
    /// The file holds a table that cannot be read.
    #[error("{} cannot be used: {reason}.", shown_path(path))]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong, without a full stop.
        reason: String,
    },
    /// A table has more columns than any table of texts and labels.
    #[error(
        "{} has {columns} columns, more than the {most} that are read. Write a file of the columns of the texts \
         and the labels, or look whether its lines are parted as they should be.",
        shown_path(path)
    )]
    TooManyColumns {
        /// The file.
        path: PathBuf,
        /// How many its header names.
        columns: usize,
        /// The most that are read.
        most: usize,
    },
    /// The file is something else than a table or JSON.
    #[error("{} is {what}. {remedy}", shown_path(path))]
    NotATable {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// Neither its name nor its content says how the file is to be read.
    #[error(
        "{} is neither a table with a header, its cells parted by commas, semicolons, tabs or vertical bars, \
         nor JSON with an object a line. Save it as .csv, .tsv or .jsonl.",
        shown_path(path)
    )]
    NoFormat {
        /// The file.
        path: PathBuf,
    },
    /// The file has no bytes.
    #[error("The dataset file {} is empty. Fill it, or name another file.", shown_path(path))]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file has no row with a text and a label.
    #[error("The dataset file {} has {}", shown_path(path), no_rows(*left_out, *unlabelled, column))]
    NoRows {
        /// The file.
        path: PathBuf,
        /// The column of the texts.
        column: String,
        /// How many rows have an empty text.
        left_out: usize,
        /// How many rows with a text have no label.
        unlabelled: usize,
    },
    /// Lines of the file are wrong.
    #[error("{}", sentences(path, troubles, *by_item))]
    Lines {
        /// The file.
        path: PathBuf,
        /// What is wrong, each kind once, in the order of the first lines.
        troubles: Vec<Trouble>,
        /// Whether the numbers are places in a JSON list, not lines.
        by_item: bool,
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

fn no_rows(left_out: usize, unlabelled: usize, column: &str) -> String {
    match left_out {
        _ if unlabelled > 0 => "no row with a label. Label some, or name another file.".to_owned(),
        0 => "no rows below its header. Add rows, or name another file.".to_owned(),
        _ => format!(
            "no text: {} is empty in every row ({left_out} of them). Name the column of the texts.",
            quoted(column)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fault::LineFault;
    use super::super::troubles::Lines;
    use super::*;

    #[test]
    fn escape_sequences_in_names_and_values_are_never_said_raw() {
        let values = vec![("b\u{7}\nc".repeat(50), 1)];
        let fault = LineFault::SplitValues { column: "a\u{1b}[2J".into(), values };
        let troubles = vec![Trouble { fault, lines: Lines { first: vec![2], count: 1 } }];
        let error = DatasetError::Lines { path: "x\u{1b}[31m.csv".into(), troubles, by_item: false };

        let sentence = error.to_string();

        assert!(!sentence.contains(char::is_control), "{sentence:?}");
        assert!(sentence.chars().count() < 290, "{sentence:?}");
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
