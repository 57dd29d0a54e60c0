//! Rows leaving the workbench, and their JSON.
//!
//! The shapes here are a contract with other programs: keys keep their names and their order,
//! and the same store gives the same bytes. Nothing here asks what time it is, decides what is
//! worth keeping, or changes a text on its way out.
//!
//! ```text
//! RowView ───────► RowJson, VersionJson, RunJson, OperationJson     one line each
//! accepted rows ─► export ─► a temporary file ─► FILE                csv or jsonl, whole or not at all
//! ```

pub mod file;
pub mod line_json;
mod placing;
mod record;
pub mod row_json;
pub mod run_json;

pub use file::{Contaminated, Export, ExportError, ExportRow, Format};
pub use line_json::{OperationJson, VersionJson};
pub use row_json::{PromptJson, RowJson};
pub use run_json::{FlagsJson, RunDetailJson, RunJson, SampleJson, ScrapJson, flags_of_run};
