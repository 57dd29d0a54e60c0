//! Collects the rows of a file, and notes what is wrong with them.

use std::collections::{BTreeMap, HashMap};

use super::arena::Arena;
use super::error::DatasetError;
use super::fault::LineFault;
use super::input::Fingerprint;
use super::records::{Ids, Records};
use super::sentence::{counted, quoted};
use super::source::Source;
use super::troubles::{Lines, Notes};

/// A value of the split column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Train,
    Test,
    Validation,
}

impl Side {
    /// Reads a value, in any case and with the words that people use.
    pub(super) fn of(value: &str) -> Option<Self> {
        const WORDS: [(Side, &[&str]); 3] = [
            (Side::Train, &["train", "training", "trn"]),
            (
                Side::Test,
                &[
                    "test",
                    "testing",
                    "tst",
                    "eval",
                    "evaluation",
                    "holdout",
                    "hold-out",
                    "heldout",
                    "held-out",
                ],
            ),
            (Side::Validation, &["validation", "validate", "valid", "val", "dev", "devel", "development"]),
        ];
        let value = value.trim();
        let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(value));
        WORDS.into_iter().find(|(_, words)| is(words)).map(|(side, _)| side)
    }
}

/// The values of one row, borrowed from a parser.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawRow<'a> {
    /// The line where the row starts, from 1.
    pub(super) line: u64,
    pub(super) text: &'a str,
    pub(super) label: &'a str,
    /// Whether the label is a number, `true` or `false` in a JSON file.
    pub(super) is_plain: bool,
    pub(super) id: Option<&'a str>,
    pub(super) split: Option<&'a str>,
}

/// Collects rows, checks each, and makes [`Records`] of them.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    source: &'a Source,
    texts: Arena,
    labels: Vec<String>,
    numbers: HashMap<String, u32>,
    /// How many rows of each label have it as a number, `true` or `false`, and how many as a text.
    plain: Vec<(usize, usize)>,
    label_of: Vec<u32>,
    ids: Arena,
    lines: Vec<u64>,
    sides: Vec<Side>,
    /// The values of the split column that say nothing, each with its rows, and their lines.
    unknown: (BTreeMap<String, usize>, Lines),
    left_out: usize,
    unlabelled: Lines,
}

impl<'a> Builder<'a> {
    /// Creates a builder without rows.
    pub(super) fn new(source: &'a Source) -> Self {
        Self {
            source,
            texts: Arena::default(),
            labels: Vec::new(),
            numbers: HashMap::new(),
            plain: Vec::new(),
            label_of: Vec::new(),
            ids: Arena::default(),
            lines: Vec::new(),
            sides: Vec::new(),
            unknown: (BTreeMap::new(), Lines::default()),
            left_out: 0,
            unlabelled: Lines::default(),
        }
    }

    /// Adds a row, or only counts it if its text or its label is empty.
    pub(super) fn push(&mut self, row: RawRow<'_>, notes: &mut Notes) {
        let RawRow { line, text, label, is_plain, id, split } = row;
        if text.trim().is_empty() {
            self.left_out += 1;
            return;
        }
        if label.trim().is_empty() {
            self.unlabelled.add(line);
            return;
        }
        if u32::try_from(self.lines.len() + 1).is_err() {
            notes.trouble(line, LineFault::TooManyRows);
            return;
        }
        if let (Some(column), Some(id)) = (&self.source.id, id) {
            if id.trim().is_empty() {
                notes.trouble(line, LineFault::EmptyValue { column: column.clone() });
            }
            self.ids.push(id);
        }
        if let Some(value) = split.filter(|_| self.source.split.is_some()) {
            self.push_side(line, value);
        }
        let label = self.number(label);
        if let Some((plain, texts)) = self.plain.get_mut(label as usize) {
            *(if is_plain { plain } else { texts }) += 1;
        }
        self.label_of.push(label);
        self.texts.push(text);
        self.lines.push(line);
    }

    fn push_side(&mut self, line: u64, value: &str) {
        let side = Side::of(value);
        if side.is_none() {
            *self.unknown.0.entry(value.to_owned()).or_default() += 1;
            self.unknown.1.add(line);
        }
        self.sides.push(side.unwrap_or(Side::Validation));
    }

    /// Returns the index of a label, adding it where it is new.
    fn number(&mut self, label: &str) -> u32 {
        if let Some(number) = self.numbers.get(label) {
            return *number;
        }
        // There are at most as many labels as rows, whose number fits into a `u32`.
        let number = u32::try_from(self.labels.len()).unwrap_or(u32::MAX);
        self.numbers.insert(label.to_owned(), number);
        self.labels.push(label.to_owned());
        self.plain.push((0, 0));
        number
    }

