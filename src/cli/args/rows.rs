//! Runs and rows: which are listed, decided, edited and undone.

use clap::Args;

use super::SESSION_HELP;

/// A session, listed.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Print JSON Lines.
    #[arg(long)]
    pub json: bool,
}

/// A session whose rows are measured.
#[derive(Debug, Args)]
pub(crate) struct MetricsArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// Which run.
#[derive(Debug, Args)]
pub(crate) struct RunsArgs {
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
pub(crate) struct RowsArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Only rows that match, such as `state:pending rating>=4 (text~"free prize" or tag:tone)`; `sort:novelty` in it
    /// orders them. docs/filters.md has all conditions.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Only rows of a view that was saved on the screen, in its order.
    #[arg(long, value_name = "NAME", conflicts_with = "filter")]
    pub view: Option<String>,
    /// At most this many.
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Print JSON Lines.
    #[arg(long)]
    pub json: bool,
}

/// Groups of rows that are equal or nearly equal.
#[derive(Debug, Args)]
pub(crate) struct DuplicatesArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Only among rows that match, such as `label:spam -state:rejected`.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Keep the best row of each group and reject the others with the reason `near-duplicate`: the one with the most
    /// stars, else accepted before pending and skipped, with the fewest flags, the newest words, the first to come.
    #[arg(long)]
    pub merge: bool,
    /// Print JSON Lines, one for each group.
    #[arg(long, conflicts_with = "merge")]
    pub json: bool,
}

/// Which rows to count.
#[derive(Debug, Args)]
pub(crate) struct FacetsArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Only rows that match, such as `state:pending rating>=4 text~"free prize"`.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// Which rows to decide.
#[derive(Debug, Args)]
pub(crate) struct Which {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// Row ids, or their first four characters or more; `-` reads them from standard input.
    #[arg(value_name = "ID", required_unless_present = "filter", conflicts_with = "filter")]
    pub ids: Vec<String>,
    /// All rows that match.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub filter: Option<String>,
}

/// Rows to decide, and their tags.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// Which rows.
    #[command(flatten)]
    pub which: Which,
    /// Add a tag; may be given more than once.
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
}

/// Rows to accept.
#[derive(Debug, Args)]
pub(crate) struct AcceptArgs {
    /// Which rows.
    #[command(flatten)]
    pub rows: Selection,
    /// Give this many stars.
    #[arg(long, value_name = "1-5")]
    pub rating: Option<u8>,
}

/// Rows to reject or skip.
#[derive(Debug, Args)]
pub(crate) struct DecideArgs {
    /// Which rows.
    #[command(flatten)]
    pub rows: Selection,
    /// Say why.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// Rows to give another label.
#[derive(Debug, Args)]
pub(crate) struct LabelRowsArgs {
    /// Which rows.
    #[command(flatten)]
    pub rows: Which,
    /// Their label from now on: one that the dataset or a row has.
    #[arg(long = "as", value_name = "LABEL")]
    pub label: String,
}

/// Rows whose tags change.
#[derive(Debug, Args)]
pub(crate) struct TagArgs {
    /// Which rows.
    #[command(flatten)]
    pub rows: Which,
    /// Add a tag; may be given more than once.
    #[arg(long, value_name = "TAG", required_unless_present = "remove")]
    pub add: Vec<String>,
    /// Take a tag away; may be given more than once.
    #[arg(long, value_name = "TAG")]
    pub remove: Vec<String>,
}

/// What is found in rows, and what takes its place.
#[derive(Debug, Args)]
pub(crate) struct ReplaceArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// A regular expression.
    #[arg(long, value_name = "REGEX", allow_hyphen_values = true)]
    pub find: String,
    /// What takes the place of each match; `$1` and `${name}` are groups of the expression.
    #[arg(long = "with", value_name = "TEXT", allow_hyphen_values = true)]
    pub with: String,
    /// Only in rows that match.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// The field of the rows.
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub field: String,
    /// Find letters whatever their case.
    #[arg(long)]
    pub ignore_case: bool,
    /// Print what would change, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Print JSON: a document, with --dry-run a line for each row.
    #[arg(long)]
    pub json: bool,
}

/// A row's new fields.
#[derive(Debug, Args)]
pub(crate) struct EditArgs {
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
pub(crate) struct StepsArgs {
    #[arg(help = SESSION_HELP)]
    pub session: String,
    /// How many operations.
    #[arg(short = 'n', value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub steps: u32,
    /// To the state just after an operation, by its number in `log`; one undo takes that back.
    #[arg(long, value_name = "OPERATION", conflicts_with = "steps")]
    pub to: Option<u64>,
}
