//! Picks the named columns out of the rows of a file.

use std::borrow::Cow;
use std::rc::Rc;

use csv::StringRecord;

use super::builder::{Builder, RawRow};
use super::error::DatasetError;
use super::fault::LineFault;
use super::header::{Header, Likeness, is_nameless};
use super::input::Fingerprint;
use super::objects::{Cell, Picked, pick, whole};
use super::reader::Sink;
use super::records::Records;
use super::sentence::{counted, quoted};
use super::shape;
use super::source::Source;
use super::troubles::{Lines, Notes};
use super::wrapped::{self, Place};
use crate::text::closest;

/// Makes records of the rows of a file.
pub(super) struct Rows<'a> {
    source: &'a Source,
    columns: Option<Columns>,
    /// The names of the columns: the text, the label, and the id and the split where they are read.
    names: Rc<[&'a str]>,
    builder: Builder<'a>,
    notes: Notes,
    /// Rows with something in columns without a name behind the text.
    spilled: Lines,
    /// Rows whose label is a list of one.
    listed: Lines,
    /// The keys of the first object without the label's, and its line, until an object has it.
    without_label: Option<(u64, Vec<String>)>,
    has_label: bool,
    joined: String,
}

impl<'a> Rows<'a> {
    /// Begins without rows.
    pub(super) fn new(source: &'a Source) -> Self {
        let more = source.id.iter().chain(&source.split).map(String::as_str);
        Self {
            source,
            columns: None,
            names: [source.text.as_str(), &source.label].into_iter().chain(more).collect(),
            builder: Builder::new(source),
            notes: Notes::default(),
            spilled: Lines::default(),
            listed: Lines::default(),
            without_label: None,
            has_label: false,
            joined: String::new(),
        }
    }

    /// Returns the records of all rows.
    pub(super) fn finish(mut self, fingerprint: Fingerprint) -> Result<Records, DatasetError> {
        if let Some((line, columns)) = self.without_label.take().filter(|_| !self.has_label) {
            self.builder.forget_unlabelled();
            self.notes.trouble(line, LineFault::NoColumn { column: self.source.label.clone(), columns });
        }
        if self.spilled.count > 0 {
            self.notes.remark(self.spilled_remark());
        }
        if self.listed.count > 0 {
            self.notes.remark(format!(
                "The label is a list of one in {} ({}); that one is the label.",
                counted(self.listed.count, "row"),
                self.notes.places(&self.listed)
            ));
        }
        self.builder.finish(fingerprint, self.notes)
    }

    fn spilled_remark(&self) -> String {
        let (rows, text) = (counted(self.spilled.count, "row"), quoted(&self.source.text));
        let places = self.notes.places(&self.spilled);
        let can_join = self.columns.as_ref().is_some_and(|columns| columns.behind > 0);
        if self.source.reading.join && can_join {
            return format!(
                "{text} was joined with the cells without a column's name behind it in {rows} ({places})."
            );
        }
        let has = if self.spilled.count == 1 { "has" } else { "have" };
        let remedy = if can_join {
            "To join it again, write `join = true` under [dataset], or `--join` behind `new`."
        } else {
            "Put quotes around texts with the character that parts the cells."
        };
        format!(
            "{rows} {has} something in columns without a name behind {text} ({places}): the text is probably cut there. {remedy}"
        )
    }

    /// Takes the values of an object.
    fn take(&mut self, line: u64, text: &str, picked: &Picked<'_>) -> Result<(), LineFault> {
        if let Some(name) = picked.twice.and_then(|place| self.names.get(place)) {
            return Err(LineFault::ColumnTwice { column: (*name).to_owned() });
        }
        let source = self.source;
        let body = match picked.cell(0)? {
            Cell::Missing => return Err(self.missing(&source.text, text)),
            Cell::Null => Cow::Borrowed(""),
            Cell::Text(body) => body,
            Cell::NotANumber => return Err(LineFault::NotANumber { column: source.text.clone() }),
            other => return Err(self.not_text(text, other.kind())),
        };
        let (label, is_plain) = self.label(line, text, picked)?;
        let more = |column: &Option<String>| match column {
            Some(column) => self.name(column, picked.cell(self.place_of(column))?, text).map(Some),
            None => Ok(None),
        };
        let (id, split) = (more(&source.id)?, more(&source.split)?);
        let row =
            RawRow { line, text: &body, label: &label, is_plain, id: id.as_deref(), split: split.as_deref() };
        self.builder.push(row, &mut self.notes);
        Ok(())
    }

