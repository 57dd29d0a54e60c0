//! Writes accepted rows to a file.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Serializer as _;
use serde_json::Value;

use super::missing::MissingWords;
use super::placing::Placing;
use super::record::{Columns, cell};
use super::settling::settling_first;
use crate::domain::{Existing, ExportReport, FlagKind, RowView, Schema, StateKind};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON Lines: one object per row, with the columns as keys; tags are a list, missing values are null.
    Jsonl,
    /// CSV with a header line; tags are joined by `;`, missing values are empty.
    Csv,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 2] = [Self::Jsonl, Self::Csv];

    /// Returns the format's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }
}

impl Format {
    /// Returns the format that belongs to the ending of a file's name: `.jsonl`, `.ndjson` or `.csv`, in any case.
    ///
    /// # Errors
    ///
    /// [`ExportError::NoEnding`] where the name ends otherwise.
    pub fn of(out: &Path) -> Result<Self, ExportError> {
        let ending = out.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("jsonl" | "ndjson") => Ok(Self::Jsonl),
            Some("csv") => Ok(Self::Csv),
            _ => Err(ExportError::NoEnding { out: out.to_owned() }),
        }
    }
}

impl FromStr for Format {
    type Err = ExportError;

    fn from_str(name: &str) -> Result<Self, ExportError> {
        let known = Self::ALL.into_iter().find(|format| format.name() == name.to_lowercase());
        known.ok_or_else(|| ExportError::NoFormat { name: name.to_owned() })
    }
}

/// What happens to accepted rows that are flagged `contaminates-test`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Contaminated {
    /// They are left out and counted.
    #[default]
    Withheld,
    /// They are written too.
    Allowed,
}

/// Where rows are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A file, written whole or not at all.
    File(PathBuf),
    /// Standard output, which `-` names on a command line.
    StandardOutput,
}

impl From<PathBuf> for Destination {
    fn from(out: PathBuf) -> Self {
        if out == Path::new("-") { Self::StandardOutput } else { Self::File(out) }
    }
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
    /// A generated row; left out unless it is accepted.
    Synthetic(RowView<'a>),
}

/// Labels that are numbers or truth values in the dataset, with the JSON value that each is there.
pub(crate) type LabelValues = BTreeMap<String, Value>;

/// The settings of an export.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Export<'a> {
    /// The fields of the session's rows.
    pub schema: &'a Schema,
    /// How the file is written.
    pub format: Format,
    /// What becomes of contaminated rows.
    pub contaminated: Contaminated,
    /// The labels that leave as another JSON value than their text; only JSON Lines have such.
    pub labels: &'a LabelValues,
    /// Where the rows go.
    pub out: &'a Destination,
    /// What becomes of a file that is there already.
    pub existing: Existing,
}

