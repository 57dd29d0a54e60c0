//! What a person allows a session's files to do with a key.

use std::path::{Path, PathBuf};

/// Who named a server or a key.
///
/// It is never written down: what is read from a folder is the folder's, whoever wrote it there first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NamedBy {
    /// A file of the session's folder: `session.toml`, what was kept beside its store, an earlier run.
    #[default]
    Session,
    /// The person: a profile of their own settings, an option, what they typed on the screen.
    Person,
}

/// A key, by where it comes from. Its value is not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// The value of an environment variable or of a line of `.env`.
    Variable(String),
    /// What this command prints.
    Command(String),
}

/// What a file of a session's folder wants to be done with a key, and only a person can allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The file that wants it: a `session.toml`, or a `.env` where there is no session.
    pub file: PathBuf,
    /// The server that the key would be sent to: scheme, host and port.
    pub server: String,
    /// The key.
    pub secret: Secret,
    /// What a `.env` of the folder puts between, in words: a proxy, authorities of certificates.
    pub via: Vec<String>,
    /// A checksum of what is put between, so that another proxy at the next run is another permission.
    pub via_sum: Option<String>,
}

impl Permission {
    /// Returns what would happen, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let via = match self.via.as_slice() {
            [] => String::new(),
            via => format!(", with {}", via.join(" and ")),
        };
        match &self.secret {
            Secret::Variable(name) => format!("The key in {name} would be sent to {}{via}.", self.server),
            Secret::Command(command) => format!(
                "The command `{command}` would be run, and the key that it prints sent to {}{via}.",
                self.server
            ),
        }
    }

    /// Returns how a command line names the session; `None` where there is none.
    #[must_use]
    pub fn session(&self) -> Option<&Path> {
        let is_session = self.file.extension().is_some_and(|extension| extension == "toml");
        self.file.parent().filter(|_| is_session)
    }
}
