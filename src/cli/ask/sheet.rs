//! The first rows of a file, and its labels, as tables that fit a terminal.

use super::paint::Paint;
use crate::dataset::findings::{Counted, number};
use crate::dataset::{Column, FIRST_ROWS, Look};
use crate::text::{SafeText, truncate, width};

/// The most columns of a file that are shown.
const MOST_COLUMNS: usize = 40;
/// A column of a table is never narrower than this, unless all of it fits; where that is too wide, the columns of
/// the file stand below each other.
const NARROWEST: usize = 9;
/// The blanks between two columns, and before the first.
const GAP: usize = 2;
/// The widest name in a list.
const WIDEST_NAME: usize = 24;
/// The widest bar of a share.
const BAR: usize = 24;
/// The narrowest terminal that has room for bars.
const BARS_FROM: usize = 60;

/// Where lines are shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paper {
    /// The columns of the terminal.
    pub(super) columns: usize,
    /// How it is set off.
    pub(super) paint: Paint,
}

/// One column of the table, its head first.
struct Strip {
    cells: Vec<String>,
    is_right: bool,
    natural: usize,
}

impl Strip {
    fn new(head: String, column: &Column, rows: usize) -> Self {
        let mut cells = vec![head];
        cells.extend((0..rows).map(|row| SafeText::one_line(column.first_of(row)).to_string()));
        let natural = cells.iter().map(|cell| width(cell)).max().unwrap_or(0);
        Self { cells, is_right: column.is_whole, natural }
    }

    fn cell(&self, row: usize, columns: usize) -> String {
        let cell = self.cells.get(row).map_or("", String::as_str);
        fitted(cell, columns, self.is_right)
    }
}

/// Returns a text cut or filled to so many columns.
fn fitted(text: &str, columns: usize, is_right: bool) -> String {
    let text = truncate(text, columns);
    let blanks = " ".repeat(columns - width(&text));
    if is_right { format!("{blanks}{text}") } else { format!("{text}{blanks}") }
}

/// Returns the name of a column as it is shown.
pub(super) fn shown_name(column: &Column) -> String {
    if column.name.trim().is_empty() {
        "(no name)".to_owned()
    } else {
        SafeText::name(&column.name).to_string()
    }
}

fn heads(look: &Look, has_numbers: bool) -> impl Iterator<Item = String> {
    look.columns.iter().take(MOST_COLUMNS).enumerate().map(move |(place, column)| {
        if has_numbers { format!("{} {}", place + 1, shown_name(column)) } else { shown_name(column) }
    })
}

/// Returns the first rows: a table where the columns fit beside each other, else a line for each column.
pub(super) fn first_rows(look: &Look, has_numbers: bool, paper: Paper) -> Vec<String> {
    let rows = look.rows.min(FIRST_ROWS);
    let strips: Vec<Strip> = heads(look, has_numbers)
        .zip(&look.columns)
        .map(|(head, column)| Strip::new(head, column, rows))
        .collect();
    let room = paper.columns.saturating_sub(GAP * strips.len());
    let natural: Vec<usize> = strips.iter().map(|strip| strip.natural).collect();
    match shared(&natural, room) {
        Some(widths) if strips.len() == look.columns.len() => table(&strips, &widths, rows, paper),
        _ => list(look, has_numbers, paper),
    }
}

/// Returns how many columns of the room each one gets: what it needs where all fit, else the widest are cut to the same
/// width. `None` where they would be too narrow.
fn shared(natural: &[usize], room: usize) -> Option<Vec<usize>> {
    let cut = |most: usize| natural.iter().map(move |width| (*width).min(most));
    if cut(NARROWEST).sum::<usize>() > room {
        return None;
    }
    let widest = natural.iter().copied().max().unwrap_or(0);
    let most = (NARROWEST..=widest.max(NARROWEST)).rev().find(|most| cut(*most).sum::<usize>() <= room)?;
    let mut left = room - cut(most).sum::<usize>();
    let share = |width: &usize| {
        let more = usize::from(*width > most && left > 0);
        left -= more;
        (*width).min(most) + more
    };
    Some(natural.iter().map(share).collect())
}

