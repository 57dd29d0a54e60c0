//! Groups of rows that are equal or nearly equal, and which row of a group is kept.
//!
//! Two rows belong together where one is flagged `duplicate` or `near-duplicate` of the other; so do rows that are like a
//! third one. A group is shown as long as two of its rows are not rejected.
//!
//! ```text
//! flags: 7 like 3, 9 like 7, 12 like 5  ──► groups {3 7 9}, {5 12} ──► the best of each stays, the others are rejected
//! ```

use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;

use crate::domain::{
    Change, Flag, FlagKind, Projection, RowId, RowNumber, RowSet, RowState, RowView, StateKind,
};

/// The reason with which rows of a group are rejected.
const REASON: &str = FlagKind::NearDuplicate.name();

/// Rows that are equal or nearly equal, in order of arrival; at least two.
pub(crate) type Group = Vec<RowNumber>;

/// Returns whether a flag says that a row is like another one of the session.
fn is_like_a_row(flag: &Flag) -> bool {
    matches!(flag.kind, FlagKind::Duplicate | FlagKind::NearDuplicate)
}

/// Returns the groups of the rows that `wanted` holds for, in the order of their first rows.
#[must_use]
pub(crate) fn groups(projection: &Projection, wanted: impl Fn(RowView<'_>) -> bool) -> Vec<Group> {
    let pairs = pairs(projection);
    let mut leaders = Leaders::default();
    for (row, other) in pairs {
        let are_wanted = [row, other].into_iter().all(|row| projection.row(row).is_some_and(&wanted));
        if are_wanted {
            leaders.join(row, other);
        }
    }
    let mut groups = leaders.groups();
    groups.retain(|group| group.iter().filter(|row| is_open(projection, **row)).count() > 1);
    groups
}

/// Returns the sentence that is said where there is no group: rows that an earlier version of the program took in may
/// never have been compared, so it says no more than the flags do.
#[must_use]
pub(crate) fn no_group(projection: &Projection) -> &'static str {
    let flagged = |kind| projection.counts().of_flag(kind) > 0;
    if flagged(FlagKind::Duplicate) || flagged(FlagKind::NearDuplicate) {
        "Of each group of rows that are equal or nearly equal, at most one is left that is not rejected."
    } else {
        "No row is flagged as equal or nearly equal to another one."
    }
}

fn is_open(projection: &Projection, row: RowNumber) -> bool {
    projection.row(row).is_some_and(|row| row.state() != RowState::Rejected)
}

/// Returns each row that is flagged to be like another one, with that one.
fn pairs(projection: &Projection) -> Vec<(RowNumber, RowNumber)> {
    let flagged = projection.rows().flat_map(|row| {
        let others = row.flags().filter(is_like_a_row).filter_map(|flag| flag.other);
        let ids: Vec<RowId> = others.filter_map(|other| other.parse().ok()).collect();
        ids.into_iter().map(move |id| (row.number(), id))
    });
    let flagged: Vec<(RowNumber, RowId)> = flagged.collect();
    let mut known: HashMap<RowId, Option<RowNumber>> = flagged.iter().map(|(_, id)| (*id, None)).collect();
    if !known.is_empty() {
        for row in projection.rows() {
            known.entry(row.id()).and_modify(|place| *place = Some(row.number()));
        }
    }
    flagged.into_iter().filter_map(|(row, id)| Some((row, (*known.get(&id)?)?))).collect()
}

/// Which rows belong together: each one leads to an earlier one of its group, or to itself.
#[derive(Debug, Default)]
struct Leaders(HashMap<RowNumber, RowNumber>);

impl Leaders {
    fn of(&mut self, row: RowNumber) -> RowNumber {
        let mut leader = row;
        while let Some(next) = self.0.get(&leader).filter(|next| **next != leader) {
            leader = *next;
        }
        let mut at = row;
        while at != leader {
            at = self.0.insert(at, leader).unwrap_or(leader);
        }
        self.0.insert(leader, leader);
        leader
    }

    fn join(&mut self, one: RowNumber, other: RowNumber) {
        let (one, other) = (self.of(one), self.of(other));
        self.0.insert(one.max(other), one.min(other));
    }

    fn groups(mut self) -> Vec<Group> {
        let mut rows: Vec<RowNumber> = self.0.keys().copied().collect();
        rows.sort_unstable();
        let mut places = HashMap::new();
        let mut groups: Vec<Group> = Vec::new();
        for row in rows {
            let place = *places.entry(self.of(row)).or_insert_with(|| {
                groups.push(Group::new());
                groups.len() - 1
            });
            groups[place].push(row);
        }
        groups
    }
}

/// Returns the row of a group that is kept: the one with the higher rating, then the accepted before the pending, the
/// skipped and the rejected one, then the one with fewer flags, then the newer words, then the earlier one.
#[must_use]
pub(crate) fn best_of(projection: &Projection, group: &[RowNumber]) -> Option<RowNumber> {
    let rows = group.iter().filter_map(|row| projection.row(*row));
    rows.min_by(|one, other| by_worth(one, other)).map(|row| row.number())
}

fn by_worth(one: &RowView<'_>, other: &RowView<'_>) -> Ordering {
    let place = |row: &RowView<'_>| match row.state().kind() {
        StateKind::Accepted => 0,
        StateKind::Pending => 1,
        StateKind::Skipped => 2,
        StateKind::Rejected | StateKind::Withdrawn => 3,
    };
    let key = |row: &RowView<'_>| (Reverse(row.state().rating()), place(row), row.flag_kinds().count());
    let novelty = |row: &RowView<'_>| row.novelty().unwrap_or(0.0);
    key(one)
        .cmp(&key(other))
        .then_with(|| novelty(other).total_cmp(&novelty(one)))
        .then_with(|| one.number().cmp(&other.number()))
}

/// What keeping one row of each group comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Merge {
    /// The rows that are rejected.
    pub(crate) rejected: RowSet,
    /// How many of them are accepted now.
    pub(crate) accepted: usize,
    /// How many groups there are.
    pub(crate) groups: usize,
}

impl Merge {
    /// Returns what it comes to if the best row of each group is kept.
    #[must_use]
    pub(crate) fn keeping_best(projection: &Projection, groups: &[Group]) -> Self {
        let kept = groups.iter().filter_map(|group| Some((best_of(projection, group)?, group)));
        Self::keeping(projection, kept)
    }

    /// Returns what it comes to if this row of each group is kept.
    #[must_use]
    pub(crate) fn keeping<'a>(
        projection: &Projection,
        kept: impl Iterator<Item = (RowNumber, &'a Group)>,
    ) -> Self {
        let mut merge = Self::default();
        let mut rejected = Vec::new();
        for (kept, group) in kept {
            let before = rejected.len();
            rejected.extend(group.iter().filter(|row| **row != kept && is_open(projection, **row)));
            merge.groups += usize::from(rejected.len() > before);
        }
        let is_accepted = |row: &&RowNumber| projection.is_in(**row, StateKind::Accepted);
        merge.accepted = rejected.iter().filter(is_accepted).count();
        merge.rejected = rejected.into_iter().collect();
        merge
    }

    /// Returns what is done to the rejected rows.
    #[must_use]
    pub(crate) fn change() -> Change {
        Change::Reject { reason: Some(REASON.to_owned()), tags: Vec::new() }
    }
}

#[cfg(test)]
mod tests;
