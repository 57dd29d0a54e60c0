//! Reads the `.env` file that keys are often kept in.
//!
//! Lines are `KEY=VALUE`, with `export` before them or without. A value may stand in single
//! or double quotes; nothing in it is expanded, so that a key is exactly what stands there.
//! The file is read, never written, and its values never enter the process's environment.

use std::collections::BTreeMap;

use secrecy::SecretString;

/// Returns the variables of a `.env` file. Of a name that stands twice, the last counts.
///
/// Lines that are no `KEY=VALUE` are passed over.
#[must_use]
pub fn parse(text: &str) -> BTreeMap<String, SecretString> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().filter_map(line).map(|(name, value)| (name.to_owned(), value.into())).collect()
}

fn line(line: &str) -> Option<(&str, String)> {
    let line = line.trim();
    let line = line.strip_prefix("export ").map_or(line, str::trim_start);
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins_well && name.chars().all(is_name)).then(|| (name, self::value(value.trim())))
}

fn value(value: &str) -> String {
    if let Some(inner) = value.strip_prefix('\'') {
        return inner.split('\'').next().unwrap_or_default().to_owned();
    }
    if let Some(inner) = value.strip_prefix('"') {
        return in_quotes(inner);
    }
    // A comment begins after a blank; a `#` within a key is part of it.
    let end = value.find(" #").or_else(|| value.find("\t#")).unwrap_or(value.len());
    let bare = value[..end].trim_end();
    if bare.starts_with('#') { String::new() } else { bare.to_owned() }
}

/// Reads up to the closing quote.
fn in_quotes(inner: &str) -> String {
    let mut value = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => match chars.next() {
                Some('n') => value.push('\n'),
                Some(escaped @ ('"' | '\\' | '$')) => value.push(escaped),
                Some(other) => value.extend(['\\', other]),
                None => value.push('\\'),
            },
            _ => value.push(c),
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        parse(text).into_iter().map(|(name, value)| (name, value.expose_secret().to_owned())).collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn lines_quotes_exports_and_comments_are_read() {
        let text = "\u{feff}# keys\nA=sk-1#2\r\nexport B = \"x \\\" y\" # why\n\nC='$HOME # no'\nD=plain # why\nE=\nF= # empty\n";

        assert_eq!(
            read(text),
            [
                pair("A", "sk-1#2"),
                pair("B", "x \" y"),
                pair("C", "$HOME # no"),
                pair("D", "plain"),
                pair("E", ""),
                pair("F", ""),
            ]
        );
    }

    #[test]
    fn the_last_of_a_name_counts_and_what_is_no_variable_is_passed_over() {
        assert_eq!(read("A=1\nno line\n=x\n1A=2\nA B=3\nA=4\nB=\"open"), [pair("A", "4"), pair("B", "open")]);
        assert!(read("").is_empty());
    }

    #[test]
    fn values_do_not_show_themselves() {
        assert!(!format!("{:?}", parse("A=sk-secret")).contains("sk-secret"));
    }
}
