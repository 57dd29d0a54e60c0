//! Python's two formats of texts: `'%5.2f' % x` and `'{:>10}'.format(x)`.
//!
//! Each place is read here, and its value made what Python would make of it; the engine then writes the
//! digits of one place. A place that Python refuses is refused, and so is what is not written as Python
//! writes it.

use minijinja::formatting::{FormatStyle, format};
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

use super::super::format::is_far;
use super::{afford, refuse, text_of};

/// Values by place and by name, with the next place.
struct Given<'a> {
    by_place: Vec<&'a Value>,
    by_name: Option<Value>,
    next: usize,
    is_numbered: bool,
}

impl<'a> Given<'a> {
    fn new(given: &'a [Value]) -> Self {
        let (names, by_place): (Vec<&Value>, Vec<&Value>) = given.iter().partition(|value| value.is_kwargs());
        Self { by_place, by_name: names.first().map(|value| (*value).clone()), next: 0, is_numbered: false }
    }

    fn next(&mut self, pattern: &str) -> Result<Value, Error> {
        self.next += 1;
        self.at(self.next - 1, pattern)
    }

    fn at(&self, place: usize, pattern: &str) -> Result<Value, Error> {
        let found = self.by_place.get(place).map(|value| (*value).clone());
        let found = found.ok_or_else(|| {
            refuse(format!(
                "`{pattern}` has more places than values; it needs a value {}.",
                self.by_place.len() + 1
            ))
        })?;
        if found.is_undefined() { Err(Error::from(ErrorKind::UndefinedError)) } else { Ok(found) }
    }

    fn named(&self, name: &str) -> Result<Value, Error> {
        let found = match &self.by_name {
            Some(options) if options.is_kwargs() => Kwargs::try_from(options.clone())?.peek(name).ok(),
            Some(record) => record.get_item(&Value::from(name)).ok(),
            None => None,
        };
        found
            .filter(|value: &Value| !value.is_undefined())
            .ok_or_else(|| refuse(format!("No value with the name `{name}` is given to the format.")))
    }
}

/// Fills the places of a `%` format; `record` holds the values of `%(name)s`.
pub(super) fn percent(state: &State, pattern: &str, given: &[Value]) -> Result<Value, Error> {
    let mut values = Given::new(given);
    if let [only] = given
        && only.kind() == ValueKind::Map
        && pattern.contains("%(")
    {
        values = Given { by_place: Vec::new(), by_name: Some(only.clone()), next: 0, is_numbered: false };
    }
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        let (name, after) = match after.strip_prefix('(').and_then(|named| named.split_once(')')) {
            Some((name, after)) => (Some(name), after),
            None => (None, after),
        };
        let end = after.find(|c: char| !(c.is_ascii_digit() || "-+ #0.*".contains(c))).ok_or_else(|| {
            refuse(format!("`%{after}` has no end; write `%s`, or `%%` for a percent sign."))
        })?;
        let (spec, after) = after.split_at(end);
        let mut kinds = after.trim_start_matches(['h', 'l', 'L']).chars();
        let kind = kinds.next().unwrap_or_default();
        rest = kinds.as_str();
        if kind == '%' {
            text.push('%');
            continue;
        }
        if spec.contains('*') {
            return Err(refuse("A width of `*` does not work here; write it as a number."));
        }
        let value = match name {
            Some(name) => values.named(name)?,
            None => values.next(pattern)?,
        };
        text.push_str(&printed(state, spec, kind, &value)?);
        afford(state, text.len())?;
    }
    if values.next < values.by_place.len() && !(values.next == 0 && is_record(given)) {
        return Err(refuse(format!(
            "The text has {} places such as `%s`, and {} values are given.",
            values.next,
            values.by_place.len()
        )));
    }
    text.push_str(rest);
    Ok(text.into())
}

/// Returns whether the only value is a record, which Python takes for the names of a `%` format.
fn is_record(given: &[Value]) -> bool {
    matches!(given, [only] if only.kind() == ValueKind::Map)
}

/// Writes the value of one `%` place.
fn printed(state: &State, spec: &str, kind: char, value: &Value) -> Result<String, Error> {
    let (kind, value) = match kind {
        'd' | 'i' | 'u' if spec.contains('.') => {
            return Err(refuse(format!(
                "A whole number has no digits after a point; write `%0{}d`.",
                digits(spec)
            )));
        }
        'd' | 'i' | 'u' => ('d', whole(value)?),
        'x' | 'X' | 'o' if value.kind() != ValueKind::Number => (kind, integer(value)?),
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => (kind, float(value)?),
        's' => ('s', Value::from(text_of(value)?)),
        'r' | 'a' => {
            return Err(refuse(format!(
                "`%{kind}` does not work here; write `%s`, and `| pprint` after the value."
            )));
        }
        'x' | 'X' | 'o' | 'c' => (kind, value.clone()),
        _ => {
            return Err(refuse(format!(
                "`%{spec}{kind}` is no place of a format; write `%s`, or `%%` for a percent sign."
            )));
        }
    };
    write(state, FormatStyle::Printf, &format!("%{spec}{kind}"), value)
}

