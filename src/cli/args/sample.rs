//! Asking a model: `sample` and `doctor`.

use std::path::PathBuf;

use clap::Args;

use super::generator::from_one;
use super::{GeneratorArgs, SESSION_HELP, SpreadArgs};
use crate::domain::{Budget, LARGEST_SEED};

/// An order for rows.
#[derive(Debug, Args)]
pub(crate) struct SampleArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// How many rows.
    #[arg(short = 'n', value_name = "ROWS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub rows: u32,
    #[arg(long, value_name = "REF", help = "The version: [NAME@](N | vN | ID); else the latest")]
    pub prompt: Option<String>,
    #[command(flatten)]
    pub generator: GeneratorArgs,
    /// Requests under way at once.
    #[arg(long, value_name = "C", value_parser = from_one)]
    pub concurrency: Option<u32>,
    /// The run's seed; else the next of the session's.
    #[arg(long, value_name = "S", value_parser = seed, allow_negative_numbers = true)]
    pub seed: Option<u64>,
    #[command(flatten)]
    pub spread: SpreadArgs,
    #[command(flatten)]
    pub budget: BudgetArgs,
    /// Answer a request that was made before, word for word and with the same seed, from what came then.
    #[arg(long)]
    pub reuse: bool,
    /// Go on with the last run that misses rows, as it began: what is missing is asked for, nothing twice.
    /// A larger budget may be given.
    #[arg(long, conflicts_with_all = RUN_OPTIONS)]
    pub resume: bool,
    /// Keep headers and bodies of all requests and answers in this folder, without the key.
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// What a run may use up.
#[derive(Debug, Args)]
pub(crate) struct BudgetArgs {
    /// Stop before the run costs more US dollars than this; with `--resume`, instead of what it had.
    #[arg(long, value_name = "USD", value_parser = dollars, allow_negative_numbers = true)]
    budget_cost: Option<f64>,
    /// Stop before the run uses more tokens than this, of messages and replies together; with `--resume` likewise.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    budget_tokens: Option<u64>,
    /// Stop after this many requests; with `--resume` likewise.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    budget_requests: Option<u32>,
    #[arg(long, hide = true, value_parser = dollars)]
    max_cost: Option<f64>,
    #[arg(long, hide = true, value_parser = clap::value_parser!(u64).range(1..))]
    max_tokens: Option<u64>,
    #[arg(long, hide = true, value_parser = clap::value_parser!(u32).range(1..))]
    max_requests: Option<u32>,
}

impl BudgetArgs {
    /// Returns the budget; an option under its former name gives way to the same under its own.
    pub(crate) fn budget(&self) -> Budget {
        Budget {
            cost: self.budget_cost.or(self.max_cost),
            tokens: self.budget_tokens.or(self.max_tokens),
            requests: self.budget_requests.or(self.max_requests),
        }
    }

    /// Returns a sentence for each option that was given under its former name.
    pub(crate) fn remarks(&self) -> impl Iterator<Item = String> {
        let given = [
            ("cost", self.max_cost.is_some()),
            ("tokens", self.max_tokens.is_some()),
            ("requests", self.max_requests.is_some()),
        ];
        given.into_iter().filter(|(_, is_given)| *is_given).map(|(what, _)| {
            format!("`--max-{what}` is `--budget-{what}` now; the old name goes on working.")
        })
    }
}

/// The options that conflict with `--resume`, because a continued run keeps its own values. Budgets
/// are not among them, because the run's own may be used up.
const RUN_OPTIONS: [&str; 15] = [
    "plan",
    "set",
    "rows",
    "profile",
    "prompt",
    "provider",
    "model",
    "base_url",
    "temperature",
    "reply_tokens",
    "rows_per_request",
    "no_schema",
    "concurrency",
    "seed",
    "reuse",
];

/// Reads a seed that every reader of JSON keeps as it is.
pub(super) fn seed(text: &str) -> Result<u64, String> {
    let seed = text.parse().ok().filter(|seed| *seed <= LARGEST_SEED);
    seed.ok_or_else(|| {
        format!("give a whole number from 0 to {LARGEST_SEED}; readers of JSON round larger ones")
    })
}

fn dollars(text: &str) -> Result<f64, String> {
    let sum = text.strip_prefix('$').unwrap_or(text).parse().ok();
    sum.filter(|sum: &f64| sum.is_finite() && *sum > 0.0)
        .ok_or_else(|| "give US dollars, such as 0.50".into())
}

/// The options of `doctor` that name one model, which `--local` does not test.
const MODEL_OPTIONS: [&str; 10] = [
    "session",
    "profile",
    "provider",
    "model",
    "base_url",
    "temperature",
    "reply_tokens",
    "rows_per_request",
    "no_stream",
    "no_schema",
];

/// What a session may do with keys.
#[derive(Debug, Args)]
pub(crate) struct AllowArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Allow it without a question.
    #[arg(long)]
    pub yes: bool,
    /// Take back all that the session was allowed.
    #[arg(long, conflicts_with = "yes")]
    pub forget: bool,
}

/// Which model to test.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// A session whose settings to test; else only the profile.
    pub session: Option<String>,
    #[command(flatten)]
    pub generator: GeneratorArgs,
    /// Look for model servers on the usual ports of this machine instead, and say what to write to use one.
    #[arg(long, conflicts_with_all = MODEL_OPTIONS)]
    pub local: bool,
    /// The ports to look at with `--local` instead of the usual ones.
    #[arg(long, value_name = "P,P…", value_delimiter = ',', requires = "local")]
    pub ports: Vec<u16>,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}
