//! Reads the form.

use std::path::PathBuf;

use super::{ExportField, ExportForm, ExportFormat, ExportTask};
use crate::curate::Filter;

/// What an export is to write, and how. The executor makes the order of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportWish {
    /// How rows are written.
    pub format: ExportFormat,
    /// The file or the folder, as it was typed.
    pub file: PathBuf,
    /// Of the accepted rows only those that match; empty for all.
    pub filter: String,
    /// What a model is taught, where the format can teach either.
    pub task: ExportTask,
    /// The share of rows that train.
    pub split: Option<f64>,
    /// What decides which rows a split or a balance takes; `None` where nothing was typed.
    pub seed: Option<u64>,
    /// How many rows of which label.
    pub balance: Vec<(String, ExportAmount)>,
    /// The switches that are on and mean something in the format.
    pub on: Vec<ExportField>,
}

/// How many rows of a label are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ExportAmount {
    /// A share of all rows, above 0 and below 1.
    Share(f64),
    /// A number of rows.
    Count(u64),
}

/// A line that cannot be used, and a sentence that says why.
pub(crate) type Wrong = (ExportField, String);

/// Returns the lines that cannot be used, from the top down.
pub(super) fn errors(form: &ExportForm, labels: &[&str]) -> Vec<Wrong> {
    let checks = [
        file(form).err(),
        filter(form).err().filter(|_| !form.is_only_test()),
        split(form).err(),
        balance(form, labels).err(),
        seed(form).err(),
    ];
    ExportField::TYPED.into_iter().zip(checks).filter_map(|(field, error)| Some((field, error?))).collect()
}

impl ExportForm {
    /// Returns what is to be written, or the first line that cannot be used.
    pub(crate) fn wish(&self, labels: &[&str]) -> Result<ExportWish, Wrong> {
        let at = |field| move |sentence| (field, sentence);
        let used = |field: &ExportField| self.is_on(*field) && self.unused(*field).is_none();
        Ok(ExportWish {
            format: self.format,
            file: file(self).map_err(at(ExportField::File))?,
            filter: if self.is_only_test() {
                String::new()
            } else {
                filter(self).map_err(at(ExportField::Filter))?
            },
            task: if self.format.has_tasks() { self.task } else { ExportTask::default() },
            split: split(self).map_err(at(ExportField::Split))?,
            balance: balance(self, labels).map_err(at(ExportField::Balance))?,
            seed: seed(self)
                .map_err(at(ExportField::Seed))?
                .filter(|_| self.unused(ExportField::Seed).is_none()),
            on: ExportField::SWITCHES.into_iter().filter(used).collect(),
        })
    }

    /// Returns what is wrong with a line.
    #[must_use]
    pub fn error_of(&self, field: ExportField, labels: &[&str]) -> Option<String> {
        errors(self, labels).into_iter().find(|(wrong, _)| *wrong == field).map(|(_, sentence)| sentence)
    }
}

fn file(form: &ExportForm) -> Result<PathBuf, String> {
    let text = form.text(ExportField::File);
    match text.as_str() {
        "" => Err("Name what is written.".to_owned()),
        "-" => Err("The screen has no standard output; name a file.".to_owned()),
        text => Ok(PathBuf::from(text)),
    }
}

fn filter(form: &ExportForm) -> Result<String, String> {
    let text = form.text(ExportField::Filter);
    Filter::parse_with(&text, &form.variables).map(|_| text).map_err(|error| error.message)
}

fn split(form: &ExportForm) -> Result<Option<f64>, String> {
    let text = form.text(ExportField::Split);
    if text.is_empty() {
        return Ok(None);
    }
    match share(&text) {
        Some(share) if share > 0.0 && share < 1.0 => Ok(Some(share)),
        _ => Err("Type the share that trains, between 0 and 1, such as 0.9.".to_owned()),
    }
}

fn seed(form: &ExportForm) -> Result<Option<u64>, String> {
    let text = form.text(ExportField::Seed);
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_not_one| "A seed is a whole number from 0 up.".to_owned())
}

/// Returns a share, written `0.3` or `30%`.
fn share(text: &str) -> Option<f64> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    match text.strip_suffix('%') {
        Some(percent) => number(percent).map(|percent| percent / 100.0),
        None => number(text),
    }
}

fn balance(form: &ExportForm, labels: &[&str]) -> Result<Vec<(String, ExportAmount)>, String> {
    let text = form.text(ExportField::Balance);
    let mut amounts: Vec<(String, ExportAmount)> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (label, amount) = part
            .rsplit_once('=')
            .ok_or_else(|| format!("`{part}` names no amount; write LABEL=0.3 or LABEL=100."))?;
        let label = label.trim();
        if !labels.contains(&label) {
            let known = labels.join(", ");
            return Err(format!("The session has no label `{label}`; it has {known}."));
        }
        if amounts.iter().any(|(other, _)| other == label) {
            return Err(format!("`{label}` is there twice."));
        }
        amounts.push((label.to_owned(), amount_of(label, amount.trim())?));
    }
    Ok(amounts)
}

fn amount_of(label: &str, text: &str) -> Result<ExportAmount, String> {
    if let Ok(count) = text.parse::<u64>()
        && count > 0
    {
        return Ok(ExportAmount::Count(count));
    }
    match share(text) {
        Some(share) if share > 0.0 && share < 1.0 => Ok(ExportAmount::Share(share)),
        _ => Err(format!("Write how many rows of `{label}`: a share such as 0.3, or a count such as 100.")),
    }
}
