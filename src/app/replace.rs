//! The window that finds and replaces in rows: a form, and below it the rows that would change.

use std::collections::BTreeSet;
use std::sync::Arc;

use tui_textarea::TextArea;

use super::bulk::{ManyRows, by_state};
use super::message::Ask;
use super::prompt::text_area;
use crate::curate::{Replaceable, Replacement};
use crate::domain::{Fields, Projection, RowNumber, RowSet, Schema, StateKind};
use crate::text::word_diff::WordDiff;
use crate::text::{counted, thousands};

/// A line of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplaceField {
    /// The regular expression.
    Find,
    /// What takes the place of each match.
    With,
    /// The field of the rows.
    Field,
    /// Whether the case of letters matters.
    Case,
    /// In which rows.
    Rows,
}

impl ReplaceField {
    /// All lines, from the top down.
    pub const ALL: [Self; 5] = [Self::Find, Self::With, Self::Field, Self::Case, Self::Rows];

    /// Returns the name of the line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Find => "find",
            Self::With => "replace by",
            Self::Field => "field",
            Self::Case => "case",
            Self::Rows => "rows",
        }
    }
}

/// What is known of the rows that would change.
#[derive(Debug, Clone)]
pub enum Matches {
    /// The pattern cannot be used; why, as a sentence.
    Wrong(String),
    /// They are being looked for.
    Looking(Arc<Replacement>),
    /// They are known.
    Found(Arc<Replacement>, Replaceable),
}

/// The window.
#[derive(Debug, Clone)]
pub struct ReplaceWindow {
    /// The line of the form that receives the keys.
    pub selected: ReplaceField,
    /// Whether the rows receive the keys, and no longer the form.
    pub in_rows: bool,
    /// The regular expression, as it is typed.
    pub find: TextArea<'static>,
    /// What takes the place of each match, as it is typed.
    pub with: TextArea<'static>,
    /// The fields that rows have, by name.
    pub names: Vec<String>,
    /// The chosen one of them, as an index.
    pub name: usize,
    /// Whether letters are found whatever their case.
    pub ignore_case: bool,
    /// Whether only the marked rows are meant.
    pub only_marked: bool,
    /// The rows that would change.
    pub matches: Matches,
    /// Those of them that were left out by hand.
    pub left_out: BTreeSet<RowNumber>,
    /// The selected one, counted among those that would change.
    pub row: usize,
    marked: Option<(ManyRows, usize)>,
    all: (ManyRows, usize),
    pub(super) ask: Ask,
}

impl ReplaceWindow {
    /// Returns the form for all rows that are shown, or where there are some for those that are marked; each with its
    /// number of rows.
    pub(super) fn new(schema: &Schema, all: (ManyRows, usize), marked: Option<(ManyRows, usize)>) -> Self {
        let names = schema.0.iter().map(|spec| spec.name.clone()).filter(|name| name != Fields::LABEL);
        let names: Vec<_> = names.collect();
        Self {
            selected: ReplaceField::Find,
            in_rows: false,
            find: text_area(""),
            with: text_area(""),
            name: names.iter().position(|name| name == Fields::TEXT).unwrap_or_default(),
            names,
            ignore_case: false,
            only_marked: marked.is_some(),
            matches: Matches::Wrong("Say what to find.".to_owned()),
            left_out: BTreeSet::new(),
            row: 0,
            marked,
            all,
            ask: Ask::default(),
        }
    }

    /// Reads what is typed.
    ///
    /// # Errors
    ///
    /// Why it cannot be used, as a sentence.
    pub(super) fn replacement(&self, schema: &Schema) -> Result<Replacement, String> {
        let text = |area: &TextArea<'static>| area.lines().join("\n");
        let name = self.names.get(self.name).map_or(Fields::TEXT, String::as_str);
        let made = Replacement::new(schema, name, &text(&self.find), &text(&self.with), self.ignore_case);
        made.map_err(|error| error.to_string())
    }

    /// Returns the rows in which something is looked for.
    pub(super) const fn rows(&self) -> &ManyRows {
        match &self.marked {
            Some((rows, _)) if self.only_marked => rows,
            _ => &self.all.0,
        }
    }

