//! What came of the comparisons: the last one in full, the others in a line each.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::{Screen, figures_of};
use crate::app::ComparePart;
use crate::app::geometry::{inside, padded};
use crate::domain::{PairTally, Trial, TrialKind, TrialOutcome};
use crate::measure::pair_words::verdict;
use crate::measure::pairs::PairFigures;
use crate::text::{SafeText, counted};
use crate::ui::theme::Slot;
use crate::ui::widget::bar::{bar, eighths};
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::{Reading, heading, wrapped};

/// The most columns of the names of sides.
const NAMES: usize = 28;
/// The cells of the longest bar.
const BAR: usize = 24;

impl Screen<'_> {
    pub(super) fn compare_result(self, area: Rect, buf: &mut Buffer) {
        let compare = &self.model.compare;
        let focused = compare.part == ComparePart::Result;
        let title = Line::from("What came of it");
        Pane { theme: self.theme, focused, title, right: Line::default() }.render(area, buf);
        let content = padded(inside(area));
        let lines = self.result_lines(content.width);
        compare.end.set(lines.len().saturating_sub(usize::from(content.height)));
        Reading { theme: self.theme, lines: &lines, scroll: compare.scroll }.draw(content, area, buf);
    }

    fn result_lines(self, columns: u16) -> Vec<Line<'static>> {
        let shown = self.model.shown();
        let muted = self.theme[Slot::Muted];
        let all = shown.laboratory().trials().iter().filter(|trial| trial.kind == TrialKind::Compare);
        let mut ended: Vec<&Trial> = all.filter(|trial| !trial.goes_on()).collect();
        let Some(last) = ended.pop() else {
            let about = "Nothing was compared yet.\n\nBoth sides write rows for the same examples, variables and seeds. \
                         You see them in pairs and say which row is better, without knowing whose it is. A pair that \
                         you decide accepts and rejects its rows, so nothing of that work is lost.";
            return wrapped(about, columns, muted);
        };
        let tally = shown.tally(self.model.compare.ended_pairs(last.number));
        let figures = figures_of(tally);
        let names = self.names(last);
        let mut lines = wrapped(&said(&names, &figures), columns, self.theme[Slot::Strong]);
        lines.push(Line::default());
        lines.extend(self.bars(&names, tally));
        lines.push(Line::default());
        lines.extend(wrapped(&how_it_was(last, tally, &figures), columns, muted));
        if !ended.is_empty() {
            lines.extend([Line::default(), heading("earlier", self.theme)]);
        }
        for trial in ended.into_iter().rev() {
            let tally = shown.tally(self.model.compare.ended_pairs(trial.number));
            let words = said(&self.names(trial), &figures_of(tally));
            lines.extend(wrapped(&words, columns, self.theme[Slot::Text]));
        }
        lines
    }

    fn names(self, trial: &Trial) -> Vec<String> {
        let names = self.model.shown().side_names(trial).into_iter();
        names.map(|name| SafeText::one_line(&name).into_inner().into_owned()).collect()
    }

    /// Returns a bar for the pairs of each side, of both and of neither.
    fn bars(self, names: &[String], tally: PairTally) -> Vec<Line<'static>> {
        let name = |side: usize| names.get(side).cloned().unwrap_or_default();
        let counts = [
            (name(0), tally.first, Slot::BarAccepted),
            (name(1), tally.second, Slot::BarAccepted),
            ("both good".to_owned(), tally.both, Slot::BarReal),
            ("neither good".to_owned(), tally.neither, Slot::BarReal),
        ];
        let wide =
            counts.iter().map(|(name, ..)| crate::text::width(name)).max().unwrap_or_default().min(NAMES);
        let most = counts.iter().map(|(_, count, _)| *count).max().unwrap_or_default();
        let line = |(name, count, slot): (String, u32, Slot)| {
            let name = crate::text::truncate(&name, wide).into_owned();
            let blanks = " ".repeat(wide.saturating_sub(crate::text::width(&name)));
            Line::from(vec![
                Span::styled(format!("{name}{blanks}  "), self.theme[Slot::Text]),
                Span::styled(bar(eighths(count.into(), most.into(), BAR)), self.theme[slot]),
                Span::styled(format!(" {count}"), self.theme[Slot::Figure]),
            ])
        };
        counts.into_iter().map(line).collect()
    }
}

fn said(names: &[String], figures: &PairFigures) -> String {
    let name = |side: usize| names.get(side).map_or("", String::as_str);
    verdict([name(0), name(1)], figures)
}

/// Returns how the comparison went: its pairs, its seed, and how it ended.
fn how_it_was(trial: &Trial, tally: PairTally, figures: &PairFigures) -> String {
    let blind = if trial.blind { "blind" } else { "with both sides known" };
    let open = if tally.open > 0 { format!(", {} left open", tally.open) } else { String::new() };
    let ended = match trial.ended.map(|end| end.outcome) {
        Some(TrialOutcome::Stopped) => " It was ended before all were decided.",
        _ => "",
    };
    format!(
        "{} decided {blind}{open}; {} differ, the sign test gives p = {:.3}. Seed {}.{ended}",
        counted(tally.decided().into(), "pair"),
        tally.that_differ(),
        figures.p_sign,
        trial.seed
    )
}