fn table(strips: &[Strip], widths: &[usize], rows: usize, paper: Paper) -> Vec<String> {
    let paint = paper.paint;
    let line = |row: usize| {
        let cells = strips.iter().zip(widths).map(|(strip, columns)| strip.cell(row, *columns));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let rule: Vec<String> = widths.iter().map(|columns| "─".repeat(*columns)).collect();
    let head = [format!("  {}", paint.strong(&line(0))), format!("  {}", paint.faint(&rule.join("  ")))];
    let body = (1..=rows).map(|row| format!("  {}", line(row)).trim_end().to_owned());
    head.into_iter().chain(body).collect()
}

/// Returns a line for each column: its name, and what the first rows have in it.
fn list(look: &Look, has_numbers: bool, paper: Paper) -> Vec<String> {
    let count = look.columns.len();
    let digits = count.min(MOST_COLUMNS).to_string().len();
    let names: Vec<String> = look.columns.iter().take(MOST_COLUMNS).map(shown_name).collect();
    let widest = names.iter().map(|name| width(name)).max().unwrap_or(0);
    let widest = widest.min(WIDEST_NAME).min(paper.columns / 3);
    let lines = look.columns.iter().zip(&names).enumerate().map(|(place, (column, name))| {
        let place = place + 1;
        let place = if has_numbers { format!("{place:>digits$} ") } else { String::new() };
        let room = paper.columns.saturating_sub(2 * GAP + place.len() + widest);
        let cells: Vec<_> =
            (0..FIRST_ROWS).map(|row| column.first_of(row)).filter(|cell| !cell.is_empty()).collect();
        let cells: Vec<_> = cells.iter().map(|cell| SafeText::one_line(cell).to_string()).collect();
        let cells = if column.filled == 0 { "empty".to_owned() } else { cells.join(" · ") };
        let name = paper.paint.strong(&fitted(name, widest, false));
        format!("  {place}{name}  {}", truncate(&cells, room)).trim_end().to_owned()
    });
    let more = (count > MOST_COLUMNS)
        .then(|| format!("  and {} more, each of which its name chooses", number(count - MOST_COLUMNS)));
    lines.chain(more).collect()
}

/// Returns a table of labels with their rows and shares of `all`; `proposed` is set off.
pub(super) fn labels(
    labels: &[Counted<'_>],
    all: usize,
    has_numbers: bool,
    proposed: Option<usize>,
    paper: Paper,
) -> Vec<String> {
    let names: Vec<String> = labels.iter().map(|(label, _)| SafeText::name(label).to_string()).collect();
    let counts: Vec<String> = labels.iter().map(|(_, rows)| number(*rows)).collect();
    let shares: Vec<String> = labels.iter().map(|(_, rows)| share(*rows, all)).collect();
    let wide = |cells: &[String], head: &str| {
        cells.iter().map(|cell| width(cell)).max().unwrap_or(0).max(head.len())
    };
    let digits = if has_numbers { labels.len().to_string().len() + 1 } else { 0 };
    let (count_width, share_width) = (wide(&counts, "rows"), wide(&shares, "share"));
    let taken = 4 * GAP + digits + count_width + share_width;
    let bar_room = if paper.columns < BARS_FROM { 0 } else { BAR };
    let name_width =
        wide(&names, "label").min(paper.columns.saturating_sub(taken + bar_room).max("label".len()));
    let most = labels.iter().map(|(_, rows)| *rows).max().unwrap_or(1).max(1);
    let blanks = " ".repeat(digits);
    let head =
        format!("{blanks}{:name_width$}  {:>count_width$}  {:>share_width$}", "label", "rows", "share");
    let lines = (0..labels.len()).map(|place| {
        let mark =
            if has_numbers { format!("{:>width$} ", place + 1, width = digits - 1) } else { String::new() };
        let name = fitted(&names[place], name_width, false);
        let line = format!("{mark}{name}  {:>count_width$}  {:>share_width$}", counts[place], shares[place]);
        let bar = if bar_room > 0 { bar(labels[place].1, most, bar_room) } else { String::new() };
        let (line, bar) = if proposed == Some(place) {
            (paper.paint.chosen(&line), paper.paint.chosen(&bar))
        } else {
            (line, paper.paint.faint(&bar))
        };
        format!("  {line}  {bar}").trim_end().to_owned()
    });
    std::iter::once(format!("  {}", paper.paint.strong(&head))).chain(lines).collect()
}

/// Returns a share in percent, with one digit behind the point.
fn share(rows: usize, all: usize) -> String {
    let tenths = (rows * 1_000 + all / 2).checked_div(all).unwrap_or_default();
    if tenths == 0 && rows > 0 { "<0.1 %".to_owned() } else { format!("{}.{} %", tenths / 10, tenths % 10) }
}

/// Returns a bar whose length is to the most columns as `part` is to `most`, in eighths of a column.
fn bar(part: usize, most: usize, columns: usize) -> String {
    let eighths = (part * columns * 8).div_ceil(most);
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    format!("{}{rest}", "█".repeat(eighths / 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_share_the_room_and_the_widest_are_cut() {
        assert_eq!(shared(&[5, 80, 4], 100), Some(vec![5, 80, 4]));
        assert_eq!(shared(&[5, 80, 4], 40), Some(vec![5, 31, 4]));
        assert_eq!(shared(&[30, 30, 3], 44), Some(vec![21, 20, 3]));
        assert_eq!(shared(&[30, 30, 30], 20), None);
    }

    #[test]
    fn shares_are_rounded_and_never_none_where_there_is_a_row() {
        assert_eq!(share(747, 5_574), "13.4 %");
        assert_eq!(share(1, 1_000_000), "<0.1 %");
        assert_eq!(share(3, 3), "100.0 %");
        assert_eq!(share(0, 0), "0.0 %");
    }

    #[test]
    fn bars_are_as_long_as_their_share() {
        assert_eq!(bar(8, 8, 3), "███");
        assert_eq!(bar(1, 2, 3), "█▌");
        assert_eq!(bar(1, 1_000, 3), "▏");
    }
}
