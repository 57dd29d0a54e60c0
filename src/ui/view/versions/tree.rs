//! The tree: a line for each version, with what it was made from, what it is called, and what its rows came to.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::app::versions::{Spot, TreeLine, VersionsPart, is_on_blind_trial};
use crate::domain::{Version, labels_of};
use crate::measure::VersionAcceptance;
use crate::text::{SafeText, counted, thousands};
use crate::ui::canvas::{cut, outside, put, put_right};
use crate::ui::theme::Slot;
use crate::ui::view::Screen;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::scrollbar::Scrollbar;

/// What is shown where a blind trial goes on.
pub(super) const HIDDEN: &str = "hidden while blind";

/// The columns of the parts of a line, from the left edge of the tree.
#[derive(Debug, Clone, Copy)]
struct Columns {
    /// Where the version's number begins, behind the lines.
    number: u16,
    /// Where labels and note begin.
    about: u16,
    /// Behind the age, the rows and the acceptance, which stand at the right of their columns.
    age: u16,
    rows: u16,
    accepted: u16,
    /// Where what differs begins, and how wide it is.
    change: (u16, u16),
}

const AGE: u16 = 7;
const ROWS: u16 = 7;
const ACCEPTED: u16 = 16;
/// The columns of what differs, where there is room and where there is little.
const CHANGE: u16 = 20;
const LITTLE_CHANGE: u16 = 15;
/// From this many columns on there is room.
const ROOMY: u16 = 86;

impl Columns {
    fn of(lines: &[TreeLine], numbers: usize, width: u16) -> Self {
        let guides = lines.iter().map(|line| line.guides.columns()).max().unwrap_or(1);
        let wide = |columns: usize| u16::try_from(columns).unwrap_or(u16::MAX);
        let number = 1 + wide(guides) + 1;
        let about = number + wide(numbers).max(5) + 2;
        let change = if width >= ROOMY { CHANGE } else { LITTLE_CHANGE };
        let accepted = width.saturating_sub(change + 3);
        let rows = accepted.saturating_sub(ACCEPTED);
        Self { number, about, age: rows.saturating_sub(ROWS), rows, accepted, change: (accepted + 2, change) }
    }
}

