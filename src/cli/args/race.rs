//! Races: `race start`, `race next`, `race status` and `race stop`.

use clap::{Args, Subcommand};

use super::sample::{BudgetArgs, seed};
use super::{GeneratorArgs, SESSION_HELP};

/// What to do with a race.
#[derive(Debug, Subcommand)]
pub(crate) enum RaceCommand {
    /// Begin a race of two to eight versions, and sample its first rows.
    Start(Box<RaceStartArgs>),
    /// Sample the rows that are due, and list those that wait; `accept ID` and `reject ID` decide them.
    Next(RaceNextArgs),
    /// Say how the race stands: as long as it goes on without what tells the versions apart.
    Status(RaceStatusArgs),
    /// End the race as it stands.
    Stop(RaceSessionArgs),
}

/// A race to begin.
#[derive(Debug, Args)]
pub(crate) struct RaceStartArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// The versions, such as v3, a label or NAME@v3.
    #[arg(required = true, num_args = 2..=8, value_name = "REF")]
    pub versions: Vec<String>,
    /// How many decisions it takes at most.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    pub decisions: u32,
    #[command(flatten)]
    pub generator: GeneratorArgs,
    /// What the choices and the order of the rows are drawn from; else by the clock.
    #[arg(long, value_name = "S", value_parser = seed, allow_negative_numbers = true)]
    pub seed: Option<u64>,
    #[command(flatten)]
    pub budget: BudgetArgs,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// Rows that are due.
#[derive(Debug, Args)]
pub(crate) struct RaceNextArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    #[command(flatten)]
    pub budget: BudgetArgs,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// A race to look at.
#[derive(Debug, Args)]
pub(crate) struct RaceStatusArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Tell the versions apart although the race goes on.
    #[arg(long)]
    pub unblind: bool,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// A session whose race is meant.
#[derive(Debug, Args)]
pub(crate) struct RaceSessionArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
}
