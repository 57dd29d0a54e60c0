//! The palette: the list of commands, to find one by name.

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::typed_line::draw_line;
use super::{Canvas, list};
use crate::app::Command;
use crate::app::overlay::Palette;
use crate::text::width;
use crate::ui::canvas::put;
use crate::ui::theme::Slot;

/// The width of the names in columns.
const NAMES: usize = 22;

/// Draws the palette.
pub(super) fn draw(palette: &Palette, canvas: Canvas<'_>, buf: &mut Buffer) {
    canvas.frame(&Line::from("Commands"), buf);
    draw_line(&palette.line, canvas, buf);
    let typed = palette.line.lines().join(" ");
    let wanted = typed.split_whitespace().next().unwrap_or_default();
    let window = canvas.window;
    if palette.items.is_empty() {
        let none = Line::styled("No command has these letters.", canvas.theme[Slot::Muted]);
        put(buf, window.list.x, window.list.y, window.list.width, &none);
    }
    let entry = |index: usize| {
        let command = palette.items[index].command;
        let keys = canvas.keymap.keys_of(command).into_iter().next().unwrap_or_default();
        (name_and_doc(command, wanted, canvas), Line::styled(keys, canvas.theme[Slot::Key]))
    };
    let selected = (palette.is_meant && !palette.items.is_empty()).then_some(palette.selected);
    list::draw(palette.items.len(), selected, entry, (window.list, window.area), canvas.theme, buf);
    canvas.foot(palette.error.as_deref(), buf);
}

fn name_and_doc(command: Command, wanted: &str, canvas: Canvas<'_>) -> Line<'static> {
    let mut spans = matched(command.name(), wanted, canvas.theme[Slot::Strong], canvas.theme[Slot::Match]);
    let mut used = width(command.name());
    if let Some(argument) = command.argument() {
        spans.push(Span::styled(format!(" {argument}"), canvas.theme[Slot::Muted]));
        used += 1 + width(argument);
    }
    spans.push(Span::raw(" ".repeat(NAMES.saturating_sub(used).max(2))));
    spans.push(Span::styled(command.doc(), canvas.theme[Slot::KeyLabel]));
    Line::from(spans)
}

/// Returns a name with the typed letters highlighted: one substring if it contains them together,
/// else each letter.
fn matched(name: &'static str, wanted: &str, plain: Style, marked: Style) -> Vec<Span<'static>> {
    let wanted = wanted.to_lowercase();
    if !wanted.is_empty()
        && let Some(start) = name.find(&wanted)
    {
        let end = start + wanted.len();
        return vec![
            Span::styled(&name[..start], plain),
            Span::styled(&name[start..end], marked),
            Span::styled(&name[end..], plain),
        ];
    }
    let mut letters = wanted.chars().peekable();
    let mut spans = Vec::new();
    for letter in name.chars() {
        let is_next = letters.next_if_eq(&letter).is_some();
        spans.push(Span::styled(letter.to_string(), if is_next { marked } else { plain }));
    }
    if letters.next().is_some() { vec![Span::styled(name, plain)] } else { spans }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::*;

    #[test]
    fn the_letters_that_were_typed_are_marked() {
        let marked_of = |wanted: &str| -> String {
            let mark = Style::new().fg(Color::Red);
            let spans = matched("accept-row", wanted, Style::new(), mark);
            assert_eq!(spans.iter().map(|span| span.content.as_ref()).collect::<String>(), "accept-row");
            spans.iter().filter(|span| span.style == mark).map(|span| span.content.as_ref()).collect()
        };

        assert_eq!(marked_of("cept"), "cept");
        assert_eq!(marked_of("AR"), "ar");
        assert_eq!(marked_of("zz"), "");
        assert_eq!(marked_of(""), "");
    }
}
