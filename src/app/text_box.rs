//! A text of several lines that is typed, broken into rows that fit its area.
//!
//! The editor's own rows begin with blanks and break a template's tags, so the rows are made here.
//! The drawing and the mouse use the same ones: what was drawn last is remembered, and a click hits
//! what is seen.

use std::cell::{Cell, RefCell};
use std::ops::{Deref, DerefMut, Range};

use tui_textarea::{CursorMove, TextArea};

use self::laid::Laid;
use super::prompt::text_area;
use crate::text::wrap::source_clusters;

mod laid;

/// The columns before a text was drawn for the first time.
const COLUMNS: u16 = 80;

/// A text with its cursor, and the part of it that was drawn last.
#[derive(Debug, Clone)]
pub struct TextBox {
    area: TextArea<'static>,
    seen: Cell<Seen>,
    aim: Option<Aim>,
    laid: RefCell<Laid>,
}

/// The column that moves by rows aim at, kept over rows that are shorter.
#[derive(Debug, Clone, Copy)]
struct Aim {
    column: usize,
    /// Where the last such move left the cursor; from elsewhere the aim counts no more.
    left: (usize, usize),
}

/// What was drawn last.
#[derive(Debug, Clone, Copy)]
struct Seen {
    /// The first row.
    top: usize,
    columns: u16,
    height: u16,
}

/// One row: a line of the text, and the bytes of it that stand in the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextRow {
    pub(crate) line: usize,
    pub(crate) bytes: Range<usize>,
}

/// The rows that are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Visible {
    pub(crate) rows: Vec<TextRow>,
    /// The row and the column of the cursor, counted from the first one that is drawn.
    pub(crate) cursor: (usize, usize),
}

impl Default for TextBox {
    fn default() -> Self {
        Self::new("")
    }
}

impl Deref for TextBox {
    type Target = TextArea<'static>;

    fn deref(&self) -> &Self::Target {
        &self.area
    }
}

impl DerefMut for TextBox {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.area
    }
}

