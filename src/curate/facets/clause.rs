//! The conditions that facets add to the text of a filter, and take out of it.

use super::{Facet, FacetKind, FacetValue};
use crate::curate::filter::Word;
use crate::curate::last_word;

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
    let key = match kind {
        FacetKind::Version => "prompt",
        kind => kind.name(),
    };
    format!("{key}:{}", Word(value))
}

/// The conditions of a filter, as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Clauses(Vec<String>);

impl Clauses {
    /// Parts the text of a filter into its conditions; blanks in quotation marks part none.
    #[must_use]
    pub(crate) fn of(filter: &str) -> Self {
        let (mut rest, mut clauses) = (filter.trim_end(), Vec::new());
        while !rest.is_empty() {
            let start = last_word(rest);
            clauses.push(rest[start..].to_owned());
            rest = rest[..start].trim_end();
        }
        clauses.reverse();
        Self(clauses)
    }

    /// Returns whether the filter names a value, by its condition.
    #[must_use]
    pub(crate) fn names(&self, clause: &str) -> Option<Use> {
        let found = self.0.iter().find(|own| own.strip_prefix('-').unwrap_or(own) == clause)?;
        Some(if found.starts_with('-') { Use::Excluded } else { Use::Asked })
    }

    /// Returns the filter that asks for a value, or excludes it; where it does so already, the one without.
    #[must_use]
    pub(crate) fn turned(&self, clause: &str, to: Use) -> String {
        let is_it = |own: &String| own.strip_prefix('-').unwrap_or(own) == clause;
        let mut clauses = self.0.clone();
        clauses.retain(|own| !is_it(own));
        if self.names(clause) != Some(to) {
            let sign = if to == Use::Excluded { "-" } else { "" };
            clauses.push(format!("{sign}{clause}"));
        }
        clauses.join(" ")
    }

    /// Adds the values that the filter names and no row has.
    pub(super) fn add_missing(&self, facet: &mut Facet) {
        for clause in &self.0 {
            let clause = clause.strip_prefix('-').unwrap_or(clause);
            let value = value_in(&facet.kind, clause);
            let is_there = facet.values.iter().any(|value| value.clause == clause);
            if let Some(value) = value.filter(|_| !is_there) {
                facet.values.push(FacetValue { value, rows: 0, clause: clause.to_owned() });
            }
        }
    }
}

/// Returns the value that a condition asks for, if it is one of this facet.
fn value_in(kind: &FacetKind, clause: &str) -> Option<String> {
    let (_, spelled) = clause.split_once(':')?;
    let value = spelled.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map_or_else(
        || spelled.to_owned(),
        |quoted| {
            let mut escaped = false;
            let plain = |c: char| {
                let is_sign = c == '\\' && !escaped;
                let c = match c {
                    'n' if escaped => '\n',
                    'r' if escaped => '\r',
                    't' if escaped => '\t',
                    c => c,
                };
                escaped = is_sign;
                (!is_sign).then_some(c)
            };
            quoted.chars().filter_map(plain).collect()
        },
    );
    // Words such as `any` and patterns are no values, but for those that are spelled like one.
    (of(kind, &value) == clause && value != "any" && value != "last").then_some(value)
}
