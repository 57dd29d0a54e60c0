//! What a person chose on the screen for the next runs of a session, kept beside its store.
//!
//! It comes over `session.toml` and the profiles, which are never rewritten, and holds no key. Only the screen reads
//! it: a command samples as the session file and its own options say.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files::{read_text, write};
use super::{ConfigError, Overrides};
use crate::domain::{Budget, Existing, PlanMode};

/// The version of the file.
const FORMAT: u32 = 1;

/// What was chosen; `None` where nothing was.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeptSettings {
    /// The profile; `None` for the session's own settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// What comes over the profile.
    pub generator: Overrides,
    /// How many rows one run asks for, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u32>,
    /// The seed of the next runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// What a run may use up.
    pub budget: Budget,
    /// Whether equal requests are answered from earlier replies.
    pub reuse: bool,
    /// How rows are spread over the combinations of variables.
    #[serde(skip_serializing_if = "is_random")]
    pub plan: PlanMode,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_random(mode: &PlanMode) -> bool {
    *mode == PlanMode::Random
}

#[derive(Serialize, Deserialize)]
struct File<T> {
    v: u32,
    settings: T,
}

impl KeptSettings {
    /// Returns the file in a store's folder.
    #[must_use]
    pub(crate) fn file(store: &Path) -> PathBuf {
        store.join("settings.json")
    }

    /// Loads what was kept; nothing where there is no file.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or holds something else.
    pub(crate) fn load(store: &Path) -> Result<Self, ConfigError> {
        let file = Self::file(store);
        let text = match read_text(&file) {
            Err(ConfigError::NoFile { .. }) => return Ok(Self::default()),
            text => text?,
        };
        let read: Option<File<Self>> = serde_json::from_str(&text).ok();
        read.filter(|read| read.v == FORMAT && read.settings.is_sound()).map(|read| read.settings).ok_or_else(
            || ConfigError::Invalid {
                file,
                line: None,
                message: "what was chosen on the screen cannot be read and is left out; choose again".into(),
            },
        )
    }

    /// Saves it atomically, for the person alone; the file goes where nothing is chosen.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(crate) fn save(&self, store: &Path) -> Result<(), ConfigError> {
        let file = Self::file(store);
        if *self == Self::default() {
            return match fs::remove_file(&file) {
                Err(source) if source.kind() != ErrorKind::NotFound => {
                    Err(ConfigError::Unwritable { file, source })
                }
                _ => Ok(()),
            };
        }
        let json = serde_json::to_vec_pretty(&File { v: FORMAT, settings: self })
            .map_err(|error| ConfigError::Unwritable { file: file.clone(), source: error.into() })?;
        write(&file, &json, Existing::Replace)
    }

    fn is_sound(&self) -> bool {
        let cost = self.budget.cost.is_none_or(|cost| cost.is_finite() && cost > 0.0);
        cost && self.rows != Some(0) && self.generator.is_sound()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::domain::Provider;

    fn chosen() -> KeptSettings {
        KeptSettings {
            profile: Some("desk".into()),
            generator: Overrides {
                provider: Some(Provider::Ollama),
                base_url: Some(String::new()),
                temperature: Some(0.25),
                stream: Some(false),
                ..Overrides::default()
            },
            rows: Some(7),
            budget: Budget { cost: Some(0.5), ..Budget::default() },
            ..KeptSettings::default()
        }
    }

    #[test]
    fn what_was_chosen_comes_back_and_is_for_the_person_alone() {
        let store = tempfile::tempdir().unwrap();
        assert_eq!(KeptSettings::load(store.path()).unwrap(), KeptSettings::default());
        chosen().save(store.path()).unwrap();
        assert_eq!(KeptSettings::load(store.path()).unwrap(), chosen());
        let mode = fs::metadata(KeptSettings::file(store.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn nothing_chosen_leaves_no_file() {
        let store = tempfile::tempdir().unwrap();
        KeptSettings::default().save(store.path()).unwrap();
        chosen().save(store.path()).unwrap();
        KeptSettings::default().save(store.path()).unwrap();
        assert_eq!(fs::read_dir(store.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_that_holds_something_else_is_named() {
        let store = tempfile::tempdir().unwrap();
        let file = KeptSettings::file(store.path());
        for text in [
            "",
            "{}",
            "[1]",
            "{\"v\":2,\"settings\":{}}",
            "{\"v\":1,\"settings\":{\"api_key\":\"x\"}}",
            "{\"v\":1,\"settings\":{\"rows\":0}}",
            "{\"v\":1,\"settings\":{\"generator\":{\"concurrency\":0}}}",
            "{\"v\":1,\"settings\":{\"generator\":{\"temperature\":-1}}}",
            "{\"v\":1,\"settings\":{\"generator\":{\"base_url\":\"nowhere\"}}}",
        ] {
            fs::write(&file, text).unwrap();
            let said = KeptSettings::load(store.path()).unwrap_err().to_string();
            assert!(said.contains("settings.json") && said.contains("choose again"), "{text}: {said}");
        }
        fs::write(&file, "{\"v\":1,\"settings\":{}}").unwrap();
        assert_eq!(KeptSettings::load(store.path()).unwrap(), KeptSettings::default());
    }
}
