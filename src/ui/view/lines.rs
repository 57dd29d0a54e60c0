//! The lines around a view: header, balance, status, keys; and the bench's tab.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Screen;
use crate::app::geometry::LIVE_FROM;
use crate::app::measure::decisions_since;
use crate::app::{Command, Context, Notice, Pane, Stage, View};
use crate::measure::VersionAcceptance;
use crate::text::{model_name, thousands};
use crate::ui::canvas::{put, put_right};
use crate::ui::theme::Slot;
use crate::ui::widget::balance::{Balance, Class, Judged};
use crate::ui::widget::footer::{Footer, Hint};
use crate::ui::widget::header::Header;
use crate::ui::widget::reading::wrapped;
use crate::ui::widget::status::{Status, sentence_of, slot_of};
use crate::ui::widget::train_cv::Trained;

impl Screen<'_> {
    pub(super) fn header(self, area: Rect, buf: &mut Buffer) {
        let (model, session) = (self.model, &self.open.session);
        let generator = &model.sampling.order.generator;
        let help = self.key(Command::ShowHelp).unwrap_or_default();
        let header = Header {
            theme: self.theme,
            session: &session.name,
            target: &session.target.label,
            tabs: &View::TABS.map(|view| (view.name(), view == model.view)),
            generator: (generator.provider.name(), generator.model.as_deref().map(model_name)),
            saving: model.saving(),
            help: &help,
        };
        model.tabs.set(header.draw(area, buf));
    }

    /// Draws the line that stands in for the column that a narrow screen does not show.
    pub(super) fn tab(self, area: Rect, buf: &mut Buffer) {
        let model = self.model;
        let is_left = model.focus.is_left();
        let (name, word) = if is_left { ("Rows", "them") } else { ("Prompt", "it") };
        let about = if is_left {
            format!("{} pending", thousands(model.shown().counts().all.pending.into()))
        } else {
            model.version_title()
        };
        self.not_shown((name, &about), (self.key_to_other_column(), word), area, buf);
    }

    /// Draws the line that stands in for a part of a view that a narrow screen does not show: its name, what to know of
    /// it, and the key that shows it, with the word for it.
    pub(super) fn not_shown(
        self,
        (name, about): (&'static str, &str),
        (key, word): (Option<String>, &str),
        area: Rect,
        buf: &mut Buffer,
    ) {
        let mut spans = vec![
            Span::raw(" "),
            Span::styled(name, self.theme[Slot::Title]),
            Span::styled(format!(" {about}"), self.theme[Slot::Version]),
        ];
        if let Some(key) = key {
            spans.push(Span::styled(" · ", self.theme[Slot::Muted]));
            spans.push(Span::styled(key, self.theme[Slot::Key]));
            spans.push(Span::styled(format!(" shows {word}"), self.theme[Slot::KeyLabel]));
        }
        put(buf, area.x, area.y, area.width, &Line::from(spans));
    }

    fn key_to_other_column(self) -> Option<String> {
        let focus = self.model.focus;
        let is_typing = self.model.context().is_prompt_editor();
        if focus.step(1).is_left() != focus.is_left() {
            return self.key(Command::NextPane);
        }
        self.key(match focus {
            Pane::Prompt if is_typing => Command::LeaveEditor,
            Pane::Prompt | Pane::Preview => Command::Back,
            Pane::Rows | Pane::Detail => Command::EditPrompt,
        })
    }

    pub(super) fn strip(self, area: Rect, buf: &mut Buffer) {
        let (model, target) = (self.model, &self.open.session.target);
        let counts = model.shown().counts();
        let classes: Vec<Class<'_>> = self
            .open
            .dataset
            .labels
            .iter()
            .map(|rows| Class {
                label: &rows.label,
                real: rows.train,
                accepted: counts.of_label(&rows.label).accepted.into(),
                is_target: rows.label == target.label,
            })
            .collect();
        // While a blind trial goes on, the rate of one of its versions would tell how its side stands.
        let base = model.prompt.base.filter(|id| !model.shown().hides_version(*id));
        let version = base.and_then(|id| model.shown().version(id)).map(|version| {
            let generator = &model.sampling.order.generator;
            let (provider, name) = (generator.provider.name(), generator.model.as_deref());
            let (model, acceptance) =
                VersionAcceptance::of_current(counts.by_generator(version.id), provider, name);
            Judged { version: version.number, model, acceptance }
        });
        let trained = model.measure.train.map(|train| {
            let since = decisions_since(model.shown(), train.next);
            Trained { without: train.without, with: train.with, since }.line(area.width, self.theme)
        });
        let mut area = area;
        if let Some(trained) = trained {
            let end = area.right().saturating_sub(1);
            let start = put_right(buf, end, area.y, area.width, &trained);
            area.width = start.saturating_sub(area.x + 1);
        }
        Balance { theme: self.theme, classes: &classes, goal: target.goal, version }.render(area, buf);
    }

    /// Draws a notice that one line cannot hold over the footer too, and returns whether there is one: until the
    /// next key, what it says is worth more than the keys. A run keeps its line.
    pub(super) fn long_notice(self, status: Rect, footer: Rect, buf: &mut Buffer) -> bool {
        let Some(notice) = self.model.sentence().filter(|_| self.model.is_open()) else { return false };
        let (text, style) = (sentence_of(notice), self.theme[slot_of(notice)]);
        let room = status.width.saturating_sub(2);
        let lines = wrapped(&text, room, style);
        if lines.len() < 2 {
            return false;
        }
        let is_sampling = self.model.sampling.run().is_some();
        if is_sampling {
            self.status(status, None, buf);
        }
        let area = if is_sampling { footer } else { status.union(footer) };
        for (row, line) in area.rows().zip(&lines) {
            let is_last = row.bottom() == area.bottom();
            // The last line ends with a sign where more is cut off.
            let rest = lines.len() > usize::from(area.height) && is_last;
            let end = put(buf, row.x + 1, row.y, room.saturating_sub(u16::from(rest)), line);
            if rest {
                put(buf, end, row.y, 1, &Line::styled("…", style));
            }
        }
        true
    }

    pub(super) fn status(self, area: Rect, notice: Option<&Notice>, buf: &mut Buffer) {
        let model = self.model;
        if !model.is_open() {
            let said = if matches!(model.stage, Stage::Reading(_)) {
                let rows = thousands(model.rows.view.len() as u64);
                if model.rows.so_far {
                    format!(" Reading the journal: {rows} rows so far, as they came …")
                } else {
                    format!(" Reading {rows} rows …")
                }
            } else {
                " Writing what is on its way …".to_owned()
            };
            let line = Line::styled(said, self.theme[Slot::Muted]);
            put(buf, area.x, area.y, area.width, &line);
            return;
        }
        // Where the detail pane has room for it, the end of a reply stands there.
        let detail = match model.view {
            View::Bench => model.geometry().content(Pane::Detail).height,
            View::Versions
            | View::Compare
            | View::Data
            | View::Measure
            | View::Export
            | View::Coverage
            | View::Race
            | View::History => u16::MAX,
        };
        let more = model.keymap.keys_of(Command::ShowRun).into_iter().next().unwrap_or_default();
        let status = Status {
            theme: self.theme,
            sampling: &model.sampling,
            notice,
            fresh: model.shown().counts().new_rows(),
            hidden: model.rows.hidden.rows,
            more: &more,
            with_tail: model.selected_row().is_some() && detail < LIVE_FROM,
            is_finding: model.rows.waiting.is_some(),
        };
        status.render(area, buf);
    }

    /// Draws the keys that work here, but not those that the header or an empty pane names already.
    pub(super) fn footer(self, area: Rect, buf: &mut Buffer) {
        let mut named: Vec<String> = self.key(Command::ShowHelp).into_iter().collect();
        if self.model.context() == Context::Rows && self.model.rows.view.is_empty() {
            named.extend(self.first_steps().into_iter().map(|hint| hint.key.into_owned()));
        }
        let hints: Vec<Hint<'_>> = self
            .model
            .hints()
            .into_iter()
            .filter(|hint| !named.contains(&hint.keys))
            .map(|hint| Hint { key: hint.keys.into(), label: hint.label.into() })
            .collect();
        Footer { theme: self.theme, hints: &hints }.render(area, buf);
    }
}
