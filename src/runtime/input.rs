//! What the terminal sends, with the time at which it arrived, and word of its end.

use std::convert::Infallible;
use std::fs::File;
use std::future::{pending, poll_fn};
use std::io::{self, IsTerminal, stdin, stdout};
use std::os::fd::{AsFd, OwnedFd};
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crossterm::event::{Event, EventStream};
use futures_util::future::select_all;
use futures_util::stream::{Stream, StreamExt};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;

/// How long it is waited for the reading to stop.
const STOPPING: Duration = Duration::from_millis(100);

/// An event of the terminal.
#[derive(Debug, Clone)]
pub(super) struct Arrived {
    pub(super) event: Event,
    /// When it was read, however long the screen took to draw what came before.
    pub(super) at: Instant,
}

/// Reads the terminal beside the loop. Once it is dropped, nothing reads the terminal any more.
pub(super) struct Input {
    events: UnboundedReceiver<io::Result<Arrived>>,
    reading: JoinHandle<()>,
    /// Closed when the reading has stopped.
    stopped: mpsc::Receiver<Infallible>,
}

impl Input {
    /// Begins to read.
    pub(super) fn open() -> Self {
        let (sender, events) = unbounded_channel();
        let (reads, stopped) = mpsc::channel();
        let reading = tokio::spawn(async move {
            // Dropped after the stream, which is declared behind it.
            let _reads = reads;
            let mut stream = EventStream::new();
            let mut at = Instant::now();
            loop {
                // What is there already came together with the one before, however late this task is.
                let event = match poll_fn(|context| Poll::Ready(stream.poll_next_unpin(context))).await {
                    Poll::Ready(event) => event,
                    Poll::Pending => {
                        let event = stream.next().await;
                        at = Instant::now();
                        event
                    }
                };
                let Some(event) = event else { break };
                let arrived = event.map(|event| Arrived { event, at });
                let is_last = arrived.is_err();
                if sender.send(arrived).is_err() || is_last {
                    break;
                }
            }
        });
        Self { events, reading, stopped }
    }
}

impl Stream for Input {
    type Item = io::Result<Arrived>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.events.poll_recv(context)
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.reading.abort();
        // Closed or not in time: nothing more can be done about it.
        let _ = self.stopped.recv_timeout(STOPPING);
    }
}

/// Returns once the terminal is gone.
///
/// No signal says so where it is not the controlling terminal, and crossterm 0.29 reads the end of its input
/// again and again without telling.
pub(super) async fn terminal_gone() {
    let input = if stdin().is_terminal() {
        stdin().as_fd().try_clone_to_owned()
    } else {
        File::open("/dev/tty").map(OwnedFd::from)
    };
    let output = stdout().as_fd().try_clone_to_owned();
    let ends = [input, output].into_iter().flatten().map(|end| Box::pin(is_gone(end)));
    match ends.collect::<Vec<_>>() {
        ends if ends.is_empty() => pending().await,
        ends => drop(select_all(ends).await),
    }
}

/// Returns once nobody is at the other side of a terminal. The readiness is that of a change, so that input
/// which nobody reads wakes it once.
#[expect(
    deprecated,
    reason = "the function that is not deprecated is unsafe; an owned descriptor stays open as long as it is watched"
)]
async fn is_gone(terminal: OwnedFd) {
    let Ok(watched) = AsyncFd::with_interest(terminal, Interest::READABLE) else { return pending().await };
    while let Ok(mut readable) = watched.readable().await {
        if readable.ready().is_read_closed() {
            return;
        }
        readable.clear_ready();
    }
    // It cannot be watched any more; a signal or the next frame says whether it is gone.
    pending::<()>().await;
}
