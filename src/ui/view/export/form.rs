//! The form: a line for each setting, what is wrong below it, and what explains the selected one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Screen;
use crate::app::export::{ExportField, Exporting, FormLine, NAMES};
use crate::app::geometry::export::ExportGeometry;
use crate::app::{Command, ExportPart};
use crate::text::thousands;
use crate::ui::canvas::{cut, line_width, outside, put, put_right};
use crate::ui::theme::Slot;
use crate::ui::widget::bar::gauge;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::text_area::TextAreaView;

/// The cells of the gauge of an export that goes on.
const GAUGE: usize = 14;

impl Screen<'_> {
    pub(super) fn export_form(self, area: Rect, geometry: &ExportGeometry, buf: &mut Buffer) {
        let export = &self.model.export;
        let focused = export.part != ExportPart::Preview;
        let right = Line::from(self.export_count());
        Pane { theme: self.theme, focused, title: "Export".into(), right }.render(area, buf);
        let (place, labels) = (geometry.lines(), self.model.label_names());
        let lines = export.form.lines_in(place.as_size(), &labels);
        let about = export.form.about(usize::from(place.width.saturating_sub(NAMES)));
        for (line, row) in lines.into_iter().zip(place.rows()) {
            match line {
                FormLine::Field(ExportField::Start) => self.start_line(row, buf),
                FormLine::Field(field) => self.form_line(field, row, buf),
                FormLine::Error(field) => self.form_error(field, &labels, row, buf),
                FormLine::About(number) => {
                    let words = about.get(number).copied().unwrap_or_default();
                    let x = row.x + NAMES.min(row.width);
                    put(buf, x, row.y, row.right() - x, &Line::styled(words, self.theme[Slot::Notice]));
                }
                FormLine::Gap => {}
            }
        }
    }

    /// Marks the selected line, and returns the style of its name.
    fn mark(self, field: ExportField, area: Rect, buf: &mut Buffer) -> Slot {
        let export = &self.model.export;
        if export.form.selected != field {
            return Slot::KeyLabel;
        }
        let has_keys = export.part != ExportPart::Preview;
        let wide = Rect { x: area.x.saturating_sub(1), width: area.width + 2, ..area };
        buf.set_style(wide, self.theme[if has_keys { Slot::Selected } else { Slot::SelectedUnfocused }]);
        if has_keys {
            put(buf, wide.x, wide.y, 1, &Line::from(Span::styled("▌", self.theme[Slot::Marker])));
        }
        Slot::Strong
    }

    fn form_line(self, field: ExportField, area: Rect, buf: &mut Buffer) {
        let form = &self.model.export.form;
        let name = self.mark(field, area, buf);
        let unused = form.unused(field);
        let name = if unused.is_some() { Slot::Muted } else { name };
        put(buf, area.x, area.y, NAMES, &Line::styled(field.name(), self.theme[name]));
        let value =
            Rect { x: area.x + NAMES.min(area.width), width: area.width.saturating_sub(NAMES), ..area };
        let note = unused.map(|why| (why, Slot::Muted)).or_else(|| self.aside(field));
        let note = note.map_or_else(Line::default, |(words, slot)| Line::styled(words, self.theme[slot]));
        let room = value.width.saturating_sub(12);
        let end = if line_width(&note) == 0 {
            value.right()
        } else {
            put_right(buf, value.right(), value.y, room, &note).saturating_sub(1)
        };
        let value = Rect { width: end.saturating_sub(value.x), ..value };
        if field.is_typed() {
            self.typed_value(field, value, buf);
        } else {
            self.chosen_value(field, value, buf);
        }
    }

    /// Returns the note at the right of a value.
    fn aside(self, field: ExportField) -> Option<(String, Slot)> {
        let form = &self.model.export.form;
        match field {
            ExportField::Format => Some((form.format.group().title().to_lowercase(), Slot::Muted)),
            ExportField::TestRows if form.is_only_test() => Some(("only these".to_owned(), Slot::Warning)),
            ExportField::Contaminated if form.is_on(field) => Some(("written too".to_owned(), Slot::Warning)),
            ExportField::Contaminated => Some(("withheld".to_owned(), Slot::Muted)),
            _ => None,
        }
    }

    fn chosen_value(self, field: ExportField, area: Rect, buf: &mut Buffer) {
        let form = &self.model.export.form;
        let text = match field {
            ExportField::Format => form.format.name(),
            ExportField::Task => form.task.name(),
            field if form.is_on(field) => "on",
            _ => "off",
        };
        let is_used = form.unused(field).is_none();
        let arrows = self.theme[if form.selected == field && is_used { Slot::Key } else { Slot::Muted }];
        let value = self.theme[if is_used { Slot::Input } else { Slot::Muted }];
        let line = Line::from(vec![
            Span::styled("‹ ", arrows),
            Span::styled(text, value),
            Span::styled(" ›", arrows),
        ]);
        put(buf, area.x, area.y, area.width, &line);
    }

    fn typed_value(self, field: ExportField, area: Rect, buf: &mut Buffer) {
        let export = &self.model.export;
        let Some(text) = export.form.area(field) else { return };
        let is_typed_in = export.form.selected == field && export.part == ExportPart::Typing;
        if is_typed_in {
            TextAreaView { theme: self.theme, text, focused: true, colours: &[], marks: &[] }
                .render(area, buf);
        }
        let typed = export.form.text(field);
        if typed.is_empty() {
            // The cursor stands before it.
            let gap = u16::from(is_typed_in) * 2;
            let blank = Line::styled(field.blank(), self.theme[Slot::Muted]);
            put(buf, area.x + gap, area.y, area.width.saturating_sub(gap), &blank);
        } else if !is_typed_in {
            let slot = if export.form.unused(field).is_some() { Slot::Muted } else { Slot::Input };
            let typed = cut(&typed, usize::from(area.width), self.theme[slot]);
            put(buf, area.x, area.y, area.width, &Line::from(typed));
        }
    }

    fn form_error(self, field: ExportField, labels: &[&str], area: Rect, buf: &mut Buffer) {
        let Some(sentence) = self.model.export.form.error_of(field, labels) else { return };
        let error = self.theme[Slot::Error];
        let line = Line::from(vec![Span::styled("! ", error), outside(&sentence, error)]);
        let x = area.x + NAMES.min(area.width);
        put(buf, x, area.y, area.right().saturating_sub(x), &line);
    }

    /// Draws the button that begins the export, or how far the one is that goes on.
    fn start_line(self, area: Rect, buf: &mut Buffer) {
        if let Some(going) = &self.model.export.going {
            put(buf, area.x, area.y, area.width, &self.progress_line(going));
            return;
        }
        let is_selected = self.model.export.form.selected == ExportField::Start;
        let slot = if is_selected { Slot::ButtonActive } else { Slot::Button };
        let key = self.key(Command::StartExport).map(|key| format!("{key}  ")).unwrap_or_default();
        let words = match self.model.export.known() {
            Some(sight) => format!(" {key}Export {} ", sight.written()),
            None => format!(" {key}Export "),
        };
        let x = area.x + NAMES.min(area.width);
        put(buf, x, area.y, area.right().saturating_sub(x), &Line::styled(words, self.theme[slot]));
    }

    fn progress_line(self, going: &Exporting) -> Line<'static> {
        let theme = self.theme;
        let (done, total) = going.progress.unwrap_or((0, 0));
        let mut spans = gauge(done, total, GAUGE, theme[Slot::Gauge], theme[Slot::BarTrack]);
        let words = match (going.is_stopping, going.progress) {
            (true, _) => " stopping …".to_owned(),
            (false, None) => " exporting …".to_owned(),
            (false, Some(_)) => format!(" {} of {}", thousands(done), thousands(total)),
        };
        spans.push(Span::styled(words, theme[Slot::Text]));
        if let Some(key) = self.key(Command::StopOrQuit).filter(|_| !going.is_stopping) {
            spans.push(Span::styled(" · ", theme[Slot::Muted]));
            spans.push(Span::styled(key, theme[Slot::Key]));
            spans.push(Span::styled(" stops", theme[Slot::KeyLabel]));
        }
        Line::from(spans)
    }
}
