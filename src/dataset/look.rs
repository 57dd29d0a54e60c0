//! What is in a file, before its columns are named.
//!
//! Each column is summed up while the file is read, so that a large file takes no more memory
//! than a small one: the values of a column are counted while they are few and short.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use csv::StringRecord;
use serde_json::value::{Map, RawValue, Value};

use super::dialect::Format;
use super::error::DatasetError;
use super::fault::LineFault;
use super::header::{Header, Likeness, is_nameless};
use super::objects::{Cell, entries, whole};
use super::reader::Sink;
use super::sentence::counted;
use super::shape;
use super::troubles::{Lines, Notes};
use super::wrapped::{self, Place};

/// The most different values of a column that are counted.
const MOST_VALUES: usize = 1_000;
/// The most characters of a value that is counted; a longer one is no label.
const LONGEST_VALUE: usize = 200;
/// The most columns that are told apart; objects with ever new keys have no columns.
const MOST_COLUMNS: usize = 1_000;

/// How many of the first rows are kept to be shown.
pub(crate) const FIRST_ROWS: usize = 5;
/// The most characters that are kept of a cell of theirs.
const FIRST_CHARS: usize = 300;

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    /// The format that was found.
    pub(crate) format: Format,
    /// The columns, in the order of the file.
    pub(crate) columns: Vec<Column>,
    /// The number of rows.
    pub(crate) rows: usize,
    /// What is unusual about the file and how it was read, in full sentences.
    pub(crate) remarks: Vec<String>,
}

/// One column of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name; empty where the header has none.
    pub(crate) name: String,
    /// The rows that have something in it other than blanks or `null`.
    pub(crate) filled: usize,
    /// The kinds of its values.
    pub(crate) kinds: BTreeSet<Kind>,
    /// Its different values, each with its rows, in the order of the file.
    pub(crate) values: Vec<(String, usize)>,
    /// Whether it has values that `values` leaves out, since they are too many or too long.
    pub(crate) has_more_values: bool,
    /// The median length of what is filled, in characters.
    pub(crate) median_chars: usize,
    /// Whether all that is filled are whole numbers.
    pub(crate) is_whole: bool,
    /// The beginning of what the first rows have in it, with the row's place from 0, but for empty cells.
    pub(crate) first: Vec<(usize, String)>,
}

impl Column {
    /// Returns the beginning of what one of the first rows has in it.
    pub(crate) fn first_of(&self, row: usize) -> &str {
        self.first.iter().find(|(place, _)| *place == row).map_or("", |(_, cell)| cell)
    }
}

/// The kind of a value, as JSON tells them apart. Cells of a table are texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl Kind {
    /// Returns the kind of a value with what counts as its value: of a list of one, that one.
    fn of<'c>(cell: &'c Cell<'_>) -> (Self, Cow<'c, str>) {
        match cell {
            Cell::Missing | Cell::Null | Cell::NotANumber => (Self::Null, "".into()),
            Cell::Plain(text @ ("true" | "false")) => (Self::Boolean, (*text).into()),
            Cell::Plain(text) => (Self::Number, (*text).into()),
            Cell::Text(text) => (Self::Text, text.as_ref().into()),
            Cell::Object(text) => (Self::Object, (*text).into()),
            Cell::List(text) => match Cell::single(text) {
                Some(Cell::Plain(one)) => (Self::List, one.into()),
                Some(Cell::Text(one)) => (Self::List, one.into_owned().into()),
                Some(Cell::Null | Cell::NotANumber) => (Self::Null, "".into()),
                _ => (Self::List, (*text).into()),
            },
        }
    }
}

/// Sums up the rows of a file.
pub(super) struct Looker {
    path: PathBuf,
    columns: Vec<Counted>,
    places: HashMap<String, usize>,
    rows: usize,
    /// Rows with something in columns without a name, but for the first.
    spilled: Lines,
    notes: Notes,
}

/// A column while its values are counted.
#[derive(Debug)]
struct Counted {
    column: Column,
    places: HashMap<String, usize>,
    /// How many values have each length, rounded to the nearest of about a thousand.
    lengths: BTreeMap<usize, usize>,
}

impl Counted {
    fn new(name: &str) -> Self {
        let column = Column { name: name.to_owned(), is_whole: true, ..Column::default() };
        Self { column, places: HashMap::new(), lengths: BTreeMap::new() }
    }

