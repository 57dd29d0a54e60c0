//! What is kept and what leaves: `prompt`, `export` and `store`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{ListArgs, SESSION_HELP};

const REFERENCE_HELP: &str =
    "[NAME@](N | vN | ID), `draft` for the text in the editor, or `replaced` for the draft before it";

/// What to do with prompts.
#[derive(Debug, Subcommand)]
pub(crate) enum PromptCommand {
    /// List the versions.
    List(ListArgs),
    /// Print a version as a prompt file.
    Show {
        #[arg(help = SESSION_HELP)]
        session: String,
        #[arg(value_name = "REF", help = REFERENCE_HELP)]
        reference: String,
    },
    /// Compare two versions, line by line.
    Diff {
        #[arg(help = SESSION_HELP)]
        session: String,
        /// The version before, or `draft`.
        a: String,
        /// The version after, or `draft`.
        b: String,
    },
    /// Put a version into the editor; `replaced` brings back what was there before.
    Use {
        #[arg(help = SESSION_HELP)]
        session: String,
        #[arg(value_name = "REF", help = REFERENCE_HELP)]
        reference: String,
    },
    /// Write a note about a version; without words, take it away.
    Note {
        #[arg(help = SESSION_HELP)]
        session: String,
        #[arg(value_name = "REF", help = REFERENCE_HELP)]
        reference: String,
        /// The note.
        #[arg(value_name = "TEXT")]
        words: Vec<String>,
    },
    /// Add a version from a file: the user part, with an optional front matter.
    Add {
        #[arg(help = SESSION_HELP)]
        session: String,
        /// The prompt file.
        file: PathBuf,
        /// The prompt to add to; else the current one.
        #[arg(long, value_name = "N")]
        name: Option<String>,
    },
}

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
