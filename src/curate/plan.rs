//! Plans: which combination of variables gets how many of the next rows.
//!
//! ```text
//! variables ─► Space      every combination that the conditions allow, with its share
//! rows so far, mode, n ─► quotas     random: none · grid: shares, largest remainder · balanced: the emptiest first
//! quotas ─► QuotaBook     which combination the next request is for, until all have their rows
//! ```
//!
//! A plan says how many requests it takes before any is made: a list of values never multiplies them unsaid.

mod book;
mod draw;
mod quotas;
mod space;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use book::QuotaBook;
pub(crate) use draw::{draw, draw_apart};
pub(crate) use quotas::quotas;
pub(crate) use space::Space;
pub(crate) use table::{PlanInputs, PlanLine, PlanTable, next_seed};

/// The most combinations that a plan spreads rows over.
pub(crate) const MOST_COMBINATIONS: usize = 4096;

/// Why rows cannot be planned, as a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlanFault {
    /// There are too many combinations to give each its rows.
    #[error(
        "These variables have more than {MOST_COMBINATIONS} combinations; set some with `--set NAME=VALUE`, or sample \
         with the plan `random`."
    )]
    TooMany,
    /// A variable was set that is not there.
    #[error("There is no variable `{name}`; {known}")]
    NoVariable {
        /// What was asked for.
        name: String,
        /// The variables there are, as a sentence.
        known: String,
    },
    /// A variable was set to what it never is.
    #[error("`{name}` is never `{value}`; it may be {known}.")]
    NoValue {
        /// The variable.
        name: String,
        /// What was asked for.
        value: String,
        /// Its values, for the sentence.
        known: String,
    },
    /// The conditions allow nothing of what was set.
    #[error("The conditions of the variables (`when`) allow no combination with {0}.")]
    Nothing(String),
}
