//! The rows pane: the visible lines, each with its state in the gutter.
//!
//! It gets the visible rows only, so drawing costs the same for ten rows and for a million. Columns
//! keep their places while rows come and are scrolled, and the text has the width of those that no
//! row needs:
//!
//! ```text
//! ▌✓ ★★★★  the text, cut at the end …      0.81  label  v7  dup copy
//! ```

mod line;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::app::columns::Needs;
use crate::app::geometry::{inside, padded};
use crate::domain::projection::StateCounts;
use crate::domain::{FlagKind, RowState, RowText, StateKind};
use crate::text::thousands;
use crate::ui::canvas::{cut, fitting, line_width, outside, put};
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::footer::Hint;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::scrollbar::Scrollbar;
use line::Columns;
pub(crate) use line::flag_slot;

/// The width to which a filter is cut beside an order in a narrow pane.
const SHORT_FILTER: usize = 20;

/// One visible row.
#[derive(Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "they are four signs that a row may have")]
pub(crate) struct RowLine<'a> {
    pub(crate) state: RowState,
    /// Untrusted text.
    pub(crate) text: RowText<'a>,
    /// Untrusted text.
    pub(crate) label: &'a str,
    /// Number of the version that the row comes from.
    pub(crate) version: Option<u32>,
    /// Whether the row comes from a file instead.
    pub(crate) imported: bool,
    /// Flags, the worst first.
    pub(crate) flags: Vec<FlagKind>,
    /// Whether a person edited its fields.
    pub(crate) edited: bool,
    /// Whether it is marked, to be decided with others.
    pub(crate) marked: bool,
    /// Whether it is shown although the filter hides it.
    pub(crate) revealed: bool,
    /// The figure by which the rows are sorted; empty where it is shown anyway.
    pub(crate) figure: String,
}

/// How far the search for the rows of a view is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Search {
    /// All rows are found.
    #[default]
    Done,
    /// Some rows are found and shown.
    Begun,
    /// No row is found yet; those of the view before are shown.
    Awaited,
}

/// The visible rows, and the texts in the border.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowsPane<'a> {
    pub(crate) theme: &'a Theme,
    /// Whether the pane has the focus.
    pub(crate) focused: bool,
    /// The visible rows, from the top line down.
    pub(crate) window: &'a [RowLine<'a>],
    /// Number of rows of the view above the window.
    pub(crate) above: usize,
    /// Number of rows in the view.
    pub(crate) total: usize,
    /// The selected line, counted from the top of the window.
    pub(crate) selected: Option<usize>,
    /// The columns that the rows need.
    pub(crate) needs: Needs,
    /// The counts of all rows.
    pub(crate) counts: StateCounts,
    /// The filter as it was typed; empty where there is none.
    pub(crate) filter: &'a str,
    /// How far the filter has been applied.
    pub(crate) search: Search,
    /// The words that the filter looks for in texts.
    pub(crate) words: &'a [&'a str],
    /// The order, such as `sort:arrival`.
    pub(crate) sort: &'a str,
    /// Whether that is another order than the one in which rows came.
    pub(crate) is_sorted: bool,
    /// How many rows are marked.
    pub(crate) marked: usize,
    /// Hints for a pane without rows.
    pub(crate) hints: &'a [Hint<'a>],
}

impl Widget for RowsPane<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let (title, right) = self.titles(area);
        Pane { theme: self.theme, focused: self.focused, title, right }.render(area, buf);
        let inner = inside(area);
        if self.total == 0 {
            self.empty(padded(inside(area)), buf);
            return;
        }
        let columns = Columns::of(inner.width, self.needs);
        for (place, row) in self.window.iter().take(usize::from(inner.height)).enumerate() {
            let offset = u16::try_from(place).unwrap_or(u16::MAX);
            let line = Rect { y: inner.y + offset, height: 1, ..inner };
            let selected = self.selected == Some(place);
            if row.marked {
                buf.set_style(line, self.theme[Slot::SelectedUnfocused]);
            }
            if selected {
                let slot = if self.focused { Slot::Selected } else { Slot::SelectedUnfocused };
                buf.set_style(line, self.theme[slot]);
            }
            columns.draw(row, selected, &self, line, buf);
        }
        let (above, total) = (self.above, self.total);
        Scrollbar { theme: self.theme, above, total }.draw(area, buf);
    }
}

