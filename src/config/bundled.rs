//! The sessions that are part of the program, and how they are written to disk.

use std::path::{Path, PathBuf};

use super::ConfigError;
use super::files::write;
use super::spelling::listed;
use crate::domain::Existing;

/// A session that is part of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bundled {
    /// Its name, which is also its folder's name.
    pub name: &'static str,
    files: &'static [(&'static str, &'static [u8])],
}

/// The session that is opened at the first start.
pub const FIRST: &str = "tickets";

/// All bundled sessions.
pub const ALL: [Bundled; 1] = [Bundled {
    name: FIRST,
    files: &[
        ("README.md", include_bytes!("../../sessions/tickets/README.md")),
        ("tickets.csv", include_bytes!("../../sessions/tickets/tickets.csv")),
        ("session.toml", include_bytes!("../../sessions/tickets/session.toml")),
    ],
}];

/// Returns the bundled session with a name.
#[must_use]
pub fn find(name: &str) -> Option<Bundled> {
    ALL.into_iter().find(|bundled| bundled.name == name)
}

/// Writes a bundled session into its own folder in `sessions`, and returns that folder.
///
/// Only missing files are written, each atomically and `session.toml` last, so a person's changes are kept.
///
/// # Errors
///
/// There is no such session, or the folder cannot be written.
pub fn lay_down(name: &str, sessions: &Path) -> Result<PathBuf, ConfigError> {
    let Some(bundled) = find(name) else {
        let known: Vec<_> = ALL.iter().map(|bundled| bundled.name).collect();
        return Err(ConfigError::NotBundled { name: name.to_owned(), known: listed(&known) });
    };
    let folder = sessions.join(bundled.name);
    for (name, bytes) in bundled.files {
        let file = folder.join(name);
        if file.symlink_metadata().is_err() {
            write(&file, bytes, Existing::Keep).map_err(|error| ConfigError::NotLaidDown(Box::new(error)))?;
        }
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::session_file::load;
    use super::*;

    #[test]
    fn every_bundled_session_can_be_opened_once_laid_down() {
        let sessions = tempfile::tempdir().unwrap();
        for bundled in ALL {
            let folder = lay_down(bundled.name, &sessions.path().join("not/yet")).unwrap();
            let loaded = load(&folder).unwrap();
            assert_eq!(loaded.session.name, bundled.name);
            assert!(folder.join(&loaded.session.dataset.path).is_file());
        }
        assert!(find(FIRST).is_some());
    }

    #[test]
    fn what_a_person_changed_stays_and_what_is_missing_comes_back() {
        let sessions = tempfile::tempdir().unwrap();
        let folder = lay_down("tickets", sessions.path()).unwrap();
        fs::write(folder.join("session.toml"), "# mine").unwrap();
        fs::remove_file(folder.join("tickets.csv")).unwrap();

        assert_eq!(lay_down("tickets", sessions.path()).unwrap(), folder);

        assert_eq!(fs::read_to_string(folder.join("session.toml")).unwrap(), "# mine");
        assert!(fs::read_to_string(folder.join("tickets.csv")).unwrap().starts_with("id,label,text"));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
    }

    #[test]
    fn an_unknown_name_and_an_unwritable_folder_have_their_sentences() {
        let sessions = tempfile::tempdir().unwrap();
        let said = lay_down("tikets", sessions.path()).unwrap_err().to_string();
        assert_eq!(said, "There is no bundled session `tikets`; there is `tickets`.");
        fs::write(sessions.path().join("tickets"), "a file").unwrap();
        let said = lay_down("tickets", sessions.path()).unwrap_err().to_string();
        assert!(said.contains("cannot be written"), "{said}");
    }
}
