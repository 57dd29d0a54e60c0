//! Prompt templates: checked, rendered and coloured.
//!
//! A prompt is a Jinja template. This room is the only one that knows the template engine: it says
//! what is wrong with a template and where, renders it, tells which names it reads, and cuts it
//! into spans to colour while a person types. It refuses to load anything (no include, import or
//! extends), to run for long, or to write without bound.
//!
//! ```text
//! source ──lex──▶ tags ──▶ spans            what to colour
//!                  ├─────▶ names ──▶ reads  what the template reads
//!                  │         └─────▶ check  what is not defined, and where
//! source ──engine──┴──────────────▶ render  text, or one Diagnostic
//! ```
//!
//! Three things that Jinja has are missing on purpose: `namespace` (it can build values that hold
//! themselves), `debug` and everything that loads another template. `tojson` is here.

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
