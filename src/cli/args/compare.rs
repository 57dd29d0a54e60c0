//! Comparing: `compare`.

use clap::Args;

use super::generator::from_one;
use super::sample::{BudgetArgs, seed};
use super::{GeneratorArgs, SESSION_HELP};

/// What to compare, or what to do with the comparison that goes on.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub(crate) struct CompareArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// The version of the first side, such as v3, a label or NAME@v3; with B it begins a comparison.
    #[arg(value_name = "A", requires = "b")]
    pub a: Option<String>,
    /// The version of the second side, which may be the same on another model or at another temperature.
    #[arg(value_name = "B")]
    pub b: Option<String>,
    /// How many pairs.
    #[arg(short = 'n', value_name = "PAIRS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000), requires = "b")]
    pub pairs: u32,
    /// Do not hide which side a row comes from.
    #[arg(long, requires = "b")]
    pub open: bool,
    /// What examples, variables and the order are drawn from; else the next seed of the session's.
    #[arg(long, value_name = "S", value_parser = seed, allow_negative_numbers = true, requires = "b")]
    pub seed: Option<u64>,
    #[command(flatten)]
    pub generator: GeneratorArgs,
    #[command(flatten)]
    pub second: SecondArgs,
    #[command(flatten)]
    pub budget: BudgetArgs,
    /// Requests under way at once.
    #[arg(long, value_name = "C", value_parser = from_one)]
    pub concurrency: Option<u32>,
    /// Sample what the comparison that goes on misses.
    #[arg(long, conflicts_with_all = ["a", "status", "pair", "end"])]
    pub resume: bool,
    /// Say how the comparison stands that goes on, or what came of the last one, with its pairs.
    #[arg(long, conflicts_with_all = ["a", "pair", "end"])]
    pub status: bool,
    /// Decide a pair: its number, and `left`, `right`, `both` or `neither`.
    #[arg(long, num_args = 2, value_names = ["N", "CHOICE"], conflicts_with_all = ["a", "end"])]
    pub pair: Option<Vec<String>>,
    /// End the comparison and say which row was whose.
    #[arg(long, conflicts_with = "a")]
    pub end: bool,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// What the second side is sampled with, over what holds for both.
#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "the fields are named as the options are")]
#[command(next_help_heading = "Generator of the second side")]
pub(crate) struct SecondArgs {
    /// Ask as this profile of your config.toml says.
    #[arg(long, value_name = "NAME", requires = "b")]
    pub profile_b: Option<String>,
    /// The model's name.
    #[arg(long, value_name = "M", requires = "b")]
    pub model_b: Option<String>,
    /// The sampling temperature.
    #[arg(long, value_name = "T", allow_negative_numbers = true, requires = "b")]
    pub temperature_b: Option<f64>,
}
