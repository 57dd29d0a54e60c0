//! The train rows that a person made examples, kept beside the store.
//!
//! A row is known by its id and the hash of its text, so that a dataset that changed never makes another row an example.
//! Which rows a run showed stands in its requests; this file only says what the next ones may show.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::ConfigError;
use super::files::{read_text, write};
use crate::domain::Existing;
use crate::text::TextHash;

/// The version of the file.
const FORMAT: u32 = 1;

/// A row that a person made an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptExample {
    /// Its id in the dataset.
    pub(crate) id: String,
    /// The hash of its text.
    pub(crate) text: TextHash,
}

#[derive(Serialize, Deserialize)]
struct File {
    v: u32,
    examples: Vec<KeptExample>,
}

fn file(store: &Path) -> PathBuf {
    store.join("examples.json")
}

/// Loads the rows that were kept; none where there is no file.
///
/// # Errors
///
/// The file cannot be read, or holds something else.
pub(crate) fn load(store: &Path) -> Result<Vec<KeptExample>, ConfigError> {
    let file = file(store);
    let text = match read_text(&file) {
        Err(ConfigError::NoFile { .. }) => return Ok(vec![]),
        text => text?,
    };
    let read: Option<File> = serde_json::from_str(&text).ok();
    read.filter(|read| read.v == FORMAT).map(|read| read.examples).ok_or_else(|| ConfigError::Invalid {
        file,
        line: None,
        message: "the rows that were made examples cannot be read, so that none is one; choose them again in the Data \
                  view, or put the file back"
            .into(),
    })
}

/// Keeps the rows, atomically and for the person alone.
///
/// # Errors
///
/// The file cannot be written.
pub(crate) fn save(store: &Path, examples: Vec<KeptExample>) -> Result<(), ConfigError> {
    let file = file(store);
    let json = serde_json::to_vec_pretty(&File { v: FORMAT, examples })
        .map_err(|error| ConfigError::Unwritable { file: file.clone(), source: error.into() })?;
    write(&file, &json, Existing::Replace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_comes_back_and_what_cannot_be_read_is_said() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(load(dir.path()).unwrap(), []);
        let examples = vec![KeptExample { id: "7".into(), text: TextHash::of("Win a prize") }];
        save(dir.path(), examples.clone()).unwrap();
        assert_eq!(load(dir.path()).unwrap(), examples);
        for wrong in ["", "{", "{\"v\":2,\"examples\":[]}", "[]"] {
            std::fs::write(dir.path().join("examples.json"), wrong).unwrap();
            let said = load(dir.path()).unwrap_err().to_string();
            assert!(said.contains("examples.json") && said.contains("choose them again"), "{wrong}: {said}");
        }
    }
}
