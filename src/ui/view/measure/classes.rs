//! Each class before and after, and what is taken for what.

use ratatui::text::{Line, Span};

use super::Screen;
use crate::domain::{Arm, ArmFigures, Evaluation, difference, figure};
use crate::text::{SafeText, thousands, truncate, width};
use crate::ui::theme::Slot;
use crate::ui::widget::bar::{bar, eighths};

/// The widest label.
const LABEL: usize = 14;
/// The classes that are shown at most: the target, and those that change most.
const MOST: usize = 6;
/// The widest bar.
const BAR: usize = 36;
/// Parts of one, to measure shares with whole numbers.
const PARTS: f64 = 10_000.0;

/// One label's counts of a confusion matrix, without and with the accepted rows.
struct Cell {
    with: u64,
    change: i64,
}

fn arm(of: &Evaluation, arm: Arm) -> Option<&ArmFigures> {
    of.arms.iter().find(|found| found.arm == arm)
}

/// Returns a label, made safe, in exactly this many columns.
fn padded_label(label: &str, columns: usize) -> String {
    let safe = SafeText::name(label);
    let short = truncate(safe.as_str(), columns);
    let free = columns.saturating_sub(width(&short));
    format!("{short}{}", " ".repeat(free))
}

/// Returns a change with its sign, or nothing where it is too small to be written.
fn change_of(change: f64) -> String {
    if change.abs() < 5e-4 { String::new() } else { format!(" {}", difference(change)) }
}

/// Returns how many of [`PARTS`] a share is.
fn parts(share: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to PARTS")]
    let parts = (share.clamp(0.0, 1.0) * PARTS) as u64;
    parts
}

