//! What a request brought is counted: rows, tokens, failures; and whether it is sent again.

use std::time::Duration;

use super::RunLoop;
use super::request_worker::{self, End, Place, RequestReport};
use super::streaks::Next;
use crate::domain::RunStatus;
use crate::engine::events::RunEvent;
use crate::generate::GeneratorError;

/// How long a run rests at most because what a server allows is used up; then it simply asks again.
const LONGEST_REST: Duration = Duration::from_secs(60);

impl RunLoop {
    /// Counts what a request brought; returns how the run ends if it ends here.
    pub(super) fn took(&mut self, report: &RequestReport) -> Option<RunStatus> {
        let (now, place) = (self.began.elapsed(), report.place);
        self.asking -= 1;
        self.probes -= usize::from(place.is_probe);
        if !report.is_served {
            self.first.ended();
            self.budget.pay(place.guess, report.input, report.spent, report.sent_again);
            self.pacer.counted(now, place.guess.total(), report.spent.total());
        }
        if let Some(rest) = report.rest {
            self.pacer.asked_to_wait(now, rest.min(LONGEST_REST));
        }
        self.tell_remarks(&report.remarks);
        self.tally.came(report.came);
        if let Some((book, combination)) = self.book.as_mut().zip(place.combination) {
            book.take(combination, report.came);
        }
        let next = self.streaks.after(report, now);
        match &report.end {
            End::Stopped => {}
            End::Done => self.pacer.answered(),
            End::Failed(error) => self.failed(report, error, now),
        }
        if next == Next::Again && !self.cut.is_cancelled() && !self.tally.is_done() {
            let due = if self.streaks.passing() > 0 { self.rest_until } else { now };
            self.waiting.push((due, Place { attempt: place.attempt + 1, is_probe: false, ..place }));
            self.tell();
            return None;
        }
        self.tally.expected -= place.rows;
        self.not_expected(&place);
        self.tell();
        if let Some(status) = self.not_saved() {
            return Some(status);
        }
        match next {
            _ if self.tally.is_done() => Some(RunStatus::Done),
            Next::End(reason) => Some(RunStatus::Failed { reason }),
            Next::GoOn | Next::Again => None,
        }
    }

    /// Notes that a request of a plan is on its way no more.
    pub(super) fn not_expected(&mut self, place: &Place) {
        if let Some((book, combination)) = self.book.as_mut().zip(place.combination) {
            book.end(combination, place.rows);
        }
    }

    /// Slows down where a failure asks for it.
    fn failed(&mut self, report: &RequestReport, error: &GeneratorError, now: Duration) {
        self.tally.failed += 1;
        if request_worker::is_limit(error) {
            self.pacer.limited(now, report.sent);
        }
        // Where it was alone, it says nothing of how many there may be.
        if matches!(error, GeneratorError::Broken { .. }) && self.asking > 0 {
            self.pacer.broke_off(now, report.sent);
        }
        if let Some(wait) = error.retry_after() {
            self.pacer.asked_to_wait(now, wait);
        }
        if let Some(before) = self.streaks.passing().checked_sub(1) {
            // What the server asks for is kept by the pacer; where that does not help, it is waited for longer.
            let pause = self.pacer.backoff(before).max(error.retry_after().unwrap_or_default());
            self.rest_until = self.rest_until.max(now + pause);
        }
    }

    /// Tells remarks that were not told before.
    fn tell_remarks(&mut self, remarks: &[String]) {
        for remark in remarks {
            if !self.told.contains(remark) {
                self.told.push(remark.clone());
                self.reporter.send(RunEvent::Remark(remark.clone()));
            }
        }
    }
}
