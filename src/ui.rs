//! The screen, drawn.

pub mod theme;

pub use theme::{Slot, Theme, ThemeError};
