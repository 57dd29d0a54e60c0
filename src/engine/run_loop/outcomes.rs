//! What a request brought is counted: rows, tokens, failures; and whether it is sent again.

use std::time::Duration;

use super::RunLoop;
use super::request_worker::{self, End, Place, RequestReport};
use crate::domain::RunStatus;
use crate::generate::GeneratorError;

/// How often a request is sent again after a passing failure.
const MOST_RETRIES: u32 = 5;
/// How long a run rests at most because what a server allows is used up; then it simply asks again.
const LONGEST_REST: Duration = Duration::from_secs(60);
/// The longest pause that a run waits out; a server that wants a longer one ends it.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

impl RunLoop {
    /// Counts what a request brought; returns how the run ends if it ends here.
    pub(super) fn took(&mut self, report: &RequestReport) -> Option<RunStatus> {
        self.asking -= 1;
        let now = self.began.elapsed();
        let place = report.place;
        self.budget.pay(place.guess, report.spent);
        self.pacer.counted(
            now,
            place.guess.input + place.guess.output,
            report.spent.input + report.spent.output,
        );
        if let Some(rest) = report.rest {
            self.pacer.asked_to_wait(now, rest.min(LONGEST_REST));
        }
        self.tally.tokens = self.tally.tokens.plus(report.tokens);
        self.tally.came(report.came);
        let again = match &report.end {
            End::Stopped => None,
            End::Done => {
                self.pacer.answered();
                None
            }
            End::Failed(error) => match self.failed(report, error, now) {
                Ok(again) => again,
                Err(status) => return Some(status),
            },
        };
        if let Some(due) = again {
            self.waiting.push((due, Place { attempt: place.attempt + 1, ..place }));
            self.tell();
            return None;
        }
        self.tally.expected -= place.rows;
        self.tell();
        if self.worker.signals.failure().is_some() {
            return Some(RunStatus::Failed { reason: "What came could not be saved.".into() });
        }
        if self.tally.is_done() {
            return Some(RunStatus::Done);
        }
        self.tally.useless(report).map(|reason| RunStatus::Failed { reason })
    }

    /// Slows down where a failure asks for it; returns when the request is sent again, if it is.
    fn failed(
        &mut self,
        report: &RequestReport,
        error: &GeneratorError,
        now: Duration,
    ) -> Result<Option<Duration>, RunStatus> {
        self.tally.failed += 1;
        let wait = error.retry_after();
        if error.is_final() || wait.is_some_and(|wait| wait > LONGEST_PAUSE) {
            return Err(RunStatus::Failed { reason: error.to_string() });
        }
        let limited = request_worker::is_limit(error);
        if limited {
            self.pacer.limited(now, report.sent);
        }
        if let Some(wait) = wait {
            self.pacer.asked_to_wait(now, wait);
        }
        // A limit is waited out for longer: others are being answered meanwhile.
        let tries = if limited { MOST_RETRIES * 4 } else { MOST_RETRIES };
        let attempt = report.place.attempt;
        if !request_worker::may_pass(error) || report.came > 0 || attempt >= tries || self.cut.is_cancelled()
        {
            return Ok(None);
        }
        Ok(Some(now + wait.unwrap_or_else(|| self.pacer.backoff(attempt))))
    }
}
