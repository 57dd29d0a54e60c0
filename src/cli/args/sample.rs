//! Asking a model: `sample` and `doctor`.

use std::path::PathBuf;

use clap::Args;

use super::SESSION_HELP;

/// An order for rows.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct SampleArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// How many rows.
    #[arg(short = 'n', value_name = "ROWS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub rows: u32,
    /// Ask as this profile of your config.toml says; else as the session's.
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    #[arg(long, value_name = "REF", help = "The version: [NAME@](N | vN | ID); else the latest")]
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
    /// Stop before the run costs more US dollars than this; with `--resume`, instead of what it had.
    #[arg(long, value_name = "USD", value_parser = dollars)]
    pub max_cost: Option<f64>,
    /// Stop before the run uses more tokens than this, of messages and replies together; with `--resume` likewise.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_tokens: Option<u64>,
    /// Stop after this many requests; with `--resume` likewise.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_requests: Option<u32>,
    /// Answer a request that was made before, word for word and with the same seed, from what came then.
    #[arg(long)]
    pub reuse: bool,
    /// Ask for whole replies instead of streams.
    #[arg(long)]
    pub no_stream: bool,
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

/// The options that conflict with `--resume`, because a continued run keeps its own values. Budgets
/// are not among them, because the run's own may be used up.
const RUN_OPTIONS: [&str; 10] = [
    "rows",
    "profile",
    "prompt",
    "provider",
    "model",
    "base_url",
    "temperature",
    "concurrency",
    "seed",
    "reuse",
];

fn dollars(text: &str) -> Result<f64, String> {
    let sum = text.strip_prefix('$').unwrap_or(text).parse().ok();
    sum.filter(|sum: &f64| sum.is_finite() && *sum > 0.0)
        .ok_or_else(|| "give US dollars, such as 0.50".into())
}

/// Which model to test.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// A session whose settings to test; else only the profile.
    pub session: Option<String>,
    /// Test this profile of your config.toml; else the session's.
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Who writes: offline, openai, anthropic, gemini or ollama.
    #[arg(long, value_name = "P")]
    pub provider: Option<String>,
    /// The model's name.
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    #[arg(long, value_name = "URL", help = "A server that speaks the OpenAI dialect")]
    pub base_url: Option<String>,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}
