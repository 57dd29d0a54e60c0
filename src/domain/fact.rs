//! Facts: what the journal holds, one a line, and nothing else is true.

use serde::{Deserialize, Serialize};

use super::operation::OperationKind;
use super::{
    Budget, Change, Fields, Flag, Mark, OperationId, Request, RequestNumber, RowId, RowNumber, RowSet, Run,
    RunNumber, RunStatus, Scores, Scrap, Timestamp, Tokens, Version,
};

/// One thing that happened, as part of an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// The operation that it is part of.
    pub operation: OperationId,
    /// When it happened.
    pub at: Timestamp,
    /// Whether more facts of the operation must follow before any of them takes effect.
    /// The last one, without this, commits them all.
    #[serde(default, skip_serializing_if = "is_false")]
    pub part: bool,
    /// What happened.
    pub event: Event,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Fact {
    /// Returns a fact that takes effect by itself.
    #[must_use]
    pub const fn new(operation: OperationId, at: Timestamp, event: Event) -> Self {
        Self { operation, at, part: false, event }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The dataset was split for the first time, or again after its file changed.
    Split(Split),
    /// A version was made.
    VersionMade {
        /// The version.
        version: Version,
    },
    /// A run began.
    RunBegan {
        /// The run, with nothing counted yet.
        run: Box<Run>,
    },
    /// A request of a run is about to be sent; its messages are kept in the store's exchange.
    RequestBegan {
        /// The request.
        request: Request,
        /// The rendered messages.
        messages: Stored,
    },
    /// Rows came.
    Sampled {
        /// The run that they belong to.
        run: RunNumber,
        /// The request that they came from.
        request: RequestNumber,
        /// The number of the first of them; the others follow.
        first: RowNumber,
        /// The rows, in order.
        rows: Vec<NewRow>,
    },
    /// Pieces of a reply came that are no rows.
    Scrapped {
        /// The run that they came in.
        run: RunNumber,
        /// The request that they came from.
        request: RequestNumber,
        /// The pieces.
        scraps: Vec<NewScrap>,
    },
    /// A request ended, well or not.
    RequestEnded {
        /// The run it belongs to.
        run: RunNumber,
        /// The request.
        request: RequestNumber,
        /// The reply's text, as far as it came; the offline generator has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<Stored>,
        /// Tokens as the provider counted them.
        tokens: Tokens,
        /// How long it took, in seconds.
        seconds: f64,
        /// Why it failed, as a sentence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
        /// Whether the reply ended before all was said: at the most tokens it may have, or by a filter.
        #[serde(default, skip_serializing_if = "is_false")]
        cut_off: bool,
    },
    /// A run that had stopped goes on.
    RunResumed {
        /// The run.
        run: RunNumber,
        /// What it may use up at most from now on, where that is another than before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        budget: Option<Budget>,
    },
    /// A person made a row of a scrap; the row is a fact of the same operation.
    ScrapRepaired {
        /// The run that it came in.
        run: RunNumber,
        /// The scrap's place among all scraps, from 0.
        scrap: u32,
    },
    /// A run ended.
    RunEnded {
        /// The run.
        run: RunNumber,
        /// How.
        #[serde(flatten)]
        status: RunStatus,
    },
    /// Flags and scores of rows were computed again.
    Flagged {
        /// Each row with what is now said of it.
        rows: Vec<Reflagged>,
    },
    /// A person decided, tagged or edited rows.
    Changed {
        /// The rows.
        rows: RowSet,
        /// What was done to each of them.
        #[serde(flatten)]
        change: Change,
    },
    /// An operation was undone.
    Undone {
        /// The operation.
        target: OperationId,
        /// The marks that rows have again.
        restores: Vec<Restored>,
    },
    /// An undone operation was done again.
    Redone {
        /// The operation.
        target: OperationId,
        /// The marks that rows have again.
        restores: Vec<Restored>,
    },
}

impl Event {
    /// Returns what kind of operation the event is the heart of.
    #[must_use]
    pub const fn kind(&self) -> OperationKind {
        match self {
            Self::Split(_) => OperationKind::Split,
            Self::VersionMade { .. } => OperationKind::Version,
            Self::RunBegan { run } => OperationKind::Sample { run: run.number },
            Self::RequestBegan { request, .. } => OperationKind::Sample { run: request.run },
            Self::Sampled { run, .. }
            | Self::Scrapped { run, .. }
            | Self::RequestEnded { run, .. }
            | Self::RunResumed { run, .. }
            | Self::ScrapRepaired { run, .. }
            | Self::RunEnded { run, .. } => OperationKind::Sample { run: *run },
            Self::Flagged { .. } => OperationKind::Flags,
            Self::Changed { change, .. } => match change {
                Change::Accept { .. } => OperationKind::Accept,
                Change::Reject { .. } => OperationKind::Reject,
                Change::Skip { .. } => OperationKind::Skip,
                Change::ClearRating => OperationKind::ClearRating,
                Change::Tag { .. } => OperationKind::Tag,
                Change::Edit { .. } => OperationKind::Edit,
            },
            Self::Undone { target, .. } => OperationKind::Undo { target: *target },
            Self::Redone { target, .. } => OperationKind::Redo { target: *target },
        }
    }
}

/// The split of a dataset, remembered by hashes so that a test row stays one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The hash of the dataset file, in hex.
    pub fingerprint: String,
    /// Hashes of the normalised texts of all test rows there ever were, 16 hex digits each, joined.
    pub test: String,
    /// The same for train rows.
    pub train: String,
}

/// A row as it came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewRow {
    /// Its id.
    pub id: RowId,
    /// Its label.
    pub label: String,
    /// Its fields, checked against the session's schema.
    pub fields: Fields,
    /// What machines remarked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Its figures.
    #[serde(default)]
    pub scores: Scores,
}

/// A piece of a reply as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewScrap {
    /// The piece.
    pub raw: String,
    /// Why it is no row, as a sentence.
    pub reason: String,
}

impl NewScrap {
    /// Returns the scrap with where it came from.
    #[must_use]
    pub fn at(&self, run: RunNumber, request: RequestNumber) -> Scrap {
        Scrap { run, request, raw: self.raw.clone(), reason: self.reason.clone(), repaired: false }
    }
}

/// New flags and scores of one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reflagged {
    /// The row.
    pub row: RowNumber,
    /// All its flags.
    pub flags: Vec<Flag>,
    /// All its scores.
    pub scores: Scores,
}

/// Rows that get a mark back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Restored {
    /// The rows.
    pub rows: RowSet,
    /// The mark that each of them has again.
    pub mark: Mark,
}

/// A text of an exchange: in the journal itself, or in a file of its own that the journal names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stored {
    /// The text.
    Inline(String),
    /// The hash of the text, which names its file.
    File(String),
}
