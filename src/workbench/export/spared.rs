//! Files that an export never replaces, by whatever name or link they are reached.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::{Places, session_file};
use crate::domain::Session;
use crate::export::ExportError;
use crate::files::identity;
use crate::workbench::Location;

/// Refuses to write over the dataset, a session file, the user's settings, or into a store.
pub(super) fn check(
    location: &Location,
    session: &Session,
    others: &[PathBuf],
    out: &Path,
) -> Result<(), ExportError> {
    let settings = Places::of_user().map(|places| places.config).ok();
    match spared(location, session, settings.into_iter().chain(others.iter().cloned()), out) {
        Some(what) => Err(ExportError::IsSessions { out: out.to_owned(), what }),
        None => Ok(()),
    }
}

/// Returns what the file is, as the rest of a sentence that begins with its name; `None` where it may be replaced.
fn spared(
    location: &Location,
    session: &Session,
    mut settings: impl Iterator<Item = PathBuf>,
    out: &Path,
) -> Option<&'static str> {
    if is_in_store(out) || is_among(out, &location.store) {
        return Some("in the store of a session");
    }
    // What is not there yet is nobody's.
    let file = identity(out)?;
    let is = |other: &Path| identity(other) == Some(file);
    if is(&location.folder.join(&session.dataset.path)) {
        Some("the dataset of this session")
    } else if is(&location.folder.join(session_file::FILE_NAME)) {
        Some("the session file itself")
    } else if real(out).is_some_and(|out| out.ends_with(session_file::FILE_NAME)) {
        Some("the file of a session")
    } else if settings.any(|settings| is(&settings) || is_among(out, &settings)) {
        Some("a file of your settings")
    } else {
        None
    }
}

/// Returns whether a file lies in any store, whether it is there yet or not.
fn is_in_store(out: &Path) -> bool {
    let is_store = |folder: &Path| folder.join("store.lock").is_file() && folder.join("journal").is_dir();
    let lies_in_one = |file: &Path| file.ancestors().skip(1).any(is_store);
    let folder = out.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    real(folder).is_some_and(|folder| lies_in_one(&folder.join("file")))
        || real(out).is_some_and(|out| lies_in_one(&out))
}

/// Returns whether a file is one of those in a folder or below it, under that name or as another link to it.
fn is_among(out: &Path, folder: &Path) -> bool {
    let (Some(file), Ok(entries)) = (identity(out), fs::read_dir(folder)) else { return false };
    entries.flatten().any(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => is_among(out, &entry.path()),
        _ => identity(&entry.path()) == Some(file),
    })
}

fn real(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok()
}
