//! Reads files of results, a line at a time, so that a file of any length needs little memory.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::BatchError;
use crate::files::{self, Links};

/// The most bytes of a line; a longer one is passed over and told.
const LONGEST: u64 = 64 << 20;
/// What some programs begin a file of UTF-8 with.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// How deep results may lie in a folder that is given.
const DEEPEST: usize = 3;
/// The most files in a folder that is given.
const MOST_FILES: usize = 100_000;

/// The lines of files of results.
#[derive(Debug)]
pub(crate) struct Input {
    left: std::vec::IntoIter<PathBuf>,
    open: Option<Open>,
    bytes: u64,
    read: u64,
}

#[derive(Debug)]
struct Open {
    path: PathBuf,
    reader: BufReader<File>,
    line: u64,
}

/// A line of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// The file's name.
    pub(crate) file: String,
    /// The number of the line, from 1.
    pub(crate) number: u64,
    /// Its bytes, without its end; `None` where there are too many.
    pub(crate) bytes: Option<Vec<u8>>,
    /// Whether it is the last one, and has no end.
    pub(crate) is_torn: bool,
}

impl Input {
    /// Finds the files: those that are given, and in folders all that end in `.jsonl` and are no requests.
    ///
    /// # Errors
    ///
    /// One is not there or cannot be read, or a folder holds none.
    pub(crate) fn open(given: &[PathBuf]) -> Result<Self, BatchError> {
        let mut found = Vec::new();
        for path in given {
            let metadata = std::fs::metadata(path).map_err(BatchError::io(path, "read"))?;
            if metadata.is_dir() {
                let before = found.len();
                walk(path, DEEPEST, &mut found)?;
                if found.len() == before {
                    return Err(BatchError::NoResults(path.clone()));
                }
            } else {
                found.push(path.clone());
            }
        }
        let mut bytes = 0;
        for path in &found {
            // Before anything is taken in, all of it can be read.
            let (file, metadata) =
                files::open(path, Links::Followed).map_err(BatchError::io(path, "read"))?;
            check_is_text(path, file)?;
            bytes += metadata.len();
        }
        Ok(Self { left: found.into_iter(), open: None, bytes, read: 0 })
    }

    /// Returns how many bytes there are, and how many of them were read.
    pub(crate) const fn progress(&self) -> (u64, u64) {
        (self.read, self.bytes)
    }

    /// Returns the next line that is not blank; `None` after the last.
    ///
    /// # Errors
    ///
    /// A file cannot be read.
    pub(crate) fn next(&mut self) -> Result<Option<Taken>, BatchError> {
        loop {
            let open = if let Some(open) = &mut self.open {
                open
            } else {
                let Some(path) = self.left.next() else { return Ok(None) };
                let (file, _) = files::open(&path, Links::Followed).map_err(BatchError::io(&path, "read"))?;
                self.open.insert(Open { path, reader: BufReader::with_capacity(1 << 18, file), line: 0 })
            };
            let failed = BatchError::io(&open.path, "read");
            match open.next().map_err(failed)? {
                None => self.open = None,
                Some((taken, read)) => {
                    self.read += read;
                    if taken.bytes.as_ref().is_none_or(|bytes| !bytes.trim_ascii().is_empty()) {
                        return Ok(Some(taken));
                    }
                }
            }
        }
    }
}

impl Open {
    fn next(&mut self) -> std::io::Result<Option<(Taken, u64)>> {
        let mut bytes = Vec::new();
        let mut read = self.reader.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? as u64;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if self.line == 1 && bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        let mut is_torn = bytes.pop_if(|last| *last == b'\n').is_none();
        let is_long = is_torn && read == LONGEST;
        if is_long {
            bytes = Vec::new();
            let (more, has_end) = self.pass_over()?;
            (read, is_torn) = (read + more, !has_end);
        }
        let file = self.path.display().to_string();
        Ok(Some((Taken { file, number: self.line, bytes: (!is_long).then_some(bytes), is_torn }, read)))
    }

    /// Reads to the end of a line; returns how far that was, and whether the line has an end.
    fn pass_over(&mut self) -> std::io::Result<(u64, bool)> {
        let mut passed = 0;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok((passed, false));
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let length = end.map_or(buffer.len(), |at| at + 1);
            self.reader.consume(length);
            passed += length as u64;
            if end.is_some() {
                return Ok((passed, true));
            }
        }
    }
}

