//! The model: a list of rows and two stacks, and the rules as a person would tell them. It shares no code with the
//! product.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// What is done to a row.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    Accept { rating: Option<u8>, tag: Option<String> },
    Reject { reason: Option<String>, tag: Option<String> },
    Skip,
    ClearRating,
    Tags(Vec<String>),
    Text(String),
    Label(String),
}

impl Deed {
    /// Returns whether the key `.` does it again.
    pub(super) const fn is_repeated(&self) -> bool {
        !matches!(self, Self::Text(_) | Self::Label(_))
    }
}

/// One row as a person left it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) state: &'static str,
    pub(super) rating: Option<u8>,
    pub(super) tags: BTreeSet<String>,
    reason: Option<String>,
    pub(super) text: String,
    pub(super) label: String,
    /// The text and the label that it came with.
    generated: (String, String),
    /// Whether it was decided together with others, and not by itself since.
    in_bulk: bool,
}

impl Row {
    fn after(&self, deed: &Deed, in_bulk: bool) -> Self {
        let mut row = self.clone();
        match deed {
            Deed::Accept { rating, tag } => {
                row.decide("accepted", None, tag.as_ref(), in_bulk);
                row.rating = rating.or(self.rating);
            }
            Deed::Reject { reason, tag } => row.decide("rejected", reason.as_ref(), tag.as_ref(), in_bulk),
            Deed::Skip => row.decide("skipped", None, None, in_bulk),
            Deed::ClearRating => row.rating = None,
            Deed::Tags(tags) => row.tags = tags.iter().cloned().collect(),
            Deed::Text(text) => row.text.clone_from(text),
            Deed::Label(label) => row.label.clone_from(label),
        }
        row
    }

    fn decide(&mut self, state: &'static str, reason: Option<&String>, tag: Option<&String>, in_bulk: bool) {
        let is_new = self.state != state;
        // A reason belongs to the state that it was given for.
        self.reason = reason.cloned().or(self.reason.take().filter(|_| !is_new));
        self.in_bulk = in_bulk && (is_new || self.in_bulk);
        self.state = state;
        self.rating = None;
        self.tags.extend(tag.cloned());
    }

    pub(super) fn is_edited(&self) -> bool {
        (&self.text, &self.label) != (&self.generated.0, &self.generated.1)
    }

    /// Returns what `rows --json` must say of it.
    fn told(&self) -> Value {
        json!({
            "id": self.id, "state": self.state, "rating": self.rating, "tags": self.tags, "reason": self.reason,
            "text": self.text, "label": self.label, "edited": self.is_edited(),
        })
    }
}

/// Rows by number, from 0, with what they were before or are to be again.
type Change = Vec<(usize, Row)>;

/// Everything that must be there.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub(super) rows: Vec<Row>,
    /// The figures by which rows are ordered; they are the product's own.
    novelty: Vec<Option<f64>>,
    undo: Vec<Change>,
    redo: Vec<Change>,
    /// What `.` does again.
    pub(super) last: Option<Deed>,
}

impl Expected {
    /// Does something to rows, and returns how many changed.
    pub(super) fn change(&mut self, rows: &[usize], deed: &Deed, in_bulk: bool) -> usize {
        let after = |at: usize| (at, self.rows[at].after(deed, in_bulk));
        let changed: Change =
            rows.iter().map(|at| after(*at)).filter(|(at, row)| self.rows[*at] != *row).collect();
        let count = changed.len();
        if count > 0 {
            let before = self.put(changed);
            self.undo.push(before);
            self.redo.clear();
        }
        count
    }

    /// Undoes the last change, and returns whether there was one.
    pub(super) fn undo(&mut self) -> bool {
        let Some(change) = self.undo.pop() else { return false };
        let before = self.put(change);
        self.redo.push(before);
        true
    }

    /// Does the last undone change again, and returns whether there was one.
    pub(super) fn redo(&mut self) -> bool {
        let Some(change) = self.redo.pop() else { return false };
        let before = self.put(change);
        self.undo.push(before);
        true
    }

    /// Puts rows in place, and returns those that stood there.
    fn put(&mut self, rows: Change) -> Change {
        rows.into_iter().map(|(at, row)| (at, std::mem::replace(&mut self.rows[at], row))).collect()
    }

    pub(super) fn depths(&self) -> (usize, usize) {
        (self.undo.len(), self.redo.len())
    }

    /// Returns the numbers of the rows that meet a condition.
    pub(super) fn matching(&self, is_meant: impl Fn(usize, &Row) -> bool) -> Vec<usize> {
        (0..self.rows.len()).filter(|at| is_meant(*at, &self.rows[*at])).collect()
    }

    pub(super) fn count(&self, state: &str) -> usize {
        self.rows.iter().filter(|row| row.state == state).count()
    }

    /// Returns the accepted rows of each label.
    pub(super) fn accepted(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.state == "accepted") {
            *counts.entry(row.label.as_str()).or_default() += 1;
        }
        counts
    }

    /// Orders rows by an order's name, the smallest first; those without the figure come last.
    pub(super) fn order(&self, rows: &mut [usize], order: &str) {
        let states = ["pending", "accepted", "rejected", "skipped"];
        let figure = |at: usize| -> Option<f64> {
            let row = &self.rows[at];
            let count = |count: usize| Some(f64::from(u32::try_from(count).unwrap()));
            match order {
                "novelty" => self.novelty[at],
                "rating" => row.rating.map(f64::from),
                "length" => count(row.text.chars().count()),
                "state" => count(states.iter().position(|state| *state == row.state).unwrap()),
                _ => None,
            }
        };
        rows.sort_by(|a, b| {
            let (one, other) = (figure(*a), figure(*b));
            one.is_none().cmp(&other.is_none()).then(one.partial_cmp(&other).unwrap()).then(a.cmp(b))
        });
    }

    /// Takes in the rows that came, which nobody decided yet.
    pub(super) fn rows_came(&mut self, all: &[Value]) {
        for row in &all[self.rows.len()..] {
            let word = |value: &Value| value.as_str().unwrap().to_owned();
            let (text, label) = (word(&row["fields"]["text"]), word(&row["label"]));
            let generated = (text.clone(), label.clone());
            let (state, rating, tags, reason, in_bulk) = ("pending", None, BTreeSet::new(), None, false);
            self.rows.push(Row {
                id: word(&row["id"]),
                state,
                rating,
                tags,
                reason,
                text,
                label,
                generated,
                in_bulk,
            });
        }
    }

    /// Returns where the rows that `rows --json` prints are not what they must be.
    pub(super) fn difference(&mut self, all: &[Value]) -> Option<String> {
        self.novelty = all.iter().map(|row| row["scores"]["novelty"].as_f64()).collect();
        if all.len() != self.rows.len() {
            return Some(format!("there are {} rows instead of {}", all.len(), self.rows.len()));
        }
        self.rows.iter().zip(all).zip(1..).find_map(|((row, now), number)| {
            let said = json!({
                "id": now["id"], "state": now["state"], "rating": now["rating"], "tags": now["tags"],
                "reason": now["reason"], "text": now["fields"]["text"], "label": now["label"],
                "edited": !now["original"].is_null(),
            });
            let wanted = row.told();
            (said != wanted).then(|| format!("row {number} is {said} instead of {wanted}"))
        })
    }
}
