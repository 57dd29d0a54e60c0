//! Which session a store belongs to, so that no store is filled by two.
//!
//! ```text
//! session.json  {"v":1,"sum":"…","is":{"stores":["ID"],"marked":true,"name":"…","folder":"…","target":"…"}}
//! journal       each segment's header has the store's id and the session's name
//! ```
//!
//! A store in its session's folder goes where that goes, moved or copied. One elsewhere goes with the session's folder
//! when that is moved. For anything else a person says that the two are one, with [`adopt`]. A store of the version
//! before has neither file nor id, and is taken for the session's that opens it.

mod error;
mod id;
mod kept;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use error::OwnerError;
pub(crate) use id::StoreId;

use super::StoreError;
use super::files::Layout;
use super::lock::Lock;
use super::segment::{self, Header};
use crate::files::identity;
use kept::{Found, Kept};

/// A session, as its store remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Its name; that of the folder where the session file has none.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// The label that it wants rows of.
    pub target: String,
    /// Whether it is named after its folder, because its file gives no name.
    pub after_folder: bool,
}

/// What the headers of new segments say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) store: StoreId,
    pub(crate) session: String,
}

impl Owner {
    /// Returns the session in a folder, which is named without links where it can be.
    #[must_use]
    pub fn new(name: &str, folder: &Path, target: &str) -> Self {
        let folder = folder.canonicalize().or_else(|_| std::path::absolute(folder));
        let folder = folder.unwrap_or_else(|_| PathBuf::from("."));
        Self { name: name.to_owned(), folder, target: target.to_owned(), after_folder: false }
    }

    /// Returns whether two sessions have one name. Those that are named after their folders do.
    fn is_named_like(&self, other: &Self) -> bool {
        self.name == other.name || (self.after_folder && other.after_folder)
    }

    fn is_at(&self, other: &Path) -> bool {
        // A folder may have two names, as where it is mounted twice.
        self.folder == other || identity(&self.folder).is_some_and(|own| identity(other) == Some(own))
    }
}

/// How a store stands to the session that opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is its own.
    Own,
    /// It is its own, and the session lay elsewhere before.
    Moved,
    /// It belongs to another one.
    Another,
}

/// Judges by what the store remembers of its session.
fn standing(kept: &Owner, owner: &Owner, dir: &Path) -> Standing {
    let within = dir.canonicalize().is_ok_and(|dir| dir.parent() == Some(&owner.folder));
    let (named, wanted) = (owner.is_named_like(kept), owner.target == kept.target);
    if owner.is_at(&kept.folder) {
        // Names and targets are changed in the file; all at once, at a store elsewhere, is another session's.
        return if within || named || wanted { Standing::Own } else { Standing::Another };
    }
    let is_gone = !kept.folder.join("session.toml").exists();
    match (within, is_gone) {
        (true, true) if named || wanted => Standing::Own,
        (true, false) if named && wanted => Standing::Own,
        (false, true) if named && wanted => Standing::Moved,
        _ => Standing::Another,
    }
}

/// What a store says of itself, found to be the session's.
struct Checked {
    found: Found,
    headers: Vec<Header>,
    moved_from: Option<PathBuf>,
}

/// Does as [`check`], for a store's folder.
///
/// # Errors
///
/// [`StoreError::Owner`], or [`StoreError::Io`].
pub(crate) fn check_dir(dir: &Path, owner: &Owner) -> Result<(), StoreError> {
    check(&Layout::new(dir), owner)
}

/// Refuses a store of another session, and a journal of another store. Changes nothing.
pub(crate) fn check(layout: &Layout, owner: &Owner) -> Result<(), StoreError> {
    checked(layout, owner).map(drop)
}

