//! Rows of named columns: JSON Lines, JSON, CSV, TSV, Parquet, doccano's JSON Lines, and our own exports.
//!
//! doccano 1.8.5 writes `{"id": 1, "text": "…", "label": ["spam"], "Comments": []}` for the classification of texts,
//! `cats` in the place of `label` for intent detection, `label: [[0, 4, "PER"]]` for parts of texts, and `data` for
//! the name of a file (`backend/data_export/pipeline/`). It says nothing about who decided, so its rows are pending.

use std::collections::BTreeSet;
use std::path::Path;

use super::Asked;
use super::error::{ImportError, listed, quoted};
use super::given::Given;
use super::named::{Named, NotFound};
use super::opened::Shape;
use super::out::Out;
use super::own::{Own, Said};
use super::value::Value;
use crate::domain::{Incoming, RowState};

/// The column of a row's id.
const ID: &str = "id";

/// Reads rows of named columns.
#[derive(Debug)]
pub(super) struct Flat {
    named: Named,
    own: Option<Own>,
    /// The columns that hold what a field cannot.
    left: BTreeSet<String>,
}

impl Flat {
    /// Finds the columns among those of the first row.
    pub(super) fn find(path: &Path, names: &[String], asked: &Asked) -> Result<Self, ImportError> {
        let (path, columns) = (path.to_owned(), names.to_vec());
        match Named::find(names, asked) {
            Ok(found) => Ok(Self { named: found, own: Own::find(names), left: BTreeSet::new() }),
            Err(NotFound::Text) => Err(ImportError::NoText { path, columns }),
            Err(NotFound::Column(column)) => Err(ImportError::NoColumn { path, column, columns }),
        }
    }

    /// Makes a row of values; nothing where the row is left out.
    fn row(
        &mut self,
        line: u64,
        values: Vec<(String, Value)>,
        out: &mut Out,
    ) -> Result<Option<Incoming>, String> {
        let mut row = Incoming { line, ..Incoming::default() };
        if self.own.is_some() {
            row.state = Some(RowState::Accepted { rating: None });
        }
        if !values.iter().any(|(name, _)| *name == self.named.text) {
            let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
            return Err(format!(
                "there is no column {}; the row has {}.",
                quoted(&self.named.text),
                listed(&names)
            ));
        }
        for (name, value) in values {
            if name == self.named.text {
                row.text = text(&name, value)?;
            } else if Some(&name) == self.named.label.as_ref() {
                row.label = value.label()?;
            } else if name == ID {
                row.id = value.spelled();
            } else {
                match self
                    .own
                    .as_ref()
                    .map_or_else(|| Said::Field(name.clone()), |own| own.take(&mut row, &name, &value))
                {
                    Said::Taken => {}
                    Said::Real => {
                        out.note(
                            line,
                            "are left out as rows of a dataset, not generated ones (`source` is `real`)",
                        );
                        return Ok(None);
                    }
                    Said::Wrong(why) => return Err(why),
                    Said::Field(field) => self.field(&mut row, field, &value),
                }
            }
        }
        Ok(Some(row))
    }

    fn field(&mut self, row: &mut Incoming, name: String, value: &Value) {
        match value.field() {
            Some(value) => {
                row.fields.insert(name, value);
            }
            None if !value.is_null() && !name.trim().is_empty() => {
                self.left.insert(name);
            }
            None => {}
        }
    }
}

/// Returns the text of a row, empty where it has none.
fn text(column: &str, value: Value) -> Result<String, String> {
    match value {
        Value::Text(text) => Ok(text),
        Value::Null => Ok(String::new()),
        Value::List(_) | Value::Other => Err(format!(
            "{} is no text but a list or an object. Name the column of the texts.",
            quoted(column)
        )),
        other => Ok(other.spelled().unwrap_or_default()),
    }
}

impl Shape for Flat {
    fn take(&mut self, line: u64, given: Given, out: &mut Out) {
        let made = given.values().and_then(|values| {
            let mut seen = BTreeSet::new();
            match values.iter().find(|(name, _)| !name.trim().is_empty() && !seen.insert(name.as_str())) {
                Some((name, _)) => Err(format!("the column {} is there twice.", quoted(name))),
                None => self.row(line, values, out),
            }
        });
        match made {
            Ok(Some(row)) => out.row(row),
            Ok(None) => {}
            Err(why) => out.fault(line, why),
        }
    }

    fn end(&mut self, out: &mut Out) {
        if !self.left.is_empty() {
            let names: Vec<&String> = self.left.iter().collect();
            let (columns, hold) = if names.len() == 1 { ("column", "holds") } else { ("columns", "hold") };
            out.remark(format!(
                "The {columns} {} {hold} lists or objects, which the fields of a row cannot, and {} left out.",
                listed(&names),
                if names.len() == 1 { "is" } else { "are" }
            ));
        }
    }
}