    /// Returns the text area of the selected line, where it has one.
    pub(super) const fn typed_in(&mut self) -> Option<&mut TextArea<'static>> {
        match self.selected {
            _ if self.in_rows => None,
            ReplaceField::Find => Some(&mut self.find),
            ReplaceField::With => Some(&mut self.with),
            ReplaceField::Field | ReplaceField::Case | ReplaceField::Rows => None,
        }
    }

    /// Selects another line of the form.
    pub(super) fn go(&mut self, step: isize) {
        let place = ReplaceField::ALL.iter().position(|field| *field == self.selected).unwrap_or_default();
        let last = ReplaceField::ALL.len() - 1;
        let place = if step < 0 && place == 0 { last } else { place.saturating_add_signed(step) };
        self.selected = ReplaceField::ALL[if place > last { 0 } else { place }];
    }

    /// Takes another choice for the selected line; returns whether it has one.
    pub(super) fn cycle(&mut self, step: isize) -> bool {
        match self.selected {
            ReplaceField::Find | ReplaceField::With => return false,
            ReplaceField::Field => {
                let count = self.names.len().max(1);
                self.name = (self.name + if step < 0 { count - 1 } else { 1 }) % count;
            }
            ReplaceField::Case => self.ignore_case = !self.ignore_case,
            ReplaceField::Rows => self.only_marked = self.marked.is_some() && !self.only_marked,
        }
        true
    }

    /// Returns what is chosen in a line that has choices.
    #[must_use]
    pub fn choice(&self, field: ReplaceField) -> String {
        match field {
            ReplaceField::Find | ReplaceField::With => String::new(),
            ReplaceField::Field => self.names.get(self.name).cloned().unwrap_or_default(),
            ReplaceField::Case if self.ignore_case => "does not matter".to_owned(),
            ReplaceField::Case => "matters".to_owned(),
            ReplaceField::Rows => match &self.marked {
                Some((_, rows)) if self.only_marked => format!("the {} marked", thousands(*rows as u64)),
                _ if self.all.1 == 1 => "the one shown".to_owned(),
                _ => format!("all {} shown", thousands(self.all.1 as u64)),
            },
        }
    }

    /// Returns the rows that would change.
    #[must_use]
    pub const fn found(&self) -> Option<&RowSet> {
        match &self.matches {
            Matches::Found(_, found) => Some(&found.rows),
            Matches::Wrong(_) | Matches::Looking(_) => None,
        }
    }

    /// Returns the selected row.
    #[must_use]
    pub fn selected_row(&self) -> Option<RowNumber> {
        self.found()?.get(self.row)
    }

    /// Leaves the selected row out, whose state is given, or takes it in again, and goes on to the next one.
    pub(super) fn leave_out(&mut self, state: StateKind) {
        let Some(row) = self.selected_row() else { return };
        let is_back = self.left_out.remove(&row);
        if !is_back {
            self.left_out.insert(row);
        }
        if let Matches::Found(_, found) = &mut self.matches {
            let of_state = found.from.iter_mut().filter(|(kind, _)| *kind == state);
            of_state.for_each(|(_, rows)| *rows = if is_back { *rows + 1 } else { rows.saturating_sub(1) });
        }
        self.go_to_row(1);
    }

    /// Selects another of the rows that would change.
    pub(super) fn go_to_row(&mut self, by: isize) {
        let last = self.found().map_or(0, RowSet::len).saturating_sub(1);
        self.row = self.row.saturating_add_signed(by).min(last);
    }

    /// Returns the rows that are to change, those left out not among them.
    pub(super) fn chosen(&self) -> RowSet {
        self.found().map(|rows| rows.without(&self.left_out)).unwrap_or_default()
    }

    /// Returns how a row would change.
    #[must_use]
    pub(crate) fn difference(&self, shown: &Projection, schema: &Schema, row: RowNumber) -> Option<WordDiff> {
        let Matches::Found(replacement, _) = &self.matches else { return None };
        let (before, after) = replacement.values(shown, schema, row)?;
        Some(WordDiff::of(&before, &after))
    }

    /// Returns how many rows would change, and which would not and why, as one line.
    #[must_use]
    pub fn status(&self) -> String {
        match &self.matches {
            Matches::Wrong(why) => why.clone(),
            Matches::Looking(_) => "Looking for matches …".to_owned(),
            Matches::Found(_, found) => {
                let (left, all) = (self.left_out.len(), found.rows.len());
                let mut said = match all {
                    0 => "No row would change".to_owned(),
                    1 if left == 0 => "1 row changes".to_owned(),
                    _ if left == 0 => format!("{} change", counted(all as u64, "row")),
                    _ => {
                        let chosen = thousands((all - left) as u64);
                        format!("{chosen} of {} change", counted(all as u64, "row"))
                    }
                };
                if all > 0 {
                    said = format!("{said}: {}", by_state(&found.from).join(", "));
                }
                if let Some(why) = &found.why {
                    let rows = counted(found.refused as u64, "row");
                    said = format!("{said} · {rows} cannot: {why}");
                }
                said
            }
        }
    }
}
