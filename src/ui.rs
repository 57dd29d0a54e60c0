//! Draws the screen.
//!
//! [`draw`] reads the model and a theme and fills a frame; nothing here changes the model, reads a
//! file or a clock. `app` computes where everything lies, so that a click hits what is seen. Text
//! from outside reaches a cell as `SafeText` only, and widgets ask the theme for a slot instead of
//! naming colours.
//!
//! ```text
//! Model ── view ────────► widgets, from plain data ──► cells
//!      └── overlay ─────► windows over them
//! ```

mod canvas;
mod overlay;
#[cfg(test)]
mod testing;
pub(crate) mod theme;
mod view;
mod widget;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::text::Line;

pub use theme::Theme;
pub(crate) use theme::{Depth, Slot};

use crate::app::geometry::{SMALLEST, centred};
use crate::app::{Layout, Model};

/// Draws the whole screen.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    paint(model, theme, frame.buffer_mut());
}

/// Draws the whole screen into a buffer of any size.
fn paint(model: &Model, theme: &Theme, buf: &mut Buffer) {
    let screen = buf.area;
    canvas::clear(buf, screen, theme[Slot::Ground]);
    let Layout::Bench(geometry) = Layout::new(screen.as_size(), model.focus, model.zoomed) else {
        let needed = format!(
            "This terminal has {}×{}; Rowsmith needs {}×{}.",
            screen.width, screen.height, SMALLEST.width, SMALLEST.height
        );
        canvas::put(buf, 0, 0, screen.width, &Line::styled(needed, theme[Slot::Warning]));
        return;
    };
    let Some(open) = model.stage.session() else {
        let line = Line::styled("Opening the session …", theme[Slot::Muted]);
        let place = centred(screen, 21, 1);
        canvas::put(buf, place.x, place.y, place.width, &line);
        return;
    };
    view::draw(model, open, &geometry, theme, buf);
    for overlay in &model.overlays {
        overlay::draw(overlay, model, open, geometry.footer.y, theme, buf);
    }
    overlay::which_key::draw(model, geometry.strip.y, theme, buf);
}

#[cfg(test)]
mod tests;
