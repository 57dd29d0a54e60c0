//! The results of operations and jobs, as values; the screen makes the sentences.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Evaluation, OperationId, OperationKind, RowNumber, RunEnded, TrialNumber};

/// Why something failed: an error of any module, which keeps its type until it is shown. Clones share it.
#[derive(Debug, Clone)]
pub struct Failure(Arc<dyn Error + Send + Sync>);

impl Failure {
    /// Wraps an error.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Arc::from(error.into()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a decision, an undo or a redo did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decided {
    /// How many rows it changed.
    pub rows: usize,
    /// How many more it was meant for, which were so already.
    pub same: usize,
    /// The first of them.
    pub first: Option<RowNumber>,
    /// The kind of operation that was undone or redone.
    pub what: Option<OperationKind>,
}

/// What finding and replacing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplacedRows {
    /// How many rows it changed.
    pub rows: usize,
    /// How many would have been no rows any more, and stayed as they were.
    pub refused: usize,
    /// Why the first of those would have been none, as a sentence.
    pub why: Option<String>,
}

/// The effect of an operation that was saved in the journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OperationOutcome {
    /// It was saved exactly as the screen showed it already.
    #[default]
    Written,
    /// Rows that a filter matched were changed.
    Changed {
        /// How many.
        rows: usize,
        /// How many more matched and were so already.
        same: usize,
    },
    /// Matches in rows were replaced.
    Replaced {
        /// How many rows were changed.
        rows: usize,
        /// How many would have been no rows any more, and stayed as they were.
        refused: usize,
    },
    /// An operation was undone; `None` where there was nothing to undo.
    Undone(Option<Decided>),
    /// An operation was redone; `None` where there was nothing to redo.
    Redone(Option<Decided>),
    /// The state just after an operation was brought back; `None` where it was the present one.
    Jumped(Option<Decided>),
    /// The draft was saved as a version.
    VersionSaved {
        /// The version's number.
        number: u32,
        /// Whether it is new; else an earlier version has the same content.
        is_new: bool,
    },
    /// A comparison began.
    CompareBegan {
        /// Its number.
        trial: TrialNumber,
    },
    /// A comparison ended.
    CompareEnded {
        /// Its number.
        trial: TrialNumber,
    },
    /// A scrap was turned into a row.
    ScrapRepaired {
        /// The row.
        row: RowNumber,
    },
}

/// What an export wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportReport {
    /// Real rows written.
    pub real: u64,
    /// Accepted rows written.
    pub accepted: u64,
    /// Rejected and skipped rows written, by a format that takes them.
    pub rejected: u64,
    /// Accepted rows that were not written because they contaminate the test rows.
    pub withheld: u64,
    /// Whether another file was there before and was replaced.
    pub replaced: bool,
    /// How many of something else than rows the format made of them, and what one of them is.
    pub made: Option<(u64, &'static str)>,
    /// The files of an export that is in two parts: each with how many rows, or what was made of them, it holds.
    pub parts: Vec<(String, u64)>,
    /// What a person should know of the export, as sentences.
    pub remarks: Vec<String>,
}

impl ExportReport {
    /// Returns how many rows were written.
    #[must_use]
    pub const fn written(&self) -> u64 {
        self.real + self.accepted + self.rejected
    }

    /// Returns sentences that say what was written, and what was left out; `out` names the file or standard
    /// output.
    #[must_use]
    pub fn sentence(&self, out: &str) -> String {
        let kinds =
            [(self.accepted, "accepted"), (self.rejected, "rejected or skipped"), (self.real, "real")];
        let some: Vec<_> = kinds.iter().filter(|kind| kind.0 > 0).map(|kind| rows(kind.0, kind.1)).collect();
        let written = match some.split_last() {
            None => rows(0, "accepted"),
            Some((last, [])) => last.clone(),
            Some((last, before)) => format!("{} and {last}", before.join(", ")),
        };
        let made = self.made.map(|(count, what)| format!("{} from ", counted(count, what)));
        let parts: Vec<_> = self.parts.iter().map(|(file, count)| format!("{count} to {file}")).collect();
        let place =
            if parts.is_empty() { format!(" to {out}") } else { format!(": {}", parts.join(" and ")) };
        let mut said = format!("{}{written} written{place}.", made.unwrap_or_default());
        if self.replaced {
            said += " What was there before is replaced.";
        }
        if self.withheld > 0 {
            said = format!(
                "{said} {} withheld, because they contaminate the test set; --allow-contaminated writes them as well.",
                rows(self.withheld, "accepted")
            );
        }
        for more in &self.remarks {
            said = format!("{said} {more}");
        }
        said
    }
}

fn rows(count: u64, kind: &str) -> String {
    counted(count, &format!("{kind} row"))
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What becomes of a file that is there already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    #[default]
    Keep,
    /// It is replaced.
    Replace,
}

/// The result of a job that has ended.
#[derive(Debug, Clone, PartialEq)]
pub enum JobOutcome {
    /// A run ended.
    Run(RunEnded),
    /// Accepted rows were written to a file.
    Exported {
        /// What was written.
        report: ExportReport,
        /// The file.
        out: PathBuf,
    },
    /// Nothing was written, because the file is there already and may be one that is needed.
    FileExists {
        /// The file.
        out: PathBuf,
    },
    /// It was found out whether the accepted rows help.
    Evaluated(Evaluated),
}

/// An evaluation, and of which state it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    /// What was found out.
    pub evaluation: Arc<Evaluation>,
    /// The operation that came next when the rows were taken: what was decided from it on is not in it.
    pub next: OperationId,
}
