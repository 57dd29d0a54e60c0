//! The help: the keys of the keymap, grouped by where they work.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Canvas;
use crate::app::Keymap;
use crate::app::guide::{self, HelpRow};
use crate::text::{width, wrap};
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::reading::Reading;

/// From this width on the help has two columns of keys.
const TWO_COLUMNS_FROM: u16 = 96;
/// The width of the keys in columns.
const KEYS: usize = 18;

/// Draws the help.
pub(super) fn draw(scroll: usize, canvas: Canvas<'_>, buf: &mut Buffer) {
    canvas.frame(&Line::from("Help · keys"), buf);
    let body = canvas.window.body;
    if body.width < TWO_COLUMNS_FROM {
        canvas.read(&groups(canvas.keymap, body.width, canvas.theme).concat(), scroll, buf);
        return;
    }
    let half = (body.width - 3) / 2;
    let [left, right] = in_two(groups(canvas.keymap, half, canvas.theme));
    let total = left.len().max(right.len());
    // Both columns scroll together; the shorter one ends earlier.
    let above = scroll.min(total.saturating_sub(usize::from(body.height)));
    let places = [Rect { width: half, ..body }, Rect { x: body.x + half + 3, width: half, ..body }];
    for (mut lines, place) in [left, right].into_iter().zip(places) {
        lines.resize(total, Line::default());
        Reading { theme: canvas.theme, lines: &lines, scroll: above }.draw(place, canvas.window.area, buf);
    }
}

/// Returns the lines of each scope that has keys, none wider than `columns`.
fn groups(keymap: &Keymap, columns: u16, theme: &Theme) -> Vec<Vec<Line<'static>>> {
    let mut groups = Vec::new();
    for group in guide::help(keymap).into_iter().filter(|group| !group.rows.is_empty()) {
        let mut lines = vec![Line::styled(group.scope.title(), theme[Slot::OverlayTitle])];
        lines.extend(group.rows.iter().flat_map(|row| entry(row, columns, theme)));
        lines.push(Line::default());
        groups.push(lines);
    }
    if let Some(last) = groups.last_mut() {
        last.pop();
    }
    groups
}

/// Returns as many of a command's keys as fit, with the wrapped description beside them.
fn entry(row: &HelpRow, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let mut spans = vec![Span::raw("  ")];
    let mut used = 0;
    for keys in row.keys.split(", ") {
        let gap = if used == 0 { 0 } else { 2 };
        if used + gap + width(keys) > KEYS {
            break;
        }
        spans.push(Span::raw(" ".repeat(gap)));
        spans.push(Span::styled(keys.to_owned(), theme[Slot::Key]));
        used += gap + width(keys);
    }
    let room = usize::from(columns).saturating_sub(KEYS + 3);
    let mut lines = Vec::new();
    for words in wrap(row.doc, room) {
        spans.push(Span::raw(" ".repeat((KEYS + 1).saturating_sub(used))));
        spans.push(Span::styled(words.to_owned(), theme[Slot::Text]));
        lines.push(Line::from(std::mem::replace(&mut spans, vec![Span::raw("  ")])));
        used = 0;
    }
    lines
}

/// Distributes whole groups over two columns of about the same length.
fn in_two(groups: Vec<Vec<Line<'static>>>) -> [Vec<Line<'static>>; 2] {
    let all: usize = groups.iter().map(Vec::len).sum();
    let mut columns = [Vec::new(), Vec::new()];
    let mut before = 0;
    for group in groups {
        // A group goes to the side in which its middle lies.
        let side = usize::from(before + group.len() / 2 > all / 2);
        before += group.len();
        columns[side].extend(group);
    }
    columns
}
