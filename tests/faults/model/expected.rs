//! The model: lists and maps, and the rules as a person would tell them. It shares no code with the product.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Op;

/// The most rows that a life samples.
pub(crate) const MOST_ROWS: usize = 60;

/// What is said of rows; tags, reasons and texts are numbers.
#[derive(Debug, Clone)]
pub(crate) enum Decision {
    Accept { rating: Option<u8>, tag: Option<u8> },
    Reject { reason: Option<u8>, tag: Option<u8> },
    Skip { reason: Option<u8>, tag: Option<u8> },
    ClearRating,
    Tags(Vec<u8>),
    Edit(Option<u8>),
}

pub(crate) fn tag(n: u8) -> String {
    format!("tag-{n}")
}

pub(crate) fn reason(n: u8) -> String {
    format!("It is dull for the {n}th time.")
}

pub(crate) fn edited(n: u8) -> String {
    format!("Words that a person typed, take {n}, in place of the others.")
}

pub(crate) fn prompt(n: u8) -> String {
    format!("Write texts of kind {n}.")
}

pub(crate) fn sampled(row: usize) -> String {
    format!("Text {row} that came from a request, unlike the other {}.", row * 7919)
}

/// One row as a person left it.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    state: &'static str,
    rating: Option<u8>,
    tags: BTreeSet<u8>,
    reason: Option<u8>,
    edit: Option<u8>,
    /// Whether it was decided together with others, and not by itself since.
    bulk: bool,
}

impl Row {
    const NEW: Self =
        Self { state: "pending", rating: None, tags: BTreeSet::new(), reason: None, edit: None, bulk: false };

    fn after(&self, decision: &Decision, bulk: bool) -> Self {
        let mut row = self.clone();
        match decision {
            Decision::Accept { rating, tag } => {
                row.rating = rating.or(self.rating);
                row.decide("accepted", None, *tag, bulk);
            }
            Decision::Reject { reason, tag } => {
                row.rating = None;
                row.decide("rejected", *reason, *tag, bulk);
            }
            Decision::Skip { reason, tag } => {
                row.rating = None;
                row.decide("skipped", *reason, *tag, bulk);
            }
            Decision::ClearRating => row.rating = None,
            Decision::Tags(tags) => row.tags = tags.iter().copied().collect(),
            Decision::Edit(text) => row.edit = *text,
        }
        row
    }

    fn decide(&mut self, state: &'static str, reason: Option<u8>, tag: Option<u8>, bulk: bool) {
        let is_new = self.state != state;
        // A reason belongs to the state that it was given for.
        self.reason = reason.or(self.reason.filter(|_| !is_new));
        self.bulk = bulk && (is_new || self.bulk);
        self.state = state;
        self.tags.extend(tag);
    }
}

/// Everything that must be there.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    rows: Vec<Row>,
    /// Prompts of the versions that were saved, in order.
    versions: Vec<u8>,
    draft: Option<u8>,
    /// What each undo puts back, and each redo.
    undo: Vec<Vec<(usize, Row)>>,
    redo: Vec<Vec<(usize, Row)>>,
}

impl Expected {
    pub(crate) fn carry_out(&mut self, op: &Op) {
        match op {
            Op::Sample { rows, .. } => {
                if self.rows.len() + *rows as usize <= MOST_ROWS {
                    self.rows.extend((0..*rows).map(|_| Row::NEW));
                }
            }
            Op::Decide { row, decision } => self.decide(*row, 1, decision),
            Op::Bulk { first, count, decision } => self.decide(*first, *count, decision),
            Op::Undo => {
                let put_back = self.undo.pop();
                let before = put_back.map(|rows| self.put(rows));
                self.redo.extend(before);
            }
            Op::Redo => {
                let put_back = self.redo.pop();
                let before = put_back.map(|rows| self.put(rows));
                self.undo.extend(before);
            }
            Op::SaveVersion(n) => {
                if !self.versions.contains(n) {
                    self.versions.push(*n);
                }
            }
            Op::Draft(n) => self.draft = Some(*n),
            Op::Reopen | Op::Killed | Op::TailLost(_) | Op::SledDeleted | Op::HalfAnOperation { .. } => {}
        }
    }

    fn decide(&mut self, first: u32, count: u32, decision: &Decision) {
        let rows = meant(first, count, self.rows.len());
        let bulk = rows.len() > 1;
        let changed: Vec<(usize, Row)> = rows
            .into_iter()
            .map(|at| (at, self.rows[at].after(decision, bulk)))
            .filter(|(at, after)| self.rows[*at] != *after)
            .collect();
        if !changed.is_empty() {
            let before = self.put(changed);
            self.undo.push(before);
            self.redo.clear();
        }
    }

    /// Puts rows in place, and returns those that stood there.
    fn put(&mut self, rows: Vec<(usize, Row)>) -> Vec<(usize, Row)> {
        rows.into_iter().map(|(at, row)| (at, std::mem::replace(&mut self.rows[at], row))).collect()
    }

    /// Returns the rows as the store tells them, without times.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Value> {
        self.rows.iter().enumerate().map(|(at, row)| {
            json!({
                "state": row.state,
                "rating": row.rating,
                "tags": row.tags.iter().map(|n| tag(*n)).collect::<Vec<_>>(),
                "reason": row.reason.map(reason),
                "text": row.edit.map_or_else(|| sampled(at), edited),
                "edited": row.edit.is_some(),
                "bulk": row.bulk,
            })
        })
    }

    pub(crate) fn prompts(&self) -> Vec<String> {
        self.versions.iter().map(|n| prompt(*n)).collect()
    }

    pub(crate) fn draft(&self) -> Option<String> {
        self.draft.map(prompt)
    }

    /// Returns how often undo and redo have something to do.
    pub(crate) fn depths(&self) -> (bool, bool) {
        (!self.undo.is_empty(), !self.redo.is_empty())
    }
}

/// Returns the rows that are meant, modulo their number.
pub(crate) fn meant(first: u32, count: u32, rows: usize) -> Vec<usize> {
    let first = first as usize % rows.max(1);
    (first..rows.min(first + count as usize)).collect()
}
