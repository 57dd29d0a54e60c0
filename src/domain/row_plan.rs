//! The plan of a run's rows: which combination of variables gets how many.
//!
//! ```text
//! PlanOrder   what a person wants: how rows are spread, and which variables have one value
//!     └──► RowPlan   what stands in the run: the rows of each combination, by its place among all
//! ```
//!
//! Where nothing is wanted, each request draws its own values and a run has no plan.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How the rows of a run are spread over the combinations of variables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanMode {
    /// Each request draws its values.
    #[default]
    Random,
    /// First the combinations without rows, then those with the fewest for their weight.
    Balanced,
    /// Every combination, as many rows as its weight says.
    Grid,
}

impl PlanMode {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Random, Self::Balanced, Self::Grid];

    /// Returns its name, as the command line and JSON spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Balanced => "balanced",
            Self::Grid => "grid",
        }
    }

    /// Returns the mode with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// How a person wants the rows of a run to be spread.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanOrder {
    /// How rows are spread over the combinations.
    #[serde(default)]
    pub mode: PlanMode,
    /// The variables that have one value in all rows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,
}

impl PlanOrder {
    /// Returns whether each request draws all its values.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// The plan that a run goes by, also when it is resumed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowPlan {
    /// What it was made for.
    #[serde(flatten)]
    pub order: PlanOrder,
    /// Ranges of combinations: the place of the first, how many there are, and the rows of each. Empty where each
    /// request draws its values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<[u32; 3]>,
}

impl RowPlan {
    /// Returns the plan of these rows, one number for each combination.
    #[must_use]
    pub fn new(order: PlanOrder, quotas: &[u32]) -> Self {
        let mut ranges: Vec<[u32; 3]> = Vec::new();
        for (place, rows) in (0..).zip(quotas).filter(|(_, rows)| **rows > 0) {
            match ranges.last_mut() {
                Some([first, count, of_each]) if *of_each == *rows && *first + *count == place => *count += 1,
                _ => ranges.push([place, 1, *rows]),
            }
        }
        Self { order, ranges }
    }

    /// Returns the rows of each of so many combinations.
    #[must_use]
    pub fn quotas(&self, combinations: usize) -> Vec<u32> {
        let mut quotas = vec![0; combinations];
        for [first, count, rows] in &self.ranges {
            let places = quotas.iter_mut().skip(*first as usize).take(*count as usize);
            places.for_each(|quota| *quota = *rows);
        }
        quotas
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_neighbours_are_written_together_and_read_back() {
        let quotas = [4, 4, 4, 0, 0, 2, 3, 3];
        let plan = RowPlan::new(PlanOrder { mode: PlanMode::Grid, ..PlanOrder::default() }, &quotas);
        assert_eq!(plan.ranges, [[0, 3, 4], [5, 1, 2], [6, 2, 3]]);
        assert_eq!(plan.quotas(8), quotas);
        let written = serde_json::to_string(&plan).unwrap();
        assert_eq!(written, r#"{"mode":"grid","ranges":[[0,3,4],[5,1,2],[6,2,3]]}"#);
        assert_eq!(serde_json::from_str::<RowPlan>(&written).unwrap(), plan);
    }

    #[test]
    fn names_read_back() {
        assert!(PlanMode::ALL.into_iter().all(|mode| PlanMode::from_name(mode.name()) == Some(mode)));
        assert_eq!(PlanMode::from_name("full"), None);
    }
}
