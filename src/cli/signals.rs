//! Signals, while a command works that must not be cut.

use std::future::poll_fn;
use std::io;
use std::sync::{Arc, OnceLock};
use std::task::Poll;

use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{CliError, out};
use crate::workbench::Class;

/// The signals that ask a command to end.
const ENDING: [SignalKind; 4] =
    [SignalKind::interrupt(), SignalKind::quit(), SignalKind::terminate(), SignalKind::hangup()];

/// Signals that ask to end, as they come. Those that whoever started the program told it to ignore, as `nohup` does,
/// stay ignored.
pub(super) struct Ending(Vec<(SignalKind, Signal)>);

impl Ending {
    /// Begins to listen; must be called within a runtime.
    pub(super) fn listen() -> io::Result<Self> {
        let heard = ENDING.into_iter().filter(|kind| !is_ignored(*kind));
        heard.map(|kind| Ok((kind, signal(kind)?))).collect::<io::Result<_>>().map(Self)
    }

    /// Waits for the next one, and returns the exit code of a program that it ended.
    pub(super) async fn exit_code(&mut self) -> u8 {
        let next = poll_fn(|context| {
            for (kind, signal) in &mut self.0 {
                if signal.poll_recv(context).is_ready() {
                    return Poll::Ready(*kind);
                }
            }
            Poll::Pending
        });
        u8::try_from(128 + next.await.as_raw_value()).unwrap_or(1)
    }
}

/// What is asked to stop by the first signal.
#[derive(Debug, Clone)]
pub(super) struct Stop {
    token: CancellationToken,
    code: Arc<OnceLock<u8>>,
}

impl Stop {
    /// Returns what is cancelled then.
    pub(super) fn token(&self) -> CancellationToken {
        self.token.clone()
    }

    /// Returns the exit code of a program that the signal ended, once it came.
    pub(super) fn exit_code(&self) -> Option<u8> {
        self.code.get().copied()
    }
}

/// Returns the exit code of a command; where a signal stopped it before its work began, the signal's.
pub(super) fn with_signal(outcome: Result<u8, CliError>, stop: &Stop) -> Result<u8, CliError> {
    match (outcome, stop.exit_code()) {
        (Err(CliError::Workbench(error)), Some(code)) if error.class() == Class::Stopped => {
            out::say(&format!("rowsmith: {error}"));
            Ok(code)
        }
        (outcome, _) => outcome,
    }
}

/// Listens from here on; no signal that asks to end does more than that afterwards.
pub(super) fn until_signal(tasks: &Runtime) -> io::Result<Stop> {
    let stop = Stop { token: CancellationToken::new(), code: Arc::default() };
    let _inside = tasks.enter();
    let (raised, mut ending) = (stop.clone(), Ending::listen()?);
    tasks.spawn(async move {
        let _ = raised.code.set(ending.exit_code().await);
        raised.token.cancel();
    });
    Ok(stop)
}

/// Returns whether a signal was ignored when the program started. Where the system does not say so, the signal of a
/// terminal that goes is left as it is.
fn is_ignored(kind: SignalKind) -> bool {
    let ignored = std::fs::read_to_string("/proc/self/status").ok().and_then(|status| {
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
        u64::from_str_radix(mask.trim(), 16).ok()
    });
    ignored.map_or(kind == SignalKind::hangup(), |mask| mask & (1 << (kind.as_raw_value() - 1)) != 0)
}

/// Signals that would end the program, and do not while this lives.
pub(super) struct HeldSignals {
    _ending: Ending,
    _runtime: tokio::runtime::Runtime,
}

impl HeldSignals {
    /// Holds them back from here on.
    pub(super) fn hold() -> Result<Self, CliError> {
        let failed = |error| CliError::Failed(format!("Signals cannot be held back: {error}."));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let entered = runtime.enter();
        let ending = Ending::listen().map_err(failed)?;
        drop(entered);
        Ok(Self { _ending: ending, _runtime: runtime })
    }
}
