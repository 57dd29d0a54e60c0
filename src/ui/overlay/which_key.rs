//! How keys that were pressed may go on.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{frame, padded};
use crate::app::{Command, Key, Keymap, Scope};
use crate::text::width;
use crate::ui::canvas::put;
use crate::ui::theme::{Slot, Theme};

/// Draws the popup above the line `bottom`, at the right.
pub(crate) fn draw(
    keymap: &Keymap,
    chain: &[Scope],
    pressed: &[Key],
    (screen, bottom): (Rect, u16),
    theme: &Theme,
    buf: &mut Buffer,
) {
    let next: Vec<(String, Command)> = keymap
        .continuations(chain, pressed)
        .into_iter()
        .map(|(key, command)| (key.to_string(), command))
        .collect();
    if next.is_empty() {
        return;
    }
    let keys = next.iter().map(|(key, _)| width(key)).max().unwrap_or(0);
    let docs = next.iter().map(|(_, command)| width(command.doc())).max().unwrap_or(0);
    let columns = u16::try_from(keys + docs + 6).unwrap_or(u16::MAX).min(screen.width);
    let rows = u16::try_from(next.len() + 2).unwrap_or(u16::MAX).min(bottom.saturating_sub(screen.y));
    let area = Rect { x: screen.right() - columns, y: bottom - rows, width: columns, height: rows };
    let title = pressed.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    frame(area, &Line::from(format!("{title} …")), theme, buf);
    let inner = padded(Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(2),
        x: area.x + 1,
        width: columns - 2,
    });
    for ((key, command), line) in next.iter().zip(inner.rows()) {
        let gap = " ".repeat(keys - width(key) + 2);
        let spans = vec![
            Span::styled(key.as_str(), theme[Slot::Key]),
            Span::raw(gap),
            Span::styled(command.doc(), theme[Slot::KeyLabel]),
        ];
        put(buf, line.x, line.y, line.width, &Line::from(spans));
    }
}
