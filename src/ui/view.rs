//! The views: each one takes the model apart and hands its parts to widgets.

pub(crate) mod bench;
