//! A run that goes on.

use std::time::Duration;

use crate::domain::{RunNumber, RunProgress, Tokens};

pub(super) fn progress() -> RunProgress {
    RunProgress {
        run: RunNumber(12),
        done: 24,
        requested: 50,
        rows_per_second: 3.1,
        tokens: Tokens { input: 712, output: 500 },
        seconds_left: Some(7.6),
        slowdown: None,
        elapsed: Duration::from_secs(8),
        requests: 9,
        under_way: 4,
        cost: None,
        failed: 0,
        heard: 0,
        writing: None,
    }
}
