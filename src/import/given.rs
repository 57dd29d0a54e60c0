//! A row as a file gives it, before it is known what its values mean.

use serde_json::{Map, Value as Json};

use super::value::Value;
use crate::dataset::{object_entries, whole_object};

/// A row of a file.
#[derive(Debug, Clone)]
pub(super) enum Given {
    /// The text of a JSON object.
    Object(String),
    /// Values under the names of their columns.
    Cells(Vec<(String, Value)>),
}

impl Given {
    /// Returns the values under their names.
    ///
    /// # Errors
    ///
    /// What is wrong with the text of an object.
    pub(super) fn values(self) -> Result<Vec<(String, Value)>, String> {
        match self {
            Self::Object(text) => object_entries(&text, |entries| {
                entries.into_iter().map(|(name, raw)| Ok((name, Value::of_raw(raw)?))).collect()
            })?,
            Self::Cells(values) => Ok(values),
        }
    }

    /// Returns the row as a JSON object.
    ///
    /// # Errors
    ///
    /// What is wrong with the text of an object.
    pub(super) fn map(self) -> Result<Map<String, Json>, String> {
        match self {
            Self::Object(text) => whole_object(&text),
            Self::Cells(values) => Ok(values.into_iter().map(|(name, value)| (name, json(value))).collect()),
        }
    }

    /// Returns the names of the columns.
    ///
    /// # Errors
    ///
    /// What is wrong with the text of an object.
    pub(super) fn names(&self) -> Result<Vec<String>, String> {
        match self {
            Self::Object(text) => {
                object_entries(text, |entries| entries.into_iter().map(|(name, _)| name).collect())
            }
            Self::Cells(values) => Ok(values.iter().map(|(name, _)| name.clone()).collect()),
        }
    }
}

fn json(value: Value) -> Json {
    match value {
        Value::Null | Value::Other => Json::Null,
        Value::Boolean(value) => value.into(),
        Value::Integer(value) => value.into(),
        Value::Number(value, _) => value.into(),
        Value::Text(text) => text.into(),
        Value::List(items) => items.into_iter().map(json).collect(),
    }
}
