//! The geometry of the History view: the list of operations, and what is known of the selected one below.

use ratatui::layout::Rect;

use super::{inside, padded};
use crate::app::Model;

/// Lines of the heading above the list.
const HEADING: u16 = 1;
/// Lines that tell of the selected operation: what it did, the way there, and some of its rows.
const ABOUT: u16 = 8;
/// How many of them a low screen leaves.
const LEAST_ABOUT: u16 = 4;

/// Where the parts of the view lie.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct HistoryGeometry {
    /// The pane of the operations, with its border.
    pub(crate) pane: Rect,
    /// The names of the columns.
    pub(crate) heading: Rect,
    /// The operations, one a line.
    pub(crate) list: Rect,
    /// The pane of the selected one, with its border.
    pub(crate) about: Rect,
}

impl Model {
    /// Returns where the parts of the History view lie.
    #[must_use]
    pub(crate) fn history_geometry(&self) -> HistoryGeometry {
        let area = self.measure_area();
        let lines = if area.height >= 3 * (ABOUT + 2) { ABOUT } else { LEAST_ABOUT };
        let about = (lines + 2).min(area.height / 2);
        let pane = Rect { height: area.height - about, ..area };
        let content = padded(inside(pane));
        HistoryGeometry {
            pane,
            heading: Rect { height: HEADING.min(content.height), ..content },
            list: Rect { y: content.y + HEADING, height: content.height.saturating_sub(HEADING), ..content },
            about: Rect { y: pane.bottom(), height: about, ..area },
        }
    }
}
