//! The vocabulary of the workbench: prompts, versions, runs, rows, decisions.
//!
//! Everything here is plain data plus the rules that keep it consistent. Nothing in
//! this room performs I/O, reads a clock, or knows that a terminal exists, so every
//! rule can be tested with an ordinary `#[test]`.
//!
//! ```text
//! Prompt 1 ── * Version 1 ── * Run 1 ── * Request 1 ── * Row 1 ── 1 Mark
//!                                └───────── * Scrap
//! Fact ──(apply)──> Projection
//! ```
//!
//! A version never changes: other words make another version, so an accepted row can
//! always be traced back to the exact words that produced it. A row's generated part
//! never changes either; what a person says of it is its [`Mark`].

pub mod chunked;
pub mod decision;
pub mod fact;
pub mod field;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod id;
pub mod job;
pub mod operation;
pub mod order;
pub mod outcome;
pub mod projection;
pub mod prompt;
pub mod row;
pub mod run;
pub mod session;
pub mod usage;

pub use chunked::Chunked;
pub use decision::{Change, Mark, RowSet};
pub use fact::{Event, Fact, NewRow, NewScrap, Reflagged, Restored, Split, Stored};
pub use field::{FieldKind, FieldSpec, FieldValue, Fields, FieldsError, Schema};
pub use id::{OperationId, RequestNumber, RowId, RowNumber, RunNumber, Timestamp, VersionId, VersionIndex};
pub use job::{JobId, JobKind, RunEnded, RunProgress, Saved, Slowdown};
pub use operation::{Operation, OperationKind, Restores};
pub use order::{Preview, Problem, PromptPart, RowDetail, RunOrder};
pub use outcome::{Decided, ExportReport, Failure, JobOutcome, OperationOutcome};
pub use projection::{Counts, Projection, RowView, Touched};
pub use prompt::{Draft, PromptContent, Reference, ReferenceError, Version, VersionRef, Which};
pub use row::{Flag, FlagKind, Rating, RatingOutOfRange, RowState, Scores, StateKind};
pub use run::{Exchange, ExchangeMessage, GeneratorInfo, Request, Role, Run, RunStatus, Scrap, Tokens};
pub use session::{
    Budget, DatasetSettings, ExampleSettings, ExampleStrategy, GeneratorSettings, Limits, Price, Provider,
    Session, Target,
};
pub use usage::{Usage, compact, dollars};
