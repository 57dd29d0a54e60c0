//! The views: each fills the room between the header and the strip; the lines around it are the same in all.

mod bench;
mod compare;
mod coverage;
mod data;
mod export;
mod history;
mod lines;
mod measure;
mod race;
mod versions;

use ratatui::buffer::Buffer;

use super::theme::Theme;
use crate::app::{Command, Geometry, Model, OpenSession, View};

/// Draws the view that is shown, and the lines around it.
pub(crate) fn draw(model: &Model, open: &OpenSession, geometry: &Geometry, theme: &Theme, buf: &mut Buffer) {
    let screen = Screen { model, open, theme };
    screen.header(geometry.header, buf);
    match model.view {
        View::Bench => screen.bench(geometry, buf),
        View::Versions => screen.versions_view(buf),
        View::Compare => screen.compare(buf),
        View::Data => screen.data(buf),
        View::Measure => screen.measure(buf),
        View::Coverage => screen.coverage(buf),
        View::Export => screen.export(buf),
        View::Race => screen.race(buf),
        View::History => screen.history(buf),
    }
    screen.strip(geometry.strip, buf);
    if !screen.long_notice(geometry.status, geometry.footer, buf) {
        screen.status(geometry.status, model.sentence(), buf);
        screen.footer(geometry.footer, buf);
    }
}

/// The model and its session, to draw in a theme.
#[derive(Debug, Clone, Copy)]
struct Screen<'a> {
    model: &'a Model,
    open: &'a OpenSession,
    theme: &'a Theme,
}

impl Screen<'_> {
    /// Returns the first key of a command in the present context.
    fn key(self, command: Command) -> Option<String> {
        let chain = self.model.context().chain();
        self.model.keymap.keys_in(chain, command).into_iter().next()
    }
}
