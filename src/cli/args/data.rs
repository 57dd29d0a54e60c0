//! The dataset, and the rows of it that are examples.

use clap::Args;

use super::SESSION_HELP;

/// A session whose dataset is shown.
#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Make a train row an example, which `strategy = "hard"` shows first; may be given more than once.
    #[arg(long = "example", value_name = "ID", conflicts_with = "json")]
    pub examples: Vec<String>,
    /// Take an example back; may be given more than once.
    #[arg(long = "no-example", value_name = "ID", conflicts_with = "json")]
    pub no_examples: Vec<String>,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}