/// Returns the digits after the point of a format.
fn digits(spec: &str) -> &str {
    spec.split_once('.').map_or("", |(_, digits)| digits)
}

fn write(state: &State, style: FormatStyle, place: &str, value: Value) -> Result<String, Error> {
    // A width or precision is written whole by the engine, so it is paid before.
    let widest = place.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).max();
    afford(state, widest.unwrap_or(0_usize).saturating_add(value.as_str().map_or(0, str::len)))?;
    format(style, place, &[value])
}

/// Returns a number without what stands after its point.
fn whole(value: &Value) -> Result<Value, Error> {
    if value.kind() == ValueKind::Number && !value.is_integer() {
        let number = f64::try_from(value.clone())?;
        // A float of this size has no digits after its point, and is written by another place.
        if number.abs() < 1e38 {
            #[expect(clippy::cast_possible_truncation, reason = "the bounds are checked before")]
            return Ok(Value::from(number.trunc() as i128));
        }
        return Err(refuse("The number is too large for a whole number; write `%.0f`."));
    }
    integer(value)
}

fn integer(value: &Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Bool => Ok(Value::from(u8::from(value.is_true()))),
        ValueKind::Number if value.is_integer() => Ok(value.clone()),
        _ => Err(no_number()),
    }
}

fn float(value: &Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Bool => Ok(Value::from(f64::from(u8::from(value.is_true())))),
        ValueKind::Number => Ok(Value::from(f64::try_from(value.clone())?)),
        _ => Err(no_number()),
    }
}

fn no_number() -> Error {
    refuse(
        "This place of the format needs a number; write `%s` or `{}`, or `| int` or `| float` after the value.",
    )
}

/// Fills the places of a `{}` format.
pub(super) fn braces(state: &State, pattern: &str, given: &[Value]) -> Result<String, Error> {
    let mut values = Given::new(given);
    filled(state, pattern, pattern, &mut values)
}

fn filled(state: &State, pattern: &str, whole: &str, values: &mut Given<'_>) -> Result<String, Error> {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        let after = &rest[at + 1..];
        if let Some(other) = after.strip_prefix(brace) {
            text.push_str(brace);
            rest = other;
            continue;
        }
        let end = end_of_field(after).filter(|_| brace == "{").ok_or_else(|| {
            refuse("A brace of the format has no partner; write `{{` and `}}` for the characters themselves.")
        })?;
        rest = &after[end + 1..];
        let (field, spec) = after[..end].split_once(':').unwrap_or((&after[..end], ""));
        let value = value_of(field, whole, values)?;
        let spec = if spec.contains('{') { filled(state, spec, whole, values)? } else { spec.to_owned() };
        text.push_str(&placed(state, &spec, &value)?);
        afford(state, text.len())?;
    }
    text.push_str(rest);
    Ok(text)
}

/// Returns where the brace is that closes a field.
fn end_of_field(after: &str) -> Option<usize> {
    let mut depth = 0;
    after.char_indices().find_map(|(at, character)| {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
        None
    })
}

/// Returns the value that a field names: by place, by name, or a part of one.
fn value_of(field: &str, whole: &str, values: &mut Given<'_>) -> Result<Value, Error> {
    if let Some((_, conversion)) = field.split_once('!') {
        let other = if conversion == "s" { "| string" } else { "| pprint" };
        return Err(refuse(format!(
            "`!{conversion}` does not work here; leave it out, and write `{other}` after the value."
        )));
    }
    let parts = field.find(['.', '[']).unwrap_or(field.len());
    let (name, mut parts) = field.split_at(parts);
    let is_number = name.parse::<usize>().is_ok();
    values.is_numbered |= is_number;
    if values.is_numbered && (name.is_empty() || is_number && values.next > 0) {
        return Err(refuse(
            "Places with and without a number cannot stand in one format; number all or none.",
        ));
    }
    let mut value = match name.parse() {
        _ if name.is_empty() => values.next(whole)?,
        Ok(place) => values.at(place, whole)?,
        Err(_) => values.named(name)?,
    };
    while !parts.is_empty() {
        let is_item = parts.starts_with('[');
        let inside = &parts[1..];
        let end = inside.find(if is_item { &[']'][..] } else { &['.', '['] }).unwrap_or(inside.len());
        let key = &inside[..end];
        let index = key.parse::<usize>().ok().filter(|_| is_item);
        value = match index {
            Some(index) => value.get_item_by_index(index)?,
            None => value.get_item(&Value::from(key))?,
        };
        if value.is_undefined() {
            return Err(Error::from(ErrorKind::UndefinedError));
        }
        parts = inside.get(end + usize::from(is_item)..).unwrap_or_default();
    }
    Ok(value)
}

