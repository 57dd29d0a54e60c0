//! Draws the overlays, in the rectangles that `app` computes.

mod bulk;
mod compare;
pub(crate) mod completion;
mod duplicates;
mod exchange;
mod facets;
mod formats;
mod guidelines;
mod help;
mod list;
mod palette;
mod question;
mod replace;
mod row_editor;
mod run;
mod scraps;
mod settings;
pub(crate) mod typed_line;
pub(crate) mod which_key;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::symbols::border;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Widget};

use super::canvas::{clear, outside, put};
use super::theme::{Slot, Theme};
use super::widget::reading::Reading;
use crate::app::geometry::Window;
use crate::app::{Keymap, Model, OpenSession, Overlay};

/// Draws an overlay over the screen.
///
/// The footer in line `footer` stays as it is, because its keys are those of the overlay.
pub(crate) fn draw(
    overlay: &Overlay,
    model: &Model,
    open: &OpenSession,
    footer: u16,
    theme: &Theme,
    buf: &mut Buffer,
) {
    let screen = buf.area;
    let window = Window::of(overlay, screen);
    if !matches!(overlay, Overlay::Line(_) | Overlay::Facets(_)) {
        // While a one-line input or the facets are open the rows stay bright; everything else dims the screen.
        buf.set_style(Rect { height: footer.min(screen.height), ..screen }, theme[Slot::Behind]);
    }
    let canvas = Canvas { theme, window, keymap: &model.keymap };
    match overlay {
        Overlay::Help { scroll } => help::draw(*scroll, canvas, buf),
        Overlay::Guidelines { scroll } => guidelines::draw(&open.session, *scroll, canvas, buf),
        Overlay::Exchange(exchange) => exchange::draw(exchange, canvas, buf),
        Overlay::Compare(window) => compare::draw(window, canvas, buf),
        Overlay::Palette(palette) => palette::draw(palette, canvas, buf),
        Overlay::Line(line) => typed_line::draw(line, canvas, buf),
        Overlay::RowEditor(editor) => row_editor::draw(editor, canvas, buf),
        Overlay::Settings(form) => settings::draw(form, &model.shown().counts().usage, canvas, buf),
        Overlay::Formats(picker) => formats::draw(*picker, canvas, buf),
        Overlay::Facets(window) => facets::draw(window, model.shown(), canvas, buf),
        Overlay::Scraps(window) => scraps::draw(window, model.shown(), canvas, buf),
        Overlay::Duplicates(window) => duplicates::draw(window, model.shown(), canvas, buf),
        Overlay::Run(window) => run::draw(window, model.shown(), canvas, buf),
        Overlay::Bulk(window) => bulk::draw(window, model.shown(), canvas, buf),
        Overlay::Replace(window) => {
            replace::draw(window, model.shown(), &open.session.schema, canvas, buf);
        }
        Overlay::Question(question) => question::draw(question, canvas, buf),
    }
}

/// Marks a line as the selected one, over the columns beside it too.
fn mark_selected(line: Rect, theme: &Theme, buf: &mut Buffer) {
    let wide = Rect { x: line.x.saturating_sub(1), width: line.width + 2, ..line };
    buf.set_style(wide, theme[Slot::OverlaySelected]);
    put(buf, wide.x, wide.y, 1, &Line::styled("▌", theme[Slot::Marker]));
}

/// The context in which an overlay is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Canvas<'a> {
    pub(crate) theme: &'a Theme,
    /// Where the parts of the window lie.
    pub(crate) window: Window,
    pub(crate) keymap: &'a Keymap,
}

impl Canvas<'_> {
    /// Blanks the window and draws its border and title.
    fn frame(&self, title: &Line<'_>, buf: &mut Buffer) {
        frame(self.window.area, title, self.theme, buf);
    }

    /// Draws scrollable lines into the window's body.
    fn read(&self, lines: &[Line<'_>], scroll: usize, buf: &mut Buffer) {
        Reading { theme: self.theme, lines, scroll }.draw(self.window.body, self.window.area, buf);
    }

    /// Draws what is wrong into the window's foot. The keys stand in the footer of the screen.
    fn foot(&self, error: Option<&str>, buf: &mut Buffer) {
        let Some(error) = error else { return };
        let (foot, style) = (self.window.foot, self.theme[Slot::Error]);
        let line = Line::from(vec![Span::styled("! ", style), outside(error, style)]);
        put(buf, foot.x, foot.y, foot.width, &line);
    }
}

/// Blanks an area with a margin of one column at either side, so that no text behind it reads on, and
/// draws a border with a title.
pub(crate) fn frame(area: Rect, title: &Line<'_>, theme: &Theme, buf: &mut Buffer) {
    let left = area.x.saturating_sub(1);
    let blank = Rect { x: left, width: area.width + 1 + (area.x - left), ..area }.intersection(buf.area);
    // Wide characters that the margin would cut in two leave the rest of them beside it.
    halve_wide(blank, buf);
    for at in blank.positions() {
        // The margin keeps the ground of what is behind it, which may be a window too.
        buf[at].set_symbol(" ").modifier = Modifier::empty();
    }
    clear(buf, area, theme[Slot::Ground].patch(theme[Slot::Overlay]));
    Block::bordered()
        .border_set(border::ROUNDED)
        .border_style(theme[Slot::OverlayBorder])
        .render(area.intersection(buf.area), buf);
    if area.width > 6 {
        let title_style = theme[Slot::OverlayTitle];
        let mut spans = vec![Span::raw(" ")];
        spans.extend(title.spans.iter().cloned());
        spans.push(Span::raw(" "));
        put(buf, area.x + 2, area.y, area.width - 4, &Line::from(spans).style(title_style));
    }
}

/// Blanks wide characters that begin left of an area and extend into it.
fn halve_wide(area: Rect, buf: &mut Buffer) {
    let Some(left) = area.x.checked_sub(1) else { return };
    for y in area.top()..area.bottom() {
        if let Some(cell) = buf.cell_mut((left, y))
            && crate::text::width(cell.symbol()) > 1
        {
            cell.set_symbol(" ");
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use ratatui::style::Style;

    use super::*;
    use crate::ui::testing::text_of;

    #[test]
    fn a_window_over_a_wide_character_leaves_no_half_of_it() {
        let theme = Theme::mono();
        let mut buf = Buffer::empty(Rect::new(0, 0, 18, 3));
        for y in 0..3 {
            buf.set_string(0, y, "日本語日本語日本語", Style::new());
        }

        frame(Rect::new(4, 0, 8, 3), &Line::from("A"), &theme, &mut buf);

        assert_eq!(text_of(&buf), "日  ╭─ A ──╮  本語\n日  │      │  本語\n日  ╰──────╯  本語");
        let mut buf = Buffer::empty(Rect::new(0, 0, 8, 3));
        frame(Rect::new(0, 0, 8, 3), &Line::from("A"), &theme, &mut buf);
        assert_eq!(text_of(&buf), "╭─ A ──╮\n│      │\n╰──────╯");
    }
}
