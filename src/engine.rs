//! What runs beside a front: runs and their requests, the writer thread, keys, the clock.
//!
//! Both fronts use it, the command line and the screen, and it knows neither. It decides nothing about
//! rows: what a decision does, and what a row is worth, is `workbench`'s business.
//!
//! ```text
//! front ── start(New | Resume) ──► run loop ──► request workers ──► generator
//!   ▲                                 │              │
//!   └── RunHandle: RunEvent ◄─────────┴──────────────┴──► writer thread: owns the Workbench,
//!                                                         one fsync for all that waits
//! ```

pub(crate) mod batch;
pub mod clock;
pub(crate) mod drafting;
pub(crate) mod environment;
mod events;
#[cfg(test)]
pub(crate) mod fixtures;
mod models;
mod pacing;
pub(crate) mod permission;
pub(crate) mod prepare;
mod recording;
mod run_loop;
mod start;
mod writer;

pub use events::{RunEvent, Snapshots};
pub(crate) use models::{find_servers, list_models};
pub use prepare::TransportOptions;
pub(crate) use start::RaceWith;
pub use start::{RunContext, Start, start};
pub use writer::Writer;
pub(crate) use writer::WriterHandle;
