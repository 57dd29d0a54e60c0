//! The Export view: the form, what it would write, its first lines, and the command that writes the same.

mod form;
mod written;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Screen;
use crate::app::geometry::export::{ExportGeometry, GUTTER};
use crate::app::geometry::{inside, padded};
use crate::app::{Command, ExportPart};
use crate::text::thousands;
use crate::ui::canvas::{outside, put};
use crate::ui::theme::Slot;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::{Reading, wrapped};

impl Screen<'_> {
    /// Draws the Export view's parts.
    pub(super) fn export(self, buf: &mut Buffer) {
        let geometry = ExportGeometry::new(buf.area.as_size(), &self.model.export);
        if let Some(area) = geometry.tab {
            self.export_tab(area, buf);
        }
        if let Some(area) = geometry.form {
            self.export_form(area, &geometry, buf);
        }
        if let Some(area) = geometry.written {
            self.written(area, buf);
        }
        if let Some(area) = geometry.preview {
            self.first_lines(area, buf);
        }
        if let Some(area) = geometry.command {
            self.same_command(area, buf);
        }
    }

    /// Returns how much the form writes, in words; `…` while that is being computed.
    fn export_count(self) -> String {
        let export = &self.model.export;
        match (export.known(), &export.sight) {
            (Some(sight), _) if sight.lines.is_empty() => "nothing".to_owned(),
            (Some(sight), _) => sight.written(),
            (None, Some(Err(_))) if export.is_current => "nothing".to_owned(),
            _ => "…".to_owned(),
        }
    }

    /// Draws the line that stands in for the part that a narrow screen does not show.
    fn export_tab(self, area: Rect, buf: &mut Buffer) {
        let export = &self.model.export;
        let is_form = export.part != ExportPart::Preview;
        let (name, about) = if is_form {
            ("What is written", self.export_count())
        } else {
            ("Form", export.form.format.name().to_owned())
        };
        self.not_shown((name, &about), (self.key(Command::NextPane), "it"), area, buf);
    }

    /// Draws the first lines as they are written, each with its number.
    fn first_lines(self, area: Rect, buf: &mut Buffer) {
        let export = &self.model.export;
        let file = export.form.text(crate::app::export::ExportField::File);
        let is_json = export.form.format.is_shown_as_json();
        let first = if is_json { "First rows" } else { "First lines" };
        let mut title = vec![Span::raw(first)];
        if !file.is_empty() {
            title.extend([Span::raw(" of "), outside(&file, self.theme[Slot::Title])]);
        }
        if is_json {
            title.push(Span::raw(", as JSON"));
        }
        let focused = export.part == ExportPart::Preview;
        let waits = if export.is_current { "" } else { "…" };
        let pane = Pane { theme: self.theme, focused, title: title.into(), right: waits.into() };
        pane.render(area, buf);
        let content = padded(inside(area));
        let lines = match &export.sight {
            Some(Ok(sight)) => self.numbered(&sight.lines, content.width),
            _ => vec![],
        };
        if lines.is_empty() {
            let words = if matches!(export.sight, Some(Ok(_))) { "No row is written." } else { "" };
            put(buf, content.x, content.y, content.width, &Line::styled(words, self.theme[Slot::Muted]));
        }
        Reading { theme: self.theme, lines: &lines, scroll: export.scroll }.draw(content, area, buf);
    }

    fn numbered(self, lines: &[String], columns: u16) -> Vec<Line<'static>> {
        let text = self.theme[if self.model.export.is_current { Slot::Text } else { Slot::Muted }];
        let muted = self.theme[Slot::Muted];
        let mut drawn = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            for (place, piece) in wrapped(line, columns.saturating_sub(GUTTER), text).into_iter().enumerate()
            {
                let number = if place == 0 { thousands(index as u64 + 1) } else { String::new() };
                let width = usize::from(GUTTER) - 1;
                let mut spans = vec![Span::styled(format!("{number:>width$} "), muted)];
                spans.extend(piece.spans);
                drawn.push(Line::from(spans));
            }
        }
        drawn
    }

    /// Draws the command that writes the same.
    fn same_command(self, area: Rect, buf: &mut Buffer) {
        let export = &self.model.export;
        let right = match self.key(Command::CopyExportCommand) {
            Some(key) => {
                let words = Span::styled(" copies", self.theme[Slot::KeyLabel]);
                Line::from(vec![Span::styled(key, self.theme[Slot::Key]), words])
            }
            None => Line::default(),
        };
        let title = Line::from("The same as a command");
        Pane { theme: self.theme, focused: false, title, right }.render(area, buf);
        let content = padded(inside(area));
        let command = export.command.as_deref().unwrap_or_default();
        let lines = wrapped(command, content.width, self.theme[Slot::Input]);
        let last = usize::from(content.height);
        for (index, (line, row)) in lines.iter().zip(content.rows()).enumerate() {
            let is_cut = index + 1 == last && lines.len() > last;
            let end = put(buf, row.x, row.y, row.width.saturating_sub(u16::from(is_cut)), line);
            if is_cut {
                put(buf, end, row.y, 1, &Line::styled("…", self.theme[Slot::Muted]));
            }
        }
    }
}
