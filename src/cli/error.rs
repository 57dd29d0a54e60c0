//! Why a command failed, and the exit code that tells.

use std::io;

use super::out;
use crate::workbench::{Class, WorkbenchError};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// The workbench could not do it.
    #[error(transparent)]
    Workbench(#[from] WorkbenchError),
    /// The call is wrong, as a sentence.
    #[error("{0}")]
    Usage(String),
    /// It was tried and failed, as a sentence.
    #[error("{0}")]
    Failed(String),
    /// Standard output is closed: whoever read it has had enough.
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
    /// Returns the exit code of the contract.
    pub(super) const fn exit_code(&self) -> u8 {
        match self {
            Self::Closed => 0,
            Self::Usage(_) => 2,
            Self::Failed(_) | Self::Output(_) => 1,
            Self::Workbench(error) => match error.class() {
                Class::Usage => 2,
                Class::Failed => 1,
                Class::Locked => 3,
            },
        }
    }

    /// Prints the error as one sentence, unless nobody is listening.
    pub(super) fn report(&self) {
        if !matches!(self, Self::Closed) {
            out::say(&format!("rowsmith: {self}"));
        }
    }
}
