//! The border of a pane: heavy where the pane has the focus, else light.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::border;
use ratatui::text::Line;
use ratatui::widgets::{Block, Widget};

use crate::ui::canvas::{line_width, put, put_right};
use crate::ui::theme::{Slot, Theme};

/// A border with a title at its left and one at its right.
#[derive(Debug, Clone)]
pub(crate) struct Pane<'a> {
    pub(crate) theme: &'a Theme,
    /// Whether the pane has the focus.
    pub(crate) focused: bool,
    /// The title in the upper border at the left; it is cut to fit.
    pub(crate) title: Line<'a>,
    /// The title at the right; it moves to the lower border where the upper one is too short.
    pub(crate) right: Line<'a>,
}

/// Columns of the upper border that titles leave free: each corner and a dash beside it.
const ENDS: u16 = 4;

impl Pane<'_> {
    /// Returns the columns that are left for the left title beside a right one.
    pub(crate) fn room(area: Rect, right: &Line<'_>) -> usize {
        let right = match line_width(right) {
            0 => 0,
            wide => wide + 3,
        };
        usize::from(area.width.saturating_sub(ENDS + 2)).saturating_sub(right)
    }
}

impl Widget for Pane<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let (set, border, title) = if self.focused {
            (border::THICK, self.theme[Slot::BorderFocused], self.theme[Slot::TitleFocused])
        } else {
            (border::PLAIN, self.theme[Slot::Border], self.theme[Slot::Title])
        };
        Block::bordered().border_set(set).border_style(border).render(area, buf);
        if area.height == 0 || area.width <= ENDS + 2 {
            return;
        }
        let room = area.width - ENDS - 2;
        let both = line_width(&self.title) + line_width(&self.right) + 3;
        let fits = usize::from(room) >= both;
        if line_width(&self.right) > 0 {
            let y = if fits { area.y } else { area.bottom() - 1 };
            let start = put_right(buf, area.right() - 3, y, room, &self.right.style(title));
            buf.set_string(start - 1, y, " ", title);
            buf.set_string(area.right() - 3, y, " ", title);
        }
        if line_width(&self.title) > 0 {
            buf.set_string(area.x + 2, area.y, " ", title);
            let end = put(buf, area.x + 3, area.y, room + 1, &self.title.style(title));
            if end < area.right() - 1 {
                buf.set_string(end, area.y, " ", title);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::testing::{drawn, text_of};

    fn pane(theme: &Theme, focused: bool) -> Pane<'_> {
        Pane { theme, focused, title: "Rows".into(), right: "state:any".into() }
    }

    #[test]
    fn the_focused_pane_has_a_heavy_border() {
        let theme = Theme::mono();

        let light = text_of(&drawn(&theme, 30, 3, pane(&theme, false)));
        let heavy = text_of(&drawn(&theme, 30, 3, pane(&theme, true)));

        assert_eq!(
            light,
            "┌─ Rows ───────── state:any ─┐\n│                            │\n└────────────────────────────┘"
        );
        assert!(heavy.starts_with("┏━ Rows ━━━━━━━━━ state:any ━┓\n┃"), "{heavy}");
    }

    #[test]
    fn a_narrow_pane_moves_the_right_title_down_and_cuts_the_left_one() {
        let theme = Theme::mono();

        let narrow = |columns| text_of(&drawn(&theme, columns, 2, pane(&theme, false)));

        assert_eq!(narrow(18), "┌─ Rows ─────────┐\n└──── state:any ─┘");
        assert_eq!(narrow(9).lines().next(), Some("┌─ Rows ┐"));
        assert_eq!(narrow(8).lines().next(), Some("┌─ Ro… ┐"));
        for columns in 0..8 {
            let _ = narrow(columns);
        }
    }
}
