//! A one-line input: a filter, a reason, tags; with earlier inputs to choose from.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use tui_textarea::TextArea;

use super::{Canvas, list};
use crate::app::LineInput;
use crate::app::bulk::Target;
use crate::app::overlay::{LinePurpose, SIGN};
use crate::ui::canvas::{outside, put};
use crate::ui::theme::Slot;
use crate::ui::widget::reading::{Reading, wrapped};
use crate::ui::widget::text_area::{Stretch, TextAreaView};

/// Draws the line.
pub(super) fn draw(line: &LineInput, canvas: Canvas<'_>, buf: &mut Buffer) {
    let title = match line.purpose {
        LinePurpose::Filter => "Filter the rows".to_owned(),
        LinePurpose::Reason(target) => format!("Reject {}: why?", said(target)),
        LinePurpose::Label(target) => format!("Another label of {}", said(target)),
        LinePurpose::VersionNote(_) => "Note about the version; empty takes it away".to_owned(),
        LinePurpose::VersionLabel(_) => "Label of the version; one that it has is taken off".to_owned(),
        LinePurpose::Fork(_) => "Name of the prompt that begins with these words".to_owned(),
        LinePurpose::ViewName => "Name of the view; one that it has is replaced".to_owned(),
        LinePurpose::View => "Show a saved view".to_owned(),
        LinePurpose::ViewToDelete => "Delete a saved view".to_owned(),
        LinePurpose::Elsewhere { leaves: false } => "Write everything to this new folder".to_owned(),
        LinePurpose::Elsewhere { leaves: true } => "Write everything to this new folder, and quit".to_owned(),
        LinePurpose::Tags(Target::Row(row)) => format!("Tags of row #{}, parted by commas", row.shown()),
        LinePurpose::Tags(target) => format!("Tags of {}: +tag adds, -tag takes away", said(target)),
    };
    canvas.frame(&Line::from(title), buf);
    let wrong = line.wrong.clone().filter(|range| !range.is_empty());
    let marks: Vec<_> = wrong.into_iter().map(|range| (range, canvas.theme[Slot::TemplateError])).collect();
    draw_marked_line(&line.line, &marks, canvas, buf);
    let entry = |index: usize| {
        let choice = line.choices.get(index).map(String::as_str).unwrap_or_default();
        (Line::from(outside(choice, canvas.theme[Slot::Text])), Line::default())
    };
    let window = canvas.window;
    list::draw(line.choices.len(), line.selected, entry, (window.list, window.area), canvas.theme, buf);
    let Some(error) = &line.error else { return };
    // While it is not finished, what is missing is said quietly.
    let style = canvas.theme[if line.tried { Slot::Error } else { Slot::Muted }];
    if line.tried {
        put(buf, window.foot.x, window.foot.y, SIGN, &Line::styled("!", style));
    }
    let indent = if line.tried { SIGN } else { 0 };
    let area =
        Rect { x: window.foot.x + indent, width: window.foot.width.saturating_sub(indent), ..window.foot };
    let lines = wrapped(error, area.width, style);
    Reading { theme: canvas.theme, lines: &lines, scroll: 0 }.draw(area, Rect::ZERO, buf);
}

/// Returns which rows are meant.
fn said(target: Target) -> String {
    match target {
        Target::Row(row) => format!("row #{}", row.shown()),
        Target::Marked => "the marked rows".to_owned(),
        Target::Matching => "all rows that the filter matches".to_owned(),
    }
}

/// Draws the typed line after a prompt sign.
pub(super) fn draw_line(text: &TextArea<'static>, canvas: Canvas<'_>, buf: &mut Buffer) {
    draw_marked_line(text, &[], canvas, buf);
}

fn draw_marked_line(text: &TextArea<'static>, marks: &[Stretch], canvas: Canvas<'_>, buf: &mut Buffer) {
    let mut marks = marks.to_vec();
    if text.selection_range().is_some_and(|(start, end)| start != end) {
        // Only a whole line is ever selected.
        marks.push((0..usize::MAX, canvas.theme[Slot::Selection]));
    }
    let body = canvas.window.body;
    put(buf, body.x, body.y, 2, &Line::from(Span::styled("›", canvas.theme[Slot::Marker])));
    let area = Rect { x: body.x + body.width.min(2), width: body.width.saturating_sub(2), ..body };
    TextAreaView { theme: canvas.theme, text, focused: true, colours: &[], marks: &marks }.render(area, buf);
}