/// Why nothing was exported; an earlier file is left unchanged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// No format has this name.
    #[error("There is no format `{name}`; there are {}.", Format::ALL.map(Format::name).join(" and "))]
    NoFormat {
        /// What was asked for.
        name: String,
    },
    /// A file's ending belongs to no format.
    #[error(
        "The ending of `{}` names no format; end it in .jsonl or .csv, or add --format jsonl or csv.",
        out.display()
    )]
    NoEnding {
        /// What was to be written.
        out: PathBuf,
    },
    /// The file is one that the session is made of.
    #[error("`{}` is {what}, which an export would replace; name another file.", out.display())]
    IsSessions {
        /// What was to be written.
        out: PathBuf,
        /// What the file is to the session.
        what: &'static str,
    },
    /// A file is there already, and nobody said that it may be replaced.
    #[error("`{}` is there already, so nothing was written; add --force to replace it, or name another file.", out.display())]
    Exists {
        /// What was to be written.
        out: PathBuf,
    },
    /// The file is a folder.
    #[error("`{}` is a folder; name a file in it.", out.display())]
    IsFolder {
        /// What was to be written.
        out: PathBuf,
    },
    /// The file is a pipe or a device.
    #[error(
        "`{}` is no ordinary file and cannot be replaced; name another one, or `-` for standard output.",
        out.display()
    )]
    NoFile {
        /// What was to be written.
        out: PathBuf,
    },
    /// The file exists and is read-only.
    #[error("`{}` is read-only; make it writable or name another file.", out.display())]
    ReadOnly {
        /// What was to be written.
        out: PathBuf,
    },
    /// The folder of the file does not exist.
    #[error("`{}` cannot be written: there is no folder `{}`; make it first.", out.display(), folder.display())]
    NoFolder {
        /// What was to be written.
        out: PathBuf,
        /// Its folder.
        folder: PathBuf,
    },
    /// The file or its folder cannot be written.
    #[error("`{}` cannot be written: {source}. Check that its folder is yours and has room.", out.display())]
    Unwritable {
        /// What was to be written.
        out: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Standard output cannot be written.
    #[error("Standard output cannot be written: {0}.")]
    NoOutput(#[source] io::Error),
}

impl Export<'_> {
    /// Writes the generated rows that are accepted and then the real ones, and replaces a file once all are
    /// written.
    ///
    /// Readers that take a column's type from its first values read such a file: where a column has values at all,
    /// one of the first hundred rows has one, so that of many accepted rows a few are moved to the front. Otherwise
    /// rows keep their order.
    ///
    /// Columns are `id`, `text`, `label`, further fields as declared, then `source` (`real` or
    /// `synthetic`), `prompt`, `version`, `run`, `provider`, `model`, `seed` (the run's), `rating`, `tags`,
    /// `edited`, `created_at`, `decided_at`. A field with the name of one of these columns is written as
    /// `field_NAME`. The same rows give the same bytes.
    ///
    /// # Errors
    ///
    /// The file cannot be written; then nothing has changed.
    pub(crate) fn run<'r>(
        &self,
        synthetic: impl Iterator<Item = RowView<'r>>,
        real: impl Iterator<Item = ExportRow<'r>>,
    ) -> Result<ExportReport, ExportError> {
        let mut report = ExportReport::default();
        let columns = Columns::of(self.schema).with_labels(self.labels);
        let accepted: Vec<_> = synthetic.filter(|row| self.is_written(row, &mut report)).collect();
        let rows = settling_first(&columns, &accepted).into_iter().map(ExportRow::Synthetic).chain(real);
        match self.out {
            Destination::File(out) => {
                let unwritable = |source: io::Error| match source.kind() {
                    io::ErrorKind::AlreadyExists => ExportError::Exists { out: out.clone() },
                    _ => ExportError::Unwritable { out: out.clone(), source },
                };
                let mut placing = Placing::begin(out, self.existing)?;
                report.replaced = placing.replaces();
                self.write(&columns, rows, placing.file(), &mut report).map_err(unwritable)?;
                placing.finish().map_err(unwritable)?;
            }
            Destination::StandardOutput => {
                let out = io::stdout().lock();
                self.write(&columns, rows, out, &mut report).map_err(ExportError::NoOutput)?;
            }
        }
        Ok(report)
    }

    /// Writes all rows and counts them.
    fn write<'r>(
        &self,
        columns: &Columns,
        rows: impl Iterator<Item = ExportRow<'r>>,
        out: impl io::Write,
        report: &mut ExportReport,
    ) -> io::Result<()> {
        let mut missing = MissingWords::of(self.format, columns);
        let mut lines = Lines::begin(self.format, &columns.names, out)?;
        for row in rows {
            let values = columns.values(&row);
            lines.write(&columns.names, &values)?;
            missing.count(&values);
            match row {
                ExportRow::Real { .. } => report.real += 1,
                ExportRow::Synthetic(_) => report.accepted += 1,
            }
        }
        report.missing = missing.into_found();
        lines.finish()
    }

    /// Returns whether a generated row is written; one that is withheld is counted.
    fn is_written(&self, row: &RowView<'_>, report: &mut ExportReport) -> bool {
        if row.state().kind() != StateKind::Accepted {
            return false;
        }
        let withheld =
            self.contaminated == Contaminated::Withheld && row.has_flag(FlagKind::ContaminatesTest);
        report.withheld += u64::from(withheld);
        !withheld
    }
}

/// Writes rows as lines in one of the formats.
enum Lines<W: io::Write> {
    Csv(Box<csv::Writer<W>>),
    Jsonl(BufWriter<W>),
}

impl<W: io::Write> Lines<W> {
    fn begin(format: Format, names: &[String], out: W) -> io::Result<Self> {
        match format {
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(names).map_err(of_csv)?;
                Ok(Self::Csv(Box::new(writer)))
            }
            Format::Jsonl => Ok(Self::Jsonl(BufWriter::new(out))),
        }
    }

    fn write(&mut self, names: &[String], values: &[Value]) -> io::Result<()> {
        match self {
            Self::Csv(writer) => writer.write_record(values.iter().map(cell)).map_err(of_csv),
            Self::Jsonl(writer) => {
                let mut line = serde_json::Serializer::new(&mut *writer);
                line.collect_map(names.iter().zip(values))?;
                writer.write_all(b"\n")
            }
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush(),
            Self::Jsonl(mut writer) => writer.flush(),
        }
    }
}

/// Returns the error below one of the csv crate, whose own conversion forgets its kind.
fn of_csv(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

#[cfg(test)]
mod tests;