impl RowsPane<'_> {
    /// Returns the counts, and the filter with the order; a narrow pane leaves out what says least.
    fn titles(&self, area: Rect) -> (Line<'_>, Line<'_>) {
        let muted = self.theme[Slot::Muted];
        if self.marked > 0 {
            let marked = format!("{} marked", thousands(self.marked as u64));
            let right = Line::styled(marked, self.theme[Slot::Notice]);
            let room = Pane::room(area, &right);
            return (fitting(vec![self.counted(true), self.counted(false)], room), right);
        }
        let state = if self.filter.is_empty() { "state:any" } else { self.filter };
        let order = Span::styled(self.sort, muted);
        let long = Line::from(vec![outside(state, muted), Span::raw("  "), order.clone()]);
        let short = if !self.is_sorted {
            Line::from(outside(state, muted))
        } else if self.filter.is_empty() {
            Line::from(order)
        } else {
            Line::from(vec![cut(self.filter, SHORT_FILTER, muted), Span::raw("  "), order])
        };
        let counts = [self.counted(true), self.counted(false)];
        for right in [long, short.clone()] {
            let room = Pane::room(area, &right);
            if line_width(&counts[1]) <= room {
                return (fitting(counts.to_vec(), room), right);
            }
        }
        let found = Line::from(self.found());
        if !self.filter.is_empty() && line_width(&found) <= Pane::room(area, &short) {
            return (found, short);
        }
        let [_, signs] = counts;
        (signs, Line::default())
    }

    /// Returns `Rows`, and how many of all a filter finds.
    fn found(&self) -> Vec<Span<'static>> {
        let mut spans = vec![Span::raw("Rows")];
        if !self.filter.is_empty() {
            let (found, all) = (thousands(self.total as u64), thousands(self.counts.total().into()));
            let found = match self.search {
                Search::Begun => format!(" … {found} so far"),
                Search::Done | Search::Awaited => format!(" {found} of {all}"),
            };
            spans.push(Span::styled(found, self.theme[Slot::Figure]));
        }
        spans
    }

    /// Returns `Rows · 128 pending  61 accepted …`, or with signs instead of the words.
    fn counted(&self, in_words: bool) -> Line<'static> {
        let mut spans = self.found();
        let mut first = true;
        for kind in StateKind::ALL {
            let count = self.counts.of(kind);
            if count == 0 && !(kind == StateKind::Pending && self.counts.total() > 0) {
                continue;
            }
            let (sign, slot) = sign(kind);
            let gap = match (first, in_words) {
                (true, _) => " · ",
                (false, true) => "  ",
                (false, false) => " ",
            };
            let word = if in_words || kind == StateKind::Pending { kind.name() } else { sign };
            let style = self.theme[slot];
            spans
                .extend([Span::raw(gap), Span::styled(format!("{} {word}", thousands(count.into())), style)]);
            first = false;
        }
        Line::from(spans)
    }

    fn empty(&self, area: Rect, buf: &mut Buffer) {
        let muted = self.theme[Slot::Muted];
        let mut spans = vec![];
        if self.search == Search::Awaited {
            spans.push(Span::styled("Finding rows…", muted));
        } else if self.counts.total() > 0 {
            spans.extend([
                Span::styled("No row matches ", muted),
                outside(self.filter, self.theme[Slot::Text]),
                Span::styled(".", muted),
            ]);
        } else {
            spans.push(Span::styled("No rows yet.", self.theme[Slot::Text]));
        }
        for (place, hint) in self.hints.iter().enumerate() {
            spans.push(Span::styled(if place == 0 { " " } else { " · " }, muted));
            spans.push(Span::styled(hint.key.as_ref(), self.theme[Slot::Key]));
            spans.push(Span::styled(format!(" {}", hint.label), muted));
        }
        put(buf, area.x, area.y, area.width, &Line::from(spans));
    }
}

/// Returns the sign of a state in the gutter, and its slot.
pub(crate) const fn sign(kind: StateKind) -> (&'static str, Slot) {
    match kind {
        StateKind::Pending => ("·", Slot::Pending),
        StateKind::Accepted => ("✓", Slot::Accepted),
        StateKind::Rejected => ("✗", Slot::Rejected),
        StateKind::Skipped => ("–", Slot::Skipped),
        // No row that is drawn is in this state.
        StateKind::Withdrawn => (" ", Slot::Skipped),
    }
}

#[cfg(test)]
mod tests;