impl TextBox {
    /// Returns a box with this text and the cursor at its start.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            area: text_area(text),
            seen: Cell::new(Seen { top: 0, columns: COLUMNS, height: 1 }),
            aim: None,
            laid: RefCell::default(),
        }
    }

    /// Returns the rows that an area of this size shows, scrolled as little as the cursor needs, and
    /// remembers them.
    pub(crate) fn visible(&self, columns: u16, height: u16) -> Visible {
        let mut rows = self.rows(columns);
        let (row, column) = self.place(&rows);
        let high = usize::from(height).max(1);
        let top = self.seen.get().top.min(rows.len().saturating_sub(high));
        let top = top.clamp((row + 1).saturating_sub(high), row);
        self.seen.set(Seen { top, columns, height });
        rows.drain(..top);
        rows.truncate(high);
        Visible { rows, cursor: (row - top, column) }
    }

    /// Moves the cursor down by this many rows, or up.
    pub(super) fn move_rows(&mut self, by: isize) {
        let rows = self.rows(self.seen.get().columns);
        let (row, column) = self.place(&rows);
        let column = self.aim.filter(|aim| aim.left == self.at()).map_or(column, |aim| aim.column);
        let to = row.saturating_add_signed(by).min(rows.len() - 1);
        self.go_to(&rows[to], column);
        self.aim = Some(Aim { column, left: self.at() });
    }

    /// Moves the cursor down by as many rows as were drawn, or up.
    pub(super) fn move_pages(&mut self, by: isize) {
        let page = isize::try_from(self.seen.get().height.max(1)).unwrap_or(1);
        self.move_rows(by * page);
    }

    /// Scrolls the text; the cursor stays among the rows that are seen.
    pub(super) fn scroll_rows(&mut self, by: isize) {
        let Seen { top, columns, height } = self.seen.get();
        let (rows, high) = (self.rows(columns), usize::from(height).max(1));
        let top = top.saturating_add_signed(by).min(rows.len().saturating_sub(high));
        self.seen.set(Seen { top, columns, height });
        let (row, column) = self.place(&rows);
        let to = row.clamp(top, top + high - 1);
        if to != row {
            self.go_to(&rows[to], column);
        }
    }

    /// Puts the cursor at a row and a column, counted from the first ones that were drawn.
    pub(super) fn click(&mut self, row: usize, column: usize) {
        let Seen { top, columns, .. } = self.seen.get();
        let rows = self.rows(columns);
        let to = (top + row).min(rows.len() - 1);
        self.go_to(&rows[to], column);
    }

    /// Returns the line and the character of the cursor.
    fn at(&self) -> (usize, usize) {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }

    /// Returns all rows; there is at least one.
    fn rows(&self, columns: u16) -> Vec<TextRow> {
        self.laid.borrow_mut().rows(self.area.lines(), columns)
    }

    /// Returns the row and the column of the cursor.
    fn place(&self, rows: &[TextRow]) -> (usize, usize) {
        let cursor = self.area.cursor();
        let text = &self.area.lines()[cursor.0];
        let byte = text.char_indices().nth(cursor.1).map_or(text.len(), |(byte, _)| byte);
        let is_before = |row: &TextRow| (row.line, row.bytes.start) <= (cursor.0, byte);
        let row = rows.partition_point(is_before).saturating_sub(1);
        let before = source_clusters(&text[rows[row].bytes.start..byte]);
        (row, before.map(|cluster| cluster.width).sum())
    }

    /// Moves the cursor to a column of a row, at most to its end.
    fn go_to(&mut self, row: &TextRow, column: usize) {
        let text = &self.area.lines()[row.line];
        let mut used = 0;
        let mut byte = row.bytes.start;
        for cluster in source_clusters(&text[row.bytes.clone()]) {
            used += cluster.width;
            let end = row.bytes.start + cluster.start + cluster.text.len();
            // The place behind the last character is in the next row, except at the end of the line.
            if used > column || (end == row.bytes.end && end < text.len()) {
                break;
            }
            byte = end;
        }
        let to = (row.line, text[..byte].chars().count());
        self.area.cancel_selection();
        self.jump(to);
    }

    fn jump(&mut self, (line, character): (usize, usize)) {
        let [x, y] = [character, line].map(|index| u16::try_from(index).unwrap_or(u16::MAX));
        let (far_right, far_down) = (usize::from(x) < character, usize::from(y) < line);
        let here = self.area.cursor();
        if !far_right || here.0 != line || here.1 < usize::from(x) {
            self.area.move_cursor(CursorMove::Jump(y, x));
        }
        // A jump reaches 65,535 lines and characters; what lies beyond is reached step by step.
        while far_down && self.area.cursor().0 < line {
            self.area.move_cursor(CursorMove::Down);
        }
        while far_right && self.area.cursor().1 > character {
            self.area.move_cursor(CursorMove::Back);
        }
        while far_right && self.area.cursor().1 < character {
            self.area.move_cursor(CursorMove::Forward);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(text: &TextBox, columns: u16, height: u16) -> Vec<&str> {
        let rows = text.visible(columns, height).rows;
        rows.into_iter().map(|row| &text.lines()[row.line][row.bytes]).collect()
    }

    fn cursor_of(text: &TextBox) -> (usize, usize) {
        text.at()
    }

    #[test]
    fn rows_break_between_words_and_never_in_a_tag() {
        let text = TextBox::new("all of the {{ label }}: a company\n or thinking");
        assert_eq!(text_of(&text, 16, 9), ["all of the ", "{{ label }}: a ", "company", " or thinking"]);
    }

    #[test]
    fn the_cursor_goes_up_and_down_by_rows() {
        let mut text = TextBox::new("one two three\nfour");
        text.move_cursor(CursorMove::Jump(0, 2));
        assert_eq!(text.visible(8, 9).cursor, (0, 2));
        text.move_rows(1);
        assert_eq!((cursor_of(&text), text.visible(8, 9).cursor), ((0, 10), (1, 2)));
        text.move_rows(1);
        assert_eq!((cursor_of(&text), text.visible(8, 9).cursor), ((1, 2), (2, 2)));
        text.move_rows(1);
        assert_eq!(cursor_of(&text), (1, 2), "there is no row below");
        text.move_pages(-1);
        assert_eq!(cursor_of(&text), (0, 2));
    }

    #[test]
    fn moving_over_a_short_row_keeps_the_column_until_the_cursor_moves_otherwise() {
        let mut text = TextBox::new("one two\nx\n\nfour five");
        text.move_cursor(CursorMove::Jump(0, 6));
        for line in [1, 2, 3] {
            text.move_rows(1);
            assert_eq!(cursor_of(&text).0, line);
        }
        assert_eq!(cursor_of(&text), (3, 6));
        text.move_pages(-9);
        assert_eq!(cursor_of(&text), (0, 6));

        text.move_rows(1);
        text.move_cursor(CursorMove::Head);
        text.move_rows(2);
        assert_eq!(cursor_of(&text), (3, 0));
    }

    #[test]
    fn a_click_hits_what_is_seen_after_scrolling_and_wide_characters() {
        let mut text = TextBox::new("日本語 one two\n\tthree\n4\n5\n6\n7");
        assert_eq!(text_of(&text, 8, 3), ["日本語 ", "one two", "\tthree"]);
        for (place, cursor) in
            [((0, 3), (0, 1)), ((0, 60), (0, 3)), ((1, 60), (0, 11)), ((2, 3), (1, 2)), ((99, 0), (5, 0))]
        {
            text.click(place.0, place.1);
            assert_eq!(cursor_of(&text), cursor, "{place:?}");
        }
        assert_eq!(text_of(&text, 8, 3), ["5", "6", "7"]);
        text.click(0, 9);
        assert_eq!((cursor_of(&text), text.visible(8, 3).cursor), ((3, 1), (0, 1)));
        text.scroll_rows(-3);
        assert_eq!(text_of(&text, 8, 3), ["one two", "\tthree", "4"]);
        assert_eq!(cursor_of(&text), (2, 1), "the cursor stays among what is seen");
    }

    #[test]
    fn the_text_scrolls_only_as_far_as_the_cursor_needs() {
        let mut text = TextBox::new("1\n2\n3\n4\n5");
        text.move_cursor(CursorMove::Jump(3, 0));
        assert_eq!(text_of(&text, 8, 3), ["2", "3", "4"]);
        text.move_rows(-1);
        assert_eq!(text_of(&text, 8, 3), ["2", "3", "4"]);
        text.move_rows(-2);
        assert_eq!(text_of(&text, 8, 3), ["1", "2", "3"]);
        assert_eq!(text_of(&text, 8, 9), ["1", "2", "3", "4", "5"]);
    }

    #[test]
    fn a_cursor_far_out_in_a_long_line_goes_where_it_should() {
        let mut text = TextBox::new(&"x".repeat(65_565));
        text.move_cursor(CursorMove::End);
        let _ = text.visible(10, 9);
        text.move_rows(-1);
        assert_eq!(cursor_of(&text), (0, 65_555));
        text.move_rows(-2);
        assert_eq!(cursor_of(&text), (0, 65_535));
        text.move_rows(1);
        text.move_rows(1);
        assert_eq!(cursor_of(&text), (0, 65_555));
    }
}
