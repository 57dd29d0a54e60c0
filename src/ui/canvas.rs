//! Puts text into cells: made safe, cut to fit, positioned.
//!
//! Text from outside enters a line only through [`outside`] and [`cut`], which make it safe; the
//! program's own texts are plain spans. Widths are counted in columns of cells, so a wide character
//! never moves what is to the right of it.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::text::{SafeText, found, is_plain, truncate, width};
use crate::ui::theme::{Slot, Theme};

/// The most bytes of one text that are read for one line; no screen is wider.
const LONGEST: usize = 8192;

/// Returns a text from outside as a span on one line.
pub(crate) fn outside(text: &str, style: Style) -> Span<'_> {
    Span::styled(SafeText::one_line(head(text)).into_inner(), style)
}

/// Returns a text from outside on one line, cut to at most `columns` with `…`.
pub(crate) fn cut(text: &str, columns: usize, style: Style) -> Span<'_> {
    let safe = SafeText::one_line(head(text)).into_inner();
    match truncate(&safe, columns) {
        shorter if shorter.len() != safe.len() => Span::styled(shorter.into_owned(), style),
        _ => Span::styled(safe, style),
    }
}

/// Splits a span so that the words found in it have a style of their own over its style.
pub(crate) fn marked<'a>(span: Span<'a>, words: &[&str], style: Style) -> Vec<Span<'a>> {
    let found = found(&span.content, words);
    if found.is_empty() {
        return vec![span];
    }
    let mut spans = Vec::new();
    let mut at = 0;
    for range in found {
        spans.push(Span::styled(span.content[at..range.start].to_owned(), span.style));
        at = range.end;
        spans.push(Span::styled(span.content[range].to_owned(), span.style.patch(style)));
    }
    spans.push(Span::styled(span.content[at..].to_owned(), span.style));
    spans.retain(|span| !span.content.is_empty());
    spans
}

fn head(text: &str) -> &str {
    &text[..boundary_at(text, LONGEST)]
}

/// Returns the last character boundary at or before a byte.
pub(crate) fn boundary_at(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Returns how many columns a line takes.
pub(crate) fn line_width(line: &Line<'_>) -> usize {
    line.spans.iter().map(|span| width(&span.content)).sum()
}

/// Writes a line at a position, at most `columns` wide, and returns the column after it.
///
/// A wider line ends in `…`.
pub(crate) fn put(buf: &mut Buffer, x: u16, y: u16, columns: u16, line: &Line<'_>) -> u16 {
    if !buf.area.contains((x, y).into()) {
        return x;
    }
    let end = x.saturating_add(columns).min(buf.area.right());
    let mut room = usize::from(end - x);
    let is_cut = line_width(line) > room;
    let mut at = x;
    for span in &line.spans {
        let style = line.style.patch(span.style);
        let wide = width(&span.content);
        if is_cut && wide >= room {
            // Another span follows, or this one is too wide: put the ellipsis here.
            let text = format!("{}…", span.content);
            return write(buf, at, y, &truncate(&text, room), room, style);
        }
        at = write(buf, at, y, &span.content, room, style);
        room = usize::from(end.saturating_sub(at));
    }
    at
}

/// Writes a text at a position, at most `room` columns wide, and returns the column after it.
fn write(buf: &mut Buffer, x: u16, y: u16, text: &str, room: usize, style: Style) -> u16 {
    if !is_plain(text) {
        return buf.set_stringn(x, y, text, room, style).0;
    }
    // A frame is mostly plain text, with one column for each character, which needs no
    // segmentation.
    let mut end = x;
    for (column, character) in (x..buf.area.right()).take(room).zip(text.chars()) {
        buf[(column, y)].set_char(character).set_style(style);
        end = column + 1;
    }
    end
}

/// Writes a line so that it ends before the column `right`, and returns its first column.
pub(crate) fn put_right(buf: &mut Buffer, right: u16, y: u16, columns: u16, line: &Line<'_>) -> u16 {
    let wide = u16::try_from(line_width(line)).unwrap_or(u16::MAX).min(columns).min(right);
    put(buf, right - wide, y, wide, line);
    right - wide
}

/// Returns the line of a list as the selected one: over all its columns, with `▌` in the place of its first span.
pub(crate) fn selected_line<'a>(mut line: Line<'a>, columns: u16, theme: &Theme) -> Line<'a> {
    line.push_span(" ".repeat(usize::from(columns).saturating_sub(line_width(&line))));
    line = line.patch_style(theme[Slot::Selected]);
    line.spans[0] = Span::styled("▌", theme[Slot::Marker]);
    line
}

