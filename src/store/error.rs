//! The errors of the store.
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::RequestNumber;

/// An error of the store.
///
/// Variants are split by what the caller does next: wait for another process, restore a
/// copy, get a newer program, free disk space or choose another folder, or change the input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has the store open for writing.
    #[error("The store {} is in use by another process{}. Close it there first; nothing was changed.", .dir.display(), named(*.pid))]
    Locked {
        /// The pid of the other process, if it is known.
        pid: Option<u32>,
        /// The store's folder.
        dir: PathBuf,
    },
    /// A line of the journal is not what was written.
    #[error("{}, line {line}: {what}. Nothing was changed. Put a copy of this file from a backup in its place.", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// A segment of the journal, or a text that it refers to, is missing or is not what was written.
    #[error("{} {what}. Put a copy of it from a backup in its place.", .path.display())]
    Lost {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A newer version of the program wrote the store.
    #[error("{} is written in format {format}, and this version of rowsmith reads formats up to {known}. Use a newer version; nothing was changed.", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: u32,
        /// The newest format that this version reads.
        known: u32,
    },
    /// A folder of the store is a link.
    #[error(
        "{} is a link. Within a store nothing may be one, so that a store from elsewhere cannot write to other files of \
         yours; nothing was changed. Put the folder itself in the link's place.",
        .path.display()
    )]
    LeadsOut {
        /// The link.
        path: PathBuf,
    },
    /// The store's folder is a link to a folder that holds other things.
    #[error(
        "{} is a link to a folder that holds other things and no store; nothing was changed. Let it lead to an empty \
         folder, or remove it.",
        .path.display()
    )]
    LeadsToNoStore {
        /// The link.
        path: PathBuf,
    },
    /// The operating system reported an error.
    #[error("{} could not be {action}: {source}.{}", .path.display(), remedy(.source))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, as a participle: `written`, `read` …
        action: &'static str,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// A write failed and could not be cut off; nothing more is saved until it can.
    #[error("An earlier write to {} failed and could not be taken back: {source}. Nothing more is saved until that works; make room or mend the disk, then try again.", .path.display())]
    Stuck {
        /// The segment.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// A fact cannot be written as JSON and read back.
    #[error("The change was not saved, because it could not be read back: {0}. Numbers must be finite.")]
    Unwritable(String),
    /// The store has no such request.
    #[error("The store holds no request {}, so there are no messages of it to show.", .0.0)]
    NoRequest(RequestNumber),
}

/// The message for a missing file.
pub(crate) const MISSING: &str = "is missing, though the journal needs it";

fn named(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
}

fn remedy(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            " Use --store DIR to keep the store in a folder that you may write to."
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            " Make room, or use --store DIR to keep the store on another disk."
        }
        _ if source.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
            " It is a link, and within a store nothing may be one; remove it."
        }
        _ => "",
    }
}

impl StoreError {
    /// Returns a function that makes a [`StoreError::Io`] of an error of the operating system.
    pub(crate) fn io(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), action, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_store_names_the_process_where_it_is_known() {
        let error = |pid| StoreError::Locked { pid, dir: "/s".into() }.to_string();
        assert_eq!(
            error(Some(7)),
            "The store /s is in use by another process (pid 7). Close it there first; nothing was changed."
        );
        assert!(error(None).contains("another process. Close"));
    }

    #[test]
    fn a_folder_that_may_not_be_written_to_is_answered_with_the_remedy() {
        let error = StoreError::io(Path::new("/s"), "made")(io::ErrorKind::PermissionDenied.into());
        assert!(error.to_string().starts_with("/s could not be made: permission denied."));
        assert!(
            error.to_string().ends_with("--store DIR to keep the store in a folder that you may write to.")
        );
    }
}
