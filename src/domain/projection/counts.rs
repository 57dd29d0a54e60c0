//! Counts of rows and tokens, updated with every fact.

use crate::domain::{FlagKind, Price, RowState, StateKind, Tokens, Usage, VersionId};

/// How many rows are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StateCounts {
    /// Not decided.
    pub pending: u32,
    /// Kept.
    pub accepted: u32,
    /// Dropped.
    pub rejected: u32,
    /// Left open.
    pub skipped: u32,
}

impl StateCounts {
    /// Returns the count of one state.
    #[must_use]
    pub const fn of(&self, kind: StateKind) -> u32 {
        match kind {
            StateKind::Pending => self.pending,
            StateKind::Accepted => self.accepted,
            StateKind::Rejected => self.rejected,
            StateKind::Skipped => self.skipped,
        }
    }

    /// Returns how many rows there are in all.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.pending + self.accepted + self.rejected + self.skipped
    }

    fn slot(&mut self, state: RowState) -> &mut u32 {
        match state.kind() {
            StateKind::Pending => &mut self.pending,
            StateKind::Accepted => &mut self.accepted,
            StateKind::Rejected => &mut self.rejected,
            StateKind::Skipped => &mut self.skipped,
        }
    }

    fn add(&mut self, state: RowState) {
        *self.slot(state) += 1;
    }

    fn take(&mut self, state: RowState) {
        let slot = self.slot(state);
        *slot = slot.saturating_sub(1);
    }
}

/// All counts of a projection.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counts {
    /// Over all rows.
    pub all: StateCounts,
    /// What all requests used.
    pub usage: Usage,
    labels: Vec<(String, StateCounts)>,
    flags: FlagCounts,
    versions: Vec<(VersionId, OfVersion)>,
}

/// The counts of one version.
#[derive(Debug, Clone, Default, PartialEq)]
struct OfVersion {
    states: StateCounts,
    flags: FlagCounts,
    usage: Usage,
}

/// How many rows have each flag, in the order of [`FlagKind::ALL`].
type FlagCounts = [u32; FlagKind::ALL.len()];

/// The properties by which a row is counted.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    pub(super) state: RowState,
    pub(super) label: String,
    pub(super) version: Option<VersionId>,
}

fn entry<'a, K: PartialEq + Clone, C: Default>(list: &'a mut Vec<(K, C)>, key: &K) -> Option<&'a mut C> {
    let place = list.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
        list.push((key.clone(), C::default()));
        list.len() - 1
    });
    list.get_mut(place).map(|(_, counts)| counts)
}

impl Counts {
    /// Returns the counts of the rows with a label.
    #[must_use]
    pub fn of_label(&self, label: &str) -> StateCounts {
        self.labels.iter().find(|(known, _)| known == label).map(|(_, counts)| *counts).unwrap_or_default()
    }

    /// Returns the counts of the rows of a version.
    #[must_use]
    pub fn of_version(&self, version: VersionId) -> StateCounts {
        self.version(version).map(|counts| counts.states).unwrap_or_default()
    }

    /// Returns what the requests of a version used.
    #[must_use]
    pub fn usage_of(&self, version: VersionId) -> Usage {
        self.version(version).map(|counts| counts.usage.clone()).unwrap_or_default()
    }

    fn version(&self, version: VersionId) -> Option<&OfVersion> {
        self.versions.iter().find(|(id, _)| *id == version).map(|(_, counts)| counts)
    }

    /// Returns how many rows have a flag.
    #[must_use]
    pub fn of_flag(&self, kind: FlagKind) -> u32 {
        self.flags[kind.place()]
    }

    /// Returns how many rows of a version have a flag.
    #[must_use]
    pub fn of_flag_in(&self, kind: FlagKind, version: VersionId) -> u32 {
        self.version(version).map_or(0, |counts| counts.flags[kind.place()])
    }

    pub(super) fn add(&mut self, row: &Counted) {
        self.each(row, StateCounts::add);
    }

    pub(super) fn take(&mut self, row: &Counted) {
        self.each(row, StateCounts::take);
    }

    fn each(&mut self, row: &Counted, change: fn(&mut StateCounts, RowState)) {
        change(&mut self.all, row.state);
        if let Some(counts) = entry(&mut self.labels, &row.label) {
            change(counts, row.state);
        }
        if let Some(counts) = row.version.as_ref().and_then(|version| entry(&mut self.versions, version)) {
            change(&mut counts.states, row.state);
        }
    }

    pub(super) fn flag(&mut self, kind: FlagKind, version: Option<VersionId>, add: bool) {
        let place = kind.place();
        let change = |count: &mut u32| *count = if add { *count + 1 } else { count.saturating_sub(1) };
        change(&mut self.flags[place]);
        if let Some(counts) = version.and_then(|version| entry(&mut self.versions, &version)) {
            change(&mut counts.flags[place]);
        }
    }

    /// Adds what a request of a version used.
    pub(super) fn used(&mut self, version: VersionId, price: Option<Price>, tokens: Tokens) {
        self.usage.add(price, tokens);
        if let Some(counts) = entry(&mut self.versions, &version) {
            counts.usage.add(price, tokens);
        }
    }

    /// Returns whether the counts of a version differ.
    pub(super) fn differ_of(&self, other: &Self, version: VersionId) -> bool {
        let of = |counts: &Self| counts.version(version).cloned().unwrap_or_default();
        of(self) != of(other)
    }
}
