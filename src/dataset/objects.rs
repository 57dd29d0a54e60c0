//! Picks values out of the text of a JSON object, as they stand there.
//!
//! Only the values that are asked for are kept, and numbers are never computed: a label `1.0` or an id of
//! thirty digits stays as it is written. What else an object holds is passed over, even where it is not JSON
//! in the strict sense: Python writes `NaN` for a missing number.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Map;
use serde_json::value::{RawValue, Value};

use super::escapes::half_character;
use super::fault::LineFault;

/// The most columns that are picked.
pub(super) const MOST: usize = 4;
/// What stands for `NaN` and infinities.
const NOT_A_NUMBER: &str = "\"\\u0000NaN\"";

/// The values of an object under the names that were asked for.
#[derive(Debug, Default)]
pub(super) struct Picked<'a> {
    values: [Option<&'a RawValue>; MOST],
    /// The place of a name that is there twice.
    pub(super) twice: Option<usize>,
}

/// A value, as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    /// There is none.
    Missing,
    /// `null`.
    Null,
    /// `NaN` or an infinity.
    NotANumber,
    /// A number, `true` or `false`.
    Plain(&'a str),
    /// A text.
    Text(Cow<'a, str>),
    /// A list, as it is written.
    List(&'a str),
    /// An object, as it is written.
    Object(&'a str),
}

impl<'a> Cell<'a> {
    /// Reads a value.
    pub(super) fn of(raw: &'a RawValue) -> Result<Self, LineFault> {
        let text = raw.get();
        Ok(match text.as_bytes().first() {
            Some(b'n') => Self::Null,
            Some(b'[') => Self::List(text),
            Some(b'{') => Self::Object(text),
            Some(b'"') if text == NOT_A_NUMBER => Self::NotANumber,
            Some(b'"') => Self::Text(unescaped(text)?),
            _ => Self::Plain(text),
        })
    }

    /// Returns the only element of a list.
    pub(super) fn single(list: &'a str) -> Option<Self> {
        let elements: Vec<&RawValue> = serde_json::from_str(list).ok()?;
        match elements.as_slice() {
            [] => Some(Self::Null),
            [one] => Self::of(one).ok(),
            _ => None,
        }
    }

    /// Returns what it is, for a sentence.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Missing | Self::Null => "null",
            Self::NotANumber => "NaN",
            Self::Plain(text) if matches!(text.as_bytes().first(), Some(b't' | b'f')) => "a truth value",
            Self::Plain(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

fn unescaped(text: &str) -> Result<Cow<'_, str>, LineFault> {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    if !inner.contains('\\') {
        return Ok(inner.into());
    }
    let owned: Result<String, _> = serde_json::from_str(text);
    owned.map(Cow::Owned).map_err(|error| not_json(text, "text", &error))
}

/// Reads a value that is a text.
pub(super) fn text_of(raw: &RawValue) -> Result<String, LineFault> {
    unescaped(raw.get()).map(Cow::into_owned)
}

impl<'a> Picked<'a> {
    /// Returns the value under the name at a place.
    pub(super) fn cell(&self, place: usize) -> Result<Cell<'a>, LineFault> {
        match self.values.get(place).copied().flatten() {
            Some(raw) => Cell::of(raw),
            None => Ok(Cell::Missing),
        }
    }
}

/// Reads an object and calls back with its values; with the fault where it is none.
pub(super) fn pick<T>(
    text: &str,
    names: &[&str],
    what: &'static str,
    use_it: impl FnOnce(&Picked<'_>) -> Result<T, LineFault>,
) -> Result<T, LineFault> {
    match parse(text, names) {
        Ok(picked) => use_it(&picked),
        Err(error) => match without_infinities(text) {
            Some(clean) => {
                let picked = parse(&clean, names).map_err(|error| fault(&clean, what, &error))?;
                use_it(&picked)
            }
            None => Err(fault(text, what, &error)),
        },
    }
}

/// Reads all of an object and calls back with its keys and values, as they stand in the file.
pub(super) fn entries<T>(
    text: &str,
    what: &'static str,
    use_it: impl FnOnce(Vec<(String, &RawValue)>) -> Result<T, LineFault>,
) -> Result<T, LineFault> {
    match serde_json::from_str::<Entries<'_>>(text) {
        Ok(entries) => use_it(entries.0),
        Err(error) => {
            let clean = without_infinities(text).ok_or_else(|| fault(text, what, &error))?;
            let entries: Entries<'_> =
                serde_json::from_str(&clean).map_err(|error| fault(&clean, what, &error))?;
            use_it(entries.0)
        }
    }
}

/// The keys and values of an object, in their order.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Deserialize<'a> for Entries<'a> {
    fn deserialize<D: Deserializer<'a>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'a> Visitor<'a> for EntriesVisitor {
    type Value = Entries<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

/// Reads all of an object.
pub(super) fn whole(text: &str, what: &'static str) -> Result<Map<String, Value>, LineFault> {
    let parse = |text: &str| serde_json::from_str::<Map<String, Value>>(text);
    parse(text).or_else(|error| match without_infinities(text) {
        Some(clean) => parse(&clean).map_err(|error| fault(&clean, what, &error)),
        None => Err(fault(text, what, &error)),
    })
}

fn parse<'a>(text: &'a str, names: &[&str]) -> Result<Picked<'a>, serde_json::Error> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let picked = Names(names).deserialize(&mut parser)?;
    parser.end()?;
    Ok(picked)
}

