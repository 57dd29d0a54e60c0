//! The conditions that facets add to a filter, and take out of it.

use super::{Facet, FacetKind, FacetValue};
use crate::curate::filter::{Comparison, Condition, Figure, Filter, Property, Term, VersionPattern, Words};

/// Whether a filter names a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Rows must have it.
    Asked,
    /// Rows must not have it.
    Excluded,
}

/// Returns the condition that asks for a value, spelled as a filter writes itself out.
pub(super) fn of(kind: &FacetKind, value: &str) -> String {
    let words = |property| Term::Words(property, Words::Equal(value.to_owned())).to_string();
    match kind {
        FacetKind::Label => words(Property::Label),
        FacetKind::Tag => words(Property::Tag),
        FacetKind::Reason => words(Property::Reason),
        FacetKind::Variable(name) => words(Property::Variable(name.clone())),
        FacetKind::Version => {
            let (name, word) = match value.rsplit_once('@') {
                Some((name, word)) => (Some(name.to_owned()), word),
                None => (None, value),
            };
            Term::Prompt(VersionPattern { name, word: word.to_owned() }).to_string()
        }
        FacetKind::State | FacetKind::Flag | FacetKind::Run => format!("{}:{value}", kind.name()),
    }
}

/// The conditions of a filter that must all hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Clauses(Vec<Condition>);

impl Clauses {
    /// Returns the conditions of a filter; alternatives are one.
    #[must_use]
    pub(crate) fn of(filter: &Filter) -> Self {
        Self(filter.conditions.clone())
    }

    /// Returns whether the filter names a value, by its condition.
    #[must_use]
    pub(crate) fn names(&self, clause: &str) -> Option<Use> {
        let found = self.0.iter().find(|own| own.term.to_string() == clause)?;
        Some(if found.negated { Use::Excluded } else { Use::Asked })
    }

    /// Returns the filter that asks for a value, or excludes it; where it does so already, the one without.
    #[must_use]
    pub(crate) fn turned(&self, clause: &str, to: Use) -> String {
        let others = self.0.iter().filter(|own| own.term.to_string() != clause);
        let mut clauses: Vec<String> = others.map(ToString::to_string).collect();
        if self.names(clause) != Some(to) {
            let sign = if to == Use::Excluded { "-" } else { "" };
            clauses.push(format!("{sign}{clause}"));
        }
        clauses.join(" ")
    }

    /// Adds the values that the filter names and no row has.
    pub(super) fn add_missing(&self, facet: &mut Facet) {
        for Condition { term, .. } in &self.0 {
            let Some(value) = value_in(&facet.kind, term) else { continue };
            let clause = of(&facet.kind, &value);
            if clause == term.to_string() && facet.values.iter().all(|known| known.clause != clause) {
                facet.values.push(FacetValue { value, rows: 0, clause });
            }
        }
    }
}

/// Returns the value that a term asks for, if it is one of this facet.
fn value_in(kind: &FacetKind, term: &Term) -> Option<String> {
    match (kind, term) {
        (FacetKind::State, Term::State(state)) => Some(state.name().to_owned()),
        (FacetKind::Flag, Term::Flag(flag)) => Some(flag.name().to_owned()),
        (FacetKind::Label, Term::Words(Property::Label, Words::Equal(word)))
        | (FacetKind::Tag, Term::Words(Property::Tag, Words::Equal(word)))
        | (FacetKind::Reason, Term::Words(Property::Reason, Words::Equal(word))) => Some(word.clone()),
        (FacetKind::Variable(name), Term::Words(Property::Variable(of), Words::Equal(word)))
            if name == of =>
        {
            Some(word.clone())
        }
        (FacetKind::Version, Term::Prompt(pattern)) => Some(pattern.to_string()),
        (FacetKind::Run, Term::Figure(Figure::Run, Comparison::Equal, number)) => Some(number.to_string()),
        _ => None,
    }
}
