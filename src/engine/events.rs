//! What a run tells whoever started it, and the handle that hears it.

use std::mem::{Discriminant, discriminant};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use crate::domain::{RunEnded, RunNumber, RunProgress, Saved, Slowdown};
use crate::workbench::WorkbenchError;

/// Progress is told ten times a second at most.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// One thing that happens to a run.
#[derive(Debug)]
pub enum RunEvent {
    /// It is in the journal, before anything is sent.
    Began {
        /// Its number.
        run: RunNumber,
        /// What the journal holds with it.
        saved: Saved,
    },
    /// Rows came, and are durable.
    Saved(Saved),
    /// The run is this far; ten times a second at most.
    Progress(RunProgress),
    /// What a person should know of it, as a sentence; each is told once.
    Remark(String),
    /// What a person should know of its key before it begins, as a sentence.
    OfKey(String),
    /// It ended, or could not begin. Nothing comes after this.
    Ended(Result<RunEnded, WorkbenchError>),
}

/// Whether a run's events bring the journal's state: each state costs a copy of what changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Snapshots {
    /// While the run goes on, twenty times a second at most, and at its end.
    WhileRunning,
    /// At its end.
    #[default]
    AtEnd,
}

/// A run that was started. Dropping the handle stops the run.
#[derive(Debug)]
pub struct RunHandle {
    events: UnboundedReceiver<RunEvent>,
    stop: CancellationToken,
    has_ended: bool,
}

impl RunHandle {
    pub(super) const fn new(events: UnboundedReceiver<RunEvent>, stop: CancellationToken) -> Self {
        Self { events, stop, has_ended: false }
    }

    /// Waits for the next event; `None` once the run has ended.
    pub async fn next(&mut self) -> Option<RunEvent> {
        if self.has_ended {
            return None;
        }
        let event = self.events.recv().await.unwrap_or_else(|| {
            // The task panicked, which was reported then.
            let reason = "The run broke off; what had come is saved. Start the program again.";
            RunEvent::Ended(Err(WorkbenchError::NotSaved(reason.into())))
        });
        self.has_ended = matches!(event, RunEvent::Ended(_));
        Some(event)
    }

    /// Waits until the run has ended, and returns what came of it.
    ///
    /// # Errors
    ///
    /// Where it could not begin, or the journal could not be written.
    pub async fn ended(mut self) -> Result<RunEnded, WorkbenchError> {
        loop {
            if let Some(RunEvent::Ended(outcome)) = self.next().await {
                return outcome;
            }
        }
    }

    /// Returns what stops the run: it ends in order, and can go on later.
    #[must_use]
    pub fn stopper(&self) -> CancellationToken {
        self.stop.clone()
    }
}

impl Drop for RunHandle {
    fn drop(&mut self) {
        // Nobody listens any more: what is under way must not go on by itself.
        self.stop.cancel();
    }
}

/// Sends the events of a run.
#[derive(Debug)]
pub(super) struct Reporter {
    events: UnboundedSender<RunEvent>,
    snapshots: Snapshots,
    told: Mutex<Option<(Instant, Option<Discriminant<Slowdown>>)>>,
}

impl Reporter {
    pub(super) fn new(snapshots: Snapshots) -> (Self, UnboundedReceiver<RunEvent>) {
        let (events, heard) = unbounded_channel();
        (Self { events, snapshots, told: Mutex::new(None) }, heard)
    }

    pub(super) fn send(&self, event: RunEvent) {
        // Whoever started the run may be gone.
        let _ = self.events.send(event);
    }

    /// Whether the journal's state is wanted while the run goes on.
    pub(super) const fn follows(&self) -> bool {
        matches!(self.snapshots, Snapshots::WhileRunning)
    }

    /// Tells how far the run is, unless that was told just now; what is the `last`, or says of another slowdown
    /// than before, is told in any case.
    pub(super) fn progress(&self, last: bool, progress: RunProgress) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, slowdown) = (Instant::now(), progress.slowdown.as_ref().map(discriminant));
        if last || told.is_none_or(|(at, before)| now - at >= PROGRESS_EVERY || before != slowdown) {
            *told = Some((now, slowdown));
            drop(told);
            self.send(RunEvent::Progress(progress));
        }
    }
}
