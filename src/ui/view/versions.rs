//! The Versions view: the tree of a prompt's versions, and the selected one: what it came to, and what differs from the
//! one that it was made from.

mod detail;
mod difference;
mod score;
mod tree;

use ratatui::buffer::Buffer;

use super::Screen;

impl Screen<'_> {
    /// Draws the Versions view's parts.
    pub(super) fn versions_view(self, buf: &mut Buffer) {
        let geometry = self.model.versions_geometry();
        if let Some(area) = geometry.tree {
            self.version_tree(area, geometry.list(), buf);
        }
        if let Some(area) = geometry.detail {
            self.version_detail(area, geometry.text(), buf);
        }
    }
}