    /// Returns the first place of a name, where its value is picked.
    fn place_of(&self, column: &str) -> usize {
        self.names.iter().position(|name| *name == column).unwrap_or_default()
    }

    /// Returns the label of an object, empty where it has none, and whether it is no text.
    fn label<'p>(
        &mut self,
        line: u64,
        text: &str,
        picked: &Picked<'p>,
    ) -> Result<(Cow<'p, str>, bool), LineFault> {
        let column = &self.source.label;
        let mut cell = picked.cell(self.place_of(column))?;
        if let Cell::List(list) = cell {
            let single = Cell::single(list);
            cell = single.ok_or_else(|| LineFault::SeveralLabels { column: column.clone() })?;
            if cell != Cell::Null {
                self.listed.add(line);
            }
        }
        // Python writes `NaN` where a label is missing.
        if cell == Cell::NotANumber && self.source.reading.skip_unlabelled {
            cell = Cell::Null;
        }
        self.has_label |= cell != Cell::Missing;
        if cell == Cell::Missing {
            let keys: Vec<String> = whole(text, "line")?.keys().cloned().collect();
            if closest(column, keys.iter().map(String::as_str)).is_some() {
                return Err(LineFault::NoColumn { column: column.clone(), columns: keys });
            }
            self.without_label.get_or_insert((line, keys));
            return Ok(("".into(), false));
        }
        let is_plain = matches!(cell, Cell::Plain(_));
        Ok((self.name(column, cell, text)?, is_plain))
    }

    /// Returns a value as a name: numbers, `true` and `false` as they are written, empty for `null`.
    fn name<'p>(&self, column: &str, cell: Cell<'p>, text: &str) -> Result<Cow<'p, str>, LineFault> {
        let column = || column.to_owned();
        match cell {
            Cell::Missing => Err(self.missing(&column(), text)),
            Cell::Null => Ok("".into()),
            Cell::Plain(text) => Ok(text.into()),
            Cell::Text(text) => Ok(text),
            Cell::NotANumber => Err(LineFault::NotANumber { column: column() }),
            Cell::List(_) | Cell::Object(_) => {
                Err(LineFault::NotText { column: column(), found: cell.kind() })
            }
        }
    }

    /// Says that a text is none, or that the object holds all rows.
    fn not_text(&self, text: &str, found: &'static str) -> LineFault {
        let place = Place::of(&self.source.path, &self.notes);
        let shape = whole(text, "line").ok().and_then(|object| shape::find(&object, place));
        shape.unwrap_or_else(|| LineFault::NotText { column: self.source.text.clone(), found })
    }

    /// Says that an object lacks a column, or that the rows are inside of it.
    fn missing(&self, column: &str, text: &str) -> LineFault {
        match whole(text, "line") {
            Ok(object) => {
                let place = Place::of(&self.source.path, &self.notes);
                let wrapped = || wrapped::find(&object, &self.names, place);
                shape::find(&object, place).or_else(wrapped).unwrap_or_else(|| LineFault::NoColumn {
                    column: column.to_owned(),
                    columns: object.keys().cloned().collect(),
                })
            }
            Err(fault) => fault,
        }
    }
}

