//! The selected version: labels and note, its lines of the scoreboard, what differs from the one that it was made from,
//! and all of its words.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::difference::difference_lines;
use crate::app::Command;
use crate::app::versions::{Spot, VersionsPart};
use crate::domain::{Version, labels_of};
use crate::text::time::rfc3339;
use crate::ui::canvas::outside;
use crate::ui::theme::Slot;
use crate::ui::view::Screen;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::{Reading, heading, wrapped};

impl Screen<'_> {
    /// Draws the selected version, or what is compared, into a pane; `text` is the area within.
    pub(super) fn version_detail(self, area: Rect, text: Rect, buf: &mut Buffer) {
        let versions = &self.model.versions;
        let focused = versions.part == VersionsPart::Detail;
        let (title, right) = self.detail_title();
        Pane { theme: self.theme, focused, title, right }.render(area, buf);
        let lines = match (versions.compared, self.model.selected_spot()) {
            (Some(_), _) => self.comparison_lines(text.width),
            (None, Some(spot)) => self.spot_lines(spot, text.width),
            (None, None) => vec![],
        };
        versions.end.set(lines.len().saturating_sub(usize::from(text.height)));
        Reading { theme: self.theme, lines: &lines, scroll: versions.scroll }.draw(text, area, buf);
    }

    fn detail_title(self) -> (Line<'static>, Line<'static>) {
        let model = self.model;
        let first_up = |name: String| if name == "the draft" { "Draft".to_owned() } else { name };
        if let Some((before, after)) = model.versions.compared {
            let title = format!("{} → {}", first_up(model.spot_name(before)), model.spot_name(after));
            let back = self.key(Command::Back).map(|key| format!("{key} goes back")).unwrap_or_default();
            return (Line::from(title), Line::from(back));
        }
        let Some(spot) = model.selected_spot() else { return ("Version".into(), Line::default()) };
        let from =
            model.parent_of(spot).map(|parent| format!(" · from {}", model.spot_name(Spot::Version(parent))));
        let title = format!("{}{}", first_up(model.spot_name(spot)), from.unwrap_or_default());
        let made = model.version_at(spot).map(|version| rfc3339(version.created_at.0));
        let made = made.and_then(|made| Some(made.get(..16)?.replace('T', " "))).unwrap_or_default();
        (Line::from(title), Line::from(made))
    }

    /// Returns what differs between the two ends of the comparison.
    fn comparison_lines(self, columns: u16) -> Vec<Line<'static>> {
        let Some(difference) = self.model.difference() else { return vec![] };
        let said = Line::styled(difference.words(), self.theme[Slot::Muted]);
        let mut lines = vec![said, Line::default()];
        lines.extend(difference_lines(difference, columns, self.theme));
        lines
    }

    fn spot_lines(self, spot: Spot, columns: u16) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        match self.model.version_at(spot) {
            Some(version) => {
                lines.extend(self.labels_and_note(version, columns));
                let scoreboard = self.present_scoreboard();
                lines.extend(self.score_lines(version, &scoreboard, columns));
            }
            None => lines.extend(wrapped(
                "The text in the editor. Sampling from it, or saving it, makes it a version.",
                columns,
                self.theme[Slot::Muted],
            )),
        }
        lines.push(Line::default());
        if let Some(difference) = self.model.difference() {
            let parent = self.model.parent_of(spot).map(|parent| self.model.spot_name(Spot::Version(parent)));
            lines.push(Line::from(vec![
                Span::styled(
                    format!("What differs from {}", parent.unwrap_or_default()),
                    self.theme[Slot::Strong],
                ),
                Span::styled(format!("  {}", difference.words()), self.theme[Slot::Muted]),
            ]));
            lines.extend(difference_lines(difference, columns, self.theme));
            lines.push(Line::default());
        }
        lines.extend(self.all_words(spot, columns));
        lines
    }

    fn labels_and_note(self, version: &Version, columns: u16) -> Vec<Line<'static>> {
        let theme = self.theme;
        let mut lines = Vec::new();
        let mut spans = Vec::new();
        let labels = labels_of(self.model.shown(), version);
        if self.model.is_in_editor(version.id) {
            spans.push(Span::styled("in the editor", theme[Slot::Good]));
        }
        for label in labels {
            if !spans.is_empty() {
                spans.push(Span::styled(" · ", theme[Slot::Muted]));
            }
            spans.push(Span::styled(
                outside(label, theme[Slot::Label]).content.into_owned(),
                theme[Slot::Label],
            ));
        }
        if !spans.is_empty() {
            lines.push(Line::from(spans));
        }
        if let Some(note) = &version.note {
            lines.extend(wrapped(note, columns, theme[Slot::Text]));
        }
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines
    }

    /// Returns all words of a line of the tree, part by part.
    fn all_words(self, spot: Spot, columns: u16) -> Vec<Line<'static>> {
        let mut lines = vec![Line::styled("The whole prompt", self.theme[Slot::Strong])];
        for (name, text) in self.model.words_of(spot) {
            if !text.trim().is_empty() {
                lines.push(heading(name, self.theme));
                lines.extend(wrapped(&text, columns, self.theme[Slot::Text]));
            }
        }
        lines
    }
}
