//! The screen, drawn.

mod canvas;
#[cfg(test)]
mod testing;
pub mod theme;
mod widget;

pub use theme::{Slot, Theme, ThemeError};
