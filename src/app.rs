//! The screen's state and how messages change it.
//!
//! ```text
//! terminal event ─► Message::Input ─► Keymap ─► Command ─► Model::update ─► Vec<Effect>
//!                        answers come back as other Messages ◄── executor ◄──┘
//! ```
//!
//! A message goes in, effects come out, and both are plain data: nothing here reads a
//! file, a clock or a terminal, so that every key can be tested with an ordinary
//! `#[test]`. What is drawn is the journal's last state with the facts on top that it has
//! not answered yet ([`Model::shown`]); a write that fails drops its fact again.
//!
//! [`geometry`] says where everything lies; the drawing draws in it, and the mouse and
//! paging here read the same rectangles.

pub mod command;
pub mod context;
pub mod effect;
pub mod estimate;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod fuzzy;
pub mod geometry;
pub mod guide;
pub mod key;
pub mod keymap;
pub mod message;
pub mod model;
pub mod overlay;
pub mod pane;
pub mod prompt;
mod propose;
pub mod rows;
pub mod sampling;
mod sent_drafts;
pub mod settings;
mod shown_facts;
mod update;

pub use command::{Command, Scope};
pub use context::Context;
pub use effect::Effect;
pub use estimate::Estimate;
pub use geometry::{Geometry, Layout};
pub use key::Key;
pub use keymap::Keymap;
pub use message::{Ask, DatasetFacts, LabelRows, Message, Opened};
pub use model::{Model, Notice, OpenSession, Severity, Stage};
pub use overlay::{LineInput, Overlay, Question, RowEditor, ScrapsWindow};
pub use pane::Pane;
pub use prompt::PromptPane;
pub use rows::{RowsPane, View};
pub use sampling::Sampling;
pub use settings::{ProfileChoice, SettingsForm};
