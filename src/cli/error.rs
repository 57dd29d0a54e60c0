//! Errors of commands, and their exit codes.

use std::io;

use super::out;
use crate::workbench::{Class, WorkbenchError};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// The workbench failed.
    #[error(transparent)]
    Workbench(#[from] WorkbenchError),
    /// The arguments are wrong; a sentence.
    #[error("{0}")]
    Usage(String),
    /// The command failed; a sentence.
    #[error("{0}")]
    Failed(String),
    /// The reader of standard output has closed it, which is no failure.
    #[error("Standard output was closed.")]
    Closed,
    /// Standard output cannot be written.
    #[error("Standard output cannot be written: {0}.")]
    Output(io::Error),
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Output(error) }
    }
}

impl CliError {
    /// Returns the documented exit code.
    pub(super) const fn exit_code(&self) -> u8 {
        match self {
            Self::Closed => 0,
            Self::Usage(_) => 2,
            Self::Failed(_) | Self::Output(_) => 1,
            Self::Workbench(error) => match error.class() {
                Class::Usage => 2,
                Class::Failed => 1,
                Class::Locked => 3,
                Class::Stopped => 130,
            },
        }
    }

    /// Prints the error as one sentence, unless standard output was closed; below it, the place in a filter.
    pub(super) fn report(&self) {
        if !matches!(self, Self::Closed) {
            out::say(&format!("rowsmith: {self}"));
        }
        if let Self::Workbench(WorkbenchError::Filter(error)) = self {
            error.pointed().iter().for_each(|line| out::say(&format!("  {line}")));
        }
    }
}