fn checked(layout: &Layout, owner: &Owner) -> Result<Checked, StoreError> {
    let found = kept::read(layout)?;
    let headers = segment::headers(&layout.journal())?;
    let of_another = |theirs: &str, folder: Option<&Path>| {
        StoreError::Owner(OwnerError::of_another(layout.dir(), owner, theirs, folder))
    };
    let mut moved_from = None;
    match &found {
        Found::Kept(kept) => {
            let theirs = kept.owner();
            match standing(&theirs, owner, layout.dir()) {
                Standing::Own => {}
                Standing::Moved => moved_from = Some(theirs.folder),
                Standing::Another => return Err(of_another(&theirs.name, Some(&theirs.folder))),
            }
            if let Some(header) = headers.iter().find(|header| !kept.holds(header)) {
                let journal = layout.journal();
                return Err(
                    OwnerError::foreign(&journal, layout.dir(), owner, header.session.as_deref()).into()
                );
            }
        }
        Found::None | Found::Damaged => {
            let marked = || headers.iter().filter(|header| header.store.is_some());
            let named = |header: &Header| header.session.as_deref() == Some(&owner.name);
            if let Some(other) = marked().find(|header| !named(header)) {
                return Err(of_another(other.session.as_deref().unwrap_or_default(), None));
            }
            let first = marked().next();
            if let Some(other) =
                marked().find(|header| first.is_some_and(|first| first.store != header.store))
            {
                let journal = layout.journal();
                return Err(
                    OwnerError::foreign(&journal, layout.dir(), owner, other.session.as_deref()).into()
                );
            }
        }
    }
    Ok(Checked { found, headers, moved_from })
}

/// Whose a store is, where it may be used.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// What new segments say.
    pub(crate) stamp: Option<Stamp>,
    /// What a person should know, as a sentence.
    remark: Option<String>,
    /// What is to be written down.
    kept: Option<Kept>,
}

impl Settled {
    /// Writes down whose the store is, where that is not said yet, and returns what a person should know. This comes
    /// after `reached`: a store that has this file and not the other has lost it.
    pub(crate) fn write(self, layout: &Layout) -> Option<String> {
        let failed = self.kept.and_then(|kept| kept::write(layout, &kept).err());
        // Where there is no room for it, the next opening writes it.
        failed.map(|error| error.to_string()).or(self.remark)
    }
}

/// Checks a store under its lock, once its journal was read, and finds out whose it is.
pub(crate) fn settle(layout: &Layout, owner: Option<&Owner>) -> Result<Settled, StoreError> {
    let Some(owner) = owner else {
        let stamp = match kept::read(layout)? {
            Found::Kept(kept) => kept.stamp(),
            Found::None | Found::Damaged => None,
        };
        return Ok(Settled { stamp, ..Settled::default() });
    };
    let Checked { found, headers, moved_from } = checked(layout, owner)?;
    let remark = match &moved_from {
        Some(from) => Some(format!(
            "The session lay in {} when this store was used last, and lies in {} now; the store goes with it.",
            from.display(),
            owner.folder.display()
        )),
        None if matches!(found, Found::Damaged) => {
            Some("session.json in the store was damaged, and is written anew.".to_owned())
        }
        None => None,
    };
    let kept = match found {
        Found::Kept(kept) if kept.is_of(owner) => {
            return Ok(Settled { stamp: kept.stamp(), remark, kept: None });
        }
        Found::Kept(kept) => kept.for_owner(owner),
        Found::None | Found::Damaged => Kept::new(owner, &headers),
    };
    Ok(Settled { stamp: kept.stamp(), remark, kept: Some(kept) })
}

/// Returns whether a folder holds nothing of a store but its lock.
pub(crate) fn is_empty(dir: &Path) -> bool {
    let layout = Layout::new(dir);
    [layout.journal(), layout.sled(), layout.session()].iter().all(|path| !path.exists())
}

/// Gives a store to a session, whosever it was, and returns the session before.
///
/// # Errors
///
/// [`StoreError::Locked`] while a process writes to it, or [`StoreError::Io`].
pub(crate) fn adopt(dir: &Path, owner: &Owner) -> Result<Option<Owner>, StoreError> {
    let layout = Layout::new(dir);
    let _lock = Lock::take(&layout)?;
    let headers = segment::headers(&layout.journal())?;
    let (before, stores) = match kept::read(&layout)? {
        Found::Kept(kept) => (Some(kept.owner()), kept.stores),
        Found::None | Found::Damaged => (None, Vec::new()),
    };
    let mut kept = Kept::new(owner, &headers);
    let more: Vec<_> = stores.into_iter().filter(|id| !kept.stores.contains(id)).collect();
    kept.stores.extend(more);
    kept::write(&layout, &kept)?;
    Ok(before)
}
