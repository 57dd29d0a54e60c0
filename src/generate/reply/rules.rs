//! Reads the pieces of a reply as rows, and says why a piece is none.

use serde_json::{Map, Value};

use super::json::{Invalid, parse};
use super::lists::list_items;
use crate::domain::{FieldKind, FieldSpec, FieldValue, Fields, Schema};
use crate::generate::GenerateEvent;

/// The requirements of a row: the session's fields, and its labels.
///
/// They refuse everything that the reply's JSON schema refuses. Flat fields of five kinds need no JSON
/// Schema validator.
#[derive(Debug)]
pub(crate) struct RowRules {
    schema: Schema,
    /// The session's labels; unless this is empty, a field `label` must be one of them.
    labels: Vec<String>,
}

impl RowRules {
    /// Creates the rules for these fields and labels.
    #[must_use]
    pub(crate) const fn new(schema: Schema, labels: Vec<String>) -> Self {
        Self { schema, labels }
    }

    /// Returns whether these rules have the same fields and labels.
    #[must_use]
    pub(crate) fn are_of(&self, schema: &Schema, labels: &[String]) -> bool {
        self.schema == *schema && self.labels == labels
    }
}

impl RowRules {
    /// Parses an object as a row.
    pub(super) fn read(&self, raw: &str) -> GenerateEvent {
        match parse(raw) {
            Ok(Value::Object(object)) => match self.row(object) {
                Ok(fields) => GenerateEvent::Row(fields),
                Err(reason) => scrap(raw, &reason),
            },
            Ok(_) => scrap(raw, "This piece is no JSON object."),
            Err(Invalid::Twice(key)) => scrap(raw, &format!("`{key}` is there twice in this piece.")),
            Err(Invalid::Json(error)) => scrap(raw, &format!("This piece is not valid JSON: {error}.")),
        }
    }

    /// Parses a top-level value without an object in an array: a single row, or an array of texts.
    pub(super) fn read_whole(&self, raw: &str) -> Vec<GenerateEvent> {
        let texts = match parse(raw) {
            Ok(Value::Array(values)) => Some(values),
            Ok(Value::Object(mut object)) if object.len() == 1 => {
                object.values_mut().next().and_then(|value| value.as_array_mut().map(std::mem::take))
            }
            _ => None,
        };
        let Some(texts) = texts else { return vec![self.read(raw)] };
        if texts.is_empty() {
            return vec![scrap(raw, "The reply's list of rows is empty.")];
        }
        let read = |value: &Value| match value {
            Value::String(text) if self.is_text_only() => self.read_text(text),
            other => {
                scrap(&other.to_string(), &format!("A row must be an object with {}.", self.schema.names()))
            }
        };
        texts.iter().map(read).collect()
    }

    /// Parses an unfinished rest of a reply; complete objects on lines of their own become rows.
    pub(super) fn read_left_over(&self, raw: &str, reason: &str) -> Vec<GenerateEvent> {
        let mut rest = Vec::new();
        let mut events = Vec::new();
        for line in raw.lines() {
            let object = line.trim().trim_end_matches(',');
            match parse(object) {
                Ok(Value::Object(_)) | Err(Invalid::Twice(_)) => events.push(self.read(object)),
                _ => rest.push(line),
            }
        }
        events.push(scrap(&rest.join("\n"), reason));
        events
    }

    /// Parses a reply without JSON: a list of texts, if a row needs only a text. Where the reply was cut off, its
    /// last text is unfinished, for the reason `cut`.
    pub(super) fn read_plain(&self, text: &str, cut: Option<&str>) -> Vec<GenerateEvent> {
        if text.trim().is_empty() {
            return vec![scrap(text, "The reply is empty.")];
        }
        if !self.is_text_only() {
            let reason =
                format!("The reply holds no JSON object; a row needs the fields {}.", self.schema.names());
            return vec![scrap(text, &reason)];
        }
        let mut items = list_items(text);
        if items.is_empty() {
            return vec![scrap(text, "The reply is neither JSON nor a list.")];
        }
        let unfinished = cut.and_then(|reason| Some(scrap(&items.pop()?, reason)));
        items.iter().map(|item| self.read_text(item)).chain(unfinished).collect()
    }

    fn read_text(&self, text: &str) -> GenerateEvent {
        let fields = Fields::of_text(text.trim());
        match self.schema.check(&fields) {
            Ok(()) => GenerateEvent::Row(fields),
            Err(error) => scrap(text, &error.0),
        }
    }

    /// Reads an object's fields; the error is a sentence about the first wrong field.
    fn row(&self, object: Map<String, Value>) -> Result<Fields, String> {
        let mut fields = Fields::default();
        for (name, value) in object {
            let spec = self.schema.field(&name);
            let value = field_value(&value, spec).ok_or_else(|| match spec {
                Some(spec) => format!("The field `{name}` must be {}, not `{value}`.", spec.kind),
                None => format!("The session declares no field `{name}`; it has {}.", self.schema.names()),
            })?;
            fields.0.insert(name, value);
        }
        self.schema.check(&fields).map_err(|error| error.0)?;
        self.check_label(&fields)?;
        Ok(fields)
    }

    fn check_label(&self, fields: &Fields) -> Result<(), String> {
        match fields.0.get(Fields::LABEL) {
            Some(FieldValue::Text(label)) if !self.labels.is_empty() && !self.labels.contains(label) => {
                Err(format!("The label `{label}` is none of the session's: {}.", self.labels.join(", ")))
            }
            _ => Ok(()),
        }
    }

    /// Returns whether a row needs only a text.
    fn is_text_only(&self) -> bool {
        self.schema.0.len() == 1 && self.schema.field(Fields::TEXT).is_some()
    }
}

pub(super) fn scrap(raw: &str, reason: &str) -> GenerateEvent {
    GenerateEvent::Scrap { raw: raw.to_owned(), reason: reason.to_owned() }
}

/// Returns a value as a field's value; `None` if no field can hold it.
fn field_value(value: &Value, spec: Option<&FieldSpec>) -> Option<FieldValue> {
    let whole = spec.is_some_and(|spec| spec.kind == FieldKind::Integer);
    match value {
        Value::Bool(value) => Some(FieldValue::Boolean(*value)),
        // White space around a text is the model's layout.
        Value::String(text) => Some(FieldValue::Text(text.trim().to_owned())),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Some(FieldValue::Integer(integer)),
            // JSON has no integer type: 3.0 is a whole number.
            (None, Some(float)) if whole && float.fract() == 0.0 => {
                format!("{float:.0}").parse().ok().map(FieldValue::Integer)
            }
            (None, float) => float.map(FieldValue::Number),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
