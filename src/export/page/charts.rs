//! Charts as SVG.

use std::fmt::Write as _;

use super::escaped;
use crate::domain::{Arm, ArmFigures, ClassFigures, Evaluation, figure};

/// The width of all charts.
const WIDTH: f64 = 720.0;
/// Where the scale of a chart with names begins.
const NAMES: f64 = 130.0;
/// The most labels that have bars.
const MOST_LABELS: usize = 40;

/// A scale from figures to pixels.
struct Scale {
    figures: [f64; 2],
    pixels: [f64; 2],
}

impl Scale {
    /// Returns a scale that holds all figures with some room beside them, within 0 to 1.
    fn around(figures: impl Iterator<Item = f64>, pixels: [f64; 2]) -> Self {
        let all = figures.filter(|figure| figure.is_finite());
        let (low, high) =
            all.fold((1.0_f64, 0.0_f64), |(low, high), figure| (low.min(figure), high.max(figure)));
        let room = ((high - low) * 0.08).max(0.01);
        Self { figures: [(low - room).max(0.0), (high + room).min(1.0)], pixels }
    }

    fn at(&self, figure: f64) -> f64 {
        let [low, high] = self.figures;
        let [first, last] = self.pixels;
        let share = if high > low { (figure - low) / (high - low) } else { 0.5 };
        first + share.clamp(0.0, 1.0) * (last - first)
    }

    /// Returns five figures in even steps.
    fn steps(&self) -> [f64; 5] {
        let [low, high] = self.figures;
        [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| low + share * (high - low))
    }
}

fn svg(height: f64, label: &str, content: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{label}\">\n{content}</svg>\n"
    )
}

/// Returns the class of what belongs to an arm.
const fn colour(arm: Arm) -> &'static str {
    if matches!(arm, Arm::Accepted) { "with" } else { "real" }
}

/// Returns each arm as a dot at its mean, on a line as long as its interval.
pub(super) fn arms(evaluation: &Evaluation) -> String {
    let figures = evaluation
        .arms
        .iter()
        .flat_map(|of| [of.pr_auc_interval.low, of.figures.pr_auc.mean, of.pr_auc_interval.high]);
    let scale = Scale::around(figures, [NAMES, WIDTH - 70.0]);
    let mut content = String::new();
    let mut y = 20.0;
    for of in &evaluation.arms {
        let ArmFigures { arm, figures, pr_auc_interval: interval, .. } = of;
        let (low, mean, high) =
            (scale.at(interval.low), scale.at(figures.pr_auc.mean), scale.at(interval.high));
        let (name, colour, shown) = (arm.name(), colour(*arm), figure(figures.pr_auc.mean));
        // Writing to a string cannot fail.
        let _ = write!(
            content,
            "<g><title>{name}: {shown}, {} to {} ({})</title><text x=\"0\" y=\"{:.1}\">{name}</text>\
             <line class=\"{colour}\" x1=\"{low:.1}\" x2=\"{high:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke-width=\"2\"/>\
             <circle class=\"{colour}\" cx=\"{mean:.1}\" cy=\"{y:.1}\" r=\"5\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{shown}</text></g>\n",
            figure(interval.low),
            figure(interval.high),
            escaped(arm.about()),
            y + 4.5,
            WIDTH,
            y + 4.5
        );
        y += 28.0;
    }
    let grid: Vec<String> = scale
        .steps()
        .map(|step| {
            let x = scale.at(step);
            format!(
                "<line class=\"grid\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"4\" y2=\"{y:.1}\"/>\
                 <text class=\"soft\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\n",
                y + 16.0,
                figure(step)
            )
        })
        .to_vec();
    svg(y + 24.0, "PR-AUC of each arm with its 95 % interval", &(grid.concat() + &content))
}

/// Returns PR-AUC by the number of accepted rows, with its standard deviation over seeds.
pub(super) fn curve(evaluation: &Evaluation) -> String {
    let points = &evaluation.curve;
    let ends = points.iter().flat_map(|point| {
        let spread = point.pr_auc;
        [spread.mean - spread.sd, spread.mean + spread.sd]
    });
    let scale = Scale::around(ends, [200.0, 20.0]);
    let x = |share: f64| 60.0 + share * (WIDTH - 100.0);
    let mut content = String::new();
    for step in scale.steps() {
        let y = scale.at(step);
        let _ = writeln!(
            content,
            "<line class=\"grid\" x1=\"60\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text class=\"soft\" x=\"48\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            x(1.0),
            y + 4.0,
            figure(step)
        );
    }
    let line: Vec<String> = points
        .iter()
        .map(|point| format!("{:.1},{:.1}", x(point.share), scale.at(point.pr_auc.mean)))
        .collect();
    let _ = writeln!(content, "<polyline class=\"with\" style=\"fill:none\" points=\"{}\"/>", line.join(" "));
    for point in points {
        let (x, mean, sd) = (x(point.share), point.pr_auc.mean, point.pr_auc.sd);
        let (top, middle, bottom) = (scale.at(mean + sd), scale.at(mean), scale.at(mean - sd));
        let _ = writeln!(
            content,
            "<g><title>{} rows: {} ± {}</title>\
             <line class=\"with\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top:.1}\" y2=\"{bottom:.1}\"/>\
             <circle class=\"with\" cx=\"{x:.1}\" cy=\"{middle:.1}\" r=\"4\"/>\
             <text class=\"soft\" x=\"{x:.1}\" y=\"222\" text-anchor=\"middle\">{}</text></g>",
            point.rows,
            figure(mean),
            figure(sd),
            point.rows
        );
    }
    svg(232.0, "PR-AUC by accepted rows", &content)
}

/// Returns the F1 of each label, two bars each.
pub(super) fn classes(evaluation: &Evaluation) -> String {
    let of = |arm| evaluation.arms.iter().find(|figures| figures.arm == arm).map(|figures| &figures.classes);
    let (Some(before), Some(after)) = (of(Arm::Real), of(Arm::Accepted)) else { return String::new() };
    let mut content = String::new();
    let mut y = 8.0;
    let scale = Scale { figures: [0.0, 1.0], pixels: [0.0, WIDTH - NAMES - 60.0] };
    for (before, after) in before.iter().zip(after).take(MOST_LABELS) {
        let _ = write!(
            content,
            "<text x=\"0\" y=\"{:.1}\">{}</text>\n{}{}",
            y + 18.0,
            escaped(&crate::text::truncate(&before.label, 16)),
            bar(before, "real", "real", &scale, y),
            bar(after, "with", "accepted", &scale, y + 14.0)
        );
        y += 40.0;
    }
    let hidden = before.len().saturating_sub(MOST_LABELS);
    let more = if hidden == 0 {
        String::new()
    } else {
        format!("<p class=\"soft\">{hidden} more labels are not shown.</p>\n")
    };
    format!(
        "<p class=\"soft\">Above: real rows alone. Below: with the accepted rows.</p>\n{}{more}",
        svg(y, "F1 of each label", &content)
    )
}

fn bar(of: &ClassFigures, colour: &str, name: &str, scale: &Scale, y: f64) -> String {
    let (width, shown) = (scale.at(of.f1), figure(of.f1));
    format!(
        "<g><title>{} {name}: F1 {shown}, precision {}, recall {}</title>\
         <rect class=\"{colour}\" x=\"{NAMES}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"11\"/>\
         <text x=\"{:.1}\" y=\"{:.1}\">{shown}</text></g>\n",
        escaped(&of.label),
        figure(of.precision),
        figure(of.recall),
        width.max(1.0),
        NAMES + width + 6.0,
        y + 10.0
    )
}
