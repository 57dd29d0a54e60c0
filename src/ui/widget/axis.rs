//! A line of figures on an axis: a dot with its interval, against a scale that several lines share.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::domain::difference;
use crate::text::width;
use crate::ui::theme::{Slot, Theme};

/// The columns that one figure of the scale needs, with a gap.
const LABEL: usize = 8;

/// A scale with a figure at both of its ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Axis {
    low: f64,
    high: f64,
    step: f64,
    cells: usize,
}

/// What one line shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Dot {
    pub(crate) at: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Axis {
    /// Returns an axis of this many cells that holds all of the figures, and whose ends are round.
    pub(crate) fn around(figures: impl IntoIterator<Item = f64>, cells: usize) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for figure in figures.into_iter().filter(|figure| figure.is_finite()) {
            (low, high) = (low.min(figure), high.max(figure));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let wide = (high - low).max(0.004);
        let most = (cells / LABEL).clamp(1, 5);
        let step = round_step(wide / real(most));
        let low = (low / step).floor() * step;
        let high = ((high / step).ceil() * step).max(low + step);
        Self { low, high, step, cells: cells.max(2) }
    }

    /// Returns the cell of a figure; one beyond the ends is in the cell at the end.
    fn cell(&self, figure: f64) -> usize {
        let last = self.cells - 1;
        let share = ((figure - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is from 0 to the last cell"
        )]
        let cell = (share * real(last)).round() as usize;
        cell.min(last)
    }

    /// Returns the line of figures above the dots.
    pub(crate) fn scale(&self, format: fn(f64) -> String, style: Style) -> Line<'static> {
        let mut line = String::new();
        let mut place = self.low;
        while place <= self.high + self.step / 2.0 {
            let label = format(place);
            let centre = self.cell(place);
            let start =
                centre.saturating_sub(width(&label) / 2).min(self.cells.saturating_sub(width(&label)));
            let used = width(&line);
            if used == 0 || start > used {
                line.push_str(&" ".repeat(start - used.min(start)));
                line.push_str(&label);
            }
            place += self.step;
        }
        let rest = self.cells.saturating_sub(width(&line));
        Line::from(Span::styled(line + &" ".repeat(rest), style))
    }

    /// Returns the line of a dot: its interval as a bar, 0 as an upright line where it is on the axis.
    pub(crate) fn line(&self, dot: Dot, slot: Slot, theme: &Theme) -> Vec<Span<'static>> {
        let [from, to, at] =
            [dot.low.min(dot.at), dot.high.max(dot.at), dot.at].map(|figure| self.cell(figure));
        let zero = (self.low < 0.0 && self.high > 0.0).then(|| self.cell(0.0));
        let mut spans: Vec<Span<'static>> = Vec::new();
        for cell in 0..self.cells {
            let (sign, slot) = match cell {
                _ if cell == at => ("●", slot),
                _ if Some(cell) == zero && (from..=to).contains(&cell) => ("┿", slot),
                _ if (from..=to).contains(&cell) => ("━", slot),
                _ if Some(cell) == zero => ("│", Slot::Muted),
                _ => ("┈", Slot::BarTrack),
            };
            match spans.last_mut() {
                Some(last) if last.style == theme[slot] => last.content.to_mut().push_str(sign),
                _ => spans.push(Span::styled(sign.to_owned(), theme[slot])),
            }
        }
        spans
    }
}

/// Returns a figure of a scale: as many places as it needs, `.96` or `.965`.
pub(crate) fn of_scale(value: f64) -> String {
    crate::domain::figure(value)
}

/// Returns a difference on a scale; 0 has no sign.
pub(crate) fn of_differences(value: f64) -> String {
    if value.abs() < 5e-4 { "0".to_owned() } else { difference(value) }
}

/// Returns the least of 1, 2 and 5 times a power of ten that is not less than the width.
fn round_step(wide: f64) -> f64 {
    let power = 10_f64.powf(wide.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power);
    steps.into_iter().find(|step| *step >= wide * 0.999_999).unwrap_or(power * 10.0)
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 cells")]
const fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(spans: &[Span<'_>]) -> String {
        spans.iter().map(|span| span.content.as_ref()).collect()
    }

    fn dot(at: f64, low: f64, high: f64) -> Dot {
        Dot { at, low, high }
    }

    #[test]
    fn the_ends_are_round_and_hold_all_figures() {
        let scale = Axis::around([0.945, 0.987], 24).scale(of_scale, Style::new()).to_string();
        assert_eq!(scale.split_whitespace().collect::<Vec<_>>(), [".940", ".960", ".980", "1.000"]);
        assert_eq!(width(&scale), 24);
        let narrow = Axis::around([0.945, 0.987], 9).scale(of_scale, Style::new()).to_string();
        assert_eq!(narrow.trim_end(), ".900", "the second figure has no room");
    }

    #[test]
    fn a_dot_stands_in_its_interval_and_zero_is_marked() {
        let theme = Theme::mono();
        let axis = Axis::around([-0.01, 0.02], 13);
        let line = text(&axis.line(dot(0.01, 0.0, 0.02), Slot::Good, &theme));
        assert_eq!(line.chars().count(), 13);
        assert_eq!(line.matches('●').count(), 1);
        let line = text(&axis.line(dot(0.015, 0.012, 0.02), Slot::Good, &theme));
        assert_eq!(line.matches('│').count(), 1, "{line}");
        let line = text(&axis.line(dot(0.01, -0.005, 0.02), Slot::Good, &theme));
        assert_eq!(line.matches('┿').count(), 1, "the interval holds 0: {line}");
    }

    #[test]
    fn figures_that_are_all_equal_or_none_have_an_axis_all_the_same() {
        let theme = Theme::mono();
        for axis in [Axis::around([0.5, 0.5], 10), Axis::around([], 10), Axis::around([f64::NAN], 10)] {
            let line = text(&axis.line(dot(0.5, 0.5, 0.5), Slot::Good, &theme));
            assert_eq!(line.chars().count(), 10, "{axis:?}");
        }
    }
}
