//! Counts of rows and tokens, updated with every fact.

use std::sync::Arc;

use crate::domain::{
    FlagKind, GeneratorInfo, Price, Provider, RowState, Run, RunNumber, StateKind, Tokens, Usage, VersionId,
};

/// How many rows are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
            StateKind::Withdrawn => 0,
        }
    }

    /// Returns how many rows there are in all.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.pending + self.accepted + self.rejected + self.skipped
    }

    fn slot(&mut self, state: RowState) -> Option<&mut u32> {
        Some(match state.kind() {
            StateKind::Pending => &mut self.pending,
            StateKind::Accepted => &mut self.accepted,
            StateKind::Rejected => &mut self.rejected,
            StateKind::Skipped => &mut self.skipped,
            StateKind::Withdrawn => return None,
        })
    }
}

/// How many rows were accepted and how many rejected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Decisions {
    /// Rows that were kept.
    pub accepted: u32,
    /// Rows that were dropped.
    pub rejected: u32,
}

impl Decisions {
    /// Returns how many rows were accepted or rejected.
    #[must_use]
    pub const fn total(self) -> u32 {
        self.accepted + self.rejected
    }
}

impl std::iter::Sum for Decisions {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, more| Self {
            accepted: sum.accepted + more.accepted,
            rejected: sum.rejected + more.rejected,
        })
    }
}

/// The rows of one version that come from one provider and model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfGenerator {
    /// The provider's name.
    pub provider: Arc<str>,
    /// The model's name, as it was asked for.
    pub model: Option<Arc<str>>,
    /// Its rows.
    pub rows: u32,
    /// What was decided one by one.
    pub one_by_one: Decisions,
    /// What was decided in bulk.
    pub bulk: Decisions,
    /// The ratings of rows that were decided one by one.
    pub ratings: Ratings,
    reasons: Vec<(Arc<str>, u32)>,
}

/// How many ratings there are, and their sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ratings {
    /// How many there are.
    pub count: u32,
    /// Their stars together.
    pub stars: u32,
}

impl Ratings {
    /// Returns the mean, 1 to 5; `None` without a rating.
    #[must_use]
    pub fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| f64::from(self.stars) / f64::from(self.count))
    }
}

impl OfGenerator {
    fn new(generator: &GeneratorInfo) -> Self {
        Self {
            provider: generator.provider.as_str().into(),
            model: generator.model.as_deref().map(Arc::from),
            rows: 0,
            one_by_one: Decisions::default(),
            bulk: Decisions::default(),
            ratings: Ratings::default(),
            reasons: Vec::new(),
        }
    }

    /// Returns the reasons of its rejected rows with their counts, the most frequent first.
    #[must_use]
    pub fn reasons(&self) -> Vec<(&str, u32)> {
        let there = self.reasons.iter().filter(|(_, rows)| *rows > 0);
        let mut reasons: Vec<_> = there.map(|(reason, rows)| (&**reason, *rows)).collect();
        reasons.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        reasons
    }

    /// Counts rows that are there, or are no longer there, with what a person said of them.
    fn count(&mut self, row: &Counted<'_>, change: Step) {
        change.on(&mut self.rows);
        self.slot(row.state, row.bulk).into_iter().for_each(|count| change.on(count));
        if let Some(rating) = row.state.rating().filter(|_| !row.bulk) {
            change.on(&mut self.ratings.count);
            change.times(rating.stars().into()).on(&mut self.ratings.stars);
        }
        if let Some(reason) = row.reason.filter(|_| row.state == RowState::Rejected) {
            let fits = |(known, _): &(Arc<str>, u32)| **known == *reason;
            if let Some((_, rows)) = entry(&mut self.reasons, fits, || (reason.into(), 0)) {
                change.on(rows);
            }
        }
    }

    /// Returns whether the rows come from this provider and model.
    #[must_use]
    pub fn is_from(&self, provider: &str, model: Option<&str>) -> bool {
        *self.provider == *provider && self.model.as_deref() == model
    }

    /// Returns whether the generator reads the words of the prompt, so that its rows say something of them.
    #[must_use]
    pub fn reads_prompts(&self) -> bool {
        *self.provider != *Provider::Offline.name()
    }

    fn slot(&mut self, state: RowState, bulk: bool) -> Option<&mut u32> {
        let decisions = if bulk { &mut self.bulk } else { &mut self.one_by_one };
        match state {
            RowState::Accepted { .. } => Some(&mut decisions.accepted),
            RowState::Rejected => Some(&mut decisions.rejected),
            RowState::Pending | RowState::Skipped | RowState::Withdrawn => None,
        }
    }
}

/// By how much counts change.
#[derive(Debug, Clone, Copy)]
enum Step {
    More(u32),
    Fewer(u32),
}

impl Step {
    const fn on(self, count: &mut u32) {
        *count = match self {
            Self::More(rows) => *count + rows,
            Self::Fewer(rows) => count.saturating_sub(rows),
        };
    }

    const fn times(self, factor: u32) -> Self {
        match self {
            Self::More(rows) => Self::More(rows * factor),
            Self::Fewer(rows) => Self::Fewer(rows * factor),
        }
    }
}

/// The pending rows of the last run that gave rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Newest {
    run: Option<RunNumber>,
    pending: u32,
}

/// All counts of a projection.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counts {
    /// Over all rows.
    pub all: StateCounts,
    /// What all requests used.
    pub usage: Usage,
    /// How many rows have stars.
    pub rated: u32,
    /// How many rows have fields that a person edited.
    pub edited: u32,
    labels: Vec<(String, StateCounts)>,
    flags: FlagCounts,
    versions: Vec<(VersionId, OfVersion)>,
    newest: Newest,
}

