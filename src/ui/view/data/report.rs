//! The dataset as it is: classes, repeats, labels that contradict, lengths.

use ratatui::text::{Line, Span};

use super::Screen;
use crate::domain::{ClassRows, DataReport};
use crate::text::{SafeText, counted, thousands, truncate, width};
use crate::ui::theme::Slot;
use crate::ui::widget::bar::{bar, eighths};
use crate::ui::widget::reading::wrapped;

/// The widest label.
const LABEL: usize = 12;
/// The columns of a count, and those where there are few columns.
const COUNT: usize = 9;
const SHORT_COUNT: usize = 6;
/// The fewest columns that everything fits in at its full length.
const WIDE: u16 = 56;
/// The widest bar.
const BAR: usize = 40;
/// Texts that have several labels, and labels that are alike: how many are shown.
const MOST: usize = 4;
/// The heights of a bar, an eighth of a cell each.
const HEIGHTS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Returns a label, made safe, in exactly this many columns.
fn padded_label(label: &str, columns: usize) -> String {
    let safe = SafeText::name(label);
    let short = truncate(safe.as_str(), columns);
    let free = columns.saturating_sub(width(&short));
    format!("{short}{}", " ".repeat(free))
}

/// Returns bars side by side, one cell each, the highest as high as a cell.
fn histogram(bars: &[u64]) -> String {
    let most = bars.iter().max().copied().unwrap_or_default();
    let height = |count: &u64| HEIGHTS.get(eighths(*count, most, 1)).copied().unwrap_or(" ");
    bars.iter().map(height).collect()
}

/// Returns the bars to draw: all of them, or each two as one where there are few columns.
fn shown(bars: &[u64], is_wide: bool) -> Vec<u64> {
    let each = if is_wide { 1 } else { 2 };
    bars.chunks(each).map(|bars| bars.iter().sum()).collect()
}