    fn count(&mut self, row: usize, kind: Kind, value: &str) {
        let column = &mut self.column;
        column.kinds.insert(kind);
        if kind == Kind::Null || value.trim().is_empty() {
            return;
        }
        if row < FIRST_ROWS {
            column.first.push((row, value.chars().take(FIRST_CHARS).collect()));
        }
        column.filled += 1;
        column.is_whole = column.is_whole && is_whole(value);
        let chars = value.chars().count();
        *self.lengths.entry(rounded(chars)).or_default() += 1;
        if let Some(place) = self.places.get(value) {
            column.values[*place].1 += 1;
        } else if chars > LONGEST_VALUE || column.values.len() == MOST_VALUES {
            column.has_more_values = true;
        } else {
            self.places.insert(value.to_owned(), column.values.len());
            column.values.push((value.to_owned(), 1));
        }
    }

    fn finish(mut self) -> Column {
        let mut before = 0;
        let half = self.column.filled.div_ceil(2);
        let median = self.lengths.iter().find(|(_, rows)| {
            before += **rows;
            before >= half
        });
        self.column.median_chars = median.map_or(0, |(chars, _)| *chars);
        self.column.is_whole &= self.column.filled > 0;
        self.column
    }
}

fn is_whole(value: &str) -> bool {
    let digits = value.trim();
    let digits = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Rounds a length down to its first three digits.
fn rounded(mut chars: usize) -> usize {
    let mut unit = 1;
    while chars >= 1_000 {
        chars /= 10;
        unit *= 10;
    }
    chars * unit
}

impl Looker {
    /// Begins to look at a file.
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            columns: Vec::new(),
            places: HashMap::new(),
            rows: 0,
            spilled: Lines::default(),
            notes: Notes::default(),
        }
    }

    /// Returns what was seen.
    pub(super) fn finish(mut self, format: Format) -> Result<Look, DatasetError> {
        if self.spilled.count > 0 {
            let has = if self.spilled.count == 1 { "has" } else { "have" };
            let (rows, places) = (counted(self.spilled.count, "row"), self.notes.places(&self.spilled));
            self.notes.remark(format!(
                "{rows} {has} something in columns without a name ({places}): where they stand behind the text it is \
                 probably cut there, and `--join` behind `new` joins it again."
            ));
        }
        let remarks = self.notes.finish(&self.path)?;
        let columns = self.columns.into_iter().map(Counted::finish).collect();
        Ok(Look { format, columns, rows: self.rows, remarks })
    }

    /// Returns what is wrong with the first object, where it is no row.
    fn otherwise(&self, object: &Map<String, Value>) -> Option<LineFault> {
        let place = Place::of(&self.path, &self.notes);
        let is_row = object.values().any(Value::is_string) && !shape::is_tool(object);
        let wrapped = || wrapped::find(object, &[], place).filter(|_| !is_row);
        shape::find(object, place).or_else(wrapped)
    }

    fn column(&mut self, name: &str) -> Option<&mut Counted> {
        let place = match self.places.get(name) {
            Some(place) => *place,
            None if self.columns.len() == MOST_COLUMNS => return None,
            None => {
                self.places.insert(name.to_owned(), self.columns.len());
                self.columns.push(Counted::new(name));
                self.columns.len() - 1
            }
        };
        self.columns.get_mut(place)
    }
}

impl Sink for Looker {
    fn notes(&mut self) -> &mut Notes {
        &mut self.notes
    }

    fn header(&mut self, header: &Header<'_>) -> bool {
        let fault = header.missing("text", "label");
        if let Some(fault) = header.not_names() {
            self.notes.trouble(header.line, fault);
            return false;
        }
        match header.likeness {
            Likeness::Row => self.notes.trouble(header.line, fault),
            Likeness::Either => self.notes.remark(format!("Look at the first line: {fault}")),
            Likeness::Names | Likeness::Title(_) => {}
        }
        let names = || header.cells.iter().filter(|name| !is_nameless(name));
        if let Some(name) = names().find(|name| names().filter(|other| other == name).count() > 1) {
            self.notes.remark(format!(
                "Look at the first line: {}",
                LineFault::ColumnTwice { column: name.to_owned() }
            ));
        }
        self.columns =
            header.cells.iter().map(|name| Counted::new(if is_nameless(name) { "" } else { name })).collect();
        header.likeness != Likeness::Row
    }

    fn record(&mut self, line: u64, record: &StringRecord) {
        self.rows += 1;
        let mut cells = self.columns.iter().zip(record).skip(1);
        if cells.any(|(column, cell)| column.column.name.is_empty() && !cell.trim().is_empty()) {
            self.spilled.add(line);
        }
        let row = self.rows - 1;
        self.columns.iter_mut().zip(record).for_each(|(column, cell)| column.count(row, Kind::Text, cell));
    }

