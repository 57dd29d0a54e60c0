//! Where everything lies on the screen.
//!
//! The drawing, the mouse and paging read the same rectangles, so that a click hits what is seen.
//! The *bench* is the main view, with four panes:
//!
//! ```text
//! header
//! ┌ prompt ──┐┌ rows ────────┐     from 100 columns up two columns; below, one column
//! └──────────┘└──────────────┘     and the other as a tab of one line; zoomed, the pane
//! ┌ preview ─┐┌ detail ──────┐     with the focus alone
//! └──────────┘└──────────────┘
//! strip
//! status
//! footer
//! ```

pub(crate) mod compare;
pub(crate) mod coverage;
pub(crate) mod data;
pub(crate) mod export;
pub(crate) mod history;
pub(crate) mod versions;
pub(crate) mod window;

use ratatui::layout::{Position, Rect, Size};

use super::prompt::{PARTS, part_name};
use super::{Model, Pane};
use crate::domain::PromptPart;

pub(crate) use window::Window;

/// The smallest screen that works.
pub(crate) const SMALLEST: Size = Size::new(80, 24);
/// From this many columns up both columns of panes are shown.
pub(crate) const TWO_COLUMNS_FROM: u16 = 100;
/// The least number of lines of the detail pane, where they are not more than a third of the screen.
pub(crate) const DETAIL_LINES: u16 = 8;
/// From this height of its text on, the detail pane has room for the end of a growing reply beside a row.
pub(crate) const LIVE_FROM: u16 = 9;
/// The text before the names of the parts in the title of the prompt's pane.
pub(crate) const PROMPT_TITLE: &str = " Prompt · ";
/// The text between the names of the parts.
pub(crate) const PART_GAP: &str = " │ ";

/// The layout of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The screen is too small: one line says so.
    TooSmall,
    /// The main view, with the panes of [`Geometry`].
    Bench(Geometry),
}

/// The rectangles of the bench's parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Geometry {
    /// The whole screen.
    pub screen: Rect,
    /// The line at the top: session, views, whether all is saved.
    pub header: Rect,
    /// The part of the header that opens the help when it is clicked.
    pub help: Rect,
    /// On a narrow screen, the line that stands in for the column that is not shown.
    pub tab: Option<Rect>,
    /// The prompt's editor, with its border.
    pub prompt: Option<Rect>,
    /// The preview, with its border.
    pub preview: Option<Rect>,
    /// The rows, with their border.
    pub rows: Option<Rect>,
    /// The selected row in full, with its border.
    pub detail: Option<Rect>,
    /// The counts of the labels and the goal.
    pub strip: Rect,
    /// The progress of the running job, or the notice.
    pub status: Rect,
    /// The keys that work here.
    pub footer: Rect,
}

impl Geometry {
    /// Returns the rectangle of a pane, if it is shown.
    #[must_use]
    pub const fn pane(&self, pane: Pane) -> Option<Rect> {
        match pane {
            Pane::Prompt => self.prompt,
            Pane::Preview => self.preview,
            Pane::Rows => self.rows,
            Pane::Detail => self.detail,
        }
    }

    /// Returns the inside of a pane's border; empty where the pane is not shown.
    #[must_use]
    pub fn inner(&self, pane: Pane) -> Rect {
        self.pane(pane).map_or(Rect::ZERO, inside)
    }

    /// Returns the area of a pane's text: inside the border, with one free column at either side.
    #[must_use]
    pub fn content(&self, pane: Pane) -> Rect {
        padded(self.inner(pane))
    }

    /// Returns the pane at a position of the screen.
    #[must_use]
    pub fn pane_at(&self, place: Position) -> Option<Pane> {
        Pane::ALL.into_iter().find(|pane| self.pane(*pane).is_some_and(|area| area.contains(place)))
    }

    /// Returns the rectangles of the names of the prompt's parts in the pane's title.
    #[must_use]
    pub fn parts(&self) -> Vec<(PromptPart, Rect)> {
        let Some(pane) = self.prompt else { return Vec::new() };
        // The title begins after the corner and one cell of the border.
        let mut x = pane.x + 2 + columns(PROMPT_TITLE);
        let mut parts = Vec::new();
        for part in PARTS {
            let width = columns(part_name(part));
            let area = Rect::new(x, pane.y, width, 1).intersection(pane);
            parts.push((part, area));
            x += width + columns(PART_GAP);
        }
        parts
    }
}

