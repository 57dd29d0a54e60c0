//! Long texts, each in a file named by its hash.

use std::path::PathBuf;

use super::files::{self, Layout};
use super::{StoreError, error};
use crate::domain::Stored;

/// The longest text that is stored in the journal itself, in bytes.
pub(crate) const INLINE: usize = 64 * 1024;
/// The most bytes of a text that are read.
const LONGEST: u64 = 256 << 20;

/// Stores a text; a long one is in a file of its own, and on the disk, when this returns.
pub(crate) fn keep(layout: &Layout, text: &str) -> Result<Stored, StoreError> {
    if text.len() <= INLINE {
        return Ok(Stored::Inline(text.to_owned()));
    }
    let hash = hash(text.as_bytes());
    let path = path(layout, &hash);
    let known = files::read(&path, text.len() as u64).is_ok_and(|bytes| bytes == text.as_bytes());
    if !known {
        files::make_folder(&layout.texts())?;
        files::write_whole(&path, text.as_bytes())?;
    }
    Ok(Stored::File(hash))
}

/// Reads a stored text and checks its hash.
pub(crate) fn read(layout: &Layout, stored: Stored) -> Result<String, StoreError> {
    let hash = match stored {
        Stored::Inline(text) => return Ok(text),
        Stored::File(hash) => hash,
    };
    let path = path(layout, &hash);
    let bytes = files::read(&path, LONGEST).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => StoreError::Lost { path: path.clone(), what: error::MISSING },
        _ => StoreError::io(&path, "read")(error),
    })?;
    let text = String::from_utf8(bytes).ok().filter(|text| self::hash(text.as_bytes()) == hash);
    text.ok_or(StoreError::Lost { path, what: "is not the text that was written, by its hash" })
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

fn path(layout: &Layout, hash: &str) -> PathBuf {
    // A hash from a damaged journal must not name a path outside the folder.
    let safe: String = hash.chars().filter(char::is_ascii_hexdigit).collect();
    layout.texts().join(safe)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn long() -> String {
        "a long reply ".repeat(10_000)
    }

    #[test]
    fn short_texts_stay_in_the_journal_and_long_ones_come_back_from_their_file() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        assert_eq!(keep(&layout, "short").unwrap(), Stored::Inline("short".into()));
        let stored = keep(&layout, &long()).unwrap();
        assert!(matches!(&stored, Stored::File(hash) if hash.len() == 64));
        assert_eq!(keep(&layout, &long()).unwrap(), stored);
        assert_eq!(read(&layout, stored).unwrap(), long());
        assert_eq!(fs::read_dir(layout.texts()).unwrap().count(), 1);
    }

    #[test]
    fn a_text_that_changed_is_refused_and_kept_again_when_it_comes_again() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        let stored = keep(&layout, &long()).unwrap();
        let Stored::File(hash) = &stored else { panic!("not in a file") };
        fs::write(layout.texts().join(hash), "other").unwrap();
        assert!(matches!(read(&layout, stored.clone()), Err(StoreError::Lost { .. })));
        keep(&layout, &long()).unwrap();
        assert_eq!(read(&layout, stored).unwrap(), long());
    }

    #[test]
    fn a_hash_that_is_none_reads_nothing_outside_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(&dir.path().join("store"));
        fs::write(dir.path().join("secret"), "x").unwrap();
        assert!(read(&layout, Stored::File("../../secret".into())).is_err());
    }
}
