//! What a change of many rows would do: the counts, what stands in the way, and some of the rows.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use super::Canvas;
use crate::app::bulk::BulkWindow;
use crate::domain::{Change, Projection, RowNumber, RowView};
use crate::text::counted;
use crate::ui::canvas::cut;
use crate::ui::theme::Slot;
use crate::ui::widget::reading::{heading, wrapped};
use crate::ui::widget::rows::{flag_slot, sign};

/// Draws the window.
pub(super) fn draw(window: &BulkWindow, shown: &Projection, canvas: Canvas<'_>, buf: &mut Buffer) {
    let rows = window.preview.as_ref().map(|preview| counted(preview.rows.len() as u64, "row"));
    let title = format!("Many rows · {} {}", verb(&window.change), rows.as_deref().unwrap_or("…"));
    canvas.frame(&Line::from(title), buf);
    let columns = canvas.window.body.width;
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (place, words) in window.words().iter().enumerate() {
        let slot = match place {
            0 => Slot::Strong,
            _ if words.starts_with("Flagged") => Slot::Warning,
            _ => Slot::Text,
        };
        lines.extend(wrapped(words, columns, canvas.theme[slot]));
    }
    if let Some(preview) = &window.preview {
        lines.push(Line::default());
        let is_all = preview.sample.len() == preview.rows.len();
        lines.push(heading(if is_all { "the rows" } else { "some of the rows" }, canvas.theme));
        lines.extend(sample(&preview.sample, shown, canvas));
    }
    canvas.read(&lines, window.scroll, buf);
}

fn sample(rows: &[RowNumber], shown: &Projection, canvas: Canvas<'_>) -> Vec<Line<'static>> {
    let (theme, columns) = (canvas.theme, usize::from(canvas.window.body.width));
    let line = |row: &RowView<'_>| {
        let (sign, slot) = sign(row.state().kind());
        let mut remarks = Vec::new();
        for flag in row.flags() {
            remarks.extend([Span::raw("  "), Span::styled(flag.kind.short(), theme[flag_slot(flag.kind)])]);
        }
        let taken: usize = remarks.iter().map(Span::width).sum();
        let text = row.text();
        let room = columns.saturating_sub(taken + 2);
        let text = cut(&text, room, theme[Slot::Text]);
        let rest = " ".repeat(room.saturating_sub(text.width()));
        let mut spans = vec![Span::styled(format!("{sign} "), theme[slot])];
        spans.extend([Span::styled(text.content.into_owned(), text.style), Span::raw(rest)]);
        spans.extend(remarks);
        Line::from(spans)
    };
    rows.iter().filter_map(|row| shown.row(*row)).map(|row| line(&row)).collect()
}

/// Returns the verb of a change.
const fn verb(change: &Change) -> &'static str {
    match change {
        Change::Accept { .. } => "accept",
        Change::Reject { .. } => "reject",
        Change::Skip { .. } => "skip",
        Change::ClearRating => "clear the rating of",
        Change::Tag { .. } | Change::Retag { .. } => "tag",
        Change::Relabel { .. } => "relabel",
        Change::Edit { .. } => "edit",
    }
}
