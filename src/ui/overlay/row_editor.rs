//! A row's fields, to edit them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Canvas;
use crate::app::overlay::RowEditorField;
use crate::app::{Command, RowEditor, Scope};
use crate::ui::canvas::{put, put_right};
use crate::ui::theme::Slot;
use crate::ui::widget::text_area::TextAreaView;

/// Draws the editor.
pub(super) fn draw(editor: &RowEditor, canvas: Canvas<'_>, buf: &mut Buffer) {
    let theme = canvas.theme;
    let window = canvas.window;
    canvas.frame(&Line::from(format!("Edit row #{}", editor.row.shown())), buf);
    let length: usize = editor.text.lines().iter().map(|line| line.chars().count() + 1).sum();
    let length = Line::styled(format!(" {} characters ", length.saturating_sub(1)), theme[Slot::Muted]);
    put_right(buf, window.area.right().saturating_sub(2), window.area.y, 24, &length);
    let area = |text, focused| TextAreaView { theme, text, focused, colours: &[], marks: &[] };
    area(&editor.text, editor.field == RowEditorField::Text).render(window.body, buf);
    if let Some(others) = &editor.others {
        let y = window.list.y.saturating_sub(1);
        divide(Rect { y, height: 1, ..window.area }, canvas, buf);
        area(others, editor.field == RowEditorField::Others).render(window.list, buf);
    }
    let hints = [
        canvas.hint(&[Scope::RowEditor], Command::SaveEdit, "saves"),
        editor.others.as_ref().and(canvas.hint(&[Scope::RowEditor], Command::NextField, "other fields")),
        canvas.hint(&[Scope::RowEditor], Command::LeaveRowEditor, "leaves"),
    ];
    canvas.foot(editor.error.as_deref(), &hints, buf);
}

/// Draws a line across the window with a name in it.
fn divide(line: Rect, canvas: Canvas<'_>, buf: &mut Buffer) {
    let border = canvas.theme[Slot::OverlayBorder];
    let across = format!("├{}┤", "─".repeat(usize::from(line.width.saturating_sub(2))));
    put(buf, line.x, line.y, line.width, &Line::from(Span::styled(across, border)));
    put(buf, line.x + 2, line.y, 16, &Line::styled(" other fields ", canvas.theme[Slot::OverlayTitle]));
}
