//! Formats values as text, up to a bound.
//!
//! The engine formats a whole list or map before it checks the length, so `["x"] * 90000000`
//! would take seconds and gigabytes. Here the formatting itself stops at the bound.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

use super::python::{Group, Range, View};

/// The deepest nesting of lists and maps that is written.
const MAX_DEPTH: usize = 64;

/// The detail of the error for a text that became too long.
pub(crate) const TOO_LONG: &str = "the text is too long";

/// Returns the value as Jinja2 prints it, or an error beyond `limit` bytes.
pub(crate) fn to_text(value: &Value, limit: usize) -> Result<String, Error> {
    if is_float(value) {
        return Ok(float_text(f64::try_from(value.clone())?));
    }
    if !is_container(value) {
        // The memory of a longer string is used already; the output's bound rejects it.
        return Ok(value.to_string());
    }
    let mut writer = Writer { text: String::new(), limit, is_sorted: false };
    match super::scope::example_text(value) {
        Some(text) => writer.push(text)?,
        None => writer.container(value, 0)?,
    }
    Ok(writer.text)
}

/// Returns the value as Python's `repr` writes it, with the keys of records sorted.
pub(crate) fn sorted(value: &Value, limit: usize) -> Result<String, Error> {
    let mut writer = Writer { text: String::new(), limit, is_sorted: true };
    writer.item(value, 0)?;
    Ok(writer.text)
}

/// Returns whether a number is so large or small that Python prints it with an exponent.
pub(crate) fn is_far(value: &Value) -> bool {
    is_float(value)
        && f64::try_from(value.clone()).is_ok_and(|number| float_text(number).contains(['e', 'n']))
}

fn is_float(value: &Value) -> bool {
    value.kind() == ValueKind::Number && !value.is_integer()
}

/// Returns a number as Python prints it: the shortest digits that give it back.
pub(crate) fn float_text(number: f64) -> String {
    if number.is_nan() {
        return "nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf".into() } else { "-inf".into() };
    }
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        return format!("{number:?}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// Returns a text in quotes as Python's `repr` writes it.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut quoted = String::from(quote);
    for character in text.chars() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\\' => quoted.push_str("\\\\"),
            character if character == quote => quoted.extend(['\\', quote]),
            ' '..='~' => quoted.push(character),
            character if is_printable(character) => quoted.push(character),
            character => {
                let code = u32::from(character);
                let escape = match code {
                    ..0x100 => format!("\\x{code:02x}"),
                    0x100..0x1_0000 => format!("\\u{code:04x}"),
                    _ => format!("\\U{code:08x}"),
                };
                quoted.push_str(&escape);
            }
        }
    }
    quoted.push(quote);
    quoted
}

/// Returns whether Python shows a character as it is; the standard library escapes the same ones.
fn is_printable(character: char) -> bool {
    // After a letter, a combining mark is not escaped for being one.
    !['a', character].iter().collect::<String>().escape_debug().to_string().contains('\\')
}

fn is_container(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Map | ValueKind::Iterable)
}

struct Writer {
    text: String,
    limit: usize,
    is_sorted: bool,
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
        if let Some(range) = value.downcast_object_ref::<Range>() {
            return self.push(&range.text());
        }
        let view = value.downcast_object_ref::<View>();
        let is_tuple = value.is_tuple() || value.downcast_object_ref::<Group>().is_some();
        let is_map = value.kind() == ValueKind::Map;
        let [open, close] = match view {
            Some(view) => [&format!("{}([", view.name), "])"],
            None if is_map => ["{", "}"],
            None if is_tuple => ["(", ")"],
            None => ["[", "]"],
        };
        self.push(open)?;
        let mut keys: Option<Vec<Value>> = None;
        if is_map && self.is_sorted {
            let mut sorted: Vec<Value> = value.try_iter()?.collect();
            sorted.sort();
            keys = Some(sorted);
        }
        let items = keys.map_or_else(|| value.try_iter(), |keys| Value::from(keys).try_iter())?;
        let mut count = 0;
        for item in items {
            self.push(if count > 0 { ", " } else { "" })?;
            count += 1;
            self.item(&item, depth)?;
            if is_map {
                self.push(": ")?;
                self.item(&value.get_item(&item)?, depth)?;
            }
        }
        self.push(if is_tuple && count == 1 { "," } else { "" })?;
        self.push(close)
    }

    fn item(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        if let Some(text) = super::scope::example_text(value).or_else(|| value.as_str()) {
            self.push(&quoted(text))
        } else if is_container(value) {
            self.container(value, depth + 1)
        } else {
            if value.is_undefined() {
                return Err(Error::from(ErrorKind::UndefinedError));
            }
            self.push(&to_text(value, self.limit)?)
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
