//! Errors of a template, with their place and a sentence for the person.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// One error of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Diagnostic {
    /// A full sentence for the person.
    pub message: String,
    /// The bytes of the source that it is about, on character boundaries; empty only if the source is.
    pub range: Range<usize>,
    /// The line where the range starts, from 1.
    pub line: usize,
    /// The column where the range starts, in characters, from 1.
    pub column: usize,
}

impl Diagnostic {
    /// Creates an error; the range is fitted to whole characters inside the source.
    pub(crate) fn error(source: &str, range: Range<usize>, message: impl Into<String>) -> Self {
        let range = whole_characters(source, range);
        let message = shortened(message.into());
        let before = &source[..range.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            message,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            range,
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

/// Why a template could not be rendered.
///
/// There is one kind only, because every caller shows the diagnostic at its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{diagnostic}")]
pub(crate) struct TemplateError {
    /// The error, with its place.
    pub diagnostic: Diagnostic,
}

impl From<Diagnostic> for TemplateError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostic }
    }
}

/// The longest sentence, in characters.
const LONGEST: usize = 600;

/// Leaves out the middle of a sentence that quotes too much of a template.
fn shortened(message: String) -> String {
    let length = message.chars().count();
    if length <= LONGEST {
        return message;
    }
    let half = (LONGEST - 3) / 2;
    let (start, end) = (message.chars().take(half), message.chars().skip(length - half));
    start.chain(" … ".chars()).chain(end).collect()
}

/// Clamps a range to the source and widens it to whole characters, at least one unless the source is empty.
fn whole_characters(source: &str, range: Range<usize>) -> Range<usize> {
    let mut start = range.start.min(source.len());
    if start == source.len() {
        // The end of the text has no character to point at: point at the last one.
        start = source.char_indices().next_back().map_or(0, |(index, _)| index);
    }
    while !source.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = range.end.clamp(start, source.len());
    if end == start {
        end = source[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    }
    while !source.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one_and_columns_count_characters() {
        let source = "é\nüü{{ x }}";
        let at = source.find('x').unwrap();

        let diagnostic = Diagnostic::error(source, at..at + 1, "No.");

        assert_eq!((diagnostic.line, diagnostic.column), (2, 6));
        assert_eq!(&source[diagnostic.range.clone()], "x");
        assert_eq!(diagnostic.to_string(), "line 2, column 6: No.");
    }

    #[test]
    fn a_sentence_that_quotes_too_much_keeps_its_start_and_its_end() {
        let message = format!("There is no `{}` here; write `x`.", "é".repeat(100_000));

        let shown = Diagnostic::error("a", 0..1, message).message;

        assert!(shown.chars().count() <= LONGEST);
        assert!(shown.starts_with("There is no `é") && shown.ends_with("é` here; write `x`."), "{shown}");
    }

    #[test]
    fn a_range_past_the_end_points_at_the_last_character() {
        let diagnostic = Diagnostic::error("aé", 7..9, "No.");

        assert_eq!((diagnostic.range, diagnostic.column), (1..3, 2));
    }

    #[test]
    fn a_range_inside_a_character_is_widened_to_it() {
        assert_eq!(Diagnostic::error("aéb", 2..2, "No.").range, 1..3);
        assert_eq!(Diagnostic::error("aéb", 0..2, "No.").range, 0..3);
    }

    #[test]
    fn an_empty_source_gives_an_empty_range_on_line_one() {
        let diagnostic = Diagnostic::error("", 0..1, "No.");

        assert_eq!((diagnostic.range, diagnostic.line, diagnostic.column), (0..0, 1, 1));
    }
}
