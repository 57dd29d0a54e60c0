//! What leaves and what is kept: `export` and `store`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::SESSION_HELP;

/// What to export, and where to.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub(crate) struct ExportArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// jsonl, csv, tsv, parquet, hf, openai, alpaca, sharegpt, dpo, kto, argilla, prodigy, label-studio, fasttext or
    /// promptfoo; else the ending of the file says it, and standard output gets jsonl.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// The file to write, or the folder for hf, or `-` for standard output.
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
    /// Only accepted rows that match.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Put the real train rows behind the accepted ones.
    #[arg(long)]
    pub with_real: bool,
    /// Only the real rows of this part: test, for measuring elsewhere, or train. For hf, test adds a split of them.
    #[arg(long, value_name = "PART")]
    pub real: Option<String>,
    /// Export rows that contaminate the test set as well.
    #[arg(long)]
    pub allow_contaminated: bool,
    /// Split the rows: this share of each label's rows is to train on, the others are to test with.
    #[arg(long, value_name = "SHARE")]
    pub split: Option<f64>,
    /// Write so many rows of a label: a share as in 0.3, or a count; may be repeated.
    #[arg(long, value_name = "LABEL=AMOUNT", allow_hyphen_values = true)]
    pub balance: Vec<String>,
    /// The seed of what --split and --balance choose.
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub seed: u64,
    /// What a model is to learn, where the format has messages: classify or generate.
    #[arg(long, value_name = "TASK", default_value = "classify")]
    pub task: String,
    /// Only id, text, label and fields, without where a row comes from.
    #[arg(long)]
    pub bare: bool,
    /// Leave cells of CSV and TSV as they are that a spreadsheet would run.
    #[arg(long)]
    pub raw: bool,
    /// Replace what is there already.
    #[arg(long)]
    pub force: bool,
}

/// What to do with the store.
#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Print the store's folder.
    Path {
        #[arg(help = SESSION_HELP)]
        session: String,
    },
    /// Give the store to this session, whosever it was.
    Adopt {
        #[arg(help = SESSION_HELP)]
        session: String,
    },
    /// Check every line of the journal, and that sled says what the journal says.
    Verify {
        #[arg(help = SESSION_HELP)]
        session: String,
    },
    /// Bring back what a damaged or shortened journal lacks, as far as sled holds it.
    Repair {
        #[arg(help = SESSION_HELP)]
        session: String,
        /// Go on without what nothing holds any more.
        #[arg(long)]
        accept_loss: bool,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
}
