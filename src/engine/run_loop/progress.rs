//! What is said of a run while it goes on.

use super::RunLoop;
use crate::domain::RunProgress;

impl RunLoop {
    /// Tells whoever looks on how far the run is.
    pub(super) fn tell(&self) {
        let rows = self.tally.rows.max(self.worker.signals.rows());
        let elapsed = self.began.elapsed();
        let seconds = elapsed.as_secs_f64();
        let new = rows.saturating_sub(self.worker.plan.run.rows);
        let rate = if seconds > 0.0 { f64::from(new) / seconds } else { 0.0 };
        let missing = f64::from(self.worker.plan.run.requested.saturating_sub(rows));
        self.watch.progress(RunProgress {
            run: self.worker.plan.run.number,
            done: rows,
            requested: self.worker.plan.run.requested,
            rows_per_second: rate,
            tokens: self.tally.tokens,
            seconds_left: (rate > 0.0).then(|| missing / rate),
            note: self.note(),
            elapsed,
            under_way: u32::try_from(self.asking).unwrap_or(u32::MAX),
            cost: self.budget.cost(),
        });
    }

    fn note(&self) -> String {
        match self.pacer.pause(self.began.elapsed()) {
            Some(left) => format!("the provider asks to wait {} s", left.as_secs_f64().ceil()),
            None if self.pacer.is_slowed() => {
                format!("the provider limits us: {} at once", self.pacer.window())
            }
            None if !self.waiting.is_empty() => "a request failed and is sent again".to_owned(),
            None => String::new(),
        }
    }
}
