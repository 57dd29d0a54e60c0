//! The screen, drawn.

mod canvas;
mod overlay;
#[cfg(test)]
mod testing;
pub mod theme;
mod widget;

pub use theme::{Slot, Theme, ThemeError};
