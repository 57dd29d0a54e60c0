//! The mouse: clicks select and focus, the wheel scrolls what is under the pointer.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::app::export::PickerLine;
use crate::app::geometry::Window;
use crate::app::overlay::{Overlay, RowEditorField};
use crate::app::settings::SettingsLine;
use crate::app::text_box::TextBox;
use crate::app::{Command, Effect, Model, Pane, View};

/// How many lines one step of the wheel scrolls.
const WHEEL: isize = 3;

impl Model {
    pub(super) fn mouse(&mut self, event: MouseEvent) -> Vec<Effect> {
        if !self.is_open() {
            return vec![];
        }
        let place = Position::new(event.column, event.row);
        match event.kind {
            MouseEventKind::Down(MouseButton::Left) => {
                self.notice = None;
                self.pending.clear();
                self.click(place)
            }
            MouseEventKind::ScrollDown => self.wheel(place, WHEEL),
            MouseEventKind::ScrollUp => self.wheel(place, -WHEEL),
            _ => vec![],
        }
    }

    fn click(&mut self, place: Position) -> Vec<Effect> {
        if !self.overlays.is_empty() {
            return self.click_window(place);
        }
        let geometry = self.geometry();
        if geometry.help.contains(place) {
            return self.run(Command::ShowHelp, None);
        }
        let tabs = View::TABS.into_iter().zip(self.tabs.get());
        if let Some((view, _)) = tabs.into_iter().find(|(_, tab)| tab.contains(place)) {
            return self.run(view.command(), None);
        }
        match self.view {
            View::Bench => {}
            View::Versions => return self.click_versions(place),
            View::Data => return self.click_data(place),
            View::Compare => return self.click_compare(place),
            View::Measure | View::Race => return vec![],
            View::Coverage => return self.click_coverage(place),
            View::History => return self.click_history(place),
            View::Export => return self.click_export(place),
        }
        if geometry.tab.is_some_and(|tab| tab.contains(place)) {
            return self.focus_on(if self.focus.is_left() { Pane::Rows } else { Pane::Prompt });
        }
        if let Some((part, _)) = geometry.parts().into_iter().find(|(_, area)| area.contains(place)) {
            if self.focus != Pane::Prompt {
                self.focus_on(Pane::Prompt);
            }
            return self.show_part(part);
        }
        let Some(pane) = geometry.pane_at(place) else { return vec![] };
        let inner = geometry.inner(pane);
        if inner.contains(place) {
            let line = usize::from(place.y - inner.y);
            let content = geometry.content(pane);
            match pane {
                Pane::Rows if self.rows.top + line < self.rows.view.len() => {
                    self.select(self.rows.top + line);
                }
                Pane::Prompt => put_cursor(self.prompt.area_mut(self.prompt.part), content, place),
                Pane::Rows | Pane::Preview | Pane::Detail => {}
            }
        }
        if self.focus == pane { vec![] } else { self.focus_on(pane) }
    }

