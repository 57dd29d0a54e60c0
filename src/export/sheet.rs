//! Rows as a table in Parquet.

use std::collections::HashMap;
use std::io::Write;

use serde_json::Value;

use super::error::ExportError;
use super::record::Columns;
use super::shape::{Context, Outgoing};
use crate::table::{Cell, Column, Kind, Rows, Writer};

/// A table that is being written.
pub(super) struct Sheet<'a, W: Write + Send> {
    pub(super) making: Making<'a>,
    pub(super) writer: Writer<W>,
}

/// What makes the values of rows.
pub(super) struct Making<'a> {
    columns: Columns,
    label: Label<'a>,
}

/// How a label is written: in one way for a whole table.
enum Label<'a> {
    /// As its text.
    Text,
    /// As the number or truth value that it is in the dataset.
    Value(&'a super::record::LabelValues),
    /// As its place among the names of classes.
    Class(HashMap<&'a str, i64>),
}

impl<'a, W: Write + Send> Sheet<'a, W> {
    /// Begins a table; with `features` the labels are places among the labels of the context, and the file says so in
    /// the metadata that `datasets` reads.
    pub(super) fn begin(
        context: &Context<'a>,
        features: Option<String>,
        out: W,
    ) -> Result<Self, ExportError> {
        let mut columns = context.columns();
        let label = if features.is_some() {
            Label::Class(context.labels.iter().map(String::as_str).zip(0..).collect())
        } else if context.label_values.is_empty() {
            Label::Text
        } else {
            Label::Value(context.label_values)
        };
        columns.kinds[Columns::LABEL] = label.kind();
        let described = columns.names.iter().zip(&columns.kinds);
        let described: Vec<_> = described.map(|(name, kind)| Column::new(name, *kind)).collect();
        let metadata: Vec<_> = features.into_iter().map(|features| ("huggingface", features)).collect();
        let writer = Writer::new(out, &described, &metadata)?;
        Ok(Self { making: Making { columns, label }, writer })
    }
}

impl Making<'_> {
    /// Returns no rows.
    pub(super) fn none(&self) -> Rows {
        Rows::of(&self.columns.kinds)
    }

    /// Adds a row to others.
    pub(super) fn add(&self, row: &Outgoing<'_>, to: &mut Rows) -> Result<(), ExportError> {
        let mut cells = self.columns.cells(row);
        if let Some(label) = self.label.cell(row.label) {
            if label == Cell::Null {
                // A reader would take any other number for a name, or for none, without a word.
                return Err(ExportError::Refused(format!(
                    "The label `{}` is not among the names of labels, so nothing was written; this is a mistake of the \
                     program.",
                    row.label
                )));
            }
            cells[Columns::LABEL] = label;
        }
        Ok(to.add(&cells)?)
    }
}

impl Label<'_> {
    /// Returns the type of the column.
    fn kind(&self) -> Kind {
        match self {
            Self::Text => Kind::Text,
            Self::Class(_) => Kind::Integer,
            Self::Value(values) if values.values().all(Value::is_boolean) => Kind::Boolean,
            Self::Value(values) if values.values().all(Value::is_i64) => Kind::Integer,
            Self::Value(values) if values.values().all(Value::is_u64) => Kind::Unsigned,
            Self::Value(_) => Kind::Number,
        }
    }

    /// Returns a label's value; `None` where it is its text. Null where it has no place among the names.
    fn cell(&self, label: &str) -> Option<Cell<'static>> {
        match self {
            Self::Text => None,
            Self::Class(places) => Some(places.get(label).map_or(Cell::Null, |place| Cell::Integer(*place))),
            Self::Value(values) => {
                let value = values.get(label)?;
                Some(match self.kind() {
                    Kind::Boolean => value.as_bool().map_or(Cell::Null, Cell::Boolean),
                    Kind::Integer => value.as_i64().map_or(Cell::Null, Cell::Integer),
                    Kind::Unsigned => value.as_u64().map_or(Cell::Null, Cell::Unsigned),
                    _ => value.as_f64().map_or(Cell::Null, Cell::Number),
                })
            }
        }
    }
}
