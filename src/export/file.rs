//! Writes accepted rows to a file.

use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde_json::{Map, Value};

use super::placing::Placing;
use super::record::{Columns, cell};
use crate::domain::{ExportReport, FlagKind, RowView, Schema, StateKind};

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

/// One row that may be written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ExportRow<'a> {
    /// A train row of the dataset.
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

/// The settings of an export.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Export<'a> {
    /// The fields of the session's rows.
    pub schema: &'a Schema,
    /// How the file is written.
    pub format: Format,
    /// What becomes of contaminated rows.
    pub contaminated: Contaminated,
    /// The file.
    pub out: &'a Path,
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
    /// The file is a folder.
    #[error("`{}` is a folder; name a file in it.", out.display())]
    IsFolder {
        /// What was to be written.
        out: PathBuf,
    },
    /// The file is a pipe or a device.
    #[error("`{}` is no ordinary file and cannot be replaced; name another one.", out.display())]
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
}

impl Export<'_> {
    /// Writes rows in the order given, and replaces the file once all are written.
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
        rows: impl Iterator<Item = ExportRow<'r>>,
    ) -> Result<ExportReport, ExportError> {
        let unwritable = |source| ExportError::Unwritable { out: self.out.to_owned(), source };
        let mut placing = Placing::begin(self.out)?;
        let mut lines =
            Lines::begin(self.format, Columns::of(self.schema), &mut placing).map_err(unwritable)?;
        let mut report = ExportReport::default();
        for row in rows {
            if let Some(count) = self.counts_as(&row, &mut report) {
                lines.write(&row).map_err(unwritable)?;
                *count += 1;
            }
        }
        lines.finish().map_err(unwritable)?;
        placing.finish().map_err(unwritable)?;
        Ok(report)
    }

    /// Returns the counter of a row that is to be written, or `None` for one that is left out, after
    /// counting it if the report says so.
    fn counts_as<'a>(&self, row: &ExportRow<'_>, report: &'a mut ExportReport) -> Option<&'a mut u64> {
        let ExportRow::Synthetic(row) = row else { return Some(&mut report.real) };
        if row.state().kind() != StateKind::Accepted {
            return None;
        }
        if self.contaminated == Contaminated::Withheld && row.has_flag(FlagKind::ContaminatesTest) {
            report.withheld += 1;
            return None;
        }
        Some(&mut report.accepted)
    }
}

/// Writes rows as lines in one of the formats.
enum Lines<'a> {
    Csv(Columns, Box<csv::Writer<&'a mut std::fs::File>>),
    Jsonl(Columns, BufWriter<&'a mut std::fs::File>),
}

impl<'a> Lines<'a> {
    fn begin(format: Format, columns: Columns, placing: &'a mut Placing) -> io::Result<Self> {
        match format {
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(placing.file());
                writer.write_record(&columns.names)?;
                Ok(Self::Csv(columns, Box::new(writer)))
            }
            Format::Jsonl => Ok(Self::Jsonl(columns, BufWriter::new(placing.file()))),
        }
    }

    fn write(&mut self, row: &ExportRow<'_>) -> io::Result<()> {
        match self {
            Self::Csv(columns, writer) => Ok(writer.write_record(columns.values(row).iter().map(cell))?),
            Self::Jsonl(columns, writer) => {
                let object: Map<String, Value> =
                    columns.names.iter().cloned().zip(columns.values(row)).collect();
                serde_json::to_writer(&mut *writer, &object)?;
                writer.write_all(b"\n")
            }
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(_, mut writer) => writer.flush(),
            Self::Jsonl(_, mut writer) => writer.flush(),
        }
    }
}

#[cfg(test)]
mod tests;
