//! The window of rows that are equal or nearly equal, one group at a time.

use super::message::Ask;
pub(crate) use crate::curate::duplicates::{Group, best_of, no_group};
use crate::domain::RowNumber;

/// The groups of rows that are equal or nearly equal.
#[derive(Debug, Clone)]
pub struct DuplicatesWindow {
    /// The groups as they were when the window was opened, once they have been found.
    pub groups: Option<Vec<Group>>,
    /// The place of the group that is shown.
    pub group: usize,
    /// The place of the selected row in its group.
    pub selected: usize,
    /// Lines scrolled down.
    pub scroll: usize,
    /// Whether the rows on the bench are filtered; the groups are not.
    pub is_filtered: bool,
    pub(super) ask: Ask,
}

impl DuplicatesWindow {
    /// Returns a window whose groups are looked for.
    pub(super) const fn new(ask: Ask, is_filtered: bool) -> Self {
        Self { groups: None, group: 0, selected: 0, scroll: 0, is_filtered, ask }
    }

    /// Shows the group of a row, where it has one.
    pub(super) fn show_group_of(&mut self, row: RowNumber) {
        let groups = self.groups.iter().flatten();
        if let Some(place) = groups.zip(0..).find_map(|(group, at)| group.contains(&row).then_some(at)) {
            self.group = place;
            self.selected = self.rows().iter().position(|known| *known == row).unwrap_or(0);
            self.scroll = 0;
        }
    }

    /// Returns the rows of the group that is shown; none before one was found.
    #[must_use]
    pub fn rows(&self) -> &[RowNumber] {
        self.groups.as_ref().and_then(|groups| groups.get(self.group)).map_or(&[], Vec::as_slice)
    }

    /// Returns the selected row.
    #[must_use]
    pub fn row(&self) -> Option<RowNumber> {
        self.rows().get(self.selected).copied()
    }
}
