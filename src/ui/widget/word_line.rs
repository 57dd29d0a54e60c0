//! A line of two texts in one: words that went between `[-` and `-]`, words that came between `{+` and `+}`.

use ratatui::text::{Line, Span};

use super::word_diff::{laid, style_of};
use crate::text::word_diff::{Of, WordDiff, WordLine};
use crate::ui::theme::{Slot, Theme};

/// The columns of the sign before each line.
const SIGN: u16 = 2;

/// Returns what differs, wrapped; `…` stands for lines that are left out.
pub(crate) fn word_lines(diff: &WordDiff, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let lines = diff.lines.iter().flat_map(|line| match line {
        WordLine::Gap => vec![Line::styled("  …", theme[Slot::Muted])],
        WordLine::Pieces(pieces) => word_line(pieces, columns, theme),
    });
    lines.collect()
}

/// Returns a line wrapped: with `-` or `+` before it where it is of one text alone, with `~` where some words changed.
fn word_line(pieces: &[(Of, String)], columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let is_all = |wanted: Of| pieces.iter().all(|(of, _)| *of == wanted);
    let (sign, of_sign) = match pieces {
        _ if is_all(Of::Both) => (" ", Of::Both),
        _ if is_all(Of::Before) => ("-", Of::Before),
        _ if is_all(Of::After) => ("+", Of::After),
        _ => ("~", Of::Both),
    };
    let marks = |of: Of| if sign == "~" { of.marks() } else { ("", "") };
    let lines = laid(pieces, marks, columns.saturating_sub(SIGN), theme).into_iter().enumerate();
    let with_sign = |(place, line): (usize, Line<'static>)| {
        let sign = if place == 0 { sign } else { " " };
        let mut spans = vec![Span::styled(format!("{sign} "), style_of(of_sign, theme))];
        spans.extend(line.spans);
        Line::from(spans)
    };
    lines.map(with_sign).collect()
}
