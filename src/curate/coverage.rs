//! The coverage map: how many rows each pair of values of two variables has.
//!
//! ```text
//!            calm     rude     (empty)
//! prize      12       ·        –            12 rows are accepted or pending, · is a hole, – cannot be
//! bank       3        1
//! ```
//!
//! A row counts by the values that its request had, whatever version it came from; rows without variables, such as
//! those of the offline generator, are counted apart. Rows of a blind trial that goes on count nowhere: where they are
//! would tell their side.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::plan::Space;
use crate::domain::{Projection, RowState, RowView, Variables};

/// The rows of one pair of values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CoverageCell {
    /// Accepted rows.
    pub accepted: u32,
    /// Rows that nobody has decided.
    pub pending: u32,
    /// Rows that were rejected.
    pub rejected: u32,
    /// Rows that the next run's plan gives it.
    pub planned: u32,
    /// Whether the conditions allow it.
    pub is_possible: bool,
}

impl CoverageCell {
    /// Returns the rows that are kept or may be.
    #[must_use]
    pub(crate) const fn have(self) -> u32 {
        self.accepted + self.pending
    }

    /// Returns whether it could have rows and has none.
    #[must_use]
    pub(crate) const fn is_hole(self) -> bool {
        self.is_possible && self.have() == 0
    }
}

/// The rows of all pairs of values of two variables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CoverageMap {
    /// The variable of the lines.
    pub down: String,
    /// The variable of the columns; `None` where there is only one variable.
    pub across: Option<String>,
    /// The values of the lines.
    pub lines: Vec<String>,
    /// The values of the columns.
    pub columns: Vec<String>,
    /// The cells, one line after the other.
    pub cells: Vec<CoverageCell>,
    /// Rows of the label that have other values, or none.
    pub elsewhere: u32,
}

impl CoverageMap {
    /// Counts the rows of a label by the values of two variables.
    #[must_use]
    pub(crate) fn count(
        projection: &Projection,
        label: &str,
        variables: &Variables,
        (down, across): (&str, Option<&str>),
    ) -> Self {
        let empty = Vec::new();
        let values = |name: &str| variables.values.get(name).unwrap_or(&empty).clone();
        let mut map = Self {
            down: down.to_owned(),
            across: across.map(str::to_owned),
            lines: values(down),
            columns: across.map_or_else(|| vec![String::new()], values),
            ..Self::default()
        };
        // What the other variables are makes no difference to these two.
        let needed = variables.needed_by(std::iter::once(down).chain(across));
        let space = Space::of(&needed, &BTreeMap::new()).ok();
        let can_be_empty = |name: &str| {
            let has_rule = variables.rules.contains_key(name);
            let mut combinations = space.iter().flat_map(|space| &space.combinations);
            has_rule
                && (space.is_none() || combinations.any(|all| all.get(name).is_some_and(String::is_empty)))
        };
        if can_be_empty(down) {
            map.lines.push(String::new());
        }
        if across.is_some_and(can_be_empty) {
            map.columns.push(String::new());
        }
        map.cells = vec![
            CoverageCell { is_possible: space.is_none(), ..CoverageCell::default() };
            map.lines.len() * map.columns.len()
        ];
        for combination in space.iter().flat_map(|space| &space.combinations) {
            if let Some(cell) = map.cell_of(combination) {
                cell.is_possible = true;
            }
        }
        let counts =
            |row: &RowView<'_>| row.original_label() == label && row.import().is_none() && !row.is_hidden();
        for row in projection.rows().filter(counts) {
            map.add(&row);
        }
        map
    }

    fn add(&mut self, row: &RowView<'_>) {
        let values = row.request().map(|request| Arc::clone(&request.variables));
        let cell = values.filter(|values| !values.is_empty()).and_then(|values| self.cell_of(&values));
        match (cell, row.state()) {
            (Some(cell), RowState::Accepted { .. }) => cell.accepted += 1,
            (Some(cell), RowState::Pending) => cell.pending += 1,
            (Some(cell), RowState::Rejected) => cell.rejected += 1,
            (None, RowState::Accepted { .. } | RowState::Pending) => self.elsewhere += 1,
            _ => {}
        }
    }

    /// Adds the rows of a plan.
    pub(crate) fn plan<'a>(&mut self, planned: impl Iterator<Item = (&'a BTreeMap<String, String>, u32)>) {
        for (values, rows) in planned {
            if let Some(cell) = self.cell_of(values) {
                cell.planned += rows;
            }
        }
    }

    /// Returns the cell of a line and a column.
    #[must_use]
    pub(crate) fn cell(&self, line: usize, column: usize) -> CoverageCell {
        let place = (column < self.columns.len()).then(|| line * self.columns.len() + column);
        place.and_then(|place| self.cells.get(place)).copied().unwrap_or_default()
    }

    /// Returns how many pairs could have rows and have none.
    #[must_use]
    pub(crate) fn holes(&self) -> usize {
        self.cells.iter().filter(|cell| cell.is_hole()).count()
    }

    /// Returns the values that a cell stands for, by variable.
    #[must_use]
    pub(crate) fn values_of(&self, line: usize, column: usize) -> BTreeMap<String, String> {
        let down = self.lines.get(line).map(|value| (self.down.clone(), value.clone()));
        let across = self.across.as_ref().zip(self.columns.get(column));
        down.into_iter().chain(across.map(|(name, value)| (name.clone(), value.clone()))).collect()
    }

    fn cell_of(&mut self, values: &BTreeMap<String, String>) -> Option<&mut CoverageCell> {
        let value = |name: &str| values.get(name).map_or("", String::as_str);
        let line = self.lines.iter().position(|line| line == value(&self.down))?;
        let column = match &self.across {
            Some(across) => self.columns.iter().position(|column| column == value(across))?,
            None => 0,
        };
        self.cells.get_mut(line * self.columns.len() + column)
    }
}

/// Returns how many rows of a label are accepted or pending, by combination; rows whose side is hidden do not count.
#[must_use]
pub(crate) fn rows_so_far(
    projection: &Projection,
    label: &str,
    combinations: &[BTreeMap<String, String>],
) -> Vec<u32> {
    let mut places: BTreeMap<&BTreeMap<String, String>, usize> = BTreeMap::new();
    combinations.iter().enumerate().for_each(|(place, combination)| {
        places.insert(combination, place);
    });
    let mut have = vec![0; combinations.len()];
    let Some(first) = combinations.first() else { return have };
    let is_kept = |state: RowState| matches!(state, RowState::Accepted { .. } | RowState::Pending);
    let counts =
        |row: &RowView<'_>| row.original_label() == label && is_kept(row.state()) && !row.is_hidden();
    for request in projection.rows().filter(counts).filter_map(|row| row.request()) {
        if request.variables.is_empty() {
            continue;
        }
        let of = |name: &String| (name.clone(), request.variables.get(name).cloned().unwrap_or_default());
        let values: BTreeMap<String, String> = first.keys().map(of).collect();
        if let Some(place) = places.get(&values) {
            have[*place] += 1;
        }
    }
    have
}

#[cfg(test)]
mod tests;