/// The counts of one version.
#[derive(Debug, Clone, Default, PartialEq)]
struct OfVersion {
    states: StateCounts,
    flags: FlagCounts,
    usage: Usage,
    generators: Vec<OfGenerator>,
}

/// How many rows have each flag, in the order of [`FlagKind::ALL`].
type FlagCounts = [u32; FlagKind::ALL.len()];

/// The properties by which a row is counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted<'a> {
    pub(super) state: RowState,
    pub(super) bulk: bool,
    pub(super) edited: bool,
    pub(super) label: &'a str,
    pub(super) reason: Option<&'a str>,
    pub(super) run: Option<&'a Run>,
}

/// Returns the entry that fits, appending a new one where there is none.
fn entry<C>(list: &mut Vec<C>, fits: impl Fn(&C) -> bool, new: impl FnOnce() -> C) -> Option<&mut C> {
    let place = list.iter().position(fits).unwrap_or_else(|| {
        list.push(new());
        list.len() - 1
    });
    list.get_mut(place)
}

impl Counts {
    /// Returns the counts of the rows with a label.
    #[must_use]
    pub fn of_label(&self, label: &str) -> StateCounts {
        self.labels.iter().find(|(known, _)| known == label).map(|(_, counts)| *counts).unwrap_or_default()
    }

    /// Returns the labels that rows have now.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().filter(|(_, counts)| counts.total() > 0).map(|(label, _)| label.as_str())
    }

    /// Returns the versions that have rows, with their number of rows.
    pub fn versions(&self) -> impl Iterator<Item = (VersionId, u32)> {
        self.versions.iter().map(|(id, of)| (*id, of.states.total())).filter(|(_, rows)| *rows > 0)
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

    /// Returns the rows of a version by provider and model, in the order in which they first gave rows.
    #[must_use]
    pub fn by_generator(&self, version: VersionId) -> &[OfGenerator] {
        self.version(version).map_or(&[], |counts| &counts.generators)
    }

    /// Returns the last run that gave rows.
    #[must_use]
    pub const fn last_run(&self) -> Option<RunNumber> {
        self.newest.run
    }

    /// Returns how many rows are new: pending, and of the last run that gave rows.
    #[must_use]
    pub const fn new_rows(&self) -> u32 {
        self.newest.pending
    }

    /// Counts rows that came, all alike.
    pub(super) fn add(&mut self, row: &Counted<'_>, rows: u32) {
        self.each(row, Step::More(rows));
    }

    /// Counts rows that went, all alike.
    pub(super) fn take(&mut self, row: &Counted<'_>, rows: u32) {
        self.each(row, Step::Fewer(rows));
    }

    fn each(&mut self, row: &Counted<'_>, change: Step) {
        let of_state = |counts: &mut StateCounts| {
            counts.slot(row.state).into_iter().for_each(|slot| change.on(slot));
        };
        of_state(&mut self.all);
        if row.state.rating().is_some() {
            change.on(&mut self.rated);
        }
        if row.edited {
            change.on(&mut self.edited);
        }
        let new = || (row.label.to_owned(), StateCounts::default());
        if let Some((_, counts)) = entry(&mut self.labels, |(label, _)| label == row.label, new) {
            of_state(counts);
        }
        let Some(run) = row.run else { return };
        if self.newest.run < Some(run.number) {
            self.newest = Newest { run: Some(run.number), pending: 0 };
        }
        if self.newest.run == Some(run.number) && row.state == RowState::Pending {
            change.on(&mut self.newest.pending);
        }
        let Some(counts) = self.version_mut(run.version) else { return };
        of_state(&mut counts.states);
        let made = &run.generator;
        let fits = |of: &OfGenerator| of.is_from(&made.provider, made.model.as_deref());
        if let Some(of) = entry(&mut counts.generators, fits, || OfGenerator::new(made)) {
            of.count(row, change);
        }
    }

    fn version_mut(&mut self, version: VersionId) -> Option<&mut OfVersion> {
        let new = || (version, OfVersion::default());
        entry(&mut self.versions, |(id, _)| *id == version, new).map(|(_, counts)| counts)
    }

    pub(super) fn flag(&mut self, kind: FlagKind, version: Option<VersionId>, add: bool) {
        let place = kind.place();
        let change = |count: &mut u32| *count = if add { *count + 1 } else { count.saturating_sub(1) };
        change(&mut self.flags[place]);
        if let Some(counts) = version.and_then(|version| self.version_mut(version)) {
            change(&mut counts.flags[place]);
        }
    }

    /// Adds what a request of a version used.
    pub(super) fn used(&mut self, version: VersionId, price: Option<Price>, tokens: Tokens) {
        self.usage.add(price, tokens);
        if let Some(counts) = self.version_mut(version) {
            counts.usage.add(price, tokens);
        }
    }

    /// Returns whether the counts of a version differ.
    pub(super) fn differ_of(&self, other: &Self, version: VersionId) -> bool {
        // Which reasons came first, and which were taken back, is no difference.
        let of = |counts: &Self| {
            let mut of = counts.version(version).cloned().unwrap_or_default();
            for generator in &mut of.generators {
                generator.reasons.retain(|(_, rows)| *rows > 0);
                generator.reasons.sort();
            }
            of
        };
        of(self) != of(other)
    }
}
