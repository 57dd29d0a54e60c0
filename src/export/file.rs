//! Writes rows to files or to standard output.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use super::choose::{Balance, Shares, balanced, split};
use super::error::ExportError;
use super::format::{Destination, ExportProgress, Format};
use super::settling::settling_first;
use super::shape::{Context, Outgoing, Part, Takes, shape_of};
use super::shared::Entries;
use super::sheet::Sheet;
use super::together::label_value;
use crate::domain::{Exchange, Existing, ExportReport, FlagKind, RowText, RowView, StateKind};
use crate::text::Stop;

/// How many rows are written between two looks at whether to stop.
const BETWEEN: u64 = 256;

/// What happens to rows that are flagged `contaminates-test`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Contaminated {
    /// They are left out and counted.
    #[default]
    Withheld,
    /// They are written too.
    Allowed,
}

/// One row that may be written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ExportRow<'a> {
    /// A row of the dataset.
    Real {
        /// Its id in the dataset.
        id: &'a str,
        /// Its text.
        text: &'a str,
        /// Its label.
        label: &'a str,
    },
    /// A generated row; left out unless it is accepted or, where the format takes them, rejected.
    Synthetic(RowView<'a>),
}

impl<'a> ExportRow<'a> {
    /// Returns its text.
    pub(super) fn text(&self) -> RowText<'a> {
        match self {
            Self::Real { text, .. } => RowText::here(text),
            Self::Synthetic(row) => row.text(),
        }
    }

    /// Returns its label.
    pub(super) fn label(&self) -> &'a str {
        match self {
            Self::Real { label, .. } => label,
            Self::Synthetic(row) => row.label(),
        }
    }
}

/// Which rows an export is meant to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sought {
    /// Those that were decided so, whatever they are.
    Decided,
    /// Those among them that match a filter.
    Matching,
    /// The real rows of the part with this name.
    Real(&'static str),
}

/// Finds the messages and the reply that a row came from.
pub(crate) type FindExchange<'a> = dyn Fn(&RowView<'_>) -> Option<Arc<Exchange>> + 'a;

/// Refuses a file that an export never replaces.
pub(crate) type Spared<'a> = dyn Fn(&Path) -> Result<(), ExportError> + 'a;

/// The settings of an export.
#[derive(Clone, Copy)]
pub(crate) struct Export<'a> {
    /// How the file is written.
    pub format: Format,
    /// What a shape knows of it.
    pub context: Context<'a>,
    /// What becomes of contaminated rows.
    pub contaminated: Contaminated,
    /// Where the rows go.
    pub out: &'a Destination,
    /// What becomes of a file that is there already.
    pub existing: Existing,
    /// Which rows are meant, for the sentence where there are none.
    pub sought: Sought,
    /// How much of which label is written.
    pub balance: &'a [Balance],
    /// How rows are split into two files or two splits, if they are.
    pub split: Option<Shares>,
    /// The seed of the choice of rows where some are left out.
    pub seed: u64,
    /// The command that makes it again.
    pub command: &'a str,
    /// Refuses a file that an export never replaces.
    pub spared: &'a Spared<'a>,
    /// The real test rows, where they are a split of their own.
    pub test: &'a [ExportRow<'a>],
    /// What is to be said of the labels.
    pub said: Option<&'a str>,
    /// Finds what a row came from.
    pub exchange: &'a FindExchange<'a>,
    /// Told how far it is.
    pub progress: &'a dyn Fn(ExportProgress),
    /// Ends it early.
    pub stop: &'a Stop,
}

/// The rows of an export, chosen and in order.
pub(super) struct Chosen<'a> {
    /// Each with its part, where the export is split.
    pub rows: Vec<(ExportRow<'a>, Option<Part>)>,
    /// Accepted rows that are left out because they contaminate the test rows.
    pub withheld: u64,
    /// Sentences about what else is left out.
    pub remarks: Vec<String>,
}

impl Chosen<'_> {
    /// Returns what is known of the export before anything is written.
    pub(super) fn report(&self) -> ExportReport {
        let mut report = ExportReport {
            withheld: self.withheld,
            remarks: self.remarks.clone(),
            ..ExportReport::default()
        };
        for (row, _) in &self.rows {
            let count = match row {
                ExportRow::Real { .. } => &mut report.real,
                ExportRow::Synthetic(row) if row.state().kind() == StateKind::Accepted => {
                    &mut report.accepted
                }
                ExportRow::Synthetic(_) => &mut report.rejected,
            };
            *count += 1;
        }
        report
    }

    /// Returns the rows of a part.
    pub(super) fn of_part(&self, part: Option<Part>) -> Vec<&(ExportRow<'_>, Option<Part>)> {
        self.rows.iter().filter(|row| row.1 == part).collect()
    }
}