/// Returns the first line that fits, else the last one.
pub(crate) fn fitting(lines: Vec<Line<'_>>, columns: usize) -> Line<'_> {
    let place = lines.iter().position(|line| line_width(line) <= columns);
    let last = lines.len().saturating_sub(1);
    lines.into_iter().nth(place.unwrap_or(last)).unwrap_or_default()
}

/// Blanks an area and gives it a style.
pub(crate) fn clear(buf: &mut Buffer, area: Rect, style: Style) {
    let mut blank = Cell::EMPTY;
    blank.set_style(style);
    for row in area.intersection(buf.area).rows().filter(|row| !row.is_empty()) {
        let first = buf.index_of(row.x, row.y);
        buf.content[first..first + usize::from(row.width)].fill(blank.clone());
    }
}

/// Returns an area without its first `top` rows.
pub(crate) fn below(area: Rect, top: u16) -> Rect {
    let top = top.min(area.height);
    Rect { y: area.y + top, height: area.height - top, ..area }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::testing::text_of;

    fn drawn(columns: u16, line: &Line<'_>) -> (String, u16) {
        let mut buf = Buffer::empty(Rect::new(0, 0, 12, 1));
        let end = put(&mut buf, 0, 0, columns, line);
        (text_of(&buf), end)
    }

    #[test]
    fn a_line_that_fits_is_drawn_whole() {
        assert_eq!(drawn(5, &Line::from(vec![Span::raw("ab"), Span::raw("cde")])), ("abcde".into(), 5));
    }

    #[test]
    fn a_line_that_is_too_wide_ends_in_an_ellipsis() {
        assert_eq!(drawn(4, &Line::from(vec![Span::raw("ab"), Span::raw("cde")])), ("abc…".into(), 4));
        assert_eq!(drawn(2, &Line::from(vec![Span::raw("ab"), Span::raw("cde")])), ("a…".into(), 2));
        assert_eq!(drawn(4, &Line::from("日本語")), ("日…".into(), 3));
        assert_eq!(drawn(0, &Line::from("ab")), (String::new(), 0));
    }

    #[test]
    fn what_lies_outside_of_the_screen_is_not_drawn() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 3, 1));

        assert_eq!(put(&mut buf, 0, 5, 3, &Line::from("abc")), 0);
        assert_eq!(put(&mut buf, 1, 0, 99, &Line::from("abc")), 3);
        assert_eq!(text_of(&buf), " a…");
    }

    #[test]
    fn text_from_outside_is_made_safe_and_cut() {
        assert_eq!(outside("a\u{1b}[2J\nb", Style::new()).content, "a␛[2J ⏎ b");
        assert_eq!(cut("free  entry", 6, Style::new()).content, "free…");
        assert_eq!(cut("日本語", 6, Style::new()).content, "日本語");
        assert_eq!(width(&cut(&"語".repeat(100_000), 9, Style::new()).content), 9);
    }

    #[test]
    fn the_widest_line_that_fits_is_taken_and_the_last_one_where_none_does() {
        let lines = || vec![Line::from("abcdef"), Line::from("abc"), Line::from("ab")];

        assert_eq!(fitting(lines(), 4).to_string(), "abc");
        assert_eq!(fitting(lines(), 1).to_string(), "ab");
    }
}
