//! Gathers what decisions say of a prompt, for templates that name `rejected`, `reasons` or `edited`, and for drafting
//! the next version.
//!
//! A row that is near a test row is in none of them, whatever its flags say now: a prompt with it would carry what a model
//! is tested with. An edited row counts with both its texts.

use std::collections::{HashMap, HashSet};

use super::examples::{Eligible, decided_before, is_near_test};
use super::flagging::Side;
use crate::domain::{
    EditedRow, Feedback, FlagKind, ReasonCount, RejectedRow, RowState, RowView, StateKind, Timestamp,
};
use crate::text::normalise;

/// The most rejected rows, and the most edited ones.
const MOST_ROWS: usize = 10;
/// The most reasons.
const MOST_REASONS: usize = 20;

/// Returns what decisions on rows of a label say.
pub(super) fn feedback(eligible: Eligible<'_>, test: &Side) -> Feedback {
    let Eligible { rows, label, before } = eligible;
    let of_label = |row: &RowView<'_>| row.label() == label;
    let mut rejected: Vec<(Timestamp, RowView<'_>, Option<String>)> = Vec::new();
    let mut edited = Vec::new();
    for row in rows.rows() {
        // The reason of a row that contaminates the test rows may quote it.
        let is_tested = row.has_flag(FlagKind::ContaminatesTest);
        if row.state() == RowState::Rejected && of_label(&row) && !is_tested {
            let mark = row.mark();
            if decided_before(mark.decided_at, before) {
                rejected.push((mark.decided_at.unwrap_or_default(), row, mark.reason));
            }
        } else if row.is_edited() && row.state().kind() != StateKind::Withdrawn && of_label(&row) {
            edited.push(row);
        }
    }
    // The last decision first; of those taken at once, the row that came last.
    rejected.sort_by_key(|(at, row, _)| std::cmp::Reverse((*at, row.number())));
    let reasons = reasons(rejected.iter().filter_map(|(_, _, reason)| reason.as_deref()));
    let is_clean = |row: &RowView<'_>, texts: &[&str]| {
        !row.has_flag(FlagKind::ContaminatesTest) && !texts.iter().any(|text| is_near_test(test, text))
    };
    let mut taken = Taken { seen: HashSet::new(), rows: Vec::new() };
    let first_of = reasons.iter().filter_map(|known| {
        rejected.iter().find(|(_, row, reason)| {
            reason.as_deref() == Some(known.reason.as_str()) && is_clean(row, &[&row.text()])
        })
    });
    let with = rejected.iter().filter(|(_, _, reason)| reason.is_some());
    let without = rejected.iter().filter(|(_, _, reason)| reason.is_none());
    for (_, row, reason) in first_of.chain(with).chain(without) {
        if taken.rows.len() == MOST_ROWS {
            break;
        }
        if !taken.has(&row.text()) && is_clean(row, &[&row.text()]) {
            taken.take(row, reason.as_ref());
        }
    }
    let edited = edited.iter().rev().filter(|row| row.original_text() != row.text());
    let edited = edited.filter(|row| is_clean(row, &[&row.original_text(), &row.text()]));
    let edited = edited.take(MOST_ROWS).map(|row| EditedRow {
        id: row.id(),
        before: row.original_text().to_owned(),
        after: row.text().to_owned(),
    });
    let edited = edited.collect();
    Feedback { rejected: taken.rows, reasons: reasons.into_iter().take(MOST_REASONS).collect(), edited }
}

/// Rejected rows that were taken, no text twice.
struct Taken {
    seen: HashSet<String>,
    rows: Vec<RejectedRow>,
}

impl Taken {
    fn has(&self, text: &str) -> bool {
        self.seen.contains(&normalise(text))
    }

    fn take(&mut self, row: &RowView<'_>, reason: Option<&String>) {
        self.seen.insert(normalise(&row.text()));
        self.rows.push(RejectedRow {
            id: row.id(),
            text: row.text().to_owned(),
            reason: reason.cloned(),
            fields: row.fields(),
        });
    }
}

/// Counts reasons, the most frequent first, then in the order in which they are given.
fn reasons<'a>(given: impl Iterator<Item = &'a str>) -> Vec<ReasonCount> {
    let mut counts: Vec<ReasonCount> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for reason in given {
        let place = *places.entry(reason).or_insert(counts.len());
        match counts.get_mut(place) {
            Some(known) => known.count += 1,
            None => counts.push(ReasonCount { reason: reason.to_owned(), count: 1 }),
        }
    }
    counts.sort_by_key(|known| std::cmp::Reverse(known.count));
    counts
}
