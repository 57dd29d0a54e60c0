//! The facets: each value with a bar and how many of the shown rows have it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Canvas;
use crate::app::facets::{FacetKind, FacetValue, Use};
use crate::app::{FacetLine, FacetsWindow};
use crate::domain::Projection;
use crate::text::{counted, thousands, width};
use crate::ui::canvas::{clear, cut, put, selected_line};
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::bar::{bar, eighths};
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::wrapped;
use crate::ui::widget::scrollbar::Scrollbar;

/// The columns before a value: the selection, and what the filter says of it.
const SIGNS: usize = 4;
/// The columns of a share: ` 100 %`.
const SHARE: usize = 6;

/// Draws the facets in the place of panes.
pub(super) fn draw(window: &FacetsWindow, shown: &Projection, canvas: Canvas<'_>, buf: &mut Buffer) {
    let (theme, area) = (canvas.theme, canvas.window.area);
    clear(buf, area, theme[Slot::Ground]);
    let rows = window.counted.as_ref().map(|facets| facets.rows);
    let title = rows.map_or_else(|| "Facets".to_owned(), |rows| format!("Facets · {}", counted(rows, "row")));
    let right = if window.is_current() { Line::default() } else { Line::from("counting …") };
    Pane { theme, focused: true, title: Line::from(title), right }.render(area, buf);
    let list = canvas.window.list;
    let lines = window.lines();
    if lines.is_empty() {
        let said = match window.is_current() {
            true if shown.is_empty() => "No rows yet.",
            true => "No row matches the filter.",
            false => "…",
        };
        put(buf, list.x, list.y, list.width, &Line::styled(said, theme[Slot::Muted]));
        return;
    }
    let height = usize::from(list.height);
    let first = window.first_in(height, lines.len());
    let columns = Columns::of(window, usize::from(list.width), theme);
    let shown = lines.iter().enumerate().skip(first).take(height);
    for ((place, line), area) in shown.zip(list.rows()) {
        let mut drawn = columns.line(window, *line);
        if !window.is_current() {
            drawn = drawn.patch_style(theme[Slot::Muted]);
            drawn.spans.iter_mut().for_each(|span| span.style = span.style.patch(theme[Slot::Muted]));
        }
        if place == window.selected {
            drawn = selected_line(drawn, area.width, theme);
        }
        put(buf, area.x, area.y, area.width, &drawn);
    }
    Scrollbar { theme, above: first, total: lines.len() }.draw(area, buf);
    if window.counted.as_ref().is_some_and(|facets| facets.blind) {
        blind(list, lines.len() - first, theme, buf);
    }
}

/// Says below the last value what is left out while a blind trial goes on.
fn blind(list: Rect, lines: usize, theme: &Theme, buf: &mut Buffer) {
    let said = "Versions, runs and variables are without the rows of the blind trial, until it ends.";
    let below = usize::from(list.height).saturating_sub(lines + 1);
    let said = wrapped(said, list.width, theme[Slot::Muted]);
    let first = list.bottom().saturating_sub(u16::try_from(below).unwrap_or(0));
    for (line, y) in said.iter().zip(first..list.bottom()) {
        put(buf, list.x, y, list.width, line);
    }
}

/// How wide the parts of a line are.
struct Columns<'a> {
    theme: &'a Theme,
    name: usize,
    bar: usize,
    count: usize,
    rows: u64,
}

impl<'a> Columns<'a> {
    fn of(window: &FacetsWindow, columns: usize, theme: &'a Theme) -> Self {
        let facets = window.counted.iter().flat_map(|facets| &facets.all);
        let values = || facets.clone().flat_map(|facet| &facet.values);
        let count = values().map(|value| value.rows).max().map_or(1, |rows| width(&thousands(rows)));
        let longest = values().map(|value| width(&value.value)).max().unwrap_or(1);
        let room = columns.saturating_sub(SIGNS + count + SHARE + 2);
        // Names have what they need, as long as the bars keep a third of the room.
        let name = longest.clamp(10, (room * 2 / 3).max(10));
        let rows = window.counted.as_ref().map_or(0, |facets| facets.rows);
        Self { theme, name, bar: room.saturating_sub(name), count, rows }
    }

    fn line(&self, window: &FacetsWindow, line: FacetLine<'_>) -> Line<'static> {
        let theme = self.theme;
        match line {
            FacetLine::Gap => Line::default(),
            FacetLine::Heading(facet) => {
                let name =
                    cut(facet.kind.name(), self.name + SIGNS, theme[Slot::Strong]).content.into_owned();
                let mut spans = vec![Span::styled(name, theme[Slot::Strong])];
                if facet.values.len() > 1 {
                    let count = counted(facet.values.len() as u64, "value");
                    spans.push(Span::styled(format!(" · {count}"), theme[Slot::Muted]));
                }
                if let FacetKind::Variable(_) = facet.kind {
                    spans.push(Span::styled(" · variable", theme[Slot::Muted]));
                }
                Line::from(spans)
            }
            FacetLine::More(_, more) => {
                let blank = " ".repeat(SIGNS);
                Line::styled(format!("{blank}… {} more", thousands(more as u64)), theme[Slot::Muted])
            }
            FacetLine::Value(_, value) => self.value(value, window.usage(value)),
        }
    }

    fn value(&self, value: &FacetValue, usage: Option<Use>) -> Line<'static> {
        let theme = self.theme;
        let (sign, slot) = match usage {
            Some(Use::Asked) => (" ✓  ", Slot::Good),
            Some(Use::Excluded) => (" ✗  ", Slot::Dropped),
            None => ("    ", Slot::Text),
        };
        let text = if usage == Some(Use::Excluded) { Slot::Dropped } else { Slot::Text };
        let name = cut(&value.value, self.name, theme[text]).content.into_owned();
        let name = format!("{name}{}", " ".repeat(self.name.saturating_sub(width(&name)) + 1));
        let bar = bar(eighths(value.rows, self.rows, self.bar));
        let bar = format!("{bar}{}", " ".repeat(self.bar.saturating_sub(width(&bar)) + 1));
        let count = format!("{:>wide$}", thousands(value.rows), wide = self.count);
        let (first, rest) = sign.split_at(1);
        Line::from(vec![
            Span::raw(first.to_owned()),
            Span::styled(rest.to_owned(), theme[slot]),
            Span::styled(name, theme[text]),
            Span::styled(bar, theme[Slot::BarAccepted]),
            Span::styled(count, theme[text]),
            Span::styled(format!("{:>SHARE$}", share(value.rows, self.rows)), theme[Slot::Muted]),
        ])
    }
}

/// Returns `61 %`, or `< 1 %` of a few rows; `100 %` only of all.
fn share(rows: u64, all: u64) -> String {
    match (rows, all) {
        (0, _) | (_, 0) => "–".to_owned(),
        _ if rows * 100 < all => "< 1 %".to_owned(),
        _ if rows < all => format!("{} %", ((rows * 200 + all) / (all * 2)).min(99)),
        _ => "100 %".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_and_whole_only_where_no_row_is_left() {
        assert_eq!(share(35, 393), "9 %");
        assert_eq!(share(996, 1000), "99 %");
        assert_eq!(share(9, 1000), "< 1 %");
        assert_eq!(share(7, 7), "100 %");
        assert_eq!(share(0, 7), "–");
    }
}
