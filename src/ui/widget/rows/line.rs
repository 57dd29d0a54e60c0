//! One row on one line, in columns.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{RowLine, RowsPane, sign};
use crate::domain::{FlagKind, StateKind};
use crate::text::{SafeText, width};
use crate::ui::canvas::{cut, marked, put};
use crate::ui::theme::{Slot, Theme};

/// The largest width of a label in columns.
const LABEL: usize = 12;
/// The width of the pane from which on stars and several flags are written out.
const WIDE: u16 = 60;

/// The first columns of a row's parts, relative to the pane's inside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    stars: u16,
    text: u16,
    label: u16,
    version: u16,
    flags: u16,
    end: u16,
}

impl Columns {
    /// Lays out the columns for the visible rows.
    pub(super) fn of(total: u16, window: &[RowLine<'_>], with_labels: bool) -> Self {
        let widest = |columns: &dyn Fn(&RowLine<'_>) -> usize, most: usize| {
            u16::try_from(window.iter().map(columns).max().unwrap_or(0).min(most)).unwrap_or(0)
        };
        let is_wide = total >= WIDE;
        let versions = widest(&|row| row.version.map_or(0, |number| width(&format!("v{number}"))), 8).max(2);
        let flags = if is_wide { 11 } else { 5 };
        let labels =
            if with_labels { widest(&|row| width(SafeText::one_line(row.label).as_str()), LABEL) } else { 0 };
        let end = total.saturating_sub(1);
        let flags_at = end.saturating_sub(flags);
        let version_at = flags_at.saturating_sub(versions + 1 + u16::from(is_wide));
        let label_at = version_at.saturating_sub(if labels > 0 { labels + 2 } else { 0 });
        let stars = if is_wide { 5 } else { 2 };
        let text = 4 + stars + 1;
        Self { stars, text, label: label_at, version: version_at, flags: flags_at, end }
    }

    /// Draws a row on its line.
    pub(super) fn draw(
        self,
        row: &RowLine<'_>,
        selected: bool,
        pane: &RowsPane<'_>,
        line: Rect,
        buf: &mut Buffer,
    ) {
        let theme = pane.theme;
        let (sign, slot) = sign(row.state.kind());
        let mut at = |column: u16, end: u16, spans: Vec<Span<'_>>| {
            let columns = end.min(self.end).saturating_sub(column);
            if columns > 0 {
                put(buf, line.x + column, line.y, columns, &Line::from(spans));
            }
        };
        if selected {
            at(1, 2, vec![Span::styled("▌", theme[Slot::Marker])]);
        }
        at(2, 3, vec![Span::styled(sign, theme[slot])]);
        if row.revealed {
            at(3, 4, vec![Span::styled("+", theme[Slot::Notice])]);
        }
        if let Some(rating) = row.state.rating() {
            let stars = usize::from(rating.stars());
            let drawn = if self.stars >= 5 { "★".repeat(stars) } else { format!("★{stars}") };
            at(4, 4 + self.stars, vec![Span::styled(drawn, theme[Slot::Rating])]);
        }
        let text = match row.state.kind() {
            StateKind::Rejected | StateKind::Skipped => Slot::Dropped,
            StateKind::Pending | StateKind::Accepted => Slot::Text,
        };
        let text_end = self.label.saturating_sub(1);
        at(
            self.text,
            text_end,
            marked(
                cut(row.text, usize::from(text_end.saturating_sub(self.text)), theme[text]),
                pane.words,
                theme[Slot::Match],
            ),
        );
        if self.label < self.version {
            at(self.label, self.version, vec![cut(row.label, LABEL, theme[Slot::Label])]);
        }
        if let Some(number) = row.version {
            at(self.version, self.flags, vec![Span::styled(format!("v{number}"), theme[Slot::Version])]);
        }
        at(self.flags, self.end, remarks(row, usize::from(self.end.saturating_sub(self.flags)), theme));
    }
}

/// Returns the short names of the flags that fit, and how many do not.
fn remarks(row: &RowLine<'_>, columns: usize, theme: &Theme) -> Vec<Span<'static>> {
    let mut words: Vec<(&'static str, Slot)> =
        row.flags.iter().map(|flag| (flag.short(), flag_slot(*flag))).collect();
    if row.edited {
        words.push(("edit", Slot::Muted));
    }
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut used = 0;
    for (place, (word, slot)) in words.iter().enumerate() {
        let left = words.len() - place;
        let more = if left > 1 { 3 } else { 0 };
        let gap = usize::from(place > 0);
        if place > 0 && used + gap + word.len() + more > columns {
            if used + 3 <= columns {
                spans.push(Span::styled(format!(" +{left}"), theme[Slot::Muted]));
            }
            break;
        }
        spans.push(Span::raw(" ".repeat(gap)));
        spans.push(Span::styled(*word, theme[*slot]));
        used += gap + word.len();
    }
    spans
}

/// Returns the slot of a flag: flags that spoil a dataset are conspicuous.
pub(crate) const fn flag_slot(flag: FlagKind) -> Slot {
    match flag {
        FlagKind::ContaminatesTest => Slot::FlagSevere,
        _ => Slot::Flag,
    }
}
