//! Text that is typed, painted with the styles of the theme.
//!
//! The text itself is part of the model and knows no theme. Each character is drawn in its style, and
//! the cell with the cursor in the cursor's. Characters that would hide or reorder others are
//! replaced and marked.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use tui_textarea::TextArea;

use crate::app::text_box::TextBox;
use crate::text::safe::is_clean;
use crate::text::wrap::source_clusters;
use crate::ui::theme::{Slot, Theme};

/// A style for a range of bytes in the lines joined by line breaks.
pub(crate) type Stretch = (Range<usize>, Style);

/// A text of one line, scrolled so that the cursor is visible.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextAreaView<'a> {
    pub(crate) theme: &'a Theme,
    /// The text with its cursor.
    pub(crate) text: &'a TextArea<'static>,
    /// Whether the text area has the focus and shows a cursor.
    pub(crate) focused: bool,
    /// Styles of ranges, sorted and without overlap.
    pub(crate) colours: &'a [Stretch],
    /// Styles painted over `colours`, in any order.
    pub(crate) marks: &'a [Stretch],
}

impl Widget for TextAreaView<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let (Some(line), false) = (self.text.lines().first(), area.is_empty()) else { return };
        let area = Rect { height: 1, ..area };
        let before = line.chars().take(self.text.cursor().1).collect::<String>();
        let column: usize = source_clusters(&before).map(|cluster| cluster.width).sum();
        let left = (column + 1).saturating_sub(area.width.into());
        let paint = Paint { theme: self.theme, colours: self.colours, marks: self.marks };
        paint.ground(area, buf);
        paint.row(line, 0, left, area, buf);
        if self.focused {
            paint.cursor((0, column - left), area, buf);
        }
    }
}

/// A text of several lines, in rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextBoxView<'a> {
    pub(crate) theme: &'a Theme,
    pub(crate) text: &'a TextBox,
    /// Whether the text has the focus and shows a cursor.
    pub(crate) focused: bool,
    /// Styles of ranges, sorted and without overlap.
    pub(crate) colours: &'a [Stretch],
    /// Styles painted over `colours`, in any order.
    pub(crate) marks: &'a [Stretch],
}

impl Widget for TextBoxView<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let visible = self.text.visible(area.width, area.height);
        let starts = line_starts(self.text);
        let paint = Paint { theme: self.theme, colours: self.colours, marks: self.marks };
        paint.ground(area, buf);
        for (row, place) in visible.rows.iter().zip(area.rows()) {
            let text = &self.text.lines()[row.line][row.bytes.clone()];
            paint.row(text, starts[row.line] + row.bytes.start, 0, place, buf);
        }
        if self.focused {
            paint.cursor(visible.cursor, area, buf);
        }
    }
}

/// The styles of a text.
struct Paint<'a> {
    theme: &'a Theme,
    colours: &'a [Stretch],
    marks: &'a [Stretch],
}

impl Paint<'_> {
    fn ground(&self, area: Rect, buf: &mut Buffer) {
        for position in area.positions() {
            buf[position].set_symbol(" ").set_style(self.theme[Slot::Text]);
        }
    }

    /// Draws a row that begins at byte `start` of the whole, without its first `left` columns.
    fn row(&self, text: &str, start: usize, left: usize, area: Rect, buf: &mut Buffer) {
        let mut column = 0;
        for cluster in source_clusters(text) {
            let at = column;
            column += cluster.width;
            let Some(shown) = at.checked_sub(left) else { continue };
            if column - left > usize::from(area.width) {
                break;
            }
            let style = self.style_at(start + cluster.start);
            let x = area.x + u16::try_from(shown).unwrap_or(u16::MAX);
            let cells = u16::try_from(cluster.width).unwrap_or(1);
            for cell in x..x + cells {
                buf[(cell, area.y)].set_style(style);
            }
            if cluster.text != "\t" {
                let cell = &mut buf[(x, area.y)];
                cell.set_symbol(cluster.text);
                clean(cell, self.theme);
                // A wide character covers the cells to its right.
                for covered in x + 1..x + cells {
                    buf[(covered, area.y)].set_symbol(" ");
                }
            }
        }
    }

    /// Returns the style of the character at a byte.
    fn style_at(&self, at: usize) -> Style {
        let after = self.colours.partition_point(|(range, _)| range.end <= at);
        let over = self.colours.get(after).into_iter().chain(self.marks);
        let over = over.filter(|(range, _)| range.contains(&at));
        over.fold(self.theme[Slot::Text], |style, (_, over)| style.patch(*over))
    }

    /// Marks the cell of the cursor, which stays in the area where the row is full.
    fn cursor(&self, (row, column): (usize, usize), area: Rect, buf: &mut Buffer) {
        let within = |place: usize, size: u16| u16::try_from(place).unwrap_or(u16::MAX).min(size - 1);
        let place = (area.x + within(column, area.width), area.y + within(row, area.height));
        buf[place].set_style(self.theme[Slot::Cursor]);
    }
}

