//! The footer: the keys that work here.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::text::width;
use crate::ui::canvas::put;
use crate::ui::theme::{Slot, Theme};

/// One key with a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hint<'a> {
    /// The key, as the keymap spells it.
    pub(crate) key: std::borrow::Cow<'a, str>,
    /// A word or two.
    pub(crate) label: std::borrow::Cow<'a, str>,
}

impl Hint<'_> {
    fn width(&self) -> usize {
        width(&self.key) + 1 + width(&self.label)
    }
}

/// Hints side by side, as many as fit; the last one is always shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Footer<'a> {
    pub(crate) theme: &'a Theme,
    /// The hints, the most useful first.
    pub(crate) hints: &'a [Hint<'a>],
}

impl Widget for Footer<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let Some((last, others)) = self.hints.split_last() else { return };
        let mut room = usize::from(area.width).saturating_sub(2 + last.width());
        let mut shown = Vec::new();
        for hint in others {
            let Some(left) = room.checked_sub(hint.width() + 2) else { break };
            room = left;
            shown.push(hint);
        }
        shown.push(last);
        let mut spans = Vec::new();
        for hint in shown {
            let gap = if spans.is_empty() { " " } else { "  " };
            spans.push(Span::raw(gap));
            spans.push(Span::styled(hint.key.as_ref(), self.theme[Slot::Key]));
            spans.push(Span::raw(" "));
            spans.push(Span::styled(hint.label.as_ref(), self.theme[Slot::KeyLabel]));
        }
        put(buf, area.x, area.y, area.width, &Line::from(spans));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::testing::{drawn, text_of};

    #[test]
    fn as_many_hints_as_fit_are_shown_and_help_always() {
        let theme = Theme::mono();
        let hint = |key: &'static str, label: &'static str| Hint { key: key.into(), label: label.into() };
        let hints = [hint("a", "accept"), hint("x", "reject"), hint("space", "skip"), hint("?", "help")];
        let shown = |columns| text_of(&drawn(&theme, columns, 1, Footer { theme: &theme, hints: &hints }));

        assert_eq!(shown(60), " a accept  x reject  space skip  ? help");
        assert_eq!(shown(30), " a accept  x reject  ? help");
        assert_eq!(shown(8), " ? help");
    }
}
