//! The command line, as clap reads it.

mod batch;
mod compare;
mod data;
mod evaluate;
mod generator;
mod import;
mod keep;
mod new;
mod plan;
mod prompt;
mod race;
mod rows;
mod sample;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub(super) use batch::{BatchCommand, BatchReadArgs, BatchStatusArgs, BatchWriteArgs};
pub(super) use compare::CompareArgs;
pub(super) use data::DataArgs;
pub(super) use evaluate::EvaluateArgs;
pub(super) use generator::GeneratorArgs;
pub(super) use import::ImportArgs;
pub(super) use keep::{ExportArgs, StoreCommand};
pub(super) use new::{NewArgs, SEED, TEST_FRACTION};
pub(super) use plan::{CoverageArgs, PlanArgs, SpreadArgs};
pub(super) use prompt::{AddPromptArgs, ExportPromptArgs, LabelArgs, PromptCommand, SuggestArgs};
pub(super) use race::{RaceCommand, RaceNextArgs, RaceSessionArgs, RaceStartArgs, RaceStatusArgs};
pub(super) use rows::{
    AcceptArgs, DecideArgs, DuplicatesArgs, EditArgs, FacetsArgs, LabelRowsArgs, ListArgs, MetricsArgs,
    ReplaceArgs, RowsArgs, RunsArgs, StepsArgs, TagArgs, Which,
};
pub(super) use sample::{AllowArgs, DoctorArgs, SampleArgs};

/// A terminal workbench for prompt engineering and synthetic data.
///
/// Edit a prompt, sample rows, keep the good ones, export them. Without a command it opens
/// the last session, or the bundled one.
#[derive(Debug, Parser)]
#[command(
    name = "rowsmith",
    bin_name = "rowsmith",
    version,
    propagate_version = true,
    disable_help_subcommand = true,
    args_override_self = true
)]
#[command(override_usage = USAGE, after_help = EXIT_CODES)]
pub(super) struct Cli {
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
pub(super) struct Global {
    /// Keep the store here instead of `.rowsmith/` in the session's folder.
    #[arg(long, global = true, value_name = "DIR", env = "ROWSMITH_STORE", hide_env_values = true)]
    pub store: Option<PathBuf>,
    /// Draw with this theme: a name, or a theme file.
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// Read the user's settings from this file.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Read datasets of up to this many megabytes; they are held in memory.
    #[arg(
        long,
        global = true,
        value_name = "MB",
        env = "ROWSMITH_MAX_DATA",
        hide_env_values = true,
        default_value_t = 512
    )]
    pub max_data: u32,
    /// Refuse all network; only the offline generator can sample.
    #[arg(long, global = true)]
    pub offline: bool,
    /// Tell which version, run and generator rows come from while a blind trial goes on.
    #[arg(long, global = true)]
    pub unblind: bool,
    /// Log more; twice logs everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Open the workbench.
    Open(OpenArgs),
    /// Make a session for a dataset of your own; without its columns, ask for them on a terminal.
    New(NewArgs),
    /// Sample rows.
    Sample(SampleArgs),
    /// Show which combination of variables gets how many of the next rows, without sampling.
    Plan(PlanArgs),
    /// Show how many rows each pair of values of two variables has.
    Coverage(CoverageArgs),
    /// Write requests to files that a service or an engine answers, and read the results.
    #[command(subcommand)]
    Batch(BatchCommand),
    /// Let versions compete for the next rows, blind.
    #[command(subcommand)]
    Race(RaceCommand),
    /// List the runs, or show one with its scraps.
    Runs(RunsArgs),
    /// List the rows in the order in which they came.
    Rows(RowsArgs),
    /// List groups of rows that are equal or nearly equal, or keep the best row of each.
    Duplicates(DuplicatesArgs),
    /// Count the states, flags, labels, versions, runs, variables, tags and reasons of rows.
    Facets(FacetsArgs),
    /// Accept rows.
    Accept(AcceptArgs),
    /// Reject rows.
    Reject(DecideArgs),
    /// Skip rows: they are left open.
    Skip(DecideArgs),
    /// Give rows another label; the original is kept.
    Label(LabelRowsArgs),
    /// Add tags to rows, and take others away.
    Tag(TagArgs),
    /// Edit one row's fields; the original is kept.
    Edit(EditArgs),
    /// Find and replace in rows, as one operation; the originals are kept.
    Replace(ReplaceArgs),
    /// Undo the last operations.
    Undo(StepsArgs),
    /// Do undone operations again.
    Redo(StepsArgs),
    /// List the operations.
    Log(ListArgs),
    /// List, show, compare, label, add and export prompt versions.
    #[command(subcommand)]
    Prompt(PromptCommand),
    /// Compare two versions, models or settings by pairs of rows, without knowing whose they are.
    Compare(CompareArgs),
    /// List every real row's part: train, test, set aside or held back.
    Split(ListArgs),
    /// Show the dataset and what a classifier does not get in it, or make rows of it examples.
    Data(DataArgs),
    /// Measure how varied rows are and how near to real ones, beside real rows.
    Metrics(MetricsArgs),
    /// Write the accepted rows as a dataset.
    Export(ExportArgs),
    /// Say whether the accepted rows help a classifier, measured on the real test rows.
    Evaluate(EvaluateArgs),
    /// Import rows that were made elsewhere, as one operation.
    Import(ImportArgs),
    /// Say where the store is, or check it.
    #[command(subcommand)]
    Store(StoreCommand),
    /// Test a model with one small request, and say what to do about what fails.
    Doctor(DoctorArgs),
    /// Show which key a session wants to send where, or which command it wants to run for one, and allow it.
    Allow(AllowArgs),
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
pub(super) struct OpenArgs {
    #[arg(help = SESSION_HELP)]
    pub session: Option<String>,
    #[command(flatten)]
    pub generator: GeneratorArgs,
}
