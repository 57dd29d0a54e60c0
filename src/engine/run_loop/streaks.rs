//! Which failures follow one another without a row in between, and what that means for the run.
//!
//! | how a request ended | sent again | what ends the run |
//! |---|---|---|
//! | what every request would meet: a refused key, a wrong address, the limit of the day | no | the first |
//! | no connection, before the server answered at all | no | the first |
//! | what may pass: a limit, a failed server, a time-out, an end before any reply | after a pause | 8 tries one after another |
//! | a reply that broke off | once | 3 in a row |
//! | refused as it is | no | 3 in a row for the same reason |
//! | no row in the reply | no | 3 in a row for the same reason where no row ever came, else 8 |
//! | its text was refused | no | 8 in a row |
//!
//! Whatever the reasons, 8 requests in a row without a row end it. Every row begins all counts anew.

use std::collections::HashMap;
use std::time::Duration;

use super::request_worker::{End, RequestReport, is_limit};
use crate::domain::failure::is_same_reason;
use crate::generate::{GeneratorError, Silence};

/// Requests in a row that may bring no row.
const MOST_USELESS: u32 = 8;
/// Requests in a row that may bring no row for the same reason.
const MOST_SAME: u32 = 3;
/// Requests in a row that test whether a failure has passed.
const MOST_PROBES: u32 = 8;
/// How often one request is sent again after a passing failure, where others get through meanwhile.
const MOST_TRIES: u32 = 5;
/// The same where the server limits us: that is waited out for longer.
const MOST_TRIES_OF_LIMITED: u32 = 20;
/// The longest pause that a run waits out; a server that wants a longer one ends it.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// What follows from how a request ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// What is missing is asked for with another request.
    GoOn,
    /// The same request is sent again, after the pause.
    Again,
    /// The run ends, for this reason.
    End(String),
}

/// How a failure is met.
enum Kind {
    /// Every request would fail so.
    Final,
    /// It may pass.
    Passing,
    /// The reply broke off.
    Broken,
    /// The server refused this request as it is, and likely every other one.
    Refused,
    /// This reply has no row; another may.
    Empty,
    /// The text of this request was refused.
    Flagged,
}

/// The failures since the last row.
#[derive(Debug, Default)]
pub(super) struct Streaks {
    /// Whether a row came in this run.
    had_rows: bool,
    /// Whether the server took a request since the run began or went on.
    had_answer: bool,
    useless: u32,
    /// The last reason, and how many requests had it one after another.
    same: Option<(String, u32)>,
    passing: u32,
    /// When the last passing failure came: what was sent before then says nothing new.
    passing_at: Option<Duration>,
    /// When the last reply broke off: what was asked for before then says nothing new.
    broken_at: Option<Duration>,
    /// Why requests brought nothing, each reason with how often it was given.
    reasons: HashMap<String, u32>,
}

impl Streaks {
    /// Begins for a run; `had_rows` says whether it has rows already.
    pub(super) fn new(had_rows: bool) -> Self {
        Self { had_rows, ..Self::default() }
    }

    /// Returns whether requests go one at a time until a row comes.
    pub(super) const fn is_careful(&self) -> bool {
        self.passing > 0 || self.same.is_some() || self.useless > 1
    }

    /// Returns how many passing failures came in a row.
    pub(super) const fn passing(&self) -> u32 {
        self.passing
    }

    /// Notes that the server took a request.
    pub(super) const fn answered(&mut self) {
        self.had_answer = true;
    }

    /// Notes that a row came.
    pub(super) fn row_came(&mut self) {
        *self = Self { had_rows: true, had_answer: true, ..Self::default() };
    }

