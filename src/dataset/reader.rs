//! Opens dataset files and reads them.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::error::{DatasetError, LineFault};
use super::input::{Input, NotUtf8};
use super::records::Records;
use super::source::{Format, Source};
use super::{jsonl, table};

/// Reads a dataset file, in one pass.
///
/// # Errors
///
/// If the file cannot be read or does not fit its source; see [`DatasetError`].
pub(crate) fn read(source: &Source) -> Result<Records, DatasetError> {
    let path = source.path.as_path();
    if path.is_dir() {
        return Err(DatasetError::Folder { path: path.to_owned() });
    }
    let file = File::open(path).map_err(|reason| match reason.kind() {
        ErrorKind::NotFound => DatasetError::Missing { path: path.to_owned() },
        _ => unreadable(path, reason),
    })?;
    read_from(source, file)
}

/// Reads a dataset from an open file.
pub(super) fn read_from(source: &Source, file: impl Read) -> Result<Records, DatasetError> {
    let input = Input::new(file).map_err(|reason| unreadable(&source.path, reason))?;
    match source.format {
        Format::Csv | Format::Tsv => table::read(source, input),
        Format::Jsonl => jsonl::read(source, input),
    }
}

/// Turns an I/O error into the dataset error with its cause.
pub(super) fn unreadable(path: &Path, reason: io::Error) -> DatasetError {
    let path = path.to_owned();
    match reason.downcast::<NotUtf8>() {
        Ok(NotUtf8 { line, offset, byte }) => {
            DatasetError::Line { path, line, fault: LineFault::NotUtf8 { byte, offset } }
        }
        Err(reason) => DatasetError::Unreadable { path, reason },
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_read_and_known_by_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        fs::write(&path, "text,label\nhi,ham\n").unwrap();

        let records = read(&Source::new(&path, "text", "label").unwrap()).unwrap();

        assert_eq!((records.len(), records.path()), (1, path.as_path()));
        assert_eq!(records.fingerprint().to_string(), blake3::hash(b"text,label\nhi,ham\n").to_string());
    }

    #[test]
    fn a_missing_file_and_a_folder_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        let source = Source::new(&path, "text", "label").unwrap();

        let missing = read(&source).unwrap_err().to_string();
        fs::create_dir(&path).unwrap();
        let a_folder = read(&source).unwrap_err().to_string();

        let path = path.display();
        assert_eq!(missing, format!("There is no dataset file {path}. Check the path and its spelling."));
        assert_eq!(a_folder, format!("{path} is a folder. Name a .csv, .tsv or .jsonl file in it."));
    }

    #[test]
    fn a_file_that_fails_while_it_is_read_says_why() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        for (name, start) in [("a.csv", "text,label\n"), ("a.jsonl", "{\"text\"")] {
            let source = Source::new(name, "text", "label").unwrap();

            let whole = read_from(&source, Broken).unwrap_err().to_string();
            let half = read_from(&source, start.as_bytes().chain(Broken)).unwrap_err().to_string();

            let expected = format!(
                "The dataset file {name} cannot be read: the disk is gone. Check that you may read it."
            );
            assert_eq!([whole, half], [expected.clone(), expected]);
        }
    }
}
