//! Scrolling texts that are longer than their area.
//!
//! Only the drawing knows the exact length of a text. The count here is close and never too short,
//! and the drawing stops at the last page.

use ratatui::layout::Rect;

use crate::app::geometry::Window;
use crate::app::guide;
use crate::app::overlay::Overlay;
use crate::app::{Effect, Model, Pane};
use crate::domain::{Exchange, Preview};
use crate::text::{SafeText, wrap};

/// Returns how many lines a text takes when it is wrapped.
fn lines(text: &str, width: u16) -> usize {
    SafeText::lines(text).map(|line| wrap(line.as_str(), usize::from(width)).len()).sum()
}

fn preview_lines(preview: &Preview, width: u16) -> usize {
    let messages = preview.messages.iter().map(|message| lines(&message.text, width) + 2);
    let problems = preview.problems.iter().map(|problem| lines(&problem.message, width) + 1);
    messages.sum::<usize>() + problems.sum::<usize>() + 2
}

fn exchange_lines(exchange: &Exchange, width: u16) -> usize {
    let messages = exchange.messages.iter().map(|message| lines(&message.text, width) + 2);
    messages.sum::<usize>() + exchange.reply.as_ref().map_or(1, |reply| lines(reply, width)) + 2
}

impl Model {
    /// Returns half a page of the area that is scrolled at the moment.
    pub(super) fn half_page_here(&self) -> isize {
        match self.overlays.last() {
            Some(overlay) => {
                let height = Window::of(overlay, self.screen()).body.height;
                isize::try_from(height / 2).unwrap_or(1).max(1)
            }
            None => self.half_page(self.focus),
        }
    }

    pub(super) fn screen(&self) -> Rect {
        Rect::new(0, 0, self.size.width, self.size.height)
    }

    /// Scrolls the focused area.
    pub(super) fn scroll_by(&mut self, by: isize) -> Vec<Effect> {
        if self.overlays.is_empty() {
            self.scroll_pane(self.focus, by);
        } else {
            self.scroll_window(by);
        }
        vec![]
    }

    pub(super) fn scroll_window(&mut self, by: isize) {
        let screen = self.screen();
        let guidelines = self.stage.session().map_or("", |open| open.session.guidelines.trim_end());
        let Some(overlay) = self.overlays.last_mut() else { return };
        let body = Window::of(overlay, screen).body;
        let (scroll, lines) = match overlay {
            Overlay::Help { scroll } => (scroll, guide::help_lines(&self.keymap)),
            Overlay::Guidelines { scroll } => (scroll, lines(guidelines, body.width)),
            Overlay::Exchange(window) => {
                let lines = window.exchange.as_ref().map_or(1, |e| exchange_lines(e, body.width));
                (&mut window.scroll, lines)
            }
            Overlay::Scraps(window) => {
                let place = window.places.get(window.selected).map(|place| *place as usize);
                let raw =
                    place.and_then(|place| self.facts.shown().scrap(place)).map(|scrap| scrap.raw.as_str());
                (&mut window.scroll, raw.map_or(0, |raw| lines(raw, body.width)))
            }
            Overlay::Palette(_)
            | Overlay::Line(_)
            | Overlay::RowEditor(_)
            | Overlay::Settings(_)
            | Overlay::Question(_) => return,
        };
        move_scroll(scroll, by, lines, body.height);
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
                // Below the text are its fields, scores, flags and its source.
                let lines = text.map_or(1, |text| lines(text, inner.width)) + 12;
                move_scroll(&mut self.detail.scroll, by, lines, inner.height);
            }
            Pane::Rows | Pane::Prompt => {}
        }
    }
}

fn move_scroll(scroll: &mut usize, by: isize, lines: usize, height: u16) {
    let last = lines.saturating_sub(usize::from(height));
    *scroll = scroll.saturating_add_signed(by).min(last);
}
