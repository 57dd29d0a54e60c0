//! Turns an error of the engine into a sentence with its place.

use std::ops::Range;

use minijinja::{Error, ErrorKind};

use super::diagnostic::Diagnostic;
use super::engine::{MAX_OUTPUT_BYTES, MAX_STEPS};
use super::lexer::{LexerMode, TagKind, lex};
use super::names::{self, Finding};
use super::respell::Respelled;
use super::shape::ScopeShape;
use super::{format, python, suggest};
use crate::text::thousands;

/// Returns the diagnostic for a syntax error that [`blocks`](super::blocks) cannot explain.
pub(crate) fn syntax(source: &str, error: &Error) -> Diagnostic {
    let range = place(source, error, |range| range);
    let detail = error.detail().unwrap_or("this cannot be read");
    let message = match detail.strip_prefix("unexpected ").and_then(|rest| rest.split_once(", expected ")) {
        Some((found, expected)) => {
            format!("{} stands where {} should be.", capital(&words(found)), words(expected))
        }
        None => match detail.strip_prefix("unexpected ") {
            Some(found @ ("end of variable block" | "end of block")) => {
                format!("Something is missing before {}.", words(found))
            }
            Some(found) => format!("{} cannot stand here.", capital(&words(found))),
            None => format!("{}.", capital(detail)),
        },
    };
    Diagnostic::error(source, range, message)
}

/// Returns the diagnostic for an error while rendering.
pub(crate) fn rendering(
    source: &str,
    respelled: &Respelled,
    error: &Error,
    known: &ScopeShape,
) -> Diagnostic {
    let range = place(source, error, |range| respelled.original(range));
    let detail = error.detail().unwrap_or_default();
    if error.kind() == ErrorKind::OutOfFuel {
        let steps = thousands(MAX_STEPS);
        return Diagnostic::error(
            source,
            range,
            format!("The template loops too long: it used more than {steps} steps."),
        );
    }
    if error.kind() == ErrorKind::WriteFailure && detail == format::TOO_LONG {
        return too_long(source, Some(range));
    }
    if let Some(found) = missing_at(source, error, known, &range) {
        return Diagnostic::error(source, found.range, found.message);
    }
    let message = sentence(error, detail, &source[range.clone()], known);
    Diagnostic::error(source, range, message)
}

/// Returns the diagnostic for an output that is too long; without a range, at the first loop.
pub(crate) fn too_long(source: &str, range: Option<Range<usize>>) -> Diagnostic {
    let range = range.unwrap_or_else(|| first_loop(source));
    let limit = MAX_OUTPUT_BYTES / (1024 * 1024);
    Diagnostic::error(source, range, format!("The template writes too much: more than {limit} MB of text."))
}

/// Returns the place of what takes long, where nothing else tells it: the first loop, or the first tag.
pub(crate) fn first_loop(source: &str) -> Range<usize> {
    let tags = lex(source, LexerMode::Exact);
    let is_loop = |tag: &&super::lexer::Tag| {
        tag.kind == TagKind::Statement
            && tag.tokens.first().is_some_and(|t| &source[t.range.clone()] == "for")
    };
    let tag = tags.iter().find(is_loop).or(tags.first());
    tag.map_or(0..1, |tag| tag.open.start..tag.close.as_ref().map_or(tag.end, |close| close.end))
}

/// Returns the range of an error: the engine's, or one found by its line.
fn place(source: &str, error: &Error, original: impl Fn(Range<usize>) -> Range<usize>) -> Range<usize> {
    let range = error.range().map(original);
    let Some(range) = range.filter(|range| source.get(range.clone()).is_some()) else {
        let before = source.split_inclusive('\n').take(error.line().unwrap_or(1) - 1);
        let start = before.map(str::len).sum::<usize>().min(source.len());
        return start..start + source[start..].find('\n').unwrap_or(source.len() - start);
    };
    if source[range.clone()].trim().is_empty() {
        // The engine stopped just after the error.
        let tags = lex(source, LexerMode::Exact);
        let tokens = tags.iter().flat_map(|tag| &tag.tokens);
        let last = tokens.take_while(|token| token.range.end <= range.start).last();
        return last.map_or(range, |token| token.range.clone());
    }
    range
}

