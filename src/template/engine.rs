//! The template engine, set up once: strict, bounded, alone.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Rest, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior};

use super::diagnostic::{Diagnostic, TemplateError};
use super::scope::Scope;
use super::shape::ScopeShape;
use super::{blocks, format, limits, names, translate};

/// The most steps that one rendering may take; a step is about one instruction, or 64 bytes written.
pub(crate) const MAX_STEPS: u64 = 500_000;

/// The longest text that a template may write, in bytes.
pub(crate) const MAX_OUTPUT_BYTES: usize = 1 << 20;

/// The functions that every template may call.
pub(crate) const FUNCTIONS: [&str; 2] = ["range", "dict"];

/// The filters to suggest from; whether a filter is there, only [`has_filter`] says.
pub(crate) const FILTERS: [&str; 49] = [
    "abs",
    "attr",
    "batch",
    "bool",
    "capitalize",
    "chain",
    "count",
    "d",
    "default",
    "dictsort",
    "e",
    "escape",
    "first",
    "float",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "pprint",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "slice",
    "sort",
    "split",
    "string",
    "sum",
    "title",
    "tojson",
    "trim",
    "unique",
    "upper",
    "zip",
    "default",
];

/// The tests to suggest from; whether a test is there, only [`has_test`] says.
pub(crate) const TESTS: [&str; 27] = [
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "equalto",
    "even",
    "false",
    "filter",
    "float",
    "ge",
    "gt",
    "in",
    "integer",
    "iterable",
    "le",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "sequence",
    "startingwith",
    "string",
    "undefined",
];

/// How deep macros and recursive loops may go; a macro costs four, a block one.
const MAX_DEPTH: usize = 100;

/// The name that the engine gives to the source.
const NAME: &str = "prompt";

/// The engine's own `map`, under a name that no template can write.
const LOOSE_MAP: &str = "map as it comes";

static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| AutoEscape::None);
    engine.set_fuel(Some(MAX_STEPS));
    engine.set_recursion_limit(MAX_DEPTH);
    // Places in the source are kept only with this.
    engine.set_debug(true);
    if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
        engine.set_syntax(syntax);
    }
    engine.remove_global("namespace");
    engine.remove_global("debug");
    engine.add_filter("string", format::string_filter);
    engine.add_filter("pprint", format::string_filter);
    engine.add_filter("tojson", tojson);
    engine.add_filter(LOOSE_MAP, minijinja::filters::map);
    engine.add_filter("map", strict_map);
    engine.set_formatter(|output, _, value| match value.as_str() {
        Some(text) => output.write_str(text).map_err(Error::from),
        None => output.write_str(&format::to_text(value, MAX_OUTPUT_BYTES)?).map_err(Error::from),
    });
    engine
});

/// Returns the syntax errors of a template; an empty list means that it parses.
#[must_use]
pub(crate) fn check(source: &str) -> Vec<Diagnostic> {
    if let Some(diagnostic) = limits::exceeded(source) {
        return vec![diagnostic];
    }
    let Err(error) = ENGINE.template_from_named_str(NAME, source) else { return Vec::new() };
    explained(source, &error)
}

/// Returns what is wrong with the syntax of a template that does not parse, one diagnostic at least.
fn explained(source: &str, error: &Error) -> Vec<Diagnostic> {
    let explained = blocks::explain(source);
    if explained.is_empty() { vec![translate::syntax(source, error)] } else { explained }
}

/// Returns the syntax errors of a template or, if it parses, every name, attribute, filter and test that is not there.
///
/// A name that the template itself asks about with `is defined`, or gives a `default`, is not reported.
#[must_use]
pub(crate) fn check_in(source: &str, known: &ScopeShape) -> Vec<Diagnostic> {
    let syntax = check(source);
    if !syntax.is_empty() {
        return syntax;
    }
    let findings = names::missing(source, known);
    findings.into_iter().map(|found| Diagnostic::error(source, found.range, found.message)).collect()
}

/// Renders a template; every character outside tags is kept, the last newline too.
///
/// # Errors
///
/// The first thing that is wrong: syntax, a name that is not defined, a value that cannot be used
/// like this, more than [`MAX_STEPS`] steps, or more than [`MAX_OUTPUT_BYTES`] of text.
pub(crate) fn render(source: &str, scope: &Scope) -> Result<String, TemplateError> {
    if let Some(diagnostic) = limits::exceeded(source) {
        return Err(diagnostic.into());
    }
    let template = match ENGINE.template_from_named_str(NAME, source) {
        Ok(template) => template,
        Err(error) => return Err(explained(source, &error).swap_remove(0).into()),
    };
    match template.render(scope.to_value()) {
        Ok(text) if text.len() > MAX_OUTPUT_BYTES => Err(translate::too_long(source, None).into()),
        Ok(text) => Ok(text),
        Err(error) => Err(translate::rendering(source, &error, &scope.known()).into()),
    }
}

/// Returns whether a filter is there.
pub(crate) fn has_filter(name: &str) -> bool {
    is_there(name, "filter")
}

/// Returns whether a test is there.
pub(crate) fn has_test(name: &str) -> bool {
    is_there(name, "test")
}

fn is_there(name: &str, kind: &str) -> bool {
    let question = if kind == "filter" { "name is filter" } else { "name is test" };
    let answer =
        ENGINE.compile_expression(question).and_then(|question| question.eval(minijinja::context!(name)));
    answer.is_ok_and(|answer| answer.is_true())
}

/// The filter `map`, strict too: the engine's own makes nothing of an attribute that is not there.
fn strict_map(state: &mut State, value: Value, rest: Rest<Value>, options: Kwargs) -> Result<Value, Error> {
    let mut arguments = vec![value];
    arguments.extend(rest.0);
    if options.args().next().is_some() {
        arguments.push(options.into());
    }
    let mapped = state.apply_filter(LOOSE_MAP, &arguments)?;
    if mapped.try_iter()?.any(|item| item.is_undefined()) {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    Ok(mapped)
}

/// The filter `tojson`: JSON as it stands in a prompt, without escapes for HTML.
#[expect(clippy::needless_pass_by_value, reason = "the engine hands a filter its options by value")]
fn tojson(value: &Value, options: Kwargs) -> Result<String, Error> {
    let indent: Option<usize> = options.get("indent")?;
    options.assert_all_used()?;
    let mut written = Bounded(Vec::new());
    let blanks = " ".repeat(indent.unwrap_or(0).min(16));
    let outcome = if indent.is_some() {
        let formatter = serde_json::ser::PrettyFormatter::with_indent(blanks.as_bytes());
        serde::Serialize::serialize(
            value,
            &mut serde_json::Serializer::with_formatter(&mut written, formatter),
        )
    } else {
        serde_json::to_writer(&mut written, value)
    };
    match outcome {
        Ok(()) => Ok(String::from_utf8_lossy(&written.0).into_owned()),
        Err(error) if error.is_io() => Err(Error::new(ErrorKind::WriteFailure, format::TOO_LONG)),
        Err(error) => Err(Error::new(ErrorKind::BadSerialization, error.to_string())),
    }
}

/// Bytes up to the longest output.
struct Bounded(Vec<u8>);

impl std::io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_OUTPUT_BYTES {
            return Err(std::io::Error::other(format::TOO_LONG));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
