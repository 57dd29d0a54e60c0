//! A store that is not the session's.

use std::path::{Path, PathBuf};

use super::Owner;
use crate::text::shell_word;

/// Why a store is not used for a session.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OwnerError {
    /// It belongs to another session.
    #[error("The store {} belongs to the session {theirs}, not to `{ours}` in {}. Nothing was changed. Keep the two apart with another folder for `--store`; if they are one session, say so with `{adopt}`.", .dir.display(), .folder.display())]
    OfAnother {
        /// The store's folder.
        dir: PathBuf,
        /// The other session, with its folder where that is known.
        theirs: String,
        /// The name of the session that was to be opened.
        ours: String,
        /// Its folder.
        folder: PathBuf,
        /// The command that gives the store to the session.
        adopt: String,
    },
    /// Its journal was written for another store.
    #[error("The journal {} is of another store{of}, not of this one of `{ours}` in {}. Nothing was changed. Put the right journal in its place; if this is the right one, say so with `{adopt}`.", .journal.display(), .folder.display())]
    Foreign {
        /// The journal's folder.
        journal: PathBuf,
        /// The session that the journal names, as the rest of a sentence.
        of: String,
        /// The name of the session that was to be opened.
        ours: String,
        /// Its folder.
        folder: PathBuf,
        /// The command that gives the store to the session.
        adopt: String,
    },
}

impl OwnerError {
    pub(super) fn of_another(dir: &Path, owner: &Owner, theirs: &str, folder: Option<&Path>) -> Self {
        let place = folder.map(|folder| format!(" in {}", folder.display())).unwrap_or_default();
        Self::OfAnother {
            dir: dir.to_owned(),
            theirs: format!("`{theirs}`{place}"),
            ours: owner.name.clone(),
            folder: owner.folder.clone(),
            adopt: adopt_command(dir, owner),
        }
    }

    pub(super) fn foreign(journal: &Path, dir: &Path, owner: &Owner, session: Option<&str>) -> Self {
        Self::Foreign {
            journal: journal.to_owned(),
            of: session.map(|name| format!(", of the session `{name}`")).unwrap_or_default(),
            ours: owner.name.clone(),
            folder: owner.folder.clone(),
            adopt: adopt_command(dir, owner),
        }
    }
}

fn adopt_command(dir: &Path, owner: &Owner) -> String {
    let is_usual = dir.canonicalize().is_ok_and(|dir| dir == owner.folder.join(".rowsmith"));
    let store = Some(dir).filter(|_| !is_usual).map(|dir| {
        let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
        format!(" --store {}", shell_word(&dir.to_string_lossy()))
    });
    let store = store.unwrap_or_default();
    format!("rowsmith{store} store adopt {}", shell_word(&owner.folder.to_string_lossy()))
}
