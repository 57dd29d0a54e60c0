//! Tells a header from a first row.

use std::path::Path;

use csv::StringRecord;

use super::fault::LineFault;
use super::sentence::shown_path;

/// The most words and characters of a cell that is nothing but a name.
const NAME_WORDS: usize = 3;
const NAME_CHARS: usize = 40;

/// The first record of a table, as it is given to a sink.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header<'a> {
    /// The file.
    pub(super) path: &'a Path,
    /// Its line.
    pub(super) line: u64,
    /// Its cells.
    pub(super) cells: &'a StringRecord,
    /// The character between cells.
    pub(super) separator: char,
    /// What it reads like.
    pub(super) likeness: Likeness,
}

/// What the first record of a table reads like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Names.
    Names,
    /// Names or values: one is a number, long, or stands further down in its column too.
    Either,
    /// Values: one stands further down in its column too, and another is a whole text.
    Row,
    /// A title above the names, which are in this line.
    Title(u64),
}

impl Likeness {
    /// Compares the first of some records with the others.
    pub(super) fn of(records: &[StringRecord]) -> Self {
        let Some((header, rows)) = records.split_first() else { return Self::Names };
        if let Some(line) = below_a_title(header, rows) {
            return Self::Title(line);
        }
        let filled = || header.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
        let recurs = filled()
            .any(|(place, cell)| rows.iter().any(|row| row.get(place) == Some(cell) && row != header));
        let is_text = filled().any(|(_, cell)| is_text(cell));
        let is_number = filled().any(|(_, cell)| cell.trim().parse::<f64>().is_ok());
        match (recurs, is_text, is_number) {
            (true, true, _) => Self::Row,
            (false, false, false) => Self::Names,
            _ => Self::Either,
        }
    }
}

/// Returns the line of the names, where nothing but a title is in the first record.
fn below_a_title(header: &StringRecord, rows: &[StringRecord]) -> Option<u64> {
    let filled = |record: &StringRecord| record.iter().filter(|cell| !cell.trim().is_empty()).count();
    if filled(header) != 1 || header.get(0)?.trim().is_empty() {
        return None;
    }
    let names = rows.iter().find(|record| filled(record) > 1)?;
    let is_like = |record: &&StringRecord| filled(record) > 1 && record.len() == names.len();
    let is_below = rows.iter().filter(is_like).count() * 2 > rows.len() && rows.len() > 2;
    names.position().filter(|_| is_below).map(csv::Position::line)
}

fn is_text(cell: &str) -> bool {
    cell.split_whitespace().nth(NAME_WORDS).is_some() || cell.chars().nth(NAME_CHARS).is_some()
}

/// Returns whether a header has no name for a column.
pub(super) fn is_nameless(name: &str) -> bool {
    // So pandas names a column without a name.
    let number = name.strip_prefix("Unnamed: ");
    name.trim().is_empty() || number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Header<'_> {
    /// Returns the error that the first line holds no names, where that is certain whatever is asked for.
    pub(super) fn not_names(&self) -> Option<LineFault> {
        if let Likeness::Title(line) = self.likeness {
            return Some(LineFault::NamesBelow { line, command: from_line(self.path, line) });
        }
        let is_whole = self.cells.len() == 1 && self.cells.get(0)?.trim().contains(self.separator);
        let command = format!(
            "python3 -c 'import csv, sys; [print(*row) for row in csv.reader(sys.stdin)]' < {} > NEW.csv",
            in_shell(self.path)
        );
        is_whole.then_some(LineFault::QuotedLines { command })
    }

    /// Returns the error that this is a row, with the command that writes names above it.
    pub(super) fn missing(&self, text: &str, label: &str) -> LineFault {
        let cells: Vec<String> = self.cells.iter().map(str::to_owned).collect();
        let longest = cells.iter().enumerate().max_by_key(|(place, cell)| (cell.len(), usize::MAX - place));
        let text_place = longest.map_or(0, |(place, _)| place);
        let label_place = usize::from(text_place == 0);
        let name = |place: usize| match place {
            _ if place == text_place => text.to_owned(),
            _ if place == label_place => label.to_owned(),
            _ => format!("column{}", place + 1),
        };
        let between = if self.separator == '\t' { "\\t".to_owned() } else { self.separator.to_string() };
        let names = (0..cells.len()).map(name).collect::<Vec<_>>().join(&between).replace('%', "%%");
        let end = if self.separator == '\t' { "tsv" } else { "csv" };
        let command = format!("printf '{names}\\n' | cat - {} > NEW.{end}", in_shell(self.path));
        LineFault::NoHeader { cells, command }
    }
}

/// Returns the command that takes a file from a line on.
fn from_line(path: &Path, line: u64) -> String {
    let end = path.extension().map_or_else(|| "csv".into(), |end| end.to_string_lossy());
    format!("tail -n +{line} {} > NEW.{end}", in_shell(path))
}

/// Returns a path as a shell reads it.
pub(super) fn in_shell(path: &Path) -> String {
    let shown = shown_path(path);
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,=@:".contains(c);
    if shown.chars().all(is_plain) { shown } else { format!("'{}'", shown.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::super::dialect::sample;
    use super::*;
    use crate::domain::Quotes;

    fn likeness(table: &str) -> Likeness {
        Likeness::of(&sample(table, b'\t', Quotes::None))
    }

    #[test]
    fn a_first_row_is_told_from_a_header() {
        for table in ["text\tlabel\nHi\tx\n", "text\tlabel\ntext\tlabel\n", "", "v1\tv2\t\t\nx\ty\t\t\n"] {
            assert_eq!(likeness(table), Likeness::Names, "{table}");
        }
        for table in ["0\t1\nHi\tx\n", "What do you think of it?\tlabel\nHi\tx\n", "ham\tHi\nham\tHo\n"] {
            assert_eq!(likeness(table), Likeness::Either, "{table}");
        }
        assert_eq!(likeness("ham\tGo until jurong point, crazy\nspam\tWin\nham\tOk\n"), Likeness::Row);
    }

    #[test]
    fn a_title_above_the_names_is_known_with_their_line() {
        for (table, line) in [
            ("Messages 2024\t\ntext\tlabel\nHi\tx\nHo\ty\n", 2),
            ("Messages\t\n\t\n\ntext\tlabel\nHi\tx\nHo\ty\nHa\ty\n", 4),
        ] {
            assert_eq!(likeness(table), Likeness::Title(line), "{table}");
        }
        for table in ["\ttext\n0\tHi\n1\tHo\n", "text\t\nHi\t\nHo\t\n", "text\t\nHi\tx\nHo\t\nHa\t\n"] {
            assert_eq!(likeness(table), Likeness::Names, "{table}");
        }
    }

    #[test]
    fn the_command_names_the_longest_cell_the_text() {
        let cells = StringRecord::from(vec!["ham", "Go until jurong point", "7"]);
        let path = Path::new("my rows.tsv");
        let header = Header { path, line: 1, cells: &cells, separator: '\t', likeness: Likeness::Row };

        let said = header.missing("body", "class").to_string();

        assert!(
            said.contains("`printf 'class\\tbody\\tcolumn3\\n' | cat - 'my rows.tsv' > NEW.tsv`"),
            "{said}"
        );
    }

    #[test]
    fn columns_without_a_name_are_known() {
        let is = ["", " ", "Unnamed: 2", "Unnamed", "Unnamed: x", "v2"].map(is_nameless);
        assert_eq!(is, [true, true, true, false, false, false]);
    }
}
