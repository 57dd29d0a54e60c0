//! The state of the screen, kept between two starts.
//!
//! ```text
//! screen.json in the store         focus, filter, order, saved views, selected row: what belongs to these rows
//! screen.json in the state folder  which session was opened last
//! ```
//!
//! The first goes where the rows go: a session that is moved keeps it, and another one at the same place has its
//! own. Both are only a convenience and never cause an error: if one is damaged or of another version, the screen
//! starts with its defaults.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files::write;
use super::{ConfigError, files};
use crate::domain::{Existing, RowId};

const FILE_NAME: &str = "screen.json";

/// The session that was opened last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastSession {
    #[serde(default)]
    sessions: Vec<Remembered>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    path: PathBuf,
}

/// The screen's state for one store. The screen chooses the names in it.
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
    /// Filters with an order that were given a name, as typed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub views: BTreeMap<String, String>,
    /// The open tab of the prompt editor.
    pub tab: Option<String>,
    /// What was being typed about a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<Unfinished>,
    /// The form of the Export view, where something was chosen in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export: Option<KeptExport>,
}

/// The form of the Export view, as it was chosen and typed, valid or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptExport {
    /// The format's name.
    pub format: String,
    /// The file or the folder.
    pub file: String,
    /// Which accepted rows.
    pub filter: String,
    /// The task's name.
    pub task: String,
    /// The share of rows that train.
    pub split: String,
    /// The seed.
    pub seed: String,
    /// How many rows of which label.
    pub balance: String,
    /// The names of the switches that are on.
    pub on: Vec<String>,
}

/// What a person was typing about a row when the screen ended without asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// What it is for.
    pub subject: Subject,
    /// The text.
    pub text: String,
    /// The other fields of a row, a line each.
    #[serde(default)]
    pub others: Option<String>,
}

/// What a text that a person was typing is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The fields of a row.
    Row(RowId),
    /// A row made of a scrap, by its index among all scraps.
    Scrap(u32),
    /// The reason why a row is rejected.
    Reason(RowId),
    /// A row's tags.
    Tags(RowId),
}

impl LastSession {
    /// Loads it from the state file; there is none if the file is missing or damaged.
    #[must_use]
    pub(crate) fn load(file: &Path) -> Self {
        loaded(file)
    }

    /// Returns the session's folder.
    #[must_use]
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.sessions.first().map(|last| last.path.as_path())
    }

    /// Saves a session's folder as the last one. A path that is not Unicode is not remembered.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(crate) fn save(file: &Path, session: &Path) -> Result<(), ConfigError> {
        let Some(path) = session.to_str().map(PathBuf::from) else { return Ok(()) };
        saved(file, &Self { sessions: vec![Remembered { path }] })
    }
}

impl SessionScreen {
    /// Loads the state from a store's folder; the default if there is none or it is damaged.
    #[must_use]
    pub(crate) fn load(store: &Path) -> Self {
        loaded(&store.join(FILE_NAME))
    }

    /// Saves the state in a store's folder, atomically and for its owner only.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(crate) fn save(&self, store: &Path) -> Result<(), ConfigError> {
        saved(&store.join(FILE_NAME), self)
    }
}

fn loaded<T: Default + for<'de> Deserialize<'de>>(file: &Path) -> T {
    let text = files::read_text(file).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn saved(file: &Path, state: &impl Serialize) -> Result<(), ConfigError> {
    let json = serde_json::to_vec_pretty(state)
        .map_err(|error| ConfigError::Unwritable { file: file.to_owned(), source: error.into() })?;
    write(file, &json, Existing::Replace)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn screen(filter: &str) -> SessionScreen {
        let selected = Some(RowId::from_bits(7));
        let tab = Some("user".to_owned());
        SessionScreen {
            selected,
            scroll: 3,
            filter: filter.into(),
            sort: "sort:novelty".into(),
            views: BTreeMap::from([("mine".to_owned(), "tag:x sort:-novelty".to_owned())]),
            tab,
            unfinished: None,
            export: None,
        }
    }

    #[test]
    fn each_store_has_its_own_state_which_goes_where_the_store_goes() {
        let folder = tempfile::tempdir().unwrap();
        let [old, new, other] = ["old", "new", "other"].map(|name| folder.path().join(name));
        screen("label:\"x\"").save(&old).unwrap();
        screen("state:pending").save(&other).unwrap();

        fs::rename(&old, &new).unwrap();

        assert_eq!(SessionScreen::load(&new), screen("label:\"x\""));
        assert_eq!(SessionScreen::load(&other), screen("state:pending"));
        assert_eq!(SessionScreen::load(&old), SessionScreen::default(), "a new one at an old place");
        let mode = fs::metadata(new.join(FILE_NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn the_last_session_is_there_after_a_restart_and_one_of_the_version_before_too() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/screen.json");
        assert_eq!(LastSession::load(&file).folder(), None);
        LastSession::save(&file, Path::new("/a")).unwrap();
        LastSession::save(&file, Path::new("/b")).unwrap();
        assert_eq!(LastSession::load(&file).folder(), Some(Path::new("/b")));

        fs::write(&file, r#"{"sessions":[{"path":"/c","filter":"x","scroll":0},{"path":"/d"}]}"#).unwrap();
        assert_eq!(LastSession::load(&file).folder(), Some(Path::new("/c")));
    }

    #[test]
    fn a_damaged_file_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE_NAME);
        for damaged in [
            "",
            "{",
            "[]",
            "{\"sessions\":3,\"scroll\":\"x\"}",
            "\u{0}",
            "{\"selected\":\"!\",\"sessions\":[1]}",
        ] {
            fs::write(&file, damaged).unwrap();
            assert_eq!(SessionScreen::load(folder.path()), SessionScreen::default(), "{damaged}");
            assert_eq!(LastSession::load(&file), LastSession::default(), "{damaged}");
        }
    }
}
