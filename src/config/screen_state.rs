//! What the screen remembers between two starts.
//!
//! It is a convenience and never worth an error: what is damaged or of another version is
//! left out, and the screen starts as on the first day.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files::{Existing, write};
use super::{ConfigError, files};
use crate::domain::RowId;

/// How many sessions are remembered.
const SESSIONS: usize = 50;

/// What the screen remembers of all sessions, the last one first.
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

/// What the screen remembers of one session. Names are those that the screen itself gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionScreen {
    /// The pane that has the focus.
    pub focus: Option<String>,
    /// The selected row.
    pub selected: Option<RowId>,
    /// The first row in sight, as a place in the view.
    pub scroll: usize,
    /// The filter, as typed.
    pub filter: String,
    /// The order of the rows, as it is written.
    pub sort: String,
    /// The open tab of the prompt editor.
    pub tab: Option<String>,
}

impl ScreenState {
    /// Loads what is remembered; nothing where the file is missing or damaged.
    #[must_use]
    pub(crate) fn load(file: &Path) -> Self {
        let text = files::read_text(file).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Returns the session that was open last.
    #[must_use]
    pub(crate) fn last_session(&self) -> Option<PathBuf> {
        self.sessions.first().map(|last| PathBuf::from(&last.path))
    }

    /// Returns what is remembered of a session.
    #[must_use]
    pub(crate) fn of(&self, session: &Path) -> Option<&SessionScreen> {
        self.sessions.iter().find(|known| Path::new(&known.path) == session).map(|known| &known.screen)
    }

    /// Remembers a session as the last one. A path that is no Unicode is not remembered.
    pub(crate) fn remember(&mut self, session: &Path, screen: SessionScreen) {
        let Some(path) = session.to_str() else { return };
        self.sessions.retain(|known| known.path != path);
        self.sessions.insert(0, Remembered { path: path.to_owned(), screen });
        self.sessions.truncate(SESSIONS);
    }

    /// Saves what is remembered, whole or not at all.
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
        let (focus, tab) = (Some("rows".to_owned()), Some("user".to_owned()));
        SessionScreen { focus, selected, scroll: 3, filter: filter.into(), sort: "sort:novelty".into(), tab }
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
