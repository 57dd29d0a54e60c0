//! The state of the screen, kept between two starts.
//!
//! It is only a convenience and never causes an error: if it is damaged or of another version, the screen
//! starts with its defaults.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files::{Existing, write};
use super::{ConfigError, files};
use crate::domain::RowId;

/// The most sessions that are remembered.
const SESSIONS: usize = 50;

/// The screen's state for all sessions, the last opened one first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScreenState {
    #[serde(default)]
    sessions: Vec<Remembered>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    path: String,
    #[serde(flatten)]
    screen: SessionScreen,
}

/// The screen's state for one session. The screen chooses the names in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionScreen {
    /// The selected row.
    pub selected: Option<RowId>,
    /// The first visible row, as an index into the view.
    pub scroll: usize,
    /// The filter, as typed.
    pub filter: String,
    /// The sort order, as typed.
    pub sort: String,
    /// The open tab of the prompt editor.
    pub tab: Option<String>,
}

impl ScreenState {
    /// Loads the state; empty if the file is missing or damaged.
    #[must_use]
    pub(crate) fn load(file: &Path) -> Self {
        let text = files::read_text(file).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Returns the session that was opened last.
    #[must_use]
    pub(crate) fn last_session(&self) -> Option<PathBuf> {
        self.sessions.first().map(|last| PathBuf::from(&last.path))
    }

    /// Returns the state of a session.
    #[must_use]
    pub(crate) fn of(&self, session: &Path) -> Option<&SessionScreen> {
        self.sessions.iter().find(|known| Path::new(&known.path) == session).map(|known| &known.screen)
    }

    /// Stores a session's state and makes it the last one. A path that is not Unicode is ignored.
    pub(crate) fn remember(&mut self, session: &Path, screen: SessionScreen) {
        let Some(path) = session.to_str() else { return };
        self.sessions.retain(|known| known.path != path);
        self.sessions.insert(0, Remembered { path: path.to_owned(), screen });
        self.sessions.truncate(SESSIONS);
    }

    /// Saves the state atomically.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(crate) fn save(&self, file: &Path) -> Result<(), ConfigError> {
        let json = serde_json::to_vec_pretty(self)
            .map_err(|error| ConfigError::Unwritable { file: file.to_owned(), source: error.into() })?;
        write(file, &json, Existing::Replace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(filter: &str) -> SessionScreen {
        let selected = Some(RowId::from_bits(7));
        let tab = Some("user".to_owned());
        SessionScreen { selected, scroll: 3, filter: filter.into(), sort: "sort:novelty".into(), tab }
    }

    #[test]
    fn what_was_saved_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/screen.json");
        let mut state = ScreenState::default();
        state.remember(Path::new("/a"), screen("label:\"x\""));
        state.remember(Path::new("/b"), screen(""));
        state.remember(Path::new("/a"), screen("state:pending"));
        state.save(&file).unwrap();

        let loaded = ScreenState::load(&file);

        assert_eq!(loaded, state);
        assert_eq!(loaded.last_session(), Some(PathBuf::from("/a")));
        assert_eq!(loaded.of(Path::new("/a")), Some(&screen("state:pending")));
        assert_eq!(loaded.of(Path::new("/c")), None);
    }

    #[test]
    fn a_damaged_file_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("screen.json");
        assert_eq!(ScreenState::load(&file), ScreenState::default());
        for damaged in [
            "",
            "{",
            "[]",
            "{\"sessions\":3}",
            "{\"sessions\":[{\"path\":\"/a\",\"selected\":\"!\"}]}",
            "\u{0}",
        ] {
            std::fs::write(&file, damaged).unwrap();
            assert_eq!(ScreenState::load(&file), ScreenState::default(), "{damaged}");
        }
    }

    #[test]
    fn only_the_latest_sessions_are_remembered() {
        let mut state = ScreenState::default();
        for number in 0..=SESSIONS {
            state.remember(Path::new(&format!("/{number}")), SessionScreen::default());
        }
        assert_eq!(state.sessions.len(), SESSIONS);
        assert_eq!(state.of(Path::new("/0")), None);
        assert_eq!(state.last_session(), Some(PathBuf::from(format!("/{SESSIONS}"))));
    }
}
