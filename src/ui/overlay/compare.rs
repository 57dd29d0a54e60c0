//! The draft beside a version: the lines that differ, with the words that changed.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use super::Canvas;
use crate::app::overlay::CompareWindow;
use crate::text::SafeText;
use crate::text::diff::{DiffLine, Side};
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::reading::{heading, wrapped_line};

/// Draws the comparison.
pub(super) fn draw(window: &CompareWindow, canvas: Canvas<'_>, buf: &mut Buffer) {
    canvas.frame(&Line::from(SafeText::one_line(&window.title).into_inner().into_owned()), buf);
    let columns = canvas.window.body.width;
    let lines: Vec<_> = window.lines.iter().flat_map(|line| drawn(line, columns, canvas.theme)).collect();
    canvas.read(&lines, window.scroll, buf);
}

fn drawn(line: &DiffLine, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let style = match line.side {
        Side::Heading => return vec![heading(&line.text(), theme)],
        Side::Before => theme[Slot::Rejected],
        Side::After => theme[Slot::Accepted],
        Side::Both => theme[Slot::Muted],
    };
    let (mut text, mut marks) = (String::new(), Vec::new());
    for (piece, changed) in &line.pieces {
        let start = text.len();
        text.push_str(SafeText::new(piece).as_str());
        marks.extend(changed.then_some(start..text.len()));
    }
    let lines = wrapped_line(&text, columns.saturating_sub(2), style, &marks, theme[Slot::Match]);
    let with_sign = |(place, mut drawn): (usize, Line<'static>)| {
        let sign = if place == 0 { format!("{} ", line.side.sign()) } else { "  ".to_owned() };
        drawn.spans.insert(0, Span::styled(sign, style));
        drawn
    };
    lines.into_iter().enumerate().map(with_sign).collect()
}
