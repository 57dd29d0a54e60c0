//! Export of rows to files, and the JSON of rows, versions, runs and operations.
//!
//! The shapes here are a contract with other programs: keys keep their names and their order, and the same
//! store gives the same bytes. Nothing here reads the clock, decides which rows are worth keeping, or
//! changes a text.
//!
//! ```text
//! RowView ───────► RowJson, VersionJson, RunJson, OperationJson     one line each
//! Evaluation ────► page                                             one HTML file
//! accepted rows ─► choose ─► Shape or Sheet ─► temporary files ─► FILES   whole or not at all
//! ```

mod card;
mod choose;
mod error;
mod file;
mod files;
mod folder;
mod format;
mod jsonl;
pub(crate) mod line_json;
mod manifest;
mod missing;
mod nothing;
mod origins;
mod page;
mod placing;
mod preview;
mod record;
pub(crate) mod row_json;
pub(crate) mod run_json;
mod separated;
mod settling;
mod shape;
mod shapes;
mod shared;
mod sheet;
mod together;

pub(crate) use crate::domain::failure_lines;
pub(crate) use choose::{Amount, Balance, Shares};
pub(crate) use error::ExportError;
pub(crate) use file::{Contaminated, Export, ExportRow, Sought};
pub(crate) use format::{Destination, ExportProgress, Format, Task};
pub(crate) use line_json::{OperationJson, VersionJson};
pub(crate) use page::{check_page, page, place_page};
pub(crate) use record::LabelValues;
pub(crate) use row_json::RowJson;
pub(crate) use run_json::{RunDetailJson, RunJson, SampleJson, flags_of_run};
pub(crate) use shape::Context;
