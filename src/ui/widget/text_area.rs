//! A text area, painted with the styles of the theme.
//!
//! The text area itself is part of the model and knows no theme. After it has drawn its text, each
//! cell gets the style of the character that it shows, and the cursor its own. Characters that
//! would hide or reorder others are replaced in the cell and marked.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;
use tui_textarea::TextArea;

use crate::text::safe::is_clean;
use crate::ui::theme::{Slot, Theme};

/// A style for a range of bytes in the lines joined by line breaks.
pub(crate) type Stretch = (Range<usize>, Style);

/// A text area with its styles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextAreaView<'a> {
    pub(crate) theme: &'a Theme,
    /// The text with its cursor and scroll position.
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
        if area.is_empty() {
            return;
        }
        self.text.render(area, buf);
        let (top, left) = self.text.scroll_offset();
        let mut places = Places { text: self.text, starts: line_starts(self.text), line: None };
        for line in area.rows() {
            let row = usize::from(top + line.y - area.y);
            let is_plain = !places.line_bytes(row, usize::from(left)).is_some_and(|line| self.colours(&line));
            for position in line.positions() {
                let column = usize::from(left + position.x - area.x);
                let at = if is_plain { None } else { places.byte_at(row, column) };
                self.paint(at, &mut buf[position]);
            }
        }
        if self.focused
            && let Some(position) = self.cursor(area, top, left)
        {
            buf[position].set_style(self.theme[Slot::Cursor]);
        }
    }
}

impl TextAreaView<'_> {
    /// Returns whether any style applies to these bytes.
    fn colours(&self, bytes: &Range<usize>) -> bool {
        let lies_on = |(range, _): &Stretch| range.start < bytes.end && bytes.start < range.end;
        self.colours.iter().chain(self.marks).any(lies_on)
    }

    /// Styles a cell. `at` is the byte that it shows, and whether the character there is not a
    /// blank.
    fn paint(&self, at: Option<(usize, bool)>, cell: &mut Cell) {
        cell.modifier = Modifier::empty();
        let mut style = self.theme[Slot::Text];
        if let Some((at, is_drawn)) = at {
            for (_, over) in self.styles_at(at, is_drawn && cell.symbol() == " ") {
                style = style.patch(*over);
            }
        }
        cell.set_style(style);
        clean(cell, self.theme);
    }

    /// Returns the styles of a byte. A blank cell beyond the end of a line has none.
    fn styles_at(&self, at: usize, is_beyond: bool) -> impl Iterator<Item = &Stretch> {
        let after = self.colours.partition_point(|(range, _)| range.end <= at);
        let colour = self.colours.get(after);
        let marks = self.marks.iter();
        let holds = move |(range, _): &&Stretch| !is_beyond && range.contains(&at);
        colour.into_iter().chain(marks).filter(holds)
    }

    fn cursor(&self, area: Rect, top: u16, left: u16) -> Option<Position> {
        let cursor = self.text.screen_cursor();
        let down = u16::try_from(cursor.row).ok()?.checked_sub(top)?;
        let right = u16::try_from(cursor.col).ok()?.checked_sub(left)?;
        let position = Position::new(area.x + right.min(area.width - 1), area.y + down);
        area.contains(position).then_some(position)
    }
}

/// Maps cells to bytes of the text. It caches the characters of the last line, because a long line
/// fills many cells.
struct Places<'a> {
    text: &'a TextArea<'static>,
    starts: Vec<usize>,
    line: Option<(usize, Vec<(usize, char)>)>,
}

impl Places<'_> {
    /// Returns the byte range of the line that a row of cells belongs to.
    fn line_bytes(&self, row: usize, column: usize) -> Option<Range<usize>> {
        let number = self.text.screen_to_data(row, column).0;
        let start = *self.starts.get(number)?;
        Some(start..start + self.text.lines().get(number)?.len())
    }

    /// Returns the byte that a cell shows, and whether the character there is not a blank.
    fn byte_at(&mut self, row: usize, column: usize) -> Option<(usize, bool)> {
        let place = self.text.screen_to_data(row, column);
        if self.line.as_ref().is_none_or(|(number, _)| *number != place.0) {
            let line = self.text.lines().get(place.0)?;
            self.line = Some((place.0, line.char_indices().collect()));
        }
        let (_, characters) = self.line.as_ref()?;
        let (offset, character) = *characters.get(place.1)?;
        Some((self.starts.get(place.0)? + offset, character != ' ' && character != '\t'))
    }
}

/// Returns the byte offset at which each line starts.
pub(crate) fn line_starts(text: &TextArea<'_>) -> Vec<usize> {
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
    use ratatui::style::Color;
    use tui_textarea::{CursorMove, WrapMode};

    use super::*;
    use crate::ui::testing::text_of;

    fn area(text: &str) -> TextArea<'static> {
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area
    }

    fn drawn(text: &TextArea<'static>, focused: bool, colours: &[Stretch]) -> Buffer {
        let theme = Theme::mono();
        let rect = Rect::new(0, 0, 8, 4);
        let mut buf = Buffer::empty(rect);
        TextAreaView { theme: &theme, text, focused, colours, marks: &[] }.render(rect, &mut buf);
        buf
    }

    #[test]
    fn a_stretch_is_coloured_where_its_characters_stand_even_when_wrapped() {
        let text = area("é日 one two\nthree");
        let red = Style::new().fg(Color::Red);
        let at = text.lines()[0].find("two").unwrap();

        let buf = drawn(&text, false, &[(at..at + 3, red)]);

        let colored: String =
            buf.content.iter().filter(|cell| cell.fg == Color::Red).map(Cell::symbol).collect();
        assert_eq!(text_of(&buf), "é日 one\ntwo\nthree");
        assert_eq!(colored.trim_end(), "two");
    }

    #[test]
    fn there_is_a_cursor_only_where_the_person_types() {
        let mut text = area("abc");
        text.move_cursor(CursorMove::End);
        let is_reversed = |buf: &Buffer| buf[(3, 0)].modifier.contains(Modifier::REVERSED);

        assert!(is_reversed(&drawn(&text, true, &[])));
        let quiet = drawn(&text, false, &[]);
        assert!(quiet.content.iter().all(|cell| cell.modifier.is_empty()));
    }

    #[test]
    fn characters_that_turn_or_hide_text_never_reach_the_screen() {
        let buf = drawn(&area("a\u{202e}b\u{200b}c"), false, &[]);

        assert!(buf.content.iter().all(|cell| is_clean(cell.symbol())));
        assert!(text_of(&buf).starts_with('a'));
    }
}
