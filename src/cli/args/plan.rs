//! Spreading rows over the combinations of variables: options of `sample`, and `plan` and `coverage`.

use std::collections::BTreeMap;

use clap::Args;

use super::sample::seed;
use super::{GeneratorArgs, SESSION_HELP};
use crate::cli::CliError;
use crate::domain::{PlanMode, PlanOrder};

/// How rows are spread over the combinations of variables.
#[derive(Debug, Default, Args)]
pub(crate) struct SpreadArgs {
    /// How rows are spread over the combinations of variables: `random` draws for each request, `balanced` fills what
    /// has the fewest rows, `grid` gives every combination its share.
    #[arg(long, value_name = "PLAN", value_parser = mode)]
    plan: Option<PlanMode>,
    /// Give a variable this value in all rows; may be repeated.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
}

impl SpreadArgs {
    /// Returns what was asked for.
    ///
    /// # Errors
    ///
    /// A variable that is given two values.
    pub(crate) fn order(&self) -> Result<PlanOrder, CliError> {
        let mut set = BTreeMap::new();
        for (name, value) in &self.set {
            if let Some(before) = set.insert(name.clone(), value.clone()).filter(|before| before != value) {
                return Err(CliError::Usage(format!(
                    "`--set` gives `{name}` two values, `{before}` and `{value}`; give one."
                )));
            }
        }
        Ok(PlanOrder { mode: self.plan.unwrap_or_default(), set })
    }
}

/// A plan to show.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// How many rows.
    #[arg(short = 'n', value_name = "ROWS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub rows: u32,
    #[arg(long, value_name = "REF", help = "The version: [NAME@](N | vN | ID); else the latest")]
    pub prompt: Option<String>,
    #[command(flatten)]
    pub spread: SpreadArgs,
    #[command(flatten)]
    pub generator: GeneratorArgs,
    /// The run's seed; else the next of the session's.
    #[arg(long, value_name = "S", value_parser = seed, allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// A coverage map to show.
#[derive(Debug, Args)]
pub(crate) struct CoverageArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    #[arg(
        long,
        value_name = "REF",
        help = "The version whose variables count: [NAME@](N | vN | ID); else the latest"
    )]
    pub prompt: Option<String>,
    /// The variable of the lines; else the first one.
    #[arg(long, value_name = "VARIABLE")]
    pub down: Option<String>,
    /// The variable of the columns; else the next one.
    #[arg(long, value_name = "VARIABLE")]
    pub across: Option<String>,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

fn mode(text: &str) -> Result<PlanMode, String> {
    PlanMode::from_name(text).ok_or_else(|| "give random, balanced or grid".to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("give a variable and its value, such as topic=bank")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}
