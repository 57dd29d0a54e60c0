//! What an import did.

use super::ImportOrder;
use crate::domain::{Flag, Mark, StateKind};
use crate::text::counted;

/// The most refused rows that are named.
const NAMED: usize = 10;

/// A row that is not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Its line or item in the file, from 1.
    pub(crate) line: u64,
    /// Why, as a sentence.
    pub(crate) why: String,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ImportReport {
    /// Its number; none where nothing was new.
    pub(crate) import: Option<u32>,
    /// The file's name.
    pub(crate) file: String,
    /// The format that it was read in.
    pub(crate) format: String,
    /// How many rows came.
    pub(crate) rows: u64,
    /// How many rows of the file were here already.
    pub(crate) already: u64,
    /// How many rows were refused.
    pub(crate) refused: u64,
    /// The first of them.
    pub(crate) refusals: Vec<Refusal>,
    /// How many rows that came have a flag.
    pub(crate) flagged: u64,
    /// How many came accepted.
    pub(crate) accepted: u64,
    /// How many came rejected.
    pub(crate) rejected: u64,
    /// How many came skipped.
    pub(crate) skipped: u64,
    /// How many had another label than the one that they were given.
    pub(crate) relabelled: u64,
    /// How many of those refused have no label.
    pub(super) unlabelled: u64,
    /// How many have another id here, because theirs was taken.
    pub(crate) renamed: u64,
    /// Columns that the session does not declare; the first of them.
    pub(crate) undeclared: Vec<String>,
    /// What a person should know about the file and how it was read, in sentences.
    pub(crate) remarks: Vec<String>,
    /// Whether rows are numbered by their place in a JSON list, not by their line.
    pub(super) by_item: bool,
    given: Option<String>,
}

impl ImportReport {
    pub(super) fn of(order: &ImportOrder) -> Self {
        Self {
            file: order.file.clone(),
            format: order.format.clone(),
            given: order.label.clone(),
            ..Self::default()
        }
    }

    /// Counts a row that came.
    pub(super) fn count(&mut self, flags: &[Flag], mark: &Mark) {
        self.rows += 1;
        self.flagged += u64::from(!flags.is_empty());
        match mark.state.kind() {
            StateKind::Accepted => self.accepted += 1,
            StateKind::Rejected => self.rejected += 1,
            StateKind::Skipped => self.skipped += 1,
            StateKind::Pending | StateKind::Withdrawn => {}
        }
    }

    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.refused += 1;
        if self.refusals.len() < NAMED {
            self.refusals.push(refusal);
        }
    }

    /// Returns what was done, in full sentences.
    #[must_use]
    pub(crate) fn sentences(&self) -> Vec<String> {
        let mut said = vec![self.came()];
        if self.already > 0 {
            let are = if self.already == 1 { "is" } else { "are" };
            said.push(format!("{} {are} here already.", counted(self.already, "row")));
        }
        if let Some(label) = self.given.as_ref().filter(|_| self.relabelled > 0) {
            said.push(format!("{} said another label and got `{label}`.", counted(self.relabelled, "row")));
        }
        if self.renamed > 0 {
            said.push(format!(
                "{} got another id, because a row with another text has theirs.",
                counted(self.renamed, "row")
            ));
        }
        if !self.undeclared.is_empty() {
            let names: Vec<_> = self.undeclared.iter().map(|name| format!("`{name}`")).collect();
            said.push(format!(
                "Left out, because the session does not declare them as fields: {}.",
                names.join(", ")
            ));
        }
        said.extend(self.remarks.iter().cloned());
        if self.refused > 0 {
            said.push(format!("{} refused:", counted(self.refused, "row")));
            let noun = if self.by_item { "item" } else { "line" };
            let of = |refusal: &Refusal| format!("  {noun} {}: {}", refusal.line, refusal.why);
            said.extend(self.refusals.iter().map(of));
            let more = self.refused - self.refusals.len() as u64;
            said.extend((more > 0).then(|| format!("  and {more} more")));
        }
        said
    }

    fn came(&self) -> String {
        if self.rows == 0 {
            return format!("Nothing was imported from {}.", self.file);
        }
        let pending = self.rows - self.accepted - self.rejected - self.skipped;
        let states = [
            (pending, "pending"),
            (self.accepted, "accepted"),
            (self.rejected, "rejected"),
            (self.skipped, "skipped"),
        ];
        let states = states.iter().filter(|(count, _)| *count > 0);
        let states: Vec<_> = states.map(|(count, state)| format!("{count} {state}")).collect();
        let flagged = if self.flagged > 0 { format!("; {} flagged", self.flagged) } else { String::new() };
        let rows = counted(self.rows, "row");
        format!("{rows} imported from {} ({}): {}{flagged}.", self.file, self.format, states.join(", "))
    }
}
