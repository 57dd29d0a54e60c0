//! Rows that were made elsewhere: the files of other tools, and our own exports, read row by row.
//!
//! What a file is shows in its content, never in its name alone. Nothing is made up: a prediction is no label, a
//! draft is no answer, and what cannot be told is left open and said. Nothing here knows a session; whether a row
//! fits one is for the caller.
//!
//! ```text
//! file ─► dataset::Pieces ─┐
//! Parquet ─► table::Reader ─┴► Given ─► Shape (flat │ argilla │ prodigy │ label studio │ promptfoo) ─► Incoming
//! ```

mod answers;
mod argilla;
mod error;
mod flat;
mod given;
mod kind;
mod label_studio;
mod label_studio_min;
mod named;
mod opened;
mod out;
mod own;
mod pick;
mod prodigy;
mod promptfoo;
mod value;

pub(crate) use error::{Fault, ImportError};
pub(crate) use opened::{Opened, open};

/// What a person says about the columns of a file, where it should not be found out.
///
/// For the files of annotation tools these are the name of the field with the text, and of the question, the control
/// or the variable with the label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The column of the texts.
    pub(crate) text: Option<String>,
    /// The column of the labels.
    pub(crate) label: Option<String>,
}

#[cfg(test)]
mod tests;
