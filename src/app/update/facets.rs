//! The facets: counting them when the rows change, and filtering by their values.

use crate::app::command::FacetsCommand;
use crate::app::facets::Counted;
use crate::app::message::Ask;
use crate::app::{Effect, FacetLine, FacetsWindow, Model, Overlay};
use crate::curate::Facets;
use crate::curate::facets::{Clauses, Use, facets};

/// With more rows than this, counting them may take over 5 ms and is done outside of the event loop.
const AT_ONCE: usize = 5_000;

impl Model {
    pub(super) fn show_facets(&mut self) -> Vec<Effect> {
        // What it lists at first is counted when this key settles.
        self.open_once(Overlay::Facets(Box::default()))
    }

    fn facets_window(&mut self) -> Option<&mut FacetsWindow> {
        self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Facets(window) => Some(window.as_mut()),
            _ => None,
        })
    }

    pub(super) fn run_in_facets(&mut self, command: FacetsCommand) -> Vec<Effect> {
        match command {
            FacetsCommand::ChooseFacetValue => return self.turn_facet_value(Use::Asked),
            FacetsCommand::ExcludeFacetValue => return self.turn_facet_value(Use::Excluded),
            FacetsCommand::NextFacetValue => self.move_facet_value(1),
            FacetsCommand::PreviousFacetValue => self.move_facet_value(-1),
            FacetsCommand::NextFacet => self.change_facets(|window| window.go_to_facet(1)),
            FacetsCommand::PreviousFacet => self.change_facets(|window| window.go_to_facet(-1)),
            FacetsCommand::UnfoldFacet => self.change_facets(FacetsWindow::unfold),
        }
        vec![]
    }

    fn change_facets(&mut self, change: impl FnOnce(&mut FacetsWindow)) {
        if let Some(window) = self.facets_window() {
            change(window);
        }
    }

    pub(super) fn move_facet_value(&mut self, by: isize) {
        self.change_facets(|window| window.go(by));
    }

    /// Filters by the value that was clicked, or lists what the line stands for.
    pub(super) fn click_facets(&mut self, line: usize, height: usize) -> Vec<Effect> {
        let Some(window) = self.facets_window() else { return vec![] };
        let lines = window.lines();
        let line = window.first_in(height, lines.len()) + line;
        if !lines.get(line).is_some_and(FacetLine::is_selectable) {
            return vec![];
        }
        window.select(line);
        self.turn_facet_value(Use::Asked)
    }

    /// Adds the condition for the selected value to the filter, or takes it out.
    fn turn_facet_value(&mut self, to: Use) -> Vec<Effect> {
        let Some(window) = self.facets_window() else { return vec![] };
        let clause = match window.selected_line() {
            Some(FacetLine::Value(_, value)) => value.clause.clone(),
            Some(FacetLine::More(..)) => {
                window.unfold();
                return vec![];
            }
            Some(FacetLine::Heading(_) | FacetLine::Gap) | None => return vec![],
        };
        let text = Clauses::of(&self.rows.parsed).turned(&clause, to);
        self.filter_by(&text).unwrap_or_else(|error| {
            self.fail(error.message);
            vec![]
        })
    }

    /// Counts the facets, where they are open and not of the rows as they are now; one count at a time.
    pub(super) fn settle_facets(&mut self) -> Vec<Effect> {
        if self.facets_window().is_none() {
            return vec![];
        }
        let of = Counted {
            filter: self.rows.filter.clone(),
            rows: self.shown().len(),
            next: self.shown().next_operation().0,
        };
        let Some(window) = self.facets_window() else { return vec![] };
        if window.waiting.is_some() || window.of.as_ref() == Some(&of) {
            return vec![];
        }
        if of.rows <= AT_ONCE {
            let counted = facets(self.facts.shown(), &self.rows.parsed);
            let clauses = Clauses::of(&self.rows.parsed);
            self.change_facets(|window| window.take(counted, of, clauses));
            return vec![];
        }
        let ask = self.new_ask();
        self.change_facets(|window| window.waiting = Some((ask, of)));
        let (filter, shown) = (self.rows.parsed.clone(), Box::new(self.shown().clone()));
        vec![Effect::CountFacets { ask, filter, shown }]
    }

    pub(super) fn facets_counted(&mut self, ask: Ask, counted: Facets) -> Vec<Effect> {
        let clauses = Clauses::of(&self.rows.parsed);
        self.change_facets(|window| {
            if let Some((_, of)) = window.waiting.take_if(|(asked, _)| *asked == ask) {
                window.take(counted, of, clauses);
            }
        });
        vec![]
    }
}
