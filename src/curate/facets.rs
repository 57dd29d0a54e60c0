//! Facets: how many of the rows that a filter matches have each state, flag, tag and so on.
//!
//! ```text
//! rows that match ──► a tally for each core ──► one ──► Facet: state    pending 128, accepted 61, …
//!                                                       Facet: flag     duplicate 9, …
//! ```
//!
//! All counts are of the rows that match the whole filter, so that they say what choosing a value leaves. A value that
//! the filter names stands among the others even where no row has it: it can be taken out again there.

mod clause;
mod tally;

use std::fmt;

pub(crate) use clause::{Clauses, Use};

use crate::curate::Filter;
use crate::domain::{Projection, StateKind};
use tally::Tally;

/// What a facet counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FacetKind {
    /// States.
    State,
    /// Flags.
    Flag,
    /// Labels.
    Label,
    /// Tags.
    Tag,
    /// Reasons of rejected and skipped rows.
    Reason,
    /// Versions.
    Version,
    /// Runs.
    Run,
    /// The values of a variable.
    Variable(String),
}

impl FacetKind {
    /// Returns what it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::State => "state",
            Self::Flag => "flag",
            Self::Label => "label",
            Self::Tag => "tag",
            Self::Reason => "reason",
            Self::Version => "version",
            Self::Run => "run",
            Self::Variable(name) => name,
        }
    }
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value, as a filter has it: `pending`, `v3`, `12`.
    pub value: String,
    /// How many rows have it.
    pub rows: u64,
    /// The condition of a filter that asks for it: `state:pending`.
    pub clause: String,
}

/// The values of one property, the most frequent first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The property.
    pub kind: FacetKind,
    /// Its values.
    pub values: Vec<FacetValue>,
}

/// The facets of the rows that a filter matches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// How many rows match.
    pub rows: u64,
    /// Whether the rows of a blind trial are left out where a value would tell their side.
    pub blind: bool,
    /// The facets that have a value.
    pub all: Vec<Facet>,
}

/// Counts the facets of the rows that a filter matches, on all cores.
#[must_use]
pub(crate) fn facets(projection: &Projection, filter: &Filter) -> Facets {
    let tally = Tally::of(projection, filter);
    let names = VersionNames::of(projection);
    let of_versions = tally
        .versions(projection)
        .into_iter()
        .map(|((name, number), rows)| (names.of_version(&name, number), rows));
    let mut all = vec![
        facet(FacetKind::State, states(&tally)),
        facet(FacetKind::Flag, tally.flags()),
        facet(FacetKind::Label, tally.labels(projection)),
        facet(FacetKind::Version, of_versions.collect()),
        facet(FacetKind::Run, tally.runs(projection)),
    ];
    let variables = tally.variables(projection).into_iter();
    all.extend(variables.map(|(name, values)| facet(FacetKind::Variable(name), values)));
    all.push(facet(FacetKind::Tag, owned(&tally.tags)));
    all.push(facet(FacetKind::Reason, owned(&tally.reasons)));
    let clauses = Clauses::of(filter);
    all.iter_mut().for_each(|facet| clauses.add_missing(facet));
    all.retain(|facet| !facet.values.is_empty());
    Facets { rows: tally.rows, blind: projection.is_blind(), all }
}

fn states(tally: &Tally<'_>) -> Vec<(String, u64)> {
    let states = StateKind::ALL.into_iter().zip(tally.states);
    states.map(|(state, rows)| (state.name().to_owned(), rows)).collect()
}

fn owned<'a>(counts: impl IntoIterator<Item = (&'a &'a str, &'a u64)>) -> Vec<(String, u64)> {
    counts.into_iter().map(|(value, rows)| ((*value).to_owned(), *rows)).collect()
}

fn facet(kind: FacetKind, counts: Vec<(String, u64)>) -> Facet {
    let counts = counts.into_iter().filter(|(_, rows)| *rows > 0);
    let values = counts.map(|(value, rows)| FacetValue { clause: clause::of(&kind, &value), value, rows });
    let mut values: Vec<_> = values.collect();
    // Runs have numbers for names: the later one of two is the one that is looked for.
    let later = |value: &FacetValue| std::cmp::Reverse(value.value.parse::<u64>().unwrap_or_default());
    values.sort_by(|a, b| {
        b.rows.cmp(&a.rows).then_with(|| later(a).cmp(&later(b))).then_with(|| a.value.cmp(&b.value))
    });
    Facet { kind, values }
}

/// How versions are called: by their number alone where the session has one prompt.
struct VersionNames {
    one: bool,
}

impl VersionNames {
    fn of(projection: &Projection) -> Self {
        let own = projection.versions().iter().map(|version| version.name.as_str());
        let imported = projection.origins().iter().filter(|origin| origin.version.is_some());
        let mut names: Vec<_> =
            own.map(Some).chain(imported.map(|origin| origin.prompt.as_deref())).collect();
        names.sort_unstable();
        names.dedup();
        Self { one: names.len() == 1 }
    }

    fn of_version(&self, name: &str, number: impl fmt::Display) -> String {
        if self.one { format!("v{number}") } else { format!("{name}@v{number}") }
    }
}

#[cfg(test)]
mod tests;
