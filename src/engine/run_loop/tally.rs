//! How a run stands: rows that came, rows that are on their way, and requests that brought none.

use std::collections::HashMap;

use super::request_worker::{End, RequestReport};
use crate::domain::{Run, Tokens};

/// Requests in a row that may bring no row before the run ends.
const MOST_USELESS: u32 = 8;

/// The counts of a run that goes on.
#[derive(Debug)]
pub(super) struct Tally {
    requested: u32,
    pub(super) rows: u32,
    /// Rows that requests under way were asked for.
    pub(super) expected: u32,
    pub(super) failed: u32,
    pub(super) tokens: Tokens,
    useless: u32,
    /// Why the useless requests were, each reason with how often it was given.
    reasons: HashMap<String, u32>,
}

impl Tally {
    pub(super) fn new(run: &Run) -> Self {
        Self {
            requested: run.requested,
            rows: run.rows,
            expected: 0,
            failed: 0,
            tokens: run.tokens,
            useless: 0,
            reasons: HashMap::new(),
        }
    }

    pub(super) const fn is_done(&self) -> bool {
        self.rows >= self.requested
    }

    pub(super) const fn wants_more(&self) -> bool {
        self.rows + self.expected < self.requested
    }

    /// Returns for how many rows the next request is made.
    pub(super) fn rows_to_ask(&self, most: u32) -> u32 {
        self.requested.saturating_sub(self.rows + self.expected).clamp(1, most)
    }

    /// Counts valid rows; what is beyond those asked for is dropped.
    pub(super) fn came(&mut self, rows: u32) {
        self.rows = self.rows.saturating_add(rows).min(self.requested);
    }

    /// Counts a request that is over; returns why the run ends, where too many in a row brought nothing.
    pub(super) fn useless(&mut self, report: &RequestReport) -> Option<String> {
        if report.came > 0 {
            self.useless = 0;
            self.reasons.clear();
            return None;
        }
        if matches!(report.end, End::Stopped) {
            return None;
        }
        self.useless += 1;
        if let End::Failed(error) = &report.end {
            *self.reasons.entry(error.to_string()).or_default() += 1;
        }
        for reason in &report.reasons {
            *self.reasons.entry(reason.clone()).or_default() += 1;
        }
        let often = self.reasons.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
        let most = often.map(|(reason, _)| format!(" Most often: {reason}")).unwrap_or_default();
        // Where no connection can be made at all, waiting for more of the same helps nobody.
        let is_away = matches!(&report.end, End::Failed(error) if super::request_worker::is_away(error));
        if is_away {
            return Some(format!("No request got through.{most}"));
        }
        (self.useless >= MOST_USELESS)
            .then(|| format!("{MOST_USELESS} requests in a row brought no valid row.{most}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::GeneratorError;

    fn tally() -> Tally {
        Tally {
            requested: 12,
            rows: 0,
            expected: 0,
            failed: 0,
            tokens: Tokens::default(),
            useless: 0,
            reasons: HashMap::new(),
        }
    }

    fn scraps(reasons: &[&str]) -> RequestReport {
        RequestReport {
            reasons: reasons.iter().map(ToString::to_string).collect(),
            ..RequestReport::default()
        }
    }

    #[test]
    fn rows_on_their_way_are_not_asked_for_twice_and_more_than_enough_is_dropped() {
        let mut tally = tally();
        tally.expected = 10;
        assert_eq!((tally.wants_more(), tally.rows_to_ask(5)), (true, 2));
        tally.came(40);
        assert_eq!((tally.rows, tally.is_done(), tally.wants_more()), (12, true, false));
    }

    #[test]
    fn eight_useless_requests_in_a_row_end_the_run_with_their_most_frequent_reason() {
        let mut tally = tally();
        for _ in 0..7 {
            assert_eq!(tally.useless(&scraps(&["No JSON.", "No JSON.", "Empty."])), None);
        }
        let said = tally.useless(&scraps(&["Empty."])).unwrap();
        assert_eq!(said, "8 requests in a row brought no valid row. Most often: No JSON.");
    }

    #[test]
    fn one_row_in_between_begins_the_count_anew() {
        let mut tally = tally();
        for _ in 0..20 {
            (0..7).for_each(|_| assert_eq!(tally.useless(&scraps(&["No."])), None));
            assert_eq!(tally.useless(&RequestReport { came: 1, ..RequestReport::default() }), None);
        }
    }

    #[test]
    fn a_server_that_is_not_there_ends_the_run_at_once() {
        let error = GeneratorError::Unreachable { url: "http://x".into(), source: "refused".into() };
        let report = RequestReport { end: End::Failed(error), ..RequestReport::default() };
        assert!(tally().useless(&report).unwrap().contains("No connection to http://x"));
    }
}
