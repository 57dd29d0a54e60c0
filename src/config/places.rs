//! The paths of the user's files.
//!
//! ```text
//! config  ~/.config/rowsmith/config.toml, allowed.toml
//! data    ~/.local/share/rowsmith/sessions/NAME/
//! state   ~/.local/state/rowsmith/screen.json, log
//! ```

#[cfg(test)]
use std::path::Path;
use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::ConfigError;

const PROGRAM: &str = "rowsmith";

/// The program's three folders. None of them has to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    /// Settings that a person writes.
    pub config: PathBuf,
    /// Bundled sessions that were written to disk.
    pub data: PathBuf,
    /// The screen's state and the log.
    pub state: PathBuf,
}

impl Places {
    /// Returns the folders of the user who runs the program, as `XDG_CONFIG_HOME` and similar variables set
    /// them.
    ///
    /// # Errors
    ///
    /// The user has no home folder that can be found.
    pub(crate) fn of_user() -> Result<Self, ConfigError> {
        let Ok(folders) = etcetera::choose_base_strategy() else { return Err(ConfigError::NoHome) };
        Ok(Self {
            config: folders.config_dir().join(PROGRAM),
            data: folders.data_dir().join(PROGRAM),
            state: folders.state_dir().unwrap_or_else(|| folders.data_dir()).join(PROGRAM),
        })
    }

    /// Returns folders inside the given one.
    #[cfg(test)]
    pub(crate) fn within(folder: &Path) -> Self {
        Self { config: folder.join("config"), data: folder.join("data"), state: folder.join("state") }
    }

    /// Returns the user's settings file.
    #[must_use]
    pub(crate) fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// Returns the file of what the user allowed sessions.
    #[must_use]
    pub(crate) fn allowed_file(&self) -> PathBuf {
        self.config.join("allowed.toml")
    }

    /// Returns the folder that bundled sessions are written to.
    #[must_use]
    pub(crate) fn sessions(&self) -> PathBuf {
        self.data.join("sessions")
    }

    /// Returns the file of the screen's state.
    #[must_use]
    pub(crate) fn screen_state(&self) -> PathBuf {
        self.state.join("screen.json")
    }

    /// Returns the log file.
    #[must_use]
    pub(crate) fn log(&self) -> PathBuf {
        self.state.join("log")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_lies_in_a_folder_of_the_program() {
        let places = Places::of_user().unwrap();
        for file in [places.config_file(), places.sessions(), places.screen_state(), places.log()] {
            assert_eq!(file.parent().and_then(Path::file_name), Some(PROGRAM.as_ref()), "{file:?}");
            assert!(file.is_absolute());
        }
    }
}
