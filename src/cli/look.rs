//! `new` without columns: what a file holds, and the command to write.

use std::path::{Path, PathBuf};

use super::args::{NewArgs, SEED, TEST_FRACTION};
use super::out::Out;
use super::{CliError, out};
use crate::dataset::findings::{Used, label_remarks, listed, number, rows, spelled, unused, values};
use crate::dataset::{Column, Format, Guess, Look, Reading, guess, look};
use crate::domain::Quotes;
use crate::text::{shell_option, shell_word, width};
use crate::workbench::{NO_SPLIT, WorkbenchError};

/// The most values of a column that are listed.
const VALUES: usize = 6;
/// The most labels that are listed.
const LABELS: usize = 16;
/// The most columns that are described.
const COLUMNS: usize = 40;

/// Prints what a file holds and the command that makes a session of it.
///
/// To look is done, with exit code 0; where a part of the command was given, it is an error that the rest is
/// missing.
pub(super) fn run(args: &NewArgs, dir: Option<&Path>, data: &Path, out: &mut Out) -> Result<(), CliError> {
    let look = looked(args, data)?;
    let guess = guess(&look, args.text.as_deref(), args.label.as_deref());
    described(&look, &guess, data, args).iter().try_for_each(|line| out.line(line))?;
    let command = command(args, dir, data, &guess);
    out.line("")?;
    out.line(match (guess.text, guess.label) {
        (Some(_), Some(_)) => {
            "The command for a session, with what was guessed; check it, and change what is wrong:"
        }
        _ => "The command for a session; put the names of your columns in the place of those in capitals:",
    })?;
    out.line(&format!("  {command}"))?;
    out.finish()?;
    if args.text.is_some() || args.label.is_some() || args.target.is_some() {
        return Err(CliError::Usage(
            "No session was made: DIR, --text, --label and --target are all needed; the whole command is above.".into(),
        ));
    }
    out::say("Nothing was made yet.");
    Ok(())
}

/// Looks at a file, and checks that the columns that were named are in it.
pub(super) fn looked(args: &NewArgs, data: &Path) -> Result<Look, CliError> {
    let reading = Reading { separator: args.separator, quotes: args.quotes, ..Reading::default() };
    let look = look(data, reading).map_err(WorkbenchError::from)?;
    let given = [&args.text, &args.label, &args.id];
    let split = args.split.as_ref().filter(|split| *split != NO_SPLIT);
    for name in given.into_iter().flatten().chain(split) {
        if !look.columns.iter().any(|column| column.name == *name) {
            let names: Vec<String> = look.columns.iter().map(column_name).collect();
            return Err(CliError::Usage(format!(
                "There is no column {} in {}; the columns are {}.",
                spelled(name),
                data.display(),
                names.join(", ")
            )));
        }
    }
    Ok(look)
}

/// Returns the lines that describe a file: its size, its columns, its labels, and what is unusual.
fn described(look: &Look, guess: &Guess<'_>, data: &Path, args: &NewArgs) -> Vec<String> {
    let format = format_name(look);
    let count = look.columns.len();
    let mut lines = vec![format!(
        "{} is {format} with {} and {} {}:",
        data.display(),
        rows(look.rows),
        number(count),
        if count == 1 { "column" } else { "columns" }
    )];
    let names: Vec<String> = look.columns.iter().take(COLUMNS).map(column_name).collect();
    let widest = names.iter().map(|name| width(name)).max().unwrap_or(0);
    for (column, name) in look.columns.iter().zip(&names) {
        let blanks = " ".repeat(widest - width(name));
        let most = if guess.label == Some(column) { LABELS } else { VALUES };
        lines.push(format!("  {name}{blanks}  {}", summary(column, look.rows, most)));
    }
    if count > COLUMNS {
        lines.push(format!("  and {} more", number(count - COLUMNS)));
    }
    let name = |column: Option<&Column>| column.map_or(String::new(), |column| column.name.clone());
    let (text, label) = (name(guess.text), name(guess.label));
    let (id, split) = (args.id.as_deref(), args.split.as_deref());
    let unused = unused(look, &Used { text: &text, label: &label, id, split });
    let target = args.target.as_deref().or(guess.target).unwrap_or_default();
    let labels = guess.label.map_or(Vec::new(), |label| label_remarks(&values(label), target));
    lines.extend(look.remarks.iter().chain(&unused).chain(&labels).map(|remark| format!("- {remark}")));
    lines
}

