//! What a format makes of rows, as text in a file.
//!
//! ```text
//! rows ─► Outgoing, one each ─► Shape ─► the main file, and complete files beside it
//! ```

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::error::ExportError;
use super::format::{Format, Task};
use super::record::{Columns, LabelValues};
use super::shapes::of_tool;
use super::shared::Entries;
use super::{jsonl::Jsonl, separated::Separated};
use crate::domain::{Exchange, Projection, RowView, Session};

/// Which rows a shape needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Takes {
    /// Those that are accepted.
    #[default]
    Accepted,
    /// Those that are accepted or rejected.
    Decided,
    /// Those that a person has looked at: accepted, rejected or skipped.
    Seen,
}

/// The part of a split export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// To train on.
    Train,
    /// To test with.
    Test,
}

impl Part {
    /// Returns the part's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "test",
        }
    }
}

/// What a format makes of rows.
pub(super) trait Shape {
    /// Returns which rows it needs.
    fn takes(&self) -> Takes {
        Takes::Accepted
    }

    /// Returns whether it needs the messages and the reply that a row came from.
    fn needs_exchange(&self) -> bool {
        false
    }

    /// Begins the main file.
    fn begin(&mut self, out: &mut dyn Write) -> Result<(), ExportError>;

    /// Writes a row, or keeps of it what the end needs.
    fn row(&mut self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError>;

    /// Returns what makes a row's part of the main file of that row alone, where the shape does that: rows may then be
    /// made at once, and [`Shape::row`] is not called.
    fn alone(&self) -> Option<&(dyn Alone + Sync)> {
        None
    }

    /// Ends the main file; returns sentences to be said.
    fn end(&mut self, out: &mut dyn Write) -> Result<Vec<String>, ExportError>;

    /// Returns complete files that belong beside the main one: their names and their bytes.
    fn beside(&self) -> Vec<(String, Vec<u8>)> {
        vec![]
    }

    /// Returns entries of files beside the main one in which other files have entries too.
    fn entries(&self) -> Vec<(&'static str, Entries)> {
        vec![]
    }

    /// Returns a sentence about the files beside the main one, said where they are written.
    fn about_beside(&self) -> Option<String> {
        None
    }

    /// Returns how many of something else than rows were written, and what one of them is: `pair`. A shape that may
    /// leave out a row has to say so.
    fn written(&self) -> Option<(u64, &'static str)> {
        None
    }
}

/// Makes a row's part of the main file, whatever the rows before it are.
pub(super) trait Alone {
    /// Writes a row.
    fn make(&self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError>;
}

/// One row on its way out.
#[derive(Debug, Clone)]
pub(super) struct Outgoing<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Its label.
    pub label: &'a str,
    /// Its label as the value that it is in the dataset.
    pub label_value: Value,
    /// The row; `None` for a real one.
    pub row: Option<RowView<'a>>,
    /// The messages and the reply that it came from, where the shape asks for them and there are any.
    pub exchange: Option<Arc<Exchange>>,
    /// Its part, where the export is split.
    pub part: Option<Part>,
}

impl<'a> Outgoing<'a> {
    /// Returns a generated row with its id and its text, which the caller holds.
    pub(super) fn of(id: &'a str, text: &'a str, row: &RowView<'a>) -> Self {
        let (label, label_value) = (row.label(), Value::Null);
        Self { id, text, label, label_value, row: Some(*row), exchange: None, part: None }
    }
}

/// What a shape knows of the export.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    /// The session.
    pub session: &'a Session,
    /// Everything that happened in it.
    pub projection: &'a Projection,
    /// The labels that a row may have: those of the dataset, sorted, and behind them those that only accepted rows
    /// have, so that the place of a label of the dataset depends on the dataset alone.
    pub labels: &'a [String],
    /// The labels that leave as another JSON value than their text.
    pub label_values: &'a LabelValues,
    /// What a model is to learn.
    pub task: Task,
    /// The main file.
    pub out: &'a Path,
    /// Whether where a row comes from is left out.
    pub bare: bool,
    /// Whether cells that a spreadsheet would run stay as they are.
    pub raw: bool,
}

impl Context<'_> {
    /// Returns the columns of the formats that have some.
    pub(super) fn columns(&self) -> Columns {
        Columns::of(&self.session.schema, self.bare)
    }
}

/// Returns the shape of a format that is text in one file.
///
/// # Errors
///
/// Where the program does not write the format.
pub(super) fn shape_of<'a>(
    format: Format,
    context: &Context<'a>,
) -> Result<Box<dyn Shape + 'a>, ExportError> {
    match format {
        Format::Jsonl => Ok(Box::new(Jsonl::new(context.columns()))),
        Format::Csv => Ok(Box::new(Separated::new(b',', context.columns(), context.raw))),
        Format::Tsv => Ok(Box::new(Separated::new(b'\t', context.columns(), context.raw))),
        other => of_tool(other, context).ok_or_else(|| {
            ExportError::Refused(format!(
                "This version does not write {} yet; name another format.",
                other.name()
            ))
        }),
    }
}
