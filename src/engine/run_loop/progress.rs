//! What is said of a run while it goes on.

use super::RunLoop;
use crate::domain::{RunProgress, Slowdown};
use crate::generate::Tail;

/// How many rows come before the time that is left can be told from them.
const FEWEST_ROWS: u32 = 2;

impl RunLoop {
    /// Tells whoever looks on how far the run is, unless that was told just now.
    pub(super) fn tell(&self) {
        let is_last = self.rows() >= self.worker.plan.run.requested;
        self.reporter.progress(is_last, self.progress());
    }

    /// Tells how far the run came.
    pub(super) fn tell_last(&self) {
        self.reporter.progress(true, self.progress());
    }

    /// Rows of the run that are valid or durable already, whichever are more.
    fn rows(&self) -> u32 {
        self.tally.rows.max(self.worker.signals.rows())
    }

    fn progress(&self) -> RunProgress {
        let (run, rows, elapsed) = (&self.worker.plan.run, self.rows(), self.began.elapsed());
        let seconds = elapsed.as_secs_f64();
        let new = rows.saturating_sub(run.rows);
        let rate = if seconds > 0.0 { f64::from(new) / seconds } else { 0.0 };
        // What a server asks to wait comes on top.
        let pause = self.pacer.pause(elapsed).map_or(0.0, |left| left.as_secs_f64());
        let missing = f64::from(run.requested.saturating_sub(rows));
        RunProgress {
            run: run.number,
            done: rows,
            requested: run.requested,
            rows_per_second: rate,
            tokens: self.budget.spent(),
            seconds_left: (new >= FEWEST_ROWS).then(|| missing / rate + pause),
            slowdown: self.slowdown(),
            elapsed,
            requests: self.budget.requests(),
            under_way: u32::try_from(self.asking).unwrap_or(u32::MAX),
            cost: self.budget.cost(),
            failed: self.tally.failed,
            heard: self.worker.tail.as_ref().map_or(0, Tail::heard_in_all) as u64,
            writing: self.worker.tail.as_ref().and_then(Tail::read),
        }
    }

    fn slowdown(&self) -> Option<Slowdown> {
        match self.pacer.pause(self.began.elapsed()) {
            Some(left) => Some(Slowdown::AskedToWait(left)),
            None if self.pacer.is_slowed() => Some(Slowdown::Limited { at_once: self.pacer.window() }),
            None if self.streaks.passing() > 0 || !self.waiting.is_empty() => Some(Slowdown::SendingAgain),
            None => None,
        }
    }
}
