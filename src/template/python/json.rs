//! The filter `tojson`, which writes as Jinja2 does: keys sorted, and everything beyond plain ASCII escaped.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

use super::super::format::{TOO_LONG, float_text};
use super::arguments::Arguments;
use super::{Range, View, refuse};

/// The deepest nesting of lists and records that is written.
const MAX_DEPTH: usize = 64;

/// Writes a value as JSON; `ensure_ascii=false` leaves letters as they are, and `<`, `>`, `&` and `'` too.
pub(super) fn to_json(_: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let indent = match arguments.some("indent") {
        Some(_) => Some(arguments.length("indent", 0)?.min(16)),
        None => None,
    };
    let mut writer = Writer { text: String::new(), indent, escapes: arguments.flag("ensure_ascii", true) };
    writer.value(value, 0)?;
    Ok(writer.text.into())
}

struct Writer {
    text: String,
    indent: Option<usize>,
    escapes: bool,
}

impl Writer {
    fn push(&mut self, text: &str) -> Result<(), Error> {
        if self.text.len() + text.len() > super::super::MAX_OUTPUT_BYTES {
            return Err(Error::new(ErrorKind::WriteFailure, TOO_LONG));
        }
        self.text.push_str(text);
        Ok(())
    }

    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(refuse("The value is nested too deeply for JSON."));
        }
        match value.kind() {
            ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
            ValueKind::None => self.push("null"),
            ValueKind::Bool => self.push(if value.is_true() { "true" } else { "false" }),
            ValueKind::Number if value.is_integer() => self.push(&value.to_string()),
            ValueKind::Number => self.push(&number(f64::try_from(value.clone())?)),
            ValueKind::String => self.string(value.as_str().unwrap_or_default()),
            ValueKind::Seq | ValueKind::Iterable
                if value.downcast_object_ref::<Range>().is_some()
                    || value.downcast_object_ref::<View>().is_some() =>
            {
                Err(refuse("This cannot be written as JSON; write `| list` before `| tojson`."))
            }
            ValueKind::Seq | ValueKind::Iterable => {
                let items = value.try_iter()?.map(|item| (None, item));
                self.container(["[", "]"], items, depth)
            }
            ValueKind::Map => {
                let pair = |key: Value| Ok((Some(key_text(&key)?), value.get_item(&key)?));
                let mut items = value.try_iter()?.map(pair).collect::<Result<Vec<_>, Error>>()?;
                if self.escapes {
                    items.sort_by(|a, b| a.0.cmp(&b.0));
                }
                self.container(["{", "}"], items.into_iter(), depth)
            }
            _ => Err(refuse("This value cannot be written as JSON.")),
        }
    }

    fn container(
        &mut self,
        brackets: [&str; 2],
        items: impl Iterator<Item = (Option<String>, Value)>,
        depth: usize,
    ) -> Result<(), Error> {
        self.push(brackets[0])?;
        let mut is_empty = true;
        for (index, (key, item)) in items.enumerate() {
            is_empty = false;
            let between = if self.indent.is_some() { "," } else { ", " };
            self.push(if index > 0 { between } else { "" })?;
            self.line(depth + 1)?;
            if let Some(key) = key {
                self.string(&key)?;
                self.push(": ")?;
            }
            self.value(&item, depth + 1)?;
        }
        if !is_empty {
            self.line(depth)?;
        }
        self.push(brackets[1])
    }

    fn line(&mut self, depth: usize) -> Result<(), Error> {
        let Some(indent) = self.indent else { return Ok(()) };
        self.push("\n")?;
        self.push(&" ".repeat(indent * depth))
    }

    fn string(&mut self, text: &str) -> Result<(), Error> {
        self.push("\"")?;
        let mut units = [0; 2];
        for character in text.chars() {
            match character {
                '"' => self.push("\\\"")?,
                '\\' => self.push("\\\\")?,
                '\n' => self.push("\\n")?,
                '\r' => self.push("\\r")?,
                '\t' => self.push("\\t")?,
                '\u{8}' => self.push("\\b")?,
                '\u{c}' => self.push("\\f")?,
                '<' | '>' | '&' | '\'' if !self.escapes => self.push(character.encode_utf8(&mut [0; 4]))?,
                ' '..='~' if !matches!(character, '<' | '>' | '&' | '\'') => {
                    self.push(character.encode_utf8(&mut [0; 4]))?;
                }
                _ if self.escapes || character.is_control() => {
                    for unit in character.encode_utf16(&mut units) {
                        self.push(&format!("\\u{unit:04x}"))?;
                    }
                }
                _ => self.push(character.encode_utf8(&mut [0; 4]))?,
            }
        }
        self.push("\"")
    }
}

fn number(number: f64) -> String {
    match number {
        number if number.is_nan() => "NaN".into(),
        f64::INFINITY => "Infinity".into(),
        f64::NEG_INFINITY => "-Infinity".into(),
        number => float_text(number),
    }
}

fn key_text(key: &Value) -> Result<String, Error> {
    Ok(match key.kind() {
        ValueKind::String => key.as_str().unwrap_or_default().to_owned(),
        ValueKind::None => "null".into(),
        ValueKind::Bool => if key.is_true() { "true" } else { "false" }.into(),
        ValueKind::Number => super::text_of(key)?,
        _ => return Err(refuse("Such a key cannot be written as JSON.")),
    })
}
