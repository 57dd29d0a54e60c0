//! Two texts in one, word by word, with what only one of them has between its marks.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::text::SafeText;
use crate::text::word_diff::{Of, WordDiff, WordLine};
use crate::text::wrap::wrap_ranges;
use crate::ui::theme::{Slot, Theme};

/// Returns the style of a piece.
pub(crate) fn style_of(of: Of, theme: &Theme) -> Style {
    match of {
        Of::Both => theme[Slot::Text],
        Of::Before => theme[Slot::Rejected],
        Of::After => theme[Slot::Accepted],
    }
}

/// Returns a text with what came and went since another one; the text itself where they are equal.
pub(crate) fn difference(before: &str, after: &str, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let diff = WordDiff::of(before, after);
    if diff.lines.is_empty() {
        return super::reading::wrapped(after, columns, theme[Slot::Text]);
    }
    let drawn = |line: &WordLine| match line {
        WordLine::Gap => vec![Line::styled("…", theme[Slot::Muted])],
        WordLine::Pieces(pieces) => laid(pieces, Of::marks, columns, theme),
    };
    diff.lines.iter().flat_map(drawn).collect()
}

/// Returns the pieces of a line, wrapped, each between its marks.
pub(crate) fn laid(
    pieces: &[(Of, String)],
    marks: impl Fn(Of) -> (&'static str, &'static str),
    columns: u16,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let (mut text, mut styles) = (String::new(), Vec::new());
    for (of, piece) in pieces {
        let (open, close) = marks(*of);
        let start = text.len();
        text.push_str(open);
        text.push_str(SafeText::new(piece).as_str());
        text.push_str(close);
        styles.push((start..text.len(), style_of(*of, theme)));
    }
    let lines = wrap_ranges(&text, usize::from(columns)).into_iter();
    lines.map(|range| Line::from(styled(&text, &range, &styles))).collect()
}

/// Returns a part of a text in spans of its styles.
fn styled(text: &str, part: &Range<usize>, styles: &[(Range<usize>, Style)]) -> Vec<Span<'static>> {
    let within = |(range, style): &(Range<usize>, Style)| {
        let range = range.start.max(part.start)..range.end.min(part.end);
        let words = text.get(range).filter(|words| !words.is_empty())?;
        Some(Span::styled(words.to_owned(), *style))
    };
    styles.iter().filter_map(within).collect()
}
