//! The methods of a text.

use minijinja::value::{Tuple, Value, ValueKind};
use minijinja::{Error, State};
use minijinja_contrib::pycompat::unknown_method_callback as known_method;

use super::arguments::Arguments;
use super::{afford, formats, refuse, text_of};

/// Calls a method of a text.
pub(super) fn call(state: &mut State, value: &Value, method: &str, given: &[Value]) -> Result<Value, Error> {
    let text = value.as_str().unwrap_or_default();
    Ok(match method {
        "title" | "swapcase" | "__len__" | "__str__" | "istitle" | "isdigit" | "isdecimal" | "isnumeric" => {
            Arguments::bind(&[], given)?;
            match method {
                "title" => title(state, text)?.into(),
                "swapcase" => text.chars().flat_map(swapped).collect::<String>().into(),
                "__len__" => text.chars().count().into(),
                "__str__" => value.clone(),
                "istitle" => (title(state, text)? == text && text.chars().any(char::is_alphabetic)).into(),
                _ => numeric(text, method)?.into(),
            }
        }
        "split" | "rsplit" => split(text, method == "rsplit", given)?,
        "splitlines" => {
            let keeps = Arguments::bind(&["keepends"], given)?.flag("keepends", false);
            lines(text, keeps).into_iter().map(Value::from).collect()
        }
        "join" => join(state, text, given)?,
        "partition" | "rpartition" => partition(text, method == "rpartition", given)?,
        "removeprefix" | "removesuffix" => {
            let arguments = Arguments::bind(&["affix"], given)?;
            arguments.needed("affix")?;
            let affix = arguments.text("affix", "")?;
            let rest =
                if method == "removeprefix" { text.strip_prefix(affix) } else { text.strip_suffix(affix) };
            rest.unwrap_or(text).into()
        }
        "zfill" | "center" | "ljust" | "rjust" => padded(state, text, method, given)?.into(),
        "expandtabs" => {
            let size = Arguments::bind(&["tabsize"], given)?.length("tabsize", 8)?;
            afford(state, text.len().saturating_add(text.matches('\t').count().saturating_mul(size)))?;
            expanded(text, size).into()
        }
        "count" | "find" | "rfind" | "index" | "rindex" | "startswith" | "endswith" => {
            search(state, text, method, given)?
        }
        "format" => formats::braces(state, text, given)?.into(),
        _ => return known_method(state, value, method, given),
    })
}

/// Writes the first letter of each run of letters large, and the others small.
fn title(state: &mut State, text: &str) -> Result<String, Error> {
    let mut titled = String::with_capacity(text.len());
    for run in text.split_inclusive(|c: char| !c.is_alphabetic()) {
        titled.push_str(&text_of(&state.apply_filter("capitalize as it comes", &[Value::from(run)])?)?);
    }
    Ok(titled)
}

fn swapped(character: char) -> Vec<char> {
    if character.is_uppercase() {
        character.to_lowercase().collect()
    } else {
        character.to_uppercase().collect()
    }
}

/// Returns whether all characters are digits, by one of Python's three meanings of it.
fn numeric(text: &str, method: &str) -> Result<bool, Error> {
    for character in text.chars() {
        let class = match character {
            c if c.is_ascii_digit() => 3,
            '\u{660}'..='\u{669}'
            | '\u{6f0}'..='\u{6f9}'
            | '\u{966}'..='\u{96f}'
            | '\u{ff10}'..='\u{ff19}' => 3,
            '²' | '³' | '¹' | '\u{2070}' | '\u{2074}'..='\u{2079}' | '\u{2080}'..='\u{2089}' => 2,
            '¼'..='¾' | '\u{2150}'..='\u{2188}' => 1,
            c if c.is_numeric() => {
                return Err(refuse(format!(
                    "Whether `{c}` is a digit is not known here; ask for a–z and 0–9."
                )));
            }
            _ => 0,
        };
        let needed = match method {
            "isdecimal" => 3,
            "isdigit" => 2,
            _ => 1,
        };
        if class < needed {
            return Ok(false);
        }
    }
    Ok(!text.is_empty())
}

fn split(text: &str, from_right: bool, given: &[Value]) -> Result<Value, Error> {
    let arguments = Arguments::bind(&["sep", "maxsplit"], given)?;
    let most = usize::try_from(arguments.number("maxsplit", -1)?).unwrap_or(usize::MAX);
    let parts = most.saturating_add(1);
    let mut found: Vec<&str> = if let Some(separator) = arguments.some("sep") {
        let separator = separator.as_str().ok_or_else(|| refuse("A text is split at a text."))?;
        if separator.is_empty() {
            return Err(refuse("A text cannot be split at an empty text; write `text | list`."));
        }
        if from_right {
            text.rsplitn(parts, separator).collect()
        } else {
            text.splitn(parts, separator).collect()
        }
    } else {
        at_blanks(text, most, from_right)
    };
    if from_right {
        found.reverse();
    }
    Ok(found.into_iter().map(Value::from).collect())
}

