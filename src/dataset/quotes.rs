//! Finds quotes that a parser of tables would take without a word.
//!
//! The csv crate follows a quote that opens a cell to the next one, wherever that is, and takes what
//! follows it as text. So a quote too many swallows lines, or leaves quotes out. This watch goes from
//! quote to quote, and notes the first one that is closed in the middle of a cell.

use std::io::{self, BufRead};

use memchr::{memchr_iter, memchr2};

use crate::domain::Quotes;

/// A quote that is closed in the middle of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stray {
    /// The position of the quote that opens the cell.
    pub(super) opened: u64,
    /// Whether a backslash is before the quote that closes.
    pub(super) backslash: bool,
}

/// Follows the quotes of a table, piece by piece.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that was seen, and all combinations occur"
)]
pub(super) struct Watch {
    separator: u8,
    /// The position of the quote that opened the present cell.
    inside: Option<u64>,
    /// Whether the last byte of the last piece is a quote inside a cell: it closes it, or is the first of two.
    is_half: bool,
    /// The last byte of the last piece.
    last: u8,
    /// Whether a backslash is before the last quote inside a cell.
    backslash: bool,
    stray: Option<Stray>,
    /// The cells that were opened and closed.
    cells: usize,
    /// How many of them hold what has to be quoted: a quote, a separator or a line break.
    needed: usize,
    /// Whether the present cell does.
    needs: bool,
    /// Whether separators inside cells are looked for.
    is_survey: bool,
}

impl Watch {
    /// Begins at the start of a file.
    pub(super) const fn new(separator: u8) -> Self {
        Self {
            separator,
            inside: None,
            is_half: false,
            last: b'\n',
            backslash: false,
            stray: None,
            cells: 0,
            needed: 0,
            needs: false,
            is_survey: false,
        }
    }

    /// Returns the first quote that is closed in the middle of a cell.
    pub(super) const fn stray(&self) -> Option<Stray> {
        self.stray
    }

    /// Returns the position of the quote that is open.
    pub(super) const fn open(&self) -> Option<u64> {
        self.inside
    }

    /// Follows the next piece, whose position in the file is `start`.
    pub(super) fn follow(&mut self, start: u64, bytes: &[u8]) {
        let Some(last) = bytes.last() else { return };
        let mut skip = 0;
        if std::mem::take(&mut self.is_half) {
            skip = self.end_quote(bytes.first(), 0);
        }
        for at in memchr_iter(b'"', bytes) {
            if at < skip {
                continue;
            }
            let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied().unwrap_or(self.last);
            if self.inside.is_none() {
                if before == self.separator || matches!(before, b'\n' | b'\r') {
                    self.inside = Some(start + at as u64);
                    self.needs = false;
                }
                continue;
            }
            self.backslash = before == b'\\';
            if self.is_survey && !self.needs {
                let from = self.inside.unwrap_or(start).saturating_sub(start);
                let cell =
                    usize::try_from(from).ok().and_then(|from| bytes.get(from..at)).unwrap_or_default();
                self.needs = memchr2(self.separator, b'\r', cell).is_some();
            }
            match bytes.get(at + 1) {
                None => self.is_half = true,
                next => skip = self.end_quote(next, at + 1),
            }
        }
        self.last = *last;
    }

    /// Takes the byte behind a quote inside a cell, and returns from where to go on.
    fn end_quote(&mut self, next: Option<&u8>, at: usize) -> usize {
        if next == Some(&b'"') {
            self.needs = true;
            return at + 1;
        }
        if let Some(opened) = self.inside.take() {
            let ends = next.is_none_or(|next| *next == self.separator || matches!(next, b'\n' | b'\r'));
            if !ends {
                self.stray.get_or_insert(Stray { opened, backslash: self.backslash });
            }
            self.cells += 1;
            self.needed += usize::from(self.needs);
        }
        at
    }
}

/// What the quotes of a table seem to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Survey {
    /// How to read them.
    pub(super) quotes: Quotes,
    /// How many cells begin and end with a quote.
    pub(super) cells: usize,
}

