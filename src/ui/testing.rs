//! Helpers for the tests of widgets: a drawn buffer as text, and as text with its styles.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::widgets::Widget;

use super::canvas::clear;
use super::theme::{Slot, Theme};

/// Draws a widget on the theme's background.
pub(crate) fn drawn(theme: &Theme, columns: u16, rows: u16, widget: impl Widget) -> Buffer {
    let area = Rect::new(0, 0, columns, rows);
    let mut buf = Buffer::empty(area);
    clear(&mut buf, area, theme[Slot::Ground]);
    widget.render(area, &mut buf);
    buf
}

/// Returns the text of a buffer, without blanks at the ends of lines.
pub(crate) fn text_of(buf: &Buffer) -> String {
    let lines: Vec<_> = (buf.area.top()..buf.area.bottom()).map(|y| line_of(buf, y)).collect();
    lines.join("\n").trim_end().to_owned()
}

/// Returns the text of one line; the cells that a wide character covers are skipped.
fn line_of(buf: &Buffer, y: u16) -> String {
    let mut line = String::new();
    let mut covered = 0;
    for x in buf.area.left()..buf.area.right() {
        if covered > 0 {
            covered -= 1;
            continue;
        }
        let symbol = buf[(x, y)].symbol();
        line.push_str(symbol);
        covered = crate::text::width(symbol).saturating_sub(1);
    }
    line.trim_end().to_owned()
}

/// Returns the text of a buffer, then the styles of each line as runs, then a legend of the styles.
pub(crate) fn picture(buf: &Buffer) -> String {
    let mut styles: Vec<Style> = Vec::new();
    let mut runs = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let mut line: Vec<(usize, u16)> = Vec::new();
        for x in buf.area.left()..buf.area.right() {
            let style = buf[(x, y)].style();
            let place = styles.iter().position(|known| *known == style).unwrap_or_else(|| {
                styles.push(style);
                styles.len() - 1
            });
            match line.last_mut() {
                Some((same, length)) if *same == place => *length += 1,
                _ => line.push((place, 1)),
            }
        }
        let _ = write!(runs, "{y:>2}│");
        for (place, length) in line {
            let _ = write!(runs, "{}{length} ", letter(place));
        }
        runs.truncate(runs.trim_end().len());
        runs.push('\n');
    }
    let mut legend = String::new();
    for (place, style) in styles.iter().enumerate() {
        let _ = writeln!(legend, "{} = {}", letter(place), described(*style));
    }
    format!("{}\n\n{runs}\n{legend}", text_of(buf))
}

fn letter(place: usize) -> String {
    let alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let letter = alphabet.chars().nth(place % alphabet.len()).unwrap_or('?');
    letter.to_string().repeat(place / alphabet.len() + 1)
}

fn described(style: Style) -> String {
    let mut words = Vec::new();
    for (name, color) in [("fg", style.fg), ("bg", style.bg)] {
        match color {
            None | Some(Color::Reset) => {}
            Some(Color::Rgb(r, g, b)) => words.push(format!("{name} #{r:02x}{g:02x}{b:02x}")),
            Some(other) => words.push(format!("{name} {other}")),
        }
    }
    for (modifier, name) in [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::ITALIC, "italic"),
        (Modifier::UNDERLINED, "underline"),
        (Modifier::REVERSED, "reverse"),
        (Modifier::CROSSED_OUT, "strike"),
    ] {
        if style.add_modifier.contains(modifier) {
            words.push(name.to_owned());
        }
    }
    if words.is_empty() { "plain".to_owned() } else { words.join(" ") }
}
