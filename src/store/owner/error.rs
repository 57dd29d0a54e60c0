//! A store that is not the session's.

use std::path::Path;

use super::Owner;
use crate::text::shell_word;

/// Why a store is not used for a session.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OwnerError {
    /// It belongs to another session.
    #[error("The store {} belongs to the session {}, not to {}. Nothing was changed. {}; if they are one session, say so with `{}`.", .0.place, .0.theirs, .0.ours, .0.apart, .0.adopt)]
    OfAnother(Box<Parties>),
    /// Its journal was written for another store.
    #[error("The journal {} is of another store{}, not of this one of {}. Nothing was changed. Put the right journal in its place; if this is the right one, say so with `{}`.", .0.place, .0.theirs, .0.ours, .0.adopt)]
    Foreign(Box<Parties>),
}

/// Who has a claim on a store, as parts of a sentence.
#[derive(Debug)]
pub struct Parties {
    /// The store's folder, or its journal's.
    place: String,
    /// The other session, with what is known of it.
    theirs: String,
    /// The session that was to be opened, with its folder.
    ours: String,
    /// What keeps the two apart.
    apart: String,
    /// The command that gives the store to that session.
    adopt: String,
}

impl OwnerError {
    pub(super) fn of_another(dir: &Path, owner: &Owner, theirs: &str, folder: Option<&Path>) -> Self {
        let place = folder.map(|folder| format!(" in {}", folder.display())).unwrap_or_default();
        Self::OfAnother(Box::new(Parties::new(dir, format!("`{theirs}`{place}"), dir, owner)))
    }

    pub(super) fn foreign(journal: &Path, dir: &Path, owner: &Owner, session: Option<&str>) -> Self {
        let theirs = session.map(|name| format!(", of the session `{name}`")).unwrap_or_default();
        Self::Foreign(Box::new(Parties::new(journal, theirs, dir, owner)))
    }
}

impl Parties {
    fn new(place: &Path, theirs: String, dir: &Path, owner: &Owner) -> Self {
        let ours = format!("`{}` in {}", owner.name, owner.folder.display());
        let (apart, adopt) = (apart(dir, owner), adopt_command(dir, owner));
        Self { place: place.display().to_string(), theirs, ours, apart, adopt }
    }
}

/// A store in the session's own folder came there with a copy of the other one's.
fn apart(dir: &Path, owner: &Owner) -> String {
    if !is_usual(dir, owner) {
        return "Keep the two apart with another folder for `--store`".to_owned();
    }
    let word = |name: &str| shell_word(&owner.folder.join(name).to_string_lossy());
    let (from, to) = (word(".rowsmith"), word(".rowsmith-of-another"));
    format!("If the folder was copied to begin another session, move the store away: `mv {from} {to}`")
}

fn is_usual(dir: &Path, owner: &Owner) -> bool {
    dir.canonicalize().is_ok_and(|dir| dir == owner.folder.join(".rowsmith"))
}

fn adopt_command(dir: &Path, owner: &Owner) -> String {
    let store = Some(dir).filter(|_| !is_usual(dir, owner)).map(|dir| {
        let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
        format!(" --store {}", shell_word(&dir.to_string_lossy()))
    });
    let store = store.unwrap_or_default();
    format!("rowsmith{store} store adopt {}", shell_word(&owner.folder.to_string_lossy()))
}
