//! Files beside an export in which several files have an entry each, such as `dataset_info.json`.
//!
//! What stands in such a file is somebody's: it is read first, and written again with the new entries. One that cannot
//! be read, or holds something else under the same name, stops the export.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::error::ExportError;
use crate::domain::Existing;
use crate::files;

/// Entries of a JSON object by name.
pub(super) type Entries = Map<String, Value>;

/// Shared files with the new entries in them.
#[derive(Debug, Default)]
pub(super) struct SharedFiles(BTreeMap<PathBuf, Entries>);

impl SharedFiles {
    /// Adds entries to a file, which is read unless it is known already.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, or has another entry of the same name that may not be replaced.
    pub(super) fn add(
        &mut self,
        path: &Path,
        entries: Entries,
        existing: Existing,
    ) -> Result<(), ExportError> {
        if !self.0.contains_key(path) {
            self.0.insert(path.to_owned(), read(path)?);
        }
        let Some(there) = self.0.get_mut(path) else { return Ok(()) };
        for (name, entry) in entries {
            let is_other = there.get(&name).is_some_and(|other| *other != entry);
            if is_other && existing == Existing::Keep {
                return Err(ExportError::Refused(format!(
                    "`{}` has another entry `{name}`, so nothing was written; add --force to replace it, or name \
                     another file.",
                    path.display()
                )));
            }
            there.insert(name, entry);
        }
        Ok(())
    }

    /// Returns the files as they are to be written.
    pub(super) fn into_files(self) -> impl Iterator<Item = (PathBuf, Vec<u8>)> {
        self.0
            .into_iter()
            .map(|(path, entries)| (path, format!("{:#}\n", Value::Object(entries)).into_bytes()))
    }
}

/// Reads the entries of a file; none where there is no file.
fn read(path: &Path) -> Result<Entries, ExportError> {
    let refused = |why: &str| {
        ExportError::Refused(format!(
            "`{}` cannot be added to: {why}. Nothing was written; move it, or write to another folder.",
            path.display()
        ))
    };
    let bytes = match files::read(path, files::Links::Followed, files::WRITTEN_BY_HAND) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Entries::new()),
        bytes => bytes.map_err(|error| refused(&error.to_string()))?,
    };
    serde_json::from_slice(&bytes).map_err(|_no_object| refused("it is no JSON object"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(file: &str) -> Entries {
        Entries::from_iter([("rows".to_owned(), serde_json::json!({ "file_name": file }))])
    }

    #[test]
    fn entries_of_others_stay_and_one_of_the_same_name_is_replaced_only_by_force() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dataset_info.json");
        std::fs::write(
            &path,
            "{\"mine\": {\"file_name\": \"a.json\"}, \"rows\": {\"file_name\": \"b.json\"}}",
        )
        .unwrap();

        let mut shared = SharedFiles::default();
        let refused = shared.add(&path, entry("c.json"), Existing::Keep).unwrap_err();
        assert!(refused.to_string().contains("has another entry `rows`"), "{refused}");
        shared.add(&path, entry("b.json"), Existing::Keep).unwrap();
        shared.add(&path, entry("c.json"), Existing::Replace).unwrap();

        let (_, bytes) = shared.into_files().next().unwrap();
        let written: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(
            written,
            serde_json::json!({"mine": {"file_name": "a.json"}, "rows": {"file_name": "c.json"}})
        );
    }

    #[test]
    fn a_file_that_is_no_object_or_no_file_stops_the_export() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dataset_info.json");
        std::fs::write(&path, "[1]").unwrap();
        for path in [path.as_path(), folder.path()] {
            let refused = SharedFiles::default().add(path, entry("a"), Existing::Replace).unwrap_err();
            assert!(refused.to_string().contains("cannot be added to"), "{refused}");
        }
    }
}
