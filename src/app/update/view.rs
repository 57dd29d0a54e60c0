//! Finding the rows to show, and adding rows that come later.

use std::sync::Arc;

use crate::app::message::Ask;
use crate::app::rows::{View, WaitingView};
use crate::app::{Effect, Model, Pane};
use crate::curate::{
    self, Filter, FilterError, Near, NewHidden, Sort, VariableNames, parse_typed, parse_view,
    refused_while_blind, unknown_label, unknown_names,
};
use crate::domain::RowNumber;

/// With more rows than this, finding them may take over 5 ms and is done outside of the event loop.
pub(super) const AT_ONCE: usize = 30_000;

impl Model {
    /// Finds and sorts the rows again, and selects `select` if it is among them, else the row nearest to it.
    pub(super) fn find_rows(&mut self, select: Option<RowNumber>) -> Vec<Effect> {
        let of = self.shown().len();
        if of <= AT_ONCE {
            let found = curate::view(self.shown(), &self.rows.parsed, &self.rows.sort);
            let hidden = NewHidden::of(self.shown(), &found);
            self.show_view(found, hidden, of, select);
            return vec![];
        }
        let ask = self.new_ask();
        self.rows.waiting = Some(WaitingView { ask, of, select, from: self.selected_row(), is_begun: false });
        let (filter, sort) = (self.rows.parsed.clone(), self.rows.sort);
        let row = select.or_else(|| self.selected_row()).unwrap_or_default();
        let near = Near { row, height: self.rows_height() };
        vec![Effect::View { ask, filter, sort, near, shown: self.shown().clone() }]
    }

    pub(super) fn viewed(&mut self, ask: Ask, view: Arc<[u32]>, hidden: NewHidden) -> Vec<Effect> {
        if let Some(waiting) = self.rows.waiting.take_if(|waiting| waiting.ask == ask) {
            let select = self.row_to_select(&waiting);
            self.show_view(view, hidden, waiting.of, select);
        }
        vec![]
    }

    /// Shows the rows that were found so far: those around the selected one, without a gap.
    pub(super) fn found_so_far(&mut self, ask: Ask, found: Arc<[u32]>) -> Vec<Effect> {
        if let Some(waiting) = self.rows.waiting.take_if(|waiting| waiting.ask == ask) {
            let select = self.row_to_select(&waiting);
            self.put_view(found, select);
            let from = self.selected_row();
            self.rows.waiting = Some(WaitingView { select, from, is_begun: true, ..waiting });
        }
        vec![]
    }

    /// Returns the row that was selected since a view was asked for, else the one that was to be.
    fn row_to_select(&self, waiting: &WaitingView) -> Option<RowNumber> {
        self.selected_row().filter(|row| Some(*row) != waiting.from).or(waiting.select)
    }

    fn show_view(&mut self, view: Arc<[u32]>, hidden: NewHidden, of: usize, select: Option<RowNumber>) {
        self.put_view(view, select);
        self.rows.waiting = None;
        self.rows.known = of;
        self.rows.hidden = hidden;
        self.arrive();
    }

    /// Puts rows on the screen, `select` or the one nearest to it where the selected row was.
    fn put_view(&mut self, view: Arc<[u32]>, select: Option<RowNumber>) {
        let above = self.rows.selected.saturating_sub(self.rows.top);
        let view = View::new(view);
        let index = select.and_then(|row| {
            let found = view.position(row);
            found.or_else(|| {
                let old = &self.rows.view;
                let place = old.position(row).unwrap_or(self.rows.selected);
                view.position(old.nearest_in(&view, place)?)
            })
        });
        // Other rows would stand between the ends of a marked range.
        self.rows.marked = None;
        self.rows.view = view;
        self.rows.shown = self.rows.parsed.clone();
        self.rows.selected = index.unwrap_or_default();
        self.rows.top = self.rows.selected.saturating_sub(above);
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
        let (matcher, last) = (rows.parsed.on(shown), shown.counts().last_run());
        let numbers = (rows.known..shown.len()).filter_map(|number| u32::try_from(number).ok());
        for row in numbers.filter_map(|number| shown.row(RowNumber(number))) {
            if matcher.matches(&row) {
                rows.view.push(row.number());
            } else {
                rows.hidden.add(&row, last);
            }
        }
        rows.known = shown.len();
    }

