//! Sentences about what was done to rows, and about what stood so already.

use crate::domain::{Change, Decided, OperationKind, OperationOutcome, RowNumber};
use crate::text::{self, thousands};

/// Returns `1 row` or `14 rows`.
pub(in crate::app) fn counted(rows: usize) -> String {
    text::counted(rows as u64, "row")
}

/// Returns `1 change` or `14 changes`.
pub(super) fn counted_changes(changes: usize) -> String {
    text::counted(changes as u64, "change")
}

/// Returns what a change made of a row: `rejected, reason: too dull`.
pub(super) fn done(change: &Change) -> String {
    let because = |state: &str, reason: Option<&String>| match reason {
        Some(reason) => format!("{state}, reason: {reason}"),
        None => state.to_owned(),
    };
    match change {
        Change::Accept { rating: Some(rating), .. } => format!("accepted with {}", stars(rating.stars())),
        Change::Accept { .. } => "accepted".to_owned(),
        Change::Reject { reason, .. } => because("rejected", reason.as_ref()),
        Change::Skip { reason, .. } => because("skipped", reason.as_ref()),
        Change::ClearRating => "without a rating".to_owned(),
        Change::Tag { tags } if tags.is_empty() => "without tags".to_owned(),
        Change::Tag { tags } => format!("tagged {}", tags.join(", ")),
        Change::Retag { add, remove } => {
            let signed = |sign: char, tags: &[String]| {
                tags.iter().map(|tag| format!("{sign}{tag}")).collect::<Vec<_>>()
            };
            format!("tagged {}", [signed('+', add), signed('-', remove)].concat().join(" "))
        }
        Change::Relabel { label } => format!("labelled `{label}`"),
        Change::Edit { .. } => "edited".to_owned(),
    }
}

fn stars(count: u8) -> String {
    if count == 1 { "1 star".to_owned() } else { format!("{count} stars") }
}

/// Returns a sentence for a change that would change nothing.
pub(super) fn already(change: &Change, row: RowNumber) -> String {
    let row = row.shown();
    match change {
        Change::ClearRating => "The row has no rating.".to_owned(),
        Change::Edit { .. } => format!("Row {row} says this already; nothing was changed."),
        change => format!("Row {row} is {} already; nothing was changed.", done(change)),
    }
}

/// Returns a sentence about rows that were changed together.
fn changed(rows: usize, same: usize) -> String {
    match (rows, same) {
        (0, 0) => "No row matches the filter; nothing was changed.".to_owned(),
        (0, 1) => "The row was so already; nothing was changed.".to_owned(),
        (0, same) => format!("All {} were so already; nothing was changed.", counted(same)),
        (rows, 0) => format!("{} changed.", counted(rows)),
        (rows, 1) => format!("{} changed; 1 was so already.", counted(rows)),
        (rows, same) => format!("{} changed; {} were so already.", counted(rows), thousands(same as u64)),
    }
}

/// Returns a sentence about rows in which something was replaced.
fn replaced(rows: usize, refused: usize) -> String {
    let said = match rows {
        0 => "Nothing was replaced".to_owned(),
        rows => format!("Replaced in {}", counted(rows)),
    };
    match refused {
        0 => format!("{said}."),
        1 => format!("{said}; 1 row would have been none any more and stays as it was."),
        rows => {
            let rows = counted(rows);
            format!("{said}; {rows} would have been none any more and stay as they were.")
        }
    }
}

/// Returns a sentence about what an operation did, where the screen does not show it already.
pub(super) fn sentence(outcome: OperationOutcome) -> Option<String> {
    let turned = |done: &str, decided: Decided| {
        let what = decided.what.map_or("a change", |what| what.name());
        match (decided.rows, decided.first) {
            (1, Some(row)) => format!("{done}: {what} of row {}.", row.shown()),
            (rows, _) => format!("{done}: {what} of {}.", counted(rows)),
        }
    };
    Some(match outcome {
        OperationOutcome::Written
        | OperationOutcome::CompareBegan { .. }
        | OperationOutcome::CompareEnded { .. } => return None,
        OperationOutcome::Changed { rows, same } => changed(rows, same),
        OperationOutcome::Replaced { rows, refused } => replaced(rows, refused),
        OperationOutcome::Undone(None) => "There is nothing to undo.".to_owned(),
        OperationOutcome::Redone(None) => "There is nothing to redo.".to_owned(),
        OperationOutcome::Undone(Some(decided)) => turned("Undone", decided),
        OperationOutcome::Redone(Some(decided)) => turned("Done again", decided),
        OperationOutcome::Jumped(None) => "The rows are so already; nothing was changed.".to_owned(),
        OperationOutcome::Jumped(Some(Decided { rows, what, .. })) => {
            let there = match what {
                Some(OperationKind::Jump { target }) => format!(" to just after operation {}", target.0),
                _ => String::new(),
            };
            format!("Went{there}: {} changed. Undo takes it back in one step.", counted(rows))
        }
        OperationOutcome::VersionSaved { number, is_new: true } => format!("v{number} saved."),
        OperationOutcome::VersionSaved { number, is_new: false } => {
            format!("v{number} already has these words.")
        }
        OperationOutcome::ScrapRepaired { row } => format!("The scrap is row {} now.", row.shown()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_to_many_rows_is_counted_and_to_one_it_is_named() {
        let undone = |rows, first| {
            let decided = Decided { rows, first, what: Some(OperationKind::Reject), ..Decided::default() };
            sentence(OperationOutcome::Undone(Some(decided))).unwrap()
        };
        assert_eq!(undone(14, Some(RowNumber(2))), "Undone: reject of 14 rows.");
        assert_eq!(undone(1, Some(RowNumber(2))), "Undone: reject of row 3.");
    }

    #[test]
    fn rows_that_were_so_already_are_counted_apart() {
        let said = |rows, same| sentence(OperationOutcome::Changed { rows, same }).unwrap();
        assert_eq!(said(14, 0), "14 rows changed.");
        assert_eq!(said(1, 2), "1 row changed; 2 were so already.");
        assert_eq!(said(0, 20), "All 20 rows were so already; nothing was changed.");
    }
}
