//! The rows of a text, kept from one frame to the next.
//!
//! All rows of a text are made for each frame and each key. What is longer than a row is laid out once and looked up
//! after that, so that a key in a text of a megabyte costs what it changes. A very long line is laid out in
//! stretches, each as if it were a line of its own:
//!
//! ```text
//! line ──► stretches ──► laid out before, in this width? ── no ──► wrap_source ──► rows
//!                                    └───────────── yes ──────────────────────────────┘
//! ```

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::TextRow;
use crate::text::wrap::wrap_source;

/// The shortest stretch of a line that is cut, in bytes; the longest has twice as many.
const STRETCH: usize = 4 << 10;

/// What was laid out for the last rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Laid {
    columns: u16,
    stretches: HashMap<Box<str>, Arc<[Range<usize>]>>,
}

impl Laid {
    /// Returns all rows of the lines of a text, in areas of this width.
    pub(super) fn rows(&mut self, lines: &[String], columns: u16) -> Vec<TextRow> {
        let mut before = std::mem::take(&mut self.stretches);
        if self.columns != columns {
            before.clear();
            self.columns = columns;
        }
        let mut rows = Vec::with_capacity(lines.len());
        for (line, text) in lines.iter().enumerate() {
            for stretch in stretches(text) {
                let part = &text[stretch.clone()];
                let row = |bytes: &Range<usize>| TextRow {
                    line,
                    bytes: stretch.start + bytes.start..stretch.start + bytes.end,
                };
                // Such a part takes few steps, and there may be very many of them.
                if part.len() <= usize::from(columns) {
                    rows.extend(wrap_source(part, columns.into()).iter().map(row));
                    continue;
                }
                if !self.stretches.contains_key(part) {
                    let (text, laid) = before
                        .remove_entry(part)
                        .unwrap_or_else(|| (part.into(), wrap_source(part, columns.into()).into()));
                    self.stretches.insert(text, laid);
                }
                rows.extend(self.stretches[part].iter().map(row));
            }
        }
        rows
    }
}

/// Cuts a line that is very long behind blanks, so that what is typed into it changes one stretch only.
fn stretches(line: &str) -> impl Iterator<Item = Range<usize>> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let rest = &line.as_bytes()[start..];
        if rest.len() <= 2 * STRETCH {
            next = None;
            return Some(start..line.len());
        }
        let blank = rest[STRETCH..2 * STRETCH].iter().position(|byte| *byte == b' ');
        let mut end = start + blank.map_or(2 * STRETCH, |at| STRETCH + at + 1);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        next = Some(end);
        Some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(lines: &[String], rows: &[TextRow]) -> String {
        rows.iter().map(|row| &lines[row.line][row.bytes.clone()]).collect()
    }

    #[test]
    fn rows_hold_all_bytes_of_lines_of_any_length_and_kind() {
        for piece in ["x", "word ", "日本語", "👩‍👩‍👧 ", "{{ n }} a\t", " ", "e\u{301}"] {
            for times in [0, 1, 7, 3_000, 40_000] {
                let lines = [piece.repeat(times), "end".to_owned()];
                let rows = Laid::default().rows(&lines, 40);
                assert_eq!(joined(&lines, &rows), lines.concat(), "{piece:?} × {times}");
                assert!(rows.len() >= 2);
            }
        }
    }

    #[test]
    fn a_key_lays_out_only_what_it_changes_and_the_rows_are_those_of_a_new_text() {
        let mut lines =
            ["some words and more of them ".repeat(40_000), "a longer line than forty columns, ".repeat(9)];
        let mut laid = Laid::default();
        laid.rows(&lines, 40);
        let before = laid.stretches.clone();
        for at in [500_000, 3, 0] {
            lines[0].insert(at, 'Q');
        }

        let rows = laid.rows(&lines, 40);

        let new = laid.stretches.keys().filter(|text| !before.contains_key(*text)).count();
        assert!((1..=4).contains(&new), "{new}");
        assert_eq!(rows, Laid::default().rows(&lines, 40));
        assert_ne!(laid.rows(&lines, 50), rows, "another width has other rows");
    }

    #[test]
    fn what_stands_no_more_is_forgotten() {
        let mut laid = Laid::default();
        laid.rows(&["word ".repeat(1_000)], 40);
        laid.rows(&[String::new()], 40);
        assert!(laid.stretches.is_empty());
    }
}