impl Screen<'_> {
    /// Draws the tree into a pane; `list` is the area of its lines.
    pub(super) fn version_tree(self, area: Rect, list: Rect, buf: &mut Buffer) {
        let versions = &self.model.versions;
        let focused = versions.part == VersionsPart::Tree;
        let lines = self.model.tree_lines();
        let count = lines.iter().filter(|line| line.spot != Spot::Draft).count() as u64;
        let right = Line::from(counted(count, "version"));
        Pane { theme: self.theme, focused, title: self.prompts(), right }.render(area, buf);
        if lines.is_empty() {
            let hint = "No version yet: sampling from the draft, or saving it, makes the first one.";
            put(
                buf,
                list.x + 1,
                list.y,
                list.width.saturating_sub(2),
                &Line::styled(hint, self.theme[Slot::Muted]),
            );
            return;
        }
        let numbers = lines.iter().map(|line| self.number_of(line.spot).chars().count()).max();
        let columns = Columns::of(&lines, numbers.unwrap_or_default(), list.width);
        self.tree_heading(columns, Rect { y: list.y.saturating_sub(1), height: 1, ..list }, buf);
        let selected = self.model.selected_spot();
        for (line, row) in lines.iter().skip(versions.top).zip(list.rows()) {
            if Some(line.spot) == selected {
                let slot = if focused { Slot::Selected } else { Slot::SelectedUnfocused };
                buf.set_style(row, self.theme[slot]);
                put(buf, row.x, row.y, 1, &Line::styled("▌", self.theme[Slot::Marker]));
            }
            self.tree_line(line, columns, row, buf);
        }
        Scrollbar { theme: self.theme, above: versions.top, total: lines.len() }
            .draw(Rect { y: list.y.saturating_sub(1), height: list.height + 2, ..area }, buf);
    }

    /// Returns the pane's title: the names of the prompts, the one that is shown among them.
    fn prompts(self) -> Line<'static> {
        let shown = self.model.shown_prompt();
        let mut spans = vec![Span::raw("Versions · ")];
        for (place, name) in self.model.prompt_names().into_iter().enumerate() {
            if place > 0 {
                spans.push(Span::styled(" │ ", self.theme[Slot::Muted]));
            }
            let slot = if name == shown { Slot::TabActive } else { Slot::Tab };
            spans.push(Span::styled(SafeText::name(name).into_inner().into_owned(), self.theme[slot]));
        }
        Line::from(spans)
    }

    fn tree_heading(self, columns: Columns, area: Rect, buf: &mut Buffer) {
        let muted = |text: &'static str| Line::styled(text, self.theme[Slot::Muted]);
        let at = |column: u16| area.x + column;
        put(buf, at(1), area.y, columns.about, &muted("version"));
        put(buf, at(columns.about), area.y, 16, &muted("labels, note"));
        for (column, name) in [(columns.age, "age"), (columns.rows, "rows"), (columns.accepted, "accepted")] {
            put_right(buf, at(column), area.y, area.width, &muted(name));
        }
        put(buf, at(columns.change.0), area.y, columns.change.1, &muted("words, parts"));
    }

    /// Returns the number of a line, as the tree shows it.
    fn number_of(self, spot: Spot) -> String {
        self.model
            .version_at(spot)
            .map_or_else(|| "draft".to_owned(), |version| format!("v{}", version.number))
    }

    fn tree_line(self, line: &TreeLine, columns: Columns, area: Rect, buf: &mut Buffer) {
        let theme = self.theme;
        let at = |column: u16| area.x + column;
        let sign = if line.spot == Spot::Draft { "○" } else { "●" };
        let guides = Line::from(vec![
            Span::styled(line.guides.before.clone(), theme[Slot::Border]),
            Span::styled(sign, theme[Slot::Version]),
            Span::styled(line.guides.after.clone(), theme[Slot::Border]),
        ]);
        put(buf, at(1), area.y, columns.number.saturating_sub(1), &guides);
        let number = Line::styled(self.number_of(line.spot), theme[Slot::Version]);
        put(buf, at(columns.number), area.y, columns.about.saturating_sub(columns.number), &number);
        let room = columns.age.saturating_sub(AGE + columns.about);
        let about = self.about_line(line.spot);
        put(buf, at(columns.about), area.y, room, &about);
        if let Some(version) = self.model.version_at(line.spot) {
            let age = Line::styled(self.model.age_of(version.created_at), theme[Slot::Muted]);
            put_right(buf, at(columns.age), area.y, AGE, &age);
            self.rows_of(version, columns, area, buf);
        }
        // The heading says what is counted.
        let change = self.model.change_of(line.spot).unwrap_or_default();
        let change = if change.starts_with('+') { change.replacen(" words", "", 1) } else { change };
        let change = cut(&change, usize::from(columns.change.1), theme[Slot::Muted]);
        put(buf, at(columns.change.0), area.y, columns.change.1, &Line::from(change));
    }

    fn rows_of(self, version: &Version, columns: Columns, area: Rect, buf: &mut Buffer) {
        let theme = self.theme;
        let shown = self.model.shown();
        let accepted = area.x + columns.accepted;
        if is_on_blind_trial(shown, version.id) {
            put_right(buf, accepted, area.y, ROWS + ACCEPTED, &Line::styled(HIDDEN, theme[Slot::Muted]));
            return;
        }
        let counts = shown.counts();
        let rows = counts.of_version(version.id).total();
        let slot = if rows == 0 { Slot::Muted } else { Slot::Text };
        let rows = if rows == 0 { "–".to_owned() } else { thousands(rows.into()) };
        put_right(buf, area.x + columns.rows, area.y, ROWS, &Line::styled(rows, theme[slot]));
        let acceptance = VersionAcceptance::of(counts.by_generator(version.id));
        let line = if acceptance.is_unread {
            Line::styled("offline", theme[Slot::Muted])
        } else if acceptance.one_by_one.decided() == 0 {
            Line::styled("–", theme[Slot::Muted])
        } else {
            Line::styled(acceptance.one_by_one.to_string(), theme[Slot::Figure])
        };
        put_right(buf, accepted, area.y, ACCEPTED, &line);
    }

    /// Returns what is said of a line: whether it is in the editor, its labels and its note.
    fn about_line(self, spot: Spot) -> Line<'static> {
        let theme = self.theme;
        let mut spans: Vec<Span<'static>> = Vec::new();
        let mut add = |text: String, slot: Slot| {
            if !spans.is_empty() {
                spans.push(Span::raw(" "));
            }
            spans.push(Span::styled(text, theme[slot]));
        };
        if self.model.versions.taken == Some(spot) {
            add("◆ compare".to_owned(), Slot::Match);
        }
        match self.model.version_at(spot) {
            None => add("in the editor".to_owned(), Slot::Good),
            Some(version) => {
                if self.model.is_in_editor(version.id) {
                    add("in the editor".to_owned(), Slot::Good);
                }
                for label in labels_of(self.model.shown(), version) {
                    add(outside(label, theme[Slot::Label]).content.into_owned(), Slot::Label);
                }
                if let Some(note) = &version.note {
                    add(outside(note, theme[Slot::Text]).content.into_owned(), Slot::Muted);
                }
            }
        }
        Line::from(spans)
    }
}
