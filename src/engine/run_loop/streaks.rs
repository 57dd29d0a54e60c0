//! Which failures follow one another without a row in between, and what that means for the run.
//!
//! | how a request ended | sent again | what ends the run |
//! |---|---|---|
//! | what every request would meet: a refused key, a wrong address, the limit of the day | no | the first |
//! | no connection, before the server answered at all | no | the first |
//! | what may pass: a limit, a failed server, a time-out | after a pause | 8 tries one after another |
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
        let kind = error.map_or(Kind::Empty, |error| self.kind(error));
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

    fn kind(&self, error: &GeneratorError) -> Kind {
        match error {
            GeneratorError::Unreachable { .. } if !self.had_answer => Kind::Final,
            error if error.is_final() => Kind::Final,
            GeneratorError::Broken { .. } => Kind::Broken,
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
            | GeneratorError::TimedOut { silence: Silence::FirstByte | Silence::Idle, .. }
            | GeneratorError::TooLong { .. }
            | GeneratorError::NoAnswer(_)
    )
}

#[cfg(test)]
mod tests {
    use super::super::request_worker::Place;
    use super::*;

    const SOON: Duration = Duration::from_secs(1);

    fn ended(end: End) -> RequestReport {
        RequestReport { end, ..RequestReport::default() }
    }

    fn failed(error: GeneratorError) -> RequestReport {
        ended(End::Failed(error))
    }

    fn scraps(reasons: &[&str]) -> RequestReport {
        RequestReport {
            reasons: reasons.iter().map(ToString::to_string).collect(),
            ..RequestReport::default()
        }
    }

    fn rows() -> RequestReport {
        RequestReport { came: 1, ..RequestReport::default() }
    }

    fn rejected(words: &str) -> RequestReport {
        failed(GeneratorError::Rejected { provider: "openai".into(), status: 400, words: words.into() })
    }

    fn flagged() -> RequestReport {
        failed(GeneratorError::Flagged { provider: "openai".into(), words: String::new() })
    }

    fn server_failed(sent: u64) -> RequestReport {
        let (provider, words) = ("openai".into(), String::new());
        let error = GeneratorError::ServerFailed { provider, status: 503, retry_after: None, words };
        RequestReport { sent: Duration::from_secs(sent), ..failed(error) }
    }

    fn broken(attempt: u32) -> RequestReport {
        let error = GeneratorError::Broken { provider: "openai".into(), source: "cut".into() };
        RequestReport { place: Place { attempt, ..Place::default() }, ..failed(error) }
    }

    /// Returns how many of these requests are counted until the run ends, and why it does.
    fn until_the_end(
        streaks: &mut Streaks,
        reports: impl Iterator<Item = RequestReport>,
    ) -> Option<(usize, String)> {
        reports.take(100).enumerate().find_map(|(at, report)| match streaks.after(&report, SOON) {
            Next::End(reason) => Some((at + 1, reason)),
            Next::GoOn | Next::Again => None,
        })
    }

    #[test]
    fn the_same_refusal_ends_the_run_at_the_third_whatever_ids_it_carries() {
        let reports = (0..).map(|id| rejected(&format!("The field is not known (request id r{id}).")));
        let (count, reason) = until_the_end(&mut Streaks::new(true), reports).unwrap();
        assert_eq!(count, 3);
        assert!(
            reason.starts_with("3 requests in a row brought no valid row, for the same reason: openai"),
            "{reason}"
        );
    }

    #[test]
    fn replies_without_a_row_end_it_at_the_third_only_where_no_row_ever_came() {
        let useless = || std::iter::repeat_with(|| scraps(&["No JSON."]));
        let (count, reason) = until_the_end(&mut Streaks::new(false), useless()).unwrap();
        assert_eq!((count, reason.ends_with("for the same reason: No JSON.")), (3, true), "{reason}");
        let (count, reason) = until_the_end(&mut Streaks::new(true), useless()).unwrap();
        assert_eq!(count, 8);
        assert_eq!(reason, "8 requests in a row brought no valid row. Most often: No JSON.");
    }

    #[test]
    fn other_reasons_each_time_end_it_at_the_eighth_with_the_most_frequent_one() {
        let reports =
            (0..).map(|n| if n % 2 == 0 { scraps(&["No JSON.", "No JSON."]) } else { scraps(&["Empty."]) });
        let (count, reason) = until_the_end(&mut Streaks::new(false), reports).unwrap();
        assert_eq!((count, reason.ends_with("Most often: No JSON.")), (8, true), "{reason}");
    }

