//! Facts: the lines of the journal, from which all other state is computed.

mod by_kind;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::operation::OperationKind;
use super::projection::Retold;
use super::{
    Budget, Change, Fields, Flag, Import, Mark, NewImported, OperationId, Origin, Request, RequestNumber,
    RowId, RowNumber, RowSet, Run, RunNumber, RunStatus, Scarce, Scores, Scrap, Timestamp, Tokens, Trial,
    TrialNumber, TrialOutcome, Version, VersionId,
};

/// One event of an operation: a line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// The operation that it is part of.
    pub operation: OperationId,
    /// When it happened.
    pub at: Timestamp,
    /// Whether this is one part of an operation whose facts take effect together. The last
    /// fact has `false` here and commits them all.
    #[serde(default, skip_serializing_if = "is_false")]
    pub part: bool,
    /// What happened.
    pub event: Event,
}

const fn once() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_once(sent: &u32) -> bool {
    *sent == 1
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

/// Writes the enum down twice: once to be written, with its kind among its fields, and once to be read by [`by_kind`].
macro_rules! read_by_kind {
    ($(#[$about:meta])* pub enum Event { $($kinds:tt)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(tag = "event", rename_all = "kebab-case")]
        pub enum Event { $($kinds)* }

        #[derive(Deserialize)]
        #[serde(remote = "Event", rename_all = "kebab-case")]
        enum Kinds { $($kinds)* }
    };
}

read_by_kind! {
/// What happened.
pub enum Event {
    /// The dataset was split for the first time, or again after its file changed.
    Split(Split),
    /// A version was made.
    VersionMade {
        /// The version.
        version: Version,
    },
    /// A label was given to a version of a prompt, or taken away.
    Labelled {
        /// The prompt's name.
        prompt: String,
        /// The label.
        label: String,
        /// The version that it names from now on; `None` takes it away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<VersionId>,
    },
    /// A version got another note.
    Noted {
        /// The version.
        version: VersionId,
        /// The note; `None` takes it away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A trial began.
    TrialBegan {
        /// The trial.
        trial: Box<Trial>,
    },
    /// A trial ended.
    TrialEnded {
        /// The trial.
        trial: TrialNumber,
        /// How.
        #[serde(flatten)]
        outcome: TrialOutcome,
    },
    /// A run began.
    RunBegan {
        /// The run, with nothing counted yet.
        run: Box<Run>,
    },
    /// A request of a run is about to be sent.
    RequestBegan {
        /// The request.
        request: Request,
        /// The rendered messages, as a JSON array.
        messages: Stored,
    },
    /// A reply gave rows.
    Sampled {
        /// The run that they belong to.
        run: RunNumber,
        /// The request that they came from.
        request: RequestNumber,
        /// The number of the first row; the others are numbered on from it.
        first: RowNumber,
        /// The rows, in order.
        rows: Vec<NewRow>,
    },
    /// Rows of a file were imported. An import of many rows has several such facts, each with the next of them.
    Imported {
        /// The import, as far as this fact goes.
        import: Box<Import>,
        /// Where these rows come from, as their file says; each row names one of them.
        origins: Vec<Origin>,
        /// The rows, in order.
        rows: Vec<NewImported>,
    },
    /// A reply had pieces that are not valid rows.
    Scrapped {
        /// The run that they came in.
        run: RunNumber,
        /// The request that they came from.
        request: RequestNumber,
        /// The pieces.
        scraps: Vec<NewScrap>,
    },
    /// A request ended, with a reply or with an error.
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
        /// Tokens that were estimated, because the provider counted none.
        #[serde(default, skip_serializing_if = "Tokens::is_nothing")]
        estimated: Tokens,
        /// The model that answered, as the server names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answered_by: Option<Arc<str>>,
        /// What a person should know of the run, as sentences; each is kept once a run.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remarks: Vec<String>,
        /// How long it took, in seconds.
        seconds: f64,
        /// Why it failed, as a sentence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
        /// Whether the provider cut the reply short, at the token limit or by a content filter.
        #[serde(default, skip_serializing_if = "is_false")]
        cut_off: bool,
        /// How often it was sent: never where the run ended before, or the store had its reply; more often where
        /// the server refused a parameter.
        #[serde(default = "once", skip_serializing_if = "is_once")]
        sent: u32,
    },
    /// A stopped run was resumed.
    RunResumed {
        /// The run.
        run: RunNumber,
        /// The run's new budget, where it changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        budget: Option<Budget>,
    },
    /// A person turned a scrap into a row, which is a `Sampled` fact of the same operation.
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
        /// How it ended.
        #[serde(flatten)]
        status: RunStatus,
    },
    /// Flags and scores of rows were computed anew.
    Flagged {
        /// The rows with their new flags and scores.
        rows: Vec<Reflagged>,
    },
    /// A person decided, tagged or edited rows.
    Changed {
        /// The rows.
        rows: RowSet,
        /// What was done to each of them.
        #[serde(flatten)]
        change: Change,
        /// Whether the rows were not named one by one: by a filter, a list of ids or a range. More than
        /// one row always are.
        #[serde(default, skip_serializing_if = "is_false")]
        bulk: bool,
    },
    /// An operation was undone.
    Undone {
        /// The operation.
        target: OperationId,
        /// The marks that rows get back.
        restores: Vec<Restored>,
    },
    /// An undone operation was redone.
    Redone {
        /// The operation.
        target: OperationId,
        /// The marks that rows get back.
        restores: Vec<Restored>,
    },
    /// The state just after an operation was brought back; unlike an undo this is a change of its own.
    Jumped {
        /// The operation.
        target: OperationId,
        /// The marks that rows had then, of those that had other ones before the jump.
        restores: Vec<Restored>,
    },
    /// Records of a later state took the place of facts that were lost.
    Retold(Box<Retold>),
}
}

impl Event {
    /// Returns the kind of operation that this event stands for; `None` for records, which hold operations.
    #[must_use]
    pub const fn kind(&self) -> Option<OperationKind> {
        Some(match self {
            Self::Split(_) => OperationKind::Split,
            Self::VersionMade { .. } => OperationKind::Version,
            Self::Labelled { .. } => OperationKind::Label,
            Self::Noted { .. } => OperationKind::Note,
            Self::TrialBegan { .. } => OperationKind::BeginTrial,
            Self::TrialEnded { .. } => OperationKind::EndTrial,
            Self::RunBegan { run } => OperationKind::Sample { run: run.number },
            Self::RequestBegan { request, .. } => OperationKind::Sample { run: request.run },
            Self::Sampled { run, .. }
            | Self::Scrapped { run, .. }
            | Self::RequestEnded { run, .. }
            | Self::RunResumed { run, .. }
            | Self::ScrapRepaired { run, .. }
            | Self::RunEnded { run, .. } => OperationKind::Sample { run: *run },
            Self::Imported { .. } => OperationKind::Import,
            Self::Flagged { .. } => OperationKind::Flags,
            Self::Changed { change, .. } => match change {
                Change::Accept { .. } => OperationKind::Accept,
                Change::Reject { .. } => OperationKind::Reject,
                Change::Skip { .. } => OperationKind::Skip,
                Change::ClearRating => OperationKind::ClearRating,
                Change::Tag { .. } | Change::Retag { .. } => OperationKind::Tag,
                Change::Relabel { .. } => OperationKind::Relabel,
                Change::Edit { .. } => OperationKind::Edit,
            },
            Self::Undone { target, .. } => OperationKind::Undo { target: *target },
            Self::Redone { target, .. } => OperationKind::Redo { target: *target },
            Self::Jumped { target, .. } => OperationKind::Jump { target: *target },
            Self::Retold(_) => return None,
        })
    }
}

/// The split of a dataset, stored as text hashes so that a test row stays a test row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The hash of the dataset file, in hex.
    pub fingerprint: String,
    /// Hashes of the normalised texts of all test rows so far, 16 hex digits each, concatenated.
    pub test: String,
    /// The same for train rows.
    pub train: String,
    /// The same for train rows that are held back.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub held_back: String,
    /// What they are held back for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scarce: Option<Scarce>,
}

impl Split {
    /// Returns whether rows are held back, or would be if the dataset had more of them.
    #[must_use]
    pub fn holds_back(&self) -> bool {
        self.scarce.is_some() || !self.held_back.is_empty()
    }
}

/// A row as it was generated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewRow {
    /// Its id.
    pub id: RowId,
    /// Its label.
    pub label: String,
    /// Its fields, checked against the session's schema.
    pub fields: Fields,
    /// Its flags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Its scores.
    #[serde(default)]
    pub scores: Scores,
}

/// A piece of a reply that is not a valid row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewScrap {
    /// The text of the piece, unchanged.
    pub raw: String,
    /// Why it is not a valid row, as a sentence.
    pub reason: String,
}

impl NewScrap {
    /// Returns the scrap with the run and request that it came from.
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
    /// The mark that each of them gets back.
    pub mark: Mark,
}

/// A text of an exchange: stored in the journal, or in a file that the journal refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stored {
    /// The text.
    Inline(String),
    /// The hash of the text, which names its file.
    File(String),
}
