//! Text that is longer than its pane: wrapped, scrolled, with a scrollbar on the border.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::scrollbar::Scrollbar;
use crate::text::wrap::wrap_ranges;
use crate::text::{SafeText, found, thousands};
use crate::ui::canvas::put;
use crate::ui::theme::{Slot, Theme};

/// The most bytes of a text that are laid out, which happens for each frame anew.
pub(crate) const LONGEST: usize = 256 << 10;

/// Returns untrusted text as safe lines, none wider than `columns`.
pub(crate) fn wrapped(text: &str, columns: u16, style: Style) -> Vec<Line<'static>> {
    wrapped_up_to(LONGEST, text, columns, style)
}

/// Returns the first bytes of an untrusted text as safe lines, and a line that says how many are left out.
pub(crate) fn wrapped_up_to(most: usize, text: &str, columns: u16, style: Style) -> Vec<Line<'static>> {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    let mut lines = wrapped_with_marks(&text[..end], columns, style, &[], style);
    if end < text.len() {
        let more = format!("… {} more bytes are not shown.", thousands((text.len() - end) as u64));
        lines.extend(wrapped_line(&more, columns, style.add_modifier(Modifier::ITALIC), &[], style));
    }
    lines
}

/// Returns untrusted text as safe lines, none wider than `columns`; the words found in it have the style `mark` too,
/// even where a line breaks within them.
pub(crate) fn wrapped_with_marks(
    text: &str,
    columns: u16,
    style: Style,
    words: &[&str],
    mark: Style,
) -> Vec<Line<'static>> {
    let wrapped =
        |line: SafeText<'_>| wrapped_line(line.as_str(), columns, style, &found(line.as_str(), words), mark);
    SafeText::lines(text).flat_map(wrapped).collect()
}

/// Returns a safe line wrapped, with the style `mark` over some of its bytes.
pub(crate) fn wrapped_line(
    line: &str,
    columns: u16,
    style: Style,
    marks: &[Range<usize>],
    mark: Style,
) -> Vec<Line<'static>> {
    let span = |range: Range<usize>, style| Span::styled(line[range].to_owned(), style);
    let of_piece = |piece: Range<usize>| {
        let mut spans = Vec::new();
        let mut at = piece.start;
        for found in marks.iter().filter(|found| found.start < piece.end && piece.start < found.end) {
            let (start, end) = (found.start.max(piece.start), found.end.min(piece.end));
            spans.extend([span(at..start, style), span(start..end, style.patch(mark))]);
            at = end;
        }
        spans.push(span(at..piece.end, style));
        spans.retain(|span| !span.content.is_empty());
        Line::from(spans)
    };
    wrap_ranges(line, usize::from(columns)).into_iter().map(of_piece).collect()
}

/// Returns a heading within a text.
pub(crate) fn heading(name: &str, theme: &Theme) -> Line<'static> {
    Line::from(Span::styled(name.to_owned(), theme[Slot::Role]))
}

/// Lines to scroll through.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) theme: &'a Theme,
    pub(crate) lines: &'a [Line<'a>],
    /// Number of lines scrolled past, at most up to the last page.
    pub(crate) scroll: usize,
}

impl Reading<'_> {
    /// Draws the visible lines, and a scrollbar on the border of the pane.
    pub(crate) fn draw(self, content: Rect, pane: Rect, buf: &mut Buffer) {
        let height = usize::from(content.height);
        let above = self.scroll.min(self.lines.len().saturating_sub(height));
        for (line, area) in self.lines.iter().skip(above).zip(content.rows()) {
            put(buf, area.x, area.y, area.width, line);
        }
        Scrollbar { theme: self.theme, above, total: self.lines.len() }.draw(pane, buf);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::testing::text_of;

    fn read(text: &str, scroll: usize) -> String {
        let theme = Theme::mono();
        let (pane, content) = (Rect::new(0, 0, 8, 5), Rect::new(1, 1, 6, 3));
        let mut buf = Buffer::empty(pane);
        let lines = wrapped(text, content.width, Style::new());
        Reading { theme: &theme, lines: &lines, scroll }.draw(content, pane, &mut buf);
        text_of(&buf).trim_start_matches('\n').to_owned()
    }

    #[test]
    fn a_text_is_wrapped_and_made_safe() {
        assert_eq!(read("one two\n\u{1b}[2J", 0), " one\n two\n ␛[2J");
    }

    #[test]
    fn of_a_text_that_is_very_long_the_beginning_is_laid_out_and_the_rest_counted() {
        let lines = wrapped_up_to(5, "one ☺☺ two", 20, Style::new());
        assert_eq!(
            lines.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["one", "… 10 more bytes are", "not shown."]
        );
        assert_eq!(wrapped_up_to(5, "one t", 20, Style::new()).len(), 1);
    }

    #[test]
    fn found_words_are_marked_over_the_end_of_a_line() {
        let (text, mark) = (Style::new(), Style::new().bold());
        let lines = wrapped_with_marks("a free entry", 6, text, &["ee en"], mark);
        let marked: Vec<Vec<_>> = lines
            .iter()
            .map(|line| {
                line.spans.iter().filter(|span| span.style == mark).map(|s| s.content.trim()).collect()
            })
            .collect();
        assert_eq!(marked, [vec!["ee"], vec!["en"]]);
        assert_eq!(lines.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a free", "entry"]);
    }

    #[test]
    fn scrolling_stops_at_the_last_line() {
        assert_eq!(read("a\nb\nc\nd", 1), " b\n c     █\n d     █");
        assert_eq!(read("a\nb\nc\nd", 99), read("a\nb\nc\nd", 1));
    }
}
