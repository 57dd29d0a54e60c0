//! The geometry of the Coverage view: which cells are in sight, and where.

use ratatui::layout::{Position, Rect};

use super::{inside, padded};
use crate::app::Model;
use crate::app::coverage::CoverageMap;
use crate::text::width;

/// The columns of a cell, with the blank before the next one.
pub(crate) const CELL: u16 = 16;
/// The most columns of the values before the cells.
const HEADS: u16 = 28;
/// Lines above the cells: the names of the values.
const ABOVE: u16 = 2;
/// Lines below the cells: the selected one, the plan, and what the signs mean.
const BELOW: u16 = 6;

/// Where the cells of the map lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CoverageGeometry {
    /// The content of the pane.
    pub(crate) content: Rect,
    /// The columns of the values before the cells.
    pub(crate) heads: u16,
    /// The first line in sight, and how many are.
    pub(crate) lines: (usize, usize),
    /// The first column in sight, and how many are.
    pub(crate) columns: (usize, usize),
}

impl CoverageGeometry {
    /// Lays out a map so that the selected cell is in sight.
    pub(crate) fn new(pane: Rect, map: &CoverageMap, (line, column): (usize, usize)) -> Self {
        let content = padded(inside(pane));
        let widest = map.lines.iter().map(|line| width(line)).max().unwrap_or(0).max(width(&map.down) + 2);
        let heads =
            u16::try_from(widest).unwrap_or(HEADS).clamp(6, HEADS.min((content.width / 3).max(6))) + 2;
        let fit = |room: u16, size: u16, count: usize| usize::from((room / size).max(1)).min(count.max(1));
        let seen = fit(content.height.saturating_sub(ABOVE + BELOW), 1, map.lines.len());
        let wide = fit(content.width.saturating_sub(heads), CELL, map.columns.len());
        let first = |at: usize, seen: usize| (at + 1).saturating_sub(seen);
        Self { content, heads, lines: (first(line, seen), seen), columns: (first(column, wide), wide) }
    }

    /// Returns the place of a cell in sight.
    pub(crate) fn cell(&self, line: usize, column: usize) -> Rect {
        let offset = |at: usize, first: usize| u16::try_from(at.saturating_sub(first)).unwrap_or(u16::MAX);
        let x = self.content.x + self.heads + offset(column, self.columns.0).saturating_mul(CELL);
        let y = self.content.y + ABOVE + offset(line, self.lines.0);
        let room = self.content.right().saturating_sub(x);
        Rect { x, y, width: (CELL - 1).min(room), height: 1 }
    }

    /// Returns the line below the last cell.
    pub(crate) fn below(&self) -> u16 {
        self.content.y + ABOVE + u16::try_from(self.lines.1).unwrap_or(u16::MAX) + 1
    }

    /// Returns the cell at a place of the screen.
    pub(crate) fn at(&self, place: Position) -> Option<(usize, usize)> {
        let lines = (self.lines.0..).take(self.lines.1);
        let mut cells =
            lines.flat_map(|line| (self.columns.0..).take(self.columns.1).map(move |at| (line, at)));
        cells.find(|(line, column)| self.cell(*line, *column).contains(place))
    }
}

impl Model {
    /// Returns where the cells of the map lie.
    pub(crate) fn coverage_geometry(&self, map: &CoverageMap) -> CoverageGeometry {
        CoverageGeometry::new(self.measure_area(), map, (self.coverage.line, self.coverage.column))
    }
}
