//! Export of accepted rows to files, and the JSON of rows, versions, runs and operations.
//!
//! The shapes here are a contract with other programs: keys keep their names and their order, and the same
//! store gives the same bytes. Nothing here reads the clock, decides which rows are worth keeping, or
//! changes a text.
//!
//! ```text
//! RowView ───────► RowJson, VersionJson, RunJson, OperationJson     one line each
//! accepted rows ─► export ─► a temporary file ─► FILE                csv or jsonl, whole or not at all
//! ```

pub(crate) mod file;
pub(crate) mod line_json;
mod missing;
mod placing;
mod record;
pub(crate) mod row_json;
pub(crate) mod run_json;
mod settling;

pub(crate) use crate::domain::failure_lines;
pub(crate) use file::{Contaminated, Destination, Export, ExportError, ExportRow, Format, LabelValues};
pub(crate) use line_json::{OperationJson, VersionJson};
pub(crate) use row_json::RowJson;
pub(crate) use run_json::{RunDetailJson, RunJson, SampleJson, flags_of_run};
