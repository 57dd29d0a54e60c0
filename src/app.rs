//! The screen's state and how messages change it.
//!
//! ```text
//! terminal event ─► Message::Input ─► Keymap ─► Command ─► Model::update ─► Vec<Effect>
//!                        answers come back as other Messages ◄── executor ◄──┘
//! ```
//!
//! A message goes in, effects come out, and both are plain data: nothing here reads a file, a clock
//! or a terminal, so every key can be tested with an ordinary `#[test]`. The screen shows the last
//! saved state of the journal with the unanswered facts applied on top ([`Model::shown`]); a fact
//! whose write fails is dropped again.
//!
//! [`geometry`] computes where everything lies. The drawing, the mouse and paging all read the same
//! rectangles.

pub(crate) mod bulk;
pub(crate) mod burst;
pub(crate) mod clipboard;
pub(crate) mod columns;
pub(crate) mod command;
pub(crate) mod compare;
pub(crate) mod completion;
pub(crate) mod context;
pub(crate) mod coverage;
pub(crate) mod data;
pub(crate) mod duplicates;
pub(crate) mod effect;
pub(crate) mod estimate;
pub(crate) mod export;
pub(crate) mod facets;
mod filter_words;
mod first_rows;
#[cfg(test)]
pub(crate) mod fixtures;
pub(crate) mod fuzzy;
pub(crate) mod geometry;
pub mod guide;
pub(crate) mod history;
pub(crate) mod key;
pub(crate) mod keymap;
pub(crate) mod measure;
pub(crate) mod message;
pub(crate) mod model;
pub(crate) mod overlay;
pub(crate) mod pane;
pub(crate) mod prompt;
mod propose;
pub(crate) mod race;
pub(crate) mod replace;
pub(crate) mod replaced;
pub(crate) mod rows;
pub(crate) mod run_report;
pub(crate) mod sampling;
mod sent_drafts;
pub(crate) mod settings;
mod shown_facts;
pub(crate) mod text_box;
mod update;
pub(crate) mod versions;
pub(crate) mod view;

pub(crate) use burst::Pace;
pub(crate) use clipboard::Sent;
pub(crate) use command::{Command, Scope};
pub(crate) use compare::{ComparePane, ComparePart};
pub(crate) use context::Context;
pub(crate) use coverage::CoveragePane;
pub(crate) use data::{DataPane, DataPart};
pub(crate) use duplicates::DuplicatesWindow;
pub use effect::Effect;
pub(crate) use estimate::Estimate;
pub(crate) use export::{ExportPane, ExportPart};
pub(crate) use facets::{FacetLine, FacetsWindow};
pub(crate) use first_rows::FirstRows;
pub(crate) use geometry::{Geometry, Layout};
pub(crate) use history::{HistoryPane, Jump};
pub(crate) use key::Key;
pub use keymap::Keymap;
pub(crate) use measure::MeasurePane;
pub(crate) use message::{Ask, WantedFor};
pub use message::{DatasetFacts, LabelRows, Message, Opened};
pub use model::Model;
pub(crate) use model::{Notice, OpenSession, Severity, Stage};
pub(crate) use overlay::{LineInput, Overlay, Question, RowEditor, ScrapsWindow};
pub(crate) use pane::Pane;
pub(crate) use prompt::PromptPane;
pub(crate) use race::RacePane;
pub(crate) use rows::RowsPane;
pub(crate) use sampling::Sampling;
pub(crate) use settings::{Chosen, ProfileChoice, SettingsForm, StartFlags};
pub(crate) use versions::{VersionsPane, VersionsPart};
pub(crate) use view::View;
