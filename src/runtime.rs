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
//!             ▼                             └── desk thread: previews, details, views
//!          ui::draw
//! ```

pub mod clock;
mod desk;
mod editor;
mod executor;
pub mod log;
mod pacing;
mod record;
mod runs;
mod sample;
mod screen;
pub mod secrets;
pub mod terminal;
mod writer;

pub use sample::{SampleReport, SampleWatch, sample};
pub use screen::{Ended, ScreenError, ScreenOptions, run_screen};
pub use writer::{Staged, Writer, WriterHandle};
