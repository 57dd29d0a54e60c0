//! The session's labelling guidelines.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use super::Canvas;
use crate::domain::Session;
use crate::ui::canvas::outside;
use crate::ui::theme::Slot;
use crate::ui::widget::reading::wrapped;

/// Draws the guidelines.
pub(super) fn draw(session: &Session, scroll: usize, canvas: Canvas<'_>, buf: &mut Buffer) {
    let title = Line::from(vec![
        Span::raw("Guidelines · "),
        outside(&session.name, canvas.theme[Slot::OverlayTitle]),
    ]);
    canvas.frame(&title, buf);
    let columns = canvas.window.body.width;
    let mut lines = Vec::new();
    if !session.description.is_empty() {
        lines.extend(wrapped(&session.description, columns, canvas.theme[Slot::Strong]));
        lines.push(Line::default());
    }
    if session.guidelines.trim().is_empty() {
        let none = "The session has no guidelines. Write some as `guidelines` in its session.toml.";
        lines.extend(wrapped(none, columns, canvas.theme[Slot::Muted]));
    } else {
        lines.extend(wrapped(session.guidelines.trim_matches('\n'), columns, canvas.theme[Slot::Text]));
    }
    canvas.read(&lines, scroll, buf);
}
