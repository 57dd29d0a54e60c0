//! Which request is begun next, and when it goes.

use std::sync::Arc;
use std::time::Duration;

use super::request_worker::Place;
use super::{RunLoop, TaskResult};
use crate::domain::Tokens;
use crate::engine::pacing::Permit;
use crate::workbench::{PlannedRequest, WorkbenchError};

/// A request that was rendered to know its length, before the budget was asked.
#[derive(Debug)]
pub(super) struct Measured {
    index: u32,
    rows: u32,
    planned: Arc<PlannedRequest>,
    tokens: u64,
}

impl RunLoop {
    /// Takes note of what requests under way told meanwhile.
    pub(super) fn look(&mut self) {
        if self.worker.signals.is_accepted() {
            self.first.accepted();
            self.streaks.answered();
        }
        if self.worker.signals.take_row() && self.streaks.is_careful() {
            self.streaks.row_came();
        }
        self.worker.signals.want_row(self.streaks.is_careful());
    }

    /// Returns how many requests may have begun and not ended.
    fn most_begun(&mut self) -> usize {
        let window = self.pacer.window() as usize;
        self.is_full |= self.asking >= window;
        let most = window + if self.is_full { self.ahead } else { 0 };
        if self.streaks.is_careful() {
            // One probe beside those that were sent before.
            return most.min(self.asking + usize::from(self.probes == 0));
        }
        if self.first.is_open(self.began.elapsed()) && !self.worker.plan.reuse { 1 } else { most }
    }

    /// Begins requests as long as rows are missing; returns why the budget allows no more, if it does not.
    pub(super) fn prepare(&mut self) -> Result<Option<String>, WorkbenchError> {
        let now = self.began.elapsed();
        loop {
            if self.preparing + self.ready.len() + self.asking >= self.most_begun() {
                return Ok(None);
            }
            let again = self.waiting.iter().position(|(due, _)| *due <= now);
            // While a failure is waited out, what failed is what tests whether it has passed.
            let waits_for_again = !self.waiting.is_empty() && self.streaks.is_careful();
            if again.is_none() && (waits_for_again || !self.tally.wants_more()) {
                return Ok(None);
            }
            let mut place = if let Some(at) = again {
                self.waiting[at].1
            } else {
                let Some((rows, combination)) = self.next_rows() else { return Ok(None) };
                Place { index: self.next_index, rows, combination, ..Place::default() }
            };
            let length = self.length_of(&place)?;
            place.guess = self.budget.guess(length, place.rows);
            if let Some(reason) = self.budget.refusal(place.guess) {
                return Ok(Some(reason));
            }
            self.budget.promise(place.guess);
            if let Some(at) = again {
                self.waiting.swap_remove(at);
            } else {
                self.tally.expected += place.rows;
                if let Some((book, combination)) = self.book.as_mut().zip(place.combination) {
                    book.expect(combination, place.rows);
                }
                self.next_index += 1;
            }
            self.preparing += 1;
            let worker = self.worker.clone();
            let rendered = self.measured.take().map(|measured| measured.planned);
            self.tasks.spawn(async move {
                TaskResult::Prepared(worker.prepare(place, rendered).await.map(Box::new))
            });
        }
    }

    /// Returns how many rows the next request is for, and of which combination, where the run has a plan.
    fn next_rows(&self) -> Option<(u32, Option<u32>)> {
        let most = self.tally.rows_to_ask(self.worker.plan.rows_per_request);
        let Some(book) = &self.book else { return Some((most, None)) };
        book.next(most).map(|(combination, rows)| (rows, Some(combination)))
    }

    /// Returns about how many tokens the messages of a request are: exactly as it will be sent where tokens or money are
    /// limited, else as the first one's.
    fn length_of(&mut self, place: &Place) -> Result<u64, WorkbenchError> {
        if !self.budget.weighs() {
            self.measured = None;
            return Ok(self.worker.plan.input);
        }
        let known =
            self.measured.take().filter(|known| (known.index, known.rows) == (place.index, place.rows));
        let measured = if let Some(known) = known {
            known
        } else {
            let planned =
                Arc::new(self.worker.plan.request_of(place.index, place.rows, place.combination)?);
            Measured { index: place.index, rows: place.rows, tokens: planned.tokens(), planned }
        };
        let tokens = measured.tokens;
        self.measured = Some(measured);
        Ok(tokens)
    }

    /// Sends what is ready, as fast as it may go; returns when there is something to do without any news.
    pub(super) fn send(&mut self) -> Option<Duration> {
        let now = self.began.elapsed();
        let mut wake = self.waiting.iter().map(|(due, _)| *due).filter(|due| *due > now).min();
        let sooner = |wake: Option<Duration>, at: Duration| Some(wake.map_or(at, |wake| wake.min(at)));
        while let Some(mut next) = self.ready.pop_front() {
            let tokens = next.place.guess.total();
            // What the store answers, no server is asked for.
            let is_served = next.earlier.is_some();
            let permit = match next.place.index {
                index if self.worker.generator.ordered() && index != self.next_sent => Permit::Full,
                _ if is_served => Permit::Go,
                _ => self.permit(now, tokens),
            };
            if let Permit::Go = permit {
                if is_served {
                    next.place.guess = Tokens::default();
                } else {
                    self.pacer.sent(now, tokens);
                    self.first.sent(now);
                    next.place.is_probe = self.streaks.is_careful();
                    self.probes += usize::from(next.place.is_probe);
                }
                self.asking += 1;
                self.next_sent = next.place.index + 1;
                let worker = self.worker.clone();
                self.tasks.spawn(async move { TaskResult::Answered(Box::new(worker.ask(*next).await)) });
                continue;
            }
            self.ready.push_front(next);
            if let Permit::At(at) = permit {
                wake = sooner(wake, at);
            }
            break;
        }
        // While the first request is alone, there is nothing to do but to wait for it.
        match self.first.until().filter(|until| *until > now) {
            Some(until) => sooner(wake, until),
            None => wake,
        }
    }

    /// Says whether a request may go to the server now.
    fn permit(&mut self, now: Duration, tokens: u64) -> Permit {
        let is_alone = self.first.is_open(now) && self.asking > 0;
        if is_alone || self.streaks.is_careful() && self.probes > 0 {
            return Permit::Full;
        }
        if self.streaks.passing() > 0 && now < self.rest_until {
            return Permit::At(self.rest_until);
        }
        // A probe goes beside what was sent before.
        let under_way = if self.streaks.is_careful() { 0 } else { self.asking };
        self.pacer.permit(now, under_way, tokens)
    }
}
