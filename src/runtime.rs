//! The event loop, the terminal, and everything that runs beside it.
//!
//! This is the only room that spawns tasks and threads, reads the clock or touches the
//! terminal. It decides nothing: what a key means is `app`'s business, what a decision does
//! is `workbench`'s.
//!
//! ```text
//!             ┌────────── Message ──────────┐
//!  terminal ──┤                             ├── writer thread: owns the Workbench
//!             ▼                             │
//!          app::update ──► Effect ──► executor ──► sampling tasks ──► generator
//!             │                             │
//!             ▼                             └── query thread: previews, details, views
//!          ui::draw
//! ```

mod asking;
mod clipboard;
mod editor;
mod evaluations;
mod event_loop;
mod executor;
mod exports;
mod going;
mod input;
pub(crate) mod log;
mod opening;
mod operations;
mod query;
mod runs;
mod screen;
mod signals;
pub(crate) mod terminal;
mod typed;

pub(crate) use asking::{Asking, Reply};
pub(crate) use screen::{Ended, ScreenOptions, run_screen};
