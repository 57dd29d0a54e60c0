//! Operations: the steps of a person, and the stacks of undo and redo.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{OperationId, RunNumber, Timestamp};

/// What an operation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum OperationKind {
    /// The dataset was split, or split again after it changed.
    Split,
    /// A version was made.
    Version,
    /// A label was given to a version, or taken from it.
    Label,
    /// A version got another note.
    Note,
    /// A trial began.
    BeginTrial,
    /// A trial ended.
    EndTrial,
    /// Rows were sampled by a run.
    Sample {
        /// The run.
        run: RunNumber,
    },
    /// Rows of a file were imported.
    Import,
    /// Flags were computed anew.
    Flags,
    /// Rows were accepted.
    Accept,
    /// Rows were rejected.
    Reject,
    /// Rows were skipped.
    Skip,
    /// Ratings were removed.
    ClearRating,
    /// Tags were set.
    Tag,
    /// Rows were given another label.
    Relabel,
    /// Rows were edited.
    Edit,
    /// An operation was undone.
    Undo {
        /// The operation undone.
        target: OperationId,
    },
    /// An undone operation was redone.
    Redo {
        /// The operation redone.
        target: OperationId,
    },
    /// The state just after an operation was brought back.
    Jump {
        /// That operation.
        target: OperationId,
    },
}

impl OperationKind {
    /// Returns the verb of the operation, as the log shows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Version => "version",
            Self::Label => "label",
            Self::Note => "note",
            Self::BeginTrial => "begin-trial",
            Self::EndTrial => "end-trial",
            Self::Sample { .. } => "sample",
            Self::Import => "import",
            Self::Flags => "flags",
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Skip => "skip",
            Self::ClearRating => "clear-rating",
            Self::Tag => "tag",
            Self::Relabel => "relabel",
            Self::Edit => "edit",
            Self::Undo { .. } => "undo",
            Self::Redo { .. } => "redo",
            Self::Jump { .. } => "jump",
        }
    }
}

/// One operation in the projection.
///
/// The operations that can be undone form a stack, linked through `below`; those that
/// were undone form another. Undo and redo move the top of one onto the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Its number.
    pub id: OperationId,
    /// When it was done.
    pub at: Timestamp,
    /// What it did.
    pub kind: OperationKind,
    /// How many rows it changed.
    pub rows: u32,
    /// Whether it is undone.
    pub undone: bool,
    /// The index of the operation below it on its stack.
    pub below: Option<u32>,
    /// The marks that undo restores, or that redo restores where it is undone.
    pub restores: Restores,
}

/// The packed marks that an undo or redo restores.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Restores {
    /// Nothing: the operation cannot be undone.
    #[default]
    Nothing,
    /// One row's mark.
    One(u32, super::projection::PackedMark),
    /// Ranges of rows with equal marks: first, last, mark.
    Many(Arc<Vec<(u32, u32, super::projection::PackedMark)>>),
}
