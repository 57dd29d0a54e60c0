//! Opens and reads files that other people may have put there.
//!
//! A path may lead to a pipe that waits for a writer, to a device that never ends, or to a file of a terabyte. A file
//! is opened here only where it is an ordinary one, which is checked on the opened file as well, so that nothing
//! can take its place in between; opening waits for nothing; and whoever reads it says how many bytes make sense.
//!
//! ```text
//! path ── stat ──► open, without waiting ── fstat ──► ordinary? ── at most so many bytes ──► content
//! ```
//!
//! What is wrong is said as an [`io::Error`], so that every room can put its own sentence around it.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use rustix::fs::OFlags;

/// The most bytes of a file that a person writes: settings, a session, a theme, a prompt.
pub(crate) const WRITTEN_BY_HAND: u64 = 4 << 20;

/// How long a pipe may take that a person names in a command.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Whether a link at the end of a path is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    /// It is, as nearly everywhere.
    Followed,
    /// It is refused: in a folder that this program alone writes, nothing is a link.
    Refused,
}

/// Opens an ordinary file for reading, and returns it with what is known about it.
///
/// # Errors
///
/// As the system puts it; [`ErrorKind::IsADirectory`] for a folder, and [`ErrorKind::InvalidInput`] for what else is
/// no ordinary file, in words that follow "it cannot be read:".
pub(crate) fn open(path: &Path, links: Links) -> io::Result<(File, Metadata)> {
    let look = match links {
        Links::Followed => std::fs::metadata(path)?,
        Links::Refused => std::fs::symlink_metadata(path)?,
    };
    // To open a pipe would let its writer go on, and to open a device may set it in motion.
    ordinary(&look)?;
    let file = OpenOptions::new().read(true).custom_flags(careful(links)).open(path)?;
    let metadata = file.metadata()?;
    ordinary(&metadata)?;
    // The files of /proc say that they are empty; some of them wait, and some never end.
    if metadata.len() == 0 && file.read_at(&mut [0], 0)? > 0 {
        return Err(unfit("it has no length, like the files of /proc"));
    }
    Ok((file, metadata))
}

/// Returns the flags with which opening a file waits for nothing, for [`OpenOptionsExt::custom_flags`].
pub(crate) fn careful(links: Links) -> i32 {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = if links == Links::Refused { flags | OFlags::NOFOLLOW } else { flags };
    flags.bits().cast_signed()
}

/// Reads an ordinary file of at most so many bytes.
///
/// # Errors
///
/// Those of [`open`], and [`ErrorKind::FileTooLarge`].
pub(crate) fn read(path: &Path, links: Links, most: u64) -> io::Result<Vec<u8>> {
    let (file, metadata) = open(path, links)?;
    if metadata.len() > most {
        return Err(too_large(metadata.len(), most));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    // It may grow meanwhile.
    let read = file.take(most + 1).read_to_end(&mut bytes)? as u64;
    if read > most { Err(too_large(read, most)) } else { Ok(bytes) }
}

/// Reads an ordinary file of UTF-8 that a person has written.
///
/// # Errors
///
/// Those of [`read`], and [`ErrorKind::InvalidData`] where it is no UTF-8.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    text_of(read(path, Links::Followed, WRITTEN_BY_HAND)?)
}

/// Reads a text that a person names in a command: an ordinary file, or a pipe such as that of `<(command)`, which has
/// to end within [`PATIENCE`].
///
/// # Errors
///
/// Those of [`read_text`], and [`ErrorKind::TimedOut`].
pub(crate) fn read_named(path: &Path) -> io::Result<String> {
    if !std::fs::metadata(path)?.file_type().is_fifo() {
        return read_text(path);
    }
    let (send, read) = channel();
    let path = path.to_owned();
    // Opening a pipe waits for its writer, and so does reading it. A thread that waits still ends with the process.
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let all = File::open(path).and_then(|file| file.take(WRITTEN_BY_HAND + 1).read_to_end(&mut bytes));
        let _ = send.send(all.map(|_| bytes));
    });
    let bytes = read.recv_timeout(PATIENCE).map_err(|_late| {
        let words = format!("it is a pipe that did not end within {} s", PATIENCE.as_secs());
        io::Error::new(ErrorKind::TimedOut, words)
    })??;
    let length = bytes.len() as u64;
    if length > WRITTEN_BY_HAND { Err(too_large(length, WRITTEN_BY_HAND)) } else { text_of(bytes) }
}

fn text_of(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        io::Error::new(ErrorKind::InvalidData, format!("its byte {place} is no UTF-8"))
    })
}

