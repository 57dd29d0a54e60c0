//! What comes of the rows of a file: rows, faults, and remarks that are counted while they are read.

use std::collections::VecDeque;

use super::error::Fault;
use crate::domain::Incoming;
use crate::text::SafeText;

/// The most lines that a remark names.
const NAMED: usize = 5;

/// Collects what comes of rows.
#[derive(Debug, Default)]
pub(super) struct Out {
    rows: VecDeque<Result<Incoming, Fault>>,
    noted: Vec<(String, Vec<u64>, usize)>,
    remarks: Vec<String>,
    by_item: bool,
}

impl Out {
    /// Begins without rows; `by_item` where rows are numbered by their place in a list.
    pub(super) fn new(by_item: bool) -> Self {
        Self { by_item, ..Self::default() }
    }

    /// Gives a row, unless it has no text.
    pub(super) fn row(&mut self, row: Incoming) {
        if row.text.trim().is_empty() {
            self.note(row.line, "are left out for want of a text");
        } else {
            self.rows.push_back(Ok(row));
        }
    }

    /// Gives what is wrong in a row.
    pub(super) fn fault(&mut self, line: u64, why: impl Into<String>) {
        self.rows.push_back(Err(Fault::new(line, why)));
    }

    /// Notes that a row is one of those of which something is to be said: "12 rows {what}."
    pub(super) fn note(&mut self, line: u64, what: &str) {
        let place = self.noted.iter().position(|(noted, ..)| noted == what);
        let place = place.unwrap_or_else(|| {
            self.noted.push((what.to_owned(), Vec::new(), 0));
            self.noted.len() - 1
        });
        if let Some((_, lines, count)) = self.noted.get_mut(place) {
            *count += 1;
            if lines.len() < NAMED {
                lines.push(line);
            }
        }
    }

    /// Adds a remark about the file.
    pub(super) fn remark(&mut self, remark: String) {
        self.remarks.push(remark);
    }

    /// Takes the next row.
    pub(super) fn take(&mut self) -> Option<Result<Incoming, Fault>> {
        self.rows.pop_front()
    }

    /// Returns whether no row waits to be taken.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns all remarks so far, in full sentences.
    pub(super) fn remarks(&self) -> Vec<String> {
        let noun = if self.by_item { "item" } else { "line" };
        let said = self.noted.iter().map(|(what, lines, count)| {
            let rows = if *count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
            let listed: Vec<String> = lines.iter().map(u64::to_string).collect();
            let more = count - lines.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let plural = if *count == 1 { "" } else { "s" };
            let what = if *count == 1 { singular(what) } else { what.clone() };
            format!("{rows} {} ({noun}{plural} {}{more}).", SafeText::one_line(&what), listed.join(", "))
        });
        self.remarks.iter().cloned().chain(said).collect()
    }
}

/// Puts the first verb of a remark into the singular.
fn singular(what: &str) -> String {
    let verbs = [("are ", "is "), ("were ", "was "), ("have ", "has ")];
    let one =
        verbs.into_iter().find_map(|(many, one)| what.strip_prefix(many).map(|rest| format!("{one}{rest}")));
    one.unwrap_or_else(|| what.to_owned())
}
