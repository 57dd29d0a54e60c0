//! The rectangles of the Compare view.
//!
//! ```text
//! a comparison goes on                      none does
//! ┌ left ────┐┌ right ───┐                  ┌ form ────┐┌ result ──┐     below 100 columns the form or the
//! │          ││          │                  │          ││          │     result, and a tab of one line for
//! └──────────┘└──────────┘                  └──────────┘└──────────┘     the other
//! ┌ pair ────────────────┐     below 100 columns the rows stand one under the other
//! └──────────────────────┘
//! ```

use ratatui::layout::{Rect, Size};

use super::{Layout, TWO_COLUMNS_FROM, inside, padded};
use crate::app::compare::{ComparePart, comparison};
use crate::app::{Model, Pane};

/// The columns of the form beside the result, at least.
const FORM_COLUMNS: u16 = 52;
/// The lines of what is known of the pair and the comparison, with their border.
const PAIR_LINES: u16 = 7;

/// The rectangles of the Compare view's parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CompareGeometry {
    /// On a narrow screen, the line that stands in for the part that is not shown.
    pub tab: Option<Rect>,
    /// The form, with its border.
    pub form: Option<Rect>,
    /// What came of the comparisons, with its border.
    pub result: Option<Rect>,
    /// The left row, with its border.
    pub left: Option<Rect>,
    /// The right row, with its border.
    pub right: Option<Rect>,
    /// What is known of the pair and the comparison, with its border.
    pub pair: Option<Rect>,
}

impl CompareGeometry {
    /// Returns the rectangles while a comparison goes on; all are empty where the screen is too small.
    #[must_use]
    pub fn of_pair(size: Size) -> Self {
        let all = area(size);
        if all.is_empty() {
            return Self::default();
        }
        let (rows, pair) = super::split(all, PAIR_LINES.min(all.height));
        let (left, right) = if size.width >= TWO_COLUMNS_FROM {
            let half = rows.width / 2;
            (Rect { width: half, ..rows }, Rect { x: rows.x + half, width: rows.width - half, ..rows })
        } else {
            super::split(rows, rows.height / 2)
        };
        Self { left: Some(left), right: Some(right), pair: Some(pair), ..Self::default() }
    }

    /// Returns the rectangles while no comparison goes on; all are empty where the screen is too small.
    #[must_use]
    pub fn of_form(size: Size, part: ComparePart) -> Self {
        let all = area(size);
        if all.is_empty() {
            return Self::default();
        }
        if size.width >= TWO_COLUMNS_FROM {
            let form = super::part_of(size.width, 40).max(FORM_COLUMNS);
            let result = Rect { x: all.x + form, width: all.width - form, ..all };
            return Self { form: Some(Rect { width: form, ..all }), result: Some(result), ..Self::default() };
        }
        let rest = Rect { y: all.y + 1, height: all.height - 1, ..all };
        let is_form = part != ComparePart::Result;
        Self {
            tab: Some(Rect { height: 1, ..all }),
            form: is_form.then_some(rest),
            result: (!is_form).then_some(rest),
            ..Self::default()
        }
    }

    /// Returns the area of the form's lines.
    #[must_use]
    pub fn lines(&self) -> Rect {
        padded(self.form.map_or(Rect::ZERO, inside))
    }

    /// Returns the area of the text that is scrolled: the result, or the left row.
    #[must_use]
    pub fn text(&self) -> Rect {
        padded(self.result.or(self.left).map_or(Rect::ZERO, inside))
    }
}

fn area(size: Size) -> Rect {
    match Layout::new(size, Pane::Rows, true) {
        Layout::Bench(bench) => bench.pane(Pane::Rows).unwrap_or_default(),
        Layout::TooSmall => Rect::ZERO,
    }
}

impl Model {
    /// Returns the rectangles of the Compare view's parts.
    #[must_use]
    pub fn compare_geometry(&self) -> CompareGeometry {
        match comparison(self.shown()) {
            Some(_) => CompareGeometry::of_pair(self.size),
            None => CompareGeometry::of_form(self.size, self.compare.part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_room_between_the_header_and_the_strip() {
        for (width, height) in [(80, 24), (99, 60), (100, 30), (160, 45), (300, 100)] {
            let size = Size::new(width, height);
            for all in [
                CompareGeometry::of_pair(size),
                CompareGeometry::of_form(size, ComparePart::Form),
                CompareGeometry::of_form(size, ComparePart::Result),
            ] {
                let parts = [all.tab, all.form, all.result, all.left, all.right, all.pair];
                let sum: u32 = parts.into_iter().flatten().map(Rect::area).sum();
                assert_eq!(sum, u32::from(width) * u32::from(height - 4), "{width}×{height}");
            }
        }
        assert_eq!(CompareGeometry::of_pair(Size::new(79, 24)), CompareGeometry::default());
    }

    #[test]
    fn the_smallest_screen_shows_at_least_three_lines_of_each_row() {
        let all = CompareGeometry::of_pair(Size::new(80, 24));
        let lines = |part: Option<Rect>| inside(part.unwrap()).height;
        assert!(lines(all.left) >= 3 && lines(all.right) >= 3, "{all:?}");
    }
}