impl Screen<'_> {
    /// Returns the F1 of each class without and with the accepted rows.
    pub(super) fn classes(self, of: &Evaluation, columns: u16) -> Vec<Line<'static>> {
        let (Some(real), Some(accepted)) = (arm(of, Arm::Real), arm(of, Arm::Accepted)) else {
            return vec![];
        };
        let mut pairs: Vec<_> = accepted
            .classes
            .iter()
            .filter_map(|after| {
                let before = real.classes.iter().find(|before| before.label == after.label)?;
                Some((after.label.as_str(), before.f1, after.f1))
            })
            .collect();
        let change = |pair: &(&str, f64, f64)| (pair.2 - pair.1).abs();
        pairs.sort_by(|a, b| {
            let is_target = |pair: &(&str, f64, f64)| pair.0 == of.target;
            is_target(b).cmp(&is_target(a)).then(change(b).total_cmp(&change(a)))
        });
        let left = pairs.len().saturating_sub(MOST);
        let mut lines = vec![self.part("Classes", "F1 without and with the accepted rows")];
        let cells = usize::from(columns).saturating_sub(LABEL + 22).min(BAR);
        for (label, before, after) in pairs.into_iter().take(MOST) {
            let name = if label == of.target { Slot::Target } else { Slot::Text };
            let label = Span::styled(padded_label(label, LABEL), self.theme[name]);
            let blank = Span::raw(" ".repeat(LABEL));
            for (first, word, share, slot, more) in [
                (label, "without ", before, Slot::BarReal, String::new()),
                (blank, "with    ", after, Slot::BarAccepted, change_of(after - before)),
            ] {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a constant")]
                let drawn = bar(eighths(parts(share), PARTS as u64, cells));
                let free = cells.saturating_sub(width(&drawn));
                let tone = if after + 5e-4 < before { Slot::Warning } else { Slot::Accepted };
                lines.push(Line::from(vec![
                    first,
                    Span::styled(word, self.theme[Slot::Muted]),
                    Span::styled(drawn, self.theme[slot]),
                    Span::raw(" ".repeat(free)),
                    Span::styled(format!(" {:>5}", figure(share)), self.theme[Slot::Figure]),
                    Span::styled(more, self.theme[tone]),
                ]));
            }
        }
        if left > 0 {
            let words = format!("… and {left} more labels, which change less");
            lines.push(Line::from(Span::styled(words, self.theme[Slot::Muted])));
        }
        lines.push(Line::default());
        lines
    }

    /// Returns what was taken for what with the accepted rows, and how that differs from without.
    pub(super) fn confusion(self, of: &Evaluation, columns: u16) -> Vec<Line<'static>> {
        let (Some(real), Some(accepted)) = (arm(of, Arm::Real), arm(of, Arm::Accepted)) else {
            return vec![];
        };
        let labels: Vec<&str> = accepted.classes.iter().map(|class| class.label.as_str()).collect();
        let wide = columns_of(&accepted.confusion);
        let fits = LABEL + labels.len() * wide <= usize::from(columns);
        let (labels, with, without) = if fits {
            (labels, accepted.confusion.clone(), real.confusion.clone())
        } else {
            let target = labels.iter().position(|label| *label == of.target);
            let merged = |matrix: &[Vec<u64>]| merged(matrix, target);
            (vec!["others", of.target.as_str()], merged(&accepted.confusion), merged(&real.confusion))
        };
        let wide = columns_of(&with);
        let about = "rows: the label; columns: what it is taken for; (change)";
        let mut head = vec![Span::raw(" ".repeat(LABEL))];
        for label in &labels {
            let safe = SafeText::name(label);
            let short = truncate(safe.as_str(), wide - 2);
            let slot = if *label == of.target { Slot::Target } else { Slot::Muted };
            let label = format!("{}{short}", " ".repeat(wide - width(&short)));
            head.push(Span::styled(label, self.theme[slot]));
        }
        let mut lines = vec![self.part("Confusion", about), Line::from(head)];
        for (row, label) in labels.iter().enumerate() {
            let slot = if *label == of.target { Slot::Target } else { Slot::Text };
            let mut spans = vec![Span::styled(padded_label(label, LABEL), self.theme[slot])];
            for column in 0..labels.len() {
                let at = |matrix: &[Vec<u64>]| {
                    matrix.get(row).and_then(|cells| cells.get(column)).copied().unwrap_or_default()
                };
                let (with, without) = (at(&with), at(&without));
                let change =
                    i64::try_from(with).unwrap_or(i64::MAX) - i64::try_from(without).unwrap_or(i64::MAX);
                spans.extend(self.confused(&Cell { with, change }, row == column, wide));
            }
            lines.push(Line::from(spans));
        }
        lines.push(Line::default());
        lines
    }

    fn confused(self, cell: &Cell, is_right: bool, wide: usize) -> Vec<Span<'static>> {
        let Cell { with, change } = *cell;
        let words = match change {
            0 => String::new(),
            1.. => format!(" (+{change})"),
            _ => format!(" (−{})", change.unsigned_abs()),
        };
        let count = thousands(with);
        let free = wide.saturating_sub(width(&count) + width(&words));
        let count_slot = if is_right { Slot::Figure } else { Slot::Text };
        let tone = if (change > 0) == is_right { Slot::Accepted } else { Slot::Warning };
        vec![
            Span::raw(" ".repeat(free)),
            Span::styled(count, self.theme[count_slot]),
            Span::styled(words, self.theme[tone]),
        ]
    }
}

/// Returns the columns of each count with its change.
fn columns_of(matrix: &[Vec<u64>]) -> usize {
    let most = matrix.iter().flatten().max().copied().unwrap_or_default();
    (thousands(most).len() + 9).max(13)
}

/// Returns the counts of one class and of all others together, the others first.
fn merged(matrix: &[Vec<u64>], class: Option<usize>) -> Vec<Vec<u64>> {
    let mut counts = vec![vec![0; 2]; 2];
    for (row, cells) in matrix.iter().enumerate() {
        for (column, count) in cells.iter().enumerate() {
            let place = [Some(row) == class, Some(column) == class].map(usize::from);
            if let Some(cell) = counts.get_mut(place[0]).and_then(|cells| cells.get_mut(place[1])) {
                *cell += count;
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_classes_but_the_target_become_one() {
        let matrix = [vec![5, 1, 2], vec![3, 7, 0], vec![1, 1, 9]];
        assert_eq!(merged(&matrix, Some(1)), [vec![17, 2], vec![3, 7]]);
        assert_eq!(merged(&matrix, None), [vec![29, 0], vec![0, 0]]);
    }
}