/// The parts of what stands after the colon of a field.
#[derive(Default)]
struct Spec {
    fill: String,
    align: Option<char>,
    sign: String,
    is_alternate: bool,
    is_zero: bool,
    width: String,
    grouping: String,
    precision: String,
    kind: String,
}

impl Spec {
    fn read(spec: &str) -> Self {
        let mut read = Self::default();
        let mut rest = spec;
        let is_align = |c: char| "<>^=".contains(c);
        let mut first = rest.chars();
        let (one, two) = (first.next(), first.next());
        if let (Some(fill), Some(align)) = (one, two.filter(|c| is_align(*c))) {
            (read.fill, read.align) = (fill.into(), Some(align));
            rest = &rest[fill.len_utf8() + 1..];
        } else if let Some(align) = one.filter(|c| is_align(*c)) {
            read.align = Some(align);
            rest = &rest[1..];
        }
        let mut take = |is_part: &dyn Fn(char) -> bool, most: usize| {
            let end = rest.char_indices().take(most).find(|(_, c)| !is_part(*c)).map(|(at, _)| at);
            let end = end.unwrap_or_else(|| rest.char_indices().nth(most).map_or(rest.len(), |(at, _)| at));
            let (part, after) = rest.split_at(end);
            rest = after;
            part.to_owned()
        };
        read.sign = take(&|c| "+- ".contains(c), 1);
        read.is_alternate = !take(&|c| c == '#', 1).is_empty();
        read.is_zero = !take(&|c| c == '0', 1).is_empty();
        read.width = take(&|c| c.is_ascii_digit(), usize::MAX);
        read.grouping = take(&|c| c == ',' || c == '_', 1);
        if !take(&|c| c == '.', 1).is_empty() {
            read.precision = format!(".{}", take(&|c| c.is_ascii_digit(), usize::MAX));
        }
        read.kind = take(&|_| true, usize::MAX);
        // With an alignment, a zero before the width is what fills it.
        if read.is_zero && read.align.is_some() {
            read.is_zero = false;
            if read.fill.is_empty() {
                read.fill = "0".into();
            }
        }
        read
    }

    fn text(&self) -> String {
        let fill = if self.align.is_some() { self.fill.as_str() } else { "" };
        let align = self.align.map(String::from).unwrap_or_default();
        let alternate = if self.is_alternate { "#" } else { "" };
        let zero = if self.is_zero { "0" } else { "" };
        let Self { sign, width, grouping, precision, kind, .. } = self;
        format!("{fill}{align}{sign}{alternate}{zero}{width}{grouping}{precision}{kind}")
    }
}

/// Writes the value of one `{}` place.
fn placed(state: &State, written: &str, value: &Value) -> Result<String, Error> {
    if written.is_empty() {
        return text_of(value);
    }
    let mut spec = Spec::read(written);
    let refused = |why: &str| refuse(format!("`{{:{written}}}` does not work for this value: {why}."));
    if spec.kind == "%" {
        return Err(refuse("A percentage does not work here; write `{:.1f}%` and multiply by 100."));
    }
    if spec.kind == "n" {
        return Err(refused("write `d` or `g` for `n`"));
    }
    if spec.align == Some('=') {
        return Err(refused("write `0` before the width for `=`, or align with `>`"));
    }
    let example = super::super::scope::example_text(value);
    let value = if let Some(text) = value.as_str().or(example) {
        if !spec.sign.is_empty()
            || spec.is_alternate
            || !spec.grouping.is_empty()
            || !matches!(spec.kind.as_str(), "" | "s")
        {
            return Err(refused(
                "a text takes a width, `<`, `>`, `^` and a length only; write `| int` or `| float` after it for a number",
            ));
        }
        if spec.is_zero {
            (spec.is_zero, spec.fill, spec.align) = (false, "0".into(), Some('<'));
        }
        Value::from(text)
    } else {
        match (value.kind(), spec.kind.as_str()) {
            (ValueKind::Number | ValueKind::Bool, "e" | "E" | "f" | "F" | "g" | "G") => float(value)?,
            (ValueKind::Number, "") if !value.is_integer() => {
                if is_far(value) {
                    return Err(refused("write `e` or `f` at its end for a number so large or small"));
                }
                value.clone()
            }
            (ValueKind::Number, _) if !value.is_integer() => {
                return Err(refused("write `f` at its end, or `| int` after the value"));
            }
            (ValueKind::Number | ValueKind::Bool, "" | "d" | "b" | "o" | "x" | "X" | "c") => {
                if !spec.precision.is_empty() {
                    return Err(refused("a whole number has no digits after a point; write `f` at its end"));
                }
                integer(value)?
            }
            (ValueKind::Number | ValueKind::Bool, _) => return Err(refused("write `d` or `f` at its end")),
            _ => return Err(refused("write `| string` after it")),
        }
    };
    write(state, FormatStyle::StrFormat, &format!("{{:{}}}", spec.text()), value)
}
