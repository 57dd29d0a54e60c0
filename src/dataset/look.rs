//! What is in a file, before its columns are named.
//!
//! Each column is summed up while the file is read, so that a large file takes no more memory
//! than a small one: the values of a column are counted while they are few and short.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use csv::StringRecord;
use serde_json::Value;

use super::dialect::Format;
use super::error::DatasetError;
use super::header::{Header, Likeness, is_nameless};
use super::objects::whole;
use super::reader::Sink;
use super::troubles::Notes;
use super::wrapped;

/// The most different values of a column that are counted.
const MOST_VALUES: usize = 1_000;
/// The most characters of a value that is counted; a longer one is no label.
const LONGEST_VALUE: usize = 200;
/// The most columns that are told apart; objects with ever new keys have no columns.
const MOST_COLUMNS: usize = 1_000;

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
    const fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }
}

/// Sums up the rows of a file.
pub(super) struct Looker {
    path: PathBuf,
    columns: Vec<Counted>,
    places: HashMap<String, usize>,
    rows: usize,
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

    fn count(&mut self, kind: Kind, value: &str) {
        let column = &mut self.column;
        column.kinds.insert(kind);
        if kind == Kind::Null || value.trim().is_empty() {
            return;
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
            notes: Notes::default(),
        }
    }

    /// Returns what was seen.
    pub(super) fn finish(self, format: Format) -> Result<Look, DatasetError> {
        let remarks = self.notes.finish(&self.path)?;
        let columns = self.columns.into_iter().map(Counted::finish).collect();
        Ok(Look { format, columns, rows: self.rows, remarks })
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
        match header.likeness {
            Likeness::Row => self.notes.trouble(header.line, fault),
            Likeness::Either => self.notes.remark(format!("Look at the first line: {fault}")),
            Likeness::Names => {}
        }
        self.columns =
            header.cells.iter().map(|name| Counted::new(if is_nameless(name) { "" } else { name })).collect();
        header.likeness != Likeness::Row
    }

    fn record(&mut self, _line: u64, record: &StringRecord) {
        self.rows += 1;
        self.columns.iter_mut().zip(record).for_each(|(column, cell)| column.count(Kind::Text, cell));
    }

    fn object(&mut self, line: u64, text: &str) {
        self.rows += 1;
        let object = match whole(text, if self.notes.by_item { "item" } else { "line" }) {
            Ok(object) => object,
            Err(fault) => return self.notes.trouble(line, fault),
        };
        if self.rows == 1
            && !object.values().any(Value::is_string)
            && let Some(fault) = wrapped::find(&object, &[], &self.path)
        {
            return self.notes.trouble(line, fault);
        }
        for (key, value) in object {
            if let Some(column) = self.column(&key) {
                match &value {
                    Value::String(text) => column.count(Kind::Text, text),
                    other => column.count(Kind::of(other), &other.to_string()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::reader::look_from;
    use super::*;

    fn look(name: &str, bytes: &str) -> Look {
        look_from(Path::new(name), Cursor::new(bytes)).unwrap()
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
