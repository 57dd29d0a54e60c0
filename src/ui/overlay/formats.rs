//! The list of export formats, in groups, and what the selected one is for.

use ratatui::buffer::Buffer;
use ratatui::text::Line;

use super::{Canvas, mark_selected};
use crate::app::export::{FormatPicker, PickerLine};
use crate::ui::canvas::put;
use crate::ui::theme::Slot;
use crate::ui::widget::reading::wrapped;

/// Draws the list.
pub(super) fn draw(picker: FormatPicker, canvas: Canvas<'_>, buf: &mut Buffer) {
    canvas.frame(&Line::from("Formats"), buf);
    let (theme, window) = (canvas.theme, canvas.window);
    for (line, row) in picker.lines_in(usize::from(window.list.height)).into_iter().zip(window.list.rows()) {
        let (text, slot, indent) = match line {
            PickerLine::Group(group) => (group.title(), Slot::Role, 0),
            PickerLine::Format(format) => (format.name(), Slot::Text, 2),
        };
        let mut slot = slot;
        if line == PickerLine::Format(picker.selected) {
            mark_selected(row, theme, buf);
            slot = Slot::Strong;
        }
        put(buf, row.x + indent, row.y, row.width - indent, &Line::styled(text, theme[slot]));
    }
    let about = wrapped(picker.selected.about(), window.body.width, theme[Slot::Muted]);
    for (line, row) in about.iter().zip(window.body.rows()) {
        put(buf, row.x, row.y, row.width, line);
    }
}
