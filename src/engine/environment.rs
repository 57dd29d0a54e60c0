//! Where keys come from: the environment, `.env`, or a command that prints one.
//!
//! A key lives in this process alone. It is handed to the generator it is for, and stands in
//! no log, error, journal or `Debug` output. Whether it may go there is settled before, in `permission`.
//!
//! ```text
//! environment ──► .env of the session ──► .env of the current folder ──► api_key_cmd
//!                                                       (first, where no variable is named)
//! ```

mod key_command;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::dotenv;
use crate::domain::GeneratorSettings;
use crate::files;

pub(crate) use key_command::{NoKey, Patience};

/// Where the value of a variable was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the environment of the process.
    Environment,
    /// In this `.env`.
    File(PathBuf),
    /// `api_key_cmd` printed it.
    Command,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("the environment"),
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Command => f.write_str("what `api_key_cmd` prints"),
        }
    }
}

/// Variables as a generator sees them. Its clones share what was found.
#[derive(Clone)]
pub struct Environment {
    files: Arc<Vec<(PathBuf, BTreeMap<String, String>)>>,
    /// What `api_key_cmd` printed, and the variable it stands in for; any key's, where none is named.
    printed: Option<Arc<(Option<String>, String)>>,
    /// Variables that are treated as if they were not set.
    hidden: Arc<BTreeSet<String>>,
    process: fn(&str) -> Option<String>,
    key: Arc<Mutex<Option<(String, Place)>>>,
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: Vec<_> = self.files.iter().map(|(file, _)| file).collect();
        f.debug_struct("Environment").field("files", &files).finish_non_exhaustive()
    }
}

impl Environment {
    /// Returns the environment with the `.env` of a session's folder, then of the current one.
    #[must_use]
    pub fn of(session_folder: Option<&Path>) -> Self {
        let current = Path::new(".");
        let mut folders: Vec<_> = session_folder.into_iter().collect();
        let is_current = |folder: &&Path| folder.canonicalize().ok() == current.canonicalize().ok();
        if !folders.iter().any(is_current) {
            folders.push(current);
        }
        let files = folders.into_iter().filter_map(|folder| read(&folder.join(dotenv::FILE_NAME))).collect();
        let process = |name: &str| std::env::var(name).ok();
        let hidden = Arc::default();
        Self { files: Arc::new(files), printed: None, hidden, process, key: Arc::default() }
    }

    /// Returns the environment with the key that the settings' command prints, where it is needed:
    /// it may take its time.
    ///
    /// # Errors
    ///
    /// The command fails, prints nothing or takes too long, as a sentence; or it was stopped.
    pub(crate) fn with_key(self, settings: &GeneratorSettings, patience: &Patience) -> Result<Self, NoKey> {
        match self.command_needed(settings) {
            Some(command) => {
                let key = key_command::first_line(command, patience)?;
                Ok(self.with_printed(settings, key))
            }
            None => Ok(self),
        }
    }

    /// Returns the environment as it would be with the key of the settings' command, without running it.
    pub(super) fn with_stand_in(self, settings: &GeneratorSettings) -> Self {
        match self.command_needed(settings) {
            Some(_) => self.with_printed(settings, "stands in".to_owned()),
            None => self,
        }
    }

    /// Returns the environment as it would be with this variable, which may be set at another time.
    pub(super) fn assuming(mut self, name: Option<&str>) -> Self {
        if let Some(name) = name.filter(|name| self.find(name).is_none()) {
            self.printed = Some(Arc::new((Some(name.to_owned()), "stands in".to_owned())));
        }
        self
    }

    /// Returns the environment without these variables.
    #[must_use]
    pub(super) fn without(mut self, names: &[&str]) -> Self {
        let hidden = names.iter().map(ToString::to_string).chain(self.hidden.iter().cloned());
        self.hidden = Arc::new(hidden.collect());
        self
    }