/// Says why a text is no object.
fn fault(text: &str, what: &'static str, error: &serde_json::Error) -> LineFault {
    let start = text.trim_start();
    if serde_json::from_str::<IgnoredAny>(text).is_ok() && !start.starts_with('{') {
        let found = match start.as_bytes().first() {
            Some(b'[') => "a list",
            Some(b'"') => "a string",
            Some(b'n') => "null",
            Some(b't' | b'f') => "a truth value",
            _ => "a number",
        };
        return LineFault::NotAnObject { what, found };
    }
    let is_comment = |place: usize, rest: &str| {
        !in_text(text, place) && (rest.starts_with("//") || rest.starts_with("/*"))
    };
    if start.starts_with("{'") {
        let remedy = "Write each with `json.dumps(…)`, not with `print` or `str`.";
        LineFault::NearlyJson { what, found: "what Python prints of a dict", remedy }
    } else if start.starts_with('#') || text.match_indices('/').any(|(at, _)| is_comment(at, &text[at..])) {
        LineFault::NearlyJson { what, found: "a comment", remedy: "Take the comments out." }
    } else {
        not_json(text, what, error)
    }
}

/// Says what the parser found wrong in a text that is nearly JSON.
fn not_json(text: &str, what: &'static str, error: &serde_json::Error) -> LineFault {
    let reason = reason(error);
    let is_of_escape = reason.contains("surrogate") || reason.contains("hex escape");
    match half_character(text).filter(|_| is_of_escape) {
        Some(escape) => LineFault::HalfCharacter { what, escape: escape.to_owned() },
        None => LineFault::Json { what, reason },
    }
}

fn reason(error: &serde_json::Error) -> String {
    // The parser counts lines within the text that it was given, which is mostly one.
    error.to_string().replace(" at line 1 column ", " at column ")
}

/// Returns whether a place in a line of JSON is inside a text.
fn in_text(line: &str, place: usize) -> bool {
    let (mut inside, mut is_escaped) = (false, false);
    for byte in line.bytes().take(place) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if inside => is_escaped = true,
            b'"' => inside = !inside,
            _ => {}
        }
    }
    inside
}

/// Returns the text with a mark instead of each `NaN` and infinity outside of texts, if there is one.
fn without_infinities(text: &str) -> Option<String> {
    let mut clean = String::new();
    let mut rest = text;
    let (mut inside, mut is_escaped) = (false, false);
    while let Some(c) = rest.chars().next() {
        let word = ["NaN", "-NaN", "Infinity", "-Infinity"]
            .into_iter()
            .find(|word| !inside && rest.starts_with(word));
        if let Some(word) = word {
            clean.push_str(NOT_A_NUMBER);
            rest = &rest[word.len()..];
            continue;
        }
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if inside => is_escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
        clean.push(c);
        rest = &rest[c.len_utf8()..];
    }
    (clean != text).then_some(clean)
}

