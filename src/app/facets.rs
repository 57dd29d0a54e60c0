//! The facets: a list of what the shown rows are like, with counts, to filter by.
//!
//! ```text
//! state                     rows that match ──► counted beside the loop ──► this list
//!   pending   ████   128           ▲                                           │ enter, -
//!   accepted  ██      61           └────────────── the filter's text ◄─────────┘
//! flag
//!   duplicate █        9
//! ```

use super::message::Ask;
use crate::curate::Facets;
use crate::curate::facets::Clauses;
pub(crate) use crate::curate::facets::Use;
pub(crate) use crate::curate::{Facet, FacetKind, FacetValue};

/// How many values of a facet are listed before it is unfolded.
const FOLDED: usize = 6;

/// The window of the facets.
#[derive(Debug, Clone, Default)]
pub struct FacetsWindow {
    /// The counts that came last; `None` before the first.
    pub counted: Option<Facets>,
    /// The facets whose values are all listed.
    pub(crate) unfolded: Vec<FacetKind>,
    /// The conditions of the filter that the counts are of.
    pub(crate) clauses: Clauses,
    /// The selected line.
    pub(crate) selected: usize,
    /// What it says, so that it stays selected where the counts change.
    pub(super) spot: Option<Spot>,
    /// What is counted at the moment.
    pub(super) waiting: Option<(Ask, Counted)>,
    /// What the counts are of.
    pub(super) of: Option<Counted>,
}

/// The rows that were counted: of which filter, and at which moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) filter: String,
    pub(super) rows: usize,
    pub(super) next: u64,
}

/// What a line says: a value by its condition, or that a facet has more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) kind: FacetKind,
    pub(super) clause: Option<String>,
}

/// A line of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FacetLine<'a> {
    /// The name of a facet.
    Heading(&'a Facet),
    /// One of its values.
    Value(&'a Facet, &'a FacetValue),
    /// How many values it has that are not listed.
    More(&'a Facet, usize),
    /// An empty line between facets.
    Gap,
}

impl FacetLine<'_> {
    /// Returns whether the line can be selected.
    #[must_use]
    pub(crate) const fn is_selectable(&self) -> bool {
        matches!(self, Self::Value(..) | Self::More(..))
    }

    fn spot(&self) -> Option<Spot> {
        match self {
            Self::Value(facet, value) => {
                Some(Spot { kind: facet.kind.clone(), clause: Some(value.clause.clone()) })
            }
            Self::More(facet, _) => Some(Spot { kind: facet.kind.clone(), clause: None }),
            Self::Heading(_) | Self::Gap => None,
        }
    }
}

impl FacetsWindow {
    /// Returns whether the counts are of the rows as they are now.
    #[must_use]
    pub(crate) const fn is_current(&self) -> bool {
        self.waiting.is_none()
    }

    /// Returns all lines.
    #[must_use]
    pub(crate) fn lines(&self) -> Vec<FacetLine<'_>> {
        let mut lines = Vec::new();
        for facet in self.counted.iter().flat_map(|counted| &counted.all) {
            if !lines.is_empty() {
                lines.push(FacetLine::Gap);
            }
            lines.push(FacetLine::Heading(facet));
            let is_unfolded = self.unfolded.contains(&facet.kind);
            // What the filter names is listed always; one more value takes no more room than saying so.
            let is_listed = |(place, value): &(usize, &FacetValue)| {
                is_unfolded
                    || *place < FOLDED
                    || facet.values.len() == FOLDED + 1
                    || self.clauses.names(&value.clause).is_some()
            };
            let listed = facet.values.iter().enumerate().filter(is_listed);
            lines.extend(listed.map(|(_, value)| FacetLine::Value(facet, value)));
            let before = lines.iter().rev().take_while(|line| matches!(line, FacetLine::Value(..))).count();
            if before < facet.values.len() {
                lines.push(FacetLine::More(facet, facet.values.len() - before));
            }
        }
        lines
    }

    /// Returns the first line in sight where `height` of `all` lines are.
    #[must_use]
    pub(crate) fn first_in(&self, height: usize, all: usize) -> usize {
        // The heading of the first facet stays in sight with its first value.
        let first = if self.selected <= 1 { 0 } else { (self.selected + 1).saturating_sub(height * 2 / 3) };
        first.min(all.saturating_sub(height))
    }

    /// Returns whether the filter names a value.
    #[must_use]
    pub(crate) fn usage(&self, value: &FacetValue) -> Option<Use> {
        self.clauses.names(&value.clause)
    }

    /// Returns what the selected line says.
    #[must_use]
    pub(crate) fn selected_line(&self) -> Option<FacetLine<'_>> {
        self.lines().get(self.selected).copied()
    }

    /// Selects a line, or the nearest one that can be: below it, else above.
    pub(super) fn select(&mut self, line: usize) {
        let lines = self.lines();
        let can = |at: &usize| lines[*at].is_selectable();
        let line = line.min(lines.len());
        let found = (line..lines.len()).find(can).or_else(|| (0..line).rev().find(can));
        let spot = found.and_then(|at| lines[at].spot());
        self.selected = found.unwrap_or_default();
        self.spot = spot;
    }

    /// Moves the selection by so many lines that can be selected.
    pub(super) fn go(&mut self, by: isize) {
        let lines = self.lines();
        let all: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].is_selectable()).collect();
        let here = all.iter().position(|at| *at == self.selected).unwrap_or_default();
        let there = here.saturating_add_signed(by).min(all.len().saturating_sub(1));
        if let Some(at) = all.get(there).copied() {
            self.select(at);
        }
    }

    /// Goes to the first value of the next facet, or of the one before.
    pub(super) fn go_to_facet(&mut self, step: isize) {
        let lines = self.lines();
        let heads: Vec<usize> =
            (0..lines.len()).filter(|at| matches!(lines[*at], FacetLine::Heading(_))).collect();
        let here = heads.iter().rposition(|at| *at < self.selected).unwrap_or_default();
        let there = here.saturating_add_signed(step).min(heads.len().saturating_sub(1));
        if let Some(at) = heads.get(there).copied() {
            self.select(at);
        }
    }

    /// Lists all values of the selected facet, or only the most frequent again.
    pub(super) fn unfold(&mut self) {
        let Some(kind) = self.spot.as_ref().map(|spot| spot.kind.clone()) else { return };
        match self.unfolded.iter().position(|known| *known == kind) {
            Some(place) => drop(self.unfolded.remove(place)),
            None => self.unfolded.push(kind),
        }
        self.find_spot();
    }

    /// Takes new counts over.
    pub(super) fn take(&mut self, counted: Facets, of: Counted, clauses: Clauses) {
        self.clauses = clauses;
        self.counted = Some(counted);
        self.of = Some(of);
        self.find_spot();
    }

    /// Selects the line that says what the selected one said, else the one in its place.
    fn find_spot(&mut self) {
        let lines = self.lines();
        let found = lines.iter().position(|line| self.spot.is_some() && line.spot() == self.spot);
        self.select(found.unwrap_or(self.selected));
    }
}
