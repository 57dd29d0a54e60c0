//! A run: its figures, remarks, and failed requests by reason and variable.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use super::Canvas;
use crate::app::overlay::RunWindow;
use crate::app::run_report::{FACT_NAMES, ReportLine, run_report};
use crate::domain::{Projection, Run};
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::reading::{heading, wrapped};

/// Draws the run.
pub(super) fn draw(window: &RunWindow, shown: &Projection, canvas: Canvas<'_>, buf: &mut Buffer) {
    let Some(run) = shown.run(window.run) else { return };
    let title = vec![
        Span::raw(format!("Run {}", run.number)),
        Span::styled(format!(" · {}", run.status.name()), canvas.theme[Slot::Muted]),
    ];
    canvas.frame(&Line::from(title), buf);
    let lines = lines(run, shown, canvas.window.body.width, canvas.theme);
    canvas.read(&lines, window.scroll, buf);
}

fn lines(run: &Run, shown: &Projection, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for line in run_report(run, shown) {
        match line {
            ReportLine::Blank => lines.push(Line::default()),
            ReportLine::Heading(name) => lines.push(heading(name, theme)),
            ReportLine::Fact(name, text) => lines.extend(fact(name, &text, columns, theme)),
            ReportLine::Sentence(text) => lines.extend(wrapped(&text, columns, theme[Slot::Warning])),
            ReportLine::More(text) => lines.extend(wrapped(&text, columns, theme[Slot::Text])),
        }
    }
    lines
}

/// Returns a name with its text beside it, wrapped in its own column.
fn fact(name: &'static str, text: &str, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let pieces = wrapped(text, columns.saturating_sub(FACT_NAMES), theme[Slot::Text]);
    let beside = |(place, piece): (usize, Line<'static>)| {
        let name = if place == 0 { name } else { "" };
        let name = format!("{name:<width$}", width = usize::from(FACT_NAMES));
        let mut spans = vec![Span::styled(name, theme[Slot::Muted])];
        spans.extend(piece.spans);
        Line::from(spans)
    };
    pieces.into_iter().enumerate().map(beside).collect()
}
