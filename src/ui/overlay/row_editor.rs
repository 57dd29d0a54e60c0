//! The editor of a row's fields.

use ratatui::buffer::Buffer;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::Canvas;
use super::scraps::divide;
use crate::app::RowEditor;
use crate::app::overlay::{RowEditorField, RowEditorSubject};
use crate::ui::canvas::put_right;
use crate::ui::theme::Slot;
use crate::ui::widget::text_area::TextBoxView;

/// Draws the editor.
pub(super) fn draw(editor: &RowEditor, canvas: Canvas<'_>, buf: &mut Buffer) {
    let theme = canvas.theme;
    let window = canvas.window;
    let title = match editor.subject {
        RowEditorSubject::Row(row) => format!("Edit row #{}", row.shown()),
        RowEditorSubject::Scrap(_) => "Make a row of the scrap".to_owned(),
    };
    canvas.frame(&Line::from(title), buf);
    let length: usize = editor.text.lines().iter().map(|line| line.chars().count() + 1).sum();
    let length = Line::styled(format!(" {} characters ", length.saturating_sub(1)), theme[Slot::Muted]);
    put_right(buf, window.area.right().saturating_sub(2), window.area.y, 24, &length);
    let area = |text, focused| TextBoxView { theme, text, focused, colours: &[], marks: &[] };
    area(&editor.text, editor.field == RowEditorField::Text).render(window.body, buf);
    if let Some(others) = &editor.others {
        divide(canvas, " other fields ", window.list.y.saturating_sub(1), buf);
        area(others, editor.field == RowEditorField::Others).render(window.list, buf);
    }
    canvas.foot(editor.error.as_deref(), buf);
}
