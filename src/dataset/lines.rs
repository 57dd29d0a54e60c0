//! Finds the line of the file where a record of a table starts.
//!
//! The csv crate miscounts lines: it stops counting between the `\r` and the `\n` of a line
//! end, and adds the blank lines before a record to it. This reader is between file and crate
//! and remembers where line feeds are, so that the line is known once a record has been parsed.
//!
//! It also watches the quotes, whose strays the crate takes without a word, and appends two line feeds to the file. Whatever state the parser is in, the first of them
//! ends a record; only inside an open quote are both read as text.

use std::collections::VecDeque;
use std::io::{self, Read};

use super::quotes::Watch;

/// Reads a file and two more line feeds, and remembers where lines end.
pub(super) struct Lines<R> {
    inner: R,
    /// How many bytes were delivered.
    delivered: u64,
    /// The positions of the line feeds after the last record.
    feeds: VecDeque<u64>,
    /// The number of line feeds before the end of the last record.
    passed: u64,
    /// How many of the two appended line feeds are not delivered yet.
    to_add: u8,
    /// Follows the quotes, where they hold cells together.
    watch: Option<Watch>,
}

impl<R> Lines<R> {
    /// Wraps a reader, which must be at its start.
    pub(super) fn new(inner: R, watch: Option<Watch>) -> Self {
        Self { inner, delivered: 0, feeds: VecDeque::new(), passed: 0, to_add: 2, watch }
    }

    /// Returns whether a record that ends before the byte `end` includes an appended line feed.
    pub(super) fn is_past_end(&self, end: u64) -> bool {
        self.to_add == 0 && end == self.delivered
    }

    /// Returns the line, from 1, where a record starts.
    ///
    /// `end` is the position after the record, `inside` the number of line feeds in its
    /// fields. It must be called for each record, in order.
    pub(super) fn start_of(&mut self, end: u64, inside: u64) -> u64 {
        // A line feed at the very end is the record's own; before a `\n`, a `\r` ends it.
        let own = if self.is_past_end(end) { end } else { end.saturating_sub(1) };
        while self.feeds.front().is_some_and(|feed| *feed < own) {
            self.feeds.pop_front();
            self.passed += 1;
        }
        1 + self.passed - inside.min(self.passed)
    }

    /// Returns the watch over the quotes, where they hold cells together.
    pub(super) const fn watch(&self) -> Option<&Watch> {
        self.watch.as_ref()
    }

    /// Returns the line, from 1, of a position that no record before the last one has passed.
    pub(super) fn line_of(&self, position: u64) -> u64 {
        1 + self.passed + self.feeds.partition_point(|feed| *feed < position) as u64
    }

    /// Returns the wrapped reader.
    pub(super) fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut read = self.inner.read(out)?;
        if let (0, Some(first), true) = (read, out.first_mut(), self.to_add > 0) {
            *first = b'\n';
            self.to_add -= 1;
            read = 1;
        }
        let bytes = out.get(..read).unwrap_or_default();
        self.feeds.extend(memchr::memchr_iter(b'\n', bytes).map(|at| self.delivered + at as u64));
        if let Some(watch) = &mut self.watch {
            watch.follow(self.delivered, bytes);
        }
        self.delivered += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_starts_after_the_lines_before_it_and_the_blank_ones() {
        // Records end after "ab\r", after "\n\n\"c\nd\"\n" and after the first line feed added.
        let mut lines = Lines::new(b"ab\r\n\n\"c\nd\"\ne".as_slice(), None);
        let mut bytes = Vec::new();
        lines.read_to_end(&mut bytes).unwrap();

        assert_eq!(bytes, b"ab\r\n\n\"c\nd\"\ne\n\n");
        assert_eq!([lines.start_of(3, 0), lines.start_of(11, 1), lines.start_of(13, 0)], [1, 3, 5]);
        assert_eq!([lines.is_past_end(13), lines.is_past_end(14)], [false, true]);
    }
}
