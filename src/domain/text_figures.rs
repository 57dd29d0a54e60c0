//! Figures of the scoreboard that need the texts of all rows.

use std::collections::BTreeMap;

use super::VersionId;

/// What the texts of one line of the scoreboard come to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct OfLine {
    /// Rows that are the same as, or nearly the same as, another row of the line.
    pub near_duplicates: u32,
    /// The share of different word pairs among all word pairs of its rows, 0 to 1.
    pub distinct_2: f64,
}

/// What the texts of each line come to, by version, provider and model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TextFigures {
    /// The lines.
    pub lines: BTreeMap<(VersionId, String, Option<String>), OfLine>,
}

impl TextFigures {
    /// Returns the figures of a line.
    #[must_use]
    pub fn of(&self, version: VersionId, provider: &str, model: Option<&str>) -> Option<OfLine> {
        self.lines.get(&(version, provider.to_owned(), model.map(str::to_owned))).copied()
    }
}
