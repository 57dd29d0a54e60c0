//! The counting: one pass over the rows, each core with a tally of its own.
//!
//! What a row shares with all rows of its request is counted by request, and told apart at the end.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::curate::Filter;
use crate::curate::matching::Matcher;
use crate::domain::{FlagKind, Projection, RequestNumber, RowNumber, RowView, RunNumber, StateKind};
use crate::parallel;

/// How many shares the rows are cut into at most; more than there are cores, so that none waits long for the last.
const SHARES: usize = 16;
/// Fewer rows than this are no share of their own.
const LEAST: usize = 4096;

/// The name of a prompt, and the number of one of its versions.
type Version = (String, u32);

/// The counts of rows that match.
#[derive(Debug, Default)]
pub(super) struct Tally<'a> {
    pub(super) rows: u64,
    /// By the places of [`StateKind::ALL`].
    pub(super) states: [u64; StateKind::ALL.len()],
    pub(super) tags: HashMap<&'a str, u64>,
    pub(super) reasons: HashMap<&'a str, u64>,
    labels: HashMap<&'a str, u64>,
    flags: [u64; FlagKind::ALL.len()],
    requests: Vec<u32>,
    origins: Vec<u32>,
}

impl<'a> Tally<'a> {
    /// Counts the rows that match.
    pub(super) fn of(projection: &'a Projection, filter: &Filter) -> Self {
        let matcher = filter.on(projection);
        let size = projection.len().div_ceil(SHARES).max(LEAST);
        let starts = (0..projection.len()).step_by(size);
        let shares: Vec<_> = starts.map(|start| start..(start + size).min(projection.len())).collect();
        let tallies = parallel::map(&shares, |share| Self::share(projection, &matcher, share.clone()));
        tallies.into_iter().reduce(Self::with).unwrap_or_default()
    }

    fn share(projection: &'a Projection, matcher: &Matcher<'_>, share: Range<usize>) -> Self {
        let mut tally = Self {
            requests: vec![0; projection.request_count()],
            origins: vec![0; projection.origins().len()],
            ..Self::default()
        };
        let numbers = share.filter_map(|number| u32::try_from(number).ok()).map(RowNumber);
        let rows = numbers.filter_map(|number| projection.row(number));
        rows.filter(|row| matcher.matches(row)).for_each(|row| tally.count(row));
        tally
    }

    fn count(&mut self, row: RowView<'a>) {
        self.rows += 1;
        let state = row.state().kind();
        if let Some(place) = StateKind::ALL.iter().position(|known| *known == state) {
            self.states[place] += 1;
        }
        *self.labels.entry(row.label()).or_default() += 1;
        // Several flags of one kind name several other rows, and are one property of this one.
        let mut seen = [false; FlagKind::ALL.len()];
        for place in row.flag_kinds().map(FlagKind::place) {
            if !std::mem::replace(&mut seen[place], true) {
                self.flags[place] += 1;
            }
        }
        for tag in row.tags() {
            *self.tags.entry(tag).or_default() += 1;
        }
        if let Some(reason) = row.reason() {
            *self.reasons.entry(reason).or_default() += 1;
        }
        let made = match (row.request_number(), row.origin_place()) {
            (Some(request), _) => self.requests.get_mut(request.0 as usize),
            (None, Some(origin)) => self.origins.get_mut(origin),
            (None, None) => None,
        };
        made.into_iter().for_each(|rows| *rows += 1);
    }

    fn with(mut self, other: Self) -> Self {
        self.rows += other.rows;
        add(&mut self.states, &other.states);
        add(&mut self.flags, &other.flags);
        add(&mut self.requests, &other.requests);
        add(&mut self.origins, &other.origins);
        let maps = [
            (&mut self.labels, other.labels),
            (&mut self.tags, other.tags),
            (&mut self.reasons, other.reasons),
        ];
        for (own, other) in maps {
            other.into_iter().for_each(|(value, rows)| *own.entry(value).or_default() += rows);
        }
        self
    }

    pub(super) fn flags(&self) -> Vec<(String, u64)> {
        let flags = FlagKind::ALL.iter().zip(self.flags);
        flags.map(|(kind, rows)| (kind.name().to_owned(), rows)).collect()
    }

    /// Returns the labels; where all rows of the session have the same one, it parts none.
    pub(super) fn labels(&self, projection: &Projection) -> Vec<(String, u64)> {
        if projection.counts().labels().nth(1).is_none() {
            return Vec::new();
        }
        super::owned(&self.labels)
    }

    /// Returns the requests whose rows may be told apart, each with its run and how many of its rows match.
    fn told(&self, projection: &Projection) -> impl Iterator<Item = (RequestNumber, RunNumber, u64)> {
        let counted = (0..).map(RequestNumber).zip(&self.requests).filter(|(_, rows)| **rows > 0);
        let of_run = |(request, rows): (_, &u32)| {
            projection.run_of_request(request).map(|run| (request, run, u64::from(*rows)))
        };
        let is_told = |run| projection.run(run).is_none_or(|run| !projection.hides_run(run));
        counted.filter_map(of_run).filter(move |(_, run, _)| is_told(*run))
    }

    fn by_run(&self, projection: &Projection) -> BTreeMap<RunNumber, u64> {
        let mut by_run = BTreeMap::new();
        self.told(projection).for_each(|(_, run, rows)| *by_run.entry(run).or_default() += rows);
        by_run
    }

    pub(super) fn runs(&self, projection: &Projection) -> Vec<(String, u64)> {
        self.by_run(projection).into_iter().map(|(run, rows)| (run.0.to_string(), rows)).collect()
    }

    pub(super) fn versions(&self, projection: &Projection) -> BTreeMap<Version, u64> {
        let mut versions = BTreeMap::new();
        for (run, rows) in self.by_run(projection) {
            let version = projection.run(run).and_then(|run| projection.version(run.version));
            if let Some(version) = version {
                *versions.entry((version.name.clone(), version.number)).or_default() += rows;
            }
        }
        for (origin, rows) in projection.origins().iter().zip(&self.origins).filter(|(_, rows)| **rows > 0) {
            if let (Some(name), Some(number)) = (&origin.prompt, origin.version) {
                *versions.entry((name.clone(), number)).or_default() += u64::from(*rows);
            }
        }
        versions
    }

    pub(super) fn variables(&self, projection: &Projection) -> BTreeMap<String, Vec<(String, u64)>> {
        let mut variables: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
        // A page of requests is let go before the next one is fetched.
        for (request, _, rows) in self.told(projection) {
            let Some(request) = projection.request(request) else { continue };
            for (name, value) in request.variables.iter() {
                let values = entry(&mut variables, name);
                *entry(values, value) += rows;
            }
        }
        let values = |values: BTreeMap<String, u64>| values.into_iter().collect();
        variables.into_iter().map(|(name, of)| (name, values(of))).collect()
    }
}

/// Returns the value of a key, which is copied only where it is new.
fn entry<'m, T: Default>(map: &'m mut BTreeMap<String, T>, key: &str) -> &'m mut T {
    if !map.contains_key(key) {
        map.insert(key.to_owned(), T::default());
    }
    map.get_mut(key).expect("the key was inserted where it was missing")
}

fn add<T: Copy + std::ops::AddAssign>(own: &mut [T], other: &[T]) {
    own.iter_mut().zip(other).for_each(|(own, other)| *own += *other);
}
