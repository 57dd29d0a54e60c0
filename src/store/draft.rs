//! The draft: the text in the editor, stored beside the journal because it is not a fact.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files::{self, Layout};
use super::{Store, StoreError};
use crate::domain::Draft;

const FORMAT: u32 = 1;
/// The most bytes of a draft that are read: a template may have one megabyte.
const LONGEST: u64 = 8 << 20;

#[derive(Serialize)]
struct Saved<'a> {
    v: u32,
    draft: &'a Draft,
}

#[derive(Deserialize)]
struct Read {
    v: u32,
    draft: Draft,
}

/// The result of loading the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundDraft {
    /// There is none.
    None,
    /// The draft.
    Draft(Draft),
    /// The file is not a draft that this version can read; it was moved to this path.
    SetAside(PathBuf),
}

/// Which of the two drafts that a store keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The text in the editor.
    Present,
    /// The last draft with words of its own that another text took the place of.
    Replaced,
}

impl Store {
    /// Saves the draft; it is on the disk when this returns.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] if it cannot be written; the previous draft is kept then.
    pub fn save_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        self.write_draft(Which::Present, draft)
    }

    /// Keeps a draft that another text takes the place of, instead of the one kept before.
    ///
    /// # Errors
    ///
    /// As [`Store::save_draft`].
    pub fn keep_replaced(&self, draft: &Draft) -> Result<(), StoreError> {
        self.write_draft(Which::Replaced, draft)
    }

    fn write_draft(&self, which: Which, draft: &Draft) -> Result<(), StoreError> {
        self.folder.check()?;
        save(&self.layout, which, draft)?;
        self.folder.check()
    }

    /// Returns the draft that was replaced last, where one can be read.
    #[must_use]
    pub fn replaced_draft(&self) -> Option<Draft> {
        peek(&self.layout, Which::Replaced)
    }

    /// Reads the draft. One that cannot be read is set aside.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] where the file can be neither read nor set aside.
    pub fn load_draft(&self) -> Result<FoundDraft, StoreError> {
        load(&self.layout)
    }
}

impl Which {
    fn path(self, layout: &Layout) -> PathBuf {
        match self {
            Self::Present => layout.draft(),
            Self::Replaced => layout.replaced_draft(),
        }
    }
}

/// Saves a draft atomically; it is on the disk when this returns.
pub(crate) fn save(layout: &Layout, which: Which, draft: &Draft) -> Result<(), StoreError> {
    let mut json = serde_json::to_vec_pretty(&Saved { v: FORMAT, draft })
        .map_err(|error| StoreError::Unwritable(error.to_string()))?;
    json.push(b'\n');
    let path = which.path(layout);
    if files::read(&path, LONGEST).is_err_and(|error| error.kind() != ErrorKind::NotFound) {
        // Whatever keeps it from being read, its words may be whole.
        files::set_aside(&path, "draft.unread")?;
    }
    files::write_whole(&path, &json)
}

/// Reads the draft; one that cannot be read is set aside.
pub(crate) fn load(layout: &Layout) -> Result<FoundDraft, StoreError> {
    let path = layout.draft();
    let read = match files::read(&path, LONGEST) {
        Ok(bytes) => parsed(&bytes),
        Err(error) => match error.kind() {
            ErrorKind::NotFound => return Ok(FoundDraft::None),
            // What else stands in its place: something too long, a link, a pipe, a folder.
            ErrorKind::FileTooLarge | ErrorKind::InvalidInput | ErrorKind::IsADirectory => None,
            _ => return Err(StoreError::io(&path, "read")(error)),
        },
    };
    match read {
        Some(draft) => Ok(FoundDraft::Draft(draft)),
        None => files::set_aside(&path, "draft.damaged").map(FoundDraft::SetAside),
    }
}

/// Reads a draft without changing anything; `None` where there is none that can be read.
pub(crate) fn peek(layout: &Layout, which: Which) -> Option<Draft> {
    parsed(&files::read(&which.path(layout), LONGEST).ok()?)
}

/// Returns the draft of a store without opening it, where one can be read.
pub(crate) fn peek_present(dir: &Path) -> Option<Draft> {
    peek(&Layout::new(dir), Which::Present)
}

fn parsed(bytes: &[u8]) -> Option<Draft> {
    match serde_json::from_slice::<Read>(bytes) {
        Ok(Read { v: FORMAT, draft }) => Some(draft),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn draft(user: &str) -> Draft {
        Draft { prompt: "main".into(), user: user.into(), ..Draft::default() }
    }

    #[test]
    fn the_last_saved_draft_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        assert_eq!(load(&layout).unwrap(), FoundDraft::None);
        save(&layout, Which::Present, &draft("one")).unwrap();
        save(&layout, Which::Present, &draft("two")).unwrap();
        assert_eq!(load(&layout).unwrap(), FoundDraft::Draft(draft("two")));
    }

    #[test]
    fn the_draft_that_was_replaced_is_kept_beside_the_present_one() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        assert_eq!(peek(&layout, Which::Replaced), None);
        save(&layout, Which::Replaced, &draft("old")).unwrap();
        save(&layout, Which::Present, &draft("new")).unwrap();
        assert_eq!(peek(&layout, Which::Replaced), Some(draft("old")));
        assert_eq!(peek(&layout, Which::Present), Some(draft("new")));
        fs::write(layout.replaced_draft(), "{").unwrap();
        assert_eq!(peek(&layout, Which::Replaced), None);
    }

    #[test]
    fn a_draft_that_cannot_be_read_now_is_not_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        // A folder cannot be read as a file, whoever asks.
        fs::create_dir(layout.draft()).unwrap();
        fs::write(layout.draft().join("words"), "a").unwrap();
        save(&layout, Which::Present, &draft("new")).unwrap();
        assert!(dir.path().join("draft.unread-1/words").exists());
        assert_eq!(load(&layout).unwrap(), FoundDraft::Draft(draft("new")));
    }

    #[test]
    fn what_is_no_draft_is_set_aside_and_does_not_stop_anyone() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        for text in ["{\"v\":1,\"draft\":{\"pro", "{\"v\":2,\"draft\":{}}", "\0\0\0"] {
            fs::write(layout.draft(), text).unwrap();
            let FoundDraft::SetAside(path) = load(&layout).unwrap() else { panic!("taken: {text}") };
            assert_eq!(fs::read_to_string(path).unwrap(), text);
            assert_eq!(load(&layout).unwrap(), FoundDraft::None);
        }
    }
}
