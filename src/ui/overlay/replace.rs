//! Finding and replacing: the form, and below it the rows that would change, each with what differs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::scraps::divide;
use super::{Canvas, mark_selected};
use crate::app::replace::{Matches, ReplaceField, ReplaceWindow};
use crate::domain::{Projection, Schema};
use crate::text::thousands;
use crate::ui::canvas::{cut, put};
use crate::ui::theme::Slot;
use crate::ui::widget::text_area::TextAreaView;
use crate::ui::widget::word_line::word_lines;

/// The width of the names in columns.
const NAMES: u16 = 12;
/// The most lines that a row takes before the selected one.
const BEFORE: usize = 2;

/// Draws the window.
pub(super) fn draw(
    window: &ReplaceWindow,
    shown: &Projection,
    schema: &Schema,
    canvas: Canvas<'_>,
    buf: &mut Buffer,
) {
    canvas.frame(&Line::from("Find and replace"), buf);
    for (field, area) in ReplaceField::ALL.into_iter().zip(canvas.window.body.rows()) {
        line(window, field, area, canvas, buf);
    }
    let foot = canvas.window.foot;
    let slot = match &window.matches {
        Matches::Wrong(_) if window.find.is_empty() => Slot::Muted,
        Matches::Wrong(_) => Slot::Error,
        Matches::Looking(_) => Slot::Muted,
        Matches::Found(..) => Slot::Strong,
    };
    let status = window.status();
    put(buf, foot.x, foot.y, foot.width, &Line::from(cut(&status, foot.width.into(), canvas.theme[slot])));
    divide(canvas, " what changes ", canvas.window.list.y.saturating_sub(1), buf);
    rows(window, shown, schema, canvas, buf);
}

/// Draws a line of the form.
fn line(window: &ReplaceWindow, field: ReplaceField, area: Rect, canvas: Canvas<'_>, buf: &mut Buffer) {
    let theme = canvas.theme;
    let is_selected = !window.in_rows && window.selected == field;
    let mut name = theme[Slot::KeyLabel];
    if is_selected {
        mark_selected(area, theme, buf);
        name = theme[Slot::Strong];
    }
    put(buf, area.x, area.y, NAMES, &Line::styled(field.name(), name));
    let x = area.x + NAMES.min(area.width);
    let value = Rect { x, width: area.right().saturating_sub(x), ..area };
    let text = match field {
        ReplaceField::Find => Some(&window.find),
        ReplaceField::With => Some(&window.with),
        ReplaceField::Field | ReplaceField::Case | ReplaceField::Rows => None,
    };
    if let Some(text) = text {
        TextAreaView { theme, text, focused: is_selected, colours: &[], marks: &[] }.render(value, buf);
        return;
    }
    let arrows = theme[if is_selected { Slot::Key } else { Slot::Muted }];
    let choice = window.choice(field);
    let text = cut(&choice, usize::from(value.width.saturating_sub(4)), theme[Slot::Input]);
    let line = Line::from(vec![Span::styled("‹ ", arrows), text, Span::styled(" ›", arrows)]);
    put(buf, value.x, value.y, value.width, &line);
}

/// Draws the rows that would change, from the one before the selected one on.
fn rows(window: &ReplaceWindow, shown: &Projection, schema: &Schema, canvas: Canvas<'_>, buf: &mut Buffer) {
    let Some(found) = window.found() else { return };
    let (theme, list) = (canvas.theme, canvas.window.list);
    let mut y = list.y;
    let first = window.row.saturating_sub(1);
    for (place, row) in (first..).zip(found.iter_from(first)) {
        if y >= list.bottom() {
            break;
        }
        let Some(difference) = window.difference(shown, schema, row) else { continue };
        let (is_selected, is_left) = (window.in_rows && place == window.row, window.left_out.contains(&row));
        let sign = if is_left { "– " } else { "" };
        let number = format!("{sign}#{}", thousands(u64::from(row.0) + 1));
        let columns = list.width.saturating_sub(NAMES);
        let lines = word_lines(&difference, columns, theme);
        let most = if place < window.row { BEFORE } else { usize::MAX };
        for (index, line) in lines.into_iter().take(most).enumerate() {
            if y >= list.bottom() {
                break;
            }
            if is_selected {
                mark_selected(Rect { y, height: 1, ..list }, theme, buf);
            }
            if index == 0 {
                let slot = if is_left { Slot::Skipped } else { Slot::Muted };
                put(buf, list.x, y, NAMES - 1, &Line::styled(number.clone(), theme[slot]));
            }
            let line = if is_left { line.patch_style(theme[Slot::Dropped]) } else { line };
            put(buf, list.x + NAMES, y, columns, &line);
            y += 1;
        }
    }
}
