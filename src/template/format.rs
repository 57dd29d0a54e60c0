//! Formats values as text, up to a bound.
//!
//! The engine formats a whole list or map before it checks the length, so `["x"] * 90000000`
//! would take seconds and gigabytes. Here the formatting itself stops at the bound.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

/// The deepest nesting of lists and maps that is written.
const MAX_DEPTH: usize = 64;

/// The detail of the error for a text that became too long.
pub(crate) const TOO_LONG: &str = "the text is too long";

/// Returns the value as text, lists and maps as Jinja formats them, or an error beyond `limit` bytes.
pub(crate) fn to_text(value: &Value, limit: usize) -> Result<String, Error> {
    if !is_container(value) {
        // The memory of a longer string is used already; the output's bound rejects it.
        return Ok(value.to_string());
    }
    let mut writer = Writer { text: String::new(), limit };
    match super::scope::example_text(value) {
        Some(text) => writer.push(text)?,
        None => writer.container(value, 0)?,
    }
    Ok(writer.text)
}

/// The filters `string` and `pprint`.
pub(crate) fn string_filter(_: &State, value: &Value) -> Result<Value, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    if value.kind() == ValueKind::String {
        Ok(value.clone())
    } else {
        to_text(value, super::MAX_OUTPUT_BYTES).map(Value::from)
    }
}

fn is_container(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Map | ValueKind::Iterable)
}

struct Writer {
    text: String,
    limit: usize,
}

impl Writer {
    fn push(&mut self, text: &str) -> Result<(), Error> {
        if self.text.len() + text.len() > self.limit {
            return Err(Error::new(ErrorKind::WriteFailure, TOO_LONG));
        }
        self.text.push_str(text);
        Ok(())
    }

    fn container(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        if depth >= MAX_DEPTH {
            return self.push("…");
        }
        let is_map = value.kind() == ValueKind::Map;
        self.push(if is_map { "{" } else { "[" })?;
        for (index, item) in value.try_iter()?.enumerate() {
            if index > 0 {
                self.push(", ")?;
            }
            if is_map {
                self.item(&item, depth)?;
                self.push(": ")?;
                self.item(&value.get_item(&item)?, depth)?;
            } else {
                self.item(&item, depth)?;
            }
        }
        self.push(if is_map { "}" } else { "]" })
    }

    fn item(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        if let Some(text) = super::scope::example_text(value) {
            self.push(&format!("{:?}", Value::from(text)))
        } else if is_container(value) {
            self.container(value, depth + 1)
        } else {
            if value.is_undefined() {
                return Err(Error::from(ErrorKind::UndefinedError));
            }
            self.push(&format!("{value:?}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;
    use minijinja::value::Serde;

    #[test]
    fn lists_and_maps_look_as_in_jinja() {
        let value = Value::from(Serde(serde_json::json!([1, "a\"b", true, null, {"k": [1.5]}])));

        assert_eq!(to_text(&value, 1_000).unwrap(), value.to_string());
        assert_eq!(to_text(&Value::from("plain"), 1_000).unwrap(), "plain");
    }

    #[test]
    fn writing_stops_at_the_bound() {
        let error = to_text(&Value::from(vec!["x"; 1_000]), 100).unwrap_err();

        assert_eq!(error.detail(), Some(TOO_LONG));
    }

    #[test]
    fn nesting_beyond_the_bound_is_left_out() {
        let mut value = Value::from(vec![1]);
        for _ in 0..200 {
            value = Value::from(vec![value]);
        }

        assert!(to_text(&value, 1_000).unwrap().contains('…'));
        assert!(to_text(&context!(a => value), 1_000).unwrap().starts_with("{'a': [["));
    }
}
