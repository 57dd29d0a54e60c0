//! The errors of the workbench.

use std::path::PathBuf;

use super::evaluate::Unfit;
use crate::batch::BatchError;
use crate::config::ConfigError;
use crate::curate::FilterError;
use crate::dataset::DatasetError;
use crate::domain::{FieldsError, OperationId, Permission, Problem, ReferenceError};
use crate::export::ExportError;
use crate::generate::GeneratorError;
use crate::import::ImportError;
use crate::store::{OwnerError, StoreError};
use crate::text::shell_word;

/// What the caller does about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The call or the session file is wrong: correct it and call again.
    Usage,
    /// The attempt failed.
    Failed,
    /// Another process holds the store: wait for it, or use it.
    Locked,
    /// A person stopped it.
    Stopped,
}

/// Why the workbench could not do what it was asked. Every message is a full sentence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkbenchError {
    /// The session file or the user's settings are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The dataset cannot be used.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The generator cannot be used or failed.
    #[error(transparent)]
    Generator(#[from] GeneratorError),
    /// A file could not be written.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// Files of a batch could not be written or read.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// A filter does not parse.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A reference names no version.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// Fields do not meet the schema.
    #[error(transparent)]
    Fields(#[from] FieldsError),
    /// The prompt cannot be used as it is.
    #[error("The prompt cannot be sampled: {}", first(.0))]
    Prompt(Vec<Problem>),
    /// There is no session of this name or path.
    #[error(
        "There is no session `{asked}`: it is no folder with a session.toml, and the bundled sessions are {bundled}. \
         Make one with `rowsmith new DIR --data FILE --text COL --label COL --target LABEL`."
    )]
    NoSession {
        /// What was asked for.
        asked: String,
        /// The bundled sessions' names, as listed in the message.
        bundled: String,
    },
    /// No row has this id.
    #[error("There is no row `{0}`; `rowsmith rows` lists the ids.")]
    NoRow(String),
    /// No operation has this number.
    #[error("There is no operation {}; `rowsmith log` lists them.", .0.0)]
    NoOperation(OperationId),
    /// Several rows have ids that begin like this.
    #[error("`{id}` fits {rows} rows; give more of the id.")]
    AmbiguousRow {
        /// What was given.
        id: String,
        /// The number of rows it matches.
        rows: usize,
    },
    /// A row id has too few characters.
    #[error("`{0}` is too short for a row id; give four characters or more.")]
    ShortId(String),
    /// The staged facts could not be written; the reason as a sentence.
    #[error("{0}")]
    NotSaved(String),
    /// The target exists already.
    #[error("{} is there already; name another folder, or remove it first.", .0.display())]
    Exists(PathBuf),
    /// A store is where the new one goes.
    #[error(
        "{} holds the store of another session, or of an earlier one; name another folder with `--store`, or remove it.",
        .0.display()
    )]
    StoreExists(PathBuf),
    /// A file could not be read or written.
    #[error("{what} {}: {source}.", .path.display())]
    Io {
        /// What could not be done, as the beginning of a sentence.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A key would go where only a person can allow it to.
    #[error("{}", not_allowed(.0))]
    NotAllowed(Box<Permission>),
    /// A run was stopped before it was in the journal.
    #[error("The run was stopped before it began; nothing was sampled.")]
    StoppedEarly,
    /// Files of a batch were not written or read to their end; what that left, as the end of a sentence.
    #[error("It was stopped; {0}.")]
    BatchStopped(&'static str),
    /// A file cannot be imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A file could not be read to its end; a sentence.
    #[error("{0} Nothing was imported.")]
    NotImported(String),
    /// An import was stopped.
    #[error("The import was stopped; nothing was imported.")]
    ImportStopped,
    /// The figures were stopped before there were any.
    #[error("The figures were stopped; nothing was changed.")]
    FiguresStopped,
    /// There are too few rows of a kind to evaluate anything.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// An evaluation was stopped.
    #[error("The evaluation was stopped; nothing was counted or kept.")]
    EvaluationStopped,
    /// Any other mistake in the call, as a sentence.
    #[error("{0}")]
    Usage(String),
}

fn first(problems: &[Problem]) -> String {
    use crate::domain::PromptPart;
    problems.first().map_or_else(String::new, |problem| {
        let part = match problem.part {
            PromptPart::User => "user",
            PromptPart::System => "system",
            PromptPart::Variables => "variables",
        };
        let place = format!("{part}, line {}: {}", problem.line, problem.message);
        if problem.message.ends_with(" is not defined here.") {
            // A prompt of another tool often has variables that the session does not know.
            return format!(
                "{place} If it is a variable, give its values: `variables:` in the file's front matter, or \
                 [variables] in session.toml."
            );
        }
        place
    })
}

fn not_allowed(wanted: &Permission) -> String {
    let (file, what) = (wanted.file.display(), wanted.sentence());
    match wanted.session() {
        Some(session) => {
            let session = shell_word(&session.display().to_string());
            format!(
                "{what} `{file}` asks for that, and you have not allowed it: `rowsmith allow {session}` shows all that \
                 it asks for, and allows it."
            )
        }
        None => format!(
            "{what} `{file}` asks for that, and you have not allowed it: name the server with `--base-url`, or take it \
             out of the file."
        ),
    }
}

impl WorkbenchError {
    /// Returns whether facts that could not be committed wait to be saved; else they were taken back.
    pub(crate) const fn waits(&self) -> bool {
        matches!(self, Self::Store(error) if !error.is_of_facts())
    }

    /// Returns what the caller does about it.
    pub const fn class(&self) -> Class {
        match self {
            Self::Store(StoreError::Locked { .. }) => Class::Locked,
            Self::StoppedEarly
            | Self::ImportStopped
            | Self::BatchStopped(_)
            | Self::FiguresStopped
            | Self::EvaluationStopped => Class::Stopped,
            Self::Store(StoreError::Owner(OwnerError::OfAnother(_)))
            | Self::Export(
                ExportError::NoFormat { .. }
                | ExportError::NoEnding { .. }
                | ExportError::IsSessions { .. }
                | ExportError::Exists { .. }
                | ExportError::Refused(_),
            ) => Class::Usage,
            Self::Batch(BatchError::Io { .. })
            | Self::Store(_)
            | Self::Generator(_)
            | Self::Export(_)
            | Self::NotSaved(_)
            | Self::NotImported(_)
            | Self::Io { .. } => Class::Failed,
            _ => Class::Usage,
        }
    }

    /// Returns whether nothing was exported because the file is there already.
    pub(crate) const fn is_about_an_existing_file(&self) -> bool {
        matches!(self, Self::Export(ExportError::Exists { .. }))
    }
}
