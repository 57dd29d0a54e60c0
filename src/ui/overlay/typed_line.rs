//! A one-line input: a filter, a reason, tags; with earlier inputs to choose from.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use tui_textarea::TextArea;

use super::{Canvas, list};
use crate::app::LineInput;
use crate::app::overlay::LinePurpose;
use crate::ui::canvas::{outside, put};
use crate::ui::theme::Slot;
use crate::ui::widget::text_area::TextAreaView;

/// Draws the line.
pub(super) fn draw(line: &LineInput, canvas: Canvas<'_>, buf: &mut Buffer) {
    let title = match line.purpose {
        LinePurpose::Filter => "Filter the rows".to_owned(),
        LinePurpose::Reason(row) => format!("Reject row #{}: why?", row.shown()),
        LinePurpose::Tags(row) => format!("Tags of row #{}, parted by commas", row.shown()),
    };
    canvas.frame(&Line::from(title), buf);
    draw_line(&line.line, canvas, buf);
    let entry = |index: usize| {
        let choice = line.choices.get(index).map(String::as_str).unwrap_or_default();
        (Line::from(outside(choice, canvas.theme[Slot::Text])), Line::default())
    };
    let window = canvas.window;
    list::draw(line.choices.len(), line.selected, entry, (window.list, window.area), canvas.theme, buf);
    canvas.foot(line.error.as_deref(), buf);
}

/// Draws the typed line after a prompt sign.
pub(super) fn draw_line(text: &TextArea<'static>, canvas: Canvas<'_>, buf: &mut Buffer) {
    let body = canvas.window.body;
    put(buf, body.x, body.y, 2, &Line::from(Span::styled("›", canvas.theme[Slot::Marker])));
    let area = Rect { x: body.x + body.width.min(2), width: body.width.saturating_sub(2), ..body };
    TextAreaView { theme: canvas.theme, text, focused: true, colours: &[], marks: &[] }.render(area, buf);
}
