//! The figures a person judges a prompt by.
//!
//! Each is a formula of METRICS.md, tested against vectors that other programs computed. Nothing here reads
//! the data itself, and no figure comes without its interval.

pub(crate) mod acceptance;

pub use acceptance::Acceptance;
pub(crate) use acceptance::{AcceptanceFigures, VersionAcceptance, readers};
