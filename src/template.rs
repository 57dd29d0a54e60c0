//! Prompt templates: checked, rendered and coloured.
//!
//! A prompt is a Jinja template. This is the only module that uses the template engine: it reports
//! the errors of a template with their places, renders it, finds undefined names, and cuts it
//! into spans for highlighting. It refuses to load anything (no include, import or
//! extends), to run for long, or to write without bound.
//!
//! ```text
//! source ──lex──▶ tags ──▶ spans               syntax highlighting
//!                  └─────▶ names ──▶ check_in  undefined names, with their places
//! source ──engine─────────────────▶ render     text, or one Diagnostic
//! ```
//!
//! Three features of Jinja are left out on purpose: `namespace` (it can build values that contain
//! themselves), `debug` and everything that loads another template. `tojson` is there.

mod blocks;
mod diagnostic;
mod engine;
mod estimate;
mod expression;
mod format;
mod lexer;
mod limits;
mod names;
mod prompt_file;
mod scope;
mod shape;
mod spans;
mod suggest;
mod translate;

pub(crate) use diagnostic::Diagnostic;
pub(crate) use engine::{MAX_OUTPUT_BYTES, check_in, render};
pub(crate) use estimate::estimate_tokens;
pub(crate) use prompt_file::PromptFile;
pub(crate) use scope::{ExampleValue, Scope};
pub(crate) use shape::ScopeShape;
pub(crate) use spans::{SpanKind, spans};