/// Returns the byte offset at which each line starts.
fn line_starts(text: &TextArea<'_>) -> Vec<usize> {
    let mut next = 0;
    let start = |line: &String| {
        let start = next;
        next += line.len() + 1;
        start
    };
    text.lines().iter().map(start).collect()
}

/// Replaces characters in a cell that would hide or reorder others, and marks it.
fn clean(cell: &mut Cell, theme: &Theme) {
    if is_clean(cell.symbol()) {
        return;
    }
    let mut kept = String::new();
    for character in cell.symbol().chars() {
        kept.push(character);
        if !is_clean(&kept) {
            kept.pop();
        }
    }
    if kept.is_empty() {
        kept.push('�');
    }
    cell.set_symbol(&kept).set_style(theme[Slot::TemplateError]);
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Modifier};
    use tui_textarea::CursorMove;

    use super::*;
    use crate::ui::testing::text_of;

    fn drawn(text: &TextBox, focused: bool, colours: &[Stretch]) -> Buffer {
        let theme = Theme::mono();
        let rect = Rect::new(0, 0, 8, 4);
        let mut buf = Buffer::empty(rect);
        TextBoxView { theme: &theme, text, focused, colours, marks: &[] }.render(rect, &mut buf);
        buf
    }

    #[test]
    fn a_stretch_is_coloured_where_its_characters_stand_even_when_wrapped() {
        let text = TextBox::new("é日 one two\nthree");
        let red = Style::new().fg(Color::Red);
        let at = text.lines()[0].find("two").unwrap();

        let buf = drawn(&text, false, &[(at..at + 3, red)]);

        let colored: String =
            buf.content.iter().filter(|cell| cell.fg == Color::Red).map(Cell::symbol).collect();
        assert_eq!(text_of(&buf), "é日 one\ntwo\nthree");
        assert_eq!(colored, "two");
    }

    #[test]
    fn there_is_a_cursor_only_where_the_person_types() {
        let mut text = TextBox::new("abc");
        text.move_cursor(CursorMove::End);
        let is_reversed = |buf: &Buffer, x| buf[(x, 0)].modifier.contains(Modifier::REVERSED);

        assert!(is_reversed(&drawn(&text, true, &[]), 3));
        let quiet = drawn(&text, false, &[]);
        assert!(quiet.content.iter().all(|cell| cell.modifier.is_empty()));
        let mut full = TextBox::new("日本語日 ");
        full.move_cursor(CursorMove::End);
        assert!(is_reversed(&drawn(&full, true, &[]), 7), "the cursor stays in the area");
    }

    #[test]
    fn one_line_scrolls_so_that_the_cursor_is_seen() {
        let theme = Theme::mono();
        let mut text = TextBox::new("one 日本 two");
        let mut shown = |to| {
            text.move_cursor(to);
            let rect = Rect::new(0, 0, 8, 2);
            let mut buf = Buffer::empty(rect);
            TextAreaView { theme: &theme, text: &text, focused: true, colours: &[], marks: &[] }
                .render(rect, &mut buf);
            let cursor = (0..8).find(|x| buf[(*x, 0)].modifier.contains(Modifier::REVERSED));
            (text_of(&buf).trim_end().to_owned(), cursor)
        };
        assert_eq!(shown(CursorMove::Head), ("one 日本".to_owned(), Some(0)));
        assert_eq!(shown(CursorMove::End), (" 本 two".to_owned(), Some(7)));
    }

    #[test]
    fn characters_that_turn_or_hide_text_never_reach_the_screen() {
        let buf = drawn(&TextBox::new("a\u{202e}b\u{200b}c\u{7}"), false, &[]);

        assert!(buf.content.iter().all(|cell| is_clean(cell.symbol())));
        assert_eq!(text_of(&buf).trim_end(), "a�b�c�");
    }
}