/// Reads an object, and of its values those with these names.
#[derive(Clone, Copy)]
struct Names<'n>(&'n [&'n str]);

impl<'a> DeserializeSeed<'a> for Names<'_> {
    type Value = Picked<'a>;

    fn deserialize<D: Deserializer<'a>>(self, value: D) -> Result<Self::Value, D::Error> {
        value.deserialize_map(self)
    }
}

impl<'a> Visitor<'a> for Names<'_> {
    type Value = Picked<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut picked = Picked::default();
        while let Some(place) = map.next_key_seed(Name(self.0))? {
            match place.and_then(|place| picked.values.get_mut(place)) {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(value) => {
                    if value.replace(map.next_value()?).is_some() {
                        picked.twice = place;
                    }
                }
            }
        }
        Ok(picked)
    }
}

/// Reads a key, and finds its place among the names.
struct Name<'n>(&'n [&'n str]);

impl<'a> DeserializeSeed<'a> for Name<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'a>>(self, value: D) -> Result<Self::Value, D::Error> {
        value.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|name| *name == key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Result<Vec<String>, String> {
        let said = |picked: &Picked<'_>| (0..2).map(|at| Ok(format!("{:?}", picked.cell(at)?))).collect();
        pick(text, &["a", "b"], "line", said).map_err(|fault| fault.to_string())
    }

    #[test]
    fn values_are_picked_as_they_stand() {
        for (text, found) in [
            (
                "{\"a\":1.0,\"x\":{\"b\":2},\"b\":12345678901234567890123}",
                "Plain(\"1.0\"), Plain(\"12345678901234567890123\")",
            ),
            ("{\"b\":\"x \\\"y\\\"\",\"a\":null}", "Null, Text(\"x \\\"y\\\"\")"),
            ("{\"\\u0061\":true}", "Plain(\"true\"), Missing"),
            ("{\"a\":[1, 2],\"b\":{}}", "List(\"[1, 2]\"), Object(\"{}\")"),
            ("{\"x\":NaN,\"a\":\"NaN -Infinity\",\"b\":-Infinity}", "Text(\"NaN -Infinity\"), NotANumber"),
        ] {
            assert_eq!(cells(text).unwrap().join(", "), found, "{text}");
        }
    }

    #[test]
    fn what_is_no_object_says_what_it_is() {
        for (text, says) in [
            ("[1]", "holds a list where an object"),
            ("12", "holds a number where an object"),
            ("{\"a\": 1, // one\n}", "holds a comment"),
            ("# a", "holds a comment"),
            ("{'a': 1}", "what Python prints"),
            ("{\"a\": \"// x\",}", "trailing comma at column"),
            ("{\"a\": 1} {\"a\": 2}", "trailing characters"),
            (
                "{\"a\": \"\\ud83d\\ude00 \\\\ud800 \\ud83d.\"}",
                "the text holds `\\ud83d`, half of a character",
            ),
            ("{\"a\": \"\\udc00\"}", "or `\\ufffd` in its place."),
            ("{\"\\ud800\": 1}", "the line holds `\\ud800`, half of a character"),
            ("{\"a\": \"\\x\"}", "invalid escape"),
        ] {
            let said = cells(text).unwrap_err();
            assert!(said.contains(says), "{text}: {said}");
        }
    }

    #[test]
    fn a_list_of_one_is_that_one() {
        assert_eq!(Cell::single("[\"x\"]"), Some(Cell::Text("x".into())));
        assert_eq!(Cell::single("[ 7 ]"), Some(Cell::Plain("7")));
        assert_eq!((Cell::single("[]"), Cell::single("[1, 2]")), (Some(Cell::Null), None));
    }
}
