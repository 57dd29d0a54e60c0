//! The errors of the store.
use std::io;
use std::path::{Path, PathBuf};

use super::OwnerError;
use crate::domain::RequestNumber;
use crate::text;

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
    #[error("{}, line {line}: {what}. Nothing was changed. Put a copy of this file from a backup in its place. Or run `rowsmith store repair SESSION`, which brings back what sled holds of it.", .path.display())]
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
    /// The journal ends before the last line that was saved.
    #[error("The journal {} ends at fact {held}, but fact {saved} was saved: {} missing{told}. Nothing was changed. {REPAIR}", .journal.display(), are(*.saved - *.held))]
    Behind {
        /// The journal's folder.
        journal: PathBuf,
        /// The number of its last fact.
        held: u64,
        /// The number of the last fact that was saved.
        saved: u64,
        /// What is missing, as far as sled knows, as the end of a sentence; or nothing.
        told: String,
    },
    /// The journal has another line in the place of the one that was saved.
    #[error("Fact {sequence} of the journal {} is not the fact {sequence} that was saved there: an older or another journal took its place. Nothing was changed. {REPAIR}", .journal.display())]
    Replaced {
        /// The journal's folder.
        journal: PathBuf,
        /// The number of the fact.
        sequence: u64,
    },
    /// Nothing says how far the journal was saved, and its end is not what the program leaves.
    #[error("The journal {} {}, and nothing is there any more that says how far it was saved: `reached` and sled are missing or cannot be read, so facts may be missing. Nothing was changed. Put the store back from a backup. If there is none, `rowsmith store repair SESSION --accept-loss` goes on with what there is.", .journal.display(), ends(*.held))]
    Unsure {
        /// The journal's folder.
        journal: PathBuf,
        /// The number of its last fact.
        held: u64,
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
    /// The path of the store, or of one of its files, leads to something else than what is open.
    #[error("{}, so nothing more is saved there.", .how.sentence(.path))]
    Displaced {
        /// The file or folder.
        path: PathBuf,
        /// What became of it.
        how: Displaced,
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
    /// The messages of a request were lost with the facts that held them.
    #[error("The messages of request {} were lost with a part of the journal; only what came of them was brought back.", .0.0)]
    Wordless(RequestNumber),
    /// The store is not the session's.
    #[error(transparent)]
    Owner(#[from] OwnerError),
    /// The store has no such request.
    #[error("The store holds no request {}, so there are no messages of it to show.", .0.0)]
    NoRequest(RequestNumber),
}

/// What became of a file or folder while it was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Displaced {
    /// The store's folder is not there any more.
    FolderGone,
    /// Another folder is in the place of the store's.
    FolderReplaced,
    /// The file is not there any more.
    FileGone,
    /// Another file is in its place.
    FileReplaced,
    /// Something else wrote behind what was saved; how many bytes.
    Longer(u64),
    /// Something else cut it; how many bytes are missing.
    Shorter(u64),
    /// It is as long as it was, and something else changed it.
    Changed,
    /// Something else put it among the segments of the journal.
    Foreign,
}

impl Displaced {
    fn sentence(self, path: &Path) -> String {
        let path = path.display();
        let bytes = |count: u64| text::counted(count, "byte");
        match self {
            Self::FolderGone => format!("The folder {path} was renamed or removed while it was open"),
            Self::FolderReplaced => format!("The folder {path} was replaced by another while it was open"),
            Self::FileGone => format!("The file {path} was renamed or removed while it was open"),
            Self::FileReplaced => format!("The file {path} was replaced by another while it was open"),
            Self::Longer(more) => {
                format!("Another program wrote {} to {path} while it was open", bytes(more))
            }
            Self::Shorter(less) => {
                format!("Another program cut {} off {path} while it was open", bytes(less))
            }
            Self::Changed => format!("Another program changed {path} while it was open"),
            Self::Foreign => format!("Another program put {path} into the journal while it was open"),
        }
    }
}

/// The message for a missing file.
pub(crate) const MISSING: &str = "is missing, though the journal needs it";

/// The message for a missing segment.
pub(crate) const MISSING_SEGMENT: &str = "is missing, though the journal needs it (`rowsmith store repair SESSION` brings back what sled holds of it)";

/// What to do about a journal that lacks saved lines.
const REPAIR: &str = "Put the journal back from a backup, or run `rowsmith store repair SESSION`, which brings back what sled holds.";

fn are(count: u64) -> String {
    format!("{} {}", crate::text::counted(count, "fact"), if count == 1 { "is" } else { "are" })
}

fn ends(held: u64) -> String {
    if held == 0 { "holds no fact".into() } else { format!("ends within a line behind fact {held}") }
}

fn named(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
}

fn remedy(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            " Use --store DIR to keep the store in a folder that you may write to; only the user who made a store can read it."
        }
        io::ErrorKind::NotADirectory => " A store is a folder; name one with `--store`.",
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

    /// Returns whether the facts themselves cannot be written, wherever the store is.
    pub(crate) const fn is_of_facts(&self) -> bool {
        matches!(self, Self::Unwritable(_))
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
            error.to_string().contains("--store DIR to keep the store in a folder that you may write to;")
        );
    }
}