/// Reads a whole table whose cells are parted by tabs, and finds out what its quotes mean.
///
/// Quotes hold cells together where each cell that opens with one is closed at its end, and either all of
/// those cells need it, as programs write that quote no others, or there is one in each row. Where every
/// line has all of its cells if quotes mean nothing, a cell over several lines is no cell.
pub(super) fn survey(mut file: impl BufRead, separator: u8) -> io::Result<Survey> {
    let mut watch = Watch { is_survey: true, ..Watch::new(separator) };
    let (mut start, mut lines, mut columns) = (0, 0, None);
    let (mut is_even, mut has_break) = (true, false);
    let mut line = Vec::new();
    while file.read_until(b'\n', &mut line)? > 0 {
        let text = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| start == 0).unwrap_or(&line);
        watch.follow(start, text);
        if watch.inside.is_some() && text.ends_with(b"\n") {
            (watch.needs, has_break) = (true, true);
        }
        let separators = memchr_iter(separator, text).count();
        if !text.trim_ascii().is_empty() {
            lines += 1;
            is_even &= *columns.get_or_insert(separators) == separators;
        }
        start += line.len() as u64;
        line.clear();
    }
    if watch.is_half {
        watch.end_quote(None, 0);
    }
    let is_sound = watch.stray.is_none() && watch.inside.is_none() && watch.cells > 0;
    let is_meant = watch.needed == watch.cells || watch.cells + 1 >= lines;
    let is_csv = is_sound && is_meant && !(has_break && is_even);
    Ok(Survey { quotes: if is_csv { Quotes::Csv } else { Quotes::None }, cells: watch.cells })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stray(bytes: &str, piece: usize) -> Option<u64> {
        let mut watch = Watch::new(b',');
        let mut start = 0;
        for piece in bytes.as_bytes().chunks(piece) {
            watch.follow(start, piece);
            start += piece.len() as u64;
        }
        watch.stray().map(|stray| stray.opened)
    }

    fn meaning(table: &str) -> Quotes {
        survey(table.as_bytes(), b'\t').unwrap().quotes
    }

    #[test]
    fn a_quote_closed_in_the_middle_of_a_cell_is_found_however_the_bytes_come() {
        for (bytes, found) in [
            ("a,\"b \"\"c\"\"\",d\n", None),
            ("a,6\" pipe,d\n", None),
            ("a,\"b\"\r\n\"\",\"\"\"\"\n", None),
            ("a,\"b\" c,d\n", Some(2)),
            ("a,\"b \\\"c\\\"\",d\n", Some(2)),
            ("x,\"open\na,b\n\"c\",d\n", Some(2)),
        ] {
            for piece in 1..12 {
                assert_eq!(stray(bytes, piece), found, "{bytes:?} by {piece}");
            }
        }
    }

    #[test]
    fn quotes_that_programs_write_hold_cells_together() {
        for table in [
            "text\tlabel\n\"He said \"\"no\"\"\"\tx\nplain\ty\n",
            "text\tlabel\n\"one\ntwo\"\tx\nplain\ty\n",
            "text\tlabel\n\"one\ttwo\"\tx\nplain\ty\n",
            "text\tlabel\n\"one\rtwo\"\tx\n\"three\tfour\"\tx\nplain\ty\n",
            "\u{feff}\"text\"\t\"label\"\r\n\"one\"\t\"x\"\r\n\"two\"\t\"y\"",
            "id\ttext\n1\t\"one\"\n2\t\"two\"\n",
        ] {
            assert_eq!(meaning(table), Quotes::Csv, "{table:?}");
        }
    }

    #[test]
    fn quotes_that_people_write_are_characters() {
        for table in [
            "text\tlabel\nno quotes\tx\n",
            "text\tlabel\n\"oh\tx\nplain\ty\n",
            "text\tlabel\n\"oh\tx\nplain\ty\nhe went \"\"\tz\n",
            "text\tlabel\n\"oh\tx\nplain\ty\nall \"said\"\tz\n",
            "text\tlabel\n\"oh\tx\nplain\ty\nwent\"\tz\n",
            "text\tlabel\n\"Yes\" he said\tx\n\"He said \"\"no\"\"\"\ty\n",
            "text\tlabel\n\"Oh no\"\tx\nplain\ty\nplain\ty\n",
        ] {
            assert_eq!(meaning(table), Quotes::None, "{table:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_quoted_where_it_must_be_is_known_as_quoted(
            texts in prop::collection::vec("[a\"\t\n ]{1,6}", 1..8),
        ) {
            let mut writer = csv::WriterBuilder::new().delimiter(b'\t').from_writer(Vec::new());
            writer.write_record(["text", "label"]).unwrap();
            for text in &texts {
                writer.write_record([text.as_str(), "x"]).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let table = String::from_utf8(bytes).unwrap();
            let is_needed = texts.iter().any(|text| text.contains(['"', '\t', '\n']));
            let is_even = table.lines().filter(|line| !line.trim().is_empty()).all(|line| line.matches('\t').count() == 1);

            if is_needed && !is_even {
                prop_assert_eq!(meaning(&table), Quotes::Csv);
            }
        }
    }
}
