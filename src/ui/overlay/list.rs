//! A list to choose from, with the chosen line in sight.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::padded;
use crate::ui::canvas::{put, put_right};
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::scrollbar::Scrollbar;

/// One line of a list: what stands at the left, and what at the right.
pub(super) type Entry<'a> = (Line<'a>, Line<'a>);

/// Returns the first entry in sight, so that the selected one is.
pub(super) fn first_in_sight(selected: usize, height: usize) -> usize {
    (selected + 1).saturating_sub(height)
}

/// Draws the entries in sight; `entry` is asked for those only.
pub(super) fn draw<'a>(
    total: usize,
    selected: Option<usize>,
    entry: impl Fn(usize) -> Entry<'a>,
    (list, window): (Rect, Rect),
    theme: &Theme,
    buf: &mut Buffer,
) {
    let height = usize::from(list.height);
    let first = first_in_sight(selected.unwrap_or(0), height);
    for (index, area) in (first..total).zip(list.rows()) {
        let is_selected = selected == Some(index);
        if is_selected {
            buf.set_style(area, theme[Slot::OverlaySelected]);
            put(buf, area.x, area.y, 1, &Line::from(Span::styled("▌", theme[Slot::Marker])));
        }
        let inner = padded(area);
        let (left, right) = entry(index);
        let start = put_right(buf, inner.right(), inner.y, inner.width / 3, &right);
        put(buf, inner.x, inner.y, start.saturating_sub(inner.x + 1), &left);
    }
    if total > height {
        let pane = Rect { y: list.y.saturating_sub(1), height: list.height + 2, ..window };
        Scrollbar { theme, above: first, total }.draw(pane, buf);
    }
}