/// Splits at runs of blanks; from the right, the last part comes first.
fn at_blanks(text: &str, most: usize, from_right: bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let cut = if from_right { rest.rfind(char::is_whitespace) } else { rest.find(char::is_whitespace) };
        if parts.len() >= most {
            // What is left keeps the blanks at its far end, as Python keeps them.
            let from = rest.as_ptr() as usize - text.as_ptr() as usize;
            parts.push(if from_right { &text[..from + rest.len()] } else { &text[from..] });
            break;
        }
        let Some(cut) = cut else {
            parts.push(rest);
            break;
        };
        let width = rest[cut..].chars().next().map_or(1, char::len_utf8);
        let (before, after) = (&rest[..cut], &rest[cut + width..]);
        let (part, left) = if from_right { (after, before.trim_end()) } else { (before, after.trim_start()) };
        parts.push(part);
        rest = left;
    }
    parts
}

/// Returns the lines of a text, ended by any of the line ends that Python knows.
pub(super) fn lines(text: &str, keeps_ends: bool) -> Vec<&str> {
    let ends = ['\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}'];
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some(at) = rest.find(ends) else {
            lines.push(rest);
            break;
        };
        let width = if rest[at..].starts_with("\r\n") {
            2
        } else {
            rest[at..].chars().next().map_or(1, char::len_utf8)
        };
        lines.push(&rest[..at + if keeps_ends { width } else { 0 }]);
        rest = &rest[at + width..];
    }
    lines
}

fn join(state: &State, separator: &str, given: &[Value]) -> Result<Value, Error> {
    let arguments = Arguments::bind(&["items"], given)?;
    let mut joined = String::new();
    for (index, item) in super::items(state, arguments.needed("items")?)?.into_iter().enumerate() {
        let text = item.as_str().or_else(|| super::super::scope::example_text(&item)).ok_or_else(|| {
            refuse("`.join()` takes texts only; write `xs | join(', ')`, which takes any value.")
        })?;
        let separator = if index > 0 { separator } else { "" };
        afford(state, separator.len() + text.len())?;
        joined.extend([separator, text]);
    }
    Ok(joined.into())
}

fn partition(text: &str, from_right: bool, given: &[Value]) -> Result<Value, Error> {
    let arguments = Arguments::bind(&["sep"], given)?;
    arguments.needed("sep")?;
    let separator = arguments.text("sep", "")?;
    if separator.is_empty() {
        return Err(refuse("A text cannot be parted at an empty text."));
    }
    let found = if from_right { text.rsplit_once(separator) } else { text.split_once(separator) };
    let parts = match found {
        Some((before, after)) => [before, separator, after],
        None if from_right => ["", "", text],
        None => [text, "", ""],
    };
    Ok(Value::from(Tuple::from(parts.map(Value::from))))
}

fn padded(state: &State, text: &str, method: &str, given: &[Value]) -> Result<String, Error> {
    let arguments = Arguments::bind(&["width", "fillchar"], given)?;
    arguments.needed("width")?;
    let (width, fill) = (arguments.length("width", 0)?, arguments.text("fillchar", " ")?);
    if fill.chars().count() != 1 {
        return Err(refuse("A text is filled up with one character."));
    }
    let missing = width.saturating_sub(text.chars().count());
    afford(state, missing.saturating_mul(fill.len()).saturating_add(text.len()))?;
    let left = match method {
        "center" => centered(missing, width),
        "ljust" => 0,
        _ => missing,
    };
    if method == "zfill" {
        let digits = text.trim_start_matches(['-', '+']);
        let sign = if text.len() - digits.len() == 1 { &text[..1] } else { "" };
        return Ok(format!("{sign}{}{}", "0".repeat(missing), &text[sign.len()..]));
    }
    Ok(format!("{}{text}{}", fill.repeat(left), fill.repeat(missing - left)))
}

/// Returns how many of the missing characters stand left of a centred text.
pub(super) const fn centered(missing: usize, width: usize) -> usize {
    missing / 2 + (missing & width & 1)
}

fn expanded(text: &str, size: usize) -> String {
    let (mut column, mut expanded) = (0, String::new());
    for character in text.chars() {
        if character == '\t' {
            let blanks = if size == 0 { 0 } else { size - column % size };
            expanded.extend(std::iter::repeat_n(' ', blanks));
            column += blanks;
        } else {
            expanded.push(character);
            column = if matches!(character, '\n' | '\r') { 0 } else { column + 1 };
        }
    }
    expanded
}

/// The methods that look for a text between two places.
fn search(state: &mut State, text: &str, method: &str, given: &[Value]) -> Result<Value, Error> {
    let arguments = Arguments::bind(&["what", "start", "end"], given)?;
    let what = arguments.needed("what")?.clone();
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let place = |name: &str, default: i64| -> Result<i64, Error> {
        let at = if arguments.some(name).is_none() { default } else { arguments.number(name, default)? };
        Ok(if at < 0 { (at + length).max(0) } else { at.min(length) })
    };
    let (start, end) = (place("start", 0)?, place("end", length)?);
    let byte = |at: i64| {
        let at = usize::try_from(at).unwrap_or(0);
        text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
    };
    let part = if start <= end { &text[byte(start)..byte(end)] } else { "" };
    if what.kind() == ValueKind::String && matches!(method, "index" | "rindex" | "find" | "rfind") {
        let what = what.as_str().unwrap_or_default();
        let found = if method.starts_with('r') { part.rfind(what) } else { part.find(what) };
        let found = found.map(|at| start + i64::try_from(part[..at].chars().count()).unwrap_or(0));
        return match found {
            None if method.ends_with("index") => {
                Err(refuse("The text is not there; `.find()` gives -1 for it, or ask with `in` first."))
            }
            found => Ok(found.unwrap_or(-1).into()),
        };
    }
    known_method(state, &Value::from(part), method, &[what])
}
