//! Parses a reply into rows that meet the session's fields, and scraps with the reason why they do not.
//!
//! Models are not trusted: every candidate is checked, even if the provider promised to enforce a schema,
//! and nothing is altered to fit. The reader takes chunks as they come; a whole reply is one chunk.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::GenerateEvent;
use super::stream::{Piece, Scanner};
use crate::domain::{FieldKind, FieldSpec, FieldValue, Fields, Schema};

/// The reason of an unfinished last piece.
const BROKEN_OFF: &str = "The reply ended in the middle of this piece.";
/// The reason of an unfinished last piece of a reply that reached its token limit.
const CUT_OFF: &str =
    "The reply reached max_tokens in the middle of this piece: allow more, or ask for fewer rows a request.";

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

/// Parses one reply, chunk by chunk.
#[derive(Debug)]
pub(crate) struct ReplyReader {
    rules: Arc<RowRules>,
    scanner: Scanner,
    found: bool,
}

impl ReplyReader {
    /// Creates a reader of an empty reply.
    #[must_use]
    pub(crate) fn new(rules: Arc<RowRules>) -> Self {
        Self { rules, scanner: Scanner::new(), found: false }
    }

    /// Adds the next bytes, split anywhere, and returns the rows and scraps that they complete.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<GenerateEvent> {
        let pieces = self.scanner.feed(bytes);
        let mut events = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Row(range) => events.push(self.rules.read(&self.piece(range))),
                Piece::Whole(range) => events.extend(self.rules.read_whole(&self.piece(range))),
                Piece::Spoilt(range) => {
                    events.push(scrap(&self.piece(range), "The brackets of this piece do not match."));
                }
            }
        }
        self.found |= !events.is_empty();
        events
    }

    /// Ends the reply: returns the rest of it as rows and scraps, and its whole text.
    ///
    /// `cut_off` tells that the reply reached its token limit, which becomes the reason of an unfinished
    /// piece. Invalid UTF-8 is replaced by `U+FFFD`.
    #[must_use]
    pub(crate) fn finish(self, cut_off: bool) -> (Vec<GenerateEvent>, String) {
        let text = String::from_utf8_lossy(self.scanner.text()).into_owned();
        let events = match self.scanner.left_over() {
            Some(range) => {
                self.rules.read_left_over(&self.piece(range), if cut_off { CUT_OFF } else { BROKEN_OFF })
            }
            None if self.found => vec![],
            None => self.rules.read_plain(&text),
        };
        (events, text)
    }

    fn piece(&self, range: std::ops::Range<usize>) -> String {
        String::from_utf8_lossy(&self.scanner.text()[range]).into_owned()
    }
}

impl RowRules {
    /// Parses an object as a row.
    fn read(&self, raw: &str) -> GenerateEvent {
        match parse(raw) {
            Ok(Value::Object(object)) => match self.row(object) {
                Ok(fields) => GenerateEvent::Row(fields),
                Err(reason) => scrap(raw, &reason),
            },
            Ok(_) => scrap(raw, "This piece is no JSON object."),
            Err(error) => scrap(raw, &format!("This piece is not valid JSON: {error}.")),
        }
    }

    /// Parses a top-level value without an object in an array: a single row, or an array of texts.
    fn read_whole(&self, raw: &str) -> Vec<GenerateEvent> {
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
    fn read_left_over(&self, raw: &str, reason: &str) -> Vec<GenerateEvent> {
        let mut rest = Vec::new();
        let mut events = Vec::new();
        for line in raw.lines() {
            let object = line.trim().trim_end_matches(',');
            match parse(object) {
                Ok(Value::Object(_)) => events.push(self.read(object)),
                _ => rest.push(line),
            }
        }
        events.push(scrap(&rest.join("\n"), reason));
        events
    }

    /// Parses a reply without JSON: a list of texts, if a row needs only a text.
    fn read_plain(&self, text: &str) -> Vec<GenerateEvent> {
        if text.trim().is_empty() {
            return vec![scrap(text, "The reply is empty.")];
        }
        if !self.is_text_only() {
            let reason =
                format!("The reply holds no JSON object; a row needs the fields {}.", self.schema.names());
            return vec![scrap(text, &reason)];
        }
        let items = list_items(text);
        if items.is_empty() {
            return vec![scrap(text, "The reply is neither JSON nor a list.")];
        }
        items.iter().map(|item| self.read_text(item)).collect()
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

fn scrap(raw: &str, reason: &str) -> GenerateEvent {
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

/// Parses JSON; unescaped line breaks and tabs in strings, as weak models write them, are allowed.
fn parse(raw: &str) -> Result<Value, serde_json::Error> {
    let error = match serde_json::from_str(raw) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    serde_json::from_str(&escaped(raw)).map_err(|_bare| error)
}

fn escaped(raw: &str) -> String {
    let (mut escaped, mut inside, mut after_backslash) = (String::with_capacity(raw.len()), false, false);
    for c in raw.chars() {
        match c {
            '\n' if inside => escaped.push_str("\\n"),
            '\r' if inside => escaped.push_str("\\r"),
            '\t' if inside => escaped.push_str("\\t"),
            _ => escaped.push(c),
        }
        if c == '"' && !after_backslash {
            inside = !inside;
        }
        after_backslash = c == '\\' && !after_backslash;
    }
    escaped
}

/// Returns the items of a list (`1. …`, `2) …`, `- …`, `* …`, `• …`); text before the first item is
/// skipped.
fn list_items(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with("```")) {
        if let Some(item) = item(line) {
            items.push(item.to_owned());
        } else if let Some(last) = items.last_mut().filter(|_| !line.is_empty()) {
            last.push(' ');
            last.push_str(line);
        }
    }
    items.iter().map(|item| unquoted(item).to_owned()).collect()
}

fn item(line: &str) -> Option<&str> {
    if let Some(rest) = line.strip_prefix(['-', '*', '•', '–']) {
        return rest.strip_prefix(' ').map(str::trim);
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = line[digits..].strip_prefix(['.', ')'])?;
    ((1..=3).contains(&digits) && rest.starts_with(' ')).then(|| rest.trim())
}

/// Returns a text without quotation marks around the whole of it.
fn unquoted(text: &str) -> &str {
    let pairs = [('"', '"'), ('“', '”')];
    let inner = pairs.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    inner.filter(|inner| !inner.contains(['"', '“', '”'])).unwrap_or(text)
}

#[cfg(test)]
mod tests;
