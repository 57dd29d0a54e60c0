//! Texts that servers write as a string, as a part with a type, or as a list of parts.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What a field of a message says.
#[derive(Debug, Default)]
pub(super) struct SaidParts<'a> {
    pub(super) text: Cow<'a, str>,
    /// The text of parts that are thinking.
    pub(super) thinking: String,
    /// The text of parts that are a refusal.
    pub(super) refusal: String,
    /// The JSON of a field that is an object of the model's own, and no part of a text.
    pub(super) json: String,
}

impl SaidParts<'_> {
    /// Returns a text.
    pub(super) fn from_text(text: String) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    fn of(value: &Value) -> Self {
        let mut said = Self::default();
        let mut text = String::new();
        for part in value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice) {
            let kind = part.get("type").and_then(Value::as_str).unwrap_or_default();
            let is_thought = part.get("thought").and_then(Value::as_bool) == Some(true)
                || ["thinking", "reasoning", "thought"].iter().any(|name| kind.contains(name));
            if is_thought {
                said.thinking.push_str(&all_text(part));
            } else if kind == "refusal" {
                said.refusal.push_str(&all_text(part));
            } else {
                text.push_str(&all_text(part));
            }
        }
        let has_kind = |part: &Value| part.get("type").is_some();
        let is_part = has_kind(value) || value.as_array().is_some_and(|parts| parts.iter().any(has_kind));
        let is_empty = text.is_empty() && said.thinking.is_empty() && said.refusal.is_empty();
        if is_empty
            && !is_part
            && value.get(0).or(value.as_object().and_then(|it| it.values().next())).is_some()
        {
            said.json = value.to_string();
        }
        said.text = text.into();
        said
    }
}

/// Returns all text in a part, however it is packed.
fn all_text(part: &Value) -> String {
    const NAMES: [&str; 7] =
        ["text", "thinking", "reasoning", "reasoning_content", "content", "summary", "refusal"];
    match part {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(all_text).collect(),
        Value::Object(part) => {
            let texts = NAMES.iter().filter_map(|name| part.get(*name)).map(all_text);
            texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for SaidParts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = SaidParts<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text or its parts")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(SaidParts { text: text.into(), ..SaidParts::default() })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(SaidParts::from_text(text.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(SaidParts::default())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(SaidParts::default())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(SaidParts::default())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(SaidParts::default())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(SaidParts::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, parts: A) -> Result<Self::Value, A::Error> {
        Ok(SaidParts::of(&Value::deserialize(SeqAccessDeserializer::new(parts))?))
    }

    fn visit_map<A: MapAccess<'de>>(self, part: A) -> Result<Self::Value, A::Error> {
        Ok(SaidParts::of(&Value::deserialize(MapAccessDeserializer::new(part))?))
    }
}
