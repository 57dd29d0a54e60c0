//! Scrolling texts that are longer than their area.
//!
//! Only the drawing knows the exact length of a text. The count here is close and never too short,
//! and the drawing stops at the last page.

use ratatui::layout::Rect;

use crate::app::geometry::Window;
use crate::app::geometry::export::GUTTER;
use crate::app::geometry::window::duplicate_columns;
use crate::app::guide;
use crate::app::overlay::{Overlay, RunWindow};
use crate::app::run_report::{FACT_NAMES, ReportLine, run_report};
use crate::app::{DataPart, Effect, Model, Pane, VersionsPart, View};
use crate::domain::{Exchange, Preview, Projection, Run, RunNumber, Scrap};
use crate::text::{SafeText, wrap};

/// Returns how many lines a text takes when it is wrapped.
fn lines(text: &str, width: u16) -> usize {
    SafeText::lines(text).map(|line| wrap(line.as_str(), usize::from(width)).len()).sum()
}

fn preview_lines(preview: &Preview, width: u16) -> usize {
    let messages = preview.messages.iter().map(|message| lines(&message.text, width) + 2);
    let problems = preview.problems.iter().map(|problem| lines(&problem.message, width) + 1);
    let remarks = preview.remarks.iter().map(|remark| lines(remark, width) + 1);
    messages.sum::<usize>() + problems.sum::<usize>() + remarks.sum::<usize>() + 2
}

fn exchange_lines(exchange: &Exchange, width: u16) -> usize {
    let messages = exchange.messages.iter().map(|message| lines(&message.text, width) + 2);
    let headings = exchange.thinking.len() * 3;
    messages.sum::<usize>() + exchange.reply.as_ref().map_or(1, |reply| lines(reply, width)) + headings + 2
}

fn report_lines(run: &Run, shown: &Projection, width: u16) -> usize {
    let line = |line: ReportLine| match line {
        ReportLine::Blank | ReportLine::Heading(_) => 1,
        // The name of a fact stands beside it.
        ReportLine::Fact(_, text) => lines(&text, width.saturating_sub(FACT_NAMES)),
        ReportLine::Sentence(text) | ReportLine::More(text) => lines(&text, width),
    };
    run_report(run, shown).into_iter().map(line).sum()
}

impl Model {
    /// Returns half a page of the area that is scrolled at the moment.
    pub(super) fn half_page_here(&self) -> isize {
        match self.overlays.last() {
            Some(overlay) => half(Window::of(overlay, self.screen()).body.height),
            None => match self.view {
                View::Bench => self.half_page(self.focus),
                View::Versions => {
                    let geometry = self.versions_geometry();
                    let is_tree = self.versions.part == VersionsPart::Tree;
                    half(if is_tree { geometry.list() } else { geometry.text() }.height)
                }
                View::Data => {
                    let geometry = self.data_geometry();
                    let area = if self.data.part == DataPart::Rows {
                        geometry.list()
                    } else {
                        geometry.report_text()
                    };
                    half(area.height)
                }
                View::Compare => half(self.compare_geometry().text().height),
                View::Measure | View::Coverage | View::Race => half(self.measure_area().height),
                View::History => half(self.history_geometry().list.height),
                View::Export => half(self.export_geometry().preview_text().height),
            },
        }
    }

    /// Returns how many lines the window of a run needs on this screen.
    pub(super) fn lines_of_run(&self, run: RunNumber) -> usize {
        let window = Overlay::Run(RunWindow { run, lines: usize::MAX, scroll: 0 });
        let width = Window::of(&window, self.screen()).body.width;
        self.shown().run(run).map_or(0, |run| report_lines(run, self.shown(), width))
    }

    pub(super) fn screen(&self) -> Rect {
        Rect::new(0, 0, self.size.width, self.size.height)
    }

    /// Scrolls the focused area.
    pub(super) fn scroll_by(&mut self, by: isize) -> Vec<Effect> {
        match self.view {
            _ if matches!(self.overlays.last(), Some(Overlay::Facets(_))) => self.move_facet_value(by),
            _ if !self.overlays.is_empty() => self.scroll_window(by),
            View::Bench => self.scroll_pane(self.focus, by),
            View::Versions => self.scroll_versions(by),
            View::Data => self.scroll_data(by),
            View::Compare => self.scroll_compare(by),
            View::Measure => self.scroll_measure(by),
            View::Coverage => self.move_in_coverage(by, 0),
            View::Race => self.scroll_race(by),
            View::History => self.scroll_history(by),
            View::Export => self.scroll_export(by),
        }
        vec![]
    }

