//! What is to be exported, and the command that says the same.

use std::path::PathBuf;

use crate::dataset::Part;
use crate::domain::{Existing, ExportReport};
use crate::export::{Amount, Balance, Destination, Format, Shares, Task};
use crate::text::{shell_option, shell_word};

/// Which rows an export writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The accepted rows.
    #[default]
    Accepted,
    /// The accepted rows, and the real train rows behind them.
    AcceptedAndTrain,
    /// Only the real rows of one part.
    Real(Part),
}

/// The settings of an export.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct ExportOrder {
    /// The session as the command line names it; its own name where nobody said.
    pub session: Option<String>,
    /// How rows are written.
    pub format: Format,
    /// Where they go.
    pub out: Destination,
    /// What becomes of a file that is there already.
    pub existing: Existing,
    /// Files that are never replaced, besides those of the session, its store and the user's settings.
    pub spared: Vec<PathBuf>,
    /// Which rows are written.
    pub wanted: Wanted,
    /// Whether the real test rows are a split of their own beside them, in the format that has splits.
    pub with_test: bool,
    /// Of the accepted rows only those that match this filter; all if `None`.
    pub filter: Option<String>,
    /// Whether rows that contaminate the test set are exported as well.
    pub allow_contaminated: bool,
    /// Whether where a row comes from is left out.
    pub bare: bool,
    /// Whether cells that a spreadsheet would run stay as they are.
    pub raw: bool,
    /// How rows are split, if they are.
    pub split: Option<Shares>,
    /// How many rows labels get; all that there are where nothing is said.
    pub balance: Vec<Balance>,
    /// The seed of the choice of rows where some are left out.
    pub seed: u64,
    /// What a model is to learn from the rows.
    pub task: Task,
}

/// What an export would write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ExportPreview {
    /// What it would say of itself.
    pub report: ExportReport,
    /// The first lines as they are written, at most 5, each cut at 2 KB.
    pub lines: Vec<String>,
}

impl ExportOrder {
    /// Returns the order to export all accepted rows.
    #[must_use]
    pub(crate) fn new(format: Format, out: Destination, existing: Existing) -> Self {
        Self {
            session: None,
            format,
            out,
            existing,
            spared: vec![],
            wanted: Wanted::default(),
            with_test: false,
            filter: None,
            allow_contaminated: false,
            bare: false,
            raw: false,
            split: None,
            balance: vec![],
            seed: 0,
            task: Task::default(),
        }
    }

    /// Returns the part of the dataset that is written, if any.
    pub(super) const fn part(&self) -> Option<Part> {
        match self.wanted {
            Wanted::Accepted => None,
            Wanted::AcceptedAndTrain => Some(Part::Train),
            Wanted::Real(part) => Some(part),
        }
    }

    /// Returns whether the dataset has to be read: for real rows, for the types of labels, and for their
    /// names.
    pub(super) const fn reads_dataset(&self) -> bool {
        let is_typed = !matches!(self.format, Format::Csv | Format::Tsv | Format::FastText);
        self.part().is_some() || self.with_test || is_typed || !self.balance.is_empty()
    }

    /// Returns the command line that makes the same export where there is none yet, as its papers hold it; `name` is
    /// the session's, where nobody said how the command line names it.
    pub(super) fn command_again(&self, name: &str) -> String {
        let session = self.session.as_deref().unwrap_or(name);
        Self { existing: Existing::Keep, ..self.clone() }.command(session)
    }

    /// Returns the command line that does the same; `session` as it is named there.
    #[must_use]
    pub(crate) fn command(&self, session: &str) -> String {
        let mut words = vec!["rowsmith export".to_owned(), shell_word(session)];
        words.push(format!("--format {}", self.format.name()));
        match &self.out {
            Destination::File(out) => words.push(shell_option("--out", &out.to_string_lossy())),
            Destination::StandardOutput => words.push("--out -".to_owned()),
        }
        let option = |name: &str, value: &str| shell_option(name, value);
        words.extend(self.filter.as_deref().map(|filter| option("--filter", filter)));
        words.extend((self.wanted == Wanted::AcceptedAndTrain).then(|| "--with-real".to_owned()));
        if let Wanted::Real(part) = self.wanted {
            words.push(format!("--real {}", part.name()));
        } else if self.with_test {
            words.push("--real test".to_owned());
        }
        words.extend(self.split.map(|shares| format!("--split {}", shares.train)));
        for Balance { label, amount } in &self.balance {
            let amount = match amount {
                Amount::Share(share) => format!("{share:?}"),
                Amount::Count(count) => count.to_string(),
            };
            words.push(option("--balance", &format!("{label}={amount}")));
        }
        let chooses = self.split.is_some() || !self.balance.is_empty();
        words.extend(
            chooses.then(|| format!("--seed {}", self.split.map_or(self.seed, |shares| shares.seed))),
        );
        words.extend((self.task != Task::default()).then(|| format!("--task {}", self.task.name())));
        for (is_set, name) in [
            (self.bare, "--bare"),
            (self.raw, "--raw"),
            (self.allow_contaminated, "--allow-contaminated"),
            (self.existing == Existing::Replace, "--force"),
        ] {
            words.extend(is_set.then(|| name.to_owned()));
        }
        words.join(" ")
    }
}
