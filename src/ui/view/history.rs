//! The History view: the operations in sight, one a line, and the selected one in words.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Screen;
use crate::app::geometry::history::HistoryGeometry;
use crate::app::geometry::{inside, padded};
use crate::app::history::{way, what};
use crate::app::{Command, Context};
use crate::domain::{Operation, RowNumber, Steps};
use crate::text::time::rfc3339;
use crate::text::{counted, thousands};
use crate::ui::canvas::{cut, outside, put, selected_line};
use crate::ui::theme::Slot;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::wrapped;
use crate::ui::widget::rows::sign;
use crate::ui::widget::scrollbar::Scrollbar;

/// The columns of a time: `2026-11-30 02:14:05`.
const TIME: usize = 19;
/// The columns of what was done, at most: what holds of it stands near.
const WHAT: usize = 60;
/// The columns of the rows.
const ROWS: usize = 9;
/// The columns of what holds of an operation.
const STATUS: usize = 13;

impl Screen<'_> {
    /// Draws the History view.
    pub(super) fn history(self, buf: &mut Buffer) {
        let (theme, shown) = (self.theme, self.model.shown());
        let geometry = self.model.history_geometry();
        let total = shown.operation_count();
        let title = Line::from(format!("History · {}", counted(total as u64, "operation")));
        let next = shown.next_undo().map(|next| format!("undo takes back {}", next.id.0));
        let right = Line::from(next.unwrap_or_default());
        Pane { theme, focused: true, title, right }.render(geometry.pane, buf);
        let numbers = shown.last_operation().0.to_string().len().max(2);
        self.history_heading(&geometry, numbers, buf);
        let top = self.model.history.top;
        for (line, row) in (top..total).zip(geometry.list.rows()) {
            let place = total - 1 - line;
            if let Some(operation) = shown.operation_at(place) {
                self.history_line((place, operation), numbers, row, buf);
            }
        }
        Scrollbar { theme, above: top, total }.draw(geometry.pane, buf);
        self.about_operation(geometry.about, buf);
    }

    fn history_heading(self, geometry: &HistoryGeometry, numbers: usize, buf: &mut Buffer) {
        let area = geometry.heading;
        let what = columns_of_what(area.width, numbers);
        let line =
            format!("   {:>numbers$}  {:<TIME$}  {:<what$}  {:>ROWS$}", "no", "when (UTC)", "what", "rows");
        put(buf, area.x, area.y, area.width, &Line::styled(line, self.theme[Slot::Muted]));
    }

    fn history_line(
        self,
        (place, operation): (usize, &Operation),
        numbers: usize,
        row: Rect,
        buf: &mut Buffer,
    ) {
        let (theme, shown) = (self.theme, self.model.shown());
        let is_next = shown.next_undo().is_some_and(|next| next.id == operation.id);
        let holds = self.model.history.timeline.is_in_effect(place);
        let slot = if holds { Slot::Text } else { Slot::Dropped };
        let columns = columns_of_what(row.width, numbers);
        let did = what(operation, shown);
        let did = cut(&did, columns, theme[slot]).content.into_owned();
        let did = format!("{did}{}", " ".repeat(columns.saturating_sub(crate::text::width(&did))));
        let count = if operation.rows == 0 { "–".to_owned() } else { thousands(operation.rows.into()) };
        let mut line = Line::from(vec![
            Span::raw(" "),
            Span::styled(if is_next { "▸ " } else { "  " }, theme[Slot::Good]),
            Span::styled(format!("{:>numbers$}  ", operation.id.0), theme[Slot::Muted]),
            Span::styled(format!("{}  ", when(operation)), theme[Slot::Muted]),
            Span::styled(format!("{did}  "), theme[slot]),
            Span::styled(format!("{count:>ROWS$}  "), theme[slot]),
            Span::styled(operation.standing(holds), theme[Slot::Muted]),
        ]);
        if place == self.model.history.selected {
            line = selected_line(line, row.width, theme);
        }
        put(buf, row.x, row.y, row.width, &line);
    }

    /// Draws the selected operation: what it did, the way there, and some of its rows.
    fn about_operation(self, area: Rect, buf: &mut Buffer) {
        let theme = self.theme;
        let operation = self.model.selected_operation();
        let title = operation.map(|of| format!("Operation {} · {}", of.id.0, what(of, self.model.shown())));
        let title = title.map_or_else(
            || Span::raw("Operation"),
            |title| Span::raw(outside(&title, theme[Slot::Title]).content.into_owned()),
        );
        Pane { theme, focused: false, title: Line::from(title), right: Line::default() }.render(area, buf);
        let content = padded(inside(area));
        let Some(operation) = operation else {
            let line = Line::styled("Nothing was done yet.", theme[Slot::Muted]);
            put(buf, content.x, content.y, content.width, &line);
            return;
        };
        let mut lines = wrapped(&self.way_there(operation), content.width, theme[Slot::Notice]);
        lines.extend(
            self.model.history.rows.iter().filter_map(|row| self.row_of_operation(*row, content.width)),
        );
        if self.model.history.rows.is_empty() && operation.rows > 0 {
            let key = self.history_key(Command::ShowOperationRows);
            lines.push(Line::styled(format!("{key} shows its rows."), theme[Slot::Muted]));
        }
        let room = usize::from(content.height);
        if lines.len() > room
            || u64::from(operation.rows) > self.model.history.rows.len() as u64 && lines.len() == room
        {
            lines.truncate(room.saturating_sub(1));
            let key = self.history_key(Command::ShowOperationRows);
            lines.push(Line::styled(format!("… {key} shows all of them."), theme[Slot::Muted]));
        }
        for (line, row) in lines.iter().zip(content.rows()) {
            put(buf, row.x, row.y, row.width, line);
        }
    }

    /// Returns the key of a command of this view, also where a question takes the keys.
    fn history_key(self, command: Command) -> String {
        self.model.keymap.keys_in(Context::History.chain(), command).into_iter().next().unwrap_or_default()
    }

    /// Returns what the key for a jump does here.
    fn way_there(self, operation: &Operation) -> String {
        let steps = self.model.history.timeline.steps_to(self.model.history.selected);
        if steps == Steps::default() {
            return format!("The rows are as they were just after operation {}.", operation.id.0);
        }
        let key = self.history_key(Command::Jump);
        format!("{key} {}, to just after this operation; one undo takes that back.", way(steps))
    }

    fn row_of_operation(self, number: RowNumber, columns: u16) -> Option<Line<'static>> {
        let theme = self.theme;
        let row = self.model.shown().row(number)?;
        let (sign, slot) = sign(row.state().kind());
        let head = format!("{}  ", row.id());
        let room = usize::from(columns).saturating_sub(head.len() + 3);
        let text = row.text();
        Some(Line::from(vec![
            Span::styled(head, theme[Slot::Muted]),
            Span::styled(format!("{sign}  "), theme[slot]),
            Span::styled(cut(&text, room, theme[Slot::Text]).content.into_owned(), theme[Slot::Text]),
        ]))
    }
}

/// Returns the columns that are left for what an operation did.
fn columns_of_what(width: u16, numbers: usize) -> usize {
    usize::from(width).saturating_sub(3 + numbers + TIME + ROWS + STATUS + 8).min(WHAT)
}

/// Returns when an operation was done, to the second.
fn when(operation: &Operation) -> String {
    rfc3339(operation.at.0).replace('T', " ").chars().take(TIME).collect()
}
