//! A scrollbar on the right border of a pane.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::theme::{Slot, Theme};

/// The scroll position in a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scrollbar<'a> {
    pub(crate) theme: &'a Theme,
    /// Number of lines above the visible ones.
    pub(crate) above: usize,
    /// Number of all lines.
    pub(crate) total: usize,
}

impl Scrollbar<'_> {
    /// Draws the thumb on the right border of a pane, unless everything is visible.
    pub(crate) fn draw(self, pane: Rect, buf: &mut Buffer) {
        let height = usize::from(pane.height.saturating_sub(2));
        if height == 0 || self.total <= height || pane.width == 0 {
            return;
        }
        let thumb = (height * height / self.total).max(1);
        let most = self.total - height;
        let way = height - thumb;
        let mut start = (self.above.min(most) * way + most / 2) / most;
        // The thumb touches the top only at the first line, and the bottom only at the last one.
        if way >= 2 {
            start = start.clamp(usize::from(self.above > 0), way - usize::from(self.above < most));
        }
        let x = pane.right() - 1;
        for offset in start..start + thumb {
            let y = pane.y + 1 + u16::try_from(offset).unwrap_or(0);
            buf.set_string(x, y, "█", self.theme[Slot::Scrollbar]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::testing::text_of;

    fn drawn(above: usize, total: usize) -> String {
        let theme = Theme::mono();
        let area = Rect::new(0, 0, 1, 6);
        let mut buf = Buffer::empty(area);
        Scrollbar { theme: &theme, above, total }.draw(area, &mut buf);
        text_of(&buf).replace('\n', "/")
    }

    #[test]
    fn the_thumb_is_where_the_window_is() {
        assert_eq!(drawn(0, 8), "/█/█");
        assert_eq!(drawn(1, 8), "//█/█");
        assert_eq!(drawn(4, 8), "///█/█");
        assert_eq!(drawn(0, 1_000_000), "/█");
        assert_eq!(drawn(1, 1_000_000), "//█");
        assert_eq!(drawn(999_996, 1_000_000), "////█");
    }

    #[test]
    fn a_list_in_full_sight_has_none() {
        assert_eq!(drawn(0, 4), "");
    }
}
