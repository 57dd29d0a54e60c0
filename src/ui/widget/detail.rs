//! The detail pane: the selected row in full, and everything that is known of it.
//!
//! The text comes first, then what matters for a decision: flags in words, the fields before an
//! edit, the variables, the nearest real row, the source of the row. Where not all of it fits, the flags
//! and the novelty stay at the foot, the rest scrolls above them, and the border says how much is below.

mod facts;

use std::cell::Cell;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::app::geometry::{LIVE_FROM, inside, padded};
use crate::domain::{RowDetail, RowView, Schema, Writing};
use crate::text::{counted, thousands};
use crate::ui::canvas::{below, put, put_right};
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::{Reading, heading, wrapped, wrapped_with_marks};
use crate::ui::widget::rows::sign;

/// The lines at the bottom that the end of a growing reply has beside a row: its heading, and two of text.
const LIVE: u16 = 3;

/// The row that is shown, and its position.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) row: RowView<'a>,
    /// Position in the view, from 1.
    pub(crate) place: usize,
    /// Number of rows in the view.
    pub(crate) total: usize,
    /// The details of the row, once they have been looked up.
    pub(crate) detail: Option<&'a RowDetail>,
}

/// The pane.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DetailPane<'a> {
    pub(crate) theme: &'a Theme,
    /// Whether the pane has the focus.
    pub(crate) focused: bool,
    /// The selected row, if any.
    pub(crate) shown: Option<Shown<'a>>,
    /// Whether rows have different labels.
    pub(crate) with_labels: bool,
    /// The words that the filter looks for in texts.
    pub(crate) words: &'a [&'a str],
    /// The fields of a row.
    pub(crate) schema: &'a Schema,
    /// Lines scrolled down.
    pub(crate) scroll: usize,
    /// Takes how many lines can be scrolled down at most.
    pub(crate) last: &'a Cell<Option<usize>>,
    /// The key that leads into the pane, to read on.
    pub(crate) key: Option<&'a str>,
    /// The end of the reply that is being written, which has the pane while no row is selected.
    pub(crate) writing: Option<&'a Writing>,
}

impl Widget for DetailPane<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        Pane { theme: self.theme, focused: self.focused, title: self.title(), right: Line::default() }
            .render(area, buf);
        let content = padded(inside(area));
        let Some(shown) = self.shown else {
            if let Some(writing) = self.writing {
                self.live(writing, content, buf);
                return;
            }
            let hint = Line::styled("No row is selected.", self.theme[Slot::Muted]);
            put(buf, content.x, content.y, content.width, &hint);
            return;
        };
        let content = match self.writing.filter(|_| content.height >= LIVE_FROM) {
            Some(writing) => {
                let live = below(content, content.height - LIVE);
                self.live(writing, live, buf);
                Rect { height: content.height - LIVE, ..content }
            }
            None => content,
        };
        let (style, mark) = (self.theme[Slot::Text], self.theme[Slot::Match]);
        let text = wrapped_with_marks(&shown.row.text(), content.width, style, self.words, mark);
        let facts = self.facts(&shown, content.width);
        let height = usize::from(content.height);
        let mut lines = text;
        let free = height.saturating_sub(lines.len() + facts.len());
        if free > 0 && facts.len() > 0 {
            lines.push(Line::default());
        }
        if lines.len() + facts.len() <= height {
            lines.extend(facts.all());
            self.last.set(Some(0));
            Reading { theme: self.theme, lines: &lines, scroll: 0 }.draw(content, area, buf);
            return;
        }
        let fixed = self.decisive(&shown, content.width.into(), height / 2);
        lines.extend(facts.others());
        let fixed_height = u16::try_from(fixed.len()).unwrap_or(0);
        let above = Rect { height: content.height - fixed_height, ..content };
        for (line, area) in fixed.iter().zip(below(content, above.height).rows()) {
            put(buf, area.x, area.y, area.width, line);
        }
        let last = lines.len().saturating_sub(above.height.into());
        self.last.set(Some(last));
        Reading { theme: self.theme, lines: &lines, scroll: self.scroll }.draw(above, area, buf);
        self.say_what_is_below(last.saturating_sub(self.scroll), area, buf);
    }
}

impl DetailPane<'_> {
    /// Draws the last lines of a reply that is being written.
    fn live(&self, writing: &Writing, content: Rect, buf: &mut Buffer) {
        let (title, slot) =
            if writing.thinking { ("thinking …", Slot::Muted) } else { ("writing …", Slot::Text) };
        put(buf, content.x, content.y, content.width, &heading(title, self.theme));
        let text = below(content, 1);
        let lines = wrapped(writing.text.trim(), text.width, self.theme[slot]);
        let above = lines.len().saturating_sub(usize::from(text.height));
        for (line, area) in lines.iter().skip(above).zip(text.rows()) {
            put(buf, area.x, area.y, area.width, line);
        }
    }

    /// Writes `4 more lines · tab reads on` into the lower border.
    fn say_what_is_below(&self, lines: usize, area: Rect, buf: &mut Buffer) {
        if lines == 0 {
            return;
        }
        let muted = self.theme[Slot::Muted];
        let mut spans = vec![Span::styled(format!(" {} ", counted(lines as u64, "more line")), muted)];
        if let Some(key) = self.key {
            spans.push(Span::styled("· ", muted));
            spans.push(Span::styled(key, self.theme[Slot::Key]));
            spans.push(Span::styled(" reads on ", muted));
        }
        let right = area.right().saturating_sub(2);
        put_right(
            buf,
            right,
            area.bottom().saturating_sub(1),
            area.width.saturating_sub(4),
            &Line::from(spans),
        );
    }

    /// Returns `Row 41 of 212 · accepted ★★★★ in bulk`.
    fn title(&self) -> Line<'static> {
        let Some(shown) = self.shown else { return Line::from("Row") };
        let (place, total) = (thousands(shown.place as u64), thousands(shown.total as u64));
        let state = shown.row.state();
        let (_, slot) = sign(state.kind());
        let mut title = vec![
            Span::raw(format!("Row {place} of {total}")),
            Span::styled(" · ", self.theme[Slot::Muted]),
            Span::styled(state.kind().name(), self.theme[slot]),
        ];
        if let Some(rating) = state.rating() {
            let stars = "★".repeat(rating.stars().into());
            title.push(Span::styled(format!(" {stars}"), self.theme[Slot::Rating]));
        }
        if shown.row.is_bulk() {
            title.push(Span::styled(" in bulk", self.theme[Slot::Muted]));
        }
        if shown.row.is_edited() {
            title.push(Span::styled(" · edited", self.theme[Slot::Muted]));
        }
        Line::from(title)
    }
}

#[cfg(test)]
mod tests;
