//! The figures a person judges a prompt by.
//!
//! Each is a formula of METRICS.md, held to vectors that other programs computed. Nothing
//! here knows where its numbers come from, and nothing draws a conclusion that the
//! interval beside a figure does not carry.

pub(crate) mod acceptance;

pub use acceptance::Acceptance;
pub(crate) use acceptance::AcceptanceFigures;
