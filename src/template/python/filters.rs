//! The filters of texts.

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, State};

use super::arguments::Arguments;
use super::formats::percent;
use super::text_methods::{centered, lines};
use super::{add, afford, refuse, text_of, text_only, wrap};

/// The filters that change the case of letters, and `safe`, which changes nothing here.
const CASES: [(&str, super::Filter); 5] = [
    ("upper", |_, value, _| Ok(text_of(value)?.to_uppercase().into())),
    ("lower", |_, value, _| Ok(text_of(value)?.to_lowercase().into())),
    ("title", |_, value, _| Ok(minijinja::filters::title(text_of(value)?.into()).into())),
    ("capitalize", |state, value, _| {
        state.apply_filter("capitalize as it comes", &[Value::from(text_of(value)?)])
    }),
    ("safe", |_, value, _| text_of(value).map(Value::from_safe_string)),
];

pub(super) fn install(engine: &mut Environment<'static>) {
    for name in ["default", "d"] {
        add(engine, name, &["default_value", "boolean"], |_, value, arguments| Ok(default(value, arguments)));
    }
    for name in ["e", "escape"] {
        add(
            engine,
            name,
            &[],
            |state, value, _| {
                if value.is_safe() { Ok(value.clone()) } else { escape(state, value) }
            },
        );
    }
    add(engine, "forceescape", &[], |state, value, _| escape(state, value));
    engine.add_filter("capitalize as it comes", minijinja::filters::capitalize);
    for (name, filter) in CASES {
        add(engine, name, &[], filter);
    }
    add(engine, "trim", &["chars"], |_, value, arguments| {
        let text = text_of(value)?;
        let Some(characters) = arguments.some("chars") else { return Ok(text.trim().into()) };
        let characters: Vec<char> = text_of(characters)?.chars().collect();
        Ok(text.trim_matches(characters.as_slice()).into())
    });
    add(engine, "replace", &["old", "new", "count"], replace);
    add(engine, "truncate", &["length", "killwords", "end", "leeway"], truncate);
    add(engine, "wordcount", &[], |_, value, _| {
        let text = text_of(value)?;
        let is_other = |c: char| !(c.is_alphanumeric() || c == '_');
        Ok(text.split(is_other).filter(|word| !word.is_empty()).count().into())
    });
    add(engine, "wordwrap", &["width", "break_long_words", "wrapstring", "break_on_hyphens"], wrap::wordwrap);
    add(engine, "center", &["width"], |state, value, arguments| {
        let (text, width) = (text_of(value)?, arguments.length("width", 80)?);
        let missing = width.saturating_sub(text.chars().count());
        afford(state, missing.saturating_add(text.len()))?;
        let left = centered(missing, width);
        Ok(format!("{}{text}{}", " ".repeat(left), " ".repeat(missing - left)).into())
    });
    add(engine, "indent", &["width", "first", "blank"], indent);
    add(engine, "striptags", &[], |_, value, _| {
        Ok(minijinja_contrib::filters::striptags(text_of(value)?).into())
    });
    add(engine, "urlencode", &[], urlencode);
    add(engine, "xmlattr", &["autospace"], xmlattr);
    engine.add_filter(
        "format",
        |state: &mut State<'_, '_>,
         value: Value,
         rest: minijinja::value::Rest<minijinja::value::ValueOrKwargs>| {
            let given: Vec<Value> =
                rest.0.into_iter().map(minijinja::value::ValueOrKwargs::into_value).collect();
            percent(state, &text_of(&value)?, &given)
        },
    );
    add(engine, "string", &[], |_, value, _| {
        if value.kind() == ValueKind::String { Ok(value.clone()) } else { text_of(value).map(Value::from) }
    });
    add(engine, "pprint", &["verbose"], |_, value, _| pretty(value).map(Value::from));
}

fn default(value: &Value, arguments: &Arguments) -> Value {
    let is_missing = value.is_undefined() || arguments.flag("boolean", false) && !value.is_true();
    let other = || arguments.get("default_value").cloned().unwrap_or_else(|| Value::from(""));
    if is_missing { other() } else { value.clone() }
}

/// Escapes a text, which `escape` then leaves as it is.
fn escape(state: &State, value: &Value) -> Result<Value, Error> {
    let text = text_of(value)?;
    afford(state, text.len() * 5)?;
    Ok(Value::from_safe_string(escaped(&text)))
}

