//! The pair to decide: its two rows side by side, and what is known of both.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::{Screen, figures_of};
use crate::app::Command;
use crate::app::geometry::compare::CompareGeometry;
use crate::app::geometry::{inside, padded};
use crate::domain::{
    Fields, FlagKind, Pair, PairChoice, PairTally, RowNumber, RowState, RowView, Standing, Trial,
};
use crate::text::{SafeText, counted};
use crate::ui::canvas::put;
use crate::ui::theme::Slot;
use crate::ui::widget::bar::gauge;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::{Reading, wrapped};
use crate::ui::widget::rows::flag_slot;

/// The cells of the gauge of decided pairs.
const GAUGE: usize = 20;

impl Screen<'_> {
    pub(super) fn pair(self, trial: &Trial, geometry: &CompareGeometry, buf: &mut Buffer) {
        let compare = &self.model.compare;
        let shown = self.model.shown();
        let sides = [geometry.left, geometry.right];
        let mut end = 0;
        for (is_right, area) in [false, true].into_iter().zip(sides) {
            let Some(area) = area else { continue };
            let row = compare.at.and_then(|pair| shown.row(if is_right { pair.right } else { pair.left }));
            end = end.max(self.half(trial, is_right, row, area, buf));
        }
        compare.end.set(end);
        if let Some(area) = geometry.pair {
            self.about_pair(trial, area, buf);
        }
    }

    /// Draws one row of the pair, and returns how many lines it can be scrolled down.
    fn half(
        self,
        trial: &Trial,
        is_right: bool,
        row: Option<RowView<'_>>,
        area: Rect,
        buf: &mut Buffer,
    ) -> usize {
        let theme = self.theme;
        let mut title = vec![Span::raw(if is_right { "Right" } else { "Left" })];
        if let Some(name) = self.name_of_half(trial, is_right) {
            title.extend([Span::raw(" · "), Span::styled(name, theme[Slot::Version])]);
        }
        let state = row.map_or_else(Line::default, |row| self.state(&row));
        let focused = row.is_some();
        Pane { theme, focused, title: title.into(), right: state }.render(area, buf);
        let content = padded(inside(area));
        let lines = match row {
            Some(row) => self.lines_of(&row, content.width),
            None => wrapped(self.no_pair(is_right), content.width, theme[Slot::Muted]),
        };
        let scroll = self.model.compare.scroll;
        Reading { theme, lines: &lines, scroll }.draw(content, area, buf);
        lines.len().saturating_sub(usize::from(content.height))
    }

    /// Returns whose the row is, where that is not hidden.
    fn name_of_half(self, trial: &Trial, is_right: bool) -> Option<String> {
        let shown = self.model.shown();
        let pair = self.model.compare.at.filter(|_| !shown.is_blind())?;
        let side = usize::from(pair.is_swapped != is_right);
        let name = shown.side_names(trial).into_iter().nth(side)?;
        Some(SafeText::one_line(&name).into_inner().into_owned())
    }

    fn no_pair(self, is_right: bool) -> &'static str {
        match (is_right, self.model.sampling.run().is_some()) {
            (true, _) => "",
            (false, true) => "No pair yet: both sides are being sampled, one after the other.",
            (false, false) => "No pair yet: rows are missing, and nothing is being sampled.",
        }
    }

    fn state(self, row: &RowView<'_>) -> Line<'static> {
        let (words, slot) = match row.state() {
            RowState::Accepted { .. } => ("✓ accepted", Slot::Accepted),
            RowState::Rejected => ("✗ rejected", Slot::Rejected),
            RowState::Skipped => ("– skipped", Slot::Skipped),
            RowState::Pending | RowState::Withdrawn => ("· open", Slot::Pending),
        };
        let bulk = if row.is_bulk() { " in bulk" } else { "" };
        Line::from(Span::styled(format!("{words}{bulk}"), self.theme[slot]))
    }

    /// Returns the row's text, its other fields and its flags. A flag that it is like an earlier row, which may be
    /// the other one of the pair, would tell which one came later.
    fn lines_of(self, row: &RowView<'_>, columns: u16) -> Vec<Line<'static>> {
        let theme = self.theme;
        let mut lines = wrapped(&row.text(), columns, theme[Slot::Text]);
        let fields = row.fields();
        let others = fields.0.iter().filter(|(name, _)| *name != Fields::TEXT && *name != Fields::LABEL);
        let others: Vec<_> = others.map(|(name, value)| format!("{name} {value}")).collect();
        let like = [FlagKind::Duplicate, FlagKind::NearDuplicate];
        let flags: Vec<FlagKind> = row.flag_kinds().filter(|kind| !like.contains(kind)).collect();
        if !others.is_empty() || !flags.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(others.iter().flat_map(|words| wrapped(words, columns, theme[Slot::Muted])));
        for kind in flags {
            lines.push(Line::from(Span::styled(kind.name(), theme[flag_slot(kind)])));
        }
        lines
    }

    /// Draws what is known of the pair and of the comparison.
    fn about_pair(self, trial: &Trial, area: Rect, buf: &mut Buffer) {
        let compare = &self.model.compare;
        let tally = self.model.shown().tally(&compare.pairs);
        let place = compare.place().map_or_else(String::new, |place| format!("Pair {}", place + 1));
        let blind = if trial.blind { "blind" } else { "open" };
        Pane { theme: self.theme, focused: false, title: place.into(), right: blind.into() }
            .render(area, buf);
        let content = padded(inside(area));
        let lines = [
            self.about_rows(),
            self.choices(),
            self.how_far(trial, tally),
            self.what_is_told(trial, tally),
            self.what_now(tally),
        ];
        for (line, row) in lines.iter().zip(content.rows()) {
            put(buf, row.x, row.y, row.width, line);
        }
    }

    /// Returns the label and the variables that both rows have, and whether both say the same.
    fn about_rows(self) -> Line<'static> {
        let (theme, shown) = (self.theme, self.model.shown());
        let Some(Pair { left, right, .. }) = self.model.compare.at else { return Line::default() };
        let row = |number: RowNumber| shown.row(number);
        let Some((left, right)) = row(left).zip(row(right)) else { return Line::default() };
        let mut parts = vec![("label".to_owned(), left.label().to_owned())];
        let others = right.shown_variables();
        let shared =
            left.shown_variables().into_iter().filter(|(name, value)| others.get(name) == Some(value));
        parts.extend(shared);
        let mut spans = Vec::new();
        for (name, value) in parts {
            let safe = |text: &str| SafeText::one_line(text).into_inner().into_owned();
            spans.push(Span::styled(format!("{} ", safe(&name)), theme[Slot::Muted]));
            spans.push(Span::styled(format!("{}   ", safe(&value)), theme[Slot::Label]));
        }
        if left.text() == right.text() {
            spans.push(Span::styled("both say the same", theme[Slot::Warning]));
        }
        Line::from(spans)
    }

    /// Returns the four choices with their keys; that which holds is marked.
    fn choices(self) -> Line<'static> {
        let theme = self.theme;
        let Some(pair) = self.model.compare.at else { return Line::default() };
        let said = self.model.shown().said_of(pair);
        let mut spans = Vec::new();
        for (choice, command, words) in [
            (PairChoice::Left, Command::ChooseLeft, "left is better"),
            (PairChoice::Right, Command::ChooseRight, "right is better"),
            (PairChoice::Both, Command::ChooseBoth, "both are good"),
            (PairChoice::Neither, Command::ChooseNeither, "neither is"),
        ] {
            let holds = said == Some(choice);
            let (mark, slot) = if holds { ("✓ ", Slot::Strong) } else { ("", Slot::KeyLabel) };
            spans.push(Span::styled(self.key(command).unwrap_or_default(), theme[Slot::Key]));
            spans.push(Span::styled(format!(" {mark}{words}   "), theme[slot]));
        }
        Line::from(spans)
    }

    fn how_far(self, trial: &Trial, tally: PairTally) -> Line<'static> {
        let theme = self.theme;
        let (decided, all) = (tally.decided(), tally.all());
        let mut spans = gauge(
            decided.into(),
            all.max(trial.rows).into(),
            GAUGE,
            theme[Slot::Gauge],
            theme[Slot::BarTrack],
        );
        let more =
            if all < trial.rows { format!(" · {all} of {} have come", trial.rows) } else { String::new() };
        let words = format!(" {decided} of {} decided{more}", counted(all.into(), "pair"));
        spans.push(Span::styled(words, theme[Slot::Text]));
        Line::from(spans)
    }

    /// Returns how many pairs differ and, where the comparison is not blind, what they tell. Blind, even how many more
    /// pairs would tell says whether the last choice went with the leader.
    fn what_is_told(self, trial: &Trial, tally: PairTally) -> Line<'static> {
        let (theme, figures) = (self.theme, figures_of(tally));
        let differ = tally.that_differ();
        let word = if differ == 1 { "differs" } else { "differ" };
        let counts = format!("{differ} {word} · both good {} · neither {}", tally.both, tally.neither);
        let mut spans = vec![Span::styled(counts, theme[Slot::Text])];
        if trial.hides() {
            return Line::from(spans);
        }
        let told = match (figures.standing, figures.more) {
            (Standing::Undecided, Some(more)) => format!("   undecided: about {more} more pairs would tell"),
            (Standing::Undecided, None) => "   undecided".to_owned(),
            (standing, _) => {
                let side = usize::from(standing == Standing::Worse);
                let names = self.model.shown().side_names(trial);
                let name = names.get(side).map(|name| SafeText::one_line(name).into_inner().into_owned());
                format!("   {} is better", name.unwrap_or_default())
            }
        };
        spans.push(Span::styled(told, theme[Slot::Muted]));
        Line::from(spans)
    }

    fn what_now(self, tally: PairTally) -> Line<'static> {
        let theme = self.theme;
        let is_sampling = self.model.sampling.run().is_some();
        let (command, words) = match (tally.open, tally.decided()) {
            _ if is_sampling => return Line::styled("Rows are being sampled.", theme[Slot::Muted]),
            (0, 0) => (Command::SamplePairs, " samples the rows that are missing"),
            (0, _) => (Command::EndComparison, " ends the comparison and shows which row was whose"),
            _ => return Line::default(),
        };
        Line::from(vec![
            Span::styled(self.key(command).unwrap_or_default(), theme[Slot::Key]),
            Span::styled(words, theme[Slot::Strong]),
        ])
    }
}