impl Written {
    /// Adds what was written to a report.
    pub(super) fn tell(&self, report: &mut ExportReport) {
        report.remarks.extend(self.remarks.iter().cloned());
        report.made = match (report.made, self.made) {
            (Some((before, what)), Some((count, _))) => Some((before + count, what)),
            (before, made) => before.or(made),
        };
    }
}

/// What writing one file came to.
#[derive(Default)]
pub(super) struct Written {
    pub remarks: Vec<String>,
    pub beside: Vec<(String, Vec<u8>)>,
    pub entries: Vec<(&'static str, Entries)>,
    pub made: Option<(u64, &'static str)>,
}

impl Export<'_> {
    /// Writes the generated rows that are accepted and then the real ones, and replaces files once all are written.
    ///
    /// Readers of JSON Lines and CSV that take a column's type from its first values read such a file: where a column
    /// has values at all, one of the first hundred rows has one, so that of many accepted rows a few are moved to the
    /// front. Otherwise rows keep their order.
    ///
    /// Columns are `id`, `text`, `label`, further fields as declared, then, unless it is bare, `source` (`real` or
    /// `synthetic`), `prompt`, `version`, `run`, `provider`, `model`, `seed` (the run's), `rating`, `tags`,
    /// `edited`, `created_at`, `decided_at`. A field with the name of one of these columns is written as
    /// `field_NAME`. The same rows give the same bytes.
    ///
    /// # Errors
    ///
    /// Something cannot be written, or it was stopped; then nothing has changed.
    pub(crate) fn run<'r>(
        &self,
        synthetic: impl Iterator<Item = RowView<'r>>,
        real: impl Iterator<Item = ExportRow<'r>>,
    ) -> Result<ExportReport, ExportError> {
        let chosen = self.choose(synthetic, real)?;
        let mut report = chosen.report();
        match self.out {
            Destination::File(out) if self.format.is_folder() => {
                self.write_folder(out, &chosen, &mut report)?;
            }
            Destination::File(out) => self.write_files(out, &chosen, &mut report)?,
            Destination::StandardOutput => {
                let refused = self.split.is_some() || self.format.is_folder();
                if refused {
                    return Err(ExportError::Refused(
                        "Standard output takes one file; name a place with --out for more.".to_owned(),
                    ));
                }
                let mut out = io::stdout();
                let rows: Vec<_> = chosen.rows.iter().collect();
                let written = self
                    .write(Path::new("-"), &rows, (0, rows.len() as u64), &mut out)
                    .map_err(|error| error.about(self.out))?;
                written.tell(&mut report);
            }
        }
        Ok(report)
    }

