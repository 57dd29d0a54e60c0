//! Finds the rows of a reply while it is being received.
//!
//! A scanner takes the reply's bytes, split anywhere, and reports the byte range of a row as soon as its
//! closing brace has come. It only counts braces and quotes; [`reply`](super::reply) parses the content.
//! Rows are objects in an array, wherever that is; an object outside any array is itself a row unless rows
//! were found in it:
//!
//! ```text
//! {"rows": [{…}, {…}]}    [{…}, {…}]    {…}⏎{…}    Sure! ```json⏎{…}⏎```
//!           └row┘ └row┘    └row┘ └row┘   row  row                row
//! ```
//!
//! Prose between values is skipped: a bracket counts only if the text after it can be JSON.

use std::ops::Range;

/// A completed piece of the reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// An object that may be a row.
    Row(Range<usize>),
    /// A top-level object or array in which no row was found.
    Whole(Range<usize>),
    /// A piece whose brackets do not match.
    Spoilt(Range<usize>),
}

/// The most nested brackets; rows have few, and deeper pieces are discarded as `Spoilt`.
const DEEPEST: usize = 64;

/// Scans a reply that comes in chunks.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    text: Vec<u8>,
    open: Vec<Open>,
    string: StringState,
    /// A top-level bracket, until the next byte tells whether it begins JSON.
    doubtful: Option<usize>,
    /// Whether a row was found since the outermost bracket opened.
    found: bool,
}

/// An open bracket.
#[derive(Debug, Clone, Copy)]
struct Open {
    bracket: u8,
    start: usize,
    /// Whether it is a row: an object in an array, but not inside another row.
    row: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum StringState {
    #[default]
    Outside,
    Inside,
    AfterBackslash,
}

impl Scanner {
    /// Creates a scanner of an empty reply.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds the next bytes and returns the pieces that they complete, in order.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut rest = bytes;
        while let Some((&byte, behind)) = rest.split_first() {
            if self.string == StringState::Inside {
                // Most of a reply is inside strings, which are skipped in one step.
                let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(rest.len());
                if end > 0 {
                    self.text.extend_from_slice(&rest[..end]);
                    rest = &rest[end..];
                    continue;
                }
            }
            rest = behind;
            let at = self.text.len();
            self.text.push(byte);
            match self.string {
                StringState::AfterBackslash => self.string = StringState::Inside,
                StringState::Inside => match byte {
                    b'"' => self.string = StringState::Outside,
                    b'\\' => self.string = StringState::AfterBackslash,
                    _ => {}
                },
                StringState::Outside => pieces.extend(self.step(byte, at)),
            }
        }
        pieces
    }

    /// Returns the reply so far.
    #[must_use]
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Returns the unfinished piece: the current row, or else everything since the outermost bracket.
    ///
    /// Brackets that only hold rows already found are not left over.
    #[must_use]
    pub(crate) fn left_over(&self) -> Option<Range<usize>> {
        let row = self.open.iter().find(|open| open.row);
        let outermost = self.open.first().filter(|_| !self.found);
        row.or(outermost).map(|open| open.start..self.text.len())
    }

    fn step(&mut self, byte: u8, at: usize) -> Option<Piece> {
        if self.open.is_empty() {
            self.step_outside(byte, at);
            return None;
        }
        match byte {
            b'"' => self.string = StringState::Inside,
            b'{' | b'[' if self.open.len() >= DEEPEST => return Some(self.spoilt(at)),
            b'{' | b'[' => self.push(byte, at),
            b'}' | b']' => return self.close(byte, at),
            _ => {}
        }
        None
    }

    /// Handles a byte of prose, where only a bracket that begins JSON matters.
    fn step_outside(&mut self, byte: u8, at: usize) {
        if byte.is_ascii_whitespace() {
            return;
        }
        let Some(start) = self.doubtful.take() else {
            self.doubtful = matches!(byte, b'{' | b'[').then_some(at);
            return;
        };
        let bracket = self.text[start];
        let opens = if bracket == b'{' { byte == b'"' } else { matches!(byte, b'{' | b'[' | b'"') };
        if !opens {
            self.doubtful = matches!(byte, b'{' | b'[').then_some(at);
            return;
        }
        self.found = false;
        self.push(bracket, start);
        if byte == b'"' {
            self.string = StringState::Inside;
        } else {
            self.push(byte, at);
        }
    }

    fn push(&mut self, bracket: u8, start: usize) {
        let in_array = self.open.last().is_some_and(|open| open.bracket == b'[');
        let row = bracket == b'{' && in_array && !self.open.iter().any(|open| open.row);
        self.open.push(Open { bracket, start, row });
    }

    fn close(&mut self, byte: u8, at: usize) -> Option<Piece> {
        let open = self.open.pop()?;
        let matching = if open.bracket == b'{' { b'}' } else { b']' };
        if byte != matching {
            self.open.push(open);
            return Some(self.spoilt(at));
        }
        if open.row {
            self.found = true;
            return Some(Piece::Row(open.start..at + 1));
        }
        let whole = self.open.is_empty() && !self.found;
        whole.then_some(Piece::Whole(open.start..at + 1))
    }

