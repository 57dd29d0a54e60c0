//! The form of a race.

use ratatui::text::{Line, Span};

use super::super::Screen;
use crate::app::Command;
use crate::app::race::{RaceForm, RaceLine};
use crate::domain::VersionId;
use crate::measure::VersionAcceptance;
use crate::text::{SafeText, counted, model_name, thousands, truncate};
use crate::ui::theme::Slot;
use crate::ui::widget::reading::wrapped;

/// What a race is.
const ABOUT: &str = "Versions compete for the next rows. You decide rows without knowing which version wrote them; most \
                     batches go to versions that may still be the best. The race ends once one is the best, once no \
                     difference of 10 points or more is left, or after the last decision.";

impl Screen<'_> {
    /// Returns the lines of the form.
    pub(super) fn race_form(self, columns: u16) -> Vec<Line<'static>> {
        let mut lines = wrapped(ABOUT, columns.min(100), self.theme[Slot::Muted]);
        lines.push(Line::default());
        let Some(form) = &self.model.race.form else { return lines };
        lines.push(Line::styled("Versions", self.theme[Slot::Role]));
        for (place, (id, races)) in form.versions.iter().enumerate() {
            lines.push(self.version_line(form, place, (*id, *races), usize::from(columns)));
        }
        if form.versions.is_empty() {
            lines.push(Line::styled(
                "  The session has no version yet; sampling makes one.",
                self.theme[Slot::Muted],
            ));
        }
        lines.push(Line::default());
        lines.push(Line::styled("Rows", self.theme[Slot::Role]));
        lines.push(self.number_line(form, RaceLine::Decisions, "decisions at most", form.decisions));
        lines.push(self.number_line(form, RaceLine::Rows, "rows in a request", form.rows));
        let generator = &self.model.sampling.order.generator;
        let model =
            generator.model.as_deref().map(|model| format!(" · {}", model_name(model))).unwrap_or_default();
        let line =
            format!("  sampled by {}{model} · T {:?}", generator.provider.name(), generator.temperature);
        lines.extend(wrapped(&line, columns, self.theme[Slot::Text]));
        let most = form.decisions.div_ceil(form.rows.max(1));
        let paid = if self.model.sampling.is_paid() { ", which cost money" } else { "" };
        let requests = format!("  about {} at most{paid}", counted(most.into(), "request"));
        lines.push(Line::styled(
            requests,
            self.theme[if paid.is_empty() { Slot::Muted } else { Slot::Warning }],
        ));
        lines.push(Line::default());
        lines.extend(self.how_to_begin_race(form, columns));
        lines
    }

    fn how_to_begin_race(self, form: &RaceForm, columns: u16) -> Vec<Line<'static>> {
        if let Some(why) = self.model.no_race() {
            return wrapped(&format!("! {why}"), columns, self.theme[Slot::Warning]);
        }
        let key = self.key(Command::BeginRace).unwrap_or_default();
        let versions = counted(form.chosen().len() as u64, "version");
        vec![Line::from(vec![
            Span::styled(key, self.theme[Slot::Key]),
            Span::styled(format!(" begins the race of {versions}"), self.theme[Slot::KeyLabel]),
        ])]
    }

    fn marker(self, is_selected: bool) -> Span<'static> {
        Span::styled(if is_selected { "▌ " } else { "  " }, self.theme[Slot::Marker])
    }

    fn version_line(
        self,
        form: &RaceForm,
        place: usize,
        (id, races): (VersionId, bool),
        columns: usize,
    ) -> Line<'static> {
        let shown = self.model.shown();
        let is_selected = form.line() == RaceLine::Version(place);
        let (sign, slot) = if races { ("[x] ", Slot::Good) } else { ("[ ] ", Slot::Muted) };
        let mut spans = vec![self.marker(is_selected), Span::styled(sign, self.theme[slot])];
        let Some(version) = shown.version(id) else { return Line::from(spans) };
        spans.push(Span::styled(format!("{:<5}", format!("v{}", version.number)), self.theme[Slot::Version]));
        let acceptance = VersionAcceptance::of(shown.counts().by_generator(id)).to_string();
        spans.push(Span::styled(format!("{acceptance:<22}"), self.theme[Slot::Figure]));
        let labels: Vec<_> =
            shown.laboratory().labels_of(id).map(|label| SafeText::name(label).into_inner()).collect();
        if !labels.is_empty() {
            spans.push(Span::styled(format!(" {} ", labels.join(" ")), self.theme[Slot::Label]));
        }
        let words = version.note.as_deref().unwrap_or(&version.content.user);
        let words = SafeText::one_line(words);
        let used: usize = spans.iter().map(|span| span.content.chars().count()).sum();
        let words = truncate(words.as_str(), columns.saturating_sub(used + 1));
        spans.push(Span::styled(format!(" {words}"), self.theme[Slot::Muted]));
        let line = Line::from(spans);
        if is_selected { line.patch_style(self.theme[Slot::Selected]) } else { line }
    }

    fn number_line(self, form: &RaceForm, line: RaceLine, words: &'static str, number: u32) -> Line<'static> {
        let is_selected = form.line() == line;
        let line = Line::from(vec![
            self.marker(is_selected),
            Span::styled(format!("‹ {:>5} › ", thousands(number.into())), self.theme[Slot::Figure]),
            Span::styled(words, self.theme[Slot::Text]),
        ]);
        if is_selected { line.patch_style(self.theme[Slot::Selected]) } else { line }
    }
}
