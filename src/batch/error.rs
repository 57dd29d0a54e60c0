//! Why files of a batch cannot be written or read.

use std::io;
use std::path::{Path, PathBuf};

/// Why files of a batch cannot be written or read. Every message is a full sentence.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// Something is where the folder goes, and may not be replaced.
    #[error("{} is there already{}; name another folder with `--out`.", .path.display(), also(.why))]
    Exists {
        /// The folder.
        path: PathBuf,
        /// What else is to be said of it.
        why: &'static str,
    },
    /// One request is larger than a whole file may be.
    #[error("A request has {bytes} bytes, and {service} takes files of at most {most}. Shorten the prompt.")]
    TooLarge {
        /// Its length.
        bytes: usize,
        /// The most bytes of a file.
        most: usize,
        /// Who takes it.
        service: &'static str,
    },
    /// A file or folder could not be used.
    #[error("{} could not be {what}: {source}.", .path.display())]
    Io {
        /// What could not be done.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The folder around the one to make is not there.
    #[error("{} is no folder; make it first, or name another place with `--out`.", .0.display())]
    NoParent(PathBuf),
    /// A file has to be unpacked or converted before its lines can be read.
    #[error("{} is {is}; {now}, and read that. Nothing was taken in.", .path.display())]
    Packed {
        /// The file.
        path: PathBuf,
        /// What it is.
        is: &'static str,
        /// What is to be done.
        now: &'static str,
    },
    /// A folder holds no results.
    #[error(
        "{} holds no results: a file of them ends in .jsonl and is not compressed, and the requests themselves are \
         none. Give the files that the service returned.",
        .0.display()
    )]
    NoResults(PathBuf),
}

fn also(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(", {words}") }
}

impl BatchError {
    /// Returns what makes an error of the system one of a file.
    pub(super) fn io(path: &Path, what: &'static str) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io { what, path, source }
    }
}
