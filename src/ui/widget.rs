//! The widgets of the screen, each drawn from plain data.

pub(crate) mod axis;
pub(crate) mod balance;
pub(crate) mod bar;
pub(crate) mod curve;
pub(crate) mod detail;
pub(crate) mod footer;
pub(crate) mod header;
pub(crate) mod pane;
pub(crate) mod preview;
pub(crate) mod prompt;
pub(crate) mod reading;
pub(crate) mod rows;
pub(crate) mod scrollbar;
pub(crate) mod status;
pub(crate) mod text_area;
pub(crate) mod train_cv;
pub(crate) mod word_diff;
pub(crate) mod word_line;