fn columns(text: &str) -> u16 {
    u16::try_from(crate::text::width(text)).unwrap_or(u16::MAX)
}

/// Returns an area without a border of one cell.
#[must_use]
pub(crate) fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x + area.width.min(1),
        y: area.y + area.height.min(1),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// Returns an area without its first and last column.
#[must_use]
pub(crate) fn padded(area: Rect) -> Rect {
    Rect { x: area.x + area.width.min(1), width: area.width.saturating_sub(2), ..area }
}

/// Returns an area of the given size, centred in another and clipped to it.
#[must_use]
pub(crate) fn centred(area: Rect, columns: u16, rows: u16) -> Rect {
    let (width, height) = (columns.min(area.width), rows.min(area.height));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

/// Returns the area of the facets: the left column, or where there is one column the place of all panes.
#[must_use]
pub(crate) fn facets_area(size: Size) -> Rect {
    let width = if size.width < TWO_COLUMNS_FROM { size.width } else { part_of(size.width, 39) };
    Rect::new(0, 1, width, size.height.saturating_sub(4))
}

impl Layout {
    /// Returns the layout of a screen of this size, with the focus on a pane.
    #[must_use]
    pub fn new(size: Size, focus: Pane, zoomed: bool) -> Self {
        if size.width < SMALLEST.width || size.height < SMALLEST.height {
            return Self::TooSmall;
        }
        let screen = Rect::new(0, 0, size.width, size.height);
        let line = |y| Rect::new(0, y, size.width, 1);
        let mut geometry = Geometry {
            screen,
            header: line(0),
            help: Rect::new(size.width - 8, 0, 8, 1),
            strip: line(size.height - 3),
            status: line(size.height - 2),
            footer: line(size.height - 1),
            ..Geometry::default()
        };
        let mut panes = Rect { y: 1, height: size.height - 4, ..screen };
        if zoomed {
            geometry.set(focus, panes);
        } else if size.width >= TWO_COLUMNS_FROM {
            let left = part_of(size.width, 39);
            geometry.set_left(Rect { width: left, ..panes });
            geometry.set_right(Rect { x: left, width: size.width - left, ..panes }, size.height);
        } else {
            geometry.tab = Some(Rect { height: 1, ..panes });
            panes.y += 1;
            panes.height -= 1;
            if focus.is_left() { geometry.set_left(panes) } else { geometry.set_right(panes, size.height) }
        }
        Self::Bench(geometry)
    }

    /// Returns the rectangles of the bench's parts; all are empty where the screen is too small.
    #[must_use]
    pub fn geometry(self) -> Geometry {
        match self {
            Self::TooSmall => Geometry::default(),
            Self::Bench(geometry) => geometry,
        }
    }
}

impl Geometry {
    const fn set(&mut self, pane: Pane, area: Rect) {
        match pane {
            Pane::Prompt => self.prompt = Some(area),
            Pane::Preview => self.preview = Some(area),
            Pane::Rows => self.rows = Some(area),
            Pane::Detail => self.detail = Some(area),
        }
    }

    fn set_left(&mut self, column: Rect) {
        let preview = part_of(column.height, 45);
        let (above, below) = split(column, preview);
        self.prompt = Some(above);
        self.preview = Some(below);
    }

    fn set_right(&mut self, column: Rect, screen: u16) {
        let least = (screen / 3).min(DETAIL_LINES + 2);
        let detail = part_of(column.height, 28).max(least);
        let (above, below) = split(column, detail);
        self.rows = Some(above);
        self.detail = Some(below);
    }
}

fn part_of(whole: u16, percent: u32) -> u16 {
    u16::try_from(u32::from(whole) * percent / 100).unwrap_or(whole)
}

fn split(column: Rect, below: u16) -> (Rect, Rect) {
    let above = column.height.saturating_sub(below);
    (Rect { height: above, ..column }, Rect { y: column.y + above, height: column.height - above, ..column })
}

impl Model {
    /// Returns the layout of the screen.
    #[must_use]
    pub fn layout(&self) -> Layout {
        Layout::new(self.size, self.focus, self.zoomed)
    }

    /// Returns the rectangles of the bench's parts; all are empty where the screen is too small.
    #[must_use]
    pub fn geometry(&self) -> Geometry {
        self.layout().geometry()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// From this height in lines on, the detail pane has [`DETAIL_LINES`] lines.
    const TALL_FROM: u16 = 30;

    fn bench(width: u16, height: u16, focus: Pane) -> Geometry {
        Layout::new(Size::new(width, height), focus, false).geometry()
    }

    #[test]
    fn the_large_screen_has_two_columns_in_the_drawn_proportions() {
        let geometry = bench(160, 45, Pane::Rows);
        assert_eq!(geometry.prompt, Some(Rect::new(0, 1, 62, 23)));
        assert_eq!(geometry.preview, Some(Rect::new(0, 24, 62, 18)));
        assert_eq!(geometry.rows, Some(Rect::new(62, 1, 98, 30)));
        assert_eq!(geometry.detail, Some(Rect::new(62, 31, 98, 11)));
        assert_eq!((geometry.strip.y, geometry.status.y, geometry.footer.y), (42, 43, 44));
        assert!(geometry.inner(Pane::Detail).height >= DETAIL_LINES);
    }

    #[test]
    fn proportions_stay_put_when_the_focus_moves() {
        for pane in Pane::ALL {
            assert_eq!(bench(160, 45, pane), bench(160, 45, Pane::Rows));
        }
    }

    #[test]
    fn a_narrow_screen_shows_one_column_and_the_other_as_a_tab() {
        let geometry = bench(80, 24, Pane::Rows);
        assert_eq!(geometry.tab, Some(Rect::new(0, 1, 80, 1)));
        assert_eq!((geometry.prompt, geometry.preview), (None, None));
        assert_eq!(geometry.rows.unwrap().y, 2);
        let geometry = bench(99, 24, Pane::Preview);
        assert!(geometry.prompt.is_some() && geometry.rows.is_none());
        assert_eq!(bench(100, 24, Pane::Rows).tab, None);
    }

    #[test]
    fn the_detail_has_room_for_a_decision_and_the_rows_have_more_on_every_screen() {
        for (height, detail) in [(24, 6), (27, 7), (30, 8), (45, 9), (60, 13)] {
            let geometry = bench(100, height, Pane::Rows);
            assert_eq!(geometry.inner(Pane::Detail).height, detail, "{height}");
            assert!(geometry.inner(Pane::Rows).height > detail, "{height}");
        }
        assert_eq!(bench(80, 24, Pane::Rows).inner(Pane::Detail).height, 6);
    }

    #[test]
    fn below_the_smallest_size_there_is_no_room() {
        assert_eq!(Layout::new(Size::new(79, 24), Pane::Rows, false), Layout::TooSmall);
        assert_eq!(Layout::new(Size::new(80, 23), Pane::Rows, false), Layout::TooSmall);
    }

    #[test]
    fn zoom_gives_the_pane_all_there_is() {
        let geometry = Layout::new(Size::new(160, 45), Pane::Detail, true).geometry();
        assert_eq!(geometry.detail, Some(Rect::new(0, 1, 160, 41)));
        assert_eq!((geometry.rows, geometry.prompt, geometry.tab), (None, None, None));
    }

    #[test]
    fn the_names_of_the_parts_stand_in_the_title() {
        let parts = bench(160, 45, Pane::Rows).parts();
        assert_eq!(parts[0], (PromptPart::User, Rect::new(12, 1, 4, 1)));
        assert_eq!(parts[1], (PromptPart::System, Rect::new(19, 1, 6, 1)));
        assert_eq!(parts[2], (PromptPart::Variables, Rect::new(28, 1, 9, 1)));
    }

    proptest! {
        #[test]
        fn panes_never_overlap_and_leave_no_hole(
            width in 80u16..400, height in 24u16..200, focus in 0usize..4, zoomed: bool,
        ) {
            let focus = Pane::ALL[focus];
            let geometry = Layout::new(Size::new(width, height), focus, zoomed).geometry();
            prop_assert!(geometry.pane(focus).is_some());
            let mut areas: Vec<Rect> = Pane::ALL.iter().filter_map(|pane| geometry.pane(*pane)).collect();
            areas.extend([geometry.header, geometry.strip, geometry.status, geometry.footer]);
            areas.extend(geometry.tab);
            let sum: u32 = areas.iter().map(|area| area.area()).sum();
            prop_assert_eq!(sum, u32::from(width) * u32::from(height));
            for (index, area) in areas.iter().enumerate() {
                prop_assert!(geometry.screen.intersection(*area) == *area);
                prop_assert!(areas[index + 1..].iter().all(|other| !area.intersects(*other)));
            }
            if height >= TALL_FROM && geometry.detail.is_some() {
                prop_assert!(geometry.inner(Pane::Detail).height >= DETAIL_LINES);
            }
        }
    }
}
