//! The arguments of `new`.

use std::path::PathBuf;

use clap::Args;

use crate::domain::Quotes;

/// The share of each class that is held out, unless said otherwise.
pub(in crate::cli) const TEST_FRACTION: f64 = 0.2;
/// The seed, unless said otherwise.
pub(in crate::cli) const SEED: u64 = 42;

/// A new session, or a look at a file.
///
/// Without `--text`, `--label` or `--target` a terminal asks for them. Elsewhere nothing is made: what the file holds is
/// printed, with the whole command to write.
#[derive(Debug, Clone, Args)]
#[command(allow_negative_numbers = true)]
pub(in crate::cli) struct NewArgs {
    /// The folder to make.
    pub dir: Option<PathBuf>,
    /// The dataset: a file, or a folder from the Hugging Face hub.
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// The column of the text.
    #[arg(long, value_name = "COL")]
    pub text: Option<String>,
    /// The column of the label.
    #[arg(long, value_name = "COL")]
    pub label: Option<String>,
    /// The label that more rows are wanted of.
    #[arg(long, value_name = "LABEL")]
    pub target: Option<String>,
    /// The column of the id; else line numbers are ids.
    #[arg(long, value_name = "COL")]
    pub id: Option<String>,
    /// The column that says train or test, or `none`; else the split is stratified by seed.
    #[arg(long, value_name = "COL")]
    pub split: Option<String>,
    /// Pass over rows without a label.
    #[arg(long)]
    pub skip_unlabelled: bool,
    /// Join the text with the cells behind it that have no column's name.
    #[arg(long)]
    pub join: bool,
    /// The character between the cells of a table; else it is found out.
    #[arg(long, value_name = "C", value_parser = separator)]
    pub separator: Option<char>,
    /// What quotes mean in a table, `csv` or `none`; else it is found out.
    #[arg(long, value_name = "Q", value_parser = quotes)]
    pub quotes: Option<Quotes>,
    /// The share of each class to hold out.
    #[arg(long, value_name = "F", default_value_t = TEST_FRACTION)]
    pub test_fraction: f64,
    /// The seed of the split and of the runs.
    #[arg(long, value_name = "S", default_value_t = SEED, value_parser = super::sample::seed)]
    pub seed: u64,
    /// Know only so many train rows of the target, and hold the others back for the evaluation.
    #[arg(long, value_name = "K", value_parser = super::generator::from_one)]
    pub scarce: Option<u32>,
}

fn separator(text: &str) -> Result<char, String> {
    match text {
        "\\t" | "tab" => Ok('\t'),
        _ => {
            let mut chars = text.chars();
            let one = chars.next().filter(|c| c.is_ascii() && !matches!(c, '"' | '\n' | '\r' | '\0'));
            one.filter(|_| chars.next().is_none())
                .ok_or_else(|| "write the one character between cells: `,`, `;`, `|` or `tab`".to_owned())
        }
    }
}

fn quotes(text: &str) -> Result<Quotes, String> {
    match text {
        "csv" => Ok(Quotes::Csv),
        "none" => Ok(Quotes::None),
        _ => Err("write `csv`, where quotes hold cells together, or `none`".to_owned()),
    }
}