    /// Chooses what is written.
    pub(super) fn choose<'r>(
        &self,
        synthetic: impl Iterator<Item = RowView<'r>>,
        real: impl Iterator<Item = ExportRow<'r>>,
    ) -> Result<Chosen<'r>, ExportError> {
        let takes = if matches!(self.format, Format::Parquet | Format::Hf) {
            Takes::Accepted
        } else {
            shape_of(self.format, &self.context)?.takes()
        };
        let mut withheld = 0;
        let chosen: Vec<_> = synthetic.filter(|row| self.is_written(row, takes, &mut withheld)).collect();
        let settles = matches!(self.format, Format::Jsonl | Format::Csv | Format::Tsv);
        let chosen = if settles { settling_first(&self.context.columns(), &chosen) } else { chosen };
        let rows: Vec<_> = chosen.into_iter().map(ExportRow::Synthetic).chain(real).collect();
        self.check_labels(&rows)?;
        let there = rows.len();
        let (rows, mut remarks) = balanced(rows, self.balance, self.seed)?;
        if rows.is_empty() {
            return Err(self.no_rows(takes, withheld, there > 0));
        }
        remarks.extend(self.said.map(str::to_owned));
        let rows = match self.split {
            Some(shares) => split(rows, shares),
            None => rows.into_iter().map(|row| (row, None)).collect(),
        };
        self.check_parts(&rows)?;
        Ok(Chosen { rows, withheld, remarks })
    }

    /// Refuses rows with a label that is of another type than those of the dataset.
    fn check_labels(&self, rows: &[ExportRow<'_>]) -> Result<(), ExportError> {
        let values = self.context.label_values;
        let unfit = |row: &&ExportRow<'_>| !values.is_empty() && !values.contains_key(row.label());
        let Some(first) = rows.iter().find(unfit) else { return Ok(()) };
        let count = rows.iter().filter(unfit).count();
        let kind =
            if values.values().all(serde_json::Value::is_boolean) { "truth values" } else { "numbers" };
        Err(ExportError::Refused(format!(
            "The labels of the dataset are {kind}, and a column holds values of one type: {count} {} a label that does \
             not fit, such as `{}`. Nothing was written; leave such rows out with --filter, or export csv or hf.",
            if count == 1 { "row has" } else { "rows have" },
            first.label()
        )))
    }

    /// Returns whether a generated row is written; one that is withheld is counted.
    fn is_written(&self, row: &RowView<'_>, takes: Takes, withheld: &mut u64) -> bool {
        let kind = row.state().kind();
        let is_taken = match kind {
            StateKind::Accepted => true,
            StateKind::Rejected => takes != Takes::Accepted,
            StateKind::Skipped => takes == Takes::Seen,
            StateKind::Pending | StateKind::Withdrawn => false,
        };
        if !is_taken {
            return false;
        }
        let is_withheld =
            self.contaminated == Contaminated::Withheld && row.has_flag(FlagKind::ContaminatesTest);
        *withheld += u64::from(is_withheld);
        !is_withheld
    }

    /// Looks whether to stop, and tells how far it is, now and then.
    pub(super) fn look(&self, done: u64, total: u64) -> Result<(), ExportError> {
        if done.is_multiple_of(BETWEEN) { self.tell(done, total) } else { Ok(()) }
    }

    /// Looks whether to stop, and tells how far it is.
    pub(super) fn tell(&self, done: u64, total: u64) -> Result<(), ExportError> {
        self.stop.check()?;
        (self.progress)(ExportProgress { done, total });
        Ok(())
    }

    /// Writes rows as one file; `before` were written already, and there are `total` in all.
    pub(super) fn write(
        &self,
        path: &Path,
        rows: &[&(ExportRow<'_>, Option<Part>)],
        (before, total): (u64, u64),
        out: &mut (dyn Write + Send),
    ) -> Result<Written, ExportError> {
        let context = Context { out: path, ..self.context };
        let out = BufWriter::with_capacity(1 << 16, out);
        if self.format == Format::Parquet {
            self.write_sheet(Sheet::begin(&context, None, out)?, (rows, |row| &row.0), (before, total))?;
            return Ok(Written::default());
        }
        let mut out = out;
        let mut shape = shape_of(self.format, &context)?;
        shape.begin(&mut out)?;
        let single = if let Some(alone) = shape.alone() {
            self.write_together(alone, rows, (before, total), &mut out)?;
            &[]
        } else {
            rows
        };
        for (place, (row, part)) in (before..).zip(single) {
            self.look(place, total)?;
            outgoing(row, |outgoing| {
                outgoing.part = *part;
                outgoing.label_value = label_value(self.context.label_values, outgoing.label);
                if let (true, ExportRow::Synthetic(row)) = (shape.needs_exchange(), row) {
                    outgoing.exchange = (self.exchange)(row);
                }
                shape.row(outgoing, &mut out)
            })?;
        }
        let mut remarks = shape.end(&mut out)?;
        let made = shape.written();
        if let Some((0, what)) = made {
            // The buffer still holds all that there is, and keeps it.
            let _ = out.into_parts();
            return Err(self.no_records(rows, what, &remarks));
        }
        out.flush()?;
        let (beside, entries) = (shape.beside(), shape.entries());
        remarks.extend(match self.out {
            Destination::File(_) => shape.about_beside(),
            Destination::StandardOutput => not_written(&beside, &entries),
        });
        Ok(Written { remarks, beside, entries, made })
    }
}

/// Returns a sentence about the files that belong beside the main one, where only that is written.
fn not_written(beside: &[(String, Vec<u8>)], entries: &[(&'static str, Entries)]) -> Option<String> {
    let names = beside.iter().map(|file| file.0.as_str()).chain(entries.iter().map(|file| file.0));
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| {
        format!(
            "Not on standard output, though the format needs it beside: {}. Name a file with --out, and it is written \
             too.",
            names.join(", ")
        )
    })
}

/// Calls `then` with a row on its way out.
pub(super) fn outgoing<T>(row: &ExportRow<'_>, then: impl FnOnce(&mut Outgoing<'_>) -> T) -> T {
    match row {
        ExportRow::Synthetic(row) => {
            let (id, text) = (row.id(), row.text());
            then(&mut Outgoing::of(id.as_str(), &text, row))
        }
        ExportRow::Real { id, text, label } => then(&mut Outgoing {
            id,
            text,
            label,
            label_value: serde_json::Value::Null,
            row: None,
            exchange: None,
            part: None,
        }),
    }
}

#[cfg(test)]
mod tests;
