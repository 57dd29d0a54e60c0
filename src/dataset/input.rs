//! Reads the bytes of a dataset file, hashing and checking them in one pass.
//!
//! A file is read once. This reader between file and parser removes the byte order mark,
//! hashes the whole file, and stops at the first byte that is not UTF-8, with its line. The
//! bytes before it are still delivered, so that an earlier fault is reported first.

use std::fmt;
use std::io::{self, Chain, Cursor, Read};

const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// The BLAKE3 hash of a dataset file's bytes, written as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A byte that is not UTF-8; the source of an [`io::Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the byte {byte:#04x} is not valid UTF-8")]
pub(super) struct NotUtf8 {
    /// The line, from 1.
    pub(super) line: u64,
    /// The byte's position in the file, from 0.
    pub(super) offset: u64,
    pub(super) byte: u8,
}

/// A reader that hashes and checks what it delivers.
pub(super) struct Input<R> {
    inner: Chain<Cursor<Vec<u8>>, R>,
    hasher: blake3::Hasher,
    /// The position in the file of the next byte to check.
    offset: u64,
    /// The line of that byte.
    line: u64,
    /// The bytes of a character that the last read split.
    cut: Vec<u8>,
    bad: Option<NotUtf8>,
}

impl<R: Read> Input<R> {
    /// Wraps a reader and skips a byte order mark.
    pub(super) fn new(mut inner: R) -> io::Result<Self> {
        let mut head = Vec::with_capacity(BYTE_ORDER_MARK.len());
        inner.by_ref().take(3).read_to_end(&mut head)?;
        let mut hasher = blake3::Hasher::new();
        let mut offset = 0;
        if head == BYTE_ORDER_MARK {
            hasher.update(&head);
            offset = 3;
            head.clear();
        }
        let inner = Cursor::new(head).chain(inner);
        Ok(Self { inner, hasher, offset, line: 1, cut: Vec::new(), bad: None })
    }

    /// Returns the hash of the bytes read so far: of the whole file at its end.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        Fingerprint(self.hasher.finalize().into())
    }

    /// Checks the next bytes, and returns how many of them may be delivered.
    fn check(&mut self, bytes: &[u8]) -> usize {
        let mut done = 0;
        while let (false, Some(&byte)) = (self.cut.is_empty(), bytes.get(done)) {
            self.cut.push(byte);
            match std::str::from_utf8(&self.cut) {
                Ok(_) => self.cut.clear(),
                Err(error) if error.error_len().is_none() => {}
                Err(_) => {
                    self.bad = Some(self.not_utf8(self.offset + done as u64 + 1 - self.cut.len() as u64));
                    return done;
                }
            }
            done += 1;
        }
        let rest = bytes.get(done..).unwrap_or_default();
        if let Err(error) = std::str::from_utf8(rest) {
            let (good, tail) = rest.split_at(error.valid_up_to());
            self.cut = tail.to_vec();
            if error.error_len().is_some() {
                self.line += newlines(good);
                self.bad = Some(self.not_utf8(self.offset + (done + good.len()) as u64));
                return done + good.len();
            }
        }
        self.line += newlines(rest);
        self.offset += bytes.len() as u64;
        bytes.len()
    }

    /// Returns the error for the first byte of a split character.
    fn not_utf8(&self, offset: u64) -> NotUtf8 {
        NotUtf8 { line: self.line, offset, byte: self.cut.first().copied().unwrap_or_default() }
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if let Some(bad) = self.bad {
            return Err(io::Error::other(bad));
        }
        let read = self.inner.read(out)?;
        let bytes = out.get(..read).unwrap_or_default();
        self.hasher.update(bytes);
        if read == 0 && !out.is_empty() && !self.cut.is_empty() {
            self.bad = Some(self.not_utf8(self.offset - self.cut.len() as u64));
        }
        let good = self.check(bytes);
        match self.bad {
            Some(bad) if good == 0 => Err(io::Error::other(bad)),
            _ => Ok(good),
        }
    }
}

/// Returns the number of line feeds.
pub(super) fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Delivers a few bytes at a time, so that characters are split.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let size = self.1.min(out.len());
            self.0.read(&mut out[..size])
        }
    }

    /// Returns the delivered bytes, and the byte that is not UTF-8, if any.
    fn drain(bytes: &[u8], step: usize) -> (Vec<u8>, Option<NotUtf8>) {
        let mut input = Input::new(Drops(bytes, step)).unwrap();
        let mut delivered = Vec::new();
        let end = input.read_to_end(&mut delivered);
        (delivered, end.err().map(|error| error.downcast::<NotUtf8>().unwrap()))
    }

    #[test]
    fn a_byte_order_mark_is_taken_off_but_hashed() {
        let bytes = b"\xef\xbb\xbftext\n";
        let mut input = Input::new(bytes.as_slice()).unwrap();
        let mut text = String::new();

        input.read_to_string(&mut text).unwrap();

        assert_eq!(text, "text\n");
        assert_eq!(input.fingerprint().to_string(), blake3::hash(bytes).to_string());
    }

    #[test]
    fn a_bad_byte_is_named_by_its_line_and_position() {
        let (delivered, bad) = drain(b"one\ntw\xe9 x\n", 64);

        assert_eq!(delivered, b"one\ntw");
        assert_eq!(bad, Some(NotUtf8 { line: 2, offset: 6, byte: 0xe9 }));
    }

    #[test]
    fn a_byte_order_mark_counts_as_a_part_of_the_file() {
        let (_, bad) = drain(b"\xef\xbb\xbf\xff", 64);

        assert_eq!(bad, Some(NotUtf8 { line: 1, offset: 3, byte: 0xff }));
    }

    #[test]
    fn a_character_cut_by_the_end_of_the_file_is_bad() {
        let (_, bad) = drain("a\né".as_bytes().split_last().unwrap().1, 64);

        assert_eq!(bad, Some(NotUtf8 { line: 2, offset: 2, byte: 0xc3 }));
    }

    proptest! {
        #[test]
        fn the_checks_agree_with_the_standard_library_however_the_bytes_come(
            text in "[a\n\u{e9}\u{20ac}\u{1f600}]{0,12}",
            junk in prop::collection::vec(any::<u8>(), 0..3),
            after in "[a\n\u{e9}]{0,4}",
            step in 1_usize..6,
        ) {
            let bytes = [text.as_bytes(), &junk, after.as_bytes()].concat();
            let (delivered, bad) = drain(&bytes, step);

            match std::str::from_utf8(&bytes) {
                Ok(_) => prop_assert_eq!((delivered, bad), (bytes, None)),
                Err(error) => {
                    let at = error.valid_up_to();
                    let line = 1 + newlines(&bytes[..at]);
                    prop_assert_eq!(bad, Some(NotUtf8 { line, offset: at as u64, byte: bytes[at] }));
                    prop_assert!(delivered.starts_with(&bytes[..at]) && bytes.starts_with(&delivered));
                }
            }
        }
    }
}
