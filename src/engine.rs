//! What runs beside a front: the writer thread, a run's loop and its requests, keys, the clock.
//!
//! Both fronts use it, the command line and the screen, and it knows neither. It decides nothing about
//! rows: what a decision does, and what a row is worth, is `workbench`'s business.
//!
//! ```text
//! front ──► run loop ──► request workers ──► generator
//!               │              │
//!               └──────────────┴──► writer thread: owns the Workbench, one fsync for all that waits
//! ```

pub mod clock;
pub mod environment;
mod pacing;
mod recording;
mod run_loop;
mod writer;

pub use run_loop::{SampleReport, SampleWatch, sample};
pub use writer::{Staged, Writer, WriterHandle};