    /// Discards the current row, or everything since the outermost bracket.
    fn spoilt(&mut self, at: usize) -> Piece {
        let start =
            self.open.iter().find(|open| open.row).or(self.open.first()).map_or(at, |open| open.start);
        self.open.clear();
        Piece::Spoilt(start..at + 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        let mut scanner = Scanner::new();
        let pieces = scanner.feed(text.as_bytes());
        let show = |piece: &Piece| match piece {
            Piece::Row(range) => format!("row {}", &text[range.clone()]),
            Piece::Whole(range) => format!("whole {}", &text[range.clone()]),
            Piece::Spoilt(range) => format!("spoilt {}", &text[range.clone()]),
        };
        pieces.iter().map(show).collect()
    }

    #[test]
    fn rows_are_found_in_a_wrapper_in_a_bare_array_and_line_by_line() {
        assert_eq!(
            pieces(r#"{"rows":[{"text":"a"},{"text":"b"}]}"#),
            [r#"row {"text":"a"}"#, r#"row {"text":"b"}"#]
        );
        assert_eq!(pieces(r#"[ {"text":"a"} ]"#), [r#"row {"text":"a"}"#]);
        assert_eq!(
            pieces("{\"text\":\"a\"}\n{\"text\":\"b\"}"),
            [r#"whole {"text":"a"}"#, r#"whole {"text":"b"}"#]
        );
        assert_eq!(pieces(r#"["a","b"]"#), [r#"whole ["a","b"]"#]);
    }

    #[test]
    fn prose_and_fences_around_json_are_passed_over() {
        let text = "Sure, here's [what] {{ n }} \"you asked:\n```json\n[{\"text\":\"a\"}]\n```\nBye [1] {x}";

        assert_eq!(pieces(text), [r#"row {"text":"a"}"#]);
    }

    #[test]
    fn brackets_and_quotes_inside_a_string_count_for_nothing() {
        assert_eq!(pieces(r#"[{"text":"a \" } ] [ { \\"}]"#), [r#"row {"text":"a \" } ] [ { \\"}"#]);
    }

    #[test]
    fn what_is_nested_in_a_row_is_no_row_of_its_own() {
        assert_eq!(
            pieces(r#"[{"text":"a","more":[{"x":1}],"y":{}}]"#),
            [r#"row {"text":"a","more":[{"x":1}],"y":{}}"#]
        );
    }

    #[test]
    fn brackets_that_do_not_match_spoil_their_row_and_what_follows_is_found() {
        assert_eq!(
            pieces("[{\"text\":\"a\"]]\n{\"text\":\"b\"}"),
            [r#"spoilt {"text":"a"]"#, r#"whole {"text":"b"}"#]
        );
    }

    #[test]
    fn a_row_under_way_is_left_over_and_an_open_wrapper_is_not() {
        let left_over = |text: &str| {
            let mut scanner = Scanner::new();
            scanner.feed(text.as_bytes());
            scanner.left_over().map(|range| text[range].to_owned())
        };

        assert_eq!(left_over(r#"{"rows":[{"text":"a"},{"text":"b"#), Some(r#"{"text":"b"#.into()));
        assert_eq!(left_over(r#"{"rows":[{"text":"a"},"#), None);
        assert_eq!(left_over(r#"{"rows":["a","b"#), Some(r#"{"rows":["a","b"#.into()));
    }

    #[test]
    fn brackets_without_end_are_given_up() {
        let pieces = pieces(&"[[".repeat(500));

        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.starts_with("spoilt [[")));
    }

    proptest! {
        #[test]
        fn a_split_at_every_place_gives_what_the_whole_gives(
            texts in prop::collection::vec(".{0,12}", 0..4),
            shape in 0..4,
            cuts in prop::collection::vec(0_usize..400, 0..6),
        ) {
            let rows: Vec<String> =
                texts.iter().map(|text| serde_json::json!({ "text": text }).to_string()).collect();
            let reply = match shape {
                0 => format!("{{\"rows\":[{}]}}", rows.join(",")),
                1 => format!("[{}]", rows.join(" , ")),
                2 => rows.join("\n"),
                _ => format!("So:\n```json\n[{}]\n```", rows.join(",")),
            };
            let bytes = reply.as_bytes();
            let whole = Scanner::new().feed(bytes);
            prop_assert_eq!(whole.iter().filter(|piece| !matches!(piece, Piece::Whole(_)) || shape == 2).count(),
                rows.len());
            let everywhere: Vec<usize> = (0..bytes.len()).collect();
            let mut some = cuts;
            some.sort_unstable();
            for cuts in [everywhere, some] {
                let mut scanner = Scanner::new();
                let mut found = Vec::new();
                let mut start = 0;
                for cut in cuts {
                    let cut = cut.clamp(start, bytes.len());
                    found.extend(scanner.feed(&bytes[start..cut]));
                    start = cut;
                }
                found.extend(scanner.feed(&bytes[start..]));
                prop_assert_eq!(&found, &whole);
                prop_assert_eq!(scanner.text(), bytes);
            }
        }
    }
}
