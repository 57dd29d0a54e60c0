//! How far a run is, on standard error: one line that is written anew on a terminal, else a line every ten seconds.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use tokio::time::{Instant, Interval, interval_at};

use super::out;
use crate::domain::{RunProgress, compact, dollars};

/// How often a line is said where standard error is no terminal.
const EVERY: Duration = Duration::from_secs(10);

/// Tells how far a run is.
pub(super) struct Teller {
    is_watched: bool,
    began: Instant,
    beat: Interval,
    last: RunProgress,
}

impl Teller {
    /// Begins with a run; the first line comes after ten seconds.
    pub(super) fn new() -> Self {
        let began = Instant::now();
        let is_watched = std::io::stderr().is_terminal();
        Self { is_watched, began, beat: interval_at(began + EVERY, EVERY), last: RunProgress::default() }
    }

    /// Takes in how far the run is.
    pub(super) fn take(&mut self, progress: RunProgress) {
        self.last = progress;
        if self.is_watched {
            self.clear();
            // If nobody reads it, the run continues.
            let _ = write!(std::io::stderr(), "sampling {}", figures(&self.last, None));
        }
    }

    /// Waits until a line is due; for ever on a terminal.
    pub(super) async fn due(&mut self) {
        if self.is_watched {
            std::future::pending::<()>().await;
        }
        self.beat.tick().await;
    }

    /// Says the line that is due.
    pub(super) fn say(&self) {
        if self.last.requested > 0 {
            out::say(&figures(&self.last, Some(self.began.elapsed())));
        }
    }

    /// Clears the line of the progress.
    pub(super) fn clear(&self) {
        if self.is_watched {
            // If nobody reads it, the run continues.
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// Returns the figures of a run; with the time since it began, all of them.
fn figures(progress: &RunProgress, since: Option<Duration>) -> String {
    let RunProgress { done, requested, requests, failed, under_way, .. } = progress;
    let Some(since) = since else {
        let waits = format!("{under_way} requests under way");
        return format!("{done}/{requested} · {}", progress.rate().unwrap_or(waits));
    };
    let requests = if *requests == 1 { "1 request".to_owned() } else { format!("{requests} requests") };
    let tokens = progress.tokens.input + progress.tokens.output;
    let figures = [
        Some(requests),
        (*failed > 0).then(|| format!("{failed} failed")),
        (tokens > 0).then(|| format!("{} tokens", compact(tokens))),
        progress.heard_words(),
        progress.cost.filter(|cost| *cost > 0.0).map(dollars),
        progress.rate(),
        Some(time(since.as_secs())),
    ];
    let figures: Vec<_> = figures.into_iter().flatten().collect();
    format!("{done} of {requested} rows · {}", figures.join(" · "))
}

fn time(seconds: u64) -> String {
    if seconds < 60 { format!("{seconds} s") } else { format!("{} min {} s", seconds / 60, seconds % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Tokens;

    #[test]
    fn a_line_says_rows_requests_tokens_cost_and_time() {
        let progress = RunProgress {
            done: 3,
            requested: 20,
            requests: 4,
            failed: 1,
            rows_per_second: 0.1,
            tokens: Tokens { input: 1000, output: 200 },
            cost: Some(0.25),
            ..RunProgress::default()
        };
        assert_eq!(
            figures(&progress, Some(Duration::from_secs(30))),
            "3 of 20 rows · 4 requests · 1 failed · 1.2k tokens · $0.25 · 6.0 rows/min · 30 s"
        );
        let first = RunProgress { requested: 20, requests: 1, heard: 640, ..RunProgress::default() };
        assert_eq!(
            figures(&first, Some(Duration::from_secs(75))),
            "0 of 20 rows · 1 request · 640 bytes of replies · 1 min 15 s"
        );
        assert_eq!(figures(&progress, None), "3/20 · 6.0 rows/min");
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_line_is_due_after_ten_seconds_and_the_next_ten_later() {
        let mut teller = Teller { is_watched: false, ..Teller::new() };
        let began = Instant::now();
        teller.due().await;
        assert_eq!(began.elapsed().as_secs(), 10);
        teller.due().await;
        assert_eq!(began.elapsed().as_secs(), 20);
    }
}
