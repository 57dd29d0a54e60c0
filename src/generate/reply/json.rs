//! Parses the JSON of a row, and refuses a key that is there twice.
//!
//! JSON itself lets the last value win. A model that writes a key twice meant two rows or lost its thread, so
//! nobody can tell which value was meant.

use std::cell::RefCell;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Value};

/// Why a piece is no JSON that can be read.
#[derive(Debug)]
pub(super) enum Invalid {
    /// It is not JSON.
    Json(serde_json::Error),
    /// This key is in one object twice.
    Twice(String),
}

/// Parses JSON; unescaped line breaks and tabs in strings, as weak models write them, are allowed.
///
/// # Errors
///
/// Why it cannot be read.
pub(super) fn parse(raw: &str) -> Result<Value, Invalid> {
    match parse_as_is(raw) {
        Err(Invalid::Json(error)) => match parse_as_is(&escaped(raw)) {
            Err(Invalid::Json(_bare)) => Err(Invalid::Json(error)),
            repaired => repaired,
        },
        parsed => parsed,
    }
}

/// Returns whether a piece is JSON, with the same repairs.
pub(crate) fn is_json(raw: &[u8]) -> bool {
    !matches!(parse(&String::from_utf8_lossy(raw)), Err(Invalid::Json(_)))
}

fn parse_as_is(raw: &str) -> Result<Value, Invalid> {
    let twice = RefCell::new(None);
    let mut json = serde_json::Deserializer::from_str(raw);
    let value = Unambiguous(&twice).deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    match (value, twice.into_inner()) {
        (Ok(_), Some(key)) => Err(Invalid::Twice(key)),
        (Ok(value), None) => Ok(value),
        (Err(error), _) => Err(Invalid::Json(error)),
    }
}

/// Reads any value, and notes the first key that is in one object twice.
#[derive(Clone, Copy)]
struct Unambiguous<'a>(&'a RefCell<Option<String>>);

impl<'de> DeserializeSeed<'de> for Unambiguous<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unambiguous<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(self)?;
            match object.entry(key) {
                Entry::Vacant(entry) => drop(entry.insert(value)),
                Entry::Occupied(entry) => {
                    self.0.borrow_mut().get_or_insert_with(|| entry.key().clone());
                }
            }
        }
        Ok(Value::Object(object))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_as_serde_reads_it_and_no_key_may_be_there_twice() {
        for raw in [r#"{"a":[1,-2,3.5,null,true,"x\n"],"b":{"c":{}}}"#, "7", "[]", r#"[{"a":1},{"a":2}]"#] {
            let expected: Value = serde_json::from_str(raw).unwrap();
            assert_eq!(parse(raw).unwrap(), expected, "{raw}");
        }
        for raw in [r#"{"a":1,"a":1}"#, r#"{"b":{"a":1,"c":0,"a":2}}"#, "{\"a\":\"x\ny\",\"\\u0061\":2}"] {
            assert!(matches!(parse(raw), Err(Invalid::Twice(key)) if key == "a"), "{raw}");
        }
        for raw in ["", "{", "[1] 2", r#"{"a":1,"a"}"#] {
            assert!(matches!(parse(raw), Err(Invalid::Json(_))), "{raw}");
        }
    }
}
