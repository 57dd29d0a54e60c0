//! Opens dataset files and reads them.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use csv::StringRecord;

use super::error::{DatasetError, LineFault};
use super::input::{Fingerprint, Input, NotUtf8};
use super::look::{Look, Looker};
use super::records::Records;
use super::rows::Rows;
use super::source::{Format, Source};
use super::{jsonl, table};

/// A file and how it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The file.
    pub(super) path: &'a Path,
    /// Its format.
    pub(super) format: Format,
}

/// What takes the rows of a file, one after the other.
///
/// A table gives its header and then its records, JSON gives objects. The line is that where the
/// record or the object starts, from 1.
pub(super) trait Sink {
    /// Takes the header of a table, before its records.
    fn header(&mut self, line: u64, header: &StringRecord) -> Result<(), DatasetError>;
    /// Takes a record, which is as long as the header.
    fn record(&mut self, line: u64, record: &StringRecord) -> Result<(), DatasetError>;
    /// Takes the text of a JSON object.
    fn object(&mut self, line: u64, object: &str) -> Result<(), DatasetError>;
}

/// Reads a dataset file, in one pass.
///
/// # Errors
///
/// If the file cannot be read or does not fit its source; see [`DatasetError`].
pub(crate) fn read(source: &Source) -> Result<Records, DatasetError> {
    read_from(source, open(&source.path)?)
}

/// Looks at a file before its columns are named, in one pass.
///
/// # Errors
///
/// If the file cannot be read as a table or as JSON; see [`DatasetError`].
pub(crate) fn look(path: &Path) -> Result<Look, DatasetError> {
    look_from(path, open(path)?)
}

fn open(path: &Path) -> Result<File, DatasetError> {
    if path.is_dir() {
        return Err(DatasetError::Folder { path: path.to_owned() });
    }
    File::open(path).map_err(|reason| match reason.kind() {
        ErrorKind::NotFound => DatasetError::Missing { path: path.to_owned() },
        _ => unreadable(path, reason),
    })
}

/// Reads a dataset from an open file.
pub(super) fn read_from(source: &Source, file: impl Read) -> Result<Records, DatasetError> {
    let mut rows = Rows::new(source);
    let fingerprint = give(&Place { path: &source.path, format: source.format }, file, &mut rows)?;
    rows.finish(fingerprint)
}

/// Looks at an open file.
pub(super) fn look_from(path: &Path, file: impl Read) -> Result<Look, DatasetError> {
    let format = Format::of(path)?;
    let mut looker = Looker::new(path);
    give(&Place { path, format }, file, &mut looker)?;
    Ok(looker.finish(format))
}

/// Gives the rows of a file to a sink, and returns the hash of its bytes.
fn give(place: &Place<'_>, file: impl Read, sink: &mut impl Sink) -> Result<Fingerprint, DatasetError> {
    let input = Input::new(file).map_err(|reason| unreadable(place.path, reason))?;
    match place.format {
        Format::Csv | Format::Tsv => table::read(place, input, sink),
        Format::Jsonl => jsonl::read(place, input, sink),
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
