//! The bench: the main view, with the prompt and its preview, the rows and the selected one.
//!
//! Only visible rows are read, so a million rows draw as fast as ten.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget;

use super::Screen;
use crate::app::columns::{Needs, figure};
use crate::app::{Command, Context, Geometry, Overlay, Pane};
use crate::domain::FlagKind;
use crate::ui::overlay::completion;
use crate::ui::widget::detail::{DetailPane, Shown};
use crate::ui::widget::footer::Hint;
use crate::ui::widget::preview::PreviewPane;
use crate::ui::widget::prompt::PromptPane;
use crate::ui::widget::rows::{RowLine, RowsPane, Search};

impl Screen<'_> {
    /// Draws the bench's panes.
    pub(super) fn bench(self, geometry: &Geometry, buf: &mut Buffer) {
        if let Some(area) = geometry.tab {
            self.tab(area, buf);
        }
        for pane in Pane::ALL {
            let Some(area) = geometry.pane(pane) else { continue };
            match pane {
                Pane::Prompt => self.prompt(area, buf),
                Pane::Preview => self.preview(area, buf),
                Pane::Rows => self.rows(area, buf),
                Pane::Detail => self.detail(area, buf),
            }
        }
        self.completion(geometry, buf);
    }

    /// Returns whether a pane has the focus and no overlay takes the keys.
    fn is_focused(self, pane: Pane) -> bool {
        self.model.focus == pane && !matches!(self.model.overlay(), Some(Overlay::Facets(_)))
    }

    /// Returns whether rows have different labels.
    fn with_labels(self) -> bool {
        self.model.shown().counts().labels().nth(1).is_some()
    }

    fn prompt(self, area: Rect, buf: &mut Buffer) {
        self.prompt_pane(&self.model.version_title()).render(area, buf);
    }

    fn prompt_pane<'a>(&'a self, version: &'a str) -> PromptPane<'a> {
        let (prompt, preview) = (&self.model.prompt, &self.model.preview);
        let (problems, unused) = preview
            .preview
            .as_ref()
            .map_or((&[][..], &[][..]), |preview| (&preview.problems[..], &preview.unused[..]));
        PromptPane {
            theme: self.theme,
            focused: self.is_focused(Pane::Prompt),
            is_typed_in: self.model.context().is_prompt_editor(),
            part: prompt.part,
            text: prompt.current(),
            version,
            problems,
            unused,
            is_current: preview.is_current,
        }
    }

    /// Draws the words that may be meant over the panes.
    fn completion(self, geometry: &Geometry, buf: &mut Buffer) {
        let Some(offer) = self.model.completion().filter(|_| self.model.context() == Context::Completion)
        else {
            return;
        };
        let Some(area) = geometry.pane(Pane::Prompt) else { return };
        let text = self.prompt_pane(&self.model.version_title()).text_area(area);
        let (row, column) = self.model.prompt.current().visible(text.width, text.height).cursor;
        let within = |place: usize, start: u16, size: u16| {
            start + u16::try_from(place).unwrap_or(u16::MAX).min(size.saturating_sub(1))
        };
        let cursor = Position { x: within(column, text.x, text.width), y: within(row, text.y, text.height) };
        completion::draw(offer, cursor, geometry.strip.y, self.theme, buf);
    }

    fn preview(self, area: Rect, buf: &mut Buffer) {
        let preview = &self.model.preview;
        let planned = self.model.plan_said();
        let pane = PreviewPane {
            theme: self.theme,
            focused: self.is_focused(Pane::Preview),
            preview: preview.preview.as_ref(),
            planned: planned.as_deref(),
            is_current: preview.is_current,
            scroll: preview.scroll,
        };
        pane.render(area, buf);
    }

    fn rows(self, area: Rect, buf: &mut Buffer) {
        let rows = &self.model.rows;
        let height = usize::from(area.height.saturating_sub(2));
        let window: Vec<RowLine<'_>> =
            (rows.top..rows.top + height).filter_map(|place| self.row_line(place)).collect();
        let hints = self.first_steps();
        let pane = RowsPane {
            theme: self.theme,
            focused: self.is_focused(Pane::Rows),
            window: &window,
            above: rows.top,
            total: rows.view.len(),
            selected: rows.selected.checked_sub(rows.top),
            needs: Needs::of(self.model.shown(), rows.sort),
            counts: self.model.shown().counts().all,
            filter: &rows.shown_filter(),
            search: match &rows.waiting {
                None => Search::Done,
                Some(_) if rows.shows_part() => Search::Begun,
                Some(_) => Search::Awaited,
            },
            words: &rows.found_words(),
            sort: &rows.sort.to_string(),
            is_sorted: rows.is_sorted(),
            marked: rows.marked_places().len(),
            hints: &hints,
        };
        pane.render(area, buf);
    }

    fn row_line(&self, place: usize) -> Option<RowLine<'_>> {
        let number = self.model.rows.view.get(place)?;
        let row = self.model.shown().row(number)?;
        let mut flags: Vec<FlagKind> = row.flag_kinds().collect();
        flags.sort_by_key(|kind| kind.place());
        flags.dedup();
        Some(RowLine {
            state: row.state(),
            text: row.text(),
            label: row.label(),
            version: row.shown_version().map(|version| version.number),
            imported: row.import().is_some(),
            flags,
            edited: row.is_edited(),
            marked: self.model.rows.marked_places().contains(&place),
            revealed: self.model.rows.view.is_revealed(number),
            figure: figure(&row, self.model.rows.sort),
        })
    }

    /// Returns hints for a pane without rows.
    pub(super) fn first_steps(self) -> Vec<Hint<'static>> {
        let hint = |command, label: String| {
            self.key(command).map(|key| Hint { key: key.into(), label: label.into() })
        };
        let rows = self.model.sampling.order.rows;
        let steps = if self.model.rows.is_filtered() {
            vec![
                hint(Command::Back, "shows all rows".into()),
                hint(Command::FilterRows, "changes the filter".into()),
            ]
        } else if self.model.sampling.run().is_some() {
            vec![
                hint(Command::StopOrQuit, "stops the run".into()),
                hint(Command::EditPrompt, "edits the prompt".into()),
                hint(Command::ShowHelp, "help".into()),
            ]
        } else {
            vec![
                self.model
                    .resumable()
                    .and_then(|_| hint(Command::ResumeRun, "goes on with the last run".into())),
                hint(Command::Sample, format!("samples {rows}")),
                hint(Command::EditPrompt, "edits the prompt".into()),
                hint(Command::ShowHelp, "help".into()),
            ]
        };
        steps.into_iter().flatten().collect()
    }

    fn detail(self, area: Rect, buf: &mut Buffer) {
        let rows = &self.model.rows;
        let row = rows.selected_row().and_then(|number| self.model.shown().row(number));
        let shown = row.map(|row| Shown {
            row,
            place: rows.selected + 1,
            total: rows.view.len(),
            detail: self.model.row_detail(),
        });
        let key = self.key(Command::NextPane).filter(|_| self.is_focused(Pane::Rows));
        let pane = DetailPane {
            theme: self.theme,
            focused: self.is_focused(Pane::Detail),
            shown,
            with_labels: self.with_labels(),
            words: &rows.found_words(),
            schema: &self.open.session.schema,
            scroll: self.model.detail.scroll,
            last: &self.model.detail.last,
            key: key.as_deref(),
            writing: self.model.sampling.writing(),
        };
        pane.render(area, buf);
    }
}
