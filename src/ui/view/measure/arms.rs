//! The arms as dots with their intervals on one axis, the learning curve, and the gain of each version.

use ratatui::text::{Line, Span};

use super::Screen;
use crate::domain::{Arm, Evaluation, difference, figure};
use crate::text::{SafeText, counted, thousands, truncate, width};
use crate::ui::theme::Slot;
use crate::ui::widget::axis::{Axis, Dot, of_differences, of_scale};
use crate::ui::widget::curve::{Curve, Point};
use crate::ui::widget::reading::wrapped;

/// The columns of an arm's name, and of the rows that it adds.
const NAME: usize = 10;
const ADDED: usize = 8;
/// The columns of each figure behind the axis.
const FIGURE: usize = 7;
/// The widest axis.
const AXIS: usize = 60;
/// The lines of the learning curve.
const CURVE: usize = 5;
/// The columns of a version's name and rows.
const VERSION: usize = 12;
const ROWS: usize = 10;

impl Screen<'_> {
    pub(super) fn arms(self, of: &Evaluation, columns: u16) -> Vec<Line<'static>> {
        let muted = self.theme[Slot::Muted];
        let with_tuned = of.arms.iter().any(|arm| arm.figures.tuned_f1.is_some());
        let figures = FIGURE * if with_tuned { 3 } else { 2 };
        let cells = usize::from(columns).saturating_sub(NAME + ADDED + figures).min(AXIS);
        let ends = of.arms.iter().flat_map(|arm| [arm.pr_auc_interval.low, arm.pr_auc_interval.high]);
        let axis = Axis::around(ends, cells);
        let mut head = vec![Span::raw(" ".repeat(NAME + ADDED))];
        head.extend(axis.scale(of_scale, muted).spans);
        let names =
            format!("{:>FIGURE$}{:>FIGURE$}{}", "PR-AUC", "F1", if with_tuned { "  tuned" } else { "" });
        head.push(Span::styled(names, muted));
        let about = "dots are PR-AUC, bars its 95 % interval";
        let mut lines = vec![self.part("Arms", about), Line::from(head)];
        for arm in &of.arms {
            let slot = match arm.arm {
                Arm::Accepted => Slot::Accepted,
                Arm::Real => Slot::Figure,
                _ => Slot::BarReal,
            };
            let name = if arm.arm == Arm::Accepted { Slot::Accepted } else { Slot::Text };
            let added = if arm.added > 0 { format!("+ {}", thousands(arm.added)) } else { String::new() };
            let mut spans = vec![
                Span::styled(format!("{:<NAME$}", arm.arm.name()), self.theme[name]),
                Span::styled(format!("{added:<ADDED$}"), muted),
            ];
            let interval = arm.pr_auc_interval;
            let dot = Dot { at: arm.figures.pr_auc.mean, low: interval.low, high: interval.high };
            spans.extend(axis.line(dot, slot, self.theme));
            let mean = figure(arm.figures.pr_auc.mean);
            spans.push(Span::styled(format!("{mean:>FIGURE$}"), self.theme[Slot::Figure]));
            let rest = [Some(arm.figures.f1), arm.figures.tuned_f1];
            for spread in rest.into_iter().flatten() {
                let mean = figure(spread.mean);
                spans.push(Span::styled(format!("{mean:>FIGURE$}"), self.theme[Slot::Text]));
            }
            lines.push(Line::from(spans));
        }
        lines.push(Line::default());
        lines
    }

    pub(super) fn learning_curve(self, of: &Evaluation, columns: u16) -> Vec<Line<'static>> {
        let (Some(first), Some(last)) = (of.curve.first(), of.curve.last()) else { return vec![] };
        let muted = self.theme[Slot::Muted];
        let edges = of
            .curve
            .iter()
            .flat_map(|point| [point.pr_auc.mean - point.pr_auc.sd, point.pr_auc.mean + point.pr_auc.sd]);
        let (low, high) = edges.fold((1.0_f64, 0.0_f64), |(low, high), at| (low.min(at), high.max(at)));
        let cells = usize::from(columns).saturating_sub(FIGURE + 8).min(AXIS);
        #[expect(clippy::cast_precision_loss, reason = "nobody accepts 2^53 rows")]
        let x = |rows: u64| rows as f64;
        let curve = Curve { columns: cells, rows: CURVE, most_x: x(last.rows), low, high };
        let points: Vec<Point> =
            of.curve.iter().map(|point| Point { x: x(point.rows), y: point.pr_auc.mean }).collect();
        let about = "PR-AUC with more and more of the accepted rows";
        let mut lines = vec![self.part("Learning curve", about)];
        for (place, drawn) in curve.lines(&points).into_iter().enumerate() {
            let label = match place {
                0 => figure(high),
                _ if place + 1 == CURVE => figure(low),
                _ => String::new(),
            };
            lines.push(Line::from(vec![
                Span::styled(format!("{label:>5} "), muted),
                Span::styled(if label.is_empty() { "│" } else { "┤" }, self.theme[Slot::BarTrack]),
                Span::styled(drawn, self.theme[Slot::Accepted]),
            ]));
        }
        lines.push(self.curve_scale(of, cells));
        let ends = [first.pr_auc.mean, last.pr_auc.mean].map(figure);
        let words = format!("{} without, {} with all {}", ends[0], ends[1], counted(last.rows, "row"));
        lines.push(Line::from(Span::styled(format!("{:7}{words}", ""), muted)));
        lines.push(Line::default());
        lines
    }

    /// Returns the numbers of rows below the learning curve.
    fn curve_scale(self, of: &Evaluation, cells: usize) -> Line<'static> {
        let most = of.curve.last().map_or(1, |point| point.rows.max(1));
        let mut scale = String::new();
        for point in &of.curve {
            let label = thousands(point.rows);
            let last = (cells as u64).saturating_sub(1);
            let at = usize::try_from(last * point.rows / most).unwrap_or_default();
            let start = at.saturating_sub(width(&label) / 2).min(cells.saturating_sub(width(&label)));
            let used = width(&scale);
            if used == 0 || start > used {
                scale.push_str(&" ".repeat(start.saturating_sub(used)));
                scale.push_str(&label);
            }
        }
        Line::from(Span::styled(format!("{:7}{scale}", ""), self.theme[Slot::Muted]))
    }

    pub(super) fn versions(self, of: &Evaluation, columns: u16) -> Vec<Line<'static>> {
        if of.versions.is_empty() {
            return vec![];
        }
        let muted = self.theme[Slot::Muted];
        let shown = self.model.shown();
        let (hidden, told): (Vec<_>, Vec<_>) =
            of.versions.iter().partition(|version| shown.hides_version_called(&version.version));
        let notice = (!hidden.is_empty())
            .then(|| wrapped("Versions of the blind trial are hidden until it ends.", columns, muted));
        if told.is_empty() {
            let mut lines = vec![self.part("Versions", "")];
            lines.extend(notice.unwrap_or_default());
            lines.push(Line::default());
            return lines;
        }
        let cells = usize::from(columns).saturating_sub(VERSION + ROWS + FIGURE).min(AXIS);
        let ends = told
            .iter()
            .flat_map(|version| [version.gain.mean - version.gain.sd, version.gain.mean + version.gain.sd]);
        let axis = Axis::around(ends.chain([0.0]), cells);
        let mut head = vec![Span::raw(" ".repeat(VERSION + ROWS))];
        head.extend(axis.scale(of_differences, muted).spans);
        head.push(Span::styled(format!("{:>FIGURE$}", "gain"), muted));
        let about = "gain of each one's rows alone, bars its deviation over seeds";
        let mut lines = vec![self.part("Versions", about), Line::from(head)];
        for version in told {
            let name = SafeText::name(&version.version);
            let name = truncate(name.as_str(), VERSION - 1);
            let gain = version.gain;
            let slot = if gain.mean < 0.0 { Slot::Warning } else { Slot::Accepted };
            let rows = counted(version.rows, "row");
            let mut spans = vec![
                Span::styled(format!("{name}{}", " ".repeat(VERSION - width(&name))), self.theme[Slot::Text]),
                Span::styled(format!("{rows:<ROWS$}"), muted),
            ];
            let dot = Dot { at: gain.mean, low: gain.mean - gain.sd, high: gain.mean + gain.sd };
            spans.extend(axis.line(dot, slot, self.theme));
            spans.push(Span::styled(format!("{:>FIGURE$}", difference(gain.mean)), self.theme[Slot::Figure]));
            lines.push(Line::from(spans));
        }
        lines.extend(notice.unwrap_or_default());
        lines.push(Line::default());
        lines
    }
}
