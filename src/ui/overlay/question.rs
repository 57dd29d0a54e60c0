//! A question, with the two answers as buttons.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Canvas;
use crate::app::Question;
use crate::app::geometry::window::{NO, YES};
use crate::domain::Change;
use crate::ui::canvas::{counted, put};
use crate::ui::theme::Slot;
use crate::ui::widget::reading::{Reading, wrapped};

/// Draws the question.
pub(super) fn draw(question: &Question, canvas: Canvas<'_>, buf: &mut Buffer) {
    let (title, text) = words(question);
    canvas.frame(&Line::from(title), buf);
    let window = canvas.window;
    let body = window.body;
    let lines = wrapped(&text, body.width, canvas.theme[Slot::Text]);
    Reading { theme: canvas.theme, lines: &lines, scroll: 0 }.draw(body, Rect::ZERO, buf);
    for (label, place, slot) in [(YES, window.yes, Slot::ButtonActive), (NO, window.no, Slot::Button)] {
        put(buf, place.x, place.y, place.width, &Line::from(Span::styled(label, canvas.theme[slot])));
    }
}

fn words(question: &Question) -> (&'static str, String) {
    match question {
        Question::Quit { runs: 0 } => ("Quit", "Quit the workbench? Everything is saved.".to_owned()),
        Question::Quit { runs: 1 } => (
            "Quit",
            "Quit the workbench? A run goes on and would be stopped; the rows that came are kept.".to_owned(),
        ),
        Question::Quit { runs } => (
            "Quit",
            format!(
                "Quit the workbench? {runs} runs go on or wait and would be stopped; the rows that came are kept."
            ),
        ),
        Question::DiscardEdit => ("Leave the row", "Leave without saving the edit?".to_owned()),
        Question::Bulk { change, rows } => {
            let rows = counted(*rows as u64, "row");
            let text = format!("{} {rows}? Undo takes it back in one step.", verb(change));
            ("Many rows", text)
        }
    }
}

/// Returns what a change does, to begin a question with.
const fn verb(change: &Change) -> &'static str {
    match change {
        Change::Accept { .. } => "Accept",
        Change::Reject { .. } => "Reject",
        Change::Skip { .. } => "Skip",
        Change::ClearRating => "Clear the rating of",
        Change::Tag { .. } => "Tag",
        Change::Edit { .. } => "Edit",
    }
}
