//! Rows that are equal or nearly equal: a group of them, side by side or below one another.
//!
//! The best row stands as it is; in the others, what differs from it stands between marks.

use std::collections::VecDeque;

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
            group.draw(body, buf);
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
    /// Draws the rows side by side, and those for which there is no room there below, so that the selected one is in sight.
    fn draw(&self, body: Rect, buf: &mut Buffer) {
        let (beside, columns) = (usize::from(duplicates_beside(body.width)), duplicate_columns(body.width));
        let height = usize::from(body.height);
        let rows: Vec<(usize, &[RowNumber])> =
            (0..).step_by(beside).zip(self.window.rows().chunks(beside)).collect();
        let band = |place: usize| -> Option<Vec<Vec<Line<'static>>>> {
            let (first, rows) = rows.get(place)?;
            let lines =
                |(place, row): (usize, &RowNumber)| self.lines(*row, place == self.window.selected, columns);
            Some((*first..).zip(*rows).map(lines).collect())
        };
        let own = self.window.selected / beside;
        let mut bands = VecDeque::from_iter(band(own));
        for block in bands.iter_mut().flatten() {
            block.drain(..self.above(block, body));
        }
        let mut taken: usize = bands.iter().map(|band| lines_of(band)).sum();
        for before in (0..own).rev().map_while(&band) {
            if taken + lines_of(&before) > height {
                break;
            }
            taken += lines_of(&before);
            bands.push_front(before);
        }
        for behind in (own + 1..).map_while(&band) {
            if taken >= height {
                break;
            }
            taken += lines_of(&behind);
            bands.push_back(behind);
        }
        let mut top = body;
        for band in &bands {
            let mut area = Rect { width: columns, ..top };
            for block in band {
                for (line, area) in block.iter().zip(area.rows()) {
                    put(buf, area.x, area.y, area.width, line);
                }
                area.x = area.x.saturating_add(columns + 2);
            }
            let down = u16::try_from(lines_of(band)).unwrap_or(u16::MAX).min(top.height);
            top = Rect { y: top.y + down, height: top.height - down, ..top };
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

/// Returns how many lines rows take side by side.
fn lines_of(band: &[Vec<Line<'_>>]) -> usize {
    band.iter().map(Vec::len).max().unwrap_or_default()
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
