//! Batches: runs whose requests are written to files, and whose results come at another time.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{Projection, RequestNumber, Run};

/// What answers the requests of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BatchTarget {
    /// The Batch API of `OpenAI`, which other services have too.
    OpenAi,
    /// The Message Batches API of Anthropic.
    Anthropic,
    /// `vllm run-batch`.
    Vllm,
    /// Ray Data, with an engine of its own or any server.
    Ray,
}

impl BatchTarget {
    /// All targets, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::OpenAi, Self::Anthropic, Self::Vllm, Self::Ray];

    /// Returns its name, as the command line and the journal spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Vllm => "vllm",
            Self::Ray => "ray",
        }
    }

    /// Returns the target of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }

    /// Returns whether a service answers it that bills batches at half the price of single requests, as `OpenAI` and
    /// Anthropic do.
    #[must_use]
    pub const fn is_half_price(self) -> bool {
        matches!(self, Self::OpenAi | Self::Anthropic)
    }
}

/// How far a batch is.
///
/// A request is *answered* once a reply was read, whatever that brought, and *failed* where only a reason came why there
/// is none. What answered requests brought too few rows of is asked for by further requests, which no reply repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BatchState {
    requested: u32,
    rows_per_request: u32,
    /// Rows of the run.
    pub(crate) rows: u32,
    /// Requests by their place in the run, and whether they are answered.
    heard: BTreeMap<u32, bool>,
}

/// A request that is to be asked, or asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MissingRequest {
    /// Its place in the run.
    pub(crate) index: u32,
    /// How many rows it asks for.
    pub(crate) rows: u32,
}

impl BatchState {
    /// Returns how far a run is.
    #[must_use]
    pub(crate) fn of(projection: &Projection, run: &Run) -> Self {
        let mut heard = BTreeMap::new();
        let mut places: HashMap<RequestNumber, u32> = HashMap::new();
        for request in projection.requests_of(run.number) {
            places.insert(request.number, request.index);
            *heard.entry(request.index).or_default() |= request.answered_by.is_some();
        }
        // Not every server says who it is.
        let of_rows = projection.rows().filter_map(|row| row.request_number());
        let of_scraps = projection.scraps().map(|scrap| scrap.request);
        for index in of_rows.chain(of_scraps).filter_map(|number| places.get(&number)) {
            heard.insert(*index, true);
        }
        let rows_per_request = run.settings.rows_per_request.max(1);
        Self { requested: run.requested, rows_per_request, rows: run.rows, heard }
    }

    /// Returns how many requests the run began with.
    #[must_use]
    pub(crate) const fn first_requests(&self) -> u32 {
        self.requested.div_ceil(self.rows_per_request)
    }

    /// Returns whether a request is answered.
    #[must_use]
    pub(crate) fn is_answered(&self, index: u32) -> bool {
        self.heard.get(&index).copied().unwrap_or_default()
    }

    /// Returns whether a request has failed, and was not answered since.
    #[must_use]
    pub(crate) fn has_failed(&self, index: u32) -> bool {
        self.heard.get(&index).is_some_and(|is_answered| !is_answered)
    }

    /// Takes note of a result.
    pub(crate) fn note(&mut self, index: u32, is_answered: bool) {
        *self.heard.entry(index).or_default() |= is_answered;
    }

    /// Returns how many requests are answered.
    #[must_use]
    pub(crate) fn answered(&self) -> usize {
        self.heard.values().filter(|is_answered| **is_answered).count()
    }

    /// Returns how many requests have failed, and were not answered since.
    #[must_use]
    pub(crate) fn failed(&self) -> usize {
        self.heard.len() - self.answered()
    }

    /// Returns the requests that have to be asked until all rows are there: those without an answer, and as many more as
    /// the answered ones fell short of.
    #[must_use]
    pub(crate) fn missing(&self) -> Vec<MissingRequest> {
        let mut left = self.requested.saturating_sub(self.rows);
        let mut missing = Vec::new();
        let mut ask = |index, most: u32| {
            let rows = left.min(most);
            left -= rows;
            if rows > 0 {
                // A request that was written before keeps its rows, so that it stays the same request.
                missing.push(MissingRequest { index, rows: most });
            }
            left
        };
        for index in (0..self.first_requests()).filter(|index| !self.is_answered(*index)) {
            ask(index, self.rows_of(index));
        }
        let last = self.heard.keys().next_back().map_or(0, |index| index + 1);
        let mut next = self.first_requests().max(last);
        let mut left = ask(next, 0);
        while left > 0 {
            left = ask(next, left.min(self.rows_per_request));
            next += 1;
        }
        missing
    }

    /// Returns how many rows one of the first requests asks for: the last one for what remains.
    const fn rows_of(&self, index: u32) -> u32 {
        let before = index.saturating_mul(self.rows_per_request);
        let remain = self.requested.saturating_sub(before);
        if remain < self.rows_per_request { remain } else { self.rows_per_request }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(requested: u32, rows: u32, heard: &[(u32, bool)]) -> BatchState {
        BatchState { requested, rows_per_request: 5, rows, heard: heard.iter().copied().collect() }
    }

    fn missing(state: &BatchState) -> Vec<(u32, u32)> {
        state.missing().into_iter().map(|missing| (missing.index, missing.rows)).collect()
    }

    #[test]
    fn at_first_everything_is_missing_and_the_last_request_asks_for_the_rest() {
        assert_eq!(missing(&state(12, 0, &[])), [(0, 5), (1, 5), (2, 2)]);
        assert_eq!(missing(&state(5, 0, &[])), [(0, 5)]);
        assert_eq!(missing(&state(1, 0, &[])), [(0, 1)]);
    }

    #[test]
    fn what_failed_is_asked_again_and_what_fell_short_by_further_requests() {
        let some = state(15, 8, &[(0, true), (1, false), (2, true)]);
        assert_eq!((some.answered(), some.failed()), (2, 1));
        assert_eq!(missing(&some), [(1, 5), (3, 2)]);
        // A further request that failed or brought nothing is not repeated.
        assert_eq!(missing(&state(10, 3, &[(0, true), (1, true), (2, false)])), [(3, 5), (4, 2)]);
        assert!(missing(&state(10, 10, &[(0, true), (2, true)])).is_empty());
        assert!(missing(&state(10, 10, &[(0, true)])).is_empty(), "all rows are there");
    }

    #[test]
    fn an_answer_counts_once_and_is_not_lost_to_a_later_failure() {
        let mut state = state(10, 0, &[]);
        state.note(0, false);
        assert!(state.has_failed(0) && !state.is_answered(0));
        state.note(0, true);
        state.note(0, false);
        assert!(state.is_answered(0) && !state.has_failed(0));
        assert_eq!((state.answered(), state.failed()), (1, 0));
    }

    #[test]
    fn the_journal_and_the_command_line_spell_a_target_alike() {
        for target in BatchTarget::ALL {
            let json = serde_json::to_string(&target).unwrap();
            assert_eq!(json, format!("\"{}\"", target.name()));
            assert_eq!(BatchTarget::from_name(target.name()), Some(target));
        }
        assert_eq!(BatchTarget::from_name("OpenAI"), None);
    }
}