    pub(super) fn scroll_window(&mut self, by: isize) {
        let screen = self.screen();
        let guidelines = self.stage.session().map_or("", |open| open.session.guidelines.trim_end());
        let Some(overlay) = self.overlays.last_mut() else { return };
        if let Overlay::Replace(window) = overlay {
            return window.go_to_row(by);
        }
        let body = Window::of(overlay, screen).body;
        let (scroll, lines) = match overlay {
            Overlay::Help { scroll } => (scroll, guide::help_lines(&self.keymap)),
            Overlay::Guidelines { scroll } => (scroll, lines(guidelines, body.width)),
            Overlay::Exchange(window) => {
                let lines = window.exchange.as_ref().map_or(1, |e| exchange_lines(e, body.width));
                (&mut window.scroll, lines)
            }
            Overlay::Compare(window) => {
                let lines = window.lines_at(body.width);
                (&mut window.scroll, lines)
            }
            Overlay::Scraps(window) => {
                let place = window.places.get(window.selected).map(|place| *place as usize);
                let scrap = place.and_then(|place| self.facts.shown().scrap(place));
                // A long reason stands above the text.
                let of = |scrap: &Scrap| lines(&scrap.raw, body.width) + lines(&scrap.reason, body.width) + 1;
                (&mut window.scroll, scrap.map_or(0, of))
            }
            Overlay::Duplicates(window) => {
                let shown = self.facts.shown();
                let text = window.row().and_then(|row| shown.row(row));
                let most = text.map_or(0, |row| lines(&row.text(), duplicate_columns(body.width)));
                // Words that only one of the texts has are shown as well.
                (&mut window.scroll, most.saturating_mul(2))
            }
            Overlay::Run(window) => {
                let shown = self.facts.shown();
                let lines = shown.run(window.run).map_or(0, |run| report_lines(run, shown, body.width));
                (&mut window.scroll, lines)
            }
            Overlay::Bulk(window) => {
                let words: usize = window.words().iter().map(|words| lines(words, body.width)).sum();
                let sample = window.preview.as_ref().map_or(0, |preview| preview.sample.len());
                (&mut window.scroll, words + sample + 2)
            }
            Overlay::Palette(_)
            | Overlay::Replace(_)
            | Overlay::Line(_)
            | Overlay::RowEditor(_)
            | Overlay::Settings(_)
            | Overlay::Formats(_)
            | Overlay::Facets(_)
            | Overlay::Question(_) => return,
        };
        move_scroll(scroll, by, lines, body.height);
    }

    /// Scrolls the first lines of the export.
    pub(super) fn scroll_export(&mut self, by: isize) {
        let area = self.export_geometry().preview_text();
        if let Some(Ok(sight)) = &self.export.sight {
            let columns = area.width.saturating_sub(GUTTER);
            let lines = sight.lines.iter().map(|text| lines(text, columns)).sum();
            move_scroll(&mut self.export.scroll, by, lines, area.height);
        }
    }

    pub(super) fn scroll_pane(&mut self, pane: Pane, by: isize) {
        let inner = self.geometry().content(pane);
        match pane {
            Pane::Preview => {
                let lines = self.preview.preview.as_ref().map_or(1, |p| preview_lines(p, inner.width));
                move_scroll(&mut self.preview.scroll, by, lines, inner.height);
            }
            Pane::Detail => {
                let text = self.selected_row().and_then(|row| self.shown().row(row)).map(|row| row.text());
                // Below the text are its fields, scores, flags and its source; some of them never scroll.
                let fixed = usize::from(inner.height / 2);
                let lines = text.map_or(1, |text| lines(&text, inner.width)) + 12 + fixed;
                let last = self.detail.last.get().unwrap_or(usize::MAX);
                self.detail.scroll = self.detail.scroll.min(last);
                move_scroll(&mut self.detail.scroll, by, lines, inner.height);
            }
            Pane::Prompt => {
                self.prompt.area_mut(self.prompt.part).scroll_rows(by);
            }
            Pane::Rows => {}
        }
    }
}

/// Returns half of a height, at least one line.
fn half(height: u16) -> isize {
    isize::try_from(height / 2).unwrap_or(1).max(1)
}

fn move_scroll(scroll: &mut usize, by: isize, lines: usize, height: u16) {
    let last = lines.saturating_sub(usize::from(height));
    *scroll = scroll.saturating_add_signed(by).min(last);
}
