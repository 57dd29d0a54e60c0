//! The form: a line for each setting, what is wrong below it, and what explains the selected one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Screen;
use crate::app::compare::{CompareField, CompareLine, NAMES};
use crate::app::geometry::compare::CompareGeometry;
use crate::app::{Command, ComparePart};
use crate::text::SafeText;
use crate::ui::canvas::{cut, outside, put};
use crate::ui::theme::Slot;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::text_area::TextAreaView;

impl Screen<'_> {
    pub(super) fn compare_form(self, area: Rect, geometry: &CompareGeometry, buf: &mut Buffer) {
        let compare = &self.model.compare;
        let focused = compare.part != ComparePart::Result;
        Pane { theme: self.theme, focused, title: "Compare".into(), right: Line::default() }
            .render(area, buf);
        let place = geometry.lines();
        let about = compare.form.about(usize::from(place.width.saturating_sub(NAMES)));
        for (line, row) in compare.form.lines_in(place.as_size()).into_iter().zip(place.rows()) {
            let x = row.x + NAMES.min(row.width);
            let room = row.right().saturating_sub(x);
            match line {
                CompareLine::Field(CompareField::Start) => self.begin_line(row, buf),
                CompareLine::Field(field) => self.compare_line(field, row, buf),
                CompareLine::Error(field) => {
                    let error = self.theme[Slot::Error];
                    let sentence = compare.form.error_of(field).unwrap_or_default();
                    let line = Line::from(vec![Span::styled("! ", error), outside(&sentence, error)]);
                    put(buf, x, row.y, room, &line);
                }
                CompareLine::About(number) => {
                    let words = about.get(number).copied().unwrap_or_default();
                    put(buf, x, row.y, room, &Line::styled(words, self.theme[Slot::Notice]));
                }
                CompareLine::Gap => {}
            }
        }
    }

    fn compare_line(self, field: CompareField, area: Rect, buf: &mut Buffer) {
        let compare = &self.model.compare;
        let is_selected = compare.form.selected == field;
        if is_selected {
            let has_keys = compare.part != ComparePart::Result;
            let wide = Rect { x: area.x.saturating_sub(1), width: area.width + 2, ..area };
            buf.set_style(wide, self.theme[if has_keys { Slot::Selected } else { Slot::SelectedUnfocused }]);
            if has_keys {
                put(buf, wide.x, wide.y, 1, &Line::from(Span::styled("▌", self.theme[Slot::Marker])));
            }
        }
        let name = if is_selected { Slot::Strong } else { Slot::KeyLabel };
        put(buf, area.x, area.y, NAMES, &Line::styled(field.name(), self.theme[name]));
        let x = area.x + NAMES.min(area.width);
        let value = Rect { x, width: area.right().saturating_sub(x), ..area };
        if field.is_typed() {
            self.compare_text(field, value, buf);
        } else {
            self.compare_choice(field, value, buf);
        }
    }

    fn compare_choice(self, field: CompareField, area: Rect, buf: &mut Buffer) {
        let (form, shown) = (&self.model.compare.form, self.model.shown());
        let version = |side| form.version(side, shown);
        let text = match (field, field.side()) {
            (CompareField::VersionA | CompareField::VersionB, Some(side)) => {
                version(side).map_or_else(|| "none yet".to_owned(), |version| format!("v{}", version.number))
            }
            (_, Some(side)) => form.profile(side, &self.model.sampling),
            _ => (if form.blind { "on" } else { "off" }).to_owned(),
        };
        let note = match (field, field.side()) {
            (CompareField::VersionA | CompareField::VersionB, Some(side)) => {
                version(side).and_then(|version| version.note.clone()).unwrap_or_default()
            }
            _ => String::new(),
        };
        let arrows = self.theme[if form.selected == field { Slot::Key } else { Slot::Muted }];
        let mut line = Line::from(vec![
            Span::styled("‹ ", arrows),
            Span::styled(SafeText::one_line(&text).into_inner().into_owned(), self.theme[Slot::Input]),
            Span::styled(" ›", arrows),
        ]);
        if !note.is_empty() {
            let note = format!("  {}", SafeText::one_line(&note).as_str());
            line.push_span(Span::styled(note, self.theme[Slot::Muted]));
        }
        put(buf, area.x, area.y, area.width, &line);
    }

    fn compare_text(self, field: CompareField, area: Rect, buf: &mut Buffer) {
        let compare = &self.model.compare;
        let Some(text) = compare.form.area(field) else { return };
        let is_typed_in = compare.form.selected == field && compare.part == ComparePart::Typing;
        if is_typed_in {
            TextAreaView { theme: self.theme, text, focused: true, colours: &[], marks: &[] }
                .render(area, buf);
        }
        let typed = compare.form.text(field);
        if typed.is_empty() {
            // The cursor stands before it.
            let gap = u16::from(is_typed_in) * 2;
            let blank = self.blank_of(field);
            let blank = cut(&blank, usize::from(area.width.saturating_sub(gap)), self.theme[Slot::Muted]);
            put(buf, area.x + gap, area.y, area.width.saturating_sub(gap), &Line::from(blank));
        } else if !is_typed_in {
            let typed = cut(&typed, usize::from(area.width), self.theme[Slot::Input]);
            put(buf, area.x, area.y, area.width, &Line::from(typed));
        }
    }

    /// Returns what holds where nothing is typed in a line.
    fn blank_of(self, field: CompareField) -> String {
        let form = &self.model.compare.form;
        let settings = field.side().and_then(|side| form.settings(side, &self.model.sampling));
        match (field, settings) {
            (CompareField::ModelA | CompareField::ModelB, Some(settings)) => {
                settings.model.unwrap_or_else(|| settings.provider.name().to_owned())
            }
            (CompareField::TemperatureA | CompareField::TemperatureB, Some(settings)) => {
                format!("{:?}", settings.temperature)
            }
            (CompareField::Seed, _) => "the next one".to_owned(),
            _ => String::new(),
        }
    }

    /// Draws the button that begins the comparison.
    fn begin_line(self, area: Rect, buf: &mut Buffer) {
        let form = &self.model.compare.form;
        let slot = if form.selected == CompareField::Start { Slot::ButtonActive } else { Slot::Button };
        let key = self.key(Command::StartComparison).map(|key| format!("{key}  ")).unwrap_or_default();
        let x = area.x + NAMES.min(area.width);
        let words = format!(" {key}Compare ");
        put(buf, x, area.y, area.right().saturating_sub(x), &Line::styled(words, self.theme[slot]));
    }
}