/// Returns a text with the five characters of HTML escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&#34;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn replace(state: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let text = text_of(value)?;
    let (old, new) = (text_of(arguments.needed("old")?)?, text_of(arguments.needed("new")?)?);
    let most = match arguments.some("count") {
        Some(_) => usize::try_from(arguments.number("count", -1)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let found = text.matches(old.as_str()).count().min(most);
    afford(state, text.len().saturating_add(found.saturating_mul(new.len())))?;
    Ok(text.replacen(old.as_str(), &new, most).into())
}

fn truncate(_: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let (length, end) = (arguments.length("length", 255)?, arguments.text("end", "...")?);
    let leeway = if arguments.some("leeway").is_some() { arguments.length("leeway", 5)? } else { 5 };
    let Some(kept) = length.checked_sub(end.chars().count()) else {
        return Err(refuse(format!("The length must be at least that of `{end}`, which ends the text.")));
    };
    let most = length.saturating_add(leeway);
    // Python measures a list too, and gives a short one back.
    if matches!(value.kind(), ValueKind::Seq | ValueKind::Map)
        && value.len().is_some_and(|length| length <= most)
    {
        return Ok(value.clone());
    }
    let text = text_only(value)?;
    if text.chars().count() <= most {
        return Ok(text.into());
    }
    let cut = text.char_indices().nth(kept).map_or(text.len(), |(at, _)| at);
    let mut short = &text[..cut];
    if !arguments.flag("killwords", false) {
        short = short.rsplit_once(' ').map_or(short, |(before, _)| before);
    }
    Ok(format!("{short}{end}").into())
}

fn indent(state: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let text = format!("{}\n", text_only(value)?);
    let width = match arguments.get("width") {
        Some(width) if width.kind() == ValueKind::String => text_of(width)?,
        _ => {
            let width = arguments.length("width", 4)?;
            afford(state, width)?;
            " ".repeat(width)
        }
    };
    let lines = lines(&text, false);
    afford(state, text.len().saturating_add(lines.len().saturating_mul(width.len())))?;
    let blank = arguments.flag("blank", false);
    let mut indented = String::new();
    for (index, line) in lines.into_iter().enumerate() {
        let is_indented = if index == 0 { arguments.flag("first", false) } else { blank || !line.is_empty() };
        indented.extend([if index > 0 { "\n" } else { "" }, if is_indented { &width } else { "" }, line]);
    }
    Ok(indented.into())
}

/// Percent-encodes a text, but for the letters of ASCII, digits, `_.-~` and the `safe` characters.
fn quoted(text: &str, safe: &str, blank: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for byte in text.bytes() {
        let character = char::from(byte);
        if character.is_ascii_alphanumeric() || "_.-~".contains(character) || safe.contains(character) {
            quoted.push(character);
        } else if byte == b' ' {
            quoted.push_str(blank);
        } else {
            let escape = format!("%{byte:02X}");
            quoted.push_str(&escape);
        }
    }
    quoted
}

fn urlencode(state: &mut State, value: &Value, _: &Arguments) -> Result<Value, Error> {
    let pairs = match value.kind() {
        ValueKind::Map => super::methods::pairs(value)?,
        ValueKind::Seq | ValueKind::Iterable => super::items(state, value)?,
        _ => {
            let text = text_of(value)?;
            afford(state, text.len() * 3)?;
            return Ok(quoted(&text, "/", "%20").into());
        }
    };
    let mut encoded = Vec::new();
    for pair in pairs {
        let (key, item) = (text_of(&pair.get_item_by_index(0)?)?, text_of(&pair.get_item_by_index(1)?)?);
        afford(state, (key.len() + item.len()) * 3)?;
        encoded.push(format!("{}={}", quoted(&key, "", "+"), quoted(&item, "", "+")));
    }
    Ok(encoded.join("&").into())
}

fn xmlattr(state: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let mut written = String::new();
    for pair in super::methods::pairs(value)? {
        let (key, item) = (text_of(&pair.get_item_by_index(0)?)?, pair.get_item_by_index(1)?);
        if item.is_none() || item.is_undefined() {
            continue;
        }
        if key.contains(|c: char| c.is_whitespace() || "/>=".contains(c)) {
            return Err(refuse(format!("`{key}` cannot be the name of an attribute.")));
        }
        let item = text_of(&item)?;
        afford(state, (key.len() + item.len()) * 5)?;
        let blank = if written.is_empty() && !arguments.flag("autospace", true) { "" } else { " " };
        let attribute = format!("{blank}{}=\"{}\"", escaped(&key), escaped(&item));
        written.push_str(&attribute);
    }
    Ok(written.into())
}

/// Returns a value as Python's `pprint` prints it, if that is one line.
fn pretty(value: &Value) -> Result<String, Error> {
    let text = super::super::format::sorted(value, super::super::MAX_OUTPUT_BYTES)?;
    if text.chars().count() > 80 {
        return Err(refuse(
            "`pprint` breaks a long value into lines, which is not done here; write `tojson(indent=2)`.",
        ));
    }
    Ok(text)
}
