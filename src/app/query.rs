//! Which rows are shown, and in which order.
//!
//! A stand-in until `curate` has the language of filters.

use crate::domain::{Projection, RowView, StateKind};

/// Which rows match.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter(Option<StateKind>);

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" => Ok(Self(None)),
            text => {
                let name = text.strip_prefix("state:").unwrap_or_default();
                let kind = StateKind::ALL.into_iter().find(|kind| kind.name() == name);
                kind.map(|kind| Self(Some(kind))).ok_or_else(|| format!("`{text}` is no filter."))
            }
        }
    }

    /// Returns whether a row matches.
    #[must_use]
    pub fn matches(&self, row: &RowView<'_>) -> bool {
        self.0.is_none_or(|kind| row.state().kind() == kind)
    }
}

/// An order of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// As they came.
    #[default]
    Arrival,
}

impl Sort {
    /// Returns the order's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        "arrival"
    }

    /// Returns the order with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        (name == "arrival").then_some(Self::Arrival)
    }
}

/// Returns the numbers of the rows that match, in order.
#[must_use]
pub fn view(projection: &Projection, filter: &Filter, _sort: Sort) -> Vec<u32> {
    projection.rows().filter(|row| filter.matches(row)).map(|row| row.number().0).collect()
}

/// Returns the names of all orders for a sentence.
#[must_use]
pub fn sort_names() -> String {
    "arrival".to_owned()
}

/// Returns what a filter may be made of, for a person to choose from.
#[must_use]
pub fn suggestions() -> Vec<String> {
    StateKind::ALL.iter().map(|kind| format!("state:{}", kind.name())).collect()
}