    /// Counts a request that was sent and has ended, and says what follows.
    pub(super) fn after(&mut self, report: &RequestReport, now: Duration) -> Next {
        if report.came > 0 {
            self.row_came();
        }
        let error = match &report.end {
            End::Stopped => return Next::GoOn,
            End::Done if report.came > 0 => return Next::GoOn,
            End::Done => None,
            End::Failed(error) => Some(error),
        };
        let kind = error.map_or(Kind::Empty, |error| self.kind(error, report.is_accepted));
        let reason = match error {
            Some(error) => error.to_string(),
            None => report.reasons.first().cloned().unwrap_or_else(|| "The reply is empty.".to_owned()),
        };
        if let (Kind::Passing, Some(error)) = (&kind, error) {
            return self.passed_by(report, error, now);
        }
        if matches!(kind, Kind::Final) {
            return Next::End(reason);
        }
        if report.came > 0 {
            return Next::GoOn;
        }
        if !matches!(kind, Kind::Broken) {
            return self.useless(&kind, reason, &report.reasons).unwrap_or(Next::GoOn);
        }
        let again = if report.place.attempt == 0 { Next::Again } else { Next::GoOn };
        if self.broken_at.is_some_and(|at| report.sent < at) {
            return again;
        }
        self.broken_at = Some(now);
        self.useless(&kind, reason, &report.reasons).unwrap_or(again)
    }

    fn kind(&self, error: &GeneratorError, is_accepted: bool) -> Kind {
        match error {
            GeneratorError::Unreachable { .. } if !self.had_answer => Kind::Final,
            error if error.is_final() => Kind::Final,
            GeneratorError::Broken { .. } if is_accepted => Kind::Broken,
            GeneratorError::Rejected { status: 408 | 409, .. } => Kind::Passing,
            error if error.is_transient() => Kind::Passing,
            GeneratorError::Flagged { .. } => Kind::Flagged,
            GeneratorError::NoAnswer(_) | GeneratorError::InvalidReply { .. } => Kind::Empty,
            _ => Kind::Refused,
        }
    }

    /// Counts a failure that may pass.
    fn passed_by(&mut self, report: &RequestReport, error: &GeneratorError, now: Duration) -> Next {
        if error.retry_after().is_some_and(|wait| wait > LONGEST_PAUSE) {
            return Next::End(format!("{error} {RESUME}"));
        }
        if self.passing_at.is_none_or(|at| report.sent >= at) {
            self.passing += 1;
            self.passing_at = Some(now);
        }
        if self.passing > MOST_PROBES {
            return Next::End(format!("{MOST_PROBES} tries in a row did not help: {error} {RESUME}"));
        }
        let tries = if is_limit(error) { MOST_TRIES_OF_LIMITED } else { MOST_TRIES };
        if report.came == 0 && report.place.attempt < tries { Next::Again } else { Next::GoOn }
    }

    /// Counts a request without a row; returns the run's end, where there were too many.
    fn useless(&mut self, kind: &Kind, reason: String, reasons: &[String]) -> Option<Next> {
        self.useless += 1;
        let given = if reasons.is_empty() { std::slice::from_ref(&reason) } else { reasons };
        for reason in given {
            *self.reasons.entry(reason.clone()).or_default() += 1;
        }
        if !matches!(kind, Kind::Flagged) {
            let before = self.same.take().filter(|(before, _)| is_same_reason(before, &reason));
            let times = before.map_or(0, |(_, times)| times) + 1;
            let is_chance = self.had_rows && matches!(kind, Kind::Empty);
            if times >= MOST_SAME && !is_chance {
                return Some(Next::End(format!(
                    "{times} requests in a row brought no valid row, for the same reason: {reason}"
                )));
            }
            self.same = Some((reason, times));
        }
        let often = self.reasons.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
        let most = often.map(|(reason, _)| format!(" Most often: {reason}")).unwrap_or_default();
        (self.useless >= MOST_USELESS)
            .then(|| Next::End(format!("{MOST_USELESS} requests in a row brought no valid row.{most}")))
    }
}

/// How a run goes on that ended because a server could not be waited for.
const RESUME: &str = "`rowsmith sample SESSION --resume` goes on with the run later.";

/// Returns whether a failed request was worked on, so that it is paid for: an answer began, or may have been written
/// without our hearing of it.
pub(super) const fn is_worked_on(error: &GeneratorError) -> bool {
    matches!(
        error,
        GeneratorError::Broken { .. }
            | GeneratorError::TimedOut { silence: Silence::FirstByte | Silence::Queue | Silence::Idle, .. }
            | GeneratorError::TooLong { .. }
            | GeneratorError::NoAnswer(_)
    )
}

#[cfg(test)]
mod tests;
