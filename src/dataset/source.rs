//! The source of a dataset: its file and the columns to read.

use std::path::{Path, PathBuf};

use super::error::DatasetError;

/// A file of labelled texts and the columns to read from it; other columns are ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// The file's format.
    pub format: Format,
    /// The column of the texts.
    pub text: String,
    /// The column of the labels.
    pub label: String,
    /// The column of the row ids; without one, a row's id is the number of its line.
    pub id: Option<String>,
    /// The column that holds `train` or `test`; without one, the split is by seed.
    pub split: Option<String>,
}

impl Source {
    /// Describes a file with the two columns that every dataset has.
    ///
    /// The format follows from the file's extension.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Extension`] where the extension is not one of [`Format`]'s.
    pub fn new(
        path: impl Into<PathBuf>,
        text: impl Into<String>,
        label: impl Into<String>,
    ) -> Result<Self, DatasetError> {
        let path = path.into();
        let format = Format::of(&path)?;
        Ok(Self { path, format, text: text.into(), label: label.into(), id: None, split: None })
    }
}

/// The format of a dataset file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a header, as in RFC 4180.
    Csv,
    /// Tab-separated values with a header; a `"` is an ordinary character.
    Tsv,
    /// One JSON object a line.
    Jsonl,
}

impl Format {
    /// Returns the format that belongs to a file's extension, whose case is ignored.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Extension`] where it is none of `csv`, `tsv` and `jsonl`.
    pub fn of(path: &Path) -> Result<Self, DatasetError> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        match extension.as_deref() {
            Some("csv") => Ok(Self::Csv),
            Some("tsv") => Ok(Self::Tsv),
            Some("jsonl") => Ok(Self::Jsonl),
            _ => Err(DatasetError::Extension { path: path.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_decides_in_any_case() {
        assert_eq!(Format::of(Path::new("a/b.csv")).unwrap(), Format::Csv);
        assert_eq!(Format::of(Path::new("b.TSV")).unwrap(), Format::Tsv);
        assert_eq!(Format::of(Path::new("b.c.JsonL")).unwrap(), Format::Jsonl);
    }

    #[test]
    fn another_extension_is_refused_with_the_ones_there_are() {
        for path in ["rows.parquet", "rows", "csv", ".csv"] {
            let error = Format::of(Path::new(path)).unwrap_err();

            assert_eq!(
                error.to_string(),
                format!(
                    "The extension of the dataset file {path} says nothing that can be read. \
                     Name a file that ends in .csv, .tsv or .jsonl."
                )
            );
        }
    }
}
