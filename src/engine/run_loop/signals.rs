//! What the writer thread tells a run: rows that are durable, and what could not be saved.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::task::AbortOnDropHandle;

use crate::engine::events::{Reporter, RunEvent};
use crate::engine::writer::WriterHandle;

/// How long after one look at the state the next is taken: each costs a copy of what changed.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// Shared between the writer thread, the run, and whoever looks on.
#[derive(Debug)]
pub(super) struct RunSignals {
    rows: AtomicU32,
    failure: Mutex<Option<String>>,
    /// Whether the run has all its rows: what is still under way then has not failed.
    enough: AtomicBool,
    /// Whether the server took a request.
    accepted: AtomicBool,
    /// Whether the run waits for a row, before it sends more than one request at a time.
    wants_row: AtomicBool,
    row_came: AtomicBool,
    moved: Notify,
    came: Notify,
}

impl RunSignals {
    pub(super) fn new(rows: u32) -> Self {
        let (moved, came) = (Notify::new(), Notify::new());
        let rows = AtomicU32::new(rows);
        let no = || AtomicBool::new(false);
        let (enough, accepted, wants_row, row_came) = (no(), no(), no(), no());
        Self { rows, failure: Mutex::new(None), enough, accepted, wants_row, row_came, moved, came }
    }

    /// Rows of the run that are durable.
    pub(super) fn rows(&self) -> u32 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Notes how many rows of the run are durable now.
    pub(super) fn saved(&self, rows: u32) {
        self.rows.fetch_max(rows, Ordering::Relaxed);
        self.moved.notify_one();
        self.came.notify_one();
    }

    /// Notes that something could not be saved; the first such thing is kept.
    pub(super) fn failed(&self, reason: String) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
        self.moved.notify_one();
    }

    pub(super) fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_enough(&self, enough: bool) {
        self.enough.store(enough, Ordering::Relaxed);
    }

    pub(super) fn has_enough(&self) -> bool {
        self.enough.load(Ordering::Relaxed)
    }

    /// Notes that the server took a request; the first time wakes the run.
    pub(super) fn accept(&self) {
        if !self.accepted.load(Ordering::Relaxed) && !self.accepted.swap(true, Ordering::Relaxed) {
            self.moved.notify_one();
        }
    }

    pub(super) fn is_accepted(&self) -> bool {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Says whether the run is to be woken by the next row that comes.
    pub(super) fn want_row(&self, wants: bool) {
        self.wants_row.store(wants, Ordering::Relaxed);
    }

    /// Notes that a row is coming, where the run waits for that.
    pub(super) fn row_comes(&self) {
        if self.wants_row.swap(false, Ordering::Relaxed) {
            self.row_came.store(true, Ordering::Relaxed);
            self.moved.notify_one();
        }
    }

    /// Returns whether a row came since the run waits for one.
    pub(super) fn take_row(&self) -> bool {
        self.row_came.swap(false, Ordering::Relaxed)
    }

    /// Waits until rows were saved, or something else that the run waits for came.
    pub(super) async fn moved(&self) {
        self.moved.notified().await;
    }

    /// Hands the state on whenever rows came, not more often than is seen.
    pub(super) fn follow(
        self: &Arc<Self>,
        writer: WriterHandle,
        reporter: Arc<Reporter>,
    ) -> AbortOnDropHandle<()> {
        let signals = Arc::clone(self);
        AbortOnDropHandle::new(tokio::spawn(async move {
            loop {
                signals.came.notified().await;
                // What cannot be saved ends the run, which says so.
                if let Ok(staged) = writer.ask(|_| Ok(())).await {
                    reporter.send(RunEvent::Saved(staged.saved));
                }
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
        }))
    }
}
