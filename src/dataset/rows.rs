//! Picks the named columns out of the rows of a file.

use std::borrow::Cow;

use csv::StringRecord;
use serde_json::{Map, Value};

use super::error::{DatasetError, LineFault};
use super::input::Fingerprint;
use super::reader::Sink;
use super::records::{Builder, RawRow, Records};
use super::source::Source;

/// Makes records of the rows of a file.
pub(super) struct Rows<'a> {
    source: &'a Source,
    columns: Option<Columns>,
    builder: Builder<'a>,
}

impl<'a> Rows<'a> {
    /// Begins without rows.
    pub(super) fn new(source: &'a Source) -> Self {
        Self { source, columns: None, builder: Builder::new(source) }
    }

    /// Returns the records of all rows.
    pub(super) fn finish(self, fingerprint: Fingerprint) -> Result<Records, DatasetError> {
        self.builder.finish(fingerprint)
    }

    fn fault(&self, line: u64, fault: LineFault) -> DatasetError {
        DatasetError::Line { path: self.source.path.clone(), line, fault }
    }
}

impl Sink for Rows<'_> {
    fn header(&mut self, line: u64, header: &StringRecord) -> Result<(), DatasetError> {
        self.columns = Some(Columns::find(self.source, header).map_err(|fault| self.fault(line, fault))?);
        Ok(())
    }

    fn record(&mut self, line: u64, record: &StringRecord) -> Result<(), DatasetError> {
        self.columns.map_or(Ok(()), |columns| self.builder.push(columns.pick(record, line)))
    }

    fn object(&mut self, line: u64, text: &str) -> Result<(), DatasetError> {
        let object = object(text).map_err(|fault| self.fault(line, fault))?;
        let fields = Fields::find(self.source, &object).map_err(|fault| self.fault(line, fault))?;
        self.builder.push(fields.row(line))
    }
}

/// The indexes of the named columns in a record.
#[derive(Debug, Clone, Copy)]
struct Columns {
    text: usize,
    label: usize,
    id: Option<usize>,
    split: Option<usize>,
}

impl Columns {
    /// Finds the columns that a source names in a header.
    fn find(source: &Source, header: &StringRecord) -> Result<Self, LineFault> {
        let find = |column: &String| {
            let mut places = header.iter().enumerate().filter(|(_, name)| name == column);
            match (places.next(), places.next()) {
                (Some((place, _)), None) => Ok(place),
                (Some(_), Some(_)) => Err(LineFault::ColumnTwice { column: column.clone() }),
                (None, _) => {
                    let columns = header.iter().map(str::to_owned).collect();
                    Err(LineFault::NoColumn { column: column.clone(), columns })
                }
            }
        };
        Ok(Self {
            text: find(&source.text)?,
            label: find(&source.label)?,
            id: source.id.as_ref().map(find).transpose()?,
            split: source.split.as_ref().map(find).transpose()?,
        })
    }

    /// Returns the named fields of a record that is as long as the header.
    fn pick<'r>(&self, record: &'r StringRecord, line: u64) -> RawRow<'r> {
        let field = |place: usize| record.get(place).unwrap_or_default();
        RawRow {
            line,
            text: field(self.text),
            label: field(self.label),
            id: self.id.map(field),
            split: self.split.map(field),
        }
    }
}

pub(super) fn object(line: &str) -> Result<Map<String, Value>, LineFault> {
    match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => Err(LineFault::NotAnObject { found: kind(&other) }),
        Err(error) => {
            // The parser counts lines within the one line it was given.
            let reason = error.to_string().replace(" at line 1 column ", " at column ");
            Err(LineFault::Json { reason })
        }
    }
}

/// The values of one object's named columns.
struct Fields<'o> {
    text: Cow<'o, str>,
    label: Cow<'o, str>,
    id: Option<Cow<'o, str>>,
    split: Option<Cow<'o, str>>,
}

impl<'o> Fields<'o> {
    fn find(source: &Source, object: &'o Map<String, Value>) -> Result<Self, LineFault> {
        let text = match value(object, &source.text)? {
            number @ (Value::Number(_) | Value::Bool(_)) => Err(not_text(&source.text, number)),
            other => scalar(&source.text, other),
        }?;
        let name = |column: &String| scalar(column, value(object, column)?);
        Ok(Self {
            text,
            label: name(&source.label)?,
            id: source.id.as_ref().map(name).transpose()?,
            split: source.split.as_ref().map(name).transpose()?,
        })
    }

    fn row(&self, line: u64) -> RawRow<'_> {
        RawRow {
            line,
            text: &self.text,
            label: &self.label,
            id: self.id.as_deref(),
            split: self.split.as_deref(),
        }
    }
}

fn value<'o>(object: &'o Map<String, Value>, column: &str) -> Result<&'o Value, LineFault> {
    object.get(column).ok_or_else(|| LineFault::NoColumn {
        column: column.to_owned(),
        columns: object.keys().cloned().collect(),
    })
}

/// Returns a value as text: a number or a boolean as JSON writes it, the empty text for `null`.
fn scalar<'o>(column: &str, value: &'o Value) -> Result<Cow<'o, str>, LineFault> {
    match value {
        Value::String(text) => Ok(text.into()),
        Value::Null => Ok("".into()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string().into()),
        Value::Array(_) | Value::Object(_) => Err(not_text(column, value)),
    }
}

fn not_text(column: &str, value: &Value) -> LineFault {
    LineFault::NotText { column: column.to_owned(), found: kind(value) }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
