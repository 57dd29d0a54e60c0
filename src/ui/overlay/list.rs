//! A list of choices, scrolled so that the chosen line is visible.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::mark_selected;
use crate::ui::canvas::{put, put_right};
use crate::ui::theme::Theme;
use crate::ui::widget::scrollbar::Scrollbar;

/// One line of a list: its left and its right text.
pub(super) type Entry<'a> = (Line<'a>, Line<'a>);

/// Draws the visible entries; `entry` is called for those only.
pub(super) fn draw<'a>(
    total: usize,
    selected: Option<usize>,
    entry: impl Fn(usize) -> Entry<'a>,
    (list, window): (Rect, Rect),
    theme: &Theme,
    buf: &mut Buffer,
) {
    let height = usize::from(list.height);
    // The same as `first_in_list` of `app`, which the mouse uses: the selected entry is at most the
    // last visible one.
    let first = (selected.unwrap_or(0) + 1).saturating_sub(height);
    for (index, area) in (first..total).zip(list.rows()) {
        let is_selected = selected == Some(index);
        if is_selected {
            mark_selected(area, theme, buf);
        }
        let (left, right) = entry(index);
        let start = put_right(buf, area.right(), area.y, area.width / 3, &right);
        put(buf, area.x, area.y, start.saturating_sub(area.x + 1), &left);
    }
    if total > height {
        let pane = Rect { y: list.y.saturating_sub(1), height: list.height + 2, ..window };
        Scrollbar { theme, above: first, total }.draw(pane, buf);
    }
}
