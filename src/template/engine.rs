//! Sets the template engine up: strict about missing names, bounded, and without access to files.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Rest, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior};

use super::diagnostic::{Diagnostic, TemplateError};
use super::scope::Scope;
use super::shape::ScopeShape;
use super::{blocks, format, limits, names, translate};

/// The most steps of one rendering; a step is about one instruction, or 64 bytes of output.
pub(crate) const MAX_STEPS: u64 = 500_000;

/// The longest output of a template, in bytes.
pub(crate) const MAX_OUTPUT_BYTES: usize = 1 << 20;

/// The functions that every template may call.
pub(crate) const FUNCTIONS: [&str; 2] = ["range", "dict"];

/// The filters for suggestions; whether a filter exists, only [`has_filter`] tells.
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

/// The tests for suggestions; whether a test exists, only [`has_test`] tells.
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

/// The deepest nesting of calls while rendering; a macro counts four, a block one.
const MAX_DEPTH: usize = 100;

/// The name that the engine gives to the source.
const NAME: &str = "prompt";

/// The name of the engine's own `map`; no template can write it.
const LOOSE_MAP: &str = "map as it comes";

static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| AutoEscape::None);
    engine.set_fuel(Some(MAX_STEPS));
    engine.set_recursion_limit(MAX_DEPTH);
    // Without this, errors have no place in the source.
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

/// Returns the syntax errors of a template that does not parse, at least one.
fn explained(source: &str, error: &Error) -> Vec<Diagnostic> {
    let explained = blocks::explain(source);
    if explained.is_empty() { vec![translate::syntax(source, error)] } else { explained }
}

/// Returns the syntax errors of a template or, if it parses, its undefined names, attributes, filters and tests.
///
/// A name that the template tests with `is defined`, or gives a `default`, is not reported.
#[must_use]
pub(crate) fn check_in(source: &str, known: &ScopeShape) -> Vec<Diagnostic> {
    let syntax = check(source);
    if !syntax.is_empty() {
        return syntax;
    }
    let findings = names::missing(source, known);
    findings.into_iter().map(|found| Diagnostic::error(source, found.range, found.message)).collect()
}

/// Renders a template; all text outside tags is kept, the last newline too.
///
/// # Errors
///
/// The first error: in the syntax, an undefined name, a value of a wrong type, more than [`MAX_STEPS`]
/// steps, or more than [`MAX_OUTPUT_BYTES`] of output.
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

/// Returns whether a filter exists.
pub(crate) fn has_filter(name: &str) -> bool {
    is_there(name, "filter")
}

/// Returns whether a test exists.
pub(crate) fn has_test(name: &str) -> bool {
    is_there(name, "test")
}

fn is_there(name: &str, kind: &str) -> bool {
    let question = if kind == "filter" { "name is filter" } else { "name is test" };
    let answer =
        ENGINE.compile_expression(question).and_then(|question| question.eval(minijinja::context!(name)));
    answer.is_ok_and(|answer| answer.is_true())
}

/// The filter `map`, which unlike the engine's own fails on a missing attribute.
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

/// The filter `tojson`, without the escapes for HTML.
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

/// A writer that fails beyond [`MAX_OUTPUT_BYTES`].
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
