//! The Coverage view: a table of two variables with the rows of each pair of values; holes stand out without colour.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Screen;
use crate::app::Command;
use crate::app::coverage::{CoverageCell, CoverageMap};
use crate::app::geometry::coverage::{CELL, CoverageGeometry};
use crate::app::geometry::{inside, padded};
use crate::domain::Provider;
use crate::text::counted;
use crate::ui::canvas::{cut, outside, put};
use crate::ui::theme::Slot;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::wrapped;

/// The shades of a cell, from few rows to as many as the fullest one has.
const SHADES: [&str; 4] = ["░", "▒", "▓", "█"];
/// What stands for a value of a variable that does not count.
const EMPTY: &str = "(empty)";

impl Screen<'_> {
    /// Draws the Coverage view.
    pub(super) fn coverage(self, buf: &mut Buffer) {
        let area = self.model.measure_area();
        let map = self.model.coverage_map();
        let left_out = self.model.shown().blind_trial().map_or_else(String::new, |trial| {
            format!("without the rows of the blind {} · ", trial.kind.name())
        });
        let holes = map.as_ref().map(|map| counted(map.holes() as u64, "hole"));
        let right = Line::from(holes.map(|holes| left_out + &holes).unwrap_or_default());
        let title = map.as_ref().map_or_else(|| Line::from("Coverage"), |map| self.coverage_title(map));
        Pane { theme: self.theme, focused: true, title, right }.render(area, buf);
        let Some(map) = map else {
            let said = "The prompt has no variables yet. Under [variables] in session.toml, or in the prompt's third \
                        part, write lines such as `topic = [\"prize\", \"bank\"]`: then this shows how many rows each \
                        pair of values has.";
            self.coverage_sentences(&[(said.to_owned(), Slot::Muted)], padded(inside(area)), buf);
            return;
        };
        let geometry = self.model.coverage_geometry(&map);
        self.coverage_heads(&map, &geometry, buf);
        let most = map.cells.iter().map(|cell| cell.have()).max().unwrap_or(0);
        for line in (geometry.lines.0..).take(geometry.lines.1) {
            for column in (geometry.columns.0..).take(geometry.columns.1) {
                let place = geometry.cell(line, column);
                let is_selected = (line, column) == (self.model.coverage.line, self.model.coverage.column);
                self.coverage_cell(map.cell(line, column), most, (place, is_selected), buf);
            }
        }
        self.below_coverage(&map, &geometry, buf);
    }

    fn coverage_title(self, map: &CoverageMap) -> Line<'static> {
        let muted = self.theme[Slot::Muted];
        let name =
            |name: &str| Span::from(outside(name, self.theme[Slot::TemplateName]).content.into_owned());
        let mut spans = vec![Span::raw("Coverage"), Span::styled(" · ", muted), name(&map.down)];
        if let Some(across) = &map.across {
            spans.extend([Span::styled(" × ", muted), name(across)]);
        }
        Line::from(spans)
    }

    /// Draws the values above and before the cells.
    fn coverage_heads(self, map: &CoverageMap, geometry: &CoverageGeometry, buf: &mut Buffer) {
        let (content, heads) = (geometry.content, geometry.heads);
        let (strong, muted) = (self.theme[Slot::Strong], self.theme[Slot::Muted]);
        let down = cut(&map.down, usize::from(heads.saturating_sub(3)), muted);
        put(buf, content.x, content.y, heads, &Line::from(vec![down, Span::styled(" ↓", muted)]));
        if let Some(across) = &map.across {
            let name = cut(across, usize::from(CELL), muted);
            let line = Line::from(vec![name, Span::styled(" →", muted)]);
            put(buf, content.x + heads, content.y, content.width.saturating_sub(heads), &line);
        }
        for column in (geometry.columns.0..).take(geometry.columns.1) {
            let place = geometry.cell(geometry.lines.0, column);
            let name = match (&map.across, map.columns.get(column)) {
                (None, _) => "rows",
                (_, Some(value)) => shown(value),
                (_, None) => "",
            };
            let line = Line::from(cut(name, usize::from(place.width), strong));
            put(buf, place.x, content.y + 1, place.width, &line);
        }
        for line in (geometry.lines.0..).take(geometry.lines.1) {
            let y = geometry.cell(line, geometry.columns.0).y;
            let value = map.lines.get(line).map_or("", |value| shown(value));
            put(buf, content.x, y, heads, &Line::from(cut(value, usize::from(heads - 2), strong)));
        }
        let unseen = |(first, seen): (usize, usize), all: usize| all - seen.min(all - first.min(all)) > 0;
        if unseen(geometry.columns, map.columns.len()) {
            let last = geometry.columns.0 + geometry.columns.1;
            let said = format!("{}–{last} of {}", geometry.columns.0 + 1, map.columns.len());
            let x = content.right().saturating_sub(u16::try_from(said.chars().count()).unwrap_or(0));
            put(buf, x, content.y, content.width, &Line::styled(said, muted));
        }
    }

    fn coverage_cell(
        self,
        cell: CoverageCell,
        most: u32,
        (place, is_selected): (Rect, bool),
        buf: &mut Buffer,
    ) {
        let mut line = Line::from(vec![Span::raw(if is_selected { "▌" } else { " " })]);
        line.spans.extend(self.coverage_spans(cell, most));
        if is_selected {
            let used: usize = line.spans.iter().map(|span| span.content.chars().count()).sum();
            line.push_span(" ".repeat(usize::from(place.width).saturating_sub(used)));
            line = line.patch_style(self.theme[Slot::Selected]);
            line.spans[0].style = self.theme[Slot::Marker];
        }
        put(buf, place.x.saturating_sub(1), place.y, place.width + 1, &line);
    }

    fn coverage_spans(self, cell: CoverageCell, most: u32) -> Vec<Span<'static>> {
        let theme = self.theme;
        let mut spans = Vec::new();
        if cell.have() > 0 {
            let shade = (cell.have() * 4).div_ceil(most.max(1)).clamp(1, 4) as usize - 1;
            spans.push(Span::styled(format!("{} ", SHADES[shade]), theme[Slot::BarAccepted]));
            spans.push(Span::styled(cell.accepted.to_string(), theme[Slot::Accepted]));
            if cell.pending > 0 {
                spans.push(Span::styled(format!(" +{}", cell.pending), theme[Slot::Pending]));
            }
        } else if cell.is_possible {
            spans.push(Span::styled("○ 0", theme[Slot::Warning]));
        } else {
            spans.push(Span::styled("–", theme[Slot::Muted]));
        }
        if cell.planned > 0 {
            spans.push(Span::styled(format!(" ›{}", cell.planned), theme[Slot::Notice]));
        }
        spans
    }

    /// Draws the selected cell in words, the plan of the next run, and what the signs mean.
    fn below_coverage(self, map: &CoverageMap, geometry: &CoverageGeometry, buf: &mut Buffer) {
        let content = geometry.content;
        let top = geometry.below().min(content.bottom());
        let area = Rect { y: top, height: content.bottom().saturating_sub(top), ..content };
        let mut said = vec![(self.cell_said(map), Slot::Text)];
        said.extend(self.next_said().map(|said| (said, Slot::Notice)));
        if map.elsewhere > 0 {
            let rows = counted(u64::from(map.elsewhere), "row");
            said.push((format!("{rows} of other values, or of none, are not in it."), Slot::Muted));
        }
        let signs = "░▒▓█ few to many · accepted +pending ›planned · ○ hole · – cannot be";
        said.push((signs.to_owned(), Slot::Muted));
        self.coverage_sentences(&said, area, buf);
    }

    fn cell_said(self, map: &CoverageMap) -> String {
        let (line, column) = (self.model.coverage.line, self.model.coverage.column);
        let values = map.values_of(line, column);
        let named: Vec<_> = values.iter().map(|(name, value)| format!("{name} = {}", shown(value))).collect();
        let cell = map.cell(line, column);
        if !cell.is_possible && cell.have() == 0 {
            return format!("{}: the conditions allow no row.", named.join(" · "));
        }
        let CoverageCell { accepted, pending, rejected, .. } = cell;
        let key = self.key(Command::SampleInto).unwrap_or_default();
        let rows = counted(u64::from(self.model.sampling.order.rows), "row");
        format!(
            "{}: {accepted} accepted, {pending} pending, {rejected} rejected. {key} samples {rows} here.",
            named.join(" · ")
        )
    }

    /// Returns what the next run does on the bench.
    fn next_said(self) -> Option<String> {
        if self.model.sampling.order.generator.provider == Provider::Offline {
            return Some("The offline generator reads no variables: its rows fill no cell.".to_owned());
        }
        self.model.plan_said().map(|said| format!("Next run: {said}"))
    }

    fn coverage_sentences(self, said: &[(String, Slot)], area: Rect, buf: &mut Buffer) {
        let lines = said.iter().flat_map(|(text, slot)| wrapped(text, area.width, self.theme[*slot]));
        for (line, row) in lines.zip(area.rows()) {
            put(buf, row.x, row.y, row.width, &line);
        }
    }
}

fn shown(value: &str) -> &str {
    if value.is_empty() { EMPTY } else { value }
}