/// Returns the finding of [`names::missing`] that explains an error of the engine, if there is one.
fn missing_at(source: &str, error: &Error, known: &ScopeShape, range: &Range<usize>) -> Option<Finding> {
    let detail = error.detail().unwrap_or_default();
    let is_undefined = error.kind() == ErrorKind::UndefinedError || detail.contains("is undefined");
    let is_missing = matches!(
        error.kind(),
        ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest
            | ErrorKind::UnknownFunction
            | ErrorKind::UnknownMethod
    );
    if !(is_undefined || is_missing) {
        return None;
    }
    let named = quoted(detail).unwrap_or_default();
    let name = named.rsplit('.').next().unwrap_or_default();
    let findings = names::missing(source, known);
    let inside = findings.iter().find(|f| f.range.start >= range.start && f.range.end <= range.end);
    let before =
        findings.iter().rev().find(|f| f.range.start < range.end && source[f.range.clone()] == *name);
    // A filter of this project does not know the name of its value, which stands before it in the tag.
    let value = || {
        let is_value = |f: &&Finding| {
            let between = source.get(f.range.end..range.start);
            named.is_empty() && between.is_some_and(|text| !text.contains("}}") && !text.contains("%}"))
        };
        findings.iter().rev().find(is_value)
    };
    inside.or(before).or_else(value).cloned()
}

fn sentence(error: &Error, detail: &str, place: &str, known: &ScopeShape) -> String {
    match error.kind() {
        ErrorKind::UndefinedError => match quoted(detail) {
            Some(path) if path.contains(['.', '[']) => {
                format!("`{path}` is not there; ask with `is defined` first.")
            }
            Some(name) => format!("`{name}` is not defined here{}", suggest::ending(name, known.names())),
            None => format!("`{}` is not there; ask with `is defined` first.", shortened(place)),
        },
        ErrorKind::UnknownFilter => names::no_filter(middle(detail)),
        ErrorKind::UnknownTest => names::no_test(middle(detail)),
        ErrorKind::UnknownFunction => format!("There is no function `{}` here.", first_word(detail)),
        ErrorKind::UnknownMethod => python::no_method(detail.rsplit(' ').next().unwrap_or_default()),
        ErrorKind::MissingArgument => format!("`{}` needs one more argument.", shortened(place)),
        ErrorKind::TooManyArguments => format!("`{}` has too many arguments.", shortened(place)),
        ErrorKind::CannotUnpack => {
            format!("`{}` takes apart something that has other parts: {detail}.", shortened(place))
        }
        _ if detail == "recursion limit exceeded" => {
            "Macros or loops call themselves too deeply here.".into()
        }
        // A sentence of this project's own functions.
        _ if detail.ends_with(['.', '?']) => detail.to_owned(),
        _ if detail.is_empty() => format!("`{}` does not work here.", shortened(place)),
        _ => format!("`{}` does not work: {detail}.", shortened(place)),
    }
}

/// Returns a plain name for a part of a template that the engine names.
fn words(part: &str) -> String {
    match part {
        "end of input" => "the end of the text".into(),
        "end of variable block" => "`}}`".into(),
        "end of block" => "`%}`".into(),
        "start of variable block" => "`{{`".into(),
        "start of block" => "`{%`".into(),
        "template data" => "text".into(),
        "identifier" => "a name".into(),
        "identifier or integer" => "a name or a number".into(),
        "integer" | "float" => "a number".into(),
        "string" => "a text in quotes".into(),
        "expression" => "a name or a value".into(),
        "assignment operator" => "`=`".into(),
        "in" => "`in`".into(),
        "block keyword" | "keyword" => "a statement such as `for` or `if`".into(),
        other => other.into(),
    }
}

fn quoted(detail: &str) -> Option<&str> {
    let (_, rest) = detail.split_once('`')?;
    rest.split_once('`').map(|(name, _)| name)
}

/// Returns the name in `filter NAME is unknown`.
fn middle(detail: &str) -> &str {
    detail.split(' ').nth(1).unwrap_or_default()
}

fn first_word(detail: &str) -> &str {
    detail.split(' ').next().unwrap_or_default()
}

fn shortened(place: &str) -> String {
    let line = place.lines().next().unwrap_or_default();
    if line.chars().count() <= 40 && line.len() == place.len() {
        line.to_owned()
    } else {
        line.chars().take(39).chain(['…']).collect()
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_place_is_shortened() {
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened("a\nb"), "a…");
        assert_eq!(shortened(&"x".repeat(80)).chars().count(), 40);
    }
}
