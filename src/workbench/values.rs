//! Values of variables that come from a file or from the dataset, read when a version is made.
//!
//! ```text
//! draft ── topic = { file = "topics.txt" } ──► values of today ──► version: they stay, whatever becomes of the file
//! ```
//!
//! A session may come from somebody else, and what a variable holds goes to a model: so a file has to lie in the
//! session's folder. Of the dataset only train rows are read, none that is set aside or held back.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::open::source_of;
use super::preview::PreviewRenderer;
use super::prompts::first_prompt;
use super::{Workbench, WorkbenchError};
use crate::dataset::{self, Part, Source};
use crate::domain::{Problem, PromptContent, PromptPart, ValueSource};
use crate::files::{self, Links};
use crate::text::{TextHash, counted, words};

/// The most values that a variable may take from elsewhere.
const MOST_VALUES: usize = 10_000;

/// The words from which on a value may be the text of a row; a topic such as `bank` may be one by chance.
const WORDS: usize = 4;

/// Columns of the dataset that were read; it does not change while the program runs.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadColumns(Arc<Mutex<BTreeMap<String, Vec<String>>>>);

impl Workbench {
    /// Returns the prompt of the session file with its values.
    ///
    /// # Errors
    ///
    /// Values that cannot be read.
    pub(super) fn first_content(&self) -> Result<PromptContent, WorkbenchError> {
        let content = first_prompt(&self.session);
        self.preview_renderer().resolved(content).map_err(WorkbenchError::Prompt)
    }
}

impl PreviewRenderer {
    /// Returns a content with the values that its variables have now; those that are written out stay.
    ///
    /// # Errors
    ///
    /// Values that cannot be read, or conditions that they never meet.
    pub(super) fn resolved(&self, mut content: PromptContent) -> Result<PromptContent, Vec<Problem>> {
        let problem =
            |message: String| vec![Problem { part: PromptPart::Variables, range: 0..0, line: 1, message }];
        for (name, rule) in &content.rules {
            let values = content.variables.entry(name.clone()).or_default();
            if let Some(source) = rule.source.as_ref().filter(|_| values.is_empty()) {
                *values = self.values_of(name, source).map_err(problem)?;
            }
        }
        match content.drawn().fault() {
            Some((_, message)) => Err(problem(message)),
            None => Ok(content),
        }
    }

    fn values_of(&self, name: &str, source: &ValueSource) -> Result<Vec<String>, String> {
        let (values, place) = match source {
            // A range is counted out where it is read.
            ValueSource::Range { .. } => return Ok(Vec::new()),
            ValueSource::File { file, column: None } => (lines(&self.inside(file)?)?, file.clone()),
            ValueSource::File { file, column: Some(column) } => {
                (of_table(&self.inside(file)?, column)?, format!("the column `{column}` of {file}"))
            }
            ValueSource::Dataset { column } => {
                (self.of_dataset(column)?, format!("the train rows' column `{column}`"))
            }
        };
        // The dataset's own file holds texts that a model is tested with, and other files may.
        let hidden = self.hidden_among(&values);
        if hidden > 0 {
            return Err(format!(
                "`{name}` would show {} that no prompt may show, because rows for testing, set aside or held back have \
                 them: take them out of {place}.",
                counted(hidden as u64, "text")
            ));
        }
        match values.len() {
            0 => Err(format!("`{name}` has no values: {place} holds none.")),
            1..=MOST_VALUES => Ok(values),
            more => Err(format!(
                "`{name}` would have {more} values from {place}; a variable may have {MOST_VALUES}."
            )),
        }
    }

    /// Returns how many of some values are texts of rows that no prompt may show.
    fn hidden_among(&self, values: &[String]) -> usize {
        let hidden = self.dataset.all_rows().filter(|row| row.part != Part::Train);
        let hidden: HashSet<TextHash> = hidden.map(|row| self.dataset.hash(row.index)).collect();
        let is_long = |value: &&String| words(value).count() >= WORDS;
        values.iter().filter(is_long).filter(|value| hidden.contains(&TextHash::of(value))).count()
    }

    /// Returns the place of a file in the session's folder.
    fn inside(&self, file: &str) -> Result<PathBuf, String> {
        let is_plain = Path::new(file).components().all(|part| match part {
            Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
            Component::CurDir => true,
            _ => false,
        });
        let refused = || {
            format!(
                "`{file}` must be a file in the session's folder, and not a hidden one: what it holds goes to a model."
            )
        };
        if !is_plain {
            return Err(refused());
        }
        let path = self.folder.join(file);
        let real = |path: &Path| {
            fs::canonicalize(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))
        };
        if real(&path)?.starts_with(real(&self.folder)?) { Ok(path) } else { Err(refused()) }
    }

    /// Reads what the train rows have in a column, each value once, in the order of the file.
    fn of_dataset(&self, column: &str) -> Result<Vec<String>, String> {
        if let Some(known) = self.columns.0.lock().unwrap_or_else(PoisonError::into_inner).get(column) {
            return Ok(known.clone());
        }
        let mut source = source_of(&self.folder, &self.session);
        column.clone_into(&mut source.label);
        source.reading.skip_unlabelled = true;
        let records = dataset::read(&source).map_err(|error| error.to_string())?;
        let is_known = |row: usize| {
            let of_dataset = self.dataset.index_of_id(&records.id(row));
            of_dataset.is_some_and(|row| self.dataset.part(row) == Part::Train)
        };
        let rows = (0..records.len()).filter(|row| is_known(*row));
        let values = distinct(rows.map(|row| records.label(row).to_owned()));
        let mut columns = self.columns.0.lock().unwrap_or_else(PoisonError::into_inner);
        columns.insert(column.to_owned(), values.clone());
        Ok(values)
    }
}

/// Returns the lines of a file that are not blank, each once.
fn lines(path: &Path) -> Result<Vec<String>, String> {
    let unreadable = |why: String| format!("{} cannot be read: {why}.", path.display());
    let bytes = files::read(path, Links::Followed, files::WRITTEN_BY_HAND)
        .map_err(|error| unreadable(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_not_utf8| unreadable("it is not UTF-8".to_owned()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(distinct(lines.map(str::to_owned)))
}

/// Returns the values of a column of a table, each once.
fn of_table(path: &Path, column: &str) -> Result<Vec<String>, String> {
    let source = Source::new(path, column, column);
    let records = dataset::read(&source).map_err(|error| error.to_string())?;
    Ok(distinct((0..records.len()).map(|row| records.text(row).to_owned())))
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    values.filter(|value| !value.trim().is_empty() && seen.insert(value.clone())).collect()
}
