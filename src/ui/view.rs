//! The views, which pass parts of the model to widgets.

pub(crate) mod bench;
