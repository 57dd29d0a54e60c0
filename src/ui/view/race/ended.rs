//! What a race has shown, once it has ended: nothing is hidden any more.

use ratatui::text::{Line, Span};

use super::super::Screen;
use crate::domain::{Interval, Trial, TrialOutcome};
use crate::measure::Acceptance;
use crate::measure::race::{RaceState, saved, state};
use crate::text::{SafeText, counted, thousands, width};
use crate::ui::theme::Slot;
use crate::ui::widget::axis::{Axis, Dot};
use crate::ui::widget::reading::wrapped;

/// The columns of a line of the table beside its axis.
const BESIDE: u16 = 48;
/// The widest axis.
const WIDEST_AXIS: usize = 60;

impl Screen<'_> {
    /// Returns what the race has shown.
    pub(super) fn ended_race(self, trial: &Trial, columns: u16) -> Vec<Line<'static>> {
        let decided = self.model.race.race.decided.iter();
        let sides: Vec<Acceptance> = decided.copied().map(Acceptance::from).collect();
        let Some(end) = trial.ended else { return vec![] };
        let (verdict, slot) = self.verdict_of_race(trial, end.outcome);
        let mut lines = wrapped(&verdict, columns, self.theme[slot]);
        for sentence in self.about_the_end(trial, end.outcome, &sides) {
            lines.extend(wrapped(&sentence, columns, self.theme[Slot::Text]));
        }
        if is_changed(trial, end.outcome, &sides) {
            let sentence = "! Decisions were changed since the race ended; with those of now it would have ended in \
                            another way.";
            lines.extend(wrapped(sentence, columns, self.theme[Slot::Warning]));
        }
        lines.push(Line::default());
        lines.extend(self.table_of_sides(trial, end.outcome, &sides, columns));
        lines
    }

    fn name_of_side(self, trial: &Trial, side: usize) -> String {
        let version = trial.sides.get(side).and_then(|side| self.model.shown().version(side.version));
        version.map_or_else(
            || "a version that is gone".to_owned(),
            |version| {
                let is_current =
                    self.model.shown().versions().last().is_some_and(|last| last.name == version.name);
                if is_current {
                    format!("v{}", version.number)
                } else {
                    format!("{}@v{}", SafeText::name(&version.name).as_str(), version.number)
                }
            },
        )
    }

    fn verdict_of_race(self, trial: &Trial, outcome: TrialOutcome) -> (String, Slot) {
        match outcome {
            TrialOutcome::Best { side } => {
                let name = self.name_of_side(trial, side.into());
                (
                    format!("{name} is the best: its rows are accepted more often than those of all others."),
                    Slot::Good,
                )
            }
            TrialOutcome::NoDifference => {
                ("No difference of 10 points or more is left between the versions.".into(), Slot::Strong)
            }
            TrialOutcome::Undecided => (
                "Undecided: the last decision is made, and no version is known to be the best.".into(),
                Slot::Strong,
            ),
            TrialOutcome::Stopped => {
                ("The race was ended by hand, before its rule named a best version.".into(), Slot::Strong)
            }
        }
    }

    /// Returns which rule ended it, and what it saved.
    fn about_the_end(self, trial: &Trial, outcome: TrialOutcome, sides: &[Acceptance]) -> Vec<String> {
        let made: u64 = sides.iter().map(|side| side.decided()).sum();
        // How many there were at the end is not known once some were changed.
        let is_known = !is_changed(trial, outcome, sides);
        let ended = if is_known {
            format!("It ended after {},", counted(made, "decision"))
        } else {
            "It ended".to_owned()
        };
        let rule = match outcome {
            TrialOutcome::Best { .. } => {
                format!("{ended} by the rule for a best version, which holds however often one looks.")
            }
            TrialOutcome::NoDifference => {
                format!("{ended} by the rule for no difference, which holds however often one looks.")
            }
            TrialOutcome::Undecided => {
                format!(
                    "It ended after {}, as many as it was to take.",
                    counted(trial.rows.into(), "decision")
                )
            }
            TrialOutcome::Stopped => {
                format!(
                    "It ended after {} of at most {}.",
                    counted(made, "decision"),
                    thousands(trial.rows.into())
                )
            }
        };
        let mut sentences = vec![rule];
        let saved = if is_known { self.saved_by_race(trial, sides) } else { None };
        if let Some((took, equal)) = saved {
            let (took, equal) = (thousands(took.into()), thousands(equal.into()));
            sentences.push(format!(
                "Equal shares would take about {equal} decisions under the same rule; the race took {took}."
            ));
        }
        sentences
    }

    /// Returns what the race took and what equal shares take, computed once.
    fn saved_by_race(self, trial: &Trial, sides: &[Acceptance]) -> Option<(u32, u32)> {
        let made = self.model.race.race.made();
        let mut kept = self.model.race.saved.borrow_mut();
        if let Some((number, of, saved)) = *kept
            && (number, of) == (trial.number, made)
        {
            return saved;
        }
        let saved = saved(sides, trial.seed).map(|saved| (saved.took, saved.equal));
        *kept = Some((trial.number, made, saved));
        saved
    }

    fn table_of_sides(
        self,
        trial: &Trial,
        outcome: TrialOutcome,
        sides: &[Acceptance],
        columns: u16,
    ) -> Vec<Line<'static>> {
        let theme = self.theme;
        let best = if let TrialOutcome::Best { side } = outcome { Some(usize::from(side)) } else { None };
        let names: Vec<_> = (0..sides.len()).map(|side| self.name_of_side(trial, side)).collect();
        let widest = names.iter().map(|name| width(name)).max().unwrap_or_default();
        let cells = usize::from(columns.saturating_sub(BESIDE)).saturating_sub(widest).clamp(10, WIDEST_AXIS);
        let axis = Axis::around([0.0, 1.0], cells);
        let mut lines = Vec::new();
        for (place, (side, name)) in sides.iter().zip(&names).enumerate() {
            let Interval { low, high } = side.interval();
            let slot = if best == Some(place) { Slot::Good } else { Slot::Text };
            let sign = if best == Some(place) { "✓ " } else { "  " };
            let free = " ".repeat(widest - width(name));
            let counts = format!("  {:>5} of {:<5}  ", thousands(side.accepted), thousands(side.decided()));
            let mut spans = vec![
                Span::styled(sign, theme[Slot::Good]),
                Span::styled(format!("{name}{free}"), theme[Slot::Version]),
                Span::styled(counts, theme[Slot::Figure]),
            ];
            match side.rate() {
                Some(at) => spans.extend(axis.line(Dot { at, low, high }, slot, theme)),
                // Nothing is known of it.
                None => spans.push(Span::raw(" ".repeat(cells))),
            }
            spans.push(Span::styled(format!("  {side}"), theme[slot]));
            lines.push(Line::from(spans));
        }
        let head = format!("  {:<widest$}  {:^14}  ", "", "accepted");
        let mut scale = vec![Span::styled(head, theme[Slot::Muted])];
        scale.extend(axis.scale(percent, theme[Slot::Muted]).spans);
        lines.insert(0, Line::from(scale));
        lines.push(Line::default());
        lines.push(Line::styled(
            "The lines are 95 % intervals of the accepted share, each for one look only.",
            theme[Slot::Muted],
        ));
        lines
    }
}

/// Returns a share as the scale writes it.
fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Returns whether the decisions of now would have ended the race in another way.
fn is_changed(trial: &Trial, outcome: TrialOutcome, sides: &[Acceptance]) -> bool {
    let now = state(sides, trial.rows);
    match outcome {
        TrialOutcome::Best { side } => now != RaceState::Best(side.into()),
        TrialOutcome::NoDifference => now != RaceState::NoDifference,
        TrialOutcome::Undecided => now != RaceState::OutOfDecisions,
        TrialOutcome::Stopped => false,
    }
}
