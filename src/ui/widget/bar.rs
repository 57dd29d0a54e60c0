//! Bars and gauges with a resolution of an eighth of a cell.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Partly filled cells, from one eighth to seven.
const EIGHTHS: [&str; 7] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Returns the length of a part of a whole in eighths of a cell, at least 1 if the part is not 0.
pub(crate) fn eighths(part: u64, whole: u64, cells: usize) -> usize {
    if part == 0 || whole == 0 {
        return 0;
    }
    let all = cells as u64 * 8;
    let taken = u128::from(part.min(whole)) * u128::from(all) / u128::from(whole);
    usize::try_from(taken).unwrap_or(usize::MAX).max(1)
}

/// Returns a bar of this length.
pub(crate) fn bar(eighths: usize) -> String {
    let mut bar = "█".repeat(eighths / 8);
    if let Some(part) = (eighths % 8).checked_sub(1) {
        bar.push_str(EIGHTHS[part]);
    }
    bar
}

/// Returns a bar of two parts, the second beginning where the first ends.
///
/// If both styles have colours, the cell between the parts shows both; else the second part is
/// hatched and begins with the next cell.
pub(crate) fn two_part_bar(first: usize, second: usize, styles: [Style; 2]) -> Line<'static> {
    let [one, two] = styles;
    if second == 0 {
        return Line::from(Span::styled(bar(first), one));
    }
    let (Some(one_fg), Some(two_fg)) = (one.fg, two.fg) else {
        let cells = (second.div_ceil(8)).max(1);
        return Line::from(vec![Span::styled(bar(first), one), Span::styled("▒".repeat(cells), two)]);
    };
    let (whole, shared) = (first / 8, first % 8);
    let mut spans = vec![Span::styled(bar(whole * 8), one)];
    let mut rest = second;
    if let Some(part) = shared.checked_sub(1) {
        // A cell shows two colours. If both parts fill it, it shows both; else it shows only the second, so
        // that accepted rows are never invisible.
        if shared + second >= 8 {
            spans.push(Span::styled(EIGHTHS[part], Style::new().fg(one_fg).bg(two_fg)));
            rest = shared + second - 8;
        } else {
            rest = shared + second;
        }
    }
    spans.push(Span::styled(bar(rest), two));
    Line::from(spans)
}

/// Returns a gauge `▕███▎    ▏` with this many cells between its ends.
pub(crate) fn gauge(part: u64, whole: u64, cells: usize, done: Style, track: Style) -> Vec<Span<'static>> {
    let filled = bar(eighths(part, whole, cells));
    let blank = cells.saturating_sub(filled.chars().count());
    vec![
        Span::styled("▕", track),
        Span::styled(filled, done),
        Span::styled(" ".repeat(blank), track),
        Span::styled("▏", track),
    ]
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_part_of_the_whole() {
        assert_eq!(bar(eighths(3696, 3696, 22)), "█".repeat(22));
        assert_eq!(bar(eighths(559, 3696, 22)), "███▎");
        assert_eq!(bar(eighths(1, 1_000_000, 22)), "▏");
        assert_eq!(bar(eighths(0, 10, 22)), "");
        assert_eq!(bar(eighths(5, 0, 22)), "");
        assert_eq!(bar(eighths(u64::MAX, u64::MAX, 4)), "████");
    }

    #[test]
    fn a_gauge_keeps_its_width() {
        for part in 0..=20 {
            let spans = gauge(part, 20, 8, Style::new(), Style::new());
            assert_eq!(spans.iter().map(|span| span.content.chars().count()).sum::<usize>(), 10);
        }
    }

    #[test]
    fn the_cell_between_two_parts_shows_both_colours() {
        let [one, two] = [Color::Red, Color::Green].map(|color| Style::new().fg(color));

        let line = two_part_bar(20, 12, [one, two]);

        assert_eq!(line.to_string(), "██▌█");
        assert_eq!(line.spans[1].style, Style::new().fg(Color::Red).bg(Color::Green));
    }

    #[test]
    fn a_small_second_part_is_never_invisible_and_leaves_no_gap() {
        let [one, two] = [Color::Red, Color::Green].map(|color| Style::new().fg(color));

        let line = two_part_bar(18, 1, [one, two]);

        assert_eq!(line.to_string(), "██▍");
        assert_eq!(line.spans.last().unwrap().style, two);
    }

    #[test]
    fn without_colours_the_second_part_is_hatched() {
        assert_eq!(two_part_bar(16, 3, [Style::new(), Style::new()]).to_string(), "██▒");
        assert_eq!(two_part_bar(16, 0, [Style::new(), Style::new()]).to_string(), "██");
    }
}
