//! The command line, as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A terminal workbench for prompt engineering and synthetic data.
///
/// Edit a prompt, sample rows, keep the good ones, export them. Without a command it opens
/// the last session, or the bundled one.
#[derive(Debug, Parser)]
#[command(name = "rowsmith", version, propagate_version = true, disable_help_subcommand = true)]
#[command(override_usage = USAGE, after_help = EXIT_CODES)]
pub struct Cli {
    /// What the workbench opens, where no command is given.
    #[command(flatten)]
    pub open: OpenArgs,
    /// Settings that hold for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do; without it, open the workbench.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const USAGE: &str = "rowsmith [OPTIONS] [SESSION]\n       rowsmith [OPTIONS] <COMMAND>";

const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 wrong usage or wrong session file, \
                          3 the store is in use by another process, whose pid is named.";

/// Settings that hold for every command.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// Keep the store here instead of `.rowsmith/` in the session's folder.
    #[arg(long, global = true, value_name = "DIR", env = "ROWSMITH_STORE")]
    pub store: Option<PathBuf>,
    /// Draw with this theme: a name, or a theme file.
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// Read the user's settings from this file.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Refuse all network; only the offline generator can sample.
    #[arg(long, global = true)]
    pub offline: bool,
    /// Log more; twice logs everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the workbench.
    Open(OpenArgs),
    /// Make a session for a dataset of your own.
    New(NewArgs),
    /// Sample rows.
    Sample(SampleArgs),
    /// List the runs, or show one with its scraps.
    Runs(RunsArgs),
    /// List the rows in the order in which they came.
    Rows(RowsArgs),
    /// Accept rows.
    Accept(AcceptArgs),
    /// Reject rows.
    Reject(DecideArgs),
    /// Skip rows: they are left open.
    Skip(DecideArgs),
    /// Edit one row's fields; the original is kept.
    Edit(EditArgs),
    /// Undo the last operations.
    Undo(StepsArgs),
    /// Do undone operations again.
    Redo(StepsArgs),
    /// List the operations.
    Log(ListArgs),
    /// List, show, compare and add prompt versions.
    #[command(subcommand)]
    Prompt(PromptCommand),
    /// Write the accepted rows as a dataset.
    Export(ExportArgs),
    /// Say where the store is, or check it.
    #[command(subcommand)]
    Store(StoreCommand),
    /// Test a model with one small request, and say what to do about what fails.
    Doctor(DoctorArgs),
    /// Print the keys of the workbench.
    Keys,
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

const SESSION_HELP: &str = "A session's folder, its session.toml, or the name of a bundled session";

/// What the workbench opens.
#[derive(Debug, Default, Args)]
pub struct OpenArgs {
    #[arg(help = SESSION_HELP)]
    pub session: Option<String>,
}

/// A new session.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// The folder to make.
    pub dir: PathBuf,
    /// The dataset: a CSV, TSV or JSONL file.
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// The column of the text.
    #[arg(long, value_name = "COL")]
    pub text: String,
    /// The column of the label.
    #[arg(long, value_name = "COL")]
    pub label: String,
    /// The label that more rows are wanted of.
    #[arg(long, value_name = "LABEL")]
    pub target: String,
    /// The column of the id; else line numbers are ids.
    #[arg(long, value_name = "COL")]
    pub id: Option<String>,
    /// The column that says train or test; else the split is stratified by seed.
    #[arg(long, value_name = "COL")]
    pub split: Option<String>,
    /// The share of each class to hold out.
    #[arg(long, value_name = "F", default_value_t = 0.2)]
    pub test_fraction: f64,
    /// The seed of the split and of the runs.
    #[arg(long, value_name = "S", default_value_t = 42)]
    pub seed: u64,
}

