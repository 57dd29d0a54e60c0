//! The rectangles of the Export view.
//!
//! ```text
//! ┌ form ────┐┌ written ─────┐     from 100 columns up two columns; below, the form or what it would
//! │          │└──────────────┘     write, and the other as a tab of one line; zoomed, the part with
//! │          │┌ preview ─────┐     the focus alone
//! │          │└──────────────┘
//! │          │┌ command ─────┐
//! └──────────┘└──────────────┘
//! ```

use ratatui::layout::{Position, Rect, Size};

use super::{Layout, TWO_COLUMNS_FROM, inside, padded};
use crate::app::export::ExportPart;
use crate::app::{ExportPane, Model, Pane};

/// The columns of the form beside the rest, at least.
const FORM_COLUMNS: u16 = 46;
/// The columns before the first lines, for their numbers.
pub(crate) const GUTTER: u16 = 3;
/// The lines of what is written, and of the command, with their borders.
const WRITTEN_LINES: u16 = 8;
const COMMAND_LINES: u16 = 5;

/// The rectangles of the Export view's parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportGeometry {
    /// On a narrow screen, the line that stands in for the part that is not shown.
    pub tab: Option<Rect>,
    /// The form, with its border.
    pub form: Option<Rect>,
    /// What is written and what is withheld, with its border.
    pub written: Option<Rect>,
    /// The first lines, with their border.
    pub preview: Option<Rect>,
    /// The command, with its border.
    pub command: Option<Rect>,
}

impl ExportGeometry {
    /// Returns the rectangles on a screen of this size; all are empty where it is too small.
    #[must_use]
    pub fn new(size: Size, pane: &ExportPane) -> Self {
        let Layout::Bench(bench) = Layout::new(size, Pane::Rows, true) else { return Self::default() };
        let mut all = bench.pane(Pane::Rows).unwrap_or_default();
        let is_form = pane.part != ExportPart::Preview;
        let mut geometry = Self::default();
        if pane.zoomed {
            let part = if is_form { &mut geometry.form } else { &mut geometry.preview };
            *part = Some(all);
        } else if size.width >= TWO_COLUMNS_FROM {
            let form = super::part_of(size.width, 40).max(FORM_COLUMNS);
            geometry.form = Some(Rect { width: form, ..all });
            geometry.set_right(Rect { x: form, width: all.width - form, ..all });
        } else {
            geometry.tab = Some(Rect { height: 1, ..all });
            all = Rect { y: all.y + 1, height: all.height - 1, ..all };
            if is_form { geometry.form = Some(all) } else { geometry.set_right(all) }
        }
        geometry
    }

    fn set_right(&mut self, column: Rect) {
        let (above, rest) = super::split(column, column.height.saturating_sub(WRITTEN_LINES));
        let (preview, command) = super::split(rest, COMMAND_LINES);
        (self.written, self.preview, self.command) = (Some(above), Some(preview), Some(command));
    }

    /// Returns the area of the form's lines.
    #[must_use]
    pub fn lines(&self) -> Rect {
        padded(self.form.map_or(Rect::ZERO, inside))
    }

    /// Returns the area of the preview's text.
    #[must_use]
    pub fn preview_text(&self) -> Rect {
        padded(self.preview.map_or(Rect::ZERO, inside))
    }

    /// Returns whether a position lies in a part.
    #[must_use]
    pub fn is_in(part: Option<Rect>, place: Position) -> bool {
        part.is_some_and(|area| area.contains(place))
    }
}

impl Model {
    /// Returns the rectangles of the Export view's parts.
    #[must_use]
    pub fn export_geometry(&self) -> ExportGeometry {
        ExportGeometry::new(self.size, &self.export)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::export::{ExportField, ExportForm, FormLine};

    fn geometry(width: u16, height: u16, part: ExportPart, zoomed: bool) -> ExportGeometry {
        let pane = ExportPane { part, zoomed, ..ExportPane::new(ExportForm::new("x")) };
        ExportGeometry::new(Size::new(width, height), &pane)
    }

    #[test]
    fn the_parts_fill_the_room_between_the_header_and_the_strip() {
        for (width, height) in [(80, 24), (99, 60), (100, 30), (160, 45), (300, 100)] {
            for part in [ExportPart::Form, ExportPart::Typing, ExportPart::Preview] {
                for zoomed in [false, true] {
                    let all = geometry(width, height, part, zoomed);
                    let parts = [all.tab, all.form, all.written, all.preview, all.command];
                    let sum: u32 = parts.into_iter().flatten().map(ratatui::layout::Rect::area).sum();
                    assert_eq!(sum, u32::from(width) * u32::from(height - 4), "{width}×{height} {part:?}");
                }
            }
        }
    }

    #[test]
    fn the_smallest_screen_shows_every_line_of_the_form_and_what_explains_it() {
        let all = geometry(80, 24, ExportPart::Form, false);
        let mut form = ExportForm::new("x");
        for field in ExportField::ALL {
            form.selected = field;
            let lines = form.lines_in(all.lines().as_size(), &[]);
            let fields = lines.iter().filter(|line| matches!(line, FormLine::Field(_))).count();
            let about = lines.iter().filter(|line| matches!(line, FormLine::About(_))).count();
            assert_eq!((fields, about > 0), (ExportField::ALL.len(), true), "{field:?}");
        }
        assert!(geometry(80, 24, ExportPart::Preview, false).preview_text().height >= 4);
        assert_eq!(geometry(79, 24, ExportPart::Form, false), ExportGeometry::default());
    }
}
