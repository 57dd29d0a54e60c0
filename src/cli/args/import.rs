//! What to import, and how.

use std::path::PathBuf;

use clap::Args;

use super::SESSION_HELP;

/// What to import, and how.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// The file: jsonl, json, csv, tsv, parquet, a Hugging Face dataset folder, or what an annotation tool exported.
    pub file: PathBuf,
    /// Give all rows this label, whatever the file says.
    #[arg(long = "as", value_name = "LABEL")]
    pub given: Option<String>,
    /// Accept the rows that bring no decision.
    #[arg(long)]
    pub accept: bool,
    /// The column of the texts, where it is not `text`.
    #[arg(long, value_name = "COL")]
    pub text: Option<String>,
    /// The column of the labels, where it is not `label`.
    #[arg(long, value_name = "COL")]
    pub label: Option<String>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}