impl Sink for Rows<'_> {
    fn notes(&mut self) -> &mut Notes {
        &mut self.notes
    }

    fn header(&mut self, header: &Header<'_>) -> bool {
        let source = self.source;
        if let Some(fault) =
            header.not_names().filter(|_| !header.cells.iter().any(|name| self.names.contains(&name)))
        {
            self.notes.trouble(header.line, fault);
            return false;
        }
        match Columns::find(source, header) {
            Ok(_) if header.likeness == Likeness::Row => {
                self.notes.trouble(header.line, header.missing("text", "label"));
                false
            }
            Ok(columns) => {
                self.columns = Some(columns);
                true
            }
            Err(faults) => {
                let has_any = header.cells.iter().any(|name| self.names.contains(&name));
                if header.likeness != Likeness::Names && !has_any {
                    self.notes.trouble(header.line, header.missing(&source.text, &source.label));
                    return false;
                }
                faults.into_iter().for_each(|fault| self.notes.trouble(header.line, fault));
                true
            }
        }
    }

    fn record(&mut self, line: u64, record: &StringRecord) {
        let Some(columns) = &self.columns else { return };
        let mut row = columns.pick(record, line);
        let last = columns
            .nameless
            .iter()
            .rposition(|place| record.get(*place).is_some_and(|cell| !cell.trim().is_empty()));
        if let Some(last) = last {
            self.spilled.add(line);
            if self.source.reading.join && columns.behind > 0 {
                self.joined.clear();
                self.joined.push_str(row.text);
                for cell in record.iter().skip(columns.text + 1).take(columns.behind.min(last + 1)) {
                    self.joined.push(columns.separator);
                    self.joined.push_str(cell);
                }
                row.text = &self.joined;
            }
        }
        self.builder.push(row, &mut self.notes);
    }

    fn object(&mut self, line: u64, text: &str) {
        let what = if self.notes.by_item { "item" } else { "line" };
        let names = Rc::clone(&self.names);
        if let Err(fault) = pick(text, &names, what, |picked| self.take(line, text, picked)) {
            self.notes.trouble(line, fault);
        }
    }
}

/// The indexes of the named columns in a record.
#[derive(Debug, Clone)]
struct Columns {
    text: usize,
    label: usize,
    id: Option<usize>,
    split: Option<usize>,
    /// The columns without a name behind the text.
    nameless: Vec<usize>,
    /// How many of them follow the text directly.
    behind: usize,
    separator: char,
}

impl Columns {
    /// Finds the columns that a source names in a header.
    fn find(source: &Source, header: &Header<'_>) -> Result<Self, Vec<LineFault>> {
        let mut faults = Vec::new();
        let mut find = |column: &String| {
            let mut places = header.cells.iter().enumerate().filter(|(_, name)| name == column);
            match (places.next(), places.next()) {
                (Some((place, _)), None) => return place,
                (Some(_), Some(_)) => faults.push(LineFault::ColumnTwice { column: column.clone() }),
                (None, _) => {
                    let columns = header.cells.iter().map(str::to_owned).collect();
                    faults.push(LineFault::NoColumn { column: column.clone(), columns });
                }
            }
            0
        };
        let (text, label) = (find(&source.text), find(&source.label));
        let (id, split) = (source.id.as_ref().map(&mut find), source.split.as_ref().map(&mut find));
        let is_used = |place: usize| place == label || Some(place) == id || Some(place) == split;
        let names = || header.cells.iter().enumerate().skip(text + 1);
        let is_free = |(place, name): &(usize, &str)| is_nameless(name) && !is_used(*place);
        let columns = Self {
            text,
            label,
            id,
            split,
            nameless: names().filter(is_free).map(|(place, _)| place).collect(),
            behind: names().take_while(is_free).count(),
            separator: header.separator,
        };
        if faults.is_empty() { Ok(columns) } else { Err(faults) }
    }

    /// Returns the named fields of a record that is as long as the header.
    fn pick<'r>(&self, record: &'r StringRecord, line: u64) -> RawRow<'r> {
        let field = |place: usize| record.get(place).unwrap_or_default();
        RawRow {
            line,
            text: field(self.text),
            label: field(self.label),
            is_plain: false,
            id: self.id.map(field),
            split: self.split.map(field),
        }
    }
}
