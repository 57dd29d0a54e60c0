//! The scraps of a run: the reason for each, and its raw text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Canvas, list};
use crate::app::ScrapsWindow;
use crate::domain::{Projection, Run, Scrap};
use crate::text::{counted, width};
use crate::ui::canvas::{outside, put};
use crate::ui::theme::Slot;
use crate::ui::widget::reading::wrapped;

/// Draws the scraps.
pub(super) fn draw(window: &ScrapsWindow, shown: &Projection, canvas: Canvas<'_>, buf: &mut Buffer) {
    let scraps: Vec<&Scrap> = window.places.iter().filter_map(|place| shown.scrap(*place as usize)).collect();
    canvas.frame(&title(window, &scraps, shown, canvas), buf);
    let theme = canvas.theme;
    let numbers = width(&scraps.len().to_string());
    let entry = |index: usize| {
        let scrap = scraps[index];
        let slot = if scrap.repaired { Slot::Dropped } else { Slot::Text };
        let left = Line::from(vec![
            Span::styled(format!("{:>numbers$}  ", index + 1), theme[Slot::Muted]),
            outside(&scrap.reason, theme[slot]),
        ]);
        let mark = if scrap.repaired { "✓ repaired" } else { "" };
        (left, Line::styled(mark, theme[Slot::Good]))
    };
    let place = canvas.window;
    list::draw(scraps.len(), Some(window.selected), entry, (place.list, place.area), theme, buf);
    divide(canvas, " as it came ", place.body.y.saturating_sub(1), buf);
    let raw = scraps.get(window.selected).map(|scrap| scrap.raw.as_str()).unwrap_or_default();
    let reason = scraps.get(window.selected).map(|scrap| scrap.reason.as_str()).unwrap_or_default();
    let mut lines = Vec::new();
    if width(reason) + numbers + 2 > usize::from(place.list.width) {
        lines.extend(wrapped(reason, place.body.width, theme[Slot::Warning]));
        lines.push(Line::default());
    }
    if raw.trim().is_empty() {
        lines.push(Line::styled("Nothing came.", theme[Slot::Muted]));
    } else {
        lines.extend(wrapped(raw, place.body.width, theme[Slot::Text]));
    }
    let pane = Rect { y: place.body.y.saturating_sub(1), height: place.body.height + 2, ..place.area };
    crate::ui::widget::reading::Reading { theme, lines: &lines, scroll: window.scroll }
        .draw(place.body, pane, buf);
}

/// Returns `Scraps · run 12 · 3 scraps, 1 repaired · 24 of 50 rows · 1.2k tokens · $0.0012`.
fn title(window: &ScrapsWindow, scraps: &[&Scrap], shown: &Projection, canvas: Canvas<'_>) -> Line<'static> {
    let muted = canvas.theme[Slot::Muted];
    let repaired = match scraps.iter().filter(|scrap| scrap.repaired).count() {
        0 => String::new(),
        count => format!(", {count} repaired"),
    };
    let run = shown.run(window.run);
    let rows = run.map(|run| format!(" · {} of {} rows", run.rows, run.requested)).unwrap_or_default();
    let usage = run.map(Run::usage).filter(|usage| !usage.is_nothing());
    let usage = usage.map(|usage| format!(" · {usage}")).unwrap_or_default();
    let about = format!(" · {}{repaired}{rows}{usage}", counted(scraps.len() as u64, "scrap"));
    Line::from(vec![Span::raw(format!("Scraps · run {}", window.run)), Span::styled(about, muted)])
}

/// Draws a dividing line with a title across the window.
pub(super) fn divide(canvas: Canvas<'_>, name: &'static str, y: u16, buf: &mut Buffer) {
    let area = canvas.window.area;
    let across = format!("├{}┤", "─".repeat(usize::from(area.width.saturating_sub(2))));
    put(buf, area.x, y, area.width, &Line::from(Span::styled(across, canvas.theme[Slot::OverlayBorder])));
    put(
        buf,
        area.x + 2,
        y,
        area.width.saturating_sub(4),
        &Line::styled(name, canvas.theme[Slot::OverlayTitle]),
    );
}
