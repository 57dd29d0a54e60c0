//! Batches: `batch write`, `batch read` and `batch status`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::sample::seed;
use super::{GeneratorArgs, SESSION_HELP};
use crate::domain::BatchTarget;

/// What to do with a batch.
#[derive(Debug, Subcommand)]
pub(crate) enum BatchCommand {
    /// Write the requests of a run to files; nothing is sent.
    Write(Box<BatchWriteArgs>),
    /// Take in results: valid rows come into the queue with their flags, each request once.
    Read(BatchReadArgs),
    /// Say how far each batch is, and what is missing.
    Status(BatchStatusArgs),
}

/// Requests to write.
#[derive(Debug, Args)]
pub(crate) struct BatchWriteArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// How many rows.
    #[arg(
        short = 'n',
        value_name = "ROWS",
        required_unless_present = "missing",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub rows: Option<u32>,
    /// Who answers: the Batch API of OpenAI and its likes, Anthropic's Message Batches, `vllm run-batch`, or Ray Data.
    #[arg(long, value_name = "TARGET", required_unless_present = "missing")]
    pub to: Option<BatchTarget>,
    /// The folder to make.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Write what a batch has no answer to, as it was begun.
    #[arg(long, conflicts_with_all = ORDER)]
    pub missing: bool,
    /// With `--missing`: which batch, where several wait.
    #[arg(long, value_name = "RUN", requires = "missing")]
    pub run: Option<u32>,
    #[arg(long, value_name = "REF", help = "The version: [NAME@](N | vN | ID); else the latest")]
    pub prompt: Option<String>,
    #[command(flatten)]
    pub generator: GeneratorArgs,
    /// The run's seed; else the next of the session's.
    #[arg(long, value_name = "S", value_parser = seed, allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Replace a folder of an earlier batch, where nothing else is in it.
    #[arg(long)]
    pub force: bool,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// The options that conflict with `--missing`: a batch keeps what it was begun with.
const ORDER: [&str; 12] = [
    "rows",
    "to",
    "prompt",
    "seed",
    "profile",
    "provider",
    "model",
    "base_url",
    "temperature",
    "reply_tokens",
    "rows_per_request",
    "no_schema",
];

/// Results to read.
#[derive(Debug, Args)]
pub(crate) struct BatchReadArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Files of results, or folders of them (`*.jsonl`, without requests), in any order.
    #[arg(required = true, value_name = "FILE|DIR")]
    pub results: Vec<PathBuf>,
}

/// Batches to look at.
#[derive(Debug, Args)]
pub(crate) struct BatchStatusArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Print JSON Lines.
    #[arg(long)]
    pub json: bool,
}

impl ValueEnum for BatchTarget {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.name()))
    }
}
