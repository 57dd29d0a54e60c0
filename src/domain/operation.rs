//! Operations: the steps of a person, and how undo walks them.

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
    /// A run was made.
    Sample {
        /// The run.
        run: RunNumber,
    },
    /// Flags were computed again.
    Flags,
    /// Rows were accepted.
    Accept,
    /// Rows were rejected.
    Reject,
    /// Rows were skipped.
    Skip,
    /// Ratings were taken away.
    ClearRating,
    /// Tags were set.
    Tag,
    /// A row was edited.
    Edit,
    /// An operation was undone.
    Undo {
        /// The operation undone.
        target: OperationId,
    },
    /// An undone operation was done again.
    Redo {
        /// The operation done again.
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
            Self::Sample { .. } => "sample",
            Self::Flags => "flags",
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Skip => "skip",
            Self::ClearRating => "clear-rating",
            Self::Tag => "tag",
            Self::Edit => "edit",
            Self::Undo { .. } => "undo",
            Self::Redo { .. } => "redo",
        }
    }
}

/// One operation, as the projection keeps it.
///
/// The operations that undo can take back form a stack, linked through `below`; those that
/// were undone form another. Undo and redo move the top of one onto the other, whatever
/// lies between them in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Its number.
    pub id: OperationId,
    /// When it was done.
    pub at: Timestamp,
    /// What it did.
    pub kind: OperationKind,
    /// How many rows it touched.
    pub rows: u32,
    /// Whether it stands undone now.
    pub undone: bool,
    /// The operation below it on its stack, as an index.
    pub below: Option<u32>,
    /// What undo, or redo where it stands undone, puts back.
    pub restores: Restores,
}

/// Marks that an undo or redo puts back, in the projection's packed form.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Restores {
    /// Nothing: the operation cannot be undone.
    #[default]
    Nothing,
    /// One row's mark.
    One(u32, super::projection::PackedMark),
    /// Runs of rows with equal marks: first, last, mark.
    Many(Arc<[(u32, u32, super::projection::PackedMark)]>),
}
