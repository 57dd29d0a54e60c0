//! The rectangles of the Data view.
//!
//! ```text
//! ┌ report ──┐┌ rows ────────┐     from 100 columns up two columns; below, one of them, and the other
//! │          ││              │     as a tab of one line; zoomed, the part with the focus alone
//! │          │└──────────────┘
//! │          │┌ detail ──────┐
//! └──────────┘└──────────────┘
//! ```

use ratatui::layout::{Position, Rect, Size};

use super::{Layout, TWO_COLUMNS_FROM, inside, padded};
use crate::app::data::{DataPane, DataPart};
use crate::app::{Model, Pane};

/// The share of the report's column, in percent.
const REPORT_SHARE: u32 = 46;
/// The share of the selected row in full, in percent, and its least lines with the border.
const DETAIL_SHARE: u32 = 28;
const DETAIL_LINES: u16 = 8;

/// The rectangles of the Data view's parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DataGeometry {
    /// On a narrow screen, the line that stands in for the part that is not shown.
    pub tab: Option<Rect>,
    /// The dataset as it is, with its border.
    pub report: Option<Rect>,
    /// The rows that a classifier does not get, with their border.
    pub rows: Option<Rect>,
    /// The selected row in full, with its border.
    pub detail: Option<Rect>,
}

impl DataGeometry {
    /// Returns the rectangles on a screen of this size; all are empty where it is too small.
    #[must_use]
    pub fn new(size: Size, pane: &DataPane) -> Self {
        let Layout::Bench(bench) = Layout::new(size, Pane::Rows, true) else { return Self::default() };
        let mut all = bench.pane(Pane::Rows).unwrap_or_default();
        let mut geometry = Self::default();
        if !pane.zoomed && size.width >= TWO_COLUMNS_FROM {
            let report = super::part_of(size.width, REPORT_SHARE);
            geometry.report = Some(Rect { width: report, ..all });
            geometry.set_right(Rect { x: report, width: all.width - report, ..all });
            return geometry;
        }
        if !pane.zoomed {
            geometry.tab = Some(Rect { height: 1, ..all });
            all = Rect { y: all.y + 1, height: all.height - 1, ..all };
        }
        match pane.part {
            DataPart::Report => geometry.report = Some(all),
            DataPart::Rows => geometry.set_right(all),
        }
        geometry
    }

    fn set_right(&mut self, column: Rect) {
        let detail = super::part_of(column.height, DETAIL_SHARE).max(DETAIL_LINES);
        let (rows, detail) = super::split(column, detail);
        (self.rows, self.detail) = (Some(rows), Some(detail));
    }

    /// Returns the area of the list's lines, without its border and its heading.
    #[must_use]
    pub fn list(&self) -> Rect {
        let area = self.rows.map_or(Rect::ZERO, inside);
        Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area }
    }

    /// Returns the area of the report's text.
    #[must_use]
    pub fn report_text(&self) -> Rect {
        padded(self.report.map_or(Rect::ZERO, inside))
    }

    /// Returns whether a position lies in a part.
    #[must_use]
    pub fn is_in(part: Option<Rect>, place: Position) -> bool {
        part.is_some_and(|area| area.contains(place))
    }
}

impl Model {
    /// Returns the rectangles of the Data view's parts.
    #[must_use]
    pub fn data_geometry(&self) -> DataGeometry {
        DataGeometry::new(self.size, &self.data)
    }

    /// Returns the rectangle of the Measure view, with its border; empty where the screen is too small.
    #[must_use]
    pub fn measure_area(&self) -> Rect {
        Layout::new(self.size, Pane::Rows, true).geometry().pane(Pane::Rows).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_room_between_the_header_and_the_strip() {
        for (width, height) in [(80, 24), (99, 60), (100, 30), (160, 45), (300, 100)] {
            for part in [DataPart::Report, DataPart::Rows] {
                for zoomed in [false, true] {
                    let pane = DataPane { part, zoomed, ..DataPane::default() };
                    let all = DataGeometry::new(Size::new(width, height), &pane);
                    let parts = [all.tab, all.report, all.rows, all.detail];
                    let sum: u32 = parts.into_iter().flatten().map(Rect::area).sum();
                    assert_eq!(sum, u32::from(width) * u32::from(height - 4), "{width}×{height} {part:?}");
                    assert!(part == DataPart::Report || all.list().height >= 6, "{width}×{height}");
                }
            }
        }
    }
}