/// An order for rows.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct SampleArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// How many rows.
    #[arg(short = 'n', value_name = "ROWS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub rows: u32,
    /// Ask as this profile of your config.toml says; else as the session's.
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// The version: [NAME@](N | vN | ID); else the latest.
    #[arg(long, value_name = "REF")]
    pub prompt: Option<String>,
    /// Who writes: offline, openai, anthropic, gemini or ollama.
    #[arg(long, value_name = "P")]
    pub provider: Option<String>,
    /// The model's name.
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    #[arg(long, value_name = "URL", help = "A server that speaks the OpenAI dialect")]
    pub base_url: Option<String>,
    /// The sampling temperature.
    #[arg(long, value_name = "T")]
    pub temperature: Option<f64>,
    /// Requests under way at once.
    #[arg(long, value_name = "C", value_parser = clap::value_parser!(u32).range(1..))]
    pub concurrency: Option<u32>,
    /// The run's seed; else the next of the session's.
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Stop before the run costs more US dollars than this.
    #[arg(long, value_name = "USD", value_parser = dollars)]
    pub max_cost: Option<f64>,
    /// Stop before the run uses more tokens than this, of messages and replies together.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_tokens: Option<u64>,
    /// Stop after this many requests.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_requests: Option<u32>,
    /// Answer a request that was made before, word for word and with the same seed, from what came then.
    #[arg(long)]
    pub reuse: bool,
    /// Ask for whole replies instead of streams.
    #[arg(long)]
    pub no_stream: bool,
    /// Go on with the last run that was interrupted, as it began: what is missing is asked for, nothing twice.
    #[arg(long, conflicts_with_all = RUN_OPTIONS)]
    pub resume: bool,
    /// Keep headers and bodies of all requests and answers in this folder, without the key.
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// What a run that goes on has already: its own values hold.
const RUN_OPTIONS: [&str; 13] = [
    "rows",
    "profile",
    "prompt",
    "provider",
    "model",
    "base_url",
    "temperature",
    "concurrency",
    "seed",
    "max_cost",
    "max_tokens",
    "max_requests",
    "reuse",
];

fn dollars(text: &str) -> Result<f64, String> {
    let sum = text.strip_prefix('$').unwrap_or(text).parse().ok();
    sum.filter(|sum: &f64| sum.is_finite() && *sum > 0.0)
        .ok_or_else(|| "give US dollars, such as 0.50".into())
}

/// Which profile to test.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// A session whose settings to test; else only the profile.
    pub session: Option<String>,
    /// Test this profile of your config.toml; else the session's.
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// A session, listed.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Print JSON Lines.
    #[arg(long)]
    pub json: bool,
}

/// Which run.
#[derive(Debug, Args)]
pub struct RunsArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// One run, with its scraps.
    pub run: Option<u32>,
    /// Print JSON: Lines for the list, one document for a run.
    #[arg(long)]
    pub json: bool,
}

/// Which rows to list.
#[derive(Debug, Args)]
pub struct RowsArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Only rows that match, such as `state:pending rating>=4 text~"free prize"`.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// At most this many.
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Print JSON Lines.
    #[arg(long)]
    pub json: bool,
}

/// Which rows to decide.
#[derive(Debug, Args)]
pub struct Selection {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Row ids, or their first four characters or more; `-` reads them from standard input.
    #[arg(value_name = "ID", required_unless_present = "filter", conflicts_with = "filter")]
    pub ids: Vec<String>,
    /// All rows that match.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Add a tag; may be given more than once.
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
}

/// Rows to accept.
#[derive(Debug, Args)]
pub struct AcceptArgs {
    /// Which rows.
    #[command(flatten)]
    pub rows: Selection,
    /// Give this many stars.
    #[arg(long, value_name = "1-5")]
    pub rating: Option<u8>,
}

/// Rows to reject or skip.
#[derive(Debug, Args)]
pub struct DecideArgs {
    /// Which rows.
    #[command(flatten)]
    pub rows: Selection,
    /// Say why.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// A row's new fields.
#[derive(Debug, Args)]
pub struct EditArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// The row's id.
    pub id: String,
    /// A field's new value; may be given more than once.
    #[arg(long = "set", value_name = "FIELD=VALUE", required = true)]
    pub set: Vec<String>,
}

/// How many steps.
#[derive(Debug, Args)]
pub struct StepsArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// How many operations.
    #[arg(short = 'n', value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub steps: u32,
}

/// What to do with prompts.
#[derive(Debug, Subcommand)]
pub enum PromptCommand {
    /// List the versions.
    List(ListArgs),
    /// Print a version as a prompt file.
    Show {
        #[arg(help = SESSION_HELP)]
        session: String,
        /// The version: [NAME@](N | vN | ID).
        #[arg(value_name = "REF")]
        reference: String,
    },
    /// Compare two versions, line by line.
    Diff {
        #[arg(help = SESSION_HELP)]
        session: String,
        /// The version before.
        a: String,
        /// The version after.
        b: String,
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
pub struct ExportArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// jsonl or csv.
    #[arg(long, value_name = "FORMAT")]
    pub format: String,
    /// The file to write.
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
    /// Only rows that match.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Put the real train rows first.
    #[arg(long)]
    pub with_real: bool,
    /// Export rows that contaminate the test set as well.
    #[arg(long)]
    pub allow_contaminated: bool,
}

/// What to do with the store.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Print the store's folder.
    Path {
        #[arg(help = SESSION_HELP)]
        session: String,
    },
    /// Check every line of the journal, and that sled says what the journal says.
    Verify {
        #[arg(help = SESSION_HELP)]
        session: String,
    },
}
