//! The values of a row, whatever file they come from.

use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::dataset::json_text;
use crate::domain::FieldValue;

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// None.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Another number, with the digits that it is written in.
    Number(f64, String),
    /// A text.
    Text(String),
    /// A list of values.
    List(Vec<Self>),
    /// An object, or what JSON does not have.
    Other,
}

impl Value {
    /// Reads a value as it is written in JSON.
    ///
    /// # Errors
    ///
    /// A sentence, where a text in it is none.
    pub(super) fn of_raw(raw: &RawValue) -> Result<Self, String> {
        let text = raw.get();
        Ok(match text.as_bytes().first() {
            Some(b'"') => Self::of_text(json_text(raw)?),
            Some(b'[') => match serde_json::from_str::<Vec<&RawValue>>(text) {
                Ok(items) => Self::List(items.into_iter().map(Self::of_raw).collect::<Result<_, _>>()?),
                Err(_) => Self::Other,
            },
            Some(b'{') => Self::Other,
            Some(b'n') => Self::Null,
            Some(b't') => Self::Boolean(true),
            Some(b'f') => Self::Boolean(false),
            _ => Self::of_number(text),
        })
    }

    /// Reads a parsed value.
    pub(super) fn of_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Boolean(*value),
            Json::Number(number) => Self::of_number(&number.to_string()),
            Json::String(text) => Self::of_text(text.clone()),
            Json::Array(items) => Self::List(items.iter().map(Self::of_json).collect()),
            Json::Object(_) => Self::Other,
        }
    }

    /// Takes a text; the mark that stands for Python's `NaN` is none.
    fn of_text(text: String) -> Self {
        if text == "\0NaN" { Self::Null } else { Self::Text(text) }
    }

    fn of_number(text: &str) -> Self {
        let number = || text.parse().map_or(Self::Other, |number| Self::Number(number, text.to_owned()));
        text.parse().map_or_else(|_| number(), Self::Integer)
    }

    /// Returns the value as a name or a text: numbers as they are written; nothing where it is none, blank, a list or
    /// an object.
    pub(super) fn spelled(&self) -> Option<String> {
        match self {
            Self::Boolean(value) => Some(value.to_string()),
            Self::Integer(value) => Some(value.to_string()),
            Self::Number(_, written) => Some(written.clone()),
            Self::Text(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
            Self::Null | Self::List(_) | Self::Other => None,
        }
    }

    /// Returns the value of a row's field; nothing for none, a list or an object.
    pub(super) fn field(&self) -> Option<FieldValue> {
        match self {
            Self::Boolean(value) => Some(FieldValue::Boolean(*value)),
            Self::Integer(value) => Some(FieldValue::Integer(*value)),
            Self::Number(value, _) => Some(FieldValue::Number(*value)),
            Self::Text(text) => Some(FieldValue::Text(text.clone())),
            Self::Null | Self::List(_) | Self::Other => None,
        }
    }

    /// Returns whether there is nothing.
    pub(super) fn is_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(items) => items.iter().all(Self::is_null),
            _ => false,
        }
    }

    /// Returns the label that a value gives: itself, or the only one in a list; none where there is none.
    ///
    /// # Errors
    ///
    /// A sentence, where it gives several or something that is no label.
    pub(super) fn label(&self) -> Result<Option<String>, String> {
        match self {
            Self::List(items) => match items.as_slice() {
                [] => Ok(None),
                [Self::List(_)] | [Self::List(_), ..] => Err(SPANS.to_owned()),
                [one] => one.label(),
                many => Err(format!(
                    "the row has {} labels, and a row here has one. Keep one of them.",
                    many.len()
                )),
            },
            Self::Other => {
                Err("the label is an object, and a label here is a name. Name the column of the labels."
                    .into())
            }
            value => Ok(value.spelled()),
        }
    }
}

const SPANS: &str = "the labels are of parts of the text, and a label here is of the whole text. \
    Export labels of whole texts.";
