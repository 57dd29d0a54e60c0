//! Sets the template engine up: strict about missing names, bounded, and without access to files.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, Template, UndefinedBehavior};
use serde::{Deserialize, Serialize};

use super::diagnostic::{Diagnostic, TemplateError};
use super::respell::Respelled;
use super::scope::Scope;
use super::shape::ScopeShape;
use super::{blocks, format, limits, names, python, respell, translate};

/// The most steps of one rendering; a step is about one instruction, or 64 bytes of output.
pub(crate) const MAX_STEPS: u64 = 500_000;

/// The longest output of a template, in bytes.
pub(crate) const MAX_OUTPUT_BYTES: usize = 4 << 20;

/// The functions that every template may call.
pub(crate) const FUNCTIONS: [&str; 5] = ["range", "dict", "namespace", "cycler", "joiner"];

/// The filters for suggestions; whether a filter exists, only [`has_filter`] tells.
pub(crate) const FILTERS: [&str; 57] = [
    "abs",
    "attr",
    "batch",
    "bool",
    "capitalize",
    "center",
    "chain",
    "count",
    "d",
    "default",
    "dictsort",
    "e",
    "escape",
    "filesizeformat",
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
    "random",
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
    "striptags",
    "sum",
    "title",
    "tojson",
    "trim",
    "truncate",
    "unique",
    "upper",
    "urlencode",
    "wordcount",
    "wordwrap",
    "xmlattr",
    "zip",
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
    engine.remove_global("debug");
    python::install(&mut engine);
    engine.set_formatter(|output, state, value| {
        if !matches!(state.auto_escape(), AutoEscape::None) {
            return Err(python::refuse("`autoescape` escapes nothing here; write `| e` after each value."));
        }
        match value.as_str() {
            Some(text) => output.write_str(text).map_err(Error::from),
            None => output.write_str(&format::to_text(value, MAX_OUTPUT_BYTES)?).map_err(Error::from),
        }
    });
    engine
});

/// What a template rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rendered {
    /// The text.
    pub text: String,
    /// Of each example of the scope, whether the template read its text or a field.
    pub examples: Vec<bool>,
}

/// Returns the syntax errors of a template; an empty list means that it parses.
#[must_use]
pub(crate) fn check(source: &str) -> Vec<Diagnostic> {
    if let Some(diagnostic) = limits::exceeded(source) {
        return vec![diagnostic];
    }
    compiled(source).err().unwrap_or_default()
}

/// Returns what the engine renders for a template, or its syntax errors, at least one.
fn compiled(source: &str) -> Result<Respelled, Vec<Diagnostic>> {
    let respelled = respell::respell(source);
    let error = compile(&respelled).err();
    error.map_or(Ok(respelled), |error| Err(syntax_errors(source, error)))
}

/// Compiles a template. Only respelled text is compiled: the engine works out constants without a bound while it
/// compiles.
fn compile(respelled: &Respelled) -> Result<Template<'_, '_>, Error> {
    ENGINE.template_from_named_str(NAME, &respelled.text)
}

/// Returns the syntax errors of a template, at least one, where its respelled text has this one.
fn syntax_errors(source: &str, error: Error) -> Vec<Diagnostic> {
    let explained = blocks::explain(source);
    if !explained.is_empty() {
        return explained;
    }
    // A template that does not parse is not worked out, and its error names what stands in it.
    let error = ENGINE.template_from_named_str(NAME, source).err().unwrap_or(error);
    vec![translate::syntax(source, &error)]
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

/// A template within the limits and in the engine's spelling, as it is rendered any number of times.
#[derive(Debug, Clone)]
pub(crate) struct Ready(Result<Respelled, Diagnostic>);

impl Ready {
    /// Measures and respells a template.
    pub(crate) fn of(source: &str) -> Self {
        Self(limits::exceeded(source).map_or_else(|| Ok(respell::respell(source)), Err))
    }

    /// Renders it; all text outside tags is kept, the last newline too. `source` is what it was made of.
    ///
    /// # Errors
    ///
    /// The first error: in the syntax, an undefined name, a value of a wrong type, more than [`MAX_STEPS`]
    /// steps, or more than [`MAX_OUTPUT_BYTES`] of output.
    pub(crate) fn render(&self, source: &str, scope: &Scope) -> Result<Rendered, TemplateError> {
        let respelled = self.0.as_ref().map_err(Clone::clone)?;
        let template = match compile(respelled) {
            Ok(template) => template,
            Err(error) => return Err(syntax_errors(source, error).swap_remove(0).into()),
        };
        let (value, examples) = scope.to_value();
        match template.render(value) {
            Ok(text) if text.len() > MAX_OUTPUT_BYTES => Err(translate::too_long(source, None).into()),
            Ok(text) => {
                Ok(Rendered { text, examples: examples.iter().map(|example| example.is_read()).collect() })
            }
            Err(error) => Err(translate::rendering(source, respelled, &error, &scope.known()).into()),
        }
    }
}

/// Renders a template once, see [`Ready::render`].
pub(crate) fn render(source: &str, scope: &Scope) -> Result<Rendered, TemplateError> {
    Ready::of(source).render(source, scope)
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

#[cfg(test)]
mod tests;

#[cfg(test)]
mod table;
