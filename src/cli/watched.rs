//! Long work that says how far it is on standard error, and that the first signal stops.

use std::cell::Cell;
use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use super::signals::{Stop, until_signal};
use super::{CliError, out};
use crate::export::ExportProgress;
use crate::text;
use crate::workbench::Watch;

/// How often a line is written anew on a terminal.
const OFTEN: Duration = Duration::from_millis(100);
/// How often a line is said elsewhere.
const SELDOM: Duration = Duration::from_secs(10);

/// What the work is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    /// What is being done, as on a terminal: `exporting 3/20`.
    pub verb: &'static str,
    /// What was done, as elsewhere: `3 of 20 rows written so far`.
    pub done: &'static str,
}

/// Watches work until it ends.
pub(super) struct Watched {
    tasks: Option<(tokio::runtime::Runtime, Stop)>,
    stop: text::Stop,
    progress: Box<dyn Fn(ExportProgress)>,
    on_terminal: bool,
}

impl Watched {
    /// Begins; where the work does not end by itself on a signal, the first one stops it.
    pub(super) fn begin(stops: bool, words: Words) -> Result<Self, CliError> {
        let failed = |error| CliError::Failed(format!("Signals cannot be held back: {error}."));
        let on_terminal = std::io::stderr().is_terminal();
        let progress = Box::new(teller(on_terminal, words));
        if !stops {
            return Ok(Self { tasks: None, stop: text::Stop::never(), progress, on_terminal });
        }
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let tasks = builder.worker_threads(1).enable_all().build().map_err(failed)?;
        let raised = until_signal(&tasks).map_err(failed)?;
        let token = raised.token();
        let stop = text::Stop::when(move || token.is_cancelled());
        Ok(Self { tasks: Some((tasks, raised)), stop, progress, on_terminal })
    }

    /// Returns what the work looks at.
    pub(super) fn watch(&self) -> Watch<'_> {
        Watch { progress: &*self.progress, stop: &self.stop }
    }

    /// Ends, and returns the exit code of the signal that came, if one did.
    pub(super) fn end(self) -> Option<u8> {
        if self.on_terminal {
            // If nobody reads it, the work is done all the same.
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
        self.tasks.and_then(|(_, stop)| stop.exit_code())
    }
}

/// Returns what says how far the work is, not before it has taken a while.
fn teller(on_terminal: bool, words: Words) -> impl Fn(ExportProgress) {
    let every = if on_terminal { OFTEN } else { SELDOM };
    let last = Cell::new(Instant::now());
    move |ExportProgress { done, total }| {
        if last.get().elapsed() < every {
            return;
        }
        last.set(Instant::now());
        if on_terminal {
            let _ = write!(std::io::stderr(), "\r\x1b[K{} {done}/{total}", words.verb);
        } else {
            out::say(&format!("{done} of {total} {} so far", words.done));
        }
    }
}
