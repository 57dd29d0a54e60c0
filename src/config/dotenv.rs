//! `.env` files: lines of `NAME=VALUE`, in which many projects keep their keys.
//!
//! They are only read, never written. A `.env` file is made for many programs, so a line that is no
//! assignment is skipped, and values are not expanded or executed.
//!
//! dotenvy 0.15.7 was tried and reads less than people's files need: `$` always begins a variable, so that the key
//! `pa$word` becomes `pa` or an error; blanks in a bare value (`two words`) and `\t` in quotes are errors; and a
//! `\'` in single quotes, where the backslash stands for itself, swallows the rest of the file.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

/// The file's name.
pub(crate) const FILE_NAME: &str = ".env";

/// Parses the assignments of a text; the last one to a name wins.
#[must_use]
pub(crate) fn parse(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable();
    while rest.peek().is_some() {
        if let Some(name) = name(&mut rest) {
            let value = value(&mut rest);
            found.insert(name, value);
        } else {
            skip_line(&mut rest);
        }
    }
    found
}

/// Parses a name and its `=`; `None`, at the end of the line, if there is none.
fn name(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut written = String::new();
    while let Some(c) = rest.next_if(|c| !matches!(c, '=' | '\n')) {
        written.push(c);
    }
    rest.next_if_eq(&'=')?;
    let trimmed = written.trim();
    let name =
        trimmed.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(trimmed).trim();
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (plain && !name.is_empty()).then(|| name.to_owned())
}

/// Parses a value, quoted or bare, and the rest of its line.
fn value(rest: &mut Peekable<Chars<'_>>) -> String {
    while rest.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
    let value = match rest.peek() {
        Some('"') => quoted(rest, '"'),
        Some('\'') => quoted(rest, '\''),
        _ => return bare(rest),
    };
    skip_line(rest);
    value
}

/// Parses a quoted value, which may span lines.
fn quoted(rest: &mut Peekable<Chars<'_>>, quote: char) -> String {
    let mut value = String::new();
    rest.next();
    while let Some(c) = rest.next() {
        match c {
            c if c == quote => break,
            '\\' if quote == '"' => match rest.next() {
                Some('n') => value.push('\n'),
                Some('t') => value.push('\t'),
                Some('r') => value.push('\r'),
                Some(escaped @ ('"' | '\\' | '$' | '`')) => value.push(escaped),
                Some(other) => value.extend(['\\', other]),
                None => break,
            },
            c => value.push(c),
        }
    }
    value
}

/// Parses a bare value up to its comment or the end of its line.
fn bare(rest: &mut Peekable<Chars<'_>>) -> String {
    let line: String = std::iter::from_fn(|| rest.next_if(|c| *c != '\n')).collect();
    let comment = line.starts_with('#').then_some(0);
    let comment = comment.or_else(|| line.find(" #")).or_else(|| line.find("\t#"));
    line[..comment.unwrap_or(line.len())].trim().to_owned()
}

fn skip_line(rest: &mut Peekable<Chars<'_>>) {
    for c in rest {
        if c == '\n' {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, name: &str) -> Option<String> {
        parse(text).get(name).cloned()
    }

    #[test]
    fn assignments_are_read_with_and_without_export_quotes_and_comments() {
        let text = "# keys\nA=one\nexport B = two # why\n\tC=\"thr#ee\\n\\\"x\\\"\" # c\nD='fo\\ur'\nE=\nF=a#b\r\nG=#no\n";
        let found = parse(text);
        assert_eq!(found["A"], "one");
        assert_eq!(found["B"], "two");
        assert_eq!(found["C"], "thr#ee\n\"x\"");
        assert_eq!(found["D"], "fo\\ur");
        assert_eq!(found["E"], "");
        assert_eq!(found["F"], "a#b");
        assert_eq!(found["G"], "");
        assert_eq!(found.len(), 7);
    }

    #[test]
    fn a_quoted_value_may_have_lines_and_what_follows_is_read() {
        assert_eq!(read("A=\"x\nB=y\"\nC=z", "A").as_deref(), Some("x\nB=y"));
        assert_eq!(read("A=\"x\nB=y\"\nC=z", "C").as_deref(), Some("z"));
        assert_eq!(read("A=\"x\nB=y\"\nC=z", "B"), None);
    }

    #[test]
    fn what_is_no_assignment_is_passed_over() {
        let found = parse("hello\nset -a\n#A=1\ntwo words=3\n=4\nB=$(rm -rf x)\nexported=1\nA=1\nA=2");
        assert_eq!(found.len(), 3);
        assert_eq!((found["B"].as_str(), found["exported"].as_str()), ("$(rm -rf x)", "1"));
        assert_eq!(found["A"], "2", "the last one holds");
        assert_eq!(read("\u{feff}A=1", "A").as_deref(), Some("1"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*|[A-C=\"'\\\\# \n\t]{0,40}") {
            let _ = parse(&text);
        }
    }
}
