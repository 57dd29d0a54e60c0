//! The verdict in one sentence, why, the interval against 0, and what to keep in mind.

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::Screen;
use crate::app::Command;
use crate::domain::{Evaluation, EvaluationWarning, Verdict, difference};
use crate::text::counted;
use crate::ui::theme::Slot;
use crate::ui::widget::axis::{Axis, Dot, of_differences};
use crate::ui::widget::reading::wrapped;

/// The widest axis of the gain.
const AXIS: usize = 60;
/// The columns before it.
const NAME: usize = 16;
/// The widest text that is comfortable to read.
const WIDEST: u16 = 110;

/// Returns the sign and the style of a verdict; the sign is for screens without colour.
const fn mark(verdict: Verdict) -> (&'static str, Slot) {
    match verdict {
        Verdict::Helps => ("✓", Slot::Good),
        Verdict::NoBetterThanAControl => ("≈", Slot::Warning),
        Verdict::Undecided => ("?", Slot::Notice),
        Verdict::Hurts => ("✗", Slot::Error),
    }
}

impl Screen<'_> {
    pub(super) fn verdict(self, of: &Evaluation, since: u64, columns: u16) -> Vec<Line<'static>> {
        let (sign, slot) = mark(of.verdict);
        let theme = self.theme;
        let text = columns.min(WIDEST);
        let name = format!("{sign} {}", of.verdict.words());
        let mut lines = vec![Line::from(vec![
            Span::styled("▌ ", theme[slot]),
            Span::styled(name, theme[slot].add_modifier(Modifier::BOLD)),
        ])];
        let bar = |line: Line<'static>| {
            let mut spans = vec![Span::styled("▌ ", theme[slot])];
            spans.extend(line.spans);
            Line::from(spans)
        };
        lines.extend(wrapped(&of.sentence(), text - 2, theme[Slot::Figure]).into_iter().map(bar));
        lines.extend(wrapped(&of.why(), text - 2, theme[Slot::Text]).into_iter().map(bar));
        lines.extend(wrapped(&of.about_pr_auc(), text - 2, theme[Slot::Muted]).into_iter().map(bar));
        lines.push(Line::default());
        lines.extend(self.gain(of, columns));
        let warnings = self.warnings(of, since, columns);
        if !warnings.is_empty() {
            lines.push(Line::default());
            lines.extend(warnings);
        }
        lines.push(Line::default());
        lines
    }

    /// Returns the gain with its interval on an axis that holds 0.
    fn gain(self, of: &Evaluation, columns: u16) -> Vec<Line<'static>> {
        let cells = usize::from(columns).saturating_sub(NAME).min(AXIS);
        let axis = Axis::around([of.gain, of.interval.low, of.interval.high, 0.0, -0.01, 0.01], cells);
        let slot = mark(of.verdict).1;
        let mut line = vec![
            Span::styled(format!("{:<9}", "gain"), self.theme[Slot::Text]),
            Span::styled(format!("{:<7}", difference(of.gain)), self.theme[Slot::Figure]),
        ];
        let dot = Dot { at: of.gain, low: of.interval.low, high: of.interval.high };
        line.extend(axis.line(dot, slot, self.theme));
        let mut scale = vec![Span::raw(" ".repeat(NAME))];
        scale.extend(axis.scale(of_differences, self.theme[Slot::Muted]).spans);
        vec![Line::from(line), Line::from(scale)]
    }

    /// Returns what to keep in mind, the age of the figures first.
    fn warnings(self, of: &Evaluation, since: u64, columns: u16) -> Vec<Line<'static>> {
        let mut said = Vec::new();
        if since > 0 {
            let key = self.key(Command::Evaluate).unwrap_or_default();
            let were = if since == 1 { "was" } else { "were" };
            let decisions = counted(since, "decision");
            said.push(format!(
                "{decisions} {were} taken since, which this does not count: {key} evaluates again."
            ));
        }
        // What was left out has a part of its own.
        let told =
            of.warnings.iter().filter(|warning| !matches!(warning, EvaluationWarning::Contaminated { .. }));
        said.extend(told.map(EvaluationWarning::sentence));
        let style = self.theme[Slot::Warning];
        let mut lines = Vec::new();
        for sentence in said {
            let wrapped = wrapped(&sentence, columns.min(WIDEST) - 2, style);
            for (place, line) in wrapped.into_iter().enumerate() {
                let mut spans = vec![Span::styled(if place == 0 { "! " } else { "  " }, style)];
                spans.extend(line.spans);
                lines.push(Line::from(spans));
            }
        }
        lines
    }
}