    fn object(&mut self, line: u64, text: &str) {
        self.rows += 1;
        let what = if self.notes.by_item { "item" } else { "line" };
        if self.rows == 1
            && let Ok(object) = whole(text, what)
            && let Some(fault) = self.otherwise(&object)
        {
            return self.notes.trouble(line, fault);
        }
        let row = self.rows - 1;
        let count = |entries: Vec<(String, &RawValue)>| {
            for (key, value) in entries {
                if let Some(column) = self.column(&key) {
                    let cell = Cell::of(value)?;
                    let (kind, value) = Kind::of(&cell);
                    column.count(row, kind, &value);
                }
            }
            Ok(())
        };
        if let Err(fault) = entries(text, what, count) {
            self.notes.trouble(line, fault);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::reader::{self, look_from};
    use super::super::source::Reading;
    use super::*;

    fn look(name: &str, bytes: &str) -> Look {
        look_from(&reader::Place { path: Path::new(name), reading: Reading::default() }, Cursor::new(bytes))
            .unwrap()
    }

    #[test]
    fn the_columns_of_a_table_are_summed_up() {
        let look = look("a.csv", "text,label,\nHello there,1,\n\"Bye, now\",0,x\n ,1,\n");

        let said: Vec<_> = look.columns.iter().map(|c| (c.name.as_str(), c.filled, c.is_whole)).collect();
        assert_eq!(said, [("text", 2, false), ("label", 3, true), ("", 1, false)]);
        assert_eq!(look.columns[1].values, [("1".to_owned(), 2), ("0".to_owned(), 1)]);
        assert_eq!((look.rows, look.columns[0].median_chars), (3, 8));
    }

    #[test]
    fn the_keys_of_objects_are_columns_with_the_kinds_of_their_values() {
        let look = look("a.jsonl", "{\"text\":\"a\",\"label\":1}\n{\"label\":null,\"more\":[1]}\n");

        let names: Vec<_> = look.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["text", "label", "more"]);
        assert_eq!(look.columns[1].kinds, BTreeSet::from([Kind::Null, Kind::Number]));
        assert_eq!((look.columns[1].filled, look.columns[1].is_whole), (1, true));
        assert_eq!(look.columns[2].kinds, BTreeSet::from([Kind::List]));
    }

    #[test]
    fn the_beginnings_of_the_first_rows_are_kept() {
        let long = "x".repeat(1_000);
        let look = look("a.csv", &format!("text,label\nHi,\n{long},b\n3,c\n4,d\n5,e\n6,f\n"));

        let (text, label) = (&look.columns[0], &look.columns[1]);
        assert_eq!((text.first.len(), text.first_of(1).len(), text.first_of(5)), (5, 300, ""));
        assert_eq!((label.first_of(0), label.first_of(1), label.first_of(4)), ("", "b", "e"));
    }

    #[test]
    fn values_are_those_that_a_session_reads() {
        let look = look(
            "a.jsonl",
            "{\"label\":[\"x\"],\"id\":12345678901234567890123,\"n\":1.50}\n{\"label\":[],\"id\":7,\"n\":NaN}\n",
        );

        let values: Vec<_> = look.columns.iter().map(|column| column.values.clone()).collect();
        assert_eq!(values[0], [("x".to_owned(), 1)]);
        assert_eq!(values[1], [("12345678901234567890123".to_owned(), 1), ("7".to_owned(), 1)]);
        assert_eq!(values[2], [("1.50".to_owned(), 1)]);
    }

    #[test]
    fn spilled_cells_and_names_that_are_there_twice_are_told() {
        let spilled = look("a.csv", "v1,v2,,\nx,Hi,there,\ny,Ho,,\n").remarks;
        assert!(
            spilled[0].starts_with("1 row has something in columns without a name (line 2)"),
            "{spilled:?}"
        );
        assert_eq!(look("a.csv", ",text,label\n0,Hi,x\n").remarks, Vec::<String>::new());
        let twice = look("a.csv", "text,label,label\nHi,x,x\n").remarks;
        assert!(twice[0].contains("the column `label` is there twice"), "{twice:?}");
    }

    #[test]
    fn values_are_counted_while_they_are_few_and_short() {
        let rows =
            (0..1_500).map(|row| format!("{row},{}\n", "x".repeat(row % 300))).collect::<Vec<_>>().concat();

        let look = look("a.csv", &format!("id,text\n{rows}"));

        assert_eq!((look.columns[0].values.len(), look.columns[0].has_more_values), (1_000, true));
        assert_eq!((look.columns[1].values.len(), look.columns[1].has_more_values), (200, true));
        assert_eq!(look.columns[1].median_chars, 150);
    }

    #[test]
    fn lengths_are_kept_to_three_digits() {
        assert_eq!([0, 999, 1_239, 140_555].map(rounded), [0, 999, 1_230, 140_000]);
    }
}
