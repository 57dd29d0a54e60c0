//! Tells trouble of the disk (full, read-only, failing, too many open files) from damage of what is on it.
//!
//! sled reports both as text, its panics too, with the number of the operating system's error in it.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use rustix::io::Errno;

use super::files;

/// Errors after which a file may be as good as before.
const OF_THE_DISK: [Errno; 15] = [
    Errno::NOSPC,
    Errno::DQUOT,
    Errno::FBIG,
    Errno::ROFS,
    Errno::IO,
    Errno::NXIO,
    Errno::NODEV,
    Errno::STALE,
    Errno::TIMEDOUT,
    Errno::MFILE,
    Errno::NFILE,
    Errno::NOMEM,
    Errno::ACCESS,
    Errno::PERM,
    Errno::NOLCK,
];
/// How much room there must be for a database that is made anew, in bytes.
const ROOM: usize = 1 << 20;

/// Returns whether a message of sled is about trouble of the disk.
pub(crate) fn is_of_the_disk(message: &str) -> bool {
    ["os error ", "code: "].iter().any(|before| {
        message.split(before).skip(1).any(|rest| {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number = rest[..digits].parse();
            number.is_ok_and(|number: i32| OF_THE_DISK.iter().any(|errno| errno.raw_os_error() == number))
        })
    })
}

/// Returns why a database cannot be made in a folder now, by writing to it; `None` where it can.
pub(crate) fn no_room(folder: &Path) -> Option<String> {
    let path = folder.join("sled.tmp");
    let write = |mut file: File| file.write_all(&vec![0x5a; ROOM]).and_then(|()| file.sync_data());
    let written = files::private().write(true).create(true).truncate(true).open(&path).and_then(write);
    let _ = std::fs::remove_file(&path);
    written.err().map(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_no_damage_however_sled_says_it() {
        for message in [
            "IO error: No space left on device (os error 28)",
            "IO error: Os { code: 28, kind: StorageFull, message: \"No space left on device\" }",
            "called `Result::unwrap()` on an `Err` value: Io(Os { code: 30, kind: ReadOnlyFilesystem, message: \"x\" })",
            "IO error: Input/output error (os error 5)",
            "IO error: Too many open files (os error 24)",
        ] {
            assert!(is_of_the_disk(message), "{message}");
        }
    }

    #[test]
    fn what_is_missing_cut_or_torn_is_damage() {
        for message in [
            "Read corrupted data at file offset Some(1) backtrace ()",
            "IO error: failed to fill whole buffer",
            "IO error: No such file or directory (os error 2)",
            "IO error: Is a directory (os error 21)",
            "os error ",
            "code: 280, os error 288",
            "assertion failed: 28 == 5",
        ] {
            assert!(!is_of_the_disk(message), "{message}");
        }
    }

    #[test]
    fn room_is_found_by_writing_and_nothing_stays() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(no_room(dir.path()), None);
        assert!(no_room(&dir.path().join("missing")).is_some());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
