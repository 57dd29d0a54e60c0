//! What a classifier does not get: the list, and the selected row in full.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Screen;
use crate::app::geometry::{inside, padded};
use crate::app::{Command, DataPart};
use crate::domain::{ExampleStrategy, Misread, MisreadRow, figure};
use crate::text::{SafeText, counted, thousands, truncate, width};
use crate::ui::canvas::{cut, line_width, outside, put, put_right};
use crate::ui::theme::Slot;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::wrapped;
use crate::ui::widget::scrollbar::Scrollbar;

/// The widest label in the list.
const LABEL: usize = 10;
/// The columns of the mark before a row.
const MARK: u16 = 3;

impl Screen<'_> {
    pub(super) fn misread_rows(self, area: Rect, list: Rect, buf: &mut Buffer) {
        let data = &self.model.data;
        let focused = data.part == DataPart::Rows;
        let right = match &data.misread {
            Some(Ok(misread)) => {
                let (wrong, asked) = (thousands(misread.wrong), thousands(misread.asked));
                Line::from(format!("{wrong} of {asked} train rows"))
            }
            _ => Line::default(),
        };
        let title = Line::from("What a classifier does not get");
        Pane { theme: self.theme, focused, title, right }.render(area, buf);
        let head = padded(Rect { height: 1, y: list.y.saturating_sub(1), ..list });
        match &data.misread {
            None => self.say_in(padded(inside(area)), LEARNING, Slot::Muted, buf),
            Some(Err(reason)) => self.say_in(padded(inside(area)), reason, Slot::Warning, buf),
            Some(Ok(misread)) if misread.rows.is_empty() => {
                let words = "✓ A classifier that was not trained with a row still finds its label, for every train row.";
                self.say_in(padded(inside(area)), words, Slot::Good, buf);
            }
            Some(Ok(misread)) => {
                put(buf, head.x, head.y, head.width, &self.heading_of(misread));
                for (place, row) in misread.rows.iter().skip(data.top).zip(list.rows()).enumerate() {
                    self.misread_line(row.0, data.top + place == data.selected, focused, row.1, buf);
                }
                Scrollbar { theme: self.theme, above: data.top, total: misread.rows.len() }.draw(area, buf);
            }
        }
    }

    fn say_in(self, area: Rect, words: &str, slot: Slot, buf: &mut Buffer) {
        let lines = wrapped(words, area.width, self.theme[slot]);
        for (line, row) in lines.iter().zip(area.rows()) {
            put(buf, row.x, row.y, row.width, line);
        }
    }

    /// Returns how many rows of the target are not got, and how many examples there are.
    fn heading_of(self, misread: &Misread) -> Line<'static> {
        let label = SafeText::name(&self.open.session.target.label).into_inner().into_owned();
        let examples = self.model.data.examples.len() as u64;
        let mut spans = vec![
            Span::styled(thousands(misread.target_wrong), self.theme[Slot::Figure]),
            Span::styled(format!(" of {} rows of ", thousands(misread.of_target)), self.theme[Slot::Muted]),
            Span::styled(label, self.theme[Slot::Target]),
            Span::styled(" are taken for something else", self.theme[Slot::Muted]),
        ];
        if examples > 0 {
            let words = format!(" · ◆ {}", counted(examples, "example"));
            spans.push(Span::styled(words, self.theme[Slot::Accepted]));
        }
        Line::from(spans)
    }

    fn misread_line(self, row: &MisreadRow, selected: bool, focused: bool, area: Rect, buf: &mut Buffer) {
        let theme = self.theme;
        if selected {
            buf.set_style(area, theme[if focused { Slot::Selected } else { Slot::SelectedUnfocused }]);
            if focused {
                put(buf, area.x, area.y, 1, &Line::from(Span::styled("▌", theme[Slot::Marker])));
            }
        }
        if self.model.data.is_example(row.row) {
            put(buf, area.x + 1, area.y, 1, &Line::from(Span::styled("◆", theme[Slot::Accepted])));
        }
        let note = self.taken_for(row);
        let start = put_right(buf, area.right().saturating_sub(1), area.y, area.width, &note);
        let room = start.saturating_sub(area.x + MARK + 1);
        let text = cut(&row.text, usize::from(room), theme[Slot::Text]);
        put(buf, area.x + MARK, area.y, room, &Line::from(text));
    }

    /// Returns `spam → ham  .93`, each part in columns of its own.
    fn taken_for(self, row: &MisreadRow) -> Line<'static> {
        let theme = self.theme;
        let label = |label: &str, slot: Slot| {
            let safe = SafeText::name(label);
            let short = truncate(safe.as_str(), LABEL);
            (width(&short), Span::styled(short.into_owned(), theme[slot]))
        };
        let target = |name: &str| {
            if name == self.open.session.target.label { Slot::Target } else { Slot::Text }
        };
        let (is_wide, is) = label(&row.label, target(&row.label));
        let (taken_wide, taken) = label(&row.taken_for, target(&row.taken_for));
        let widest = self.widest_label();
        Line::from(vec![
            Span::raw(" ".repeat(widest.saturating_sub(is_wide))),
            is,
            Span::styled(" → ", theme[Slot::Muted]),
            taken,
            Span::raw(" ".repeat(widest.saturating_sub(taken_wide))),
            Span::styled(format!(" {:>5}", figure(row.sure)), theme[Slot::Figure]),
        ])
    }

    fn widest_label(self) -> usize {
        let labels = self.open.dataset.labels.iter();
        let widths = labels.map(|rows| width(SafeText::name(&rows.label).as_str()));
        widths.max().unwrap_or_default().clamp(1, LABEL)
    }

    pub(super) fn misread_detail(self, area: Rect, buf: &mut Buffer) {
        let data = &self.model.data;
        let place = match data.rows().len() {
            0 => String::new(),
            listed => format!("{} of {}", thousands(data.selected as u64 + 1), thousands(listed as u64)),
        };
        let title = Line::from(format!("Row {place}"));
        Pane { theme: self.theme, focused: false, title, right: Line::default() }.render(area, buf);
        let content = padded(inside(area));
        let Some(row) = data.selected_row() else { return };
        let foot = [self.about_row(row), self.about_example(row)];
        let room = usize::from(content.height).saturating_sub(foot.len() + 1).max(1);
        let text = wrapped(&row.text, content.width, self.theme[Slot::Text]);
        let rest = text.len() > room;
        for (number, (line, area)) in text.iter().take(room).zip(content.rows()).enumerate() {
            let is_cut = rest && number + 1 == room;
            let end = put(buf, area.x, area.y, area.width - u16::from(is_cut), line);
            if is_cut {
                put(buf, end, area.y, 1, &Line::styled("…", self.theme[Slot::Muted]));
            }
        }
        for (line, area) in foot.iter().zip(content.rows().skip(usize::from(content.height) - foot.len())) {
            put(buf, area.x, area.y, area.width, line);
        }
    }

    fn about_row(self, row: &MisreadRow) -> Line<'static> {
        let theme = self.theme;
        let name = |label: &str, slot: Slot| {
            Span::styled(SafeText::name(label).into_inner().into_owned(), theme[slot])
        };
        let sure = format!(", {} sure", figure(row.sure));
        let id = outside(&row.id, theme[Slot::Muted]).content.into_owned();
        Line::from(vec![
            Span::styled("label ", theme[Slot::Muted]),
            name(&row.label, Slot::Label),
            Span::styled("   taken for ", theme[Slot::Muted]),
            name(&row.taken_for, Slot::Label),
            Span::styled(sure, theme[Slot::Figure]),
            Span::styled(format!("   train row {id}"), theme[Slot::Muted]),
        ])
    }

    /// Returns whether the row is an example, and what the key does.
    fn about_example(self, row: &MisreadRow) -> Line<'static> {
        let theme = self.theme;
        let is_example = self.model.data.is_example(row.row);
        let key = self.model.keymap.keys_of(Command::MakeExample).into_iter().next().unwrap_or_default();
        let key = Span::styled(key, theme[Slot::Key]);
        let words = |words: &str| Span::styled(words.to_owned(), theme[Slot::KeyLabel]);
        let mut line = if is_example {
            Line::from(vec![
                Span::styled("◆ an example", theme[Slot::Accepted]),
                words(" · "),
                key,
                words(" takes it back"),
            ])
        } else {
            Line::from(vec![key, words(" makes it an example for prompts")])
        };
        if is_example && self.open.session.examples.strategy != ExampleStrategy::Hard {
            let note = words(" · shown once [examples] strategy = \"hard\"");
            if line_width(&line) + width(&note.content) < usize::from(buf_width(self)) {
                line.spans.push(note);
            }
        }
        line
    }
}

fn buf_width(screen: Screen<'_>) -> u16 {
    screen.model.data_geometry().detail.map_or(0, |area| area.width.saturating_sub(4))
}

/// What is said while classifiers are trained.
const LEARNING: &str = "Classifiers are being trained on four fifths of the train rows and asked about the rest, five \
                        times. Rows whose label they do not find appear here.";