impl Screen<'_> {
    pub(super) fn report_lines(self, report: &DataReport, columns: u16) -> Vec<Line<'static>> {
        let mut lines = self.class_lines(report, columns);
        lines.extend(self.length_lines(report, columns));
        lines.extend(self.findings(report, columns));
        lines
    }

    fn part_of_data(self, name: &'static str, about: &'static str) -> Line<'static> {
        let (role, muted) = (self.theme[Slot::Role], self.theme[Slot::Muted]);
        Line::from(vec![Span::styled(name, role), Span::styled(format!("  {about}"), muted)])
    }

    fn class_lines(self, report: &DataReport, columns: u16) -> Vec<Line<'static>> {
        let theme = self.theme;
        let held_back = report.classes.iter().any(|class| class.held_back > 0);
        let validation = report.classes.iter().any(|class| class.validation > 0);
        let mut heads = vec!["train", "test"];
        heads.extend(validation.then_some("valid."));
        let is_wide = columns >= WIDE;
        heads.extend(held_back.then_some(if is_wide { "held back" } else { "held" }));
        let count_columns = if is_wide { COUNT } else { SHORT_COUNT };
        let figures: usize = heads.len() * (count_columns + 1);
        let cells = usize::from(columns).saturating_sub(LABEL + figures + 1).min(BAR);
        let rows = |class: &ClassRows| class.train + class.test + class.validation + class.held_back;
        let most = report.classes.iter().map(rows).max().unwrap_or_default();
        let mut head = vec![Span::raw(" ".repeat(LABEL + cells + 1))];
        head.extend(
            heads.iter().map(|name| Span::styled(format!(" {name:>count_columns$}"), theme[Slot::Muted])),
        );
        let about = if is_wide {
            "bars: █ train  ▒ test and other rows that prompts never show"
        } else {
            "█ train  ▒ others"
        };
        let mut lines = vec![self.part_of_data("Classes", about), Line::from(head)];
        for class in &report.classes {
            let is_target = class.label == self.open.session.target.label;
            let name = if is_target { Slot::Target } else { Slot::Text };
            let train = bar(eighths(class.train, most, cells));
            let whole = eighths(rows(class), most, cells).div_ceil(8);
            let hidden = whole.saturating_sub(width(&train));
            let free = cells.saturating_sub(width(&train) + hidden);
            let mut spans = vec![
                Span::styled(padded_label(&class.label, LABEL), theme[name]),
                Span::styled(train, theme[Slot::BarReal]),
                Span::styled("▒".repeat(hidden), theme[Slot::BarTrack]),
                Span::raw(" ".repeat(free + 1)),
            ];
            let mut counts = vec![class.train, class.test];
            counts.extend(validation.then_some(class.validation));
            counts.extend(held_back.then_some(class.held_back));
            for (place, count) in counts.into_iter().enumerate() {
                let slot = if place == 0 { Slot::Figure } else { Slot::Text };
                spans.push(Span::styled(format!(" {:>count_columns$}", thousands(count)), theme[slot]));
            }
            lines.push(Line::from(spans));
        }
        lines.push(Line::default());
        lines
    }

    fn length_lines(self, report: &DataReport, columns: u16) -> Vec<Line<'static>> {
        let theme = self.theme;
        let is_wide = columns >= WIDE;
        let about = if is_wide {
            "words of train rows: the median, and where nine of ten are"
        } else {
            "words: median, nine of ten"
        };
        let mut lines = vec![self.part_of_data("Lengths", about)];
        for class in report.classes.iter().filter(|class| class.train > 0) {
            let is_target = class.label == self.open.session.target.label;
            let (name, slot) =
                if is_target { (Slot::Target, Slot::BarAccepted) } else { (Slot::Text, Slot::BarReal) };
            let lengths = &class.lengths;
            let words = format!("  {:.0}, {:.0} to {:.0}", lengths.median, lengths.low, lengths.high);
            lines.push(Line::from(vec![
                Span::styled(padded_label(&class.label, LABEL), theme[name]),
                Span::styled("▏", theme[Slot::BarTrack]),
                Span::styled(histogram(&shown(&lengths.bars, is_wide)), theme[slot]),
                Span::styled("▕", theme[Slot::BarTrack]),
                Span::styled(words, theme[Slot::Text]),
            ]));
        }
        let bars = report.classes.first().map_or(0, |class| shown(&class.lengths.bars, is_wide).len());
        let most = format!("{} +", thousands(report.longest));
        let free = bars.saturating_sub(1 + most.len());
        let scale = format!("{}0{}{most}", " ".repeat(LABEL + 1), " ".repeat(free));
        lines.extend(wrapped(scale.trim_end(), columns, theme[Slot::Muted]).into_iter().take(1));
        lines.push(Line::default());
        lines
    }

    /// Returns what a person should know about the texts and labels, each as a sentence.
    fn findings(self, report: &DataReport, columns: u16) -> Vec<Line<'static>> {
        let good = self.theme[Slot::Good];
        let mut said: Vec<(String, Slot)> = Vec::new();
        if report.repeated > 0 {
            let (rows, texts) = (counted(report.repeated, "train row"), thousands(report.repeated_texts));
            said.push((
                format!("{rows} repeat the text of an earlier one ({texts} different texts)."),
                Slot::Text,
            ));
        }
        if report.set_aside > 0 {
            let rows = counted(report.set_aside, "train row");
            let sentence =
                format!("{rows} set aside, because a test row has the same text: never shown or counted.");
            said.push((sentence, Slot::Text));
        }
        if report.left_out + report.unlabelled > 0 {
            let [empty, bare] = [report.left_out, report.unlabelled].map(|rows| counted(rows, "row"));
            said.push((
                format!("{empty} without a text and {bare} without a label are left out."),
                Slot::Text,
            ));
        }
        for labels in report.alike.iter().take(MOST) {
            let labels: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
            let sentence =
                format!("{} differ in case or blanks only: one label or several?", labels.join(", "));
            said.push((sentence, Slot::Warning));
        }
        if !report.conflicts.is_empty() {
            let texts = counted(report.conflicts.len() as u64, "text");
            let have = if report.conflicts.len() == 1 { "has" } else { "have" };
            said.push((format!("{texts} of train rows {have} several labels:"), Slot::Warning));
        }
        for conflict in report.conflicts.iter().take(MOST) {
            let labels: Vec<String> =
                conflict.labels.iter().map(|(label, rows)| format!("{label} × {rows}")).collect();
            said.push((format!("  {} — {}", labels.join(", "), truncate(&conflict.text, 60)), Slot::Muted));
        }
        let mut lines = vec![self.part_of_data("Texts and labels", "")];
        if said.is_empty() {
            lines.push(Line::styled("✓ No text twice, no text with two labels.", good));
        }
        lines.extend(said.iter().flat_map(|(words, slot)| wrapped(words, columns, self.theme[*slot])));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_its_cell_and_one_row_is_seen() {
        assert_eq!(histogram(&[0, 1, 50, 100]), " ▁▄█");
        assert_eq!(histogram(&[0, 0]), "  ");
    }
}
