//! What to evaluate.

use std::path::PathBuf;

use clap::Args;

use super::SESSION_HELP;

/// What to evaluate, and how.
#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// How many seeds to draw; fewer than 10 are warned about.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
    /// The arms to show besides real and accepted: copies, balanced, eda, threshold, ceiling; all if not given.
    #[arg(long, value_name = "ARMS", value_delimiter = ',')]
    pub arms: Vec<String>,
    /// The classifier: lr (logistic regression), svm (linear support vector machine) or cnb (complement naive Bayes).
    #[arg(long, value_name = "MODEL", default_value = "lr")]
    pub model: String,
    /// Exit with 1 unless this is the verdict: helps, no-better-than-a-control, undecided or hurts.
    #[arg(long, value_name = "VERDICT")]
    pub fail_unless: Option<String>,
    /// Write a page with the charts, which needs no network.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Replace the page if it is there already.
    #[arg(long)]
    pub force: bool,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}
