//! The names of conditions: keys, variables, fields.

use std::collections::BTreeSet;

use crate::domain::Projection;

/// The keys that every session has.
pub(super) const KEYS: [&str; 17] = [
    "state",
    "label",
    "prompt",
    "run",
    "model",
    "provider",
    "flag",
    "rating",
    "text",
    "id",
    "tag",
    "reason",
    "is",
    "novelty",
    "number",
    "length",
    "operation",
];

/// Returns whether a name has a meaning of its own, so that a variable needs `var.` before it.
pub(in crate::curate) fn is_key(name: &str) -> bool {
    let name = name.to_lowercase();
    KEYS.contains(&name.as_str()) || name == "sort"
}

/// Returns whether a character may be part of a field's name outside of quotation marks.
pub(in crate::curate) fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// The names of a session's variables: each is a key in its filters, `topic:bank`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VariableNames(BTreeSet<String>);

impl VariableNames {
    /// Returns the variables that the versions of a session declare.
    #[must_use]
    pub fn of(projection: &Projection) -> Self {
        projection.versions().iter().flat_map(|version| version.content.variables.keys().cloned()).collect()
    }

    /// Returns the variable with a name; upper and lower case count only where that tells two apart.
    #[must_use]
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        let alike = || self.0.iter().find(|known| known.eq_ignore_ascii_case(name));
        self.0.get(name).or_else(alike).map(String::as_str)
    }

    /// Returns the names, sorted.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl FromIterator<String> for VariableNames {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        Self(names.into_iter().collect())
    }
}
