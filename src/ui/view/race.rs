//! The Race view: the form of a race, the row that is decided next, or what the race has shown.
//!
//! While a race goes on, nothing here tells which version a row comes from: no number, no rate, no request.

mod ended;
mod form;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Screen;
use crate::app::Command;
use crate::app::geometry::{inside, padded};
use crate::app::race::Feed;
use crate::domain::{Fields, FlagKind, RowView, Trial};
use crate::text::{SafeText, counted, thousands};
use crate::ui::canvas::{line_width, put};
use crate::ui::theme::Slot;
use crate::ui::widget::bar::gauge;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::{Reading, wrapped};

/// The widest lines of the row: longer ones are hard to read.
const WIDEST: u16 = 76;
/// The cells of the gauge of decisions.
const GAUGE: usize = 24;

impl Screen<'_> {
    /// Draws the Race view.
    pub(super) fn race(self, buf: &mut Buffer) {
        let area = self.model.measure_area();
        let (title, right) = self.race_titles();
        Pane { theme: self.theme, focused: true, title: title.into(), right: right.into() }.render(area, buf);
        let content = padded(inside(area));
        match self.model.shown_race() {
            Some(trial) if trial.goes_on() => self.racing(trial, content, area, buf),
            shown => {
                let lines = match shown {
                    Some(trial) => self.ended_race(trial, content.width),
                    None => self.race_form(content.width),
                };
                self.read(&lines, content, area, buf);
            }
        }
    }

    fn read(self, lines: &[Line<'_>], content: Rect, area: Rect, buf: &mut Buffer) {
        let pane = &self.model.race;
        pane.end.set(lines.len().saturating_sub(usize::from(content.height)));
        Reading { theme: self.theme, lines, scroll: pane.scroll }.draw(content, area, buf);
    }

    fn race_titles(self) -> (String, String) {
        let Some(trial) = self.model.shown_race() else { return ("Race".into(), String::new()) };
        let versions = counted(trial.sides.len() as u64, "version");
        let title = format!("Race {} · {versions}", trial.number.0);
        let race = &self.model.race.race;
        let made = thousands(race.made().into());
        if !trial.goes_on() {
            return (title, counted(race.made().into(), "decision"));
        }
        let most = thousands(trial.rows.into());
        let waits = match race.pending.len() {
            1 => "1 row waits".to_owned(),
            rows => format!("{} rows wait", thousands(rows as u64)),
        };
        (format!("{title}, blind"), format!("{made} of {most} decided · {waits}"))
    }

    /// Draws the row that is decided next, and below it how far the race is.
    fn racing(self, trial: &Trial, content: Rect, area: Rect, buf: &mut Buffer) {
        let foot = self.foot_of_race(trial, content.width);
        let height = u16::try_from(foot.len()).unwrap_or(u16::MAX).min(content.height);
        let above = Rect { height: content.height - height, ..content };
        for (line, place) in foot.iter().zip(Rect { y: above.bottom(), height, ..content }.rows()) {
            put(buf, place.x, place.y, place.width, line);
        }
        let row = self.model.race.current.and_then(|row| self.model.shown().row(row));
        let widest = above.width.min(WIDEST);
        let lines = match &row {
            Some(row) => self.row_of_race(row, widest),
            None => wrapped(self.no_row_yet(), widest, self.theme[Slot::Muted]),
        };
        let columns = lines.iter().map(line_width).max().unwrap_or_default();
        let columns = u16::try_from(columns).unwrap_or(widest).min(widest);
        let above = Rect { x: above.x + (above.width - columns) / 2, width: columns, ..above };
        // A little above the middle, where the eye looks for it.
        let free = usize::from(above.height).saturating_sub(lines.len());
        let top = u16::try_from(free * 2 / 5).unwrap_or_default();
        let above = Rect { y: above.y + top, height: above.height - top, ..above };
        self.read(&lines, above, area, buf);
    }

    fn row_of_race(self, row: &RowView<'_>, columns: u16) -> Vec<Line<'static>> {
        let mut lines = wrapped(&row.text(), columns, self.theme[Slot::Text]);
        lines.push(Line::default());
        for (name, value) in
            row.fields().0.iter().filter(|(name, _)| *name != Fields::TEXT && *name != Fields::LABEL)
        {
            let value = format!("{}  {value}", SafeText::name(name).as_str());
            lines.extend(wrapped(&value, columns, self.theme[Slot::Muted]));
        }
        let flags: Vec<_> = row.flag_kinds().map(FlagKind::name).collect();
        if !flags.is_empty() {
            lines.push(Line::styled(format!("flagged: {}", flags.join(", ")), self.theme[Slot::Flag]));
        }
        if row.is_edited() {
            lines.push(Line::styled("edited", self.theme[Slot::Muted]));
        }
        lines
    }

    fn no_row_yet(self) -> &'static str {
        match &self.model.race.feed {
            Feed::On if self.model.race.is_sampling() => "Rows of the race are on their way …",
            Feed::On => "Rows of the race come once the run that goes on has ended.",
            Feed::Paused { .. } => "No row of the race waits.",
        }
    }

    /// Returns how far the race is, and what keeps rows from coming.
    fn foot_of_race(self, trial: &Trial, columns: u16) -> Vec<Line<'static>> {
        let (theme, race) = (self.theme, &self.model.race);
        let mut lines = Vec::new();
        let key = self.key(Command::SampleRace).unwrap_or_default();
        if let Feed::Paused { why: Some(why) } = &race.feed {
            lines.extend(wrapped(&format!("! {why}"), columns, theme[Slot::Error]));
        }
        let mut spans = gauge(
            race.race.made().into(),
            trial.rows.into(),
            GAUGE,
            theme[Slot::Gauge],
            theme[Slot::BarTrack],
        );
        let most = thousands(trial.rows.into());
        let words = format!(" {} of at most {most} decisions", thousands(race.race.made().into()));
        spans.push(Span::styled(words, theme[Slot::Text]));
        match &race.feed {
            Feed::On if race.is_sampling() => spans.push(Span::styled(" · sampling …", theme[Slot::Muted])),
            Feed::On => {}
            Feed::Paused { why } => {
                let does = if why.is_some() { " tries again" } else { " samples more rows" };
                spans.push(Span::styled(" · paused, ", theme[Slot::Warning]));
                spans.push(Span::styled(key, theme[Slot::Key]));
                spans.push(Span::styled(does, theme[Slot::KeyLabel]));
            }
        }
        lines.push(Line::from(spans));
        lines
    }
}