    /// Filters by the typed text, which may name an order too. The selected row stays selected
    /// where it is still in the view.
    pub(super) fn filter_by(&mut self, text: &str) -> Result<Vec<Effect>, FilterError> {
        let (filter, sort) = parse_view(text, &VariableNames::of(self.shown()))?;
        if let Some(why) = refused_while_blind(&filter, sort, self.shown()) {
            return Err(FilterError::of_all(text, why));
        }
        let before = self.rows.before.take();
        let (selected, in_order) = before.map_or_else(
            || (self.selected_row(), self.rows.sort),
            |before| (before.selected_row(), before.sort),
        );
        let mut effects = self.filter_to(filter, sort.unwrap_or(in_order), selected);
        effects.push(self.save_screen());
        let unknown = unknown_label(&self.rows.parsed, &self.label_names());
        let unknown = unknown.or_else(|| unknown_names(&self.rows.parsed, self.shown()).into_iter().next());
        unknown.into_iter().for_each(|unknown| self.say(unknown));
        Ok(effects)
    }

    fn filter_to(&mut self, filter: Filter, sort: Sort, select: Option<RowNumber>) -> Vec<Effect> {
        self.rows.filter = filter.to_string();
        self.rows.parsed = filter;
        self.rows.sort = sort;
        self.find_rows(select)
    }

    /// Begins to type a filter: from here on the rows follow what is typed.
    pub(super) fn begin_filter(&mut self) {
        self.rows.before = None;
        self.rows.before = Some(self.rows.clone());
    }

    /// Filters by what is typed so far; text that cannot be read yet changes nothing.
    pub(super) fn narrow(&mut self, text: &str) -> Vec<Effect> {
        let Some(before) = &self.rows.before else { return vec![] };
        let Ok((filter, sort)) = parse_typed(text, &VariableNames::of(self.shown())) else { return vec![] };
        if refused_while_blind(&filter, sort, self.shown()).is_some() {
            return vec![];
        }
        let (sort, select) = (sort.unwrap_or(before.sort), before.selected_row());
        let is_found = filter == self.rows.parsed && sort == self.rows.sort;
        if is_found { vec![] } else { self.filter_to(filter, sort, select) }
    }

    /// Gives a typed filter up: the rows stand again as they did before.
    pub(super) fn give_filter_up(&mut self) -> Vec<Effect> {
        let Some(before) = self.rows.before.take() else { return vec![] };
        self.rows = before;
        if let Some(waiting) = self.rows.waiting.take() {
            return self.find_rows(waiting.select);
        }
        self.arrive();
        vec![]
    }

    /// Shows all rows again.
    pub(super) fn clear_filter(&mut self) -> Vec<Effect> {
        let mut effects = self.filter_to(Filter::default(), self.rows.sort, self.selected_row());
        effects.push(self.save_screen());
        self.say("The filter is gone; all rows are shown.");
        effects
    }

    /// Returns the labels of the dataset and of the rows.
    pub(crate) fn label_names(&self) -> Vec<&str> {
        let real = self.stage.session().map_or(&[][..], |open| &open.dataset.labels);
        let mut labels: Vec<&str> = real.iter().map(|rows| rows.label.as_str()).collect();
        let more = self.shown().labels().iter().map(String::as_str);
        let more: Vec<&str> = more.filter(|label| !labels.contains(label)).collect();
        labels.extend(more);
        labels
    }

    pub(super) fn sort_by(&mut self, name: &str) -> Result<Vec<Effect>, String> {
        let sort: Sort = name.parse().map_err(|error: curate::sort::SortError| error.to_string())?;
        if let Some(why) = refused_while_blind(&Filter::default(), Some(sort), self.shown()) {
            return Err(why);
        }
        self.rows.sort = sort;
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