    /// Forgets the rows without a label, where the file has no column of labels.
    pub(super) fn forget_unlabelled(&mut self) {
        self.unlabelled = Lines::default();
    }

    /// Returns the records of all rows added.
    ///
    /// # Errors
    ///
    /// If something is wrong with the rows, or there is none.
    pub(super) fn finish(
        mut self,
        fingerprint: Fingerprint,
        mut notes: Notes,
    ) -> Result<Records, DatasetError> {
        self.check_labels(&mut notes);
        self.settle_sides(&mut notes);
        let (path, column) = (self.source.path.clone(), self.source.text.clone());
        if self.lines.is_empty() && notes.is_fine() {
            let left_out = self.left_out;
            return Err(DatasetError::NoRows { path, column, left_out, unlabelled: self.unlabelled.count });
        }
        let order = if self.source.id.is_some() { order_of(&self.ids) } else { Ok(Vec::new()) };
        if let Err((first, second, count)) = order {
            let line = |row: usize| self.lines.get(row).copied().unwrap_or_default();
            let fault = LineFault::DuplicateId { id: self.ids.get(second).to_owned(), first: line(first) };
            notes.trouble_in(Lines { first: vec![line(second)], count }, fault);
        }
        let remarks = notes.finish(&path)?;
        let ids = match (&self.source.id, order) {
            (Some(_), Ok(order)) => Ids::Column { ids: self.ids, order },
            _ => Ids::Lines(self.lines),
        };
        Ok(Records {
            path,
            texts: self.texts,
            labels: self.labels,
            plain: self.plain.iter().map(|(plain, texts)| *plain > 0 && *texts == 0).collect(),
            label_of: self.label_of,
            ids,
            sides: self.source.split.is_some().then_some(self.sides),
            left_out: self.left_out,
            unlabelled: self.unlabelled.count,
            remarks,
            fingerprint,
        })
    }

    fn check_labels(&self, notes: &mut Notes) {
        let (column, lines) = (self.source.label.clone(), &self.unlabelled);
        let (count, rows) = (lines.count, lines.count + self.lines.len());
        if count > 0 && !self.source.reading.skip_unlabelled {
            notes.trouble_in(lines.clone(), LineFault::Unlabelled { column, count, rows });
        } else if count > 0 {
            let no_label = counted(count, "row");
            notes.remark(format!(
                "{no_label} of {rows} without a label {} passed over ({}).",
                was(count),
                notes.places(lines)
            ));
        }
        let mixed =
            self.labels.iter().zip(&self.plain).filter(|(_, (plain, texts))| *plain > 0 && *texts > 0);
        for (label, (plain, texts)) in mixed {
            notes.remark(format!(
                "The label {} is a number or a truth value in {} and a text in {texts}; it goes out as a text.",
                quoted(label),
                counted(*plain, "row")
            ));
        }
    }

    /// Notes values of the split column that say nothing, and what becomes of validation rows.
    fn settle_sides(&mut self, notes: &mut Notes) {
        let (values, lines) = std::mem::take(&mut self.unknown);
        if let Some(column) = self.source.split.clone().filter(|_| !values.is_empty()) {
            let mut values: Vec<_> = values.into_iter().collect();
            values.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
            notes.trouble_in(lines, LineFault::SplitValues { column, values });
            return;
        }
        let count = |side| self.sides.iter().filter(|other| **other == side).count();
        let (tests, validation) = (count(Side::Test), counted(count(Side::Validation), "validation row"));
        if count(Side::Validation) == 0 {
            return;
        }
        if tests == 0 {
            self.sides
                .iter_mut()
                .filter(|side| **side == Side::Validation)
                .for_each(|side| *side = Side::Test);
            notes.remark(format!(
                "The split column names no test row, so its validation rows are its test rows ({validation})."
            ));
        } else {
            notes.remark(format!("Left aside: {validation}, never shown to a model, counted or exported."));
        }
    }
}

const fn was(count: usize) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

/// Returns the rows in the order of their ids. The error is the first pair of rows with the same id, the
/// earlier row and then the one that repeats it, and how many rows repeat an id.
fn order_of(ids: &Arena) -> Result<Vec<u32>, (usize, usize, usize)> {
    // The number of rows fits into a `u32`.
    let rows = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let mut order: Vec<u32> = (0..rows).collect();
    order.sort_by(|a, b| ids.get(*a as usize).cmp(ids.get(*b as usize)));
    let pairs = order.windows(2).filter_map(|pair| match pair {
        [a, b] if ids.get(*a as usize) == ids.get(*b as usize) => Some((*a as usize, *b as usize)),
        _ => None,
    });
    match pairs.clone().min_by_key(|(_, second)| *second) {
        Some((first, second)) => Err((first, second, pairs.count())),
        None => Ok(order),
    }
}
