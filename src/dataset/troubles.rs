//! What is wrong and what is unusual in a file, collected while it is read.

use std::io;
use std::path::Path;

use super::error::DatasetError;
use super::fault::LineFault;
use super::input::BadBytes;
use super::sentence::{places, shown_path};

/// The most lines of one kind of trouble that are named.
const NAMED: usize = 5;
/// The most kinds of trouble that are told.
const KINDS: usize = 8;

/// One kind of trouble and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong in the first of the lines.
    pub fault: LineFault,
    /// Where it is.
    pub lines: Lines,
}

/// The lines where something is: the first of them by number, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// The first lines, from 1.
    pub first: Vec<u64>,
    /// How many there are in all.
    pub count: usize,
}

impl Lines {
    /// Adds a line, once.
    pub(super) fn add(&mut self, line: u64) {
        if self.first.last() == Some(&line) {
            return;
        }
        if self.first.len() < NAMED {
            self.first.push(line);
        }
        self.count += 1;
    }
}

/// What was noticed while a file was read.
#[derive(Debug, Default)]
pub(super) struct Notes {
    troubles: Vec<Trouble>,
    remarks: Vec<String>,
    /// Whether rows are numbered by their place in a JSON list, not by their line.
    pub(super) by_item: bool,
    /// Whether the file is one JSON list.
    pub(super) is_list: bool,
}

impl Notes {
    /// Returns whether nothing is wrong so far.
    pub(super) fn is_fine(&self) -> bool {
        self.troubles.is_empty()
    }

    /// Notes what is wrong in a line.
    pub(super) fn trouble(&mut self, line: u64, fault: LineFault) {
        match self.troubles.iter_mut().find(|trouble| trouble.fault.is_like(&fault)) {
            Some(trouble) => trouble.lines.add(line),
            None => self.trouble_in(Lines { first: vec![line], count: 1 }, fault),
        }
    }

    /// Notes what is wrong in several lines.
    pub(super) fn trouble_in(&mut self, lines: Lines, fault: LineFault) {
        self.troubles.push(Trouble { fault, lines });
    }

    /// Notes the bytes that are not UTF-8.
    pub(super) fn bad_bytes(&mut self, bad: &BadBytes) {
        if let Some((byte, offset)) = bad.first {
            self.trouble_in(bad.lines.clone(), LineFault::NotUtf8 { byte, offset });
        }
    }

    /// Notes what a person should know about a file that can be read.
    pub(super) fn remark(&mut self, remark: String) {
        self.remarks.push(remark);
    }

    /// Returns lines as a sentence names them.
    pub(super) fn places(&self, lines: &Lines) -> String {
        places(noun(self.by_item), &lines.first, lines.count)
    }

    /// Takes what was remarked so far.
    pub(super) fn take_remarks(&mut self) -> Vec<String> {
        std::mem::take(&mut self.remarks)
    }

    /// Takes what is wrong so far: a sentence for each kind, with its first line.
    pub(super) fn take_troubles(&mut self) -> Vec<(u64, String)> {
        let mut troubles = std::mem::take(&mut self.troubles);
        troubles.sort_by_key(|trouble| trouble.lines.first.first().copied());
        let said = |trouble: Trouble| {
            let fault = trouble.fault.to_string();
            let line = trouble.lines.first.first().copied().unwrap_or_default();
            let more = trouble.lines.count > 1;
            let said =
                if more { format!("{fault} So it is in {}.", self.places(&trouble.lines)) } else { fault };
            (line, said)
        };
        troubles.into_iter().map(said).collect()
    }

    /// Returns the remarks, or the error of all that is wrong.
    pub(super) fn finish(mut self, path: &Path) -> Result<Vec<String>, DatasetError> {
        if self.is_fine() {
            return Ok(self.remarks);
        }
        self.troubles.sort_by_key(|trouble| trouble.lines.first.first().copied());
        Err(DatasetError::Lines { path: path.to_owned(), troubles: self.troubles, by_item: self.by_item })
    }
}

const fn noun(by_item: bool) -> &'static str {
    if by_item { "item" } else { "line" }
}

/// Returns a sentence for each kind of trouble, a line each.
pub(super) fn sentences(path: &Path, troubles: &[Trouble], by_item: bool) -> String {
    let path = shown_path(path);
    let said = troubles.iter().take(KINDS).map(|trouble| {
        let places = places(noun(by_item), &trouble.lines.first, trouble.lines.count);
        format!("{path}, {places}: {}", trouble.fault)
    });
    let more = troubles.len().saturating_sub(KINDS);
    let more = (more > 0).then(|| format!("{path} has {more} more kinds of trouble."));
    said.chain(more).collect::<Vec<_>>().join("\n")
}

/// Turns an I/O error into the dataset error with its cause.
pub(super) fn unreadable(path: &Path, reason: io::Error) -> DatasetError {
    DatasetError::Unreadable { path: path.to_owned(), reason }
}
