//! Why nothing was exported.

use std::io;
use std::path::PathBuf;

use super::format::{Destination, Format};
use crate::table::TableError;
use crate::text::Stopped;

/// Why nothing was exported; an earlier file is left unchanged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// No format has this name.
    #[error("There is no format `{name}`; there are {}.", Format::ALL.map(Format::name).join(", "))]
    NoFormat {
        /// What was asked for.
        name: String,
    },
    /// A file's ending belongs to no format.
    #[error(
        "The ending of `{}` names no format; end it in .jsonl, .csv, .tsv or .parquet, or add --format with one of {}.",
        out.display(),
        Format::ALL.map(Format::name).join(", ")
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
    /// What is written to failed; it becomes one of the two above, which name it.
    #[error("{0}")]
    Broken(#[from] io::Error),
    /// A person stopped it.
    #[error("The export was stopped before it was complete; nothing was written.")]
    Stopped,
    /// Some files are in their places, and neither could the others be put there nor those be taken back.
    #[error("{error} Before that {} written, and could not be taken back.", written(files))]
    Partly {
        /// Why the others are not.
        error: Box<Self>,
        /// What is in its place.
        files: Vec<String>,
    },
    /// Of the rows nothing would be written.
    #[error("There is nothing to export: {0}")]
    Nothing(String),
    /// The rows or the settings do not go with the format; nothing was written.
    #[error("{0}")]
    Refused(String),
}

impl ExportError {
    /// Adds the files that are written nevertheless, if there are any.
    pub(super) fn after(self, files: &[String]) -> Self {
        if files.is_empty() {
            return self;
        }
        Self::Partly { error: Box::new(self), files: files.to_vec() }
    }

    /// Names what could not be written.
    pub(super) fn about(self, destination: &Destination) -> Self {
        match (self, destination) {
            (Self::Broken(source), Destination::File(out))
                if source.kind() == io::ErrorKind::AlreadyExists =>
            {
                Self::Exists { out: out.clone() }
            }
            (Self::Broken(source), Destination::File(out)) => Self::Unwritable { out: out.clone(), source },
            (Self::Broken(source), Destination::StandardOutput) => Self::NoOutput(source),
            (error, _) => error,
        }
    }
}

/// Returns the files as the subject of a sentence.
fn written(files: &[String]) -> String {
    format!("{} {}", files.join(", "), if files.len() == 1 { "was" } else { "were" })
}

impl From<TableError> for ExportError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Io(error) => Self::Broken(error),
            other => Self::Broken(io::Error::other(other.to_string())),
        }
    }
}

impl From<Stopped> for ExportError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}