/// Returns the device and the number of what a path leads to, links followed; `None` where it leads nowhere. Two names
/// with the same are one file or folder.
pub(crate) fn identity(path: &Path) -> Option<(u64, u64)> {
    std::fs::metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

/// Returns a number of bytes as a person reads it, such as "4 MB".
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [(&str, u32); 4] = [("TB", 40), ("GB", 30), ("MB", 20), ("kB", 10)];
    let unit = UNITS.into_iter().find(|(_, shift)| bytes >> shift > 0);
    unit.map_or_else(|| format!("{bytes} bytes"), |(unit, shift)| format!("{} {unit}", bytes >> shift))
}

fn too_large(length: u64, most: u64) -> io::Error {
    let (has, most) = (size(length), size(most));
    let words = if has == most {
        format!("it has more than {most}, and no more are read")
    } else {
        format!("it has {has}, and no more than {most} are read")
    };
    io::Error::new(ErrorKind::FileTooLarge, words)
}

fn ordinary(metadata: &Metadata) -> io::Result<()> {
    let kind = metadata.file_type();
    let is = match () {
        () if kind.is_file() => return Ok(()),
        () if kind.is_dir() => return Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder")),
        () if kind.is_symlink() => "it is a link, and nothing there may be one",
        () if kind.is_fifo() => "it is a pipe, not an ordinary file",
        () if kind.is_socket() => "it is a socket, not an ordinary file",
        () => "it is a device, not an ordinary file",
    };
    Err(unfit(is))
}

fn unfit(words: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, words)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::time::Instant;

    use super::*;

    fn why(path: &Path, links: Links) -> String {
        let began = Instant::now();
        let error = read(path, links, 100).unwrap_err().to_string();
        assert!(began.elapsed() < Duration::from_secs(5), "{} kept waiting", path.display());
        error
    }

    #[test]
    fn what_is_no_ordinary_file_is_refused_at_once_and_called_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
        let _socket = UnixListener::bind(at("socket")).unwrap();
        symlink(at("pipe"), at("link to a pipe")).unwrap();

        for (path, is) in [
            (at("pipe"), "a pipe"),
            (at("link to a pipe"), "a pipe"),
            (at("socket"), "a socket"),
            (folder.path().to_owned(), "a folder"),
            ("/dev/zero".into(), "a device"),
            ("/dev/random".into(), "a device"),
            ("/dev/tty".into(), "a device"),
        ] {
            let said = why(&path, Links::Followed);
            assert!(said.starts_with(&format!("it is {is}")), "{}: {said}", path.display());
        }
        #[cfg(target_os = "linux")]
        for path in ["/proc/self/environ", "/proc/kmsg", "/proc/self/mem", "/proc/self/pagemap"] {
            why(Path::new(path), Links::Followed);
        }
    }

    #[test]
    fn a_file_is_read_up_to_its_limit_and_no_further() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, [b'x'; 100]).unwrap();
        assert_eq!(read(&file, Links::Followed, 100).unwrap().len(), 100);
        assert_eq!(read(&file, Links::Followed, 99).unwrap_err().kind(), ErrorKind::FileTooLarge);
        File::options().write(true).open(&file).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(why(&file, Links::Followed), "it has 1 TB, and no more than 100 bytes are read");
    }

    #[test]
    fn a_pipe_that_a_person_names_is_read_to_its_end_and_no_further_than_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let read = |bytes: Vec<u8>| {
            let into = pipe.clone();
            let writer = thread::spawn(move || std::fs::write(into, bytes));
            let read = read_named(&pipe).map_err(|error| error.to_string());
            let _ = writer.join();
            read
        };

        assert_eq!(read("é\n".repeat(100_000).into()), Ok("é\n".repeat(100_000)));
        assert_eq!(read(vec![b'x'; 5 << 20]), Err("it has more than 4 MB, and no more are read".into()));
        assert_eq!(read(b"ab\xff".to_vec()), Err("its byte 2 is no UTF-8".into()));
        std::fs::write(folder.path().join("file"), "words").unwrap();
        assert_eq!(read_named(&folder.path().join("file")).unwrap(), "words");
    }

    #[test]
    fn a_link_is_followed_only_where_it_may_be() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&file, "x").unwrap();
        symlink(&file, &link).unwrap();
        assert_eq!(read(&link, Links::Followed, 1).unwrap(), b"x");
        assert_eq!(read(&file, Links::Refused, 1).unwrap(), b"x");
        assert_eq!(why(&link, Links::Refused), "it is a link, and nothing there may be one");
    }

    #[test]
    fn a_text_that_is_no_utf8_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, b"ab\xff").unwrap();
        assert_eq!(read_text(&file).unwrap_err().to_string(), "its byte 2 is no UTF-8");
    }
}
