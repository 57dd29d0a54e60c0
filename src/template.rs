//! Prompt templates: checked, rendered and coloured.
//!
//! A prompt is a Jinja template. This is the only module that uses the template engine: it reports
//! the errors of a template with their places, renders it, finds undefined names, and cuts it
//! into spans for highlighting. It refuses to load anything (no include, import or
//! extends), to run for long, or to write without bound: [`apart`] says how.
//!
//! ```text
//! source ──lex──▶ tags ──▶ spans                        syntax highlighting
//!                  └─────▶ names ──▶ apart ──▶ check_in  undefined names, with their places
//! source ──engine──────────────────▶ apart ──▶ render    text, or one Diagnostic
//! ```
//!
//! Prompts written for Python's Jinja give the text that Jinja2 3.1 gives, or an error at its place
//! that names another spelling. Left out on purpose are `debug` and everything that loads another template.

mod apart;
mod blocks;
mod complete;
mod diagnostic;
mod engine;
mod estimate;
mod expression;
mod foreign;
mod format;
mod lexer;
mod limits;
mod names;
mod prompt_file;
mod python;
mod remarks;
mod respell;
mod scope;
mod shape;
mod spans;
mod suggest;
mod translate;

#[cfg(any(test, fuzzing))]
pub(crate) use apart::is_plain;
pub(crate) use apart::{ARGUMENT as RENDER_APART, Prepared, check_in, serve as render_apart, use_program};
pub(crate) use complete::{Completions, completions, mentioned};
pub(crate) use diagnostic::Diagnostic;
#[cfg(test)]
pub(crate) use diagnostic::TemplateError;
pub(crate) use engine::{MAX_OUTPUT_BYTES, Rendered};
pub(crate) use estimate::estimate_tokens;
pub(crate) use prompt_file::{FoundPrompt, PromptFile, prompts_in};
pub(crate) use remarks::remarks;
pub(crate) use scope::{ExampleValue, Scope};
pub(crate) use shape::{FEEDBACK, ScopeShape, Shape};
pub(crate) use spans::{SpanKind, spans};
