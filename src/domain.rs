//! The vocabulary of the workbench: prompts, versions, runs, rows, decisions.
//!
//! Everything here is plain data plus the rules that keep it consistent. Nothing in
//! this module performs I/O, reads a clock, or knows that a terminal exists, so every
//! rule can be tested with an ordinary `#[test]`.
//!
//! ```text
//! Prompt 1 ── * Version 1 ── * Run 1 ── * Request 1 ── * Row 1 ── 1 Mark
//!                                └───────── * Scrap
//! Trial 1 ── * Run                                 versions tried against each other
//! Import 1 ── * Row,   Origin 1 ── * Row         rows that were made elsewhere
//! Fact ──(apply)──> Projection
//! ```
//!
//! A version never changes: other words make another version, so an accepted row can
//! always be traced back to the exact words that produced it. A row's generated part
//! never changes either; what a person decides about it is its [`Mark`].

pub(crate) mod batch;
mod blind;
pub(crate) mod chunked;
pub(crate) mod compare;
pub(crate) mod data_report;
pub(crate) mod decision;
pub(crate) mod diversity;
pub(crate) mod evaluation;
mod evaluation_reasons;
mod evaluation_words;
pub(crate) mod fact;
pub(crate) mod failure;
pub(crate) mod failure_lines;
mod feedback;
pub(crate) mod field;
#[cfg(test)]
pub(crate) mod fixtures;
pub(crate) mod id;
pub(crate) mod import;
pub(crate) mod job;
pub(crate) mod laboratory;
pub(crate) mod local_server;
pub(crate) mod operation;
pub(crate) mod order;
pub(crate) mod outcome;
pub(crate) mod page;
pub(crate) mod pairing;
pub(crate) mod parameter;
pub(crate) mod permission;
pub(crate) mod projection;
pub(crate) mod prompt;
pub(crate) mod provider;
pub(crate) mod race;
pub(crate) mod row;
pub(crate) mod row_plan;
pub(crate) mod row_set;
pub(crate) mod run;
pub(crate) mod scarce;
pub(crate) mod scoreboard;
pub(crate) mod session;
pub(crate) mod trial;
mod trial_names;
pub(crate) mod usage;
pub(crate) mod variable;
pub(crate) mod version_label;

pub(crate) use batch::{BatchState, BatchTarget, MissingRequest};
pub(crate) use chunked::Chunked;
pub(crate) use compare::{
    CompareOrder, lacks_budget, run_of_side, share_of_side, sides_in_order, too_small_to_split,
};
pub(crate) use data_report::LENGTH_BINS;
pub(crate) use data_report::{ClassRows, Conflict, DataReport, Misread, MisreadRow, TextLengths, TrainCv};
pub use decision::Change;
pub(crate) use decision::Mark;
pub use diversity::{Concern, Figure, GroupFigures, LengthFigures, Measured, VocabularyFigures};
pub(crate) use diversity::{Diversity, GroupDiversity, LengthHistogram, LengthTest, Lengths, OtherUse};
pub use evaluation::{Arm, Classifier, Interval, Spread, Verdict};
pub(crate) use evaluation::{
    ArmFigures, ClassFigures, CurvePoint, Evaluation, EvaluationWarning, Figures, LeftOut, McNemar,
    VersionGain,
};
pub(crate) use evaluation_words::{difference, figure, p_value};
pub use fact::{Event, Fact, NewRow, Stored};
pub(crate) use fact::{NewScrap, Reflagged, Split};
pub use failure::FailureGroup;
pub(crate) use failure::{is_same_reason, requests_failed};
pub(crate) use failure_lines::failure_lines;
pub(crate) use feedback::{EditedRow, Feedback, NextDraft, ReasonCount, RejectedRow};
pub(crate) use field::{FieldKind, FieldSpec, FieldValue, FieldsError};
pub use field::{Fields, Schema};
pub(crate) use id::VersionIndex;
pub use id::{OperationId, RequestNumber, RowId, RowNumber, RunNumber, Timestamp, VersionId};
pub(crate) use import::{Import, Incoming, Lines, NewImported, Origin};
pub use job::Saved;
pub(crate) use job::{JobId, JobKind, RunEnded, RunProgress, Slowdown, Unsaved, Writing};
pub(crate) use laboratory::Laboratory;
pub(crate) use local_server::{LocalModel, LocalSearch, LocalServer};
pub(crate) use operation::{Operation, OperationKind, Restores};
pub use order::RunOrder;
pub(crate) use order::{Preview, Problem, PromptPart, RowDetail};
pub(crate) use outcome::{
    Decided, Evaluated, Existing, ExportReport, Failure, JobOutcome, OperationOutcome, ReplacedRows,
};
pub(crate) use page::{Kept, RequestRef, RowText, TextPage};
pub(crate) use pairing::{Pair, PairChoice, PairTally, sampled_first};
pub use parameter::Parameter;
pub(crate) use permission::{NamedBy, Permission, Secret};
pub use projection::Projection;
pub(crate) use projection::{Decisions, OfGenerator, RowView, RowsOf, Steps, Timeline, Touched};
pub use prompt::{Draft, PromptContent, Version};
pub(crate) use prompt::{Reference, ReferenceError};
pub(crate) use prompt::{prompt_name_fault, variable_fault};
pub use provider::Provider;
pub(crate) use provider::{is_own_key, own_key_variables};
pub(crate) use race::Race;
pub use row::{Flag, FlagKind, Rating, Scores};
pub(crate) use row::{RowState, StateKind};
pub(crate) use row_plan::{PlanMode, PlanOrder, RowPlan};
pub use row_set::RowSet;
pub(crate) use run::{Exchange, Scrap, TOKENS_OF_ROW};
pub use run::{ExchangeMessage, GeneratorInfo, Request, Role, Run, RunStatus, Tokens};
pub(crate) use scarce::Scarce;
pub use scoreboard::{Against, ScoreLine, Scoreboard, Standing};
pub use session::{Budget, GeneratorSettings};
pub(crate) use session::{
    DatasetSettings, ExampleSettings, ExampleStrategy, LARGEST_SEED, Limits, Price, Quotes, Session, Target,
};
pub(crate) use trial::TrialEnd;
pub(crate) use trial::{Side, Trial, TrialKind, TrialNumber, TrialOutcome, TrialSide};
pub(crate) use usage::{Usage, compact, dollars};
pub(crate) use variable::{Condition, ValueSource, VariableRule, Variables};
pub(crate) use version_label::{labels_of, version_label_fault};