/// Refuses a file that is compressed, or whose letters have two bytes: none of its lines could be read.
fn check_is_text(path: &Path, file: File) -> Result<(), BatchError> {
    let mut first = Vec::new();
    file.take(4).read_to_end(&mut first).map_err(BatchError::io(path, "read"))?;
    let (is, now) = match first.as_slice() {
        [0x1f, 0x8b, ..] => ("compressed with gzip", "unpack it with `gunzip`"),
        [0x28, 0xb5, 0x2f, 0xfd] => ("compressed with zstd", "unpack it with `unzstd`"),
        [b'P', b'K', 3, 4] => ("a zip archive", "unpack it with `unzip`"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ("written in UTF-16", "convert it to UTF-8 with `iconv`"),
        _ => return Ok(()),
    };
    Err(BatchError::Packed { path: path.to_owned(), is, now })
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), BatchError> {
    let failed = || BatchError::io(folder, "read");
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed())? {
        entries.push(entry.map_err(failed())?.path());
    }
    entries.sort();
    for path in entries {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_hidden = name.starts_with('.');
        if is_hidden || name.starts_with("requests") {
            continue;
        }
        if path.is_dir() {
            if depth > 0 {
                walk(&path, depth - 1, found)?;
            }
        } else if path.extension().is_some_and(|ending| ending == "jsonl") && found.len() < MOST_FILES {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(given: &[PathBuf]) -> Vec<(String, u64, bool)> {
        let mut input = Input::open(given).unwrap();
        let mut lines = Vec::new();
        while let Some(taken) = input.next().unwrap() {
            lines.push((String::from_utf8(taken.bytes.unwrap()).unwrap(), taken.number, taken.is_torn));
        }
        let (read, all) = input.progress();
        assert_eq!(read, all);
        lines
    }

    #[test]
    fn lines_of_several_files_come_one_by_one_and_a_torn_one_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a.jsonl"), dir.path().join("b.txt"));
        std::fs::write(&a, "1\n\n  \n2\n").unwrap();
        std::fs::write(&b, "3\n4").unwrap();

        let read = lines(&[a, b]);

        let text = |text: &str| text.to_owned();
        assert_eq!(
            read,
            [(text("1"), 1, false), (text("2"), 4, false), (text("3"), 1, false), (text("4"), 2, true)]
        );
    }

    #[test]
    fn a_mark_of_byte_order_is_no_part_of_the_first_line() {
        let dir = tempfile::tempdir().unwrap();
        let marked = dir.path().join("a.jsonl");
        std::fs::write(&marked, "\u{feff}{}\r\n\u{feff}\n").unwrap();

        let read: Vec<_> = lines(&[marked]).into_iter().map(|line| line.0).collect();

        assert_eq!(read, ["{}\r", "\u{feff}"]);
    }

    #[test]
    fn a_file_that_has_to_be_unpacked_is_refused_before_any_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let (good, packed) = (dir.path().join("a.jsonl"), dir.path().join("b.jsonl"));
        std::fs::write(&good, "1\n").unwrap();
        for (bytes, said) in [
            (&b"\x1f\x8b\x08\0rest"[..], "is compressed with gzip; unpack it with `gunzip`, and read that."),
            (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
            (b"PK\x03\x04", "a zip archive"),
            (b"\xff\xfe{\0", "written in UTF-16"),
        ] {
            std::fs::write(&packed, bytes).unwrap();
            let refused = Input::open(&[good.clone(), packed.clone()]).unwrap_err().to_string();
            assert!(refused.contains(said), "{refused}");
        }
    }

    #[test]
    fn a_folder_gives_its_results_and_not_its_requests() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("results/deeper")).unwrap();
        std::fs::create_dir_all(dir.path().join("requests")).unwrap();
        for (name, text) in [
            ("requests/requests-0001.jsonl", "no"),
            ("requests-0001.jsonl", "no"),
            ("batch.json", "no"),
            (".hidden.jsonl", "no"),
            ("results/b.jsonl", "2\n"),
            ("results/a.jsonl", "1\n"),
            ("results/deeper/c.jsonl", "3\n"),
        ] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }

        let read: Vec<_> = lines(&[dir.path().to_owned()]).into_iter().map(|line| line.0).collect();

        assert_eq!(read, ["1", "2", "3"]);
        let empty = tempfile::tempdir().unwrap();
        assert!(matches!(Input::open(&[empty.path().to_owned()]), Err(BatchError::NoResults(_))));
        assert!(matches!(Input::open(&[empty.path().join("none")]), Err(BatchError::Io { .. })));
    }
}