    fn click_window(&mut self, place: Position) -> Vec<Effect> {
        let screen = self.screen();
        let Some(overlay) = self.overlays.last_mut() else { return vec![] };
        let window = Window::of(overlay, screen);
        match overlay {
            Overlay::Question(_) if window.yes.contains(place) => return self.answer(true),
            Overlay::Question(_) if window.no.contains(place) => return self.answer(false),
            Overlay::Question(_) if window.third.contains(place) => return self.discard(),
            Overlay::Help { .. }
            | Overlay::Guidelines { .. }
            | Overlay::Exchange(_)
            | Overlay::Compare(_)
            | Overlay::Duplicates(_)
            | Overlay::Run(_)
            | Overlay::Formats(_)
            | Overlay::Facets(_)
            | Overlay::Scraps(_)
            | Overlay::Bulk(_)
                if !window.area.contains(place) =>
            {
                self.overlays.pop();
            }
            Overlay::Facets(_) if window.list.contains(place) => {
                let line = usize::from(place.y - window.list.y);
                return self.click_facets(line, usize::from(window.list.height));
            }
            Overlay::Formats(picker) if window.list.contains(place) => {
                let line = usize::from(place.y - window.list.y);
                let clicked = picker.lines_in(usize::from(window.list.height)).get(line).copied();
                if let Some(PickerLine::Format(format)) = clicked {
                    picker.selected = format;
                    return self.run(Command::TakeFormat, None);
                }
            }
            Overlay::Palette(palette) if window.list.contains(place) => {
                let first = first_in_list(palette.selected, window.list);
                return self.click_choice(first + usize::from(place.y - window.list.y));
            }
            Overlay::Line(line) if window.list.contains(place) => {
                let first = first_in_list(line.selected.unwrap_or_default(), window.list);
                return self.click_choice(first + usize::from(place.y - window.list.y));
            }
            Overlay::Settings(form) => {
                if window.body.contains(place) {
                    let line = usize::from(place.y - window.body.y);
                    if let Some(SettingsLine::Setting(field)) =
                        form.lines_in(usize::from(window.body.height)).get(line)
                    {
                        form.select(*field);
                    }
                } else if window.list.contains(place) && !form.choices().is_empty() {
                    let first = first_in_list(form.choice(&form.choices()).unwrap_or_default(), window.list);
                    form.take_choice(first + usize::from(place.y - window.list.y));
                }
                return vec![];
            }
            Overlay::Scraps(scraps) if window.list.contains(place) => {
                let first = first_in_list(scraps.selected, window.list);
                return self.select_scrap(first + usize::from(place.y - window.list.y));
            }
            Overlay::RowEditor(editor) => {
                if window.body.contains(place) {
                    editor.field = RowEditorField::Text;
                    put_cursor(&mut editor.text, window.body, place);
                } else if let Some(others) = &mut editor.others
                    && window.list.contains(place)
                {
                    editor.field = RowEditorField::Others;
                    put_cursor(others, window.list, place);
                }
            }
            Overlay::Help { .. }
            | Overlay::Guidelines { .. }
            | Overlay::Exchange(_)
            | Overlay::Compare(_)
            | Overlay::Duplicates(_)
            | Overlay::Run(_)
            | Overlay::Palette(_)
            | Overlay::Line(_)
            | Overlay::Formats(_)
            | Overlay::Facets(_)
            | Overlay::Scraps(_)
            | Overlay::Bulk(_)
            | Overlay::Replace(_)
            | Overlay::Question(_) => {}
        }
        vec![]
    }

    fn wheel(&mut self, place: Position, by: isize) -> Vec<Effect> {
        match self.overlays.last() {
            Some(Overlay::Palette(_) | Overlay::Line(_)) => return self.move_choice(by.signum()),
            Some(Overlay::Formats(_)) => {
                let command = if by > 0 { Command::NextFormat } else { Command::PreviousFormat };
                return self.run(command, None);
            }
            Some(Overlay::Facets(_)) => {
                self.move_facet_value(by.signum());
                return vec![];
            }
            Some(_) => {
                self.scroll_window(by);
                return vec![];
            }
            None => {}
        }
        match self.view {
            View::Bench => {}
            View::Versions => {
                self.wheel_versions(place, by);
                return vec![];
            }
            View::Data => {
                self.wheel_data(place, by);
                return vec![];
            }
            View::Compare => {
                self.scroll_compare(by);
                return vec![];
            }
            View::Measure => {
                self.scroll_measure(by);
                return vec![];
            }
            View::Race => return vec![],
            View::History => {
                self.scroll_history(by);
                return vec![];
            }
            View::Coverage => {
                self.move_in_coverage(by, 0);
                return vec![];
            }
            View::Export => {
                self.scroll_export(by);
                return vec![];
            }
        }
        match self.geometry().pane_at(place) {
            Some(Pane::Rows) => self.scroll_rows(by),
            Some(pane) => self.scroll_pane(pane, by),
            None => {}
        }
        vec![]
    }

    /// Scrolls the rows. The selection stays visible, so that a key never decides a row that is not
    /// seen.
    fn scroll_rows(&mut self, by: isize) {
        let height = self.rows_height();
        let last = self.rows.view.len().saturating_sub(height);
        self.rows.top = self.rows.top.saturating_add_signed(by).min(last);
        let bottom = self.rows.top + height.saturating_sub(1);
        self.select(self.rows.selected.clamp(self.rows.top, bottom));
    }
}

/// Returns the index of the first visible choice of a list, such that the selected one is visible.
#[must_use]
pub(in crate::app) fn first_in_list(selected: usize, list: Rect) -> usize {
    (selected + 1).saturating_sub(usize::from(list.height))
}

fn put_cursor(text: &mut TextBox, inner: Rect, place: Position) {
    let column = place.x.saturating_sub(inner.x);
    text.click(usize::from(place.y.saturating_sub(inner.y)), column.into());
}
