//! Makes a session's folder, store and file, or nothing of them.
//!
//! The store is made under another name and moved into place, and the session file, which
//! makes the folder a session, comes last. What was made is taken away again on an error.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::config::{self, session_file};
use crate::dataset::Dataset;
use crate::domain::{Session, Timestamp};
use crate::own_files;
use crate::workbench::{Location, Workbench, WorkbenchError};

/// What was made so far, and is removed when this is dropped before the end.
#[derive(Debug, Default)]
struct Begun {
    folders: Vec<PathBuf>,
    store: Option<PathBuf>,
}

impl Begun {
    /// Makes a folder and those above it that are missing.
    fn make(&mut self, folder: &Path) -> Result<(), WorkbenchError> {
        let missing: Vec<&Path> = folder
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())
            .collect();
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Ok(()) => {
                    self.folders.push(folder.to_owned());
                    own_files::share(folder, own_files::FOLDER)
                        .map_err(failed("The folder cannot be made:", folder))?;
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
                Err(error) => return Err(failed("The folder cannot be made:", folder)(error)),
            }
        }
        Ok(())
    }

    /// Keeps all that was made.
    fn keep(mut self) {
        self.folders.clear();
        self.store = None;
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        // An error of removing has nobody to be told to: the error that led here is told.
        if let Some(store) = &self.store {
            let _ = fs::remove_dir_all(store);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

fn failed(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WorkbenchError {
    let path = path.to_owned();
    move |source| WorkbenchError::Io { what, path, source }
}

/// Makes what a location names; `text` is the content of the session file.
pub(super) fn make(
    location: &Location,
    text: &str,
    session: Session,
    dataset: Dataset,
    at: Timestamp,
) -> Result<(), WorkbenchError> {
    let Location { folder, store } = location;
    let mut begun = Begun::default();
    begun.make(folder)?;
    let above = store.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    begun.make(above)?;
    let unmade = || failed("The store cannot be made in", above);
    own_files::sweep(above);
    let staged = own_files::temporary_folder(above).map_err(unmade())?;
    let new = staged.path().join("store");
    let staging = Location { folder: folder.clone(), store: new.clone() };
    Workbench::begin(&staging, session, dataset, at)?;
    fs::rename(&new, store).map_err(|source| match source.kind() {
        io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => {
            WorkbenchError::StoreExists(store.clone())
        }
        _ => failed("The store cannot be made:", store)(source),
    })?;
    begun.store = Some(store.clone());
    let file = folder.join(session_file::FILE_NAME);
    if file.exists() {
        return Err(WorkbenchError::Exists(file));
    }
    config::write_new(&file, text)?;
    begun.keep();
    Ok(())
}
