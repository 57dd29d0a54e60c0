//! The popup with the keys that can follow those pressed so far.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use crate::app::Model;
use crate::app::geometry::{inside, padded};
use crate::text::width;
use crate::ui::canvas::put;
use crate::ui::theme::{Slot, Theme};

/// Draws the popup at the right, above the line `bottom`.
pub(crate) fn draw(model: &Model, bottom: u16, theme: &Theme, buf: &mut Buffer) {
    let next: Vec<(String, &str)> =
        model.which_key().into_iter().map(|(key, command)| (key.to_string(), command.doc())).collect();
    if next.is_empty() {
        return;
    }
    let screen = buf.area;
    let keys = next.iter().map(|(key, _)| width(key)).max().unwrap_or(0);
    let docs = next.iter().map(|(_, doc)| width(doc)).max().unwrap_or(0);
    let columns = u16::try_from(keys + docs + 6).unwrap_or(u16::MAX).min(screen.width);
    let bottom = bottom.min(screen.bottom());
    let rows = u16::try_from(next.len() + 2).unwrap_or(u16::MAX).min(bottom);
    let area = Rect { x: screen.right() - columns, y: bottom - rows, width: columns, height: rows };
    let title = model.pending.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    frame(area, &Line::from(format!("{title} …")), theme, buf);
    for ((key, doc), line) in next.iter().zip(padded(inside(area)).rows()) {
        let spans = vec![
            Span::styled(key.as_str(), theme[Slot::Key]),
            Span::raw(" ".repeat(keys - width(key) + 2)),
            Span::styled(*doc, theme[Slot::KeyLabel]),
        ];
        put(buf, line.x, line.y, line.width, &Line::from(spans));
    }
}
