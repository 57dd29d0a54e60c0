//! Counts that every view shows, kept up to date with every fact.

use crate::domain::{FlagKind, RowState, StateKind, VersionId};

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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Over all rows.
    pub all: StateCounts,
    labels: Vec<(String, StateCounts)>,
    versions: Vec<(VersionId, StateCounts)>,
    flags: FlagCounts,
    version_flags: Vec<(VersionId, FlagCounts)>,
}

/// How many rows have each flag, in the order of [`FlagKind::ALL`].
type FlagCounts = [u32; FlagKind::ALL.len()];

/// What a row counts as.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    pub(super) state: RowState,
    pub(super) label: String,
    pub(super) version: Option<VersionId>,
}

fn entry<'a, K: PartialEq + Clone>(
    list: &'a mut Vec<(K, StateCounts)>,
    key: &K,
) -> Option<&'a mut StateCounts> {
    let place = list.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
        list.push((key.clone(), StateCounts::default()));
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
        self.versions.iter().find(|(id, _)| *id == version).map(|(_, counts)| *counts).unwrap_or_default()
    }

    /// Returns how many rows have a flag.
    #[must_use]
    pub fn of_flag(&self, kind: FlagKind) -> u32 {
        place_of(kind).map_or(0, |place| self.flags[place])
    }

    /// Returns how many rows of a version have a flag.
    #[must_use]
    pub fn of_flag_in(&self, kind: FlagKind, version: VersionId) -> u32 {
        let counts = self.version_flags.iter().find(|(id, _)| *id == version).map(|(_, counts)| counts);
        counts.zip(place_of(kind)).map_or(0, |(counts, place)| counts[place])
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
            change(counts, row.state);
        }
    }

    pub(super) fn flag(&mut self, kind: FlagKind, version: Option<VersionId>, add: bool) {
        let Some(place) = place_of(kind) else { return };
        let change = |count: &mut u32| *count = if add { *count + 1 } else { count.saturating_sub(1) };
        change(&mut self.flags[place]);
        let Some(version) = version else { return };
        let known = self.version_flags.iter().position(|(id, _)| *id == version);
        let at = known.unwrap_or_else(|| {
            self.version_flags.push((version, FlagCounts::default()));
            self.version_flags.len() - 1
        });
        change(&mut self.version_flags[at].1[place]);
    }
}

fn place_of(kind: FlagKind) -> Option<usize> {
    FlagKind::ALL.iter().position(|known| *known == kind)
}
