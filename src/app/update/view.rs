//! Finding the rows to show, and adding rows that come later.

use std::sync::Arc;

use crate::app::message::Ask;
use crate::app::rows::{View, WaitingView};
use crate::app::{Effect, Model, Pane};
use crate::curate::{self, parse_view};
use crate::domain::RowNumber;

/// With more rows than this, finding them may take over 5 ms and is done outside of the event loop.
pub(super) const AT_ONCE: usize = 30_000;

impl Model {
    /// Finds and sorts the rows again, and selects `select` if it is among them.
    pub(super) fn find_rows(&mut self, select: Option<RowNumber>) -> Vec<Effect> {
        let of = self.shown().len();
        if of <= AT_ONCE {
            let found = curate::view(self.shown(), &self.rows.parsed, &self.rows.sort);
            self.show_view(found, of, select);
            return vec![];
        }
        let ask = self.new_ask();
        self.rows.waiting = Some(WaitingView { ask, of, select });
        let (filter, sort) = (self.rows.parsed.clone(), self.rows.sort);
        vec![Effect::View { ask, filter, sort, shown: self.shown().clone() }]
    }

    pub(super) fn viewed(&mut self, ask: Ask, view: Arc<[u32]>) -> Vec<Effect> {
        if let Some(waiting) = self.rows.waiting.take_if(|waiting| waiting.ask == ask) {
            let select = self.selected_row().or(waiting.select);
            self.show_view(view, waiting.of, select);
        }
        vec![]
    }

    fn show_view(&mut self, view: Arc<[u32]>, of: usize, select: Option<RowNumber>) {
        let above = self.rows.selected.saturating_sub(self.rows.top);
        self.rows.waiting = None;
        self.rows.view = View::new(view);
        self.rows.known = of;
        self.rows.selected = select.and_then(|row| self.rows.view.position(row)).unwrap_or_default();
        self.rows.top = self.rows.selected.saturating_sub(above);
        self.arrive();
    }

    /// Appends new rows that match the filter, unless the view is still being found.
    pub(super) fn arrive(&mut self) {
        let rows = &mut self.rows;
        if rows.waiting.is_some() {
            return;
        }
        let shown = self.facts.shown();
        if rows.known >= shown.len() {
            return;
        }
        let matcher = rows.parsed.on(shown);
        let numbers = (rows.known..shown.len()).filter_map(|number| u32::try_from(number).ok());
        for row in numbers.filter_map(|number| shown.row(RowNumber(number))) {
            if matcher.matches(&row) {
                rows.view.push(row.number());
            }
        }
        rows.known = shown.len();
    }

    /// Filters by the typed text, which may name an order too. The selected row stays selected
    /// where it is still in the view.
    pub(super) fn filter_by(&mut self, text: &str) -> Result<Vec<Effect>, String> {
        let (filter, sort) = parse_view(text).map_err(|error| error.message)?;
        self.rows.filter = filter.to_string();
        self.rows.parsed = filter;
        self.rows.sort = sort.unwrap_or(self.rows.sort);
        let mut effects = self.find_rows(self.selected_row());
        effects.push(self.save_screen());
        Ok(effects)
    }

    pub(super) fn sort_by(&mut self, name: &str) -> Result<Vec<Effect>, String> {
        self.rows.sort = name.parse().map_err(|error: curate::sort::SortError| error.to_string())?;
        let mut effects = self.find_rows(self.selected_row());
        effects.push(self.save_screen());
        Ok(effects)
    }

    /// Returns how many rows the pane shows.
    pub(super) fn rows_height(&self) -> usize {
        usize::from(self.geometry().inner(Pane::Rows).height)
    }

    /// Scrolls just far enough to make the selected row visible.
    pub(super) fn keep_in_sight(&mut self) {
        let rows = &mut self.rows;
        rows.selected = rows.selected.min(rows.view.len().saturating_sub(1));
        let selected = rows.selected;
        let height = self.rows_height();
        if height == 0 {
            return;
        }
        let lowest = self.rows.view.len().saturating_sub(height);
        let range = (selected + 1).saturating_sub(height)..=selected;
        self.rows.top = self.rows.top.min(lowest).clamp(*range.start(), *range.end());
    }
}
