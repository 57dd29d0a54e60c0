//! Reads the bytes of a dataset file, hashing and checking them in one pass.
//!
//! This reader between file and parser removes the byte order mark and hashes the whole file. A byte
//! that is not UTF-8 is noted with its line, and reaches the parser as `?`: the file will be refused,
//! but what else is wrong with it can be told at the same time.

use std::fmt;
use std::io::{self, Chain, Cursor, Read};

use super::troubles::Lines;

/// The most bytes of a character.
const LONGEST_CHAR: usize = 4;
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// The BLAKE3 hash of a dataset file's bytes, written as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The bytes of a file that are not UTF-8.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct BadBytes {
    /// The first of them, and its position in the file, from 0.
    pub(super) first: Option<(u8, u64)>,
    /// The lines where they are, a line for each.
    pub(super) lines: Lines,
}

/// A reader that hashes and checks what it delivers.
///
/// It must be read with a buffer of at least four bytes, so that a character fits into it.
pub(super) struct Input<R> {
    inner: Chain<Cursor<Vec<u8>>, R>,
    hasher: blake3::Hasher,
    /// The position in the file of the next byte to check.
    offset: u64,
    /// The line of that byte.
    line: u64,
    /// The first bytes of a character that the last read split.
    cut: Vec<u8>,
    bad: BadBytes,
    /// The last line of them.
    bad_line: u64,
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
        let (inner, bad) = (Cursor::new(head).chain(inner), BadBytes::default());
        Ok(Self { inner, hasher, offset, line: 1, cut: Vec::new(), bad, bad_line: 0 })
    }

    /// Returns the hash of the bytes read so far, of the whole file at its end, and those that are not UTF-8.
    pub(super) fn finish(self) -> (Fingerprint, BadBytes) {
        (Fingerprint(self.hasher.finalize().into()), self.bad)
    }

    /// Replaces what is not UTF-8 in the next bytes, and returns how many of them may be delivered: all but the
    /// start of a character whose rest is still to come.
    fn check(&mut self, bytes: &mut [u8], is_end: bool) -> usize {
        let mut done = 0;
        while let Err(error) = std::str::from_utf8(bytes.get(done..).unwrap_or_default()) {
            let start = done + error.valid_up_to();
            let length = match error.error_len() {
                Some(length) => length,
                None if is_end => bytes.len() - start,
                None => {
                    self.cut = bytes.get(start..).unwrap_or_default().to_vec();
                    return self.pass(bytes, start);
                }
            };
            let line = self.line + newlines(bytes.get(..start).unwrap_or_default());
            let place = (bytes.get(start).copied().unwrap_or_default(), self.offset + start as u64);
            self.bad.first.get_or_insert(place);
            if self.bad_line != line {
                self.bad.lines.add(line);
                self.bad_line = line;
            }
            done = start + length;
            bytes.iter_mut().take(done).skip(start).for_each(|byte| *byte = b'?');
        }
        self.pass(bytes, bytes.len())
    }

    fn pass(&mut self, bytes: &[u8], length: usize) -> usize {
        self.line += newlines(bytes.get(..length).unwrap_or_default());
        self.offset += length as u64;
        length
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.len() < LONGEST_CHAR {
            return Err(io::Error::other("the buffer is too small for a character"));
        }
        let mut filled = self.cut.len();
        if let Some(start) = out.get_mut(..filled) {
            start.copy_from_slice(&self.cut);
        }
        self.cut.clear();
        loop {
            let room = out.get_mut(filled..).unwrap_or_default();
            let read = self.inner.read(room)?;
            self.hasher.update(room.get(..read).unwrap_or_default());
            filled += read;
            let is_end = read == 0;
            let good = self.check(out.get_mut(..filled).unwrap_or_default(), is_end);
            if good > 0 || is_end {
                return Ok(good);
            }
            self.cut.clear();
        }
    }
}

/// Returns the number of line feeds.
pub(super) fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
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

    /// Returns the delivered bytes, and those that are not UTF-8.
    fn drain(bytes: &[u8], step: usize) -> (Vec<u8>, BadBytes) {
        let mut input = Input::new(Drops(bytes, step)).unwrap();
        let mut delivered = Vec::new();
        let mut buffer = [0; LONGEST_CHAR];
        loop {
            match input.read(&mut buffer).unwrap() {
                0 => break,
                read => delivered.extend_from_slice(&buffer[..read]),
            }
        }
        let (fingerprint, bad) = input.finish();
        assert_eq!(fingerprint.to_string(), blake3::hash(bytes).to_string());
        (delivered, bad)
    }

    fn bad(byte: u8, offset: u64, lines: &[u64]) -> BadBytes {
        BadBytes { first: Some((byte, offset)), lines: Lines { first: lines.to_vec(), count: lines.len() } }
    }

    #[test]
    fn a_byte_order_mark_is_taken_off_but_hashed_and_counted() {
        assert_eq!(drain(b"\xef\xbb\xbftext\n", 64), (b"text\n".to_vec(), BadBytes::default()));
        assert_eq!(drain(b"\xef\xbb\xbf\xff", 64), (b"?".to_vec(), bad(0xff, 3, &[1])));
    }

    #[test]
    fn bad_bytes_are_replaced_and_named_by_their_lines() {
        assert_eq!(drain(b"one\ntw\xe9 x\n\xff", 64), (b"one\ntw? x\n?".to_vec(), bad(0xe9, 6, &[2, 3])));
    }

    #[test]
    fn a_character_cut_by_the_end_of_the_file_is_bad() {
        let bytes = "a\né".as_bytes();

        assert_eq!(drain(&bytes[..3], 64), (b"a\n?".to_vec(), bad(0xc3, 2, &[2])));
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
                Ok(_) => prop_assert_eq!((delivered, bad), (bytes, BadBytes::default())),
                Err(error) => {
                    let at = error.valid_up_to();
                    prop_assert_eq!(bad.first, Some((bytes[at], at as u64)));
                    prop_assert_eq!(bad.lines.first[0], 1 + newlines(&bytes[..at]));
                    prop_assert!(delivered.starts_with(&bytes[..at]) && delivered.len() == bytes.len());
                    prop_assert!(std::str::from_utf8(&delivered).is_ok());
                }
            }
        }
    }
}