    /// Returns the settings' command, where its key is needed.
    fn command_needed<'s>(&self, settings: &'s GeneratorSettings) -> Option<&'s str> {
        // Without a name the command alone is for this server; a key in a variable may be another's.
        let is_set = settings.api_key_env.as_deref().is_some_and(|name| self.find(name).is_some());
        settings.api_key_cmd.as_deref().filter(|_| !is_set)
    }

    fn with_printed(mut self, settings: &GeneratorSettings, key: String) -> Self {
        self.printed = Some(Arc::new((settings.api_key_env.clone(), key)));
        self
    }

    /// Returns a variable's value, where it has one that is not blank.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        let (value, place) = self.find(name)?;
        let named = self.printed.as_ref().and_then(|printed| printed.0.as_deref());
        if name.ends_with("_KEY") || named == Some(name) {
            *self.key.lock().unwrap_or_else(PoisonError::into_inner) = Some((name.to_owned(), place));
        }
        Some(value)
    }

    /// Returns the variable that a key was last taken for, and where it was found.
    #[must_use]
    pub fn key_found(&self) -> Option<(String, Place)> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns a variable's value and where it was found, where it has one that is not blank.
    pub(super) fn find(&self, name: &str) -> Option<(String, Place)> {
        if self.hidden.contains(name) {
            return None;
        }
        let printed = self.printed.as_ref().filter(|printed| match &printed.0 {
            Some(named) => named == name,
            None => name.ends_with("_KEY"),
        });
        if let Some(printed) = printed {
            return Some((printed.1.clone(), Place::Command));
        }
        let filled = |value: &String| !value.trim().is_empty();
        if let Some(value) = (self.process)(name).filter(filled) {
            return Some((value, Place::Environment));
        }
        let written = |(file, values): &(PathBuf, BTreeMap<String, String>)| {
            let value = values.get(name).filter(|value| filled(value))?;
            Some((value.clone(), Place::File(file.clone())))
        };
        self.files.iter().find_map(written)
    }
}

/// Reads a `.env`, where there is one that can be read.
fn read(file: &Path) -> Option<(PathBuf, BTreeMap<String, String>)> {
    let text = match files::read_text(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => {
            tracing::warn!("{} cannot be read as text and is left out: {error}", file.display());
            return None;
        }
        Ok(text) => text,
    };
    Some((file.to_owned(), dotenv::parse(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOTENV: &str = "DESK_KEY=from-file\nHOME_KEY=beside\nBLANK_KEY=\n";

    fn environment(folder: &Path) -> Environment {
        let process = |name: &str| match name {
            "HOME_KEY" => Some("from-process".to_owned()),
            "DESK_KEY" => Some(" ".to_owned()),
            _ => None,
        };
        Environment { process, ..Environment::of(Some(folder)) }
    }

    fn patience() -> Patience {
        let limit = std::time::Duration::from_secs(20);
        Patience { limit, silent: limit, say: Arc::new(|| ()), stop: crate::text::Stop::never() }
    }

    fn with_command(env: Option<&str>, command: &str) -> GeneratorSettings {
        GeneratorSettings {
            api_key_env: env.map(str::to_owned),
            api_key_cmd: Some(command.to_owned()),
            ..GeneratorSettings::default()
        }
    }

    #[test]
    fn the_real_environment_comes_before_the_sessions_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), DOTENV).unwrap();
        let environment = environment(folder.path());

        assert_eq!(environment.get("HOME_KEY").as_deref(), Some("from-process"));
        assert_eq!(environment.key_found(), Some(("HOME_KEY".into(), Place::Environment)));
        assert_eq!(environment.get("DESK_KEY").as_deref(), Some("from-file"));
        let file = Place::File(folder.path().join(".env"));
        assert_eq!(environment.key_found(), Some(("DESK_KEY".into(), file)));
        assert_eq!(environment.get("BLANK_KEY"), None);
        assert!(!format!("{environment:?}").contains("from-"), "{environment:?}");
    }

    #[test]
    fn a_command_stands_in_for_a_named_variable_only_where_it_is_not_set() {
        let folder = tempfile::tempdir().unwrap();
        let set = environment(folder.path())
            .with_key(&with_command(Some("HOME_KEY"), "exit 1"), &patience())
            .unwrap();
        assert_eq!(set.get("HOME_KEY").as_deref(), Some("from-process"));

        let unset = environment(folder.path())
            .with_key(&with_command(Some("X"), "echo printed; echo more"), &patience())
            .unwrap();
        assert_eq!(unset.get("X").as_deref(), Some("printed"));
        assert_eq!(unset.key_found(), Some(("X".into(), Place::Command)));
        assert_eq!(unset.get("OTHER_KEY"), None);
        assert!(!format!("{unset:?}").contains("printed"), "{unset:?}");
    }

    #[test]
    fn a_command_without_a_variable_comes_before_anybody_elses_key() {
        let folder = tempfile::tempdir().unwrap();
        let environment =
            environment(folder.path()).with_key(&with_command(None, "echo printed"), &patience()).unwrap();
        assert_eq!(environment.get("HOME_KEY").as_deref(), Some("printed"));
    }
}