/// Returns how a file is written, in a few words.
pub(super) fn format_name(look: &Look) -> String {
    match look.format {
        Format::Table { separator: ',', .. } => "a table with commas".to_owned(),
        Format::Table { separator: ';', .. } => "a table with semicolons".to_owned(),
        Format::Table { separator: '\t', .. } => "a table with tabs".to_owned(),
        Format::Table { separator, .. } => format!("a table with `{separator}`"),
        Format::JsonLines => "JSON, an object a line,".to_owned(),
        Format::JsonItems => "a list in JSON".to_owned(),
        Format::Parquet => "a Parquet file".to_owned(),
        Format::Folder => "a folder with Parquet files".to_owned(),
        Format::FastText => "in fastText's format, a label before each text,".to_owned(),
        Format::Pairs => "lines of a label and a text, without a header,".to_owned(),
    }
}

fn column_name(column: &Column) -> String {
    if column.name.trim().is_empty() { "(no name)".to_owned() } else { spelled(&column.name) }
}

/// Returns what a column holds, in a few words with examples.
fn summary(column: &Column, all: usize, most: usize) -> String {
    if column.filled == 0 {
        return "empty".to_owned();
    }
    let kind = if column.is_whole { "whole numbers".to_owned() } else { kinds(column) };
    let empty = match all.saturating_sub(column.filled) {
        0 => String::new(),
        empty => format!(", empty in {}", rows(empty)),
    };
    let distinct = number(column.values.len());
    let is_class = !column.has_more_values && column.values.len() * 2 <= column.filled;
    if is_class {
        return format!("{kind}{empty}, {distinct} different: {}", listed(&values(column), most));
    }
    let distinct = if column.has_more_values { format!("{distinct} or more") } else { distinct };
    let example = column.values.first().map(|(value, _)| format!(", such as {}", spelled(value)));
    format!(
        "{kind}{empty}, {distinct} different, mostly about {} characters{}",
        number(column.median_chars),
        example.unwrap_or_default()
    )
}

fn kinds(column: &Column) -> String {
    use crate::dataset::Kind;
    let name = |kind: &Kind| match kind {
        Kind::Null => None,
        Kind::Boolean => Some("true or false"),
        Kind::Number => Some("numbers"),
        Kind::Text => Some("texts"),
        Kind::List => Some("lists"),
        Kind::Object => Some("objects"),
    };
    column.kinds.iter().filter_map(name).collect::<Vec<_>>().join(" and ")
}

/// Returns the whole command, quoted for a shell; what was given stays as it is.
pub(super) fn command(args: &NewArgs, dir: Option<&Path>, data: &Path, guess: &Guess<'_>) -> String {
    let dir = dir.map_or_else(|| folder_for(data), Path::to_owned);
    let name = |column: Option<&Column>| column.map(|column| column.name.clone());
    let target = args.target.clone().or_else(|| guess.target.map(str::to_owned));
    let mut words = vec!["rowsmith new".to_owned(), shell_word(&dir.to_string_lossy())];
    words.push(shell_option("--data", &data.to_string_lossy()));
    for (option, value, missing) in [
        ("--text", name(guess.text), "COL"),
        ("--label", name(guess.label), "COL"),
        ("--target", target, "LABEL"),
        ("--id", args.id.clone(), ""),
        ("--split", args.split.clone(), ""),
    ] {
        match value {
            Some(value) => words.push(shell_option(option, &value)),
            None if missing.is_empty() => {}
            None => words.push(format!("{option} {missing}")),
        }
    }
    let unlabelled = guess.label.zip(guess.text).is_some_and(|(label, text)| label.filled < text.filled);
    let separator = args.separator.map(|separator| match separator {
        '\t' => "--separator tab".to_owned(),
        separator => shell_option("--separator", &separator.to_string()),
    });
    let quotes = args.quotes.map(|quotes| match quotes {
        Quotes::Csv => "--quotes csv".to_owned(),
        Quotes::None => "--quotes none".to_owned(),
    });
    words.extend((unlabelled || args.skip_unlabelled).then(|| "--skip-unlabelled".to_owned()));
    words.extend(args.join.then(|| "--join".to_owned()));
    words.extend(separator.into_iter().chain(quotes));
    let is_other = (args.test_fraction - TEST_FRACTION).abs() > f64::EPSILON;
    words.extend(is_other.then(|| format!("--test-fraction {}", args.test_fraction)));
    words.extend((args.seed != SEED).then(|| format!("--seed {}", args.seed)));
    words.extend(args.scarce.map(|known| format!("--scarce {known}")));
    words.join(" ")
}

/// Returns a name for a session's folder that is free beside where the command is run.
pub(super) fn folder_for(data: &Path) -> PathBuf {
    let stem = data.file_stem().map_or_else(|| "session".into(), |stem| stem.to_string_lossy().into_owned());
    let stem = stem.trim_start_matches(['-', '.', '~']);
    let stem = if stem.is_empty() { "session" } else { stem };
    let free = |name: &String| !Path::new(name).exists();
    let names = [stem.to_owned(), format!("{stem}-session")].into_iter();
    let mut names = names.chain((2..).map(|n| format!("{stem}-session-{n}")));
    names.find(free).unwrap_or_else(|| stem.to_owned()).into()
}
