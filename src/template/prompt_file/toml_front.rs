//! Reads the front matter between `+++`.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::{KEYS, PromptFile, PromptFileError, unknown_key};

/// Reads the lines of a front matter; the first is line 2 of its file.
pub(super) fn read(lines: &[&str]) -> Result<PromptFile, PromptFileError> {
    let source = lines.join("\n");
    let table: Table = source.parse().map_err(|error: toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start.min(source.len()));
        let line = source.get(..start).unwrap_or_default().matches('\n').count() + 2;
        PromptFileError::new(line, format!("This is no TOML: {}.", error.message().trim_end_matches('.')))
    })?;
    let mut file = PromptFile::default();
    for (key, value) in table {
        let line = line_of(lines, &key);
        match value {
            _ if !KEYS.contains(&key.as_str()) => return Err(unknown_key(&key, line)),
            Value::String(text) => file.set_text(&key, text, line)?,
            Value::Integer(number) if key == "number" => file.set_text(&key, number.to_string(), line)?,
            Value::Table(variables) if key == "variables" => {
                file.variables = Some(read_variables(lines, variables)?);
            }
            Value::Table(rules) if key == "rules" => {
                file.rules = Value::Table(rules).try_into().map_err(|error: toml::de::Error| {
                    let said = error.message().trim_end_matches('.').to_owned();
                    PromptFileError::new(line, format!("The rules of the variables cannot be read: {said}."))
                })?;
            }
            _ if key == "variables" => return file.set_text(&key, String::new(), line).map(|()| file),
            other => {
                let message = format!("`{key}` must be a text in quotes, not {}.", kind(&other));
                return Err(PromptFileError::new(line, message));
            }
        }
    }
    Ok(file)
}

fn read_variables(lines: &[&str], table: Table) -> Result<BTreeMap<String, Vec<String>>, PromptFileError> {
    let read = |(name, value): (String, Value)| {
        let values = match value {
            Value::Array(items) => items.iter().map(word).collect::<Option<Vec<_>>>(),
            single => word(&single).map(|single| vec![single]),
        };
        let line = line_of(lines, &name);
        let values = values.ok_or_else(|| {
            PromptFileError::new(line, format!("`{name}` must be a list of texts, such as `[\"a\", \"b\"]`."))
        })?;
        Ok((name, values))
    };
    table.into_iter().map(read).collect()
}

/// Returns a value as text, if it is a text, a number, a boolean or a date.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {
            Some(value.to_string())
        }
        Value::Array(_) | Value::Table(_) => None,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
        Value::Boolean(_) => "a truth value",
        _ => "a number or a date",
    }
}

/// Returns the line of a key in the file, or the first of the front matter.
fn line_of(lines: &[&str], key: &str) -> usize {
    let is_there = |line: &&str| -> bool {
        let line = line
            .trim_start()
            .trim_start_matches('[')
            .trim_start_matches("variables.")
            .trim_start_matches('"');
        let rest = line.strip_prefix(key).map(|rest| rest.trim_start_matches('"').trim_start());
        rest.is_some_and(|rest| rest.starts_with(['=', ']', '.']))
    };
    lines.iter().position(is_there).unwrap_or(0) + 2
}
