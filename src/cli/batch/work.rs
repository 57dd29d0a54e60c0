//! How far work on files is, on standard error, and what stops it.

use std::cell::Cell;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::cli::out;
use crate::cli::signals::Stop;
use crate::engine::batch::Watch;
use crate::text;

/// How often a line is said where standard error is no terminal.
const EVERY: Duration = Duration::from_secs(10);
/// How often it is written anew on a terminal.
const OFTEN: Duration = Duration::from_millis(100);

/// Tells how far work is.
pub(super) struct Teller {
    what: &'static str,
    is_watched: bool,
    last: Cell<Instant>,
}

impl Teller {
    /// Begins; the first line of somebody who does not watch comes after ten seconds.
    pub(super) fn new(what: &'static str) -> Self {
        Self { what, is_watched: std::io::stderr().is_terminal(), last: Cell::new(Instant::now()) }
    }

    /// Says how much is done, where that is due.
    pub(super) fn tell(&self, done: u64, all: u64) {
        let every = if self.is_watched { OFTEN } else { EVERY };
        if self.last.get().elapsed() < every {
            return;
        }
        self.last.set(Instant::now());
        let percent = (done * 100).checked_div(all).unwrap_or(100);
        let line =
            format!("{percent} % · {} of {} {}", text::thousands(done), text::thousands(all), self.what);
        if self.is_watched {
            self.clear();
            // If nobody reads it, the work goes on.
            let _ = write!(std::io::stderr(), "{line}");
        } else {
            out::say(&line);
        }
    }

    /// Clears the line.
    pub(super) fn clear(&self) {
        if self.is_watched {
            // If nobody reads it, the work goes on.
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// Returns how work is followed and stopped.
pub(super) fn watch<'a>(stop: &Stop, tell: &'a dyn Fn(u64, u64)) -> Watch<'a> {
    let token = stop.token();
    Watch { stop: text::Stop::when(move || token.is_cancelled()), tell }
}