    #[test]
    fn a_row_in_between_begins_every_count_anew() {
        let mut streaks = Streaks::new(false);
        for _ in 0..20 {
            for report in
                [rejected("No."), rejected("No."), flagged(), flagged(), broken(1), server_failed(2)]
            {
                assert!(!matches!(streaks.after(&report, SOON), Next::End(_)));
            }
            assert!(streaks.is_careful());
            assert_eq!(streaks.after(&rows(), SOON), Next::GoOn);
            assert!(!streaks.is_careful());
        }
    }

    #[test]
    fn texts_that_are_refused_are_not_sent_again_and_end_it_at_the_eighth() {
        let mut streaks = Streaks::new(false);
        assert_eq!(streaks.after(&flagged(), SOON), Next::GoOn);
        assert!(!streaks.is_careful(), "one refused text says nothing of the others");
        assert_eq!(until_the_end(&mut streaks, std::iter::repeat_with(flagged)).unwrap().0, 7);
    }

    #[test]
    fn a_broken_reply_is_asked_for_once_more_and_three_in_a_row_end_the_run() {
        let mut streaks = Streaks::new(true);
        let mut after = |sent, attempt, now| {
            let report = RequestReport { sent: Duration::from_secs(sent), ..broken(attempt) };
            streaks.after(&report, Duration::from_secs(now))
        };
        assert_eq!(after(0, 0, 1), Next::Again);
        // Those that were under way with it are the same burst.
        (0..9).for_each(|_| assert_eq!(after(0, 0, 1), Next::Again));
        assert_eq!(after(1, 1, 2), Next::GoOn);
        assert!(matches!(after(2, 0, 3), Next::End(_)));
    }

    #[test]
    fn a_failing_server_is_tried_eight_times_one_after_another() {
        let mut streaks = Streaks::new(true);
        // A burst of requests that were under way together is one failure.
        for _ in 0..50 {
            assert_eq!(streaks.after(&server_failed(0), SOON), Next::Again);
        }
        assert_eq!(streaks.passing(), 1);
        let probes = (2..).map(server_failed);
        let ends = probes.enumerate().find_map(|(at, report)| {
            let now = report.sent + SOON;
            let Next::End(reason) = streaks.after(&report, now) else { return None };
            Some((at + 1, reason))
        });
        let (count, reason) = ends.unwrap();
        assert_eq!(count, 8);
        assert!(reason.contains("503") && reason.contains("--resume"), "{reason}");
    }

    #[test]
    fn a_request_that_fails_while_others_get_through_is_given_up() {
        let mut streaks = Streaks::new(true);
        let tries = (0..100).take_while(|attempt| {
            streaks.row_came();
            let place = Place { attempt: *attempt, ..Place::default() };
            streaks.after(&RequestReport { place, ..server_failed(1) }, SOON) == Next::Again
        });
        assert_eq!(tries.count(), 5);
    }

    #[test]
    fn a_wait_that_is_too_long_ends_the_run_and_names_how_it_goes_on() {
        let limited = |minutes: u64| {
            let retry_after = Some(Duration::from_secs(minutes * 60));
            failed(GeneratorError::RateLimited {
                provider: "openai".into(),
                retry_after,
                words: String::new(),
            })
        };
        assert_eq!(Streaks::new(false).after(&limited(14), SOON), Next::Again);
        let Next::End(reason) = Streaks::new(false).after(&limited(127), SOON) else { panic!("it waits") };
        assert!(reason.contains("7620 seconds") && reason.contains("--resume"), "{reason}");
    }

    #[test]
    fn what_every_request_would_meet_ends_it_at_once_also_after_rows() {
        let errors = || {
            [
                GeneratorError::WrongAddress("Nothing is there.".into()),
                GeneratorError::DailyLimit { provider: "x".into(), retry_after: None, words: String::new() },
                GeneratorError::Unreachable { url: "http://x".into(), source: "refused".into() },
            ]
        };
        for error in errors() {
            let said = error.to_string();
            let report = RequestReport { came: 0, ..failed(error) };
            assert_eq!(Streaks::new(true).after(&report, SOON), Next::End(said));
        }
        let mut streaks = Streaks::new(false);
        streaks.answered();
        let [.., away] = errors();
        assert_eq!(streaks.after(&failed(away), SOON), Next::Again, "a server may come back");
    }
}
