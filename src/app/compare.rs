//! The Compare view: a form that begins a comparison, the pair to decide, and what came of the last one.
//!
//! ```text
//! CompareForm ── order ──► Effect::BeginCompare ──► a trial ──► two runs, one after the other
//!                                                     └──► pairs, as rows come ──► one key a pair
//! ```
//!
//! The pair on show is held by its rows and not by its place, so that pairs which come later move nothing.

mod field;
mod form;
mod parse;
#[cfg(test)]
mod tests;

pub(crate) use field::CompareField;
pub(crate) use form::{CompareForm, CompareLine, NAMES};

use std::cell::Cell;

use crate::domain::{Budget, GeneratorSettings, Pair, Projection, Trial, TrialKind, TrialNumber};

/// The part of the view that has the focus while no comparison goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ComparePart {
    /// The form, to choose in.
    #[default]
    Form,
    /// The form, while a person types in its selected line.
    Typing,
    /// What came of the comparisons so far.
    Result,
}

/// The settings that the runs of a comparison are made with; the journal holds no secrets of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Begun {
    pub(super) settings: [GeneratorSettings; 2],
    pub(super) budget: Budget,
}

/// The Compare view.
#[derive(Debug, Clone, Default)]
pub struct ComparePane {
    /// The form.
    pub form: CompareForm,
    /// The part that has the focus while no comparison goes on.
    pub part: ComparePart,
    /// The pairs of the comparison that goes on, in their order.
    pub pairs: Vec<Pair>,
    /// The pair on show.
    pub at: Option<Pair>,
    /// Lines scrolled down.
    pub scroll: usize,
    /// How many lines the drawing could scroll down at most, once it was drawn.
    pub(crate) end: Cell<usize>,
    /// The comparison of `pairs`, and how many rows there were when they were found.
    pub(super) known: Option<(TrialNumber, usize)>,
    /// The pairs of the comparisons that have ended.
    pub(super) ended: Vec<(TrialNumber, Vec<Pair>)>,
    /// How many trials and rows there were when those were found.
    pub(super) ended_known: Option<(usize, usize)>,
    /// What the runs of the last comparison that was begun here are made with.
    pub(super) begun: Option<Begun>,
}

impl ComparePane {
    /// Returns the pairs of a comparison that has ended; none before they were found.
    pub(crate) fn ended_pairs(&self, number: TrialNumber) -> &[Pair] {
        self.ended.iter().find(|(of, _)| *of == number).map_or(&[], |(_, pairs)| pairs)
    }

    /// Returns the place of the pair on show among all pairs, from 0.
    #[must_use]
    pub fn place(&self) -> Option<usize> {
        let at = self.at?;
        self.pairs.iter().position(|pair| *pair == at)
    }

    /// Goes to the next open pair from a place on, around the end; returns whether there is one.
    pub(super) fn go_to_open(&mut self, from: usize, shown: &Projection) -> bool {
        let (before, after) = self.pairs.split_at(from.min(self.pairs.len()));
        let open = after.iter().chain(before).find(|pair| shown.said_of(**pair).is_none()).copied();
        if open.is_some() {
            self.show(open);
        }
        open.is_some()
    }

    pub(super) fn show(&mut self, pair: Option<Pair>) {
        if self.at != pair {
            (self.at, self.scroll) = (pair, 0);
        }
    }
}

/// Returns the comparison that goes on.
#[must_use]
pub(crate) fn comparison(shown: &Projection) -> Option<&Trial> {
    shown.laboratory().going().filter(|trial| trial.kind == TrialKind::Compare)
}
