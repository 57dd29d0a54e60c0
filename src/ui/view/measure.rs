//! The Measure view: the verdict, why, and what stands beside it; one text to scroll through, in two columns where
//! there is room.

mod arms;
mod before;
mod classes;
mod notes;
mod verdict;

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Screen;
use crate::app::Command;
use crate::app::geometry::{inside, padded};
use crate::app::measure::{Evaluating, decisions_since};
use crate::domain::Evaluation;
use crate::text::{counted, thousands};
use crate::ui::canvas::line_width;
use crate::ui::theme::Slot;
use crate::ui::widget::bar::gauge;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::{Reading, wrapped};

/// From this many columns on, what stands beside the verdict is in two columns.
const TWO_COLUMNS: u16 = 120;
/// The columns between them.
const GAP: u16 = 4;
/// The cells of the gauge of an evaluation that goes on.
const GAUGE: usize = 24;

impl Screen<'_> {
    /// Draws the Measure view.
    pub(super) fn measure(self, buf: &mut Buffer) {
        let area = self.model.measure_area();
        let right = Line::from(self.measure_title());
        Pane { theme: self.theme, focused: true, title: "Measure".into(), right }.render(area, buf);
        let content = padded(inside(area));
        let lines = self.measure_lines(content.width);
        self.model.measure.end.set(lines.len().saturating_sub(usize::from(content.height)));
        Reading { theme: self.theme, lines: &lines, scroll: self.model.measure.scroll }
            .draw(content, area, buf);
    }

    fn measure_title(self) -> String {
        let Some(last) = &self.model.measure.last else { return String::new() };
        let of = &last.evaluation;
        let seeds = counted(of.seeds, "seed");
        format!("{} · {seeds} · {:.1} s", of.model.words(), of.seconds)
    }

    fn measure_lines(self, columns: u16) -> Vec<Line<'static>> {
        let measure = &self.model.measure;
        let mut lines = Vec::new();
        if let Some(going) = &measure.going {
            lines.extend([self.evaluating(going), self.how_to_leave(going), Line::default()]);
        }
        if let Some(reason) = &measure.failed {
            lines.extend(wrapped(&format!("! {reason}"), columns, self.theme[Slot::Error]));
            lines.push(Line::default());
        }
        let Some(last) = &measure.last else {
            lines.extend(self.before_the_first(columns));
            return lines;
        };
        let since = decisions_since(self.model.shown(), last.next);
        let of = &last.evaluation;
        lines.extend(self.verdict(of, since, columns));
        if columns >= TWO_COLUMNS {
            let left = (columns - GAP) / 2;
            let right = columns - GAP - left;
            lines.extend(beside(self.left(of, left), &self.right(of, right), left));
        } else {
            lines.extend(self.left(of, columns));
            lines.extend(self.right(of, columns));
        }
        while lines.last().is_some_and(|line| line.spans.is_empty()) {
            lines.pop();
        }
        lines
    }

    fn left(self, of: &Evaluation, columns: u16) -> Vec<Line<'static>> {
        let mut lines = self.arms(of, columns);
        lines.extend(self.learning_curve(of, columns));
        lines.extend(self.versions(of, columns));
        lines
    }

    fn right(self, of: &Evaluation, columns: u16) -> Vec<Line<'static>> {
        let mut lines = self.classes(of, columns);
        lines.extend(self.confusion(of, columns));
        lines.extend(self.left_out(of, columns));
        lines.extend(self.beside_it(of, columns));
        lines
    }

    /// Returns the heading of a part, with what it shows.
    fn part(self, name: &'static str, about: &str) -> Line<'static> {
        let muted = self.theme[Slot::Muted];
        let mut spans = vec![Span::styled(name, self.theme[Slot::Role])];
        if !about.is_empty() {
            spans.push(Span::styled(format!("  {about}"), muted));
        }
        Line::from(spans)
    }

    /// Returns how far the evaluation is that goes on.
    fn evaluating(self, going: &Evaluating) -> Line<'static> {
        let theme = self.theme;
        let (done, total) = going.progress.map_or((0, 0), |(done, total, _)| (done, total));
        let mut spans = gauge(done, total, GAUGE, theme[Slot::Gauge], theme[Slot::BarTrack]);
        let words = match (going.is_stopping, going.progress) {
            (true, _) => " stopping …".to_owned(),
            (false, None) => " evaluating …".to_owned(),
            (false, Some(_)) => {
                format!(" {} of {} classifiers trained", thousands(done), thousands(total))
            }
        };
        spans.push(Span::styled(words, theme[Slot::Text]));
        if let Some(left) = going.seconds_left().filter(|_| !going.is_stopping) {
            spans.push(Span::styled(format!(" · {} s left", thousands(left)), theme[Slot::Figure]));
        }
        Line::from(spans)
    }

    /// Returns the keys that leave the evaluation running, and that stop it.
    fn how_to_leave(self, going: &Evaluating) -> Line<'static> {
        let (theme, mut spans) = (self.theme, Vec::new());
        let keys = [(Command::Back, " leaves it running"), (Command::StopOrQuit, " stops it")];
        for (command, words) in keys.into_iter().filter(|_| !going.is_stopping) {
            if let Some(key) = self.key(command) {
                let gap = if spans.is_empty() { "" } else { " · " };
                spans.push(Span::styled(gap, theme[Slot::Muted]));
                spans.push(Span::styled(key, theme[Slot::Key]));
                spans.push(Span::styled(words, theme[Slot::KeyLabel]));
            }
        }
        Line::from(spans)
    }
}

/// Puts two columns of lines beside each other.
fn beside(left: Vec<Line<'static>>, right: &[Line<'static>], columns: u16) -> Vec<Line<'static>> {
    let count = left.len().max(right.len());
    let mut left = left.into_iter();
    let joined = (0..count).map(|place| {
        let mut line = left.next().unwrap_or_default();
        if let Some(right) = right.get(place) {
            let free = usize::from(columns + GAP).saturating_sub(line_width(&line));
            line.spans.push(Span::raw(" ".repeat(free)));
            line.spans.extend(right.spans.iter().cloned());
        }
        line
    });
    joined.collect()
}
