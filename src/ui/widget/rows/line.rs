//! One row on one line, in columns.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Needs, RowLine, RowsPane, sign};
use crate::app::columns::{EDITED, FILE};
use crate::domain::{FlagKind, StateKind};
use crate::text::SafeText;
use crate::ui::canvas::{cut, marked, put};
use crate::ui::theme::{Slot, Theme};

/// The width of the pane from which on stars are written out and columns stand further apart.
const WIDE: u16 = 60;
/// The column at which a row's text begins, or its stars where rows have some.
const START: u16 = 4;

/// A column: where it begins, relative to the pane's inside, and its width.
#[derive(Debug, Clone, Copy, Default)]
struct Column {
    at: u16,
    width: u16,
}

/// The columns of a row's parts; those that are left out have no width.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    stars: Column,
    text: Column,
    figure: Column,
    label: Column,
    version: Column,
    remarks: Column,
}

impl Columns {
    /// Lays out the columns that rows need in this width.
    pub(super) fn of(total: u16, needs: Needs) -> Self {
        let gap = if total >= WIDE { 2 } else { 1 };
        // One column stays free at the right.
        let mut end = total.saturating_sub(1);
        let mut from_right = |needed: usize| {
            let width = u16::try_from(needed).unwrap_or(u16::MAX).min(end);
            let column = Column { at: end - width, width };
            if width > 0 {
                end = column.at.saturating_sub(gap);
            }
            column
        };
        let remarks = from_right(needs.remarks);
        let version = from_right(needs.version);
        let label = from_right(needs.label);
        let figure = from_right(needs.figure);
        let stars = match (needs.stars, total >= WIDE) {
            (false, _) => 0,
            (true, true) => 5,
            (true, false) => 2,
        };
        let at = if stars > 0 { START + stars + 1 } else { START };
        let text = Column { at, width: end.saturating_sub(at) };
        Self { stars: Column { at: START, width: stars }, text, figure, label, version, remarks }
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
        let mut at = |column: Column, spans: Vec<Span<'_>>| {
            let columns = column.width.min(line.width.saturating_sub(column.at + 1));
            if columns > 0 {
                put(buf, line.x + column.at, line.y, columns, &Line::from(spans));
            }
        };
        if row.marked {
            at(Column { at: 0, width: 1 }, vec![Span::styled("»", theme[Slot::Marker])]);
        }
        if selected {
            at(Column { at: 1, width: 1 }, vec![Span::styled("▌", theme[Slot::Marker])]);
        }
        at(Column { at: 2, width: 1 }, vec![Span::styled(sign, theme[slot])]);
        if row.revealed {
            at(Column { at: 3, width: 1 }, vec![Span::styled("+", theme[Slot::Notice])]);
        }
        if let Some(rating) = row.state.rating() {
            let stars = usize::from(rating.stars());
            let drawn = if self.stars.width >= 5 { "★".repeat(stars) } else { format!("★{stars}") };
            at(self.stars, vec![Span::styled(drawn, theme[Slot::Rating])]);
        }
        let text = match row.state.kind() {
            StateKind::Rejected | StateKind::Skipped | StateKind::Withdrawn => Slot::Dropped,
            StateKind::Pending | StateKind::Accepted => Slot::Text,
        };
        let shown = cut(&row.text, self.text.width.into(), theme[text]);
        at(self.text, marked(shown, pane.words, theme[Slot::Match]));
        let figure = format!("{:>1$}", row.figure, usize::from(self.figure.width));
        at(self.figure, vec![Span::styled(figure, theme[Slot::Figure])]);
        let label = SafeText::name(row.label).into_inner();
        at(self.label, vec![cut(&label, self.label.width.into(), theme[Slot::Label])]);
        let version = row.version.map(|number| format!("v{number}"));
        if let Some(source) = version.or_else(|| row.imported.then(|| FILE.to_owned())) {
            at(self.version, vec![Span::styled(source, theme[Slot::Version])]);
        }
        at(self.remarks, remarks(row, self.remarks.width.into(), theme));
    }
}

/// Returns the short names of the flags that fit, and how many do not.
fn remarks(row: &RowLine<'_>, columns: usize, theme: &Theme) -> Vec<Span<'static>> {
    let mut words: Vec<(&'static str, Slot)> =
        row.flags.iter().map(|flag| (flag.short(), flag_slot(*flag))).collect();
    if row.edited {
        words.push((EDITED, Slot::Muted));
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
