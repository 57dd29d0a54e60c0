//! Reads and writes whole settings files.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::ConfigError;
use super::document::line_of;
use crate::domain::Existing;
use crate::files::{self, Links};
use crate::own_files;

/// Reads a text file without its byte order mark.
pub(super) fn read_text(file: &Path) -> Result<String, ConfigError> {
    let bytes =
        files::read(file, Links::Followed, files::WRITTEN_BY_HAND).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => ConfigError::NoFile { file: file.to_owned() },
            _ => ConfigError::Unreadable { file: file.to_owned(), source },
        })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned();
        ConfigError::Invalid {
            file: file.to_owned(),
            line: Some(line_of(&text, good)),
            message: "this is not UTF-8; save the file as UTF-8".into(),
        }
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Writes a private file atomically, creating its folder if needed.
pub(super) fn write(file: &Path, bytes: &[u8], existing: Existing) -> Result<(), ConfigError> {
    write_with(file, bytes, existing, own_files::PRIVATE)
}

/// Writes a file of the person's own, with the mode that their umask gives, where there is none yet.
pub(super) fn write_shared(file: &Path, bytes: &[u8]) -> Result<(), ConfigError> {
    write_with(file, bytes, Existing::Keep, own_files::FILE)
}

fn write_with(file: &Path, bytes: &[u8], existing: Existing, mode: u32) -> Result<(), ConfigError> {
    let unwritable = |source| ConfigError::Unwritable { file: file.to_owned(), source };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(unwritable)?;
    let mut written = own_files::temporary(folder, mode).map_err(unwritable)?;
    if mode != own_files::PRIVATE {
        own_files::share(written.path(), mode).map_err(unwritable)?;
    }
    written.write_all(bytes).and_then(|()| written.as_file().sync_all()).map_err(unwritable)?;
    let placed = match existing {
        Existing::Replace => written.persist(file),
        Existing::Keep => written.persist_noclobber(file),
    };
    match placed {
        Err(error) if existing == Existing::Keep && error.error.kind() == io::ErrorKind::AlreadyExists => {
            Ok(())
        }
        placed => placed.map(drop).map_err(|error| unwritable(error.error)),
    }
}

/// Returns a text as a TOML string on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_where_it_may_be() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/deep/a.txt");

        write(&file, b"one", Existing::Keep).unwrap();
        write(&file, b"two", Existing::Keep).unwrap();
        assert_eq!(read_text(&file).unwrap(), "one");
        write(&file, b"\xef\xbb\xbfthree", Existing::Replace).unwrap();
        assert_eq!(read_text(&file).unwrap(), "three");
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("theirs"), folder.path().join("a.json"));
        fs::write(&file, "one").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();

        write(&link, b"two", Existing::Replace).unwrap();

        assert_eq!((read_text(&file).unwrap().as_str(), read_text(&link).unwrap().as_str()), ("one", "two"));
    }

    #[test]
    fn what_cannot_be_read_or_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.txt");
        fs::write(&file, b"one\ntwo \xff").unwrap();

        let not_utf8 = read_text(&file).unwrap_err().to_string();
        assert!(not_utf8.ends_with("a.txt, line 2: this is not UTF-8; save the file as UTF-8"), "{not_utf8}");
        let no_folder = write(&file.join("b.txt"), b"", Existing::Replace).unwrap_err().to_string();
        assert!(no_folder.contains("b.txt` cannot be written: "), "{no_folder}");
        assert!(read_text(folder.path()).unwrap_err().to_string().contains("cannot be read"));
    }
}
