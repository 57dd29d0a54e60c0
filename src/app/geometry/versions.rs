//! The rectangles of the Versions view.
//!
//! ```text
//! ┌ tree ────┐┌ version ─────┐     from 140 columns up side by side; below, one under the other;
//! │          ││              │     zoomed, the part with the focus alone
//! └──────────┘└──────────────┘
//! ```

use ratatui::layout::{Position, Rect, Size};

use super::{Layout, inside, padded};
use crate::app::versions::{VersionsPane, VersionsPart};
use crate::app::{Model, Pane};

/// From this many columns on both parts stand side by side.
const SIDE_BY_SIDE_FROM: u16 = 140;
/// The share of the tree, in percent: of the columns, and of the lines where it stands above.
const TREE_COLUMNS: u32 = 57;
const TREE_LINES: u32 = 42;
/// The least lines of the tree, with its border and its heading.
const LEAST_LINES: u16 = 8;

/// The rectangles of the Versions view's parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VersionsGeometry {
    /// The tree, with its border.
    pub tree: Option<Rect>,
    /// The selected version, with its border.
    pub detail: Option<Rect>,
}

impl VersionsGeometry {
    /// Returns the rectangles on a screen of this size; all are empty where it is too small.
    #[must_use]
    pub fn new(size: Size, pane: &VersionsPane) -> Self {
        let Layout::Bench(bench) = Layout::new(size, Pane::Rows, true) else { return Self::default() };
        let all = bench.pane(Pane::Rows).unwrap_or_default();
        match pane.part {
            VersionsPart::Tree if pane.zoomed => Self { tree: Some(all), detail: None },
            VersionsPart::Detail if pane.zoomed => Self { tree: None, detail: Some(all) },
            _ if size.width >= SIDE_BY_SIDE_FROM => {
                let tree = super::part_of(all.width, TREE_COLUMNS);
                let right = Rect { x: all.x + tree, width: all.width - tree, ..all };
                Self { tree: Some(Rect { width: tree, ..all }), detail: Some(right) }
            }
            _ => {
                let tree = super::part_of(all.height, TREE_LINES).max(LEAST_LINES).min(all.height);
                let below = Rect { y: all.y + tree, height: all.height - tree, ..all };
                Self { tree: Some(Rect { height: tree, ..all }), detail: Some(below) }
            }
        }
    }

    /// Returns the area of the tree's lines, without its border and its heading.
    #[must_use]
    pub fn list(&self) -> Rect {
        let area = self.tree.map_or(Rect::ZERO, inside);
        Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area }
    }

    /// Returns the area of the selected version's text.
    #[must_use]
    pub fn text(&self) -> Rect {
        padded(self.detail.map_or(Rect::ZERO, inside))
    }

    /// Returns the part at a position.
    #[must_use]
    pub fn part_at(&self, place: Position) -> Option<VersionsPart> {
        let is_in = |part: Option<Rect>| part.is_some_and(|area| area.contains(place));
        let tree = is_in(self.tree).then_some(VersionsPart::Tree);
        tree.or_else(|| is_in(self.detail).then_some(VersionsPart::Detail))
    }
}

impl Model {
    /// Returns the rectangles of the Versions view's parts.
    #[must_use]
    pub fn versions_geometry(&self) -> VersionsGeometry {
        VersionsGeometry::new(self.size, &self.versions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_room_between_the_header_and_the_strip() {
        for (width, height) in [(80, 24), (99, 60), (100, 30), (139, 40), (140, 24), (160, 45), (300, 100)] {
            for part in [VersionsPart::Tree, VersionsPart::Detail] {
                for zoomed in [false, true] {
                    let pane = VersionsPane { part, zoomed, ..VersionsPane::default() };
                    let all = VersionsGeometry::new(Size::new(width, height), &pane);
                    let sum: u32 = [all.tree, all.detail].into_iter().flatten().map(Rect::area).sum();
                    assert_eq!(sum, u32::from(width) * u32::from(height - 4), "{width}×{height} {part:?}");
                    assert!(all.tree.is_none() || all.list().height >= 5, "{width}×{height}");
                    assert!(all.detail.is_none() || all.text().height >= 9, "{width}×{height}");
                }
            }
        }
    }
}
