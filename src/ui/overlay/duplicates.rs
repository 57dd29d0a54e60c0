//! Rows that are equal or nearly equal: a group of them, side by side or below one another.
//!
//! The best row stands as it is; in the others, what differs from it stands between marks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Canvas;
use crate::app::DuplicatesWindow;
use crate::app::duplicates::{best_of, no_group};
use crate::app::geometry::window::{duplicate_columns, duplicates_beside};
use crate::domain::{Flag, Projection, RowNumber, RowView};
use crate::text::thousands;
use crate::ui::canvas::put;
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::reading::wrapped;
use crate::ui::widget::rows::sign;
use crate::ui::widget::scrollbar::Scrollbar;
use crate::ui::widget::word_diff::difference;

/// The columns before a row's lines: the mark of the selected one.
const MARK: u16 = 2;

/// Draws the group.
pub(super) fn draw(window: &DuplicatesWindow, shown: &Projection, canvas: Canvas<'_>, buf: &mut Buffer) {
    canvas.frame(&title(window, canvas.theme), buf);
    let (body, theme) = (canvas.window.body, canvas.theme);
    let sentence = match &window.groups {
        None => "Looking for rows that are equal or nearly equal …",
        Some(groups) if groups.is_empty() => no_group(shown),
        Some(_) => {
            let group = Drawn { window, projection: shown, theme, best: best_of(shown, window.rows()) };
            if duplicates_beside(body.width) == 1 {
                group.stacked(body, buf);
            } else {
                group.beside(body, buf);
            }
            Scrollbar { theme, above: window.selected, total: window.rows().len() }
                .draw(canvas.window.area, buf);
            return;
        }
    };
    for (line, area) in wrapped(sentence, body.width, theme[Slot::Muted]).iter().zip(body.rows()) {
        put(buf, area.x, area.y, area.width, line);
    }
}

/// Returns `Equal or nearly equal · group 3 of 12 · row 1 of 2`, and whether a filter is there, which narrows no group.
fn title(window: &DuplicatesWindow, theme: &Theme) -> Line<'static> {
    let count = window.groups.as_ref().map_or(0, Vec::len);
    let mut spans = vec![Span::raw("Equal or nearly equal")];
    if count > 0 {
        let (group, rows) = (thousands(window.group as u64 + 1), window.rows().len());
        let row = thousands(window.selected as u64 + 1);
        let count = thousands(count as u64);
        let whatever = if window.is_filtered { " · whatever the filter" } else { "" };
        let about =
            format!(" · group {group} of {count} · row {row} of {}{whatever}", thousands(rows as u64));
        spans.push(Span::styled(about, theme[Slot::Muted]));
    }
    Line::from(spans)
}

/// A group that is drawn.
struct Drawn<'a> {
    window: &'a DuplicatesWindow,
    projection: &'a Projection,
    theme: &'a Theme,
    best: Option<RowNumber>,
}

impl Drawn<'_> {
    /// Draws the page of rows that has the selected one, side by side.
    fn beside(&self, body: Rect, buf: &mut Buffer) {
        let beside = usize::from(duplicates_beside(body.width));
        let columns = duplicate_columns(body.width);
        let first = self.window.selected / beside * beside;
        let mut x = body.x;
        for (place, row) in self.window.rows().iter().enumerate().skip(first).take(beside) {
            let lines = self.lines(*row, place == self.window.selected, columns);
            let area = Rect { x, width: columns, ..body };
            for (line, area) in lines.iter().skip(self.above(&lines, body)).zip(area.rows()) {
                put(buf, area.x, area.y, area.width, line);
            }
            x = x.saturating_add(columns + 2);
        }
    }

    /// Draws the rows below one another, from one on with which the selected one is in sight.
    fn stacked(&self, body: Rect, buf: &mut Buffer) {
        let height = usize::from(body.height);
        let of = |place: usize| {
            let row = self.window.rows().get(place).copied();
            row.map(|row| self.lines(row, place == self.window.selected, body.width)).unwrap_or_default()
        };
        let own = of(self.window.selected);
        let above = self.above(&own, body);
        let mut lines: Vec<Line<'static>> = own.into_iter().skip(above).collect();
        let mut first = self.window.selected;
        while let Some(before) = first.checked_sub(1) {
            let mut block = of(before);
            if block.len() + lines.len() > height {
                break;
            }
            block.append(&mut lines);
            (lines, first) = (block, before);
        }
        let mut next = self.window.selected + 1;
        while lines.len() < height && next < self.window.rows().len() {
            lines.extend(of(next));
            next += 1;
        }
        for (line, area) in lines.iter().zip(body.rows()) {
            put(buf, area.x, area.y, area.width, line);
        }
    }

    /// Returns how many lines of a row are scrolled past: none where it fits.
    fn above(&self, lines: &[Line<'_>], body: Rect) -> usize {
        self.window.scroll.min(lines.len().saturating_sub(usize::from(body.height)))
    }

    /// Returns a row: its state and figures, and its text beside that of the best one.
    fn lines(&self, number: RowNumber, is_selected: bool, columns: u16) -> Vec<Line<'static>> {
        let Some(row) = self.projection.row(number) else { return vec![] };
        let theme = self.theme;
        let columns = columns.saturating_sub(MARK);
        let mut lines = vec![self.state(&row)];
        lines.extend(wrapped(&about(&row), columns, theme[Slot::Muted]));
        let best = self.best.filter(|best| *best != number).and_then(|best| self.projection.row(best));
        match best {
            Some(best) => lines.extend(difference(&best.text(), &row.text(), columns, theme)),
            None => lines.extend(wrapped(&row.text(), columns, theme[Slot::Text])),
        }
        let mark = Span::styled(if is_selected { "▌ " } else { "  " }, theme[Slot::Marker]);
        for line in &mut lines {
            line.spans.insert(0, mark.clone());
        }
        lines.push(Line::default());
        lines
    }

    /// Returns `✓ accepted ★★★★ · best`.
    fn state(&self, row: &RowView<'_>) -> Line<'static> {
        let (theme, state) = (self.theme, row.state());
        let (sign, slot) = sign(state.kind());
        let mut spans = vec![Span::styled(format!("{sign} {}", state.kind().name()), theme[slot])];
        if let Some(rating) = state.rating() {
            spans.push(Span::styled(format!(" {}", "★".repeat(rating.stars().into())), theme[Slot::Rating]));
        }
        if self.best == Some(row.number()) {
            spans.extend([Span::styled(" · ", theme[Slot::Muted]), Span::styled("best", theme[Slot::Good])]);
        }
        Line::from(spans)
    }
}

/// Returns `#41 k3f9a2b1c0 · near-duplicate 0.93, too-short · novelty 0.81`.
fn about(row: &RowView<'_>) -> String {
    let flag = |flag: Flag| match flag.figure.filter(|figure| *figure <= 1.0) {
        Some(figure) => format!("{} {figure:.2}", flag.kind.name()),
        None => flag.kind.name().to_owned(),
    };
    let flags: Vec<String> = row.flags().map(flag).collect();
    let mut words = vec![format!("#{} {}", row.number().shown(), row.id())];
    words.extend((!flags.is_empty()).then(|| flags.join(", ")));
    words.extend(row.scores().novelty.map(|novelty| format!("novelty {novelty:.2}")));
    words.join(" · ")
}
