//! Why an export would hold nothing, and what helps.
//!
//! An empty file looks like a finished export, and most readers fail on it only later. So there is none: of no rows, of
//! rows that the format makes nothing of, and of a part that a split leaves without any.

use super::error::ExportError;
use super::file::{Export, ExportRow, Sought};
use super::format::{Format, Task};
use super::shape::{Part, Takes};

/// A row with its part, where the export is split.
type Parted<'a> = (ExportRow<'a>, Option<Part>);

impl Export<'_> {
    /// Returns why there is no row; `is_balanced` says whether there were some before the balance.
    pub(super) fn no_rows(&self, takes: Takes, withheld: u64, is_balanced: bool) -> ExportError {
        let state = match takes {
            Takes::Accepted => "accepted",
            Takes::Decided => "accepted or rejected",
            Takes::Seen => "accepted, rejected or skipped",
        };
        ExportError::Nothing(match self.sought {
            _ if is_balanced => "--balance leaves no row; ask for more of a label.".to_owned(),
            _ if withheld > 0 => {
                let all = if withheld == 1 { "the only row is" } else { "all rows are" };
                format!(
                    "{all} withheld, because of contaminating the test set; --allow-contaminated writes them as well."
                )
            }
            Sought::Decided => format!("no row is {state} yet; accept some first."),
            Sought::Matching => {
                format!(
                    "no row that is {state} matches the filter; change --filter, or decide on such rows first."
                )
            }
            Sought::Real(part) => {
                format!("the dataset has no {part} rows; `rowsmith split` lists the part of each row.")
            }
        })
    }

    /// Refuses a split that leaves a part without any row.
    pub(super) fn check_parts(&self, rows: &[Parted<'_>]) -> Result<(), ExportError> {
        let is_empty = |part: &Option<Part>| !rows.iter().any(|row| row.1 == *part);
        match self.parts().into_iter().find(is_empty) {
            None => Ok(()),
            Some(part) => Err(ExportError::Nothing(format!(
                "--split leaves no row {}, since equal texts stay together; add rows with other texts, change the share, \
                 or leave --split out.",
                purpose(part)
            ))),
        }
    }

    /// Returns why the format makes nothing of rows; `what` is what it makes, and `remarks` is what it says of them.
    pub(super) fn no_records(&self, rows: &[&Parted<'_>], what: &str, remarks: &[String]) -> ExportError {
        let part = rows.first().and_then(|row| row.1);
        let of = match (rows.len(), part) {
            (1, _) => "the one row".to_owned(),
            (rows, _) => format!("none of the {rows} rows"),
        };
        let of = if part.is_some() { format!("{of} {}", purpose(part)) } else { of };
        let makes = if rows.len() == 1 { "makes no" } else { "makes a" };
        let now = match self.format {
            Format::Dpo => {
                "A pair needs rows that a model was asked for: an accepted and a rejected one of the same version and \
                 variables, or an accepted one that was edited."
            }
            Format::OpenAi | Format::Alpaca | Format::ShareGpt if self.context.task == Task::Generate => {
                "Accept rows that a model was asked for, or teach labelling with --task classify."
            }
            Format::Kto | Format::Promptfoo => {
                "Decide on rows that a model was asked for, or name another format."
            }
            _ => "Name another format, or accept other rows.",
        };
        let said = [&[format!("{of} {makes} {what}.")], remarks, &[now.to_owned()]].concat();
        ExportError::Nothing(said.join(" "))
    }
}

/// Returns what a part is for.
const fn purpose(part: Option<Part>) -> &'static str {
    match part {
        Some(Part::Train) => "to train on",
        Some(Part::Test) => "to test with",
        None => "to write",
    }
}
