//! The file `reached`: which line of the journal was saved last, so that a journal that lost its end is noticed.
//!
//! ```text
//! 00000000000000000041 5a6b7c8d 0f1e2d3c     sequence number, its checksum, the CRC-32 of both
//! ```
//!
//! It is written in place after the journal is on the disk, and is not synced itself, so it is never ahead
//! of the journal. One that is missing or cannot be read says nothing.
//!
//! A second one lies in sled's folder and says what sled follows, so that nobody has to open sled to learn that it
//! holds more than a journal that an older copy took the place of.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::files::{self, Layout};

/// The length of the file.
const LENGTH: usize = 20 + 1 + 8 + 1 + 8 + 1;

/// The last line of a journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LastLine {
    /// Its sequence number; 0 where there is no line.
    pub(crate) sequence: u64,
    /// Its checksum.
    pub(crate) sum: u32,
}

impl LastLine {
    /// Returns the content of a file that says this.
    pub(crate) fn record(self) -> String {
        let said = format!("{:020} {:08x}", self.sequence, self.sum);
        let check = crc32fast::hash(said.as_bytes());
        format!("{said} {check:08x}\n")
    }

    fn read(record: &str) -> Option<Self> {
        let mut words = record.split_ascii_whitespace();
        let sequence = words.next()?.parse().ok()?;
        let sum = u32::from_str_radix(words.next()?, 16).ok()?;
        let line = Self { sequence, sum };
        (line.record() == record).then_some(line)
    }
}

/// Returns what the file says, where it can be read.
pub(crate) fn read(layout: &Layout) -> Option<LastLine> {
    read_at(&layout.reached())
}

/// Returns what the file in sled's folder says, where it can be read.
pub(crate) fn of_sled(layout: &Layout) -> Option<LastLine> {
    read_at(&layout.followed())
}

/// Reads a file of this kind.
pub(crate) fn read_at(path: &Path) -> Option<LastLine> {
    LastLine::read(&String::from_utf8(files::read(path, LENGTH as u64).ok()?).ok()?)
}

/// The file, open for writing.
#[derive(Debug)]
pub(crate) struct Reached(Option<File>);

impl Reached {
    /// Opens a file, and leaves what it says.
    pub(crate) fn at(path: &Path) -> Self {
        let is_other = fs::symlink_metadata(path).is_ok_and(|found| !found.is_file());
        let file = files::private().write(true).create(true).truncate(false).open(path);
        Self(file.ok().filter(|_| !is_other))
    }

    /// Opens the file, and writes the last line to it where it says something else.
    pub(crate) fn open(layout: &Layout, last: LastLine) -> Self {
        let known = read(layout);
        let reached = Self::at(&layout.reached());
        if known != Some(last) {
            reached.note(last);
        }
        if known.is_none() {
            reached.sync(layout);
        }
        reached
    }

    /// Brings a new file to the disk once. Its one sector then holds what it says now, or what it says later.
    fn sync(&self, layout: &Layout) {
        if let Some(file) = &self.0 {
            // Without it a power loss may leave no such file, which says nothing.
            let _ = file.sync_all();
            let _ = files::sync_folder(layout.dir());
        }
    }

    /// Writes the last line. If this fails, the file says less than it could, which does no harm.
    pub(crate) fn note(&self, last: LastLine) {
        if let Some(file) = &self.0 {
            let _ = file.write_all_at(last.record().as_bytes(), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_last_is_read_and_anything_else_says_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        assert_eq!(read(&layout), None);
        let last = LastLine { sequence: 41, sum: 0x5a6b_7c8d };
        Reached::open(&layout, LastLine::default()).note(last);
        assert_eq!(read(&layout), Some(last));

        let whole = fs::read(layout.reached()).unwrap();
        assert_eq!(whole.len(), LENGTH);
        for at in 0..LENGTH {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(layout.reached(), &changed).unwrap();
            assert_eq!(read(&layout), None, "byte {at}");
            fs::write(layout.reached(), &whole[..at]).unwrap();
            assert_eq!(read(&layout), None, "cut at {at}");
        }
        drop(Reached::open(&layout, last));
        assert_eq!(read(&layout), Some(last), "it is made right again");
    }

    #[test]
    fn a_link_in_its_place_is_not_written_through() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        let other = dir.path().join("other");
        fs::write(&other, "mine").unwrap();
        std::os::unix::fs::symlink(&other, layout.reached()).unwrap();
        Reached::open(&layout, LastLine { sequence: 1, sum: 1 }).note(LastLine::default());
        assert_eq!(fs::read_to_string(other).unwrap(), "mine");
    }
}
